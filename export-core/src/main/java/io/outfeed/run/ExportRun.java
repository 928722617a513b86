package io.outfeed.run;

import io.outfeed.file.StagedFile;
import io.outfeed.source.Window;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One execution of a job, as the ledger has it: trigger, windows, files, deliveries, outcome.
 *
 * <p>Immutable: a run that is read again later is another value. Made by the engine, and read back by
 * {@link io.outfeed.store.RunText}; not to be implemented, except for fakes in tests.
 */
public interface ExportRun {

    /**
     * Returns the number, which no other run of the store has or will have.
     *
     * @return one or more
     */
    long number();

    /**
     * Returns the job.
     *
     * @return the name of the job
     */
    String job();

    /**
     * Returns why it was started.
     *
     * @return the trigger
     */
    Trigger trigger();

    /**
     * Returns the fire that it runs for.
     *
     * @return the fire time; empty unless the trigger is {@link Trigger#SCHEDULED}
     */
    Optional<Instant> fireTime();

    /**
     * Returns when it was started, by the engine's clock.
     *
     * @return when it was started
     */
    Instant startedAt();

    /**
     * Returns when it ended, by the engine's clock.
     *
     * @return when it ended; empty while it has not
     */
    Optional<Instant> endedAt();

    /**
     * Returns the status.
     *
     * @return the status
     */
    RunStatus status();

    /**
     * Returns the fencing token of the lock under which it was planned.
     *
     * @return the token
     */
    long token();

    /**
     * Returns how often its delivery was tried.
     *
     * @return zero or more
     */
    int attempts();

    /**
     * Returns the windows that it covers.
     *
     * @return the window of each definition, by name, in the order of the job
     */
    Map<String, Window> windows();

    /**
     * Returns the planned destinations: later changes of the job add none.
     *
     * @return the ids of the deliveries, in order
     */
    List<String> deliveryIds();

    /**
     * Returns the receiver's gap-free number.
     *
     * @return the last committed one and one more; empty if the run publishes no file
     */
    OptionalLong sequence();

    /**
     * Returns the finished files.
     *
     * @return the files, in the order of the definitions; empty until the run is staged
     */
    List<StagedFile> files();

    /**
     * Returns the state of each file at each destination.
     *
     * @return one for each pair of file and delivery; empty until the run is staged
     */
    List<FileDelivery> deliveries();

    /**
     * Returns the last failure.
     *
     * @return the failure; empty if there is none
     */
    Optional<RunFailure> failure();

    /**
     * Returns a note for people, such as why it is held, which run it repeats, or why a position was set.
     *
     * @return one line, often empty
     */
    String note();

    /**
     * Returns how many records were left out since they can't be mapped:
     * {@link io.outfeed.operation.RunHandle#rejects()} names them.
     *
     * @return zero or more; more than zero only where a definition's {@link io.outfeed.RejectPolicy} allows it
     */
    int rejected();

    /**
     * Returns whether its files have sensitive fields and need protected deliveries, however the job has changed since.
     *
     * @return whether a definition of its files had {@link io.outfeed.field.FieldMark#SENSITIVE} fields when it was
     *     staged
     */
    boolean sensitive();

    /**
     * Returns its log, phase by phase. Of many repeated failures only the first and the last ones are kept.
     *
     * @return the entries, oldest first; empty for a run of a version that kept no log
     */
    List<RunLogEntry> log();

    /**
     * Tells whether one of its files {@linkplain FileDelivery#remains() remains} at a destination, as far as the ledger
     * knows.
     *
     * @return whether there is one
     */
    default boolean filesRemain() {
        return deliveries().stream().anyMatch(FileDelivery::remains);
    }

    /**
     * Returns the number of records in all files.
     *
     * @return zero or more
     */
    default long rows() {
        return files().stream().mapToLong(StagedFile::rows).sum();
    }

    /**
     * Returns the size of all files.
     *
     * @return in bytes
     */
    default long bytes() {
        return files().stream().mapToLong(StagedFile::bytes).sum();
    }
}
