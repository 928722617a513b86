package io.outfeed.s3.internal;

import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.file.IfExists;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.s3.internal.Bucket.Location;
import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.util.Optional;

/**
 * A delivery to a bucket.
 *
 * <p>A small file is put by one request when it is published. A large one is uploaded in parts when it is prepared, and
 * completing the upload publishes it; its location in the ledger has the id of the upload, which counts as a temporary
 * file. Either request has a condition: no object has the key, or it is the one that was seen and is to be replaced. An
 * object says in its metadata which run has written it, so that what became of a request without an answer is found out
 * by a look. Objects appear whole, whatever request is cut.
 */
public final class S3Session implements DeliverySession {

    private final S3Settings settings;
    private final S3Clients clients;
    private final S3Failures failures;
    private final S3Objects objects;
    private final MultipartUploads uploads;

    private S3Session(S3Settings settings, S3Clients clients, S3Failures failures) {
        this.settings = settings;
        this.clients = clients;
        this.failures = failures;
        this.objects = new S3Objects(clients, settings, failures);
        this.uploads = new MultipartUploads(clients.client(), objects, settings, failures);
    }

    /** Opens a session, and proves that the bucket is there. */
    public static S3Session open(S3Settings settings) {
        S3Failures failures = new S3Failures(settings);
        S3Session session = new S3Session(settings, clients(settings, failures), failures);
        boolean reached = false;
        try {
            session.objects.reach();
            reached = true;
            return session;
        } finally {
            if (!reached) {
                session.close();
            }
        }
    }

    private static S3Clients clients(S3Settings settings, S3Failures failures) {
        try {
            return S3Clients.open(settings.server());
        } catch (IOException | GeneralSecurityException e) {
            throw failures.unreadableCertificates(e);
        }
    }

    // ---- prepare

    @Override
    public PreparedFile prepare(OutgoingFile file) throws IOException {
        String key = freeKey(file);
        if (file.file().bytes() < settings.multipartFrom()) {
            long bytes = Files.size(file.content());
            if (bytes != file.file().bytes()) {
                throw failures.otherSize(file, bytes);
            }
            return PreparedFile.direct(settings.bucket().location(key));
        }
        String uploadId = uploads.upload(key, file);
        String location = settings.bucket().location(key);
        return PreparedFile.renamed(location, new Location(location, file.temporaryName(), uploadId).toString());
    }

    /** Where it can't be seen which objects there are, a name with the number of the run is taken to be free. */
    private String freeKey(OutgoingFile file) {
        String key = settings.bucket().key(file.file().path());
        if (file.ifExists() == IfExists.REPLACE) {
            return key;
        }
        StoredObject found = objects.look(key);
        if (file.ifExists() == IfExists.KEEP_BOTH && !found.isMissing()) {
            String beside = settings.bucket().key(file.keptBoth().path());
            requireNotPresent(objects.look(beside), beside, file);
            return beside;
        }
        requireNotPresent(found, key, file);
        return key;
    }

    private void requireNotPresent(StoredObject found, String key, OutgoingFile file) {
        if (found.isPresent()) {
            throw failures.occupied(settings.bucket().location(key), file);
        }
    }

    // ---- publish

    @Override
    public Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file) throws IOException {
        String key = settings.bucket()
                .ownKey(Location.parse(prepared.location()))
                .orElseThrow(() -> failures.outside(prepared.location(), file));
        Optional<DeliveryReceipt> receipt =
                prepared.temporary().isPresent() ? complete(prepared, key, file) : put(key, prepared.touched(), file);
        receipt.ifPresent(published -> file.sent(file.file().bytes()));
        return receipt;
    }

    private Optional<DeliveryReceipt> complete(PreparedFile prepared, String key, OutgoingFile file) {
        String temporary = prepared.temporary().orElseThrow();
        Location upload = Location.parse(temporary);
        if (!upload.isUploadOf(file) || !upload.object().equals(prepared.location())) {
            throw failures.outside(temporary, file);
        }
        Optional<MultipartUploads.Uploaded> uploaded = uploads.uploaded(key, upload.uploadId());
        if (uploaded.isEmpty()) {
            return Optional.empty();
        }
        if (uploaded.get().bytes() != file.file().bytes()) {
            throw DeliveryException.of(
                    FailureCode.DESTINATION_REFUSED,
                    settings.id(),
                    "the upload of " + prepared.location() + " has "
                            + uploaded.get().bytes() + " bytes instead of "
                            + file.file().bytes()
                            + ", and was not completed: something else writes to it" + S3Failures.at(file),
                    null);
        }
        boolean replaced = file.ifExists() == IfExists.REPLACE;
        if (!settings.conditional() && !replaced && objects.look(key).isPresent()) {
            throw failures.occupied(prepared.location(), file);
        }
        WriteCondition condition = condition(replaced, key);
        return switch (uploads.complete(key, upload.uploadId(), uploaded.get(), condition, file)) {
            case DONE -> Optional.of(receipt(key));
            case GONE -> Optional.empty();
            case CONDITION_FAILED -> Optional.of(recognized(condition, key, file));
        };
    }

    /** Returns the condition for a key that must be free, or whose object is replaced. */
    private WriteCondition condition(boolean replaced, String key) {
        if (!settings.conditional()) {
            return WriteCondition.NONE;
        } else if (!replaced) {
            return WriteCondition.ABSENT;
        }
        StoredObject found = objects.look(key);
        return switch (found.presence()) {
            case PRESENT -> WriteCondition.same(found.etag());
            case MISSING -> WriteCondition.ABSENT;
            case NOT_SAID -> WriteCondition.NONE;
        };
    }

    private DeliveryException refused(WriteCondition condition, String key, OutgoingFile file) {
        String location = settings.bucket().location(key);
        return condition.isSame() || file.ifExists() == IfExists.REPLACE
                ? failures.changed(location, file)
                : failures.occupied(location, file);
    }

    private Optional<DeliveryReceipt> put(String key, boolean touched, OutgoingFile file) throws IOException {
        if (!settings.conditional()) {
            return putUnconditionally(key, touched, file);
        } else if (touched) {
            return putAgain(key, file);
        }
        WriteCondition condition = condition(file.ifExists() == IfExists.REPLACE, key);
        return Optional.of(objects.put(key, file, condition) ? receipt(key) : recognized(condition, key, file));
    }

    /** Looks whether the object that has refused a request is the file: something between may send requests twice. */
    private DeliveryReceipt recognized(WriteCondition condition, String key, OutgoingFile file) {
        StoredObject found = objects.look(key);
        if (found.isPresent() && ObjectMetadata.isOf(found.metadata(), file)) {
            return inferred(key);
        }
        throw refused(condition, key, file);
    }

    /** Puts a file whose request may have been carried out. */
    private Optional<DeliveryReceipt> putAgain(String key, OutgoingFile file) throws IOException {
        StoredObject found = objects.look(key);
        if (found.isPresent() && ObjectMetadata.isOf(found.metadata(), file)) {
            return Optional.of(inferred(key));
        }
        boolean replaced = found.isPresent()
                && (file.ifExists() == IfExists.REPLACE || ObjectMetadata.isOfRun(found.metadata(), file));
        if (found.isPresent() && !replaced) {
            throw failures.occupied(settings.bucket().location(key), file);
        }
        WriteCondition condition = found.isPresent() ? WriteCondition.same(found.etag()) : WriteCondition.ABSENT;
        if (objects.put(key, file, condition)) {
            return Optional.of(receipt(key));
        }
        StoredObject now = objects.look(key);
        if (now.isPresent() && ObjectMetadata.isOf(now.metadata(), file)) {
            return Optional.of(inferred(key)); // the first request was carried out late
        } else if (now.presence() == StoredObject.Presence.NOT_SAID) {
            return Optional.empty(); // it may be this file
        }
        throw refused(condition, key, file);
    }

    private Optional<DeliveryReceipt> putUnconditionally(String key, boolean touched, OutgoingFile file)
            throws IOException {
        StoredObject found = objects.look(key);
        if (touched && found.isPresent() && ObjectMetadata.isOf(found.metadata(), file)) {
            return Optional.of(inferred(key));
        }
        boolean own = touched && ObjectMetadata.isOfRun(found.metadata(), file);
        if (found.isPresent() && !own && file.ifExists() != IfExists.REPLACE) {
            throw failures.occupied(settings.bucket().location(key), file);
        }
        boolean unused = objects.put(key, file, WriteCondition.NONE);
        return Optional.of(receipt(key));
    }

    private DeliveryReceipt receipt(String key) {
        return new DeliveryReceipt(
                settings.bucket().location(key), settings.conditional() ? Publication.ATOMIC : Publication.DIRECT);
    }

    private DeliveryReceipt inferred(String key) {
        return new DeliveryReceipt(settings.bucket().location(key), Publication.INFERRED);
    }

    // ---- afterwards

    @Override
    public void discard(OutgoingFile file) {
        uploads.abortAll(settings.bucket().key(file.file().path()), file);
        uploads.abortAll(settings.bucket().key(file.keptBoth().path()), file);
    }

    @Override
    public Inspection inspect(String location) {
        Location parsed = Location.parse(location);
        Optional<String> key = settings.bucket().key(parsed);
        if (key.isEmpty()) { // of an earlier bucket of the delivery
            return Inspection.notSaid();
        }
        return parsed.isUpload() ? inspectUpload(key.get(), parsed) : inspectObject(key.get());
    }

    /** An upload and its object have the same key of the file: the temporary name, which no other upload has. */
    private Inspection inspectUpload(String key, Location upload) {
        return uploads.uploaded(key, upload.uploadId())
                .map(there -> Inspection.present(there.bytes(), Optional.empty(), Optional.of(upload.upload())))
                .orElse(Inspection.missing());
    }

    private Inspection inspectObject(String key) {
        StoredObject found = objects.look(key);
        return switch (found.presence()) {
            case PRESENT ->
                Inspection.present(
                        found.bytes(),
                        Optional.ofNullable(found.modifiedAt()),
                        ObjectMetadata.upload(found.metadata()));
            case MISSING -> Inspection.missing();
            case NOT_SAID -> Inspection.notSaid();
        };
    }

    @Override
    public Optional<String> sha256(String location) {
        Location parsed = Location.parse(location);
        Optional<String> key = settings.bucket().ownKey(parsed);
        return key.isEmpty() || parsed.isUpload() ? Optional.empty() : objects.sha256(key.get());
    }

    @Override
    public Deletion delete(String location, long expectedBytes) {
        Location parsed = Location.parse(location);
        Optional<String> key = settings.bucket().ownKey(parsed);
        if (key.isEmpty() || parsed.isUpload()) {
            return Deletion.NOT_SAID;
        }
        StoredObject found = objects.look(key.get());
        return switch (found.presence()) {
            case PRESENT -> found.bytes() == expectedBytes ? objects.delete(key.get(), found) : Deletion.DIFFERENT;
            case MISSING -> Deletion.NOT_THERE;
            case NOT_SAID -> Deletion.NOT_SAID;
        };
    }

    /** Does what deliveries of a small and of a large file do, with a hidden object. */
    @Override
    public void check(OutgoingFile file) throws IOException {
        String folder = file.file().folder().isEmpty() ? "" : file.file().folder() + "/";
        String key = settings.bucket().key(folder + file.temporaryName());
        try {
            checkWrites(key, file);
            checkUploads(key, file);
        } catch (IOException | RuntimeException e) {
            HostCalls.closeAfter(e, () -> uploads.abortAll(key, file));
            HostCalls.closeAfter(e, () -> {
                Deletion unused = remove(key, file);
            });
            throw e;
        }
    }

    /** Writes an object, and demands that a second request is refused. */
    private void checkWrites(String key, OutgoingFile file) throws IOException {
        WriteCondition condition = condition(false, key);
        if (!objects.put(key, file, condition)) {
            throw failures.refusesNewObject(settings.bucket().location(key));
        }
        if (settings.conditional() && objects.put(key, file, condition)) {
            throw failures.ignoresConditions(settings.bucket().location(key));
        }
    }

    /** Demands that an upload is not completed while the object is there, and that it is whole afterwards. */
    private void checkUploads(String key, OutgoingFile file) throws IOException {
        if (settings.conditional() && complete(key, file) != MultipartUploads.Completion.CONDITION_FAILED) {
            throw failures.ignoresConditions(settings.bucket().location(key));
        }
        if (remove(key, file) == Deletion.NOT_SAID) {
            throw failures.checkNotRemoved(settings.bucket().location(key));
        }
        MultipartUploads.Completion completion = complete(key, file);
        StoredObject completed = objects.look(key);
        if (completion != MultipartUploads.Completion.DONE
                || (completed.isPresent() && completed.bytes() != file.file().bytes())) {
            throw failures.completesOtherwise(settings.bucket().location(key));
        }
        Deletion unused = remove(key, file);
    }

    private MultipartUploads.Completion complete(String key, OutgoingFile file) throws IOException {
        String uploadId = uploads.upload(key, file);
        return uploads.complete(
                key,
                uploadId,
                uploads.uploaded(key, uploadId).orElseThrow(() -> failures.completesOtherwise(key)),
                condition(false, key),
                file);
    }

    private Deletion remove(String key, OutgoingFile file) {
        return delete(settings.bucket().location(key), file.file().bytes());
    }

    @Override
    public void close() {
        clients.close();
    }
}
