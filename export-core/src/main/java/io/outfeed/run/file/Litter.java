package io.outfeed.run.file;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A temporary file that a run may have left at a destination. The next run of the job removes it. Immutable.
 *
 * @param delivery the id of the delivery
 * @param run the number of the run that has uploaded it
 * @param path the path of the staged file that was uploaded
 * @param token the fencing token of the lock under which it was uploaded
 * @param upload which upload of that file it was, from 1
 * @param since when it became litter, by the engine's clock
 */
public record Litter(String delivery, long run, String path, long token, int upload, Instant since) {

    /**
     * Checks that nothing is missing.
     *
     * @param delivery the id of the delivery
     * @param run the number of the run that has uploaded it
     * @param path the path of the staged file
     * @param token the fencing token of the upload
     * @param upload which upload of that file it was
     * @param since when it became litter
     */
    public Litter {
        requireNonNull(delivery, "delivery");
        requireNonNull(path, "path");
        requireNonNull(since, "since");
    }
}
