package io.outfeed.internal.delivery;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.IfVanished;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.delivery.RecipientLog;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.event.RunEvent.Kind;
import io.outfeed.internal.delivery.FileRename.Renamed;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.model.RunBuilder;
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

/**
 * Makes uploaded files visible under their own names, and saves each receipt. Before a request is sent, it is stored
 * with what the destination has. Used by one thread.
 */
final class FilePublisher {

    private static final Logger log = LoggerFactory.getLogger(FilePublisher.class);

    private final RunDelivery delivery;
    private final Destinations destinations;
    private final RetryingCalls calls;
    private final StagedBytes bytes;
    private final FileUploader uploader;
    private final FileRename rename;
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
        this.rename = new FileRename(delivery, destinations, calls);
        this.temporaryFiles = new TemporaryFiles(delivery, destinations);
    }

    /** Publishes a file of a run whose status is PUBLISHING. Returns the run, saved, with the receipt. */
    ExportRun publish(ExportRun run, FileDelivery planned) {
        FileDelivery step = DeliverySteps.current(run, planned);
        if (!destinations.has(step.delivery())) {
            return leaveOut(run, step);
        }
        if (step.prepared().isEmpty()) { // an upload that was interrupted, or is gone
            return uploadAndPublish(run, step);
        }
        try {
            return step.prepared().get().temporary().isPresent()
                    ? publishRenamed(run, step)
                    : publishDirectly(run, step);
        } catch (DeliveryException e) {
            if (!e.occupied()) {
                throw e;
            }
            return handleOccupied(run, step, e);
        }
    }

    private ExportRun leaveOut(ExportRun run, FileDelivery step) {
        log.warn(
                "The job no longer has delivery '{}': {} is not sent there (job={}, run={})",
                step.delivery(),
                step.path(),
                run.job(),
                run.number());
        ExportRun left = TemporaryFiles.mayBeThere(step) ? withLitter(run, step) : run;
        return delivery.ledger().save(DeliverySteps.with(left, step, FileDelivery::toRemoved));
    }

    // ---- by a rename

    private ExportRun publishRenamed(ExportRun run, FileDelivery step) {
        boolean mayBeDone = false;
        if (step.request().isPresent() && !intended.contains(key(step))) { // by an earlier attempt
            RenameVerdict earlier = rename.resolve(run, step);
            if (earlier != RenameVerdict.FAILED && earlier != RenameVerdict.REQUEST_AGAIN) {
                return settle(run, step, FileRename.renamed(earlier, step, Optional.empty()));
            }
            mayBeDone = earlier == RenameVerdict.REQUEST_AGAIN;
        }
        if (mayBeDone || intended.contains(key(step))) {
            return request(run, step, mayBeDone);
        }
        PublicationRequest look = rename.look(run, step);
        if (look.temporary().isMissing()) {
            return uploadAndPublish(uploader.countIfTaken(run, step), step);
        }
        intended.add(key(step));
        return request(delivery.ledger().save(DeliverySteps.with(run, step, to -> to.toRequested(look))), step, false);
    }

    private ExportRun request(ExportRun run, FileDelivery step, boolean mayBeDone) {
        sent.add(key(step));
        return settle(run, step, rename.request(run, DeliverySteps.current(run, step), mayBeDone));
    }

    private ExportRun settle(ExportRun run, FileDelivery step, Renamed renamed) {
        return switch (renamed.verdict()) {
            case PUBLISHED, ACKNOWLEDGED, INFERRED ->
                savePublished(run, step, renamed.receipt().orElseThrow());
            case PUBLISHED_WITH_LITTER, INFERRED_WITH_LITTER ->
                savePublished(withLitter(run, step), step, renamed.receipt().orElseThrow());
            case LOST -> uploadAndPublish(uploader.countIfTaken(run, step), step);
            case NOT_KNOWN -> handleVanished(run, step);
            case FAILED, NOT_DONE, REQUEST_AGAIN ->
                throw new IllegalStateException("a request of " + step + " ended as " + renamed.verdict());
        };
    }

    /** Handles a file that may be published, and of which nothing is left. */
    private ExportRun handleVanished(ExportRun run, FileDelivery step) {
        boolean sendAgain = delivery.job().ifVanished() == IfVanished.SEND_AGAIN && !step.repeated();
        log.warn(
                "{} has vanished from delivery '{}', and whether it was published is not known: {} (job={}, run={})",
                step.path(),
                step.delivery(),
                sendAgain ? "it is sent again" : "it counts as taken; ask the receiver, then acknowledge the run",
                run.job(),
                run.number());
        if (sendAgain) {
            return uploadAndPublish(DeliverySteps.with(run, step, FileDelivery::toRepeated), step);
        }
        DeliveryReceipt assumed =
                new DeliveryReceipt(step.prepared().orElseThrow().location(), Publication.ASSUMED);
        ExportRun saved = savePublished(RunBuilder.of(run).unconfirmed(true).build(), step, assumed);
        delivery.services().listeners().publish(Kind.UNCONFIRMED, saved);
        return saved;
    }

    private ExportRun withLitter(ExportRun run, FileDelivery step) {
        return DeliverySteps.withLitter(run, step, delivery.services().clock().instant());
    }

    // ---- directly

    private ExportRun publishDirectly(ExportRun run, FileDelivery step) {
        boolean requestedBefore = step.request().isPresent() && !intended.contains(key(step));
        if (requestedBefore && destinations.takesAtClose(step.delivery())) {
            return handleVanished(run, step);
        }
        ExportRun requested = run;
        if (step.request().isEmpty()) {
            calls.call(run, step, tries -> destinations.sessionFor(run, step.delivery()));
            intended.add(key(step));
            requested = delivery.ledger().save(DeliverySteps.with(run, step, this::toRequestedUnseen));
        }
        StoredRecipients recipients = new StoredRecipients(delivery, requested, step);
        Optional<DeliveryReceipt> receipt = sendDirectly(requested, step, requestedBefore, recipients);
        ExportRun sentTo = recipients.run();
        return receipt.isPresent()
                ? savePublished(sentTo, step, receipt.get())
                : handleVanished(sentTo, DeliverySteps.current(sentTo, step));
    }

    /** @param requestedBefore whether an earlier attempt may have sent a part of the file */
    private Optional<DeliveryReceipt> sendDirectly(
            ExportRun run, FileDelivery step, boolean requestedBefore, RecipientLog recipients) {
        bytes.verify(run, step);
        PreparedFile prepared = step.prepared().orElseThrow();
        Optional<DeliveryReceipt> receipt = calls.call(run, step, tries -> {
            DeliverySession session = destinations.sessionFor(run, step.delivery());
            boolean touched = !sent.add(key(step)) || requestedBefore;
            return session.publish(touched ? prepared.toTouched() : prepared, delivery.outgoing(run, step, recipients));
        });
        delivery.meter().countFileSent();
        return receipt;
    }

    private FileDelivery toRequestedUnseen(FileDelivery step) {
        return step.toRequested(PublicationRequest.intended(
                delivery.services().clock().instant(), Inspection.notSaid(), Inspection.notSaid()));
    }

    // ---- without the ledger

    /** Publishes a copy, whose upload and request are not stored. Returns its receipt; empty if it is not published. */
    Optional<DeliveryReceipt> publishCopy(ExportRun run, FileDelivery prepared) {
        if (prepared.prepared().orElseThrow().temporary().isEmpty()) {
            return sendDirectly(run, prepared, false, RecipientLog.inMemory());
        }
        FileDelivery seen = prepared.toRequested(rename.look(run, prepared));
        return rename.request(run, seen, false).receipt();
    }

    // ---- requests and receipts

    /**
     * Returns the run, not saved, without the request of a step if it was certainly not carried out: a temporary file
     * that is missing at the next attempt was not published then.
     */
    ExportRun withdraw(ExportRun run, FileDelivery step) {
        boolean certainlyNotSent = intended.contains(key(step)) && !sent.contains(key(step));
        return certainlyNotSent || rename.isRefused(step)
                ? DeliverySteps.with(run, step, FileDelivery::toNotRequested)
                : run;
    }

    private static String key(FileDelivery step) {
        return FileRename.key(step);
    }

    /** Saves a receipt, and with it the request for the next file of the destination, whose session is alive. */
    private ExportRun savePublished(ExportRun run, FileDelivery step, DeliveryReceipt receipt) {
        boolean repeated = DeliverySteps.current(run, step).repeated();
        ExportRun published = DeliverySteps.with(
                run,
                step,
                to -> to.toPublished(
                        repeated ? receipt.asRepeated() : receipt,
                        delivery.services().clock().instant()));
        Optional<FileDelivery> next = DeliverySteps.following(published, step)
                .filter(candidate -> candidate.state() == DeliveryState.PREPARED)
                .filter(candidate -> candidate.request().isEmpty());
        return delivery.ledger().save(next.isPresent() ? withRequest(published, next.get()) : published);
    }

    private ExportRun withRequest(ExportRun run, FileDelivery next) {
        if (next.prepared().orElseThrow().temporary().isEmpty()) {
            intended.add(key(next));
            return DeliverySteps.with(run, next, this::toRequestedUnseen);
        }
        Optional<PublicationRequest> look =
                rename.tryLook(run, next).filter(seen -> !seen.temporary().isMissing());
        if (look.isEmpty()) {
            return run;
        }
        intended.add(key(next));
        return DeliverySteps.with(run, next, to -> to.toRequested(look.get()));
    }

    /** Handles a file of the same name that appeared since the upload; the temporary file is still there. */
    private ExportRun handleOccupied(ExportRun run, FileDelivery step, DeliveryException e) {
        return switch (delivery.outgoing(run, step).ifExists()) {
            case KEEP_BOTH -> publishUnderSecondName(run, step, e);
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

    /** Uploads a file again, whose own name is taken, unless it would get the same name. */
    private ExportRun publishUnderSecondName(ExportRun run, FileDelivery step, DeliveryException occupied) {
        String location = step.prepared().orElseThrow().location();
        if (location.endsWith(delivery.outgoing(run, step).keptBoth().name())) {
            throw occupied;
        }
        ExportRun again = uploadAgain(withLitter(run, step), step);
        ExportRun cleaned = delivery.ledger().save(temporaryFiles.removeLitter(again, step.delivery()));
        FileDelivery renamed = DeliverySteps.current(cleaned, step);
        if (renamed.prepared().orElseThrow().location().equals(location)) { // what has it can't be seen there
            throw occupied;
        }
        return publish(cleaned, step);
    }

    private ExportRun uploadAndPublish(ExportRun run, FileDelivery step) {
        return publish(uploadAgain(run, step), step);
    }

    private ExportRun uploadAgain(ExportRun run, FileDelivery step) {
        log.info(
                "Uploading {} to delivery '{}' again (job={}, run={})",
                step.path(),
                step.delivery(),
                run.job(),
                run.number());
        intended.remove(key(step));
        sent.remove(key(step));
        delivery.meter().changeStep(Step.UPLOADING);
        ExportRun uploaded = uploader.uploadAgain(run, step);
        delivery.meter().changeStep(Step.PUBLISHING);
        return uploaded;
    }
}
