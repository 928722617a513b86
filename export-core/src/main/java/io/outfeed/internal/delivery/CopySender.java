package io.outfeed.internal.delivery;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.ExportException;
import io.outfeed.error.StoreException;
import io.outfeed.file.StagedFile;
import io.outfeed.incident.Incident;
import io.outfeed.internal.failure.Redacted;
import io.outfeed.internal.incident.AttemptSigns;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.operation.RunProgress.Step;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunPhase;
import io.outfeed.run.RunStatus;
import io.outfeed.run.file.DeliveryState;
import io.outfeed.run.file.FileDelivery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends copies of a committed run. A failure is logged and can't fail the run. Used by one thread. */
final class CopySender {

    private static final Logger log = LoggerFactory.getLogger(CopySender.class);

    private final RunDelivery delivery;
    private final AttemptSigns signs;
    private final StagedBytes bytes;

    CopySender(RunDelivery delivery, AttemptSigns signs, StagedBytes bytes) {
        this.delivery = delivery;
        this.signs = signs;
        this.bytes = bytes;
    }

    /** Sends the copies, if the job has any. Returns the run with the result of each copy. */
    ExportRun send(ExportRun committed) {
        List<Delivery> copies = delivery.job().copies();
        boolean wanted = committed.trigger().movesPositions() && committed.status() == RunStatus.COMMITTED;
        if (!wanted || copies.isEmpty()) {
            return committed;
        }
        delivery.meter().beginSending(Step.COPYING, committed.bytes() * copies.size());
        ExportRun run = committed;
        try (Destinations destinations = delivery.destinations(copies)) {
            RetryingCalls calls = new RetryingCalls(delivery.services().retries(), destinations);
            for (Delivery copy : copies) {
                run = send(run, copy.id(), destinations, calls);
            }
        }
        signs.report();
        return run;
    }

    /** Files after a failed one are not tried, and are recorded as not published. */
    private ExportRun send(ExportRun committed, String id, Destinations destinations, RetryingCalls calls) {
        ExportRun run = committed;
        boolean failed = false;
        for (StagedFile file : committed.files()) {
            FileDelivery pending = FileDelivery.pending(id, file.path());
            FileDelivery copied = failed ? pending : send(run, pending, destinations, calls);
            failed = !copied.settled();
            List<FileDelivery> steps = new ArrayList<>(run.deliveries());
            steps.add(copied);
            run = delivery.ledger().save(RunBuilder.of(run).deliveries(steps).build());
        }
        return delivery.ledger()
                .save(DestinationLog.with(
                        run,
                        id,
                        DeliveryState.PUBLISHED,
                        RunPhase.COPIED,
                        delivery.services().clock().instant(),
                        calls));
    }

    private FileDelivery send(ExportRun run, FileDelivery step, Destinations destinations, RetryingCalls calls) {
        delivery.meter().beginFile(step.delivery(), DeliverySteps.file(run, step));
        if (!hasBytes(run, step)) {
            return step;
        }
        FileUploader uploader = new FileUploader(delivery, destinations, calls, bytes);
        FilePublisher publisher = new FilePublisher(delivery, destinations, calls, bytes, uploader);
        try {
            FileDelivery prepared = step.toPrepared(uploader.prepare(run, step));
            Optional<DeliveryReceipt> receipt = publisher.publishCopy(run, prepared);
            delivery.meter().completeFile();
            destinations.find(step.delivery()).ifPresent(copy -> signs.succeeded(copy, Incident.Step.PUBLISH));
            return receipt.isPresent()
                    ? prepared.toPublished(
                            receipt.get(), delivery.services().clock().instant())
                    : step;
        } catch (DeliveryException e) {
            logNotSent(run, step, e);
            Incident.Step at =
                    destinations.isUnreached(step.delivery()) ? Incident.Step.CONNECT : Incident.Step.PUBLISH;
            destinations.find(step.delivery()).ifPresent(copy -> signs.failed(copy, e, at));
            destinations.reset(step.delivery());
            new TemporaryFiles(delivery, destinations).remove(run, step, run.token());
            return step;
        }
    }

    /** The spool may be away, which is no failure of the destination. */
    private boolean hasBytes(ExportRun run, FileDelivery step) {
        try {
            bytes.verify(run, step);
            return true;
        } catch (DeliveryException | StoreException e) {
            logNotSent(run, step, e);
            return false;
        }
    }

    private static void logNotSent(ExportRun run, FileDelivery step, ExportException e) {
        log.warn(
                "The copy of {} did not reach delivery '{}'; the run is not affected (job={}, run={}): {}",
                step.path(),
                step.delivery(),
                run.job(),
                run.number(),
                e.getMessage(),
                Redacted.of(e));
    }
}
