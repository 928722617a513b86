package io.outfeed.jdbc;

/**
 * What happens to records without a usable watermark, which no window includes: those whose column is null, and of
 * times those that are infinite, before the year 1, or a zero date.
 *
 * <p>They are counted at each run, in the snapshot that is read, and by {@link io.outfeed.operation.JobHandle#check}.
 * Their number, and the statement that finds them, are in the note of the run and in the finding of the check.
 */
public enum MissingWatermark {
    /** The run fails while there are any. */
    FAIL,
    /** The run says how many there are, and leaves them out. */
    REPORT,
    /**
     * The first run of a job, whose window begins at the beginning, exports them too. What comes later is left out, and
     * counted with those.
     */
    WITH_FIRST
}
