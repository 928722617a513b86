package io.outfeed.console.internal.part;

import io.outfeed.backfill.BackfillProgress;
import io.outfeed.console.internal.html.Text;
import io.outfeed.delivery.Delivery;
import io.outfeed.operation.JobStatus;
import io.outfeed.operation.JobSummary;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A job in a list.
 *
 * @param summary the job and its state
 * @param customer its customer; empty if it has none
 * @param cause why it needs attention; empty if it does not
 * @param since since when; empty if that is not known
 * @param next what a person does next; empty if nothing is to be done
 */
public record JobLine(JobSummary summary, String customer, String cause, Optional<Instant> since, String next) {

    public static JobLine of(Context context, JobSummary summary) {
        return new JobLine(
                summary,
                context.settings().customer(summary.job()),
                cause(summary),
                since(summary),
                NextStep.of(summary, context.times()));
    }

    private static String cause(JobSummary job) {
        Optional<String> cause = switch (job.status()) {
            case DAMAGED -> job.damage().map(damage -> damage.message());
            case DELAYED -> job.delay().map(delay -> delay.failure().message());
            case HELD -> job.current().map(run -> "run " + run.number() + " is held: " + run.note());
            case PAUSED -> job.pause().map(pause -> "paused by " + Text.words(pause.by()) + ": " + pause.reason());
            case FAILED ->
                job.lastOutcome()
                        .map(run ->
                                run.failure().map(failure -> failure.message()).orElse(run.note()));
            default -> Optional.empty();
        };
        return cause.or(() -> lesserCause(job)).orElse("");
    }

    private static Optional<String> lesserCause(JobSummary job) {
        if (job.unconfirmedRuns() > 0) {
            return Optional.of(
                    Text.count(job.unconfirmedRuns(), "run", "runs") + " may have delivered, and nothing proves it");
        } else if (job.overdueSince().isPresent()) {
            return Optional.of("nothing was delivered by the deadline");
        } else if (!job.refusedRecipients().isEmpty()) {
            return Optional.of("recipients are refused at "
                    + String.join(", ", job.refusedRecipients().keySet()));
        } else if (job.needsAttention()) {
            return job.backfill().map(backfill -> "the backfill is stopped: " + backfill.note());
        }
        return Optional.empty();
    }

    private static Optional<Instant> since(JobSummary job) {
        return job.delay()
                .map(delay -> delay.since())
                .or(() -> job.pause().map(pause -> pause.since()))
                .or(() -> job.overdueSince())
                .or(() -> job.status() == JobStatus.FAILED
                        ? job.lastOutcome().flatMap(ExportRun::endedAt)
                        : job.current().map(ExportRun::startedAt));
    }

    public String name() {
        return summary.job().name();
    }

    public String link() {
        return Text.link("job", "name", name());
    }

    /** How far its backfill has come; empty without one. */
    public Optional<String> backfill() {
        return summary.backfill().map(JobLine::backfill);
    }

    private static String backfill(BackfillProgress progress) {
        return "Backfill of " + progress.backfill().definition() + ", "
                + progress.backfill().window().from().text() + " to "
                + progress.backfill().window().until().text() + ": " + progress.done() + " of "
                + Text.count(progress.backfill().chunks(), "chunk", "chunks") + ", " + Text.words(progress.status())
                + progress.window()
                        .filter(chunk -> progress.active())
                        .map(chunk -> ", now from " + chunk.from().text() + " to "
                                + chunk.until().text())
                        .orElse("")
                + (progress.note().isEmpty() ? "" : ": " + progress.note());
    }

    /** Whether its last run has come to its end, and not to a failure. */
    public boolean delivered() {
        return summary.lastOutcome()
                .filter(run -> run.status() == RunStatus.COMMITTED || run.status() == RunStatus.EMPTY)
                .isPresent();
    }

    /** The ids of its destinations. */
    public String destinations() {
        return summary.job().deliveries().stream().map(Delivery::id).collect(Collectors.joining(", "));
    }

    /** How its status looks: {@code good}, {@code bad}, {@code warn} or {@code calm}. */
    public String look() {
        return look(summary);
    }

    public static String look(JobSummary job) {
        return switch (job.status()) {
            case DAMAGED, FAILED, DELAYED -> "bad";
            case HELD, PAUSED -> "warn";
            case SUCCESS -> job.needsAttention() ? "warn" : "good";
            case IN_PROGRESS, DISABLED, YET_TO_EXECUTE -> "calm";
        };
    }

    /** How the status of a run looks. */
    public static String look(ExportRun run) {
        return switch (run.status()) {
            case COMMITTED, EMPTY -> run.unconfirmed() ? "warn" : "good";
            case FAILED, GIVEN_UP -> "bad";
            case HELD, WAITING, DEFERRED -> "warn";
            case PLANNED, STAGED, PUBLISHING, SKIPPED, DISCARDED, CANCELLED -> "calm";
        };
    }
}
