package io.outfeed.store;

import static java.util.Objects.requireNonNull;

import io.outfeed.run.ExportRun;
import java.util.List;
import java.util.Optional;

/**
 * The stored values of a job for lists.
 *
 * <p>Immutable.
 *
 * @param job the name of the job
 * @param state what is remembered of it
 * @param plan when it fires next
 * @param lastOutcome its newest run that says how it does, as {@link io.outfeed.run.RunQuery#outcomes} has it
 * @param unfinished its runs that have yet to be finished or dropped, oldest first
 * @param unconfirmedRuns how many runs a person has to acknowledge
 */
public record JobRecord(
        String job,
        JobState state,
        Optional<FirePlan> plan,
        Optional<ExportRun> lastOutcome,
        List<ExportRun> unfinished,
        int unconfirmedRuns) {

    /**
     * Copies the list.
     *
     * @param job the name of the job
     * @param state what is remembered of it
     * @param plan when it fires next
     * @param lastOutcome its newest run that says how it does, as {@link io.outfeed.run.RunQuery#outcomes} has it
     * @param unfinished its runs that have yet to be finished or dropped, oldest first
     * @param unconfirmedRuns how many runs a person has to acknowledge
     */
    public JobRecord {
        requireNonNull(job, "job");
        requireNonNull(state, "state");
        requireNonNull(plan, "plan");
        requireNonNull(lastOutcome, "lastOutcome");
        unfinished = List.copyOf(unfinished);
    }
}
