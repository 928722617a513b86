package io.outfeed.operation;

/** Whether the runs and positions of a removed job are kept. */
public enum History {
    /**
     * Runs and positions stay in the store, and files in the spool: a job of the same name that is added later
     * continues from there. What belongs to them stays too: the directories that it has delivered to, and a pause by
     * the clock.
     */
    KEEP,
    /**
     * Runs, positions and files are deleted: a job of the same name that is added later starts anew, with sequence 1.
     * Run numbers are not reused.
     */
    PURGE
}
