package io.outfeed.operation;

import static java.util.Objects.requireNonNull;

import io.outfeed.ExportJob;
import io.outfeed.backfill.BackfillProgress;
import io.outfeed.delivery.RecipientDelivery;
import io.outfeed.error.Problem;
import io.outfeed.run.ExportRun;
import io.outfeed.schedule.Frequency;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A job in a list of jobs.
 *
 * <p>Immutable.
 *
 * @param job the job as it was added last
 * @param status its status
 * @param frequency how often its schedule fires; empty if it has none
 * @param nextFire its next fire time, never in the past while a run waits; empty if it has none, or the schedule is
 *     over, paused or disabled
 * @param current its run that is in progress, waits or is held
 * @param delay why it owes a file, if it does
 * @param progress the progress of its run in this engine; empty if there is none, or if another node executes the run
 * @param lastOutcome its newest scheduled or manual run that ended in success or failure
 * @param refusedRecipients the recipients that did not get the files which were delivered last, since their
 *     destinations have refused them: the others have them. Whatever runs follow without files, a recipient is here
 *     until a file is accepted for it, or the job does not have it any more; by the id of their delivery, mostly empty
 * @param pause who has paused it, and why
 * @param backfill how far the backfill has come that was started last; empty if there was none
 * @param failuresInARow how many runs have failed since the last success, or since it was resumed
 * @param unconfirmedRuns how many of its runs do not know whether a file has arrived, and a person has to
 *     {@linkplain RunHandle#acknowledge acknowledge}: {@link io.outfeed.run.RunQuery#unconfirmed} lists them
 * @param overdueSince the deadline by which nothing was delivered, nor since; empty if the job is not overdue
 * @param damage what the store can't read of it, and what to do; what else the store has of it is missing here then
 */
public record JobSummary(
        ExportJob job,
        JobStatus status,
        Optional<Frequency> frequency,
        Optional<Instant> nextFire,
        Optional<ExportRun> current,
        Optional<JobDelay> delay,
        Optional<RunProgress> progress,
        Optional<ExportRun> lastOutcome,
        Map<String, List<RecipientDelivery>> refusedRecipients,
        Optional<JobPause> pause,
        Optional<BackfillProgress> backfill,
        int failuresInARow,
        int unconfirmedRuns,
        Optional<Instant> overdueSince,
        Optional<Problem> damage) {

    /**
     * Checks that nothing is missing, and copies the recipients.
     *
     * @param job the job as it was added last
     * @param status its status
     * @param frequency how often its schedule fires; empty if it has none
     * @param nextFire when it runs next by its schedule; empty if it has none, or the schedule is over, paused or
     *     disabled
     * @param current its run that is in progress, waits or is held
     * @param delay why it owes a file, if it does
     * @param progress the progress of its run in this engine
     * @param lastOutcome its newest scheduled or manual run that ended in success or failure
     * @param refusedRecipients the recipients that their destinations refuse, by the id of their delivery
     * @param pause who has paused it, and why
     * @param backfill how far the backfill has come that was started last
     * @param failuresInARow how many runs have failed since the last success, or since it was resumed
     * @param unconfirmedRuns how many of its runs do not know whether a file has arrived, and a person has to
     *     {@linkplain RunHandle#acknowledge acknowledge}: {@link io.outfeed.run.RunQuery#unconfirmed} lists them
     * @param overdueSince the deadline by which nothing was delivered, nor since; empty if the job is not overdue
     * @param damage what the store can't read of it
     */
    public JobSummary {
        requireNonNull(job, "job");
        requireNonNull(status, "status");
        requireNonNull(frequency, "frequency");
        requireNonNull(nextFire, "nextFire");
        requireNonNull(current, "current");
        requireNonNull(delay, "delay");
        requireNonNull(progress, "progress");
        requireNonNull(lastOutcome, "lastOutcome");
        requireNonNull(pause, "pause");
        requireNonNull(backfill, "backfill");
        requireNonNull(overdueSince, "overdueSince");
        requireNonNull(damage, "damage");
        Map<String, List<RecipientDelivery>> refused = new TreeMap<>();
        refusedRecipients.forEach((delivery, recipients) -> refused.put(delivery, List.copyOf(recipients)));
        refusedRecipients = Collections.unmodifiableMap(refused);
    }

    /**
     * Tells whether a person may have to do something: the job is damaged, delayed, held, paused or has failed, has
     * missed its deadline, does not know whether a file has arrived, has recipients that are refused, or a backfill
     * that is stopped.
     *
     * @return whether it is to be looked at
     */
    public boolean needsAttention() {
        return switch (status) {
            case DAMAGED, DELAYED, HELD, PAUSED, FAILED -> true;
            default ->
                overdueSince.isPresent() || unconfirmedRuns > 0 || !refusedRecipients.isEmpty() || backfillStopped();
        };
    }

    private boolean backfillStopped() {
        return backfill.filter(progress -> progress.status() == BackfillProgress.Status.STOPPED)
                .isPresent();
    }

    /** The name, the status, the progress, and the next fire. */
    @Override
    public String toString() {
        return job + ": " + status.label()
                + damage.map(what -> ", " + what).orElse("")
                + delay.map(why -> ", " + why).orElse("")
                + overdueSince.map(at -> ", overdue since " + at).orElse("")
                + (unconfirmedRuns > 0 ? ", unconfirmed runs: " + unconfirmedRuns : "")
                + (refusedRecipients.isEmpty() ? "" : ", refused recipients: " + refusedRecipients)
                + backfill.filter(made -> made.active() || backfillStopped())
                        .map(made -> ", " + made)
                        .orElse("")
                + progress.map(now -> ", " + now).orElse("")
                + nextFire.map(at -> ", next at " + at).orElse("");
    }
}
