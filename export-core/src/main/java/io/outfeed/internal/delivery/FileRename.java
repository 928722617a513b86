package io.outfeed.internal.delivery;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.error.DeliveryException;
import io.outfeed.internal.delivery.RenameVerdict.Answer;
import io.outfeed.internal.delivery.RenameVerdict.Facts;
import io.outfeed.internal.delivery.RenameVerdict.Target;
import io.outfeed.internal.delivery.RenameVerdict.Temporary;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.run.ExportRun;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.run.file.PublicationRequest;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renames temporary files, and finds out what became of a request that failed or was not answered: the destination is
 * inspected before and after it. Used by one thread.
 */
final class FileRename {

    private static final Logger log = LoggerFactory.getLogger(FileRename.class);

    private final RunDelivery delivery;
    private final Destinations destinations;
    private final RetryingCalls calls;

    /** The sessions that were asked repeatedly whether a file is renamed: once is enough. */
    private final Set<DeliverySession> waited = new HashSet<>();

    /** The steps whose request was refused. */
    private final Set<String> refused = new HashSet<>();

    /** Whether the current try has sent its request. */
    private boolean sent;

    FileRename(RunDelivery delivery, Destinations destinations, RetryingCalls calls) {
        this.delivery = delivery;
        this.destinations = destinations;
        this.calls = calls;
    }

    /**
     * What became of a file.
     *
     * @param verdict what is known
     * @param receipt the receipt, if it is published
     */
    record Renamed(RenameVerdict verdict, Optional<DeliveryReceipt> receipt) {}

    /** Returns an intent with what the destination has now, to be stored before the request is sent. */
    PublicationRequest look(ExportRun run, FileDelivery step) {
        return calls.call(run, step, tries -> look(destinations.sessionFor(run, step.delivery()), step));
    }

    private PublicationRequest look(DeliverySession session, FileDelivery step) throws Exception {
        PreparedFile prepared = step.prepared().orElseThrow();
        return PublicationRequest.intended(
                delivery.services().clock().instant(),
                session.inspect(prepared.temporary().orElseThrow()),
                session.inspect(prepared.location()));
    }

    /** The same, but empty if it fails: it will be repeated. */
    Optional<PublicationRequest> tryLook(ExportRun run, FileDelivery step) {
        try {
            return Optional.of(look(destinations.sessionFor(run, step.delivery()), step));
        } catch (Throwable e) {
            log.debug(
                    "{} could not be inspected at delivery '{}' yet",
                    step.path(),
                    step.delivery(),
                    HostCalls.redact(e));
            return Optional.empty();
        }
    }

    /** Finds out what became of a request that an earlier attempt may have sent. */
    RenameVerdict resolve(ExportRun run, FileDelivery step) {
        return calls.call(
                run,
                step,
                tries -> verdict(destinations.sessionFor(run, step.delivery()), run, step, Answer.NONE, true));
    }

    /**
     * Sends the request of a step, which is stored.
     *
     * @param mayBeDone whether an earlier request may have been carried out
     * @throws DeliveryException if the file is certainly not published, or if it will be found out later
     */
    Renamed request(ExportRun run, FileDelivery step, boolean mayBeDone) {
        sent = false;
        refused.remove(key(step));
        try {
            return calls.call(run, step, tries -> {
                DeliverySession session = destinations.sessionFor(run, step.delivery());
                if (sent) { // by the try before, whose failure may hide that it is done
                    sent = false;
                    RenameVerdict before = verdict(session, run, step, Answer.NONE, true);
                    if (before != RenameVerdict.FAILED && before != RenameVerdict.REQUEST_AGAIN) {
                        return renamed(before, step, Optional.empty());
                    }
                }
                return send(session, run, step, mayBeDone || tries > 1);
            });
        } catch (DeliveryException e) {
            return afterFailure(run, step, e);
        }
    }

    private Renamed send(DeliverySession session, ExportRun run, FileDelivery step, boolean mayBeDone)
            throws Exception {
        sent = true;
        Optional<DeliveryReceipt> receipt =
                session.publish(step.prepared().orElseThrow(), delivery.outgoing(run, step));
        boolean seen = request(step).temporary().presence() == Inspection.Presence.PRESENT;
        RenameVerdict verdict =
                verdict(session, run, step, receipt.isPresent() ? Answer.DONE : Answer.GONE, mayBeDone || seen);
        return switch (verdict) {
            case NOT_DONE -> {
                sent = false;
                throw notDone(run, step);
            }
            case FAILED -> {
                sent = false;
                throw contradiction(run, step);
            }
            default -> renamed(verdict, step, receipt);
        };
    }

    private static DeliveryException notDone(ExportRun run, FileDelivery step) {
        return DeliveryException.permanent(
                step.delivery(),
                "delivery '" + step.delivery() + "' has acknowledged the rename of " + step.path()
                        + ", and has not done it: the file still has its temporary name, and nothing is visible; find"
                        + " out why the server does that, or choose another way to publish" + Context.of(run),
                null);
    }

    private static DeliveryException contradiction(ExportRun run, FileDelivery step) {
        return DeliveryException.retryable(
                step.delivery(),
                "delivery '" + step.delivery() + "' did not find the temporary file of " + step.path()
                        + ", which is there" + Context.of(run),
                null);
    }

    /** A failed request may have been carried out. What can't be found out now is found out by the next attempt. */
    private Renamed afterFailure(ExportRun run, FileDelivery step, DeliveryException failure) {
        if (!sent || Thread.currentThread().isInterrupted()) {
            throw failure;
        }
        RenameVerdict verdict;
        try {
            verdict = HostCalls.callDelivery(
                    step.delivery(),
                    "can't find out whether " + step.path() + " is published" + Context.of(run),
                    () -> verdict(destinations.session(step.delivery()), run, step, answer(failure), true));
        } catch (DeliveryException e) {
            destinations.reset(step.delivery());
            failure.addSuppressed(e);
            throw failure;
        }
        if (verdict == RenameVerdict.FAILED && isAnswer(failure)) {
            refused.add(key(step));
        }
        if (verdict == RenameVerdict.FAILED || verdict == RenameVerdict.REQUEST_AGAIN) {
            throw failure;
        }
        log.info(
                "The rename of {} at delivery '{}' failed, and the file is {}: {} (job={}, run={})",
                step.path(),
                step.delivery(),
                verdict,
                failure.getMessage(),
                run.job(),
                run.number());
        return renamed(verdict, step, Optional.empty());
    }

    /** Whether the destination has refused the request: it will not carry it out later. */
    private static boolean isAnswer(DeliveryException failure) {
        return failure.status().isPresent() || !failure.retryable();
    }

    /** Whether the last request of a step was certainly not carried out, and will not be. */
    boolean isRefused(FileDelivery step) {
        return refused.contains(key(step));
    }

    static String key(FileDelivery step) {
        return step.delivery() + "\n" + step.path();
    }

    /** Whether the file is published is the same for both; only an answer that another file is there needs no wait. */
    private static Answer answer(DeliveryException failure) {
        return failure.occupied() ? Answer.FAILED : Answer.NONE;
    }

    static Renamed renamed(RenameVerdict verdict, FileDelivery step, Optional<DeliveryReceipt> receipt) {
        String location = step.prepared().orElseThrow().location();
        return switch (verdict) {
            case PUBLISHED, PUBLISHED_WITH_LITTER -> new Renamed(verdict, receipt);
            case ACKNOWLEDGED -> new Renamed(verdict, receipt.map(FileRename::acknowledged));
            case INFERRED, INFERRED_WITH_LITTER ->
                new Renamed(verdict, Optional.of(new DeliveryReceipt(location, Publication.INFERRED)));
            case LOST, NOT_KNOWN, FAILED, NOT_DONE, REQUEST_AGAIN -> new Renamed(verdict, Optional.empty());
        };
    }

    private static DeliveryReceipt acknowledged(DeliveryReceipt receipt) {
        return receipt.publication() == Publication.ATOMIC
                ? new DeliveryReceipt(receipt.location(), Publication.ACKNOWLEDGED)
                : receipt;
    }

    // ---- looks after the request

    private RenameVerdict verdict(
            DeliverySession session, ExportRun run, FileDelivery step, Answer answer, boolean mayBeDone)
            throws Exception {
        boolean wait = answer != Answer.FAILED && waited.add(session);
        for (int looks = 1; ; looks++) {
            Facts facts = facts(session, run, step, answer, mayBeDone);
            boolean pending = facts.temporary() == Temporary.THERE && facts.target() != Target.OURS;
            if (!pending || !wait || !delivery.services().retries().awaitLook(looks)) {
                if (!pending && wait) {
                    waited.remove(session); // it did not have to wait
                }
                return checked(RenameVerdict.of(facts), step);
            }
        }
    }

    /** A file that is nowhere may be in a directory that is away since its session was used. */
    private RenameVerdict checked(RenameVerdict verdict, FileDelivery step) {
        if (verdict == RenameVerdict.LOST || verdict == RenameVerdict.NOT_KNOWN) {
            destinations.checkDirectory(step.delivery());
        }
        return verdict;
    }

    private Facts facts(DeliverySession session, ExportRun run, FileDelivery step, Answer answer, boolean mayBeDone)
            throws Exception {
        PreparedFile prepared = step.prepared().orElseThrow();
        Temporary temporary = temporary(session.inspect(prepared.temporary().orElseThrow()));
        boolean decided = answer == Answer.DONE && temporary != Temporary.THERE;
        Target target = decided
                ? Target.NOT_SAID
                : FileIdentity.of(
                        request(step),
                        session.inspect(prepared.location()),
                        DeliverySteps.file(run, step).bytes(),
                        () -> hasSameContent(session, run, step));
        return new Facts(answer, temporary, target, mayBeDone);
    }

    /** A directory that is gone says nothing of its files: it may be mounted again. */
    private static Temporary temporary(Inspection found) {
        return switch (found.presence()) {
            case PRESENT, OTHER -> Temporary.THERE;
            case MISSING -> Temporary.GONE;
            case DIRECTORY_MISSING, NOT_SAID -> Temporary.NOT_SAID;
        };
    }

    private static PublicationRequest request(FileDelivery step) {
        return step.request().orElseThrow();
    }

    private static boolean hasSameContent(DeliverySession session, ExportRun run, FileDelivery step) {
        try {
            String location = step.prepared().orElseThrow().location();
            return session.sha256(location)
                    .filter(DeliverySteps.file(run, step).sha256()::equals)
                    .isPresent();
        } catch (Throwable e) {
            log.debug(
                    "{} could not be read back from delivery '{}'", step.path(), step.delivery(), HostCalls.redact(e));
            return false;
        }
    }
}
