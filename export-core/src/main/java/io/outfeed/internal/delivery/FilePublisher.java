package io.outfeed.internal.delivery;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.internal.failure.Context;
import io.outfeed.operation.RunProgress.Step;
import io.outfeed.run.ExportRun;
import io.outfeed.run.file.DeliveryState;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.run.file.PublicationRequest;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes uploaded files visible under their own names, and saves each receipt. Used by one thread. */
final class FilePublisher {

    private static final Logger log = LoggerFactory.getLogger(FilePublisher.class);

    private final RunDelivery delivery;
    private final Destinations destinations;
    private final RetryingCalls calls;
    private final StagedBytes bytes;
    private final FileUploader uploader;
    private final TemporaryFiles temporaryFiles;

    /** The steps whose request this attempt has stored, and those whose request it has sent. */
    private final Set<String> intended = new HashSet<>();

    private final Set<String> sent = new HashSet<>();

    FilePublisher(
            RunDelivery delivery,
            Destinations destinations,
            RetryingCalls calls,
            StagedBytes bytes,
            FileUploader uploader) {
        this.delivery = delivery;
        this.destinations = destinations;
        this.calls = calls;
        this.bytes = bytes;
        this.uploader = uploader;
        this.temporaryFiles = new TemporaryFiles(delivery, destinations);
    }

    /** Publishes a file of a run whose status is PUBLISHING. Returns the run, saved, with the receipt. */
    ExportRun publish(ExportRun run, FileDelivery planned) {
        FileDelivery step = DeliverySteps.current(run, planned);
        if (!destinations.has(step.delivery())) {
            log.warn(
                    "The job no longer has delivery '{}': {} is not sent there (job={}, run={})",
                    step.delivery(),
                    step.path(),
                    run.job(),
                    run.number());
            ExportRun left = step.prepared().isPresent()
                    ? DeliverySteps.withLitter(
                            run, step, delivery.services().clock().instant())
                    : run;
            return delivery.ledger().save(DeliverySteps.with(left, step, FileDelivery::toRemoved));
        }
        if (step.prepared().isEmpty()) { // an upload that was interrupted
            return publishUploaded(uploader.uploadAgain(run, step), step);
        }
        try {
            return publishPrepared(run, step);
        } catch (DeliveryException e) {
            if (!e.occupied()) {
                throw e;
            }
            return handleOccupied(run, step, e);
        }
    }

    private ExportRun publishPrepared(ExportRun run, FileDelivery step) {
        ExportRun intended = intend(run, step);
        Optional<DeliveryReceipt> receipt = rename(intended, DeliverySteps.current(intended, step));
        return receipt.isPresent() ? savePublished(intended, step, receipt.get()) : uploadAgain(intended, step);
    }

    /** Stores the request before it is sent, once the destination is reached. */
    private ExportRun intend(ExportRun run, FileDelivery step) {
        if (step.request().isPresent()) {
            return run;
        }
        calls.call(run, step, tries -> destinations.sessionFor(run, step.delivery()));
        intended.add(key(step));
        return delivery.ledger().save(DeliverySteps.with(run, step, this::toRequested));
    }

    private FileDelivery toRequested(FileDelivery step) {
        return step.toRequested(
                PublicationRequest.intended(delivery.services().clock().instant()));
    }

    /**
     * Returns the run, not saved, without the request of a step if it was certainly not sent: a temporary file that is
     * missing at the next attempt was not published then.
     */
    ExportRun withdraw(ExportRun run, FileDelivery step) {
        boolean certainlyNotSent = intended.contains(key(step)) && !sent.contains(key(step));
        return certainlyNotSent ? DeliverySteps.with(run, step, FileDelivery::toNotRequested) : run;
    }

    private static String key(FileDelivery step) {
        return step.delivery() + "\n" + step.path();
    }

    /** Saves a receipt, and with it the request for the next file of the destination, whose session is alive. */
    private ExportRun savePublished(ExportRun run, FileDelivery step, DeliveryReceipt receipt) {
        ExportRun published = DeliverySteps.with(
                run,
                step,
                to -> to.toPublished(receipt, delivery.services().clock().instant()));
        Optional<FileDelivery> next = DeliverySteps.following(published, step)
                .filter(candidate -> candidate.state() == DeliveryState.PREPARED)
                .filter(candidate -> candidate.request().isEmpty());
        next.map(FilePublisher::key).ifPresent(intended::add);
        return delivery.ledger()
                .save(next.isPresent() ? DeliverySteps.with(published, next.get(), this::toRequested) : published);
    }

    /** Handles a file of the same name that appeared since the upload; the temporary file is still there. */
    private ExportRun handleOccupied(ExportRun run, FileDelivery step, DeliveryException e) {
        return switch (delivery.outgoing(run, step).ifExists()) {
            case KEEP_BOTH -> {
                ExportRun published = publishUploaded(uploadUnderAnotherName(run, step), step);
                if (step.token() != delivery.ledger().token()) { // the upload of the lock's previous owner
                    temporaryFiles.remove(published, step, step.token());
                }
                yield published;
            }
            case WAIT ->
                throw DeliveryException.of(
                        FailureCode.NAME_AWAITED,
                        step.delivery(),
                        "a file " + step.path() + " appeared at delivery '" + step.delivery()
                                + "' while the run was in progress: the run continues when it is taken"
                                + Context.of(run),
                        e);
            case FAIL, REPLACE -> throw e;
        };
    }

    /** Uploads a file again whose temporary file is gone, although no rename was requested. */
    private ExportRun uploadAgain(ExportRun run, FileDelivery step) {
        log.warn(
                "The temporary file of {} is gone from delivery '{}': uploading it again (job={}, run={})",
                step.path(),
                step.delivery(),
                run.job(),
                run.number());
        return publishUploaded(uploadUnderAnotherName(run, step), step);
    }

    /** Another lock owner has another temporary name, and KEEP_BOTH may need another final name. */
    private ExportRun uploadUnderAnotherName(ExportRun run, FileDelivery step) {
        delivery.meter().changeStep(Step.UPLOADING);
        ExportRun again = uploader.uploadAgain(run, step);
        delivery.meter().changeStep(Step.PUBLISHING);
        return again;
    }

    private ExportRun publishUploaded(ExportRun run, FileDelivery step) {
        ExportRun intended = intend(run, DeliverySteps.current(run, step));
        DeliveryReceipt receipt = rename(intended, DeliverySteps.current(intended, step))
                .orElseThrow(() -> DeliveryException.of(
                        FailureCode.TEMPORARY_TAKEN,
                        step.delivery(),
                        "the temporary file of " + step.path() + " disappears at delivery '" + step.delivery()
                                + "' before it can be renamed: find out what removes it" + Context.of(run),
                        null));
        return savePublished(intended, step, receipt);
    }

    /**
     * Renames a file. Returns the receipt; empty if the temporary file is gone and no rename was requested before, by
     * this or an earlier attempt.
     */
    Optional<DeliveryReceipt> rename(ExportRun run, FileDelivery step) {
        PreparedFile prepared = step.prepared().orElseThrow();
        if (prepared.temporary().isEmpty()) {
            bytes.verify(run, step);
        }
        boolean requestedByEarlierAttempt = step.request().isPresent() && !intended.contains(key(step));
        Optional<DeliveryReceipt> acknowledged = calls.call(run, step, tries -> {
            DeliverySession session = destinations.sessionFor(run, step.delivery());
            boolean first = sent.add(key(step));
            Optional<DeliveryReceipt> receipt = session.publish(prepared, delivery.outgoing(run, step));
            boolean renamedBefore = receipt.isEmpty() && (!first || requestedByEarlierAttempt);
            return renamedBefore
                    ? Optional.of(new DeliveryReceipt(prepared.location(), Publication.INFERRED))
                    : receipt;
        });
        if (prepared.temporary().isEmpty()) {
            delivery.meter().countFileSent();
        }
        return acknowledged;
    }
}
