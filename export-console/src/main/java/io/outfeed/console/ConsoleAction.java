package io.outfeed.console;

/** What a person may be allowed to do with a job: an {@link Authorizer} decides about each. */
public enum ConsoleAction {
    /** See the job, its runs and its incidents, without values of records. */
    VIEW(true),
    /** See values of records: previews, the keys of rejected records, and which file delivered a record. */
    VIEW_RECORDS(true),
    /** See the values of sensitive fields too. Without it they are masked. */
    VIEW_SENSITIVE(true),
    /** Download the files of runs, and open links to them at destinations. */
    DOWNLOAD(true),
    /** See the audit of the job; of all jobs, with {@link Authorizer#allowsAll}. */
    VIEW_AUDIT(true),
    /** Check source, mapping and destinations: logs in, and uploads a small file that is removed again. */
    CHECK(false),
    /** Send one record as a test file. */
    SEND_TEST(false),
    /** Run the job now. */
    RUN(false),
    /** Cancel a run that has published nothing. */
    CANCEL(false),
    /** Pause and resume the schedule. */
    PAUSE(false),
    /** Release or discard a run that is held. */
    RELEASE(false),
    /** Send files of a run again, and read its windows again. */
    REDELIVER(false),
    /** End a run that a destination does not take. */
    GIVE_UP(false),
    /** Settle an unconfirmed run, end an incident, and accept another directory at a destination. */
    ACKNOWLEDGE(false),
    /** Export a window again that was exported. */
    BACKFILL(false),
    /** Set the position from which the next run reads. */
    RESET_POSITION(false),
    /** Change the layout, copy or remove the job, where the host has a {@link JobEditor}. */
    EDIT(false);

    private final boolean reads;

    ConsoleAction(boolean reads) {
        this.reads = reads;
    }

    /**
     * Tells whether the action only reads: it changes nothing, and sends nothing.
     *
     * @return whether it reads
     */
    public boolean reads() {
        return reads;
    }
}
