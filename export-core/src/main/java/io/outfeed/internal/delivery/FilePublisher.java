package io.outfeed.internal.delivery;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.error.DeliveryException;
import io.outfeed.internal.failure.Context;
import io.outfeed.operation.RunProgress.Step;
import io.outfeed.run.ExportRun;
import io.outfeed.run.file.FileDelivery;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes uploaded files visible under their own names, and saves each receipt. Used by one thread. */
final class FilePublisher {

    private static final Logger log = LoggerFactory.getLogger(FilePublisher.class);

    /**
     * Whether an earlier attempt may have renamed a temporary file: if it did, a missing temporary file was published.
     */
    enum Earlier {
        NOT_TRIED,
        MAY_HAVE_BEEN_TRIED
    }

    private final RunDelivery delivery;
    private final Destinations destinations;
    private final RetryingCalls calls;
    private final StagedBytes bytes;
    private final FileUploader uploader;
    private final TemporaryFiles temporaryFiles;

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

    /** Publishes a file of a run whose status is PUBLISHING. Returns the run with the receipt. */
    ExportRun publish(ExportRun run, FileDelivery step, Earlier earlier) {
        if (!destinations.has(step.delivery())) {
            log.warn(
                    "The job no longer has delivery '{}': {} is not sent there (job={}, run={})",
                    step.delivery(),
                    step.path(),
                    run.job(),
                    run.number());
            return delivery.ledger().save(DeliverySteps.with(run, step, FileDelivery::toRemoved));
        }
        Optional<DeliveryReceipt> receipt;
        try {
            receipt = rename(run, step, earlier);
        } catch (DeliveryException e) {
            if (!e.occupied()) {
                throw e;
            }
            return handleOccupied(run, step, e);
        }
        return receipt.isPresent() ? savePublished(run, step, receipt.get()) : uploadAgain(run, step);
    }

    private ExportRun savePublished(ExportRun run, FileDelivery step, DeliveryReceipt receipt) {
        return delivery.ledger()
                .save(DeliverySteps.with(
                        run,
                        step,
                        to -> to.toPublished(
                                receipt, delivery.services().clock().instant())));
    }

    /** Handles a file of the same name that appeared since the upload; the temporary file is still there. */
    private ExportRun handleOccupied(ExportRun run, FileDelivery step, DeliveryException e) {
        return switch (delivery.outgoing(run, step).ifExists()) {
            case KEEP_BOTH -> {
                ExportRun published = uploadUnderAnotherName(run, step);
                if (run.token() != delivery.ledger().token()) { // the upload of the lock's previous owner
                    temporaryFiles.remove(published, step, run.token());
                }
                yield published;
            }
            case WAIT ->
                throw DeliveryException.retryable(
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
        return uploadUnderAnotherName(run, step);
    }

    /**
     * Another lock owner has another temporary name, and KEEP_BOTH may need another final name: both are saved first.
     */
    private ExportRun uploadUnderAnotherName(ExportRun run, FileDelivery step) {
        delivery.ledger().save(run); // fails if another node has taken over the job, and may have renamed the file
        delivery.meter().changeStep(Step.UPLOADING);
        PreparedFile prepared = uploader.upload(run, step);
        delivery.meter().changeStep(Step.PUBLISHING);
        ExportRun again = delivery.ledger().save(DeliverySteps.with(run, step, to -> to.toPrepared(prepared)));
        FileDelivery next = step.toPrepared(prepared);
        DeliveryReceipt receipt = rename(again, next, Earlier.NOT_TRIED)
                .orElseThrow(() -> DeliveryException.permanent(
                        step.delivery(),
                        "the temporary file of " + step.path() + " disappears at delivery '" + step.delivery()
                                + "' before it can be renamed: find out what removes it" + Context.of(run),
                        null));
        return savePublished(again, next, receipt);
    }

    /** Renames a file. Returns the receipt; empty if the temporary file is gone and no rename was requested before. */
    Optional<DeliveryReceipt> rename(ExportRun run, FileDelivery step, Earlier earlier) {
        PreparedFile prepared = step.prepared().orElseThrow();
        if (prepared.temporary().isEmpty()) {
            bytes.verify(run, step);
        }
        Optional<DeliveryReceipt> acknowledged = calls.call(run, step, tries -> {
            Optional<DeliveryReceipt> receipt =
                    destinations.sessionFor(run, step.delivery()).publish(prepared, delivery.outgoing(run, step));
            boolean renamedBefore = receipt.isEmpty() && (tries > 1 || earlier == Earlier.MAY_HAVE_BEEN_TRIED);
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
