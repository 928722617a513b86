package io.outfeed.internal.delivery;

import io.outfeed.ExportJob;
import io.outfeed.delivery.RecipientDelivery;
import io.outfeed.error.DeliveryException;
import io.outfeed.event.DeliveredFilesEvent;
import io.outfeed.event.DeliveredFilesEvent.Kind;
import io.outfeed.event.RecipientsRefusedEvent;
import io.outfeed.file.IfExists;
import io.outfeed.incident.Incident;
import io.outfeed.internal.incident.AttemptSigns;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.ledger.RunLog;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.progress.RunMeter;
import io.outfeed.internal.run.RunServices;
import io.outfeed.operation.RunProgress.Step;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunPhase;
import io.outfeed.run.RunStatus;
import io.outfeed.run.file.DeliveryState;
import io.outfeed.run.file.FileDelivery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Delivers the staged files of one run to its destinations: uploads all of them, then publishes them one by one. Used
 * by one thread.
 */
public final class Deliverer {

    private final RunDelivery delivery;
    private final AttemptSigns signs;
    private final StagedBytes bytes;

    public Deliverer(
            ExportJob job,
            RunLedger ledger,
            RunServices services,
            RunMeter meter,
            KnownDirectories directories,
            AttemptSigns signs,
            StagedBytes.Age age) {
        this.delivery = new RunDelivery(job, ledger, services, meter, directories);
        this.signs = signs;
        this.bytes = new StagedBytes(services.bytes(), age);
    }

    /**
     * Uploads what is missing, and publishes; of a run that was publishing before, publishes the rest.
     *
     * @return the run with a receipt for each file at each destination that the job still has
     * @throws PostponedException if the delivery window is closed, or if a receiver has not taken an old file and
     *     nothing was published
     */
    public ExportRun deliver(ExportRun staged) throws PostponedException {
        try (Destinations destinations = delivery.destinations(delivery.job().deliveries())) {
            Session session = new Session(destinations);
            if (staged.publishing()) {
                return session.publishAndRemember(staged);
            }
            ExportRun uploaded = session.uploadAll(staged);
            Optional<PostponedException> closed = closed(delivery.job(), now());
            if (closed.isPresent()) {
                session.saveUploads(uploaded);
                throw closed.get();
            }
            return session.publishAndRemember(session.saveUploads(
                    RunBuilder.of(uploaded).status(RunStatus.PUBLISHING).build()));
        }
    }

    /**
     * Checks that files may become visible at the destinations of a job.
     *
     * @throws PostponedException if its delivery window is closed
     */
    public static void checkWindow(ExportJob job, Instant now) throws PostponedException {
        Optional<PostponedException> closed = closed(job, now);
        if (closed.isPresent()) {
            throw closed.get();
        }
    }

    private static Optional<PostponedException> closed(ExportJob job, Instant now) {
        return job.deliveryWindow()
                .filter(window -> !window.isOpen(now) && !job.deliveries().isEmpty())
                .map(window ->
                        PostponedException.closed(job.deliveries().get(0).id(), window, window.nextOpening(now)));
    }

    private Instant now() {
        return delivery.services().clock().instant();
    }

    /**
     * Sends copies of a committed run, if the job has any. A failure is logged and can't fail the run, which has
     * committed; the copy, and those after it, are recorded as not published.
     *
     * @return the run with the result of each copy
     */
    public ExportRun copy(ExportRun committed) {
        return new CopySender(delivery, signs, bytes).send(committed);
    }

    /** One attempt at all destinations. */
    private final class Session {

        private final Destinations destinations;
        private final RetryingCalls calls;
        private final FileUploader uploader;
        private final FilePublisher publisher;

        /** The step whose upload is not saved yet. */
        private @Nullable FileDelivery lastUpload;

        private Session(Destinations destinations) {
            this.destinations = destinations;
            this.calls = new RetryingCalls(delivery.services().retries(), destinations);
            this.uploader = new FileUploader(delivery, destinations, calls, bytes);
            this.publisher = new FilePublisher(delivery, destinations, calls, bytes, uploader);
        }

        /** Saves the run with its last upload. */
        private ExportRun saveUploads(ExportRun uploaded) {
            return lastUpload == null ? delivery.ledger().save(uploaded) : uploader.save(uploaded, lastUpload);
        }

        /**
         * Uploads what is missing. Each upload is saved before the next one begins, so that the next attempt continues
         * after a failure.
         *
         * @return the run, whose last upload is not saved yet
         */
        private ExportRun uploadAll(ExportRun staged) throws PostponedException {
            RunMeter meter = delivery.meter();
            List<FileDelivery> missing = staged.deliveries().stream()
                    .filter(step -> step.state() != DeliveryState.PREPARED)
                    .toList();
            meter.beginSending(Step.UPLOADING, DeliverySteps.bytes(staged, missing.stream()));
            ExportRun run = staged;
            for (int i = 0; i < missing.size(); i++) {
                FileDelivery step = missing.get(i);
                meter.checkCancelled();
                meter.beginFile(step.delivery(), DeliverySteps.file(staged, step));
                try {
                    run = uploader.upload(run, step);
                    if (i == missing.size() - 1) {
                        lastUpload = step;
                    } else {
                        run = uploader.save(run, step);
                    }
                    meter.completeFile();
                    succeeded(step, Incident.Step.UPLOAD);
                } catch (DeliveryException e) {
                    failed(step, e, Incident.Step.UPLOAD);
                    if (e.occupied() && delivery.outgoing(staged, step).ifExists() == IfExists.WAIT) {
                        throw PostponedException.occupied(staged, step, e);
                    }
                    throw e;
                }
                run = withEntry(run, step.delivery(), DeliveryState.PREPARED, RunPhase.PREPARED);
            }
            return run;
        }

        /** Before the run commits: a crash after that would lose what only its receipts have, which are pruned. */
        private ExportRun publishAndRemember(ExportRun publishing) throws PostponedException {
            ExportRun published = publishAll(publishing);
            delivery.services().states().rememberRefused(published);
            return published;
        }

        /**
         * Tries every destination, even if one fails; then throws the most severe failure. The files of a destination
         * are published in order, and none after a failed one: a manifest must not be visible before the files that it
         * lists.
         */
        private ExportRun publishAll(ExportRun publishing) throws PostponedException {
            RunMeter meter = delivery.meter();
            ExportRun run = publishing;
            DeliveryException mostSevere = null;
            PostponedException postponed = null;
            Set<String> begun = new HashSet<>();
            Set<String> failing = new HashSet<>();
            meter.beginSending(
                    Step.PUBLISHING,
                    DeliverySteps.bytes(
                            publishing, publishing.deliveries().stream().filter(step -> !step.settled())));
            for (FileDelivery step : publishing.deliveries()) {
                if (step.state() == DeliveryState.PUBLISHED) {
                    begun.add(step.delivery());
                }
                if (step.settled() || failing.contains(step.delivery())) {
                    continue;
                }
                meter.beginFile(step.delivery(), DeliverySteps.file(publishing, step));
                try {
                    if (begun.add(step.delivery())) {
                        checkWindow(delivery.job(), now());
                    }
                    run = publishIfComplete(publisher.publish(run, step), step.delivery());
                    meter.completeFile();
                    succeeded(step, Incident.Step.PUBLISH);
                } catch (PostponedException e) {
                    failing.add(step.delivery());
                    postponed = e;
                } catch (DeliveryException e) {
                    failing.add(step.delivery());
                    failed(step, e, Incident.Step.PUBLISH);
                    destinations.reset(step.delivery());
                    mostSevere = moreSevere(mostSevere, e);
                    run = saveFailure(publisher.withdraw(saved(run), step), step, e, mostSevere);
                }
            }
            if (mostSevere != null) {
                throw mostSevere;
            } else if (postponed != null) {
                throw postponed;
            }
            return run;
        }

        private void succeeded(FileDelivery step, Incident.Step at) {
            destinations.find(step.delivery()).ifPresent(known -> signs.succeeded(known, at));
        }

        private void failed(FileDelivery step, DeliveryException e, Incident.Step at) {
            String id = step.delivery();
            boolean reached = !destinations.isUnreached(id);
            if (reached) {
                succeeded(step, Incident.Step.CONNECT);
            }
            destinations.find(id).ifPresent(known -> signs.failed(known, e, reached ? at : Incident.Step.CONNECT));
        }

        /** The failed step may have saved uploads and requests. */
        private ExportRun saved(ExportRun run) {
            return delivery.services().store().run(run.number()).orElse(run);
        }

        private ExportRun saveFailure(
                ExportRun run, FileDelivery step, DeliveryException e, DeliveryException mostSevere) {
            ExportRun logged = RunLog.withFailure(run, now(), e, calls.takeTries(step.delivery()));
            return delivery.ledger()
                    .save(RunBuilder.of(logged)
                            .failure(RunLedger.failure(mostSevere))
                            .build());
        }

        /** Notifies the listeners when a destination has all files. */
        private ExportRun publishIfComplete(ExportRun run, String id) {
            ExportRun logged = withEntry(run, id, DeliveryState.PUBLISHED, RunPhase.PUBLISHED);
            if (logged != run) {
                delivery.services()
                        .listeners()
                        .publish(
                                new DeliveredFilesEvent(Kind.DELIVERED, logged, id, DeliverySteps.ofDelivery(run, id)));
                reportRefused(logged, id);
            }
            return logged;
        }

        /** Notifies the listeners of recipients that were not refused in the run before. */
        private void reportRefused(ExportRun run, String id) {
            List<RecipientDelivery> refused =
                    new ArrayList<>(run.refusedRecipients().getOrDefault(id, List.of()));
            if (!refused.isEmpty()) {
                Set<String> before = StoredRecipients.refusedBefore(delivery.services(), run, id);
                refused.removeIf(recipient -> before.contains(recipient.key()));
            }
            if (!refused.isEmpty()) {
                delivery.services().listeners().publish(new RecipientsRefusedEvent(run, id, refused));
            }
        }

        private ExportRun withEntry(ExportRun run, String id, DeliveryState state, RunPhase phase) {
            return DestinationLog.with(run, id, state, phase, now(), calls);
        }
    }

    /** Returns the failure to report: a permanent one comes before a retryable one. */
    private static DeliveryException moreSevere(@Nullable DeliveryException first, DeliveryException next) {
        if (first == null) {
            return next;
        }
        boolean nextIsMoreSevere = first.retryable() && !next.retryable();
        DeliveryException reported = nextIsMoreSevere ? next : first;
        reported.addSuppressed(nextIsMoreSevere ? first : next);
        return reported;
    }
}
