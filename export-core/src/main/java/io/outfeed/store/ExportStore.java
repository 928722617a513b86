package io.outfeed.store;

import io.outfeed.operation.History;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the engine remembers between runs: positions, runs with their deliveries, planned fires, locks.
 *
 * <p>An SPI: {@link FileStore} is the default. Thread-safe. What a method has written is durable when it returns, and
 * readers see each write as a whole. Failures are {@link io.outfeed.error.StoreException}s; the engine retries none of
 * them.
 */
public interface ExportStore extends AutoCloseable {

    /**
     * Takes the lock of a job.
     *
     * @param job the name of the job
     * @return the lock, with a token greater than every one before; or empty if somebody has it
     */
    Optional<JobLock> tryLock(String job);

    /**
     * Gives a run number that was never given before, and never will be, whatever happens to the run.
     *
     * @return one or more
     */
    long newRunNumber();

    /**
     * Writes a run, new or changed.
     *
     * @param lock the lock of the run's job
     * @param run the run
     * @throws io.outfeed.error.StoreException if the lock was lost; nothing is written then
     */
    void save(JobLock lock, ExportRun run);

    /**
     * Reads a run.
     *
     * @param number the number of the run
     * @return the run, or empty if it is not known or was pruned
     */
    Optional<ExportRun> run(long number);

    /**
     * Names the jobs of which the store knows runs or positions, whether or not an engine has them.
     *
     * @return the names, sorted
     */
    List<String> jobs();

    /**
     * Lists runs, those of jobs that no engine has any more included. A filter should not cost a look at every run.
     *
     * @param query which runs, and how many at most
     * @return the runs, newest first: by falling number
     */
    List<ExportRun> runs(RunQuery query);

    /**
     * Reads the runs of a job that have yet to be finished or dropped.
     *
     * @param job the name of the job
     * @return the runs, oldest first
     */
    List<ExportRun> unfinishedRuns(String job);

    /**
     * Forgets old runs of a job, the oldest first. Numbers are not given again, and positions stay.
     *
     * @param job the name of the job
     * @param endedBefore runs that ended before this time are forgotten
     * @param beforeEach is called with each run before it is forgotten; what it throws ends the work
     */
    void prune(String job, Instant endedBefore, Consumer<ExportRun> beforeEach);

    /**
     * Reads up to where a job has been delivered.
     *
     * @param job the name of the job
     * @return the positions; {@link JobPositions#NONE} if it has never committed
     */
    JobPositions positions(String job);

    /**
     * Moves all positions of a job, with the run's number and sequence, in one step: the only commit point of a run.
     *
     * @param lock the lock of the job
     * @param expected what {@link #positions} must still be
     * @param next what it will be
     * @throws io.outfeed.error.StoreException if the lock was lost, or the positions are not the expected ones; nothing
     *     is written then
     */
    void commit(JobLock lock, JobPositions expected, JobPositions next);

    /**
     * Reads when a job fires next.
     *
     * @param job the name of the job
     * @return the plan, or empty if none was ever made
     */
    Optional<FirePlan> firePlan(String job);

    /**
     * Replaces the plan of a job, if it is still the expected one. Of all nodes that see the same due fire only one
     * succeeds: that is how a fire is claimed.
     *
     * @param job the name of the job
     * @param expected the plan as it was read; empty if there was none
     * @param next the new plan
     * @return whether the plan was replaced
     */
    boolean replaceFirePlan(String job, Optional<FirePlan> expected, FirePlan next);

    /**
     * Reads what is remembered of a job besides its runs, positions and plan.
     *
     * @param job the name of the job
     * @return the state; {@link JobState#NONE} if there is nothing to remember
     */
    JobState jobState(String job);

    /**
     * Replaces what is remembered of a job, if it is still the expected state. Needs no lock: a job is paused while it
     * runs.
     *
     * @param job the name of the job
     * @param expected the state as it was read
     * @param next the new state
     * @return whether the state was replaced
     */
    boolean replaceJobState(String job, JobState expected, JobState next);

    /**
     * Reads what a list shows of many jobs, in few steps. What changes in the meantime is seen in some of the records,
     * or not.
     *
     * @param jobs the names of the jobs
     * @return a record for each name, in the same order; one without runs for a job that the store does not know
     */
    List<JobRecord> jobRecords(List<String> jobs);

    /**
     * Forgets a job: its plan and its state, and its positions and runs too if history is purged. Numbers of runs and
     * fencing tokens are not given again. The lock stays with its owner. Called again after a crash.
     *
     * @param lock the lock of the job
     * @param history what becomes of runs and positions
     * @param beforeEach is called with each run before it is forgotten, in any order; what it throws ends the work, and
     *     the rest is forgotten when it is called again
     * @throws io.outfeed.error.StoreException if the lock was lost; nothing is forgotten then
     */
    void removeJob(JobLock lock, History history, Consumer<ExportRun> beforeEach);

    /** Gives back what the store holds. The engine closes only a store that it made itself. */
    @Override
    void close();
}
