package io.outfeed.internal.delivery;

import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.internal.failure.Context;
import io.outfeed.run.ExportRun;
import io.outfeed.run.file.DeliveryState;
import io.outfeed.run.file.FileDelivery;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Uploads files under temporary names. Before an upload begins the ledger has it, so that what a crash leaves is known;
 * the write that records one upload announces the next one of the same destination. Used by one thread.
 */
final class FileUploader {

    /** How many uploads may be gone before no more are made. */
    private static final int MOST_TAKEN = 2;

    /** How often an attempt uploads a file again whose upload is gone. */
    private static final int MOST_AGAIN = 3;

    private final RunDelivery delivery;
    private final Destinations destinations;
    private final RetryingCalls calls;
    private final StagedBytes bytes;
    private final TemporaryFiles temporaryFiles;
    private final Set<String> reached = new HashSet<>();

    /** How often this attempt has uploaded a file again, by its step. */
    private final Map<String, Integer> uploadedAgain = new HashMap<>();

    /** The sessions that have uploaded a file, by its step. */
    private final Map<String, DeliverySession> uploadedBy = new HashMap<>();

    FileUploader(RunDelivery delivery, Destinations destinations, RetryingCalls calls, StagedBytes bytes) {
        this.delivery = delivery;
        this.destinations = destinations;
        this.calls = calls;
        this.bytes = bytes;
        this.temporaryFiles = new TemporaryFiles(delivery, destinations);
    }

    /** Uploads a file of a run. Returns the run with the prepared file, which is not saved. */
    ExportRun upload(ExportRun run, FileDelivery step) {
        bytes.verify(run, step); // before a destination is contacted
        FileDelivery current = DeliverySteps.current(run, step);
        checkNotTaken(run, current);
        ExportRun uploaded = send(isAnnounced(current) ? run : announce(reach(run, step), current), step);
        Optional<FileDelivery> next =
                DeliverySteps.following(uploaded, step).filter(candidate -> candidate.state() == DeliveryState.PENDING);
        return next.isPresent() ? DeliverySteps.with(uploaded, next.get(), this::toUploading) : uploaded;
    }

    /** Saves an upload. One that is not on record is removed, since the new owner of the job does not know it. */
    ExportRun save(ExportRun uploaded, FileDelivery step) {
        try {
            return delivery.ledger().save(uploaded);
        } catch (StoreException e) {
            temporaryFiles.remove(uploaded, step, delivery.ledger().token());
            throw e;
        }
    }

    /**
     * Uploads a file again, although it was uploaded before. Returns the run, saved, with the prepared file.
     *
     * @throws DeliveryException if this attempt has done so too often
     */
    ExportRun uploadAgain(ExportRun run, FileDelivery step) {
        FileDelivery current = DeliverySteps.current(run, step);
        checkNotTaken(run, current);
        if (uploadedAgain.merge(FileRename.key(step), 1, Integer::sum) > MOST_AGAIN) {
            throw DeliveryException.of(
                    FailureCode.DESTINATION_UNAVAILABLE,
                    step.delivery(),
                    "delivery '" + step.delivery() + "' loses uploads: " + step.path() + " was uploaded " + MOST_AGAIN
                            + " times again in one attempt, and was gone whenever it was to be published. Find out"
                            + " whether each connection gets to the same storage, and what removes temporary files"
                            + " there" + Context.of(run),
                    null);
        }
        return save(send(announce(run, current), step), step);
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

    /** An upload that an earlier attempt has begun is removed first, or becomes litter. */
    private ExportRun announce(ExportRun run, FileDelivery step) {
        ExportRun cleaned = run;
        if (step.state() == DeliveryState.UPLOADING && !temporaryFiles.remove(run, step, step.token())) {
            cleaned = DeliverySteps.withLitter(
                    run, step, delivery.services().clock().instant());
        }
        return delivery.ledger().save(DeliverySteps.with(cleaned, step, this::toUploading));
    }

    /** Sends an announced upload; one that is gone at once is sent a second time. Returns the run, not saved. */
    private ExportRun send(ExportRun announced, FileDelivery step) {
        try {
            PreparedFile prepared = prepare(announced, DeliverySteps.current(announced, step));
            return DeliverySteps.with(announced, step, to -> to.toPrepared(prepared));
        } catch (DeliveryException e) {
            if (e.code() != FailureCode.TEMPORARY_TAKEN) {
                throw e;
            }
            ExportRun counted = count(announced, step);
            return send(announce(counted, DeliverySteps.current(counted, step)), step);
        }
    }

    /**
     * Returns the run in which an upload that is gone is counted, if the session that made it is still the same: then
     * something takes every name. One that is gone later was cleaned.
     *
     * @throws DeliveryException if it is the second one
     */
    ExportRun countIfTaken(ExportRun run, FileDelivery step) {
        DeliverySession session = uploadedBy.get(FileRename.key(step));
        return session != null && destinations.isOpen(step.delivery(), session) ? count(run, step) : run;
    }

    private ExportRun count(ExportRun run, FileDelivery step) {
        ExportRun counted = delivery.ledger().save(DeliverySteps.with(run, step, to -> to.toTaken(to.taken() + 1)));
        checkNotTaken(counted, DeliverySteps.current(counted, step));
        return counted;
    }

    private static void checkNotTaken(ExportRun run, FileDelivery step) {
        if (step.taken() >= MOST_TAKEN) {
            throw DeliveryException.of(
                    FailureCode.TEMPORARY_TAKEN,
                    step.delivery(),
                    "delivery '" + step.delivery() + "' takes each file as soon as it is written, under its temporary"
                            + " name too: " + step.path() + " was uploaded " + step.taken() + " times, and is not"
                            + " uploaded again; the receiver may have these uploads. If that is how the receiver takes"
                            + " its files, set takesAtClose() on the delivery; else find out what takes them, then call"
                            + " runNow()" + Context.of(run),
                    null);
        }
    }

    /** Uploads a file without a record in the ledger. */
    PreparedFile prepare(ExportRun run, FileDelivery step) {
        bytes.verify(run, step);
        PreparedFile prepared = calls.call(run, step, tries -> {
            DeliverySession session = destinations.sessionFor(run, step.delivery());
            PreparedFile uploaded = session.prepare(delivery.outgoing(run, step));
            uploadedBy.put(FileRename.key(step), session);
            return uploaded;
        });
        if (prepared.temporary().isPresent()) {
            delivery.meter().countFileSent();
        }
        return prepared;
    }
}
