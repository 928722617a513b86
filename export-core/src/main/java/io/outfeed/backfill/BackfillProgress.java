package io.outfeed.backfill;

import static java.util.Objects.requireNonNull;

import io.outfeed.source.Window;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far the backfill of a job has come, as the store has it: the last one that was started, also when it is over.
 *
 * <p>Immutable.
 *
 * @param backfill what is exported
 * @param status whether it goes on
 * @param done how many of its chunks are delivered
 * @param run the run of the chunk that is in progress, waits or is held; of one that stopped the backfill while it is
 *     {@link Status#STOPPED}; empty between two chunks
 * @param requestedAt when it was started
 * @param note why it was stopped or cancelled; empty otherwise
 */
public record BackfillProgress(
        Backfill backfill, Status status, int done, OptionalLong run, Instant requestedAt, String note) {

    /** Whether a backfill goes on. */
    public enum Status {
        /** Chunks are exported, one after the other. */
        IN_PROGRESS,
        /** The run of a chunk has failed, and a person has to decide. */
        STOPPED,
        /** A person has ended it. */
        CANCELLED,
        /** All chunks are delivered. */
        COMPLETED
    }

    /**
     * Checks the number of chunks.
     *
     * @param backfill what is exported
     * @param status whether it goes on
     * @param done how many of its chunks are delivered, from zero to all
     * @param run the run of a chunk that has not ended, or that stopped the backfill
     * @param requestedAt when it was started
     * @param note why it was stopped or cancelled
     */
    public BackfillProgress {
        requireNonNull(backfill, "backfill");
        requireNonNull(status, "status");
        requireNonNull(run, "run");
        requireNonNull(requestedAt, "requestedAt");
        requireNonNull(note, "note");
        if (done < 0 || done > backfill.chunks()) {
            throw new IllegalArgumentException(
                    "done must be from zero to the " + backfill.chunks() + " chunks of the backfill, not " + done);
        }
    }

    /**
     * Returns a backfill that begins.
     *
     * @param backfill what is exported
     * @param requestedAt when it was started
     * @return its progress
     */
    public static BackfillProgress begin(Backfill backfill, Instant requestedAt) {
        return new BackfillProgress(backfill, Status.IN_PROGRESS, 0, OptionalLong.empty(), requestedAt, "");
    }

    /**
     * Returns the window of the chunk that is exported now, or next.
     *
     * @return the window; empty if all are delivered
     */
    public Optional<Window> window() {
        return done == backfill.chunks() ? Optional.empty() : Optional.of(backfill.chunk(done));
    }

    /**
     * Tells whether the engine has something to do for it: the next chunk, or the run of the last one.
     *
     * @return whether it is in progress, or was cancelled and the run of a chunk has not ended
     */
    public boolean active() {
        return status == Status.IN_PROGRESS || (status == Status.CANCELLED && run.isPresent());
    }

    /**
     * Returns the progress with the run of the next chunk.
     *
     * @param run the run
     * @return another progress
     */
    public BackfillProgress toRun(long run) {
        return new BackfillProgress(backfill, status, done, OptionalLong.of(run), requestedAt, note);
    }

    /**
     * Returns the progress without a run.
     *
     * @return another progress
     */
    public BackfillProgress toNoRun() {
        return new BackfillProgress(backfill, status, done, OptionalLong.empty(), requestedAt, note);
    }

    /**
     * Returns the progress after a chunk was delivered.
     *
     * @return another progress
     */
    public BackfillProgress toDelivered() {
        boolean last = status == Status.IN_PROGRESS && done + 1 == backfill.chunks();
        return new BackfillProgress(
                backfill, last ? Status.COMPLETED : status, done + 1, OptionalLong.empty(), requestedAt, note);
    }

    /**
     * Returns the progress of a backfill that was stopped by the run of a chunk.
     *
     * @param why why
     * @return another progress
     */
    public BackfillProgress toStopped(String why) {
        return new BackfillProgress(backfill, Status.STOPPED, done, run, requestedAt, why);
    }

    /**
     * Returns the progress of a backfill that was cancelled; the run of a chunk may still have to end.
     *
     * @param why why
     * @return another progress
     */
    public BackfillProgress toCancelled(String why) {
        OptionalLong open = status == Status.STOPPED ? OptionalLong.empty() : run;
        return new BackfillProgress(backfill, Status.CANCELLED, done, open, requestedAt, why);
    }

    /**
     * Returns the progress of a backfill that continues with the chunk that stopped it.
     *
     * @return another progress
     */
    public BackfillProgress toResumed() {
        return new BackfillProgress(backfill, Status.IN_PROGRESS, done, OptionalLong.empty(), requestedAt, "");
    }

    /** The backfill, its status and its chunks. */
    @Override
    public String toString() {
        return backfill + ": " + status + ", " + done + " of " + backfill.chunks() + " chunks"
                + (note.isEmpty() ? "" : " (" + note + ")");
    }
}
