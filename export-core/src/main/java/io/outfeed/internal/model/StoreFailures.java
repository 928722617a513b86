package io.outfeed.internal.model;

import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.internal.io.Interrupts;

/** Makes the failures that each store reports alike. */
public final class StoreFailures {

    private StoreFailures() {}

    /**
     * Returns the failure of an access to a file. Its advice is left out if the thread was interrupted: nothing is
     * wrong with the disk then.
     *
     * @param failure what failed, such as {@code can't read /var/lib/outfeed/store/counters}
     * @param advice what to do
     * @param at names job and run at the end; empty for neither
     */
    public static StoreException ofFile(FailureCode code, String failure, String advice, String at, Throwable cause) {
        return isInterrupt(cause)
                ? interrupted(failure, at, cause)
                : StoreException.of(code, failure + ": " + advice + at, cause);
    }

    /** Returns the failure of an access to a file. */
    public static StoreException ofFile(String failure, String advice, Throwable cause) {
        return ofFile(FailureCode.STORE_UNAVAILABLE, failure, advice, "", cause);
    }

    /** Returns the failure of an access that an interrupt of the thread has ended. */
    public static StoreException interrupted(String failure, String at, Throwable cause) {
        return StoreException.of(
                FailureCode.STOPPED,
                failure + ": its thread was interrupted, and the next attempt continues from what is stored" + at,
                cause);
    }

    /** Tells whether an interrupt is the reason of an exception, or of one that led to it. */
    public static boolean isInterrupt(Throwable thrown) {
        return Interrupts.isCause(thrown);
    }

    /** Returns the failure of a write whose lock a later owner has. */
    public static StoreException lockLost(String job) {
        return StoreException.of(
                FailureCode.LOCK_LOST,
                "the lock of job '" + job + "' was lost: nothing was written, its new owner continues",
                null);
    }

    /** Returns the failure of a write for a job that was renamed: it would begin a second history. */
    public static StoreException renamed(String job, String now) {
        return StoreException.of(
                FailureCode.NOT_FOUND,
                "job '" + job + "' was renamed to '" + now + "': nothing was written; use the new name, or purge the"
                        + " old one before it is used again",
                null);
    }

    /** Returns the failure of renaming a job that has a run which has not ended. */
    public static StoreException cantRenameUnfinished(String job, String to) {
        return cantRename(job, to, "it has unfinished runs: wait for their end, or end them");
    }

    /** Returns the failure of renaming a job to a name that a renamed job had. */
    public static StoreException cantRenameToFormer(String job, String to, String now) {
        return cantRename(job, to, "that was the name of '" + now + "': purge it, or choose another");
    }

    /** Returns the failure of renaming a job to a name whose lock is taken. */
    public static StoreException cantRenameToLocked(String job, String to) {
        return cantRename(job, to, "that job is in use: remove it from the engine first");
    }

    /** Returns the failure of renaming a job to a name that has runs or positions. */
    public static StoreException cantRenameToKnown(String job, String to) {
        return cantRename(job, to, "that job has runs or positions: purge it, or choose another name");
    }

    private static StoreException cantRename(String job, String to, String why) {
        return new StoreException("can't rename job '" + job + "' to '" + to + "': " + why, null);
    }
}
