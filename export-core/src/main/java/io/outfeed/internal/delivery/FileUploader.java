package io.outfeed.internal.delivery;

import io.outfeed.delivery.PreparedFile;
import io.outfeed.error.StoreException;
import io.outfeed.run.ExportRun;
import io.outfeed.run.file.DeliveryState;
import io.outfeed.run.file.FileDelivery;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Uploads files under temporary names. Before an upload begins the ledger has it, so that what a crash leaves is known;
 * the write that records one upload announces the next one of the same destination. Used by one thread.
 */
final class FileUploader {

    private final RunDelivery delivery;
    private final Destinations destinations;
    private final RetryingCalls calls;
    private final StagedBytes bytes;
    private final TemporaryFiles temporaryFiles;
    private final Set<String> reached = new HashSet<>();

    FileUploader(RunDelivery delivery, Destinations destinations, RetryingCalls calls, StagedBytes bytes) {
        this.delivery = delivery;
        this.destinations = destinations;
        this.calls = calls;
        this.bytes = bytes;
        this.temporaryFiles = new TemporaryFiles(delivery, destinations);
    }

    /** Uploads a file of a run. Returns the run, saved, with the prepared file. */
    ExportRun upload(ExportRun run, FileDelivery step) {
        bytes.verify(run, step); // before a destination is contacted
        FileDelivery current = DeliverySteps.current(run, step);
        ExportRun announced = isAnnounced(current) ? run : announce(reach(run, step), current);
        PreparedFile prepared = send(announced, step);
        ExportRun uploaded = DeliverySteps.with(announced, step, to -> to.toPrepared(prepared));
        Optional<FileDelivery> next =
                DeliverySteps.following(uploaded, step).filter(candidate -> candidate.state() == DeliveryState.PENDING);
        return save(next.isPresent() ? DeliverySteps.with(uploaded, next.get(), this::toUploading) : uploaded, step);
    }

    /** Saves an upload. One that is not on record is removed, since the new owner of the job does not know it. */
    private ExportRun save(ExportRun uploaded, FileDelivery step) {
        try {
            return delivery.ledger().save(uploaded);
        } catch (StoreException e) {
            temporaryFiles.remove(uploaded, step, delivery.ledger().token());
            throw e;
        }
    }

    /** Uploads a file again, although it was uploaded before. Returns the run, saved, with the prepared file. */
    ExportRun uploadAgain(ExportRun run, FileDelivery step) {
        ExportRun announced = delivery.ledger().save(DeliverySteps.with(run, step, this::toUploading));
        PreparedFile prepared = send(announced, step);
        return save(DeliverySteps.with(announced, step, to -> to.toPrepared(prepared)), step);
    }

    private FileDelivery toUploading(FileDelivery step) {
        return step.toUploading(delivery.ledger().token());
    }

    private boolean isAnnounced(FileDelivery step) {
        return step.state() == DeliveryState.UPLOADING
                && step.token() == delivery.ledger().token();
    }

    /** Connects before anything is announced, and removes what earlier attempts have left there. */
    private ExportRun reach(ExportRun run, FileDelivery step) {
        String id = step.delivery();
        calls.call(run, step, tries -> destinations.sessionFor(run, id));
        return reached.add(id) ? temporaryFiles.removeLitter(run, id) : run;
    }

    /** An upload that another owner of the lock has begun is removed first, or becomes litter. */
    private ExportRun announce(ExportRun run, FileDelivery step) {
        ExportRun cleaned = run;
        if (step.state() == DeliveryState.UPLOADING && !temporaryFiles.remove(run, step, step.token())) {
            cleaned = DeliverySteps.withLitter(
                    run, step, delivery.services().clock().instant());
        }
        return delivery.ledger().save(DeliverySteps.with(cleaned, step, this::toUploading));
    }

    /** Uploads a file without a record in the ledger. */
    PreparedFile send(ExportRun run, FileDelivery step) {
        bytes.verify(run, step);
        PreparedFile prepared = calls.call(
                run,
                step,
                tries -> destinations.sessionFor(run, step.delivery()).prepare(delivery.outgoing(run, step)));
        if (prepared.temporary().isPresent()) {
            delivery.meter().countFileSent();
        }
        return prepared;
    }
}
