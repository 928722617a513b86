package io.outfeed.operation;

/** Whether the runs and positions of a removed job are kept. */
public enum History {
    /**
     * Runs and positions stay in the store, and files in the spool: a job of the same name that is added later
     * continues from there.
     */
    KEEP,
    /**
     * Runs, positions and files are deleted: a job of the same name that is added later starts anew, with sequence 1.
     * Run numbers are not reused.
     */
    PURGE
}
