package io.outfeed;

import io.outfeed.watermark.Position;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A job that an engine knows: what it does now, and what one can ask of it.
 *
 * <p>Thread-safe. Each call looks afresh.
 */
public interface JobHandle {

    /**
     * Returns the job as it was added last.
     *
     * @return the job
     */
    ExportJob job();

    /**
     * Runs the job now, on the caller's thread, and returns when it has ended. First finishes a run that was interrupted.
     *
     * <p>Effects: file: written; delivery: made; watermark: moves when all destinations have the file; history: a run.
     *
     * @return the run, committed or empty
     * @throws AlreadyRunningException if a run of the job is in progress
     * @throws SourceException if the source fails; nothing is published
     * @throws MappingException if a field can't be mapped; nothing is published
     * @throws DeliveryException if a destination does not take the file; the run is failed, or is tried again if another
     *     destination may have it already
     * @throws ExportException for any other failure
     */
    ExportRun runNow();

    /**
     * Returns when the schedule will say run.
     *
     * @return the next fire; empty if the job has no schedule, or it is over, or the engine was never started
     */
    Optional<Instant> nextFire();

    /**
     * Returns up to where the records of a definition have been delivered.
     *
     * @param definition the name of the definition
     * @return its position; empty if it has never been committed
     * @throws InvalidDefinitionException if the job has no such definition
     */
    Optional<Position> position(String definition);

    /**
     * Lists the newest runs.
     *
     * @param limit how many at most, one or more
     * @return the runs, newest first
     */
    List<ExportRun> runs(int limit);
}
