package io.outfeed.s3;

import static java.util.Objects.requireNonNull;

import io.outfeed.s3.internal.ObjectEncryption;

/**
 * How the server encrypts the objects that a delivery writes.
 *
 * <p>Immutable and comparable.
 */
public final class S3Encryption {

    private final ObjectEncryption encryption;

    private S3Encryption(ObjectEncryption encryption) {
        this.encryption = encryption;
    }

    /**
     * Encrypts with the keys of S3, which is called SSE-S3.
     *
     * @return the encryption
     */
    public static S3Encryption s3Keys() {
        return new S3Encryption(new ObjectEncryption("AES256", "", false));
    }

    /**
     * Encrypts with a key of AWS KMS, which is called SSE-KMS. The delivery needs {@code kms:GenerateDataKey} for it,
     * and {@code kms:Decrypt} for files that are uploaded in parts.
     *
     * @param key the id, the ARN or the alias of the key
     * @return the encryption, without a bucket key
     * @throws IllegalArgumentException if the key is blank
     */
    public static S3Encryption kms(String key) {
        if (requireNonNull(key, "key").isBlank()) {
            throw new IllegalArgumentException("the KMS key is blank: give its id, its ARN or its alias");
        }
        return new S3Encryption(new ObjectEncryption("aws:kms", key, false));
    }

    /**
     * Lets the server use a key of the bucket, which reduces its requests to KMS. Ignored without KMS.
     *
     * @return another encryption
     */
    public S3Encryption bucketKey() {
        return new S3Encryption(new ObjectEncryption(encryption.algorithm(), encryption.kmsKey(), true));
    }

    ObjectEncryption encryption() {
        return encryption;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof S3Encryption that && encryption.equals(that.encryption);
    }

    @Override
    public int hashCode() {
        return encryption.hashCode();
    }

    @Override
    public String toString() {
        return encryption.algorithm() + (encryption.kmsKey().isEmpty() ? "" : " with key " + encryption.kmsKey());
    }
}
