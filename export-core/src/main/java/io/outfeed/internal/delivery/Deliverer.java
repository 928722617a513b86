package io.outfeed.internal.delivery;

import io.outfeed.ExportJob;
import io.outfeed.error.DeliveryException;
import io.outfeed.event.DeliveredFilesEvent;
import io.outfeed.event.DeliveredFilesEvent.Kind;
import io.outfeed.file.IfExists;
import io.outfeed.internal.delivery.FilePublisher.Earlier;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.ledger.RunLog;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.progress.RunMeter;
import io.outfeed.internal.run.RunServices;
import io.outfeed.operation.RunProgress.Step;
import io.outfeed.run.DeliveryState;
import io.outfeed.run.ExportRun;
import io.outfeed.run.FileDelivery;
import io.outfeed.run.RunPhase;
import io.outfeed.run.RunStatus;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings the staged files of one run to its destinations: uploads all of them, then publishes them one by one. Used by
 * one thread.
 */
public final class Deliverer {

    private final RunDelivery delivery;
    private final StagedBytes bytes;

    public Deliverer(ExportJob job, RunLedger ledger, RunServices services, RunMeter meter, StagedBytes.Age age) {
        this.delivery = new RunDelivery(job, ledger, services, meter);
        this.bytes = new StagedBytes(services.spool(), age);
    }

    /**
     * Uploads and publishes a run that is staged.
     *
     * @return the run with a receipt for each file at each destination
     * @throws OldFileException if it waits for a receiver to take an old file: nothing was published
     */
    public ExportRun deliver(ExportRun staged) throws OldFileException {
        try (Destinations destinations = new Destinations(delivery.job().deliveries())) {
            Session session = new Session(destinations);
            ExportRun prepared = session.uploadAll(staged);
            ExportRun publishing = delivery.ledger()
                    .save(RunBuilder.of(prepared).status(RunStatus.PUBLISHING).build());
            return session.publishAll(publishing, Earlier.NOT_TRIED);
        }
    }

    /**
     * Finishes a run whose publication was interrupted: its own bytes, nothing else.
     *
     * @return the run with a receipt for each file at each destination that the job still has
     */
    public ExportRun finish(ExportRun interrupted) {
        try (Destinations destinations = new Destinations(delivery.job().deliveries())) {
            return new Session(destinations).publishAll(interrupted, Earlier.MAY_HAVE_BEEN_TRIED);
        }
    }

    /**
     * Sends copies of a committed run, if the job wants any. A failure is logged, and the copy stays on record as not
     * published, with those after it: what follows the commit can't fail the run.
     *
     * @return the run with what became of each copy
     */
    public ExportRun copy(ExportRun committed) {
        return new CopySender(delivery, bytes).send(committed);
    }

    /** One attempt at all destinations. */
    private final class Session {

        private final Destinations destinations;
        private final RetryingCalls calls;
        private final FileUploader uploader;
        private final FilePublisher publisher;

        private Session(Destinations destinations) {
            this.destinations = destinations;
            this.calls = new RetryingCalls(delivery.services().retries(), destinations);
            this.uploader = new FileUploader(delivery, destinations, calls, bytes);
            this.publisher = new FilePublisher(delivery, destinations, calls, bytes, uploader);
        }

        private ExportRun uploadAll(ExportRun staged) throws OldFileException {
            RunMeter meter = delivery.meter();
            meter.sending(Step.UPLOADING, DeliverySteps.bytes(staged, staged.deliveries().stream()));
            ExportRun run = staged;
            for (FileDelivery step : staged.deliveries()) {
                meter.sending(step.delivery(), DeliverySteps.file(staged, step));
                try {
                    run = DeliverySteps.with(run, step, to -> to.toPrepared(uploader.upload(staged, step)));
                    meter.fileIsDone();
                } catch (DeliveryException e) {
                    if (e.occupied() && delivery.outgoing(staged, step).ifExists() == IfExists.WAIT) {
                        throw new OldFileException(step);
                    }
                    throw e;
                }
                run = logged(run, step.delivery(), DeliveryState.PREPARED, RunPhase.PREPARED);
            }
            return run;
        }

        /**
         * Tries every destination, even if one fails; then throws the gravest failure. At a destination files appear in
         * their order, and what comes after a failure is not tried: a manifest must not be seen before what it lists.
         */
        private ExportRun publishAll(ExportRun publishing, Earlier earlier) {
            RunMeter meter = delivery.meter();
            ExportRun run = RunBuilder.of(publishing)
                    .attempts(publishing.attempts() + 1)
                    .build();
            DeliveryException gravest = null;
            Set<String> begun = new HashSet<>();
            Set<String> failing = new HashSet<>();
            meter.sending(
                    Step.PUBLISHING,
                    DeliverySteps.bytes(
                            publishing, publishing.deliveries().stream().filter(step -> !step.settled())));
            for (FileDelivery step : publishing.deliveries()) {
                if (step.settled() || failing.contains(step.delivery())) {
                    continue;
                }
                meter.sending(step.delivery(), DeliverySteps.file(publishing, step));
                // each file is on record before the next: only the first one may have been tried
                Earlier tried = begun.add(step.delivery()) ? earlier : Earlier.NOT_TRIED;
                try {
                    run = reported(publisher.publish(run, step, tried), step.delivery());
                    meter.fileIsDone();
                } catch (DeliveryException e) {
                    failing.add(step.delivery());
                    destinations.reset(step.delivery());
                    gravest = graver(gravest, e);
                    run = failed(run, step, e, gravest);
                }
            }
            if (gravest != null) {
                throw gravest;
            }
            return run;
        }

        private ExportRun failed(ExportRun run, FileDelivery step, DeliveryException e, DeliveryException gravest) {
            ExportRun logged = RunLog.withFailure(run, now(), e, calls.takeTries(step.delivery()));
            return delivery.ledger()
                    .save(RunBuilder.of(logged)
                            .failure(RunLedger.failure(gravest))
                            .build());
        }

        /** Notifies of a destination that has all files. */
        private ExportRun reported(ExportRun run, String id) {
            ExportRun logged = logged(run, id, DeliveryState.PUBLISHED, RunPhase.PUBLISHED);
            if (logged != run) {
                delivery.services()
                        .listeners()
                        .tell(new DeliveredFilesEvent(Kind.DELIVERED, logged, id, DeliverySteps.at(run, id)));
            }
            return logged;
        }

        private ExportRun logged(ExportRun run, String id, DeliveryState state, RunPhase phase) {
            return DestinationLog.with(run, id, state, phase, now(), calls);
        }

        private Instant now() {
            return delivery.services().clock().instant();
        }
    }

    /** The failure to report: one that a person must repair comes before one that time may. */
    private static DeliveryException graver(@Nullable DeliveryException first, DeliveryException next) {
        if (first == null) {
            return next;
        }
        boolean graver = first.retryable() && !next.retryable();
        DeliveryException reported = graver ? next : first;
        reported.addSuppressed(graver ? first : next);
        return reported;
    }
}
