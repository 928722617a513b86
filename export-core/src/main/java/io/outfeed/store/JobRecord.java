package io.outfeed.store;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.Problem;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import java.util.List;
import java.util.Optional;

/**
 * The stored values of a job.
 *
 * <p>Immutable.
 *
 * @param job the name of the job
 * @param state what is remembered of it
 * @param plan when it fires next
 * @param positions up to where it has been delivered
 * @param lastOutcome its newest run that says how it does, as {@link io.outfeed.run.RunQuery#outcomes} has it
 * @param unfinished its runs that have yet to be finished or dropped, oldest first
 * @param unconfirmedRuns how many runs a person has to acknowledge
 * @param damage what the store can't read of the job, whose other values are missing then
 */
public record JobRecord(
        String job,
        JobState state,
        Optional<FirePlan> plan,
        JobPositions positions,
        Optional<ExportRun> lastOutcome,
        List<ExportRun> unfinished,
        int unconfirmedRuns,
        Optional<Problem> damage) {

    /**
     * Copies the list.
     *
     * @param job the name of the job
     * @param state what is remembered of it
     * @param plan when it fires next
     * @param positions up to where it has been delivered
     * @param lastOutcome its newest run that says how it does, as {@link io.outfeed.run.RunQuery#outcomes} has it
     * @param unfinished its runs that have yet to be finished or dropped, oldest first
     * @param unconfirmedRuns how many runs a person has to acknowledge
     * @param damage what the store can't read of the job, whose other values are missing then
     */
    public JobRecord {
        requireNonNull(job, "job");
        requireNonNull(state, "state");
        requireNonNull(plan, "plan");
        requireNonNull(positions, "positions");
        requireNonNull(lastOutcome, "lastOutcome");
        requireNonNull(damage, "damage");
        unfinished = List.copyOf(unfinished);
    }

    /**
     * Returns the record of a job of which the store has nothing.
     *
     * @param job the name of the job
     * @return the record
     */
    public static JobRecord unknown(String job) {
        return withoutValues(job, Optional.empty());
    }

    /**
     * Returns the record of a job that can't be read.
     *
     * @param job the name of the job
     * @param damage what can't be read
     * @return the record, without other values
     */
    public static JobRecord damaged(String job, Problem damage) {
        return withoutValues(job, Optional.of(damage));
    }

    private static JobRecord withoutValues(String job, Optional<Problem> damage) {
        return new JobRecord(
                job, JobState.NONE, Optional.empty(), JobPositions.NONE, Optional.empty(), List.of(), 0, damage);
    }
}
