package io.outfeed.store;

import io.outfeed.audit.AuditEntry;
import io.outfeed.audit.AuditQuery;
import io.outfeed.audit.AuditRecord;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.incident.IncidentRecord;
import io.outfeed.operation.History;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunQuery;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The persistent state of an engine: positions, runs with their deliveries, planned fires, incidents, locks.
 *
 * <p>An SPI: {@link FileStore} is the default. Thread-safe. A write is durable when its method returns, and atomic for
 * readers. Failures are {@link io.outfeed.error.StoreException}s; the engine retries none of them.
 */
public interface ExportStore extends AutoCloseable {

    /**
     * Takes the lock of a job.
     *
     * @param job the name of the job
     * @return the lock, with a token greater than every one before; empty if the lock is taken
     */
    Optional<JobLock> tryLock(String job);

    /**
     * Returns a new run number, which is never reused, whatever happens to the run.
     *
     * @return one or more
     */
    long newRunNumber();

    /**
     * Writes a step of a run, new or changed. If the answer was lost, the same step may be appended again.
     *
     * @param lock the lock of the run's job
     * @param step the step; its {@linkplain RunStep#index() index} is the number of steps that the store has of the run
     * @return whether the step was written; false if the run would become {@linkplain ExportRun#publishing()
     *     publishing} with it, and {@link #requestCancel} was before
     * @throws io.outfeed.error.StoreException if the lock was lost, the job was renamed, or the run has other steps
     *     than expected; nothing is written then
     * @throws IllegalArgumentException if the lock is that of another job
     */
    boolean append(JobLock lock, RunStep step);

    /**
     * Requests that a run is not published. Needs no lock, since the run may be in progress. Of several requests the
     * first one counts.
     *
     * @param run the number of the run
     * @param reason why, for people
     * @return whether it was not too late; false if the run is unknown, has ended or is publishing, and nothing is
     *     written then
     */
    boolean requestCancel(long run, String reason);

    /**
     * Returns whether it was requested that a run is not published.
     *
     * @param run the number of the run
     * @return the reason; empty without a request, or if the run has ended
     */
    Optional<String> cancelRequested(long run);

    /**
     * Reads a run.
     *
     * @param number the number of the run
     * @return the run; empty if it is unknown or was pruned
     */
    Optional<ExportRun> run(long number);

    /**
     * Returns the jobs that have runs or positions in the store, whether or not an engine has them.
     *
     * @return the names, sorted
     */
    List<String> jobs();

    /**
     * Lists runs, also of jobs that no engine has. A filter should not need to read every run. A run that is damaged is
     * left out, unless the query is for its job: then it is an exception.
     *
     * @param query which runs, and how many at most
     * @return the runs, newest first: by descending number
     */
    List<ExportRun> runs(RunQuery query);

    /**
     * Returns the runs of a job that have not ended.
     *
     * @param job the name of the job
     * @return the runs, oldest first
     */
    List<ExportRun> unfinishedRuns(String job);

    /**
     * Deletes old runs of a job, the oldest first. Run numbers are not reused, and positions stay.
     *
     * @param job the name of the job
     * @param endedBefore runs that ended before this time are deleted
     * @param beforeEach is called with each run before it is deleted; an exception stops the deletion
     */
    void prune(String job, Instant endedBefore, Consumer<ExportRun> beforeEach);

    /**
     * Returns the positions up to which a job has been delivered.
     *
     * @param job the name of the job
     * @return the positions; {@link JobPositions#NONE} if it has never committed
     */
    JobPositions positions(String job);

    /**
     * Moves all positions of a job, with the run's number and sequence, in one step: the only commit point of a run.
     *
     * @param lock the lock of the job
     * @param expected the expected current {@link #positions}
     * @param next the new positions
     * @throws io.outfeed.error.StoreException if the lock was lost, or the positions are not the expected ones; nothing
     *     is written then
     */
    void commit(JobLock lock, JobPositions expected, JobPositions next);

    /**
     * Writes positions in place of damaged ones, after a person has set them. The engine calls it if {@link #positions}
     * has failed with {@link io.outfeed.error.FailureCode#STORE_DAMAGED}.
     *
     * @param lock the lock of the job
     * @param next the positions
     * @throws io.outfeed.error.StoreException if the lock was lost or the job was renamed; nothing is written then
     */
    void restorePositions(JobLock lock, JobPositions next);

    /**
     * Returns when a job fires next.
     *
     * @param job the name of the job
     * @return the plan; empty if there was never one
     */
    Optional<FirePlan> firePlan(String job);

    /**
     * Replaces the plan of a job, if it is still the expected one: its schedule is new or was changed. No fire time is
     * claimed by this.
     *
     * @param job the name of the job
     * @param expected the plan as it was read; empty if there was none
     * @param next the new plan
     * @return whether the plan was replaced
     */
    boolean replaceFirePlan(String job, Optional<FirePlan> expected, FirePlan next);

    /**
     * Claims fire times for a run, if the plan of the job is still the one that has them: replaces the plan, and writes
     * the step of the run that takes the fire times, both or neither. Of all nodes that see the same due fire only one
     * succeeds, whatever the others believe. If the answer was lost, the same claim may be made again.
     *
     * <p>A store of one process may write the step first: after a crash in between, the engine claims the fire times
     * for the run that is there.
     *
     * @param lock the lock of the run's job
     * @param claim the fire times
     * @param step the step, as for {@link #append}; the run is not publishing
     * @return whether the fire times were claimed; false if they were before, and the step is not written then
     * @throws io.outfeed.error.StoreException if the lock was lost, the job was renamed, or the run has other steps
     *     than expected; nothing is written then
     * @throws IllegalArgumentException if the lock is that of another job
     */
    boolean claim(JobLock lock, FirePlan.Claim claim, RunStep step);

    /**
     * Adds the plans and states of jobs that have none, many in few steps. By default one after the other.
     *
     * @param jobs the jobs, with different names
     * @return the names of those whose plan and state are as given now; the others had a plan or a state, or were
     *     renamed, and nothing was written for them
     */
    default Set<String> addJobs(List<NewJob> jobs) {
        Set<String> added = new HashSet<>();
        for (NewJob job : jobs) {
            boolean planned = renamedTo(job.job()).isEmpty()
                    && jobState(job.job()).equals(JobState.NONE)
                    && replaceFirePlan(job.job(), Optional.empty(), job.plan());
            if (planned) {
                replaceJobState(job.job(), JobState.NONE, job.state());
            }
            if (firePlan(job.job()).equals(Optional.of(job.plan()))
                    && jobState(job.job()).equals(job.state())) {
                added.add(job.job());
            }
        }
        return added;
    }

    /**
     * Returns the state of a job: its pause and its failures.
     *
     * @param job the name of the job
     * @return the state; {@link JobState#NONE} if none was written
     */
    JobState jobState(String job);

    /**
     * Replaces the state of a job, if it is still the expected one. Needs no lock, since a job may be paused while it
     * runs.
     *
     * @param job the name of the job
     * @param expected the state as it was read
     * @param next the new state
     * @return whether the state was replaced
     */
    boolean replaceJobState(String job, JobState expected, JobState next);

    /**
     * Reads the records of many jobs in few steps, for lists and when an engine starts. The records are no consistent
     * snapshot. The damage of a job is in its record.
     *
     * @param jobs the names of the jobs
     * @return a record for each name, in the same order; one without runs for a job that the store does not know
     */
    List<JobRecord> jobRecords(List<String> jobs);

    /**
     * Deletes a job: its plan and its state, and its positions and runs too if history is purged; else
     * {@link JobState#toRemoved} is kept of its state. Run numbers and fencing tokens are not reused. The lock stays
     * with its owner. Called again after a crash.
     *
     * @param lock the lock of the job
     * @param history whether runs and positions are kept
     * @param beforeEach is called with each run before it is deleted, in any order; an exception stops the deletion,
     *     and the rest is deleted when this is called again
     * @throws io.outfeed.error.StoreException if the lock was lost; nothing is deleted then
     */
    void removeJob(JobLock lock, History history, Consumer<ExportRun> beforeEach);

    /**
     * Renames a job in one step: positions, runs, plan and state have the new name, whose plan and state are replaced.
     * The store refuses every write under the old name until it is purged. The lock is lost.
     *
     * @param lock the lock of the job
     * @param to the new name
     * @throws io.outfeed.error.StoreException if the lock was lost, the job has unfinished runs, or the new name is
     *     locked, has runs or positions, or was the name of a renamed job; nothing is written then
     * @throws IllegalArgumentException if the job has that name
     */
    void renameJob(JobLock lock, String to);

    /**
     * Returns the name that a job was renamed to. {@link #removeJob} of the old name with {@link History#PURGE} makes
     * that name free again.
     *
     * @param job an earlier name of a job
     * @return the name that it has now; empty if no job of that name was renamed
     */
    Optional<String> renamedTo(String job);

    /**
     * Returns the names that jobs were renamed to, as {@link #renamedTo(String)}, in few steps. By default one after
     * the other.
     *
     * @param jobs names of jobs
     * @return the names that they have now, by name; without those of which no job was renamed
     */
    default Map<String, String> renamedTo(Collection<String> jobs) {
        Map<String, String> renamed = new HashMap<>();
        jobs.forEach(job -> renamedTo(job).ifPresent(now -> renamed.put(job, now)));
        return renamed;
    }

    /**
     * Returns which jobs a job source had when it was loaded last.
     *
     * @param source the id of the source
     * @return its jobs; {@link LoadedJobs#NONE} if it was never loaded
     */
    LoadedJobs loadedJobs(String source);

    /**
     * Replaces which jobs a job source had, if they are still the expected ones. If the answer was lost, the same may
     * be written again.
     *
     * @param source the id of the source
     * @param expected as they were read
     * @param next the jobs that it has now, in the next version
     * @return whether they were replaced
     */
    boolean replaceLoadedJobs(String source, LoadedJobs expected, LoadedJobs next);

    /**
     * Lists incidents.
     *
     * @param query which incidents, and how many at most
     * @return the incidents, newest first: by the time at which they were opened
     */
    List<IncidentRecord> incidents(IncidentQuery query);

    /**
     * Lists the incidents that are not {@linkplain IncidentRecord#settled() settled}. Called often: it should not need
     * to read those that are.
     *
     * @return the incidents, oldest first
     */
    List<IncidentRecord> unsettledIncidents();

    /**
     * Adds an incident, or replaces it if it is still the expected one. Needs no lock: of all nodes that see the same
     * failure only one adds it. If the answer was lost, the same record may be written again.
     *
     * @param expected the record as it was read; empty to add one
     * @param next the new record, of the next version
     * @return whether it was written; false if the stored one has another version, or one with the same
     *     {@linkplain IncidentRecord#key() key} is open
     */
    boolean replaceIncident(Optional<IncidentRecord> expected, IncidentRecord next);

    /**
     * Deletes incidents that are settled.
     *
     * @param endedBefore incidents that ended before this time are deleted
     */
    void pruneIncidents(Instant endedBefore);

    /**
     * Appends a line to the audit. No line is ever changed or deleted by the engine, however old it is. Needs no lock.
     *
     * @param entry the line
     */
    void appendAudit(AuditEntry entry);

    /**
     * Lists lines of the audit.
     *
     * @param query which lines, and how many at most
     * @return the lines, newest first: each has a higher number than those that were appended before it
     */
    List<AuditRecord> audit(AuditQuery query);

    /**
     * Reads what other nodes have changed, and which locks have an owner. An engine calls it when it starts, and then
     * once per {@linkplain StoreChanges#lease() lease}: it should be one statement that reads no job which was not
     * changed.
     *
     * @param version the {@linkplain StoreChanges#version() version} of the last call, or {@link StoreChanges#FIRST}
     * @return the changes; empty, the default, if the store has one node
     */
    default Optional<StoreChanges> changesSince(long version) {
        return Optional.empty();
    }

    /** Releases the resources of the store. The engine closes only a store that it opened itself. */
    @Override
    void close();
}
