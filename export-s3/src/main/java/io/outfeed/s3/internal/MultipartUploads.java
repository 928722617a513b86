package io.outfeed.s3.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.internal.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * Files that are uploaded in parts: no receiver sees them before the upload is completed, which makes the object appear
 * at once.
 *
 * <p>A server lists uploads by the key of their object and an id of its own, so that those of several runs can't be
 * told from each other. Each upload therefore has a label: a part with the highest number, whose bytes are the key and
 * the temporary name of the upload. It is left out when the upload is completed. By its checksum an upload is found
 * again by another process, to be resumed or removed.
 *
 * <p>Used by one thread.
 */
final class MultipartUploads {

    private static final Logger log = LoggerFactory.getLogger(MultipartUploads.class);

    /** The highest number that S3 allows: that of the label. */
    private static final int LABEL = 10_000;

    private static final int MOST_PARTS = LABEL - 1;

    private final S3Client client;
    private final S3Objects objects;
    private final S3Settings settings;
    private final S3Failures failures;

    MultipartUploads(S3Client client, S3Objects objects, S3Settings settings, S3Failures failures) {
        this.client = client;
        this.objects = objects;
        this.settings = settings;
        this.failures = failures;
    }

    /** What becomes of a request to complete an upload. */
    enum Completion {
        DONE,
        /** Another object is there than the condition says. */
        CONDITION_FAILED,
        /** There is no such upload. */
        GONE
    }

    /**
     * The parts of an upload, without its label.
     *
     * @param parts by their numbers
     */
    record Uploaded(List<Part> parts) {

        long bytes() {
            return parts.stream().mapToLong(Part::size).sum();
        }
    }

    // ---- uploading

    /**
     * Uploads a file, or the rest of it: parts that an earlier try of the same upload has left are not sent again if
     * the server proves that they have the same bytes.
     *
     * @return the id of the upload
     * @throws IOException if the staged file can't be read
     */
    String upload(String key, OutgoingFile file) throws IOException {
        long bytes = Files.size(file.content());
        if (bytes != file.file().bytes()) {
            throw failures.otherSize(file, bytes);
        }
        long partSize = partSize(bytes);
        Map<Integer, Part> there = new HashMap<>();
        String uploadId = resume(key, file, partSize, there).orElseGet(() -> create(key, file));
        MessageDigest whole = Sha256.newDigest();
        int number = 0;
        for (long done = 0; done < bytes; done += Math.min(partSize, bytes - done)) {
            if (Thread.currentThread().isInterrupted()) {
                throw failures.stopped(file);
            }
            number++;
            long length = Math.min(partSize, bytes - done);
            try (FileSlice slice = new FileSlice(file.content(), done, length)) {
                PartDigest digest = digest(slice, whole);
                Part found = there.get(number);
                if (found == null || !digest.isOf(found)) {
                    send(key, uploadId, number, slice, digest, file);
                }
            }
            file.sent(done + length);
        }
        verify(key, uploadId, whole, file);
        return uploadId;
    }

    /** Larger parts for a file that would have too many. */
    private long partSize(long bytes) {
        long least = (bytes + MOST_PARTS - 1) / MOST_PARTS;
        return Math.max(settings.partSize(), least);
    }

    private static PartDigest digest(FileSlice slice, MessageDigest... whole) throws IOException {
        MessageDigest sha256 = Sha256.newDigest();
        MessageDigest md5 = Digests.md5();
        MessageDigest[] all = new MessageDigest[whole.length + 2];
        System.arraycopy(whole, 0, all, 2, whole.length);
        all[0] = sha256;
        all[1] = md5;
        slice.digest(all);
        return PartDigest.of(slice.length(), sha256.digest(), md5.digest());
    }

    /** Finds what an earlier try has left. If its first part differs it is of another content, and is removed. */
    private Optional<String> resume(String key, OutgoingFile file, long partSize, Map<Integer, Part> there)
            throws IOException {
        for (MultipartUpload upload : find(key, file)) {
            Optional<Uploaded> uploaded = uploaded(key, upload.uploadId());
            List<Part> parts = uploaded.map(Uploaded::parts).orElse(List.of());
            try (FileSlice first = new FileSlice(
                    file.content(), 0, Math.min(partSize, file.file().bytes()))) {
                if (!parts.isEmpty()
                        && parts.get(0).partNumber() == 1
                        && digest(first).isOf(parts.get(0))) {
                    parts.forEach(part -> there.put(part.partNumber(), part));
                    log.info(
                            "Resuming the upload of {} with {} parts that are there{}",
                            settings.bucket().location(key),
                            parts.size(),
                            S3Failures.at(file));
                    return Optional.of(upload.uploadId());
                }
            }
            abort(key, upload.uploadId());
        }
        return Optional.empty();
    }

    private String create(String key, OutgoingFile file) {
        CreateMultipartUploadRequest.Builder create = CreateMultipartUploadRequest.builder()
                .bucket(bucket())
                .key(key)
                .contentType(objects.contentType(file))
                .metadata(ObjectMetadata.ofUpload(file))
                .checksumAlgorithm(ChecksumAlgorithm.SHA256)
                .storageClass(settings.storageClass());
        if (!settings.tags().isEmpty()) {
            create.tagging(objects.tagging());
        }
        ObjectEncryption encryption = settings.encryption();
        if (!encryption.isOfBucket()) {
            create.serverSideEncryption(encryption.algorithm());
        }
        if (encryption.isKms()) {
            create.ssekmsKeyId(encryption.kmsKey()).bucketKeyEnabled(encryption.bucketKey());
        }
        String uploadId = objects.call(
                doing("begin the upload of", key),
                S3Failures.at(file),
                () -> client.createMultipartUpload(create.build()).uploadId());
        byte[] label = label(key, file);
        objects.call(
                doing("begin the upload of", key),
                S3Failures.at(file),
                () -> client.uploadPart(
                        part -> part.bucket(bucket())
                                .key(key)
                                .uploadId(uploadId)
                                .partNumber(LABEL)
                                .checksumSHA256(digest(label).sha256()),
                        RequestBody.fromBytes(label)));
        return uploadId;
    }

    private void send(String key, String uploadId, int number, FileSlice slice, PartDigest digest, OutgoingFile file) {
        UploadPartResponse answer = objects.call(
                "can't upload part " + number + " of " + settings.bucket().location(key),
                S3Failures.at(file),
                () -> client.uploadPart(
                        part -> part.bucket(bucket())
                                .key(key)
                                .uploadId(uploadId)
                                .partNumber(number)
                                .checksumSHA256(digest.sha256()),
                        RequestBody.fromContentProvider(slice, slice.length(), "application/octet-stream")));
        if (answer.checksumSHA256() != null && !answer.checksumSHA256().equals(digest.sha256())) {
            throw DeliveryException.retryable(
                    settings.id(),
                    "part " + number + " of " + settings.bucket().location(key)
                            + " has another SHA-256 at the server than here" + S3Failures.at(file),
                    null);
        }
    }

    /** The server has all bytes, and they are those that were staged. */
    private void verify(String key, String uploadId, MessageDigest whole, OutgoingFile file) {
        String read = HexFormat.of().formatHex(whole.digest());
        if (!read.equals(file.file().sha256())) {
            throw DeliveryException.retryable(
                    settings.id(),
                    "the staged file of " + file.file().path() + " has changed while it was uploaded"
                            + S3Failures.at(file),
                    null);
        }
        long there = uploaded(key, uploadId).map(Uploaded::bytes).orElse(-1L);
        if (there != file.file().bytes()) {
            throw DeliveryException.retryable(
                    settings.id(),
                    "the upload of " + settings.bucket().location(key)
                            + (there < 0 ? " is gone" : " has " + there + " bytes") + " instead of "
                            + file.file().bytes() + S3Failures.at(file),
                    null);
        }
    }

    // ---- what is there

    /** Returns the parts of an upload; empty if there is no such upload. */
    Optional<Uploaded> uploaded(String key, String uploadId) {
        List<Part> parts = parts(key, uploadId);
        // some servers answer an upload that is gone with a list that is empty
        boolean there = parts.removeIf(part -> part.partNumber() == LABEL);
        return there ? Optional.of(new Uploaded(parts)) : Optional.empty();
    }

    /** Returns all parts of an upload, with its label; none if there is no such upload. */
    private List<Part> parts(String key, String uploadId) {
        return objects.call(doing("inspect the upload of", key), failures.at(), () -> {
            try {
                return client
                        .listPartsPaginator(
                                list -> list.bucket(bucket()).key(key).uploadId(uploadId))
                        .stream()
                        .map(ListPartsResponse::parts)
                        .collect(ArrayList<Part>::new, List::addAll, List::addAll);
            } catch (S3Exception e) {
                if (isGone(e)) {
                    return new ArrayList<>();
                }
                throw e;
            }
        });
    }

    /** Returns the uploads of a key that have the label of a file's upload. */
    private List<MultipartUpload> find(String key, OutgoingFile file) {
        byte[] label = label(key, file);
        PartDigest digest = digest(label);
        List<MultipartUpload> all = objects.call(
                doing("list uploads of", key),
                S3Failures.at(file),
                () -> client
                        .listMultipartUploadsPaginator(
                                list -> list.bucket(bucket()).prefix(key))
                        .stream()
                        .map(ListMultipartUploadsResponse::uploads)
                        .collect(ArrayList::new, List::addAll, List::addAll));
        return all.stream()
                .filter(upload -> upload.key().equals(key))
                .filter(upload -> hasLabel(upload, digest))
                .toList();
    }

    private boolean hasLabel(MultipartUpload upload, PartDigest label) {
        return parts(upload.key(), upload.uploadId()).stream()
                .anyMatch(part -> part.partNumber() == LABEL && label.isOf(part));
    }

    private static byte[] label(String key, OutgoingFile file) {
        return ("outfeed\n" + key + "\n" + file.temporaryName() + "\n").getBytes(UTF_8);
    }

    private static PartDigest digest(byte[] label) {
        return PartDigest.of(
                label.length, Sha256.newDigest().digest(label), Digests.md5().digest(label));
    }

    // ---- the end

    /** Completes an upload with the parts that were listed. */
    Completion complete(String key, String uploadId, Uploaded uploaded, WriteCondition condition, OutgoingFile file) {
        List<CompletedPart> parts = uploaded.parts().stream()
                .map(part -> CompletedPart.builder()
                        .partNumber(part.partNumber())
                        .eTag(part.eTag())
                        .checksumSHA256(part.checksumSHA256())
                        .build())
                .toList();
        CompleteMultipartUploadRequest.Builder complete = CompleteMultipartUploadRequest.builder()
                .bucket(bucket())
                .key(key)
                .uploadId(uploadId)
                .multipartUpload(all -> all.parts(parts));
        if (condition.isAbsent()) {
            complete.ifNoneMatch("*");
        } else if (condition.isSame()) {
            complete.ifMatch(condition.etag());
        }
        return objects.call(doing("complete the upload of", key), S3Failures.at(file), () -> {
            try {
                client.completeMultipartUpload(complete.build());
                return Completion.DONE;
            } catch (S3Exception e) {
                if (isGone(e)) {
                    return Completion.GONE;
                } else if (S3Objects.isConditionFailed(e, condition.isSame())) {
                    return Completion.CONDITION_FAILED;
                }
                throw e;
            }
        });
    }

    /** Removes the uploads of a file that has a key. */
    void abortAll(String key, OutgoingFile file) {
        for (MultipartUpload upload : find(key, file)) {
            abort(key, upload.uploadId());
        }
    }

    private void abort(String key, String uploadId) {
        boolean aborted = objects.call(doing("remove the upload of", key), failures.at(), () -> {
            try {
                client.abortMultipartUpload(
                        abort -> abort.bucket(bucket()).key(key).uploadId(uploadId));
                return true;
            } catch (S3Exception e) {
                if (isGone(e)) {
                    return false;
                }
                throw e;
            }
        });
        log.debug("The upload of {} {}", settings.bucket().location(key), aborted ? "was removed" : "was gone");
    }

    private static boolean isGone(S3Exception e) {
        return e.statusCode() == 404 && S3Failures.code(e).equals("NoSuchUpload");
    }

    private String doing(String what, String key) {
        return "can't " + what + " " + settings.bucket().location(key);
    }

    private String bucket() {
        return settings.bucket().name();
    }
}
