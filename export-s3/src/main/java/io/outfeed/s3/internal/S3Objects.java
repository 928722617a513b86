package io.outfeed.s3.internal;

import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.internal.io.ContentTypes;
import io.outfeed.internal.io.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The objects of a bucket, a request each. Used by one thread. */
final class S3Objects {

    private static final int BUFFER = 64 << 10;

    private final S3Clients clients;
    private final S3Client client;
    private final S3Settings settings;
    private final S3Failures failures;

    S3Objects(S3Clients clients, S3Settings settings, S3Failures failures) {
        this.clients = clients;
        this.client = clients.client();
        this.settings = settings;
        this.failures = failures;
    }

    /** Sends a request, and makes an exception with a code of what the SDK throws. */
    <R> R call(String doing, String at, Supplier<R> request) {
        try {
            return clients.call(request);
        } catch (DeliveryException e) {
            throw e;
        } catch (RuntimeException e) {
            throw failures.of(doing, e, at);
        }
    }

    /**
     * Proves that the server, the bucket and the login are there: a list tells why it is refused, unlike a look at one
     * object. That the login may write and not list is no failure.
     */
    void reach() {
        call("can't reach " + settings.bucket().location(settings.bucket().prefix()), failures.at(), () -> {
            try {
                return client.listObjectsV2(list -> list.bucket(bucket())
                                .prefix(settings.bucket().prefix())
                                .maxKeys(1))
                        .sdkHttpResponse()
                        .isSuccessful();
            } catch (S3Exception e) {
                if (!isDenied(e)) {
                    throw e;
                }
                return false;
            }
        });
    }

    /** Looks at what has a key. */
    StoredObject look(String key) {
        return look(key, null);
    }

    /** {@code checksums} is null to leave them out: reading them may need a permission for the key of KMS. */
    private StoredObject look(String key, @Nullable ChecksumMode checksums) {
        return call("can't inspect " + location(key), failures.at(), () -> {
            try {
                return found(
                        client.headObject(head -> head.bucket(bucket()).key(key).checksumMode(checksums)));
            } catch (S3Exception e) {
                if (e.statusCode() == 404) {
                    return StoredObject.MISSING;
                } else if (e.statusCode() == 403) { // an answer to HEAD has no error code
                    return StoredObject.NOT_SAID;
                }
                throw e;
            }
        });
    }

    private static StoredObject found(HeadObjectResponse head) {
        boolean whole = head.checksumSHA256() != null
                && head.checksumType() != ChecksumType.COMPOSITE
                && head.checksumSHA256().indexOf('-') < 0;
        return new StoredObject(
                StoredObject.Presence.PRESENT,
                head.contentLength() == null ? 0 : head.contentLength(),
                head.lastModified(),
                head.eTag() == null ? "" : head.eTag(),
                head.hasMetadata() ? head.metadata() : Map.of(),
                whole ? head.checksumSHA256() : "");
    }

    /**
     * Puts a file by one request, with its SHA-256: a server that knows the header refuses other bytes.
     *
     * @return whether it is written; false if the condition does not hold
     */
    boolean put(String key, OutgoingFile file, WriteCondition condition) throws IOException {
        try (FileSlice content = new FileSlice(file.content(), 0, file.file().bytes())) {
            PutObjectRequest request = request(key, file, condition);
            return call("can't write " + location(key), S3Failures.at(file), () -> put(request, content));
        }
    }

    private PutObjectRequest request(String key, OutgoingFile file, WriteCondition condition) {
        PutObjectRequest.Builder put = PutObjectRequest.builder()
                .bucket(bucket())
                .key(key)
                .contentType(contentType(file))
                .metadata(ObjectMetadata.of(file))
                .checksumSHA256(Digests.base64(file.file().sha256()))
                .storageClass(settings.storageClass());
        if (!settings.tags().isEmpty()) {
            put.tagging(tagging());
        }
        ObjectEncryption encryption = settings.encryption();
        if (!encryption.isOfBucket()) {
            put.serverSideEncryption(encryption.algorithm());
        }
        if (encryption.isKms()) {
            put.ssekmsKeyId(encryption.kmsKey()).bucketKeyEnabled(encryption.bucketKey());
        }
        if (condition.isAbsent()) {
            put.ifNoneMatch("*");
        } else if (condition.isSame()) {
            put.ifMatch(condition.etag());
        }
        return put.build();
    }

    private boolean put(PutObjectRequest request, FileSlice content) {
        try {
            client.putObject(
                    request, RequestBody.fromContentProvider(content, content.length(), request.contentType()));
            return true;
        } catch (S3Exception e) {
            if (isConditionFailed(e, request.ifMatch() != null)) {
                return false;
            }
            throw e;
        }
    }

    /** Whether another object is there than the condition says: one that has vanished is answered with 404. */
    static boolean isConditionFailed(S3Exception e, boolean sameDemanded) {
        return e.statusCode() == 412
                || (sameDemanded && e.statusCode() == 404 && S3Failures.code(e).equals("NoSuchKey"));
    }

    String contentType(OutgoingFile file) {
        return settings.contentType() != null
                ? settings.contentType()
                : ContentTypes.of(file.file().name());
    }

    /** Returns the tags as a header has them. */
    String tagging() {
        return settings.tags().entrySet().stream()
                .map(tag -> Encoded.query(tag.getKey()) + "=" + Encoded.query(tag.getValue()))
                .collect(Collectors.joining("&"));
    }

    /** Returns the SHA-256 that the server has of an object; if it has none, that of the bytes, which are read back. */
    Optional<String> sha256(String key) {
        StoredObject found = look(key, ChecksumMode.ENABLED);
        if (!found.isPresent()) {
            return Optional.empty();
        }
        if (!found.sha256().isEmpty()) {
            return Optional.of(Digests.hex(found.sha256()));
        }
        return Optional.of(call(
                "can't read " + location(key),
                failures.at(),
                () -> client.getObject(get -> get.bucket(bucket()).key(key), (answer, content) -> digest(content))));
    }

    private static String digest(InputStream content) throws IOException {
        MessageDigest digest = Sha256.newDigest();
        byte[] buffer = new byte[BUFFER];
        for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
            if (Thread.currentThread().isInterrupted()) {
                throw AbortedException.create("interrupted while it read an object");
            }
            digest.update(buffer, 0, count);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Deletes the version of an object that was seen. */
    Deletion delete(String key, StoredObject seen) {
        return call("can't delete " + location(key), failures.at(), () -> {
            try {
                client.deleteObject(delete -> delete.bucket(bucket())
                        .key(key)
                        .ifMatch(settings.conditional() && !seen.etag().isEmpty() ? seen.etag() : null));
                return Deletion.DELETED;
            } catch (S3Exception e) {
                if (e.statusCode() == 412) {
                    return Deletion.DIFFERENT;
                } else if (e.statusCode() == 404) {
                    return Deletion.NOT_THERE;
                } else if (isDenied(e)) {
                    return Deletion.NOT_SAID;
                }
                throw e;
            }
        });
    }

    /** Whether the login is fine, and does not permit the request. */
    private static boolean isDenied(S3Exception e) {
        return e.statusCode() == 403 && S3Failures.code(e).equals("AccessDenied");
    }

    private String bucket() {
        return settings.bucket().name();
    }

    private String location(String key) {
        return settings.bucket().location(key);
    }
}
