package io.outfeed.s3.internal;

/**
 * How the server encrypts an object.
 *
 * @param algorithm AES256 or aws:kms; an empty text for what the bucket says
 * @param kmsKey the id, the ARN or the alias of a key of KMS, or an empty text
 * @param bucketKey whether the server uses a key of the bucket
 */
public record ObjectEncryption(String algorithm, String kmsKey, boolean bucketKey) {

    /** As the bucket says. */
    public static final ObjectEncryption OF_BUCKET = new ObjectEncryption("", "", false);

    boolean isOfBucket() {
        return algorithm.isEmpty();
    }

    boolean isKms() {
        return !kmsKey.isEmpty();
    }
}
