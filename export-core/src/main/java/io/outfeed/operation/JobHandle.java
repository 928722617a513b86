package io.outfeed.operation;

import io.outfeed.ExportJob;
import io.outfeed.backfill.Backfill;
import io.outfeed.backfill.BackfillProgress;
import io.outfeed.error.AlreadyRunningException;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.ExportException;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.MappingException;
import io.outfeed.error.RunHeldException;
import io.outfeed.error.SourceException;
import io.outfeed.layout.Layout;
import io.outfeed.run.ExportRun;
import io.outfeed.run.Trigger;
import io.outfeed.schedule.ExplainedFire;
import io.outfeed.source.Position;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A job of an engine: its state, and the operations on it.
 *
 * <p>Thread-safe. Each call reads the current job and its state.
 */
public interface JobHandle {

    /**
     * Returns the job as it was added last.
     *
     * @return the job
     */
    ExportJob job();

    /**
     * Returns a summary of the job.
     *
     * @return status, next fire, last outcome and more
     */
    JobSummary summary();

    /**
     * Pauses the schedule of the job until it is resumed, also after a restart and on other nodes. A run in progress
     * continues, a partly published run is finished, delivered files are still watched, and runs on request are
     * possible. Does nothing if the job is paused by an operator already.
     *
     * <p>Effects: file: none; delivery: none; watermark: stays; history: none.
     *
     * @param reason why, for people; without personal data
     * @throws IllegalArgumentException if the reason is blank
     */
    void pause(String reason);

    /**
     * Resumes the schedule of the job, whether an operator or failures have paused it, and resets its count of
     * failures. Fires that came in the meantime are handled as misfires. Does nothing if the job is not paused; a job
     * that is disabled in code stays disabled.
     *
     * <p>Effects: file: none; delivery: none; watermark: stays; history: none, until the next run.
     */
    void resume();

    /**
     * Accepts that the directory of a delivery is another one than before: the next attempt delivers to the one that it
     * finds, and later ones recognize that one. Do this if the directory was replaced on purpose, not if a file system
     * is not mounted: what is delivered under its mount point is hidden once it is. A run that waits for it is tried
     * again within an hour, or by {@link #runNow}.
     *
     * <p>Effects: file: none; delivery: none; watermark: stays; history: none.
     *
     * @param delivery the id of the delivery
     * @return whether a directory was known before
     * @throws IllegalArgumentException if the job has no such delivery
     * @see io.outfeed.error.FailureCode#DESTINATION_CHANGED
     */
    boolean acceptDirectory(String delivery);

    /**
     * Runs the job now, on the caller's thread, and returns when the attempt has ended. If a run of the job waits, this
     * is its next attempt: one that has published nothing and keeps its bytes delivers those, and records written since
     * come with the run after it; one that has published a part is finished, and a new run follows. Records that were
     * written less than the watermark's settle time ago belong to the next window: if the run has no row, its note says
     * whether there are such records, and when they can be exported.
     *
     * <p>Effects: file: written; delivery: made; watermark: moves when all destinations have the file; history: a run.
     *
     * @return the run: committed, empty, cancelled, held by a guard, or waiting for its delivery window or for a
     *     receiver that has not taken an old file ({@link io.outfeed.file.IfExists#WAIT})
     * @throws AlreadyRunningException if a run of the job is in progress
     * @throws RunHeldException if a run of the job is held
     * @throws SourceException if the source fails; nothing is published
     * @throws MappingException if a field can't be mapped; nothing is published
     * @throws DeliveryException if a destination does not take the file. As after any failure that time or a person can
     *     help, the run waits, and a started engine tries it again: {@link ExportRun#waiting()}
     * @throws ExportException for any other failure
     */
    ExportRun runNow();

    /**
     * Runs the job now, on a thread of the engine, and returns at once. What {@link #runNow} throws after the run was
     * planned is in the run. {@link io.outfeed.ExportEngine#close} waits for it.
     *
     * <p>Effects: as {@link #runNow}.
     *
     * @return the run that waits, else a new one, planned
     * @throws AlreadyRunningException if a run of the job is in progress
     * @throws RunHeldException if a run of the job is held
     * @throws ExportException if the run can't be planned
     */
    RunHandle startNow();

    /**
     * Checks the job without exporting: each source opens, up to five of its records can be mapped and written in the
     * file's format, the names of files resolve, and each destination accepts a login and a small file under a
     * temporary name, which receivers don't see and which is removed again; a mail server is only logged in to. Each
     * destination gets one login, and a refused one is not tried again. Runs on the caller's thread; a run may be in
     * progress.
     *
     * <p>Effects: file: none; delivery: none that stays; watermark: none; history: none.
     *
     * @return all checked parts, with their problems
     */
    JobCheck check();

    /**
     * Previews records: each field with its kind, its raw value, and its mapped text or problem, if it can't be mapped
     * or written in the file's format. Sensitive fields are included: show them only to people who may see them. The
     * source is read only as far as needed, by key if it supports that.
     *
     * <p>Effects: file: none; delivery: none; watermark: none; history: none.
     *
     * @param definition the name of the definition
     * @param keys the keys of up to five records; none for the first five of the source
     * @return the records that exist, in the order of the keys
     * @throws InvalidDefinitionException if the job has no such definition
     * @throws IllegalArgumentException if there are more than five keys
     * @throws SourceException if the source fails
     * @throws MappingException if the filter fails, or the format can't write the column of
     *     {@link io.outfeed.ChangeDetection}
     * @throws ExportException if the format fails
     */
    List<RecordPreview> preview(String definition, String... keys);

    /**
     * Previews records with a layout that the job does not have, such as one that a customer edits:
     * {@link #preview(String, String...)} otherwise.
     *
     * <p>Effects: file: none; delivery: none; watermark: none; history: none.
     *
     * @param definition the name of the definition
     * @param layout the layout
     * @param keys the keys of up to five records; none for the first five of the source
     * @return the records that exist, in the order of the keys
     * @throws InvalidDefinitionException if the job has no such definition, or the layout does not fit it; all problems
     *     are listed with their paths
     * @throws ExportException as {@link #preview(String, String...)}
     */
    List<RecordPreview> preview(String definition, Layout layout, String... keys);

    /**
     * Finds the files that delivered a record, newest run first, in up to 1 GiB of them.
     *
     * <p>Effects: file: none; delivery: none; watermark: none; history: none.
     *
     * @param definition the name of the definition
     * @param key the key of the record
     * @return the rows that have the key, and the files that could not be read as rows
     * @throws InvalidDefinitionException if the job has no such definition
     * @throws IllegalArgumentException if the key is empty
     * @throws ExportException if the store fails
     * @see #findRecord(String, String, RecordSearch)
     */
    RecordTrace findRecord(String definition, String key);

    /**
     * Finds the files that delivered a record, newest run first, by reading the files that are kept of the runs in the
     * history. Covers the runs that are committed or given up, whatever their trigger, by the dialect, compression and
     * columns that the definition has now: a file that was written otherwise is reported as
     * {@link RecordTrace.Reason#FORMAT}. Runs on the caller's thread; a run may be in progress.
     *
     * <p>A row is found by a cell whose text equals the key, also behind the apostrophe of a formula guard or with the
     * replacement of characters that the charset lacks. If the definition has {@link io.outfeed.ChangeDetection}, only
     * its key columns count, in files that have one of them; otherwise every column counts, and the hit names it. The
     * ledger does not say which definition an entry of the job's archive belongs to: an entry whose name fits several
     * definitions, or none, is searched for each of them.
     *
     * <p>Effects: file: none; delivery: none; watermark: none; history: none.
     *
     * @param definition the name of the definition
     * @param key the key of the record
     * @param search how much to read, and where to begin
     * @return the rows that have the key, the files that could not be read as rows, and where to continue
     * @throws InvalidDefinitionException if the job has no such definition
     * @throws IllegalArgumentException if the key is empty
     * @throws ExportException if the store fails
     */
    RecordTrace findRecord(String definition, String key, RecordSearch search);

    /**
     * Sends one record through mapping, file and all deliveries, under a name that begins with {@code test-} and the
     * number of the run: the receiver must ignore such names, or the file must be removed. The definition's filter is
     * not applied. A failed test is not tried again.
     *
     * <p>Effects: file: written, one record; delivery: made; watermark: stays; history: a run with trigger
     * {@link Trigger#TEST}.
     *
     * @param definition the name of the definition
     * @param key the key of the record
     * @return the run, committed
     * @throws InvalidDefinitionException if the job has no such definition
     * @throws AlreadyRunningException if a run of the job is in progress
     * @throws SourceException if there is no such record, or the source fails
     * @throws MappingException if a field can't be mapped
     * @throws DeliveryException if a destination does not take the file
     */
    ExportRun sendTestRecord(String definition, String key);

    /**
     * Sends one record with a layout that the job does not have: {@link #sendTestRecord(String, String)} otherwise.
     *
     * <p>Effects: as there.
     *
     * @param definition the name of the definition
     * @param layout the layout
     * @param key the key of the record
     * @return the run, committed
     * @throws InvalidDefinitionException if the job has no such definition, or the layout does not fit it or the
     *     destinations; all problems are listed with their paths
     * @throws ExportException as {@link #sendTestRecord(String, String)}
     */
    ExportRun sendTestRecord(String definition, Layout layout, String key);

    /**
     * Exports a window again that has been exported, for a receiver that lost it: one file whose name has
     * {@code -backfill-} and the number of the run, and which never replaces another.
     *
     * <p>Effects: file: written; delivery: made; watermark: stays; history: a run with trigger
     * {@link Trigger#BACKFILL}.
     *
     * @param definition the name of the definition
     * @param from the first position that belongs to the window
     * @param until the first that no longer does, at or before the definition's position
     * @return the run, committed
     * @throws InvalidDefinitionException if the job has no such definition
     * @throws IllegalArgumentException if the window reaches beyond what was exported, or is of another kind
     * @throws AlreadyRunningException if a run of the job is in progress
     * @throws ExportException as {@link #runNow}
     */
    ExportRun backfill(String definition, Position from, Position until);

    /**
     * Starts a backfill that the engine makes by itself, chunk by chunk: each is a run with trigger
     * {@link Trigger#BACKFILL_CHUNK} and a file as of {@link #backfill}. It continues after a restart, and on other
     * nodes. A chunk that was delivered is not delivered again; what a run of the schedule would try again is tried
     * again, and where that ends, the backfill stops at that chunk.
     *
     * <p>A fire of the schedule is run first, between two chunks, and no chunk is begun while the job is paused or
     * disabled. Chunks wait for other jobs: they use a quarter of the engine's workers at most, one at the least, and
     * the last free permit of a server, definition or parameter. An engine that is not started makes none.
     *
     * <p>Effects: file: one for each chunk; delivery: made; watermark: stays; history: a run for each chunk.
     *
     * @param backfill what to export
     * @return its progress, before the first chunk
     * @throws InvalidDefinitionException if the job has no such definition
     * @throws IllegalArgumentException if the window reaches beyond what was exported, or is of another kind
     * @throws IllegalStateException if the definition delivers changes, or another backfill of the job is not over
     * @throws ExportException if the store fails
     */
    BackfillProgress startBackfill(Backfill backfill);

    /**
     * Continues a stopped backfill with the chunk that has failed.
     *
     * <p>Effects: as of {@link #startBackfill}.
     *
     * @return its progress
     * @throws IllegalStateException if no backfill of the job is stopped
     * @throws ExportException if the store fails
     */
    BackfillProgress resumeBackfill();

    /**
     * Ends a backfill. A chunk that is in progress or published in part is finished, one that waits is cancelled.
     *
     * <p>Effects: file, delivery, watermark, history: none, but for that chunk.
     *
     * @param reason why, for people; without personal data
     * @return its progress
     * @throws IllegalArgumentException if the reason is blank
     * @throws IllegalStateException if no backfill of the job is in progress or stopped
     * @throws ExportException if the store fails
     */
    BackfillProgress cancelBackfill(String reason);

    /**
     * Returns how far the backfill has come that was started last.
     *
     * @return its progress, also when it is over; empty if there was none
     */
    Optional<BackfillProgress> backfillProgress();

    /**
     * Sets the position up to which the records of a definition count as delivered: back to send records again, forward
     * to leave some out.
     *
     * <p>Effects: file: none; delivery: none; watermark: set; history: a run with trigger
     * {@link Trigger#POSITION_RESET} whose note has the old position, the new one and the reason.
     *
     * @param definition the name of the definition
     * @param position the new position, of the watermark's kind, such as {@code Position.of(instant)}
     * @param reason why, for the history; without personal data
     * @return the run that records it
     * @throws InvalidDefinitionException if the job has no such definition
     * @throws IllegalArgumentException if the position has another kind than the watermark, the watermark can't read
     *     it, or the reason is blank
     * @throws AlreadyRunningException if a run of the job is in progress or not finished
     */
    ExportRun resetPosition(String definition, Position position, String reason);

    /**
     * Returns when the job runs next by its schedule.
     *
     * @return the next fire; empty if the job has no schedule, it is over, the job is paused or disabled, or the engine
     *     was never started
     */
    Optional<Instant> nextFire();

    /**
     * Explains the next fires for people: in local time, in GMT, and with a remark where a clock change or the calendar
     * has moved one.
     *
     * @param n how many at most, 1 to 10,000
     * @return the fires, one that is due first; empty if the job has no schedule, or it is over
     * @throws IllegalArgumentException if {@code n} is out of range
     */
    List<ExplainedFire> explain(int n);

    /**
     * Returns the position up to which the records of a definition have been delivered.
     *
     * @param definition the name of the definition
     * @return its position; empty if it has never been committed
     * @throws InvalidDefinitionException if the job has no such definition
     */
    Optional<Position> position(String definition);
}
