package io.outfeed.operation;

import io.outfeed.error.AlreadyRunningException;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.ExportException;
import io.outfeed.error.NoSuchJobException;
import io.outfeed.error.StoreException;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RejectedRecord;
import io.outfeed.run.Trigger;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * A run that an engine knows.
 *
 * <p>Thread-safe. Each call looks afresh.
 */
public interface RunHandle {

    /**
     * Returns the run as the ledger has it.
     *
     * @return the run
     */
    ExportRun run();

    /**
     * Returns how far the run has come, if this engine is executing it now.
     *
     * <p>It is in the memory of the engine, and stored nowhere: after a restart, and on another node of a cluster, it
     * is empty while the state of {@link #run()} still says how far the run was on record.
     *
     * @return what it does, what it has counted and, where the whole is known, the percentage; empty unless this engine
     *     executes it now
     */
    Optional<RunProgress> progress();

    /**
     * Sends the same bytes under the same names once more, to the destinations that the job has now.
     *
     * <p>Effects: file: none; delivery: made; watermark: stays; history: a run with trigger {@link Trigger#REDELIVERY}.
     *
     * @return the new run, committed
     * @throws IllegalStateException if the run is not committed or given up
     * @throws NoSuchJobException if the engine does not have the run's job
     * @throws AlreadyRunningException if a run of the job is in progress
     * @throws StoreException if the bytes are gone, or are no longer those that were staged
     * @throws DeliveryException if a destination does not take a file, such as one that it has already
     */
    ExportRun redeliver();

    /**
     * Reads the windows of the run afresh and sends what is found, under names that carry {@code -re} and the number of
     * the new run. Only rows whose version still lies in the window are found: those that changed since are in a later
     * file, and the new run's note says how many fewer there are.
     *
     * <p>Effects: file: written; delivery: made; watermark: stays; history: a run with trigger
     * {@link Trigger#RE_EXPORT}.
     *
     * @return the new run, committed
     * @throws IllegalStateException if the run is not committed or given up
     * @throws NoSuchJobException if the engine does not have the run's job
     * @throws ExportException as {@link JobHandle#runNow}
     */
    ExportRun reExport();

    /**
     * Sends a held run: its own bytes.
     *
     * <p>Effects: file: none; delivery: made; watermark: moves when all destinations have the file; history: the run.
     *
     * @return the run, committed
     * @throws IllegalStateException if the run is not held
     * @throws NoSuchJobException if the engine does not have the run's job
     * @throws DeliveryException if a destination does not take a file, or the bytes are no longer those that were
     *     staged
     */
    ExportRun release();

    /**
     * Ends a held run without sending it: the next run covers its window.
     *
     * <p>Effects: file: removed; delivery: none; watermark: stays; history: the run.
     *
     * @return the run, dropped
     * @throws IllegalStateException if the run is not held
     * @throws NoSuchJobException if the engine does not have the run's job
     */
    ExportRun discard();

    /**
     * Ends a run that some destination does not take, so that the job goes on. What is missing there is on record as
     * {@link io.outfeed.run.DeliveryState#UNKNOWN}, and is never sent again by itself.
     *
     * <p>Effects: file: none; delivery: none; watermark: moves; history: the run.
     *
     * @param reason why, for the history; without personal data
     * @return the run, given up
     * @throws IllegalStateException if the run is not publishing
     * @throws IllegalArgumentException if the reason is blank
     * @throws NoSuchJobException if the engine does not have the run's job
     */
    ExportRun giveUp(String reason);

    /**
     * Lists the records that the run left out since they can't be mapped, as {@link io.outfeed.RejectPolicy#skipUpTo}
     * allows. The list is kept as long as the run's files.
     *
     * @return the records, in the order of the definitions, each with its first field that can't be mapped
     * @throws StoreException if the list can't be read, or is gone with the run's files
     */
    List<RejectedRecord> rejects();

    /**
     * Opens a file of the run: the very bytes that are delivered. When its end is reached the stream compares their
     * number and their SHA-256 with the ledger, and throws an {@link java.io.IOException} instead of the end if they
     * differ. Who stops reading before has proved nothing.
     *
     * @param path the path of the staged file
     * @return the bytes; used by one thread; close it
     * @throws NoSuchJobException if the run has no such file
     * @throws StoreException if its bytes are gone
     */
    InputStream open(String path);
}
