package io.outfeed.mail.internal.notification;

import io.outfeed.error.FailureCode;
import io.outfeed.event.ExportEvent;
import io.outfeed.event.RunEvent;
import io.outfeed.run.Attempt.Outcome;
import io.outfeed.run.ExportRun;
import io.outfeed.run.Waiting;
import java.time.Duration;
import java.util.Optional;

/** Runs that needed more than one attempt, because one has failed. */
public final class Delays {

    private Delays() {}

    /**
     * Returns the event with which the delay of a run began that has ended now: the recipients of a mail about that
     * event get one about the end too.
     *
     * @return an event of the run as it is now; empty if the event is no end, or the run was not delayed
     */
    public static Optional<ExportEvent> beginning(ExportEvent event) {
        return event instanceof RunEvent of && of.kind().end() && wasDelayed(of.run())
                ? Optional.of(new RunEvent(RunEvent.Kind.DELAYED, of.run()))
                : Optional.empty();
    }

    /** Whether an attempt has failed that was not the only one; to wait for the receiver is no failure. */
    static boolean wasDelayed(ExportRun run) {
        return run.attemptCount() > 1 && hasFailed(run);
    }

    private static boolean hasFailed(ExportRun run) {
        return run.attempts().stream()
                .filter(attempt -> attempt.outcome() == Outcome.FAILED)
                .anyMatch(attempt -> attempt.failure()
                        .filter(failure -> failure.code() != FailureCode.NAME_AWAITED)
                        .isPresent());
    }

    /** Since when, for how long and how often; empty if no attempt has failed, or the run has ended with its first. */
    static String since(ExportRun run) {
        boolean open = !run.status().ended() && hasFailed(run);
        if (run.failingSince().isEmpty() || !(open || wasDelayed(run))) {
            return "";
        }
        String duration = run.endedAt()
                .map(end ->
                        ", for " + duration(Duration.between(run.failingSince().get(), end)))
                .orElse("");
        return "since " + run.failingSince().get() + duration + ", "
                + EventSummary.count(run.attemptCount(), "attempt");
    }

    /** What happens without a person; empty unless the run waits. */
    static String next(ExportRun run) {
        return run.waiting().map(waiting -> next(run, waiting)).orElse("");
    }

    private static String next(ExportRun run, Waiting waiting) {
        String attempt = "attempt " + (run.attemptCount() + 1);
        String at = attempt + " at " + waiting.until();
        String bound = run.publishing() ? "" : ", until retryFor of the job is over";
        return switch (waiting.cause()) {
            case BACKOFF -> at + ", then at intervals that grow to an hour" + bound;
            case PERSON -> at + ", then once an hour" + bound;
            case OCCUPIED -> at + ": the receiver may have taken the old file by then" + bound;
            case RESTART -> attempt + " as soon as an engine has the job";
            case DELIVERY_WINDOW -> at + ", when the delivery window opens";
            case BYTES_ELSEWHERE -> attempt + " at the node that has the files";
            case INCIDENT -> attempt + " when another job, which tries for all, has succeeded" + bound;
        };
    }

    private static String duration(Duration duration) {
        if (duration.toDays() > 0) {
            return duration.toDays() + " d " + duration.toHoursPart() + " h";
        } else if (duration.toHours() > 0) {
            return duration.toHours() + " h " + duration.toMinutesPart() + " min";
        }
        return duration.toMinutes() > 0 ? duration.toMinutes() + " min" : duration.toSeconds() + " s";
    }
}
