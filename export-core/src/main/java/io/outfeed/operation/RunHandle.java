package io.outfeed.operation;

import io.outfeed.error.AlreadyRunningException;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.ExportException;
import io.outfeed.error.NoSuchJobException;
import io.outfeed.error.StoreException;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RejectedRecord;
import io.outfeed.run.Trigger;
import io.outfeed.run.file.FileDelivery;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * A run in the store of an engine, and the operations on it.
 *
 * <p>Thread-safe. Each call reads the run anew.
 */
public interface RunHandle {

    /**
     * Returns the run as the ledger has it.
     *
     * @return the run
     */
    ExportRun run();

    /**
     * Returns a link by which a person opens a published file, as the delivery of the job gives it now.
     *
     * <p>Effects: none. Nothing is connected.
     *
     * @param file one of the run's deliveries
     * @return the link, which may carry a permission that ends: do not store or log it; empty if the file is not
     *     published, was deleted, or if its delivery has no links
     */
    Optional<URI> link(FileDelivery file);

    /**
     * Returns the progress of the run, if it is in progress in this engine.
     *
     * <p>The progress is held in the memory of the engine only: after a restart, and on another node, it is empty,
     * while {@link #run()} still has the last saved status.
     *
     * @return the current step, its counts and, where the total is known, its percentage; empty unless the run is in
     *     progress in this engine
     */
    Optional<RunProgress> progress();

    /**
     * Sends the same bytes under the same names once more, to all destinations that the job has now. Fails where a file
     * of the same name exists, whatever the definition's {@code ifExists} says.
     *
     * <p>Effects: file: none; delivery: made; watermark: stays; history: a run with trigger {@link Trigger#REDELIVERY}.
     *
     * @return the new run, committed
     * @throws IllegalStateException if the run is not committed or given up
     * @throws NoSuchJobException if the engine does not have the run's job
     * @throws AlreadyRunningException if a run of the job is in progress
     * @throws StoreException if the bytes are gone, or have changed since they were staged
     * @throws DeliveryException if a destination does not take a file, such as one that it has already, or if the
     *     delivery window is closed
     */
    ExportRun redeliver();

    /**
     * Sends the same bytes once more, to some destinations, and with a choice for files of the same name: such as to
     * the one destination that {@link #giveUp} has ended the run without.
     *
     * <p>Effects: file: none; delivery: made; watermark: stays; history: a run with trigger {@link Trigger#REDELIVERY}.
     *
     * @param options the destinations, and what becomes of a file of the same name
     * @return the new run, committed
     * @throws IllegalStateException if the run is not committed or given up; or if a file would be replaced that a
     *     younger run of any job has delivered; nothing is sent then
     * @throws IllegalArgumentException if the job has no such delivery; nothing is sent then
     * @throws NoSuchJobException if the engine does not have the run's job
     * @throws AlreadyRunningException if a run of the job is in progress
     * @throws StoreException if the bytes are gone, or have changed since they were staged
     * @throws DeliveryException if a destination does not take a file, such as one that it has already, or if the
     *     delivery window is closed
     */
    ExportRun redeliver(Redelivery options);

    /**
     * Reads the windows of the run anew and sends the rows under names with {@code -re} and the number of the new run.
     * Only rows whose version still lies in the window are found: rows that changed since are in a later file, and the
     * new run's note has their number.
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
     * Releases a held run: sends the bytes that it staged.
     *
     * <p>Effects: file: none; delivery: made; watermark: moves when all destinations have the file; history: the run.
     *
     * @return the run, committed
     * @throws IllegalStateException if the run is not held
     * @throws NoSuchJobException if the engine does not have the run's job
     * @throws DeliveryException if a destination does not take a file, or the bytes have changed since they were staged
     */
    ExportRun release();

    /**
     * Ends a held run without sending it: the next run covers its window.
     *
     * <p>Effects: file: removed; delivery: none; watermark: stays; history: the run.
     *
     * @return the run, discarded
     * @throws IllegalStateException if the run is not held
     * @throws NoSuchJobException if the engine does not have the run's job
     */
    ExportRun discard();

    /**
     * Cancels a run that has published nothing: the next run covers its window. A run whose attempt is in progress, in
     * this engine or on another node, ends when it notices the request, at the latest before its first file would
     * become visible.
     *
     * <p>Effects: file: removed; delivery: none; watermark: stays; history: the run.
     *
     * @param reason why, for the history; without personal data
     * @return whether it was cancelled, will be, or can't be any more
     * @throws IllegalArgumentException if the reason is blank
     * @throws NoSuchJobException if the engine does not have the run's job
     */
    Cancellation cancel(String reason);

    /**
     * Ends a run that a destination does not take, so that the job can continue. Files that are missing there are
     * recorded as {@link io.outfeed.run.file.DeliveryState#UNKNOWN}, and never sent again automatically.
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
     * Settles an {@linkplain ExportRun#unconfirmed() unconfirmed} run, once the receiver has said whether it has the
     * files that count as taken. {@link Arrival#SEND_AGAIN} sends them, and no others, once more to the destinations
     * that miss them, and fails where a file of the same name exists, whatever the definition's {@code ifExists} says;
     * their receipts are {@linkplain io.outfeed.delivery.DeliveryReceipt#repeated() repeated}. What fails leaves the
     * run unconfirmed. A file that vanishes again makes the new run unconfirmed.
     *
     * <p>Effects: file: none; delivery: made by SEND_AGAIN; watermark: stays; history: the run, whose log has
     * {@link io.outfeed.run.RunPhase#ACKNOWLEDGED} or {@link io.outfeed.run.RunPhase#SENT_AGAIN}; by SEND_AGAIN also a
     * run with trigger {@link Trigger#REDELIVERY}.
     *
     * @param arrival what the receiver has said
     * @param reason how that was found out, for the history; without personal data
     * @return the run, no longer unconfirmed
     * @throws IllegalStateException if the run is not unconfirmed, or the job no longer has a delivery whose file is to
     *     be sent again; nothing is sent then
     * @throws IllegalArgumentException if the reason is blank
     * @throws NoSuchJobException if the engine does not have the run's job
     * @throws AlreadyRunningException if a run of the job is in progress
     * @throws StoreException if the bytes are gone, or have changed since they were staged
     * @throws DeliveryException if a destination does not take a file, or if the delivery window is closed
     */
    ExportRun acknowledge(Arrival arrival, String reason);

    /**
     * Lists the records that the run left out since they can't be mapped; see {@link io.outfeed.RejectPolicy#skipUpTo}.
     * The list is kept as long as the run's files.
     *
     * @return the records, in the order of the definitions, each with its first field that can't be mapped
     * @throws StoreException if the list can't be read, or is gone with the run's files
     */
    List<RejectedRecord> rejects();

    /**
     * Opens a file of the run, with the bytes that are delivered. At the end of the file the stream compares their
     * number and their SHA-256 with the ledger, and throws an {@link java.io.IOException} if they differ. A file that
     * is not read to its end is not verified.
     *
     * @param path the path of the staged file
     * @return the bytes; used by one thread; close it
     * @throws NoSuchJobException if the run has no such file
     * @throws StoreException if its bytes are gone
     */
    InputStream open(String path);

    /**
     * Opens a file of the run, with the bytes that its format has written: decompressed, or from the plain copy of an
     * encrypted file, if one is kept. They are compared with the ledger as by {@link #open}.
     *
     * @param path the path of the staged file
     * @return the bytes; used by one thread; close it
     * @throws NoSuchJobException if the run has no such file
     * @throws IllegalStateException if the file is encrypted and no plain copy is kept, or if the job has other
     *     transforms now, which can't read it back
     * @throws StoreException if its bytes are gone
     */
    InputStream openPlain(String path);
}
