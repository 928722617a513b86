package io.outfeed.file;

/**
 * What a delivery does when the destination already has a file of that name. Ignored for mail: two messages may have
 * attachments of one name.
 */
public enum IfExists {
    /** Fails, and keeps both the old file and the temporary one. The default. */
    FAIL,
    /**
     * Replaces it. If the receiver has not read the old file yet, its records are lost for the receiver: only for
     * receivers that want only the newest file.
     */
    REPLACE,
    /**
     * Keeps both: the new file gets the number of the run at the end of its name, {@code visits-r41.csv}, if the old
     * one is still there when it is uploaded. The receipt says which name it has. Fails where others have that name
     * too, such as files of an earlier store, whose runs had the same numbers: the next run has another one. A run that
     * has begun to publish waits until one of the names is free.
     */
    KEEP_BOTH,
    /**
     * Waits until the receiver has taken the old file. While it is still there at one of the job's destinations,
     * nothing is published at any of them, and the run waits. If the job's {@code retryFor} ends meanwhile, the run
     * ends as {@code DEFERRED}, and the next run covers its window too: no record is lost or delivered twice.
     */
    WAIT
}
