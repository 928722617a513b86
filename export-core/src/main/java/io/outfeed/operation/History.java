package io.outfeed.operation;

/** What becomes of the past of a job that is removed. */
public enum History {
    /**
     * Runs and positions stay in the store, and files in the spool: a job of the same name that is added later goes on
     * where this one ended.
     */
    KEEP,
    /**
     * Runs, positions and files are forgotten: a job of the same name that is added later begins anew, with sequence 1.
     * Numbers of runs are not given again.
     */
    PURGE
}
