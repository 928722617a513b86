package io.outfeed.operation;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The progress of a run in an engine.
 *
 * <p>It is held in the memory of the engine that executes the run only: another node of a cluster has none, and the run
 * in the store tells only whether it is planned, staged or publishing.
 *
 * <p>Immutable. Has no value of a record and no secret.
 *
 * @param job the name of the job
 * @param run the number of the run
 * @param step the current step
 * @param since when the step began, by the engine's clock: for {@link Step#READING} and {@link Step#WRITING} with this
 *     definition, else with the first file at the first delivery. Retries and the waits between them belong to the step
 * @param definition the name of the definition whose records are read or written; empty while files are sent
 * @param delivery the id of the delivery to which a file is sent; empty while nothing is sent
 * @param path the path of the staged file that is sent; empty while nothing is sent
 * @param rowsRead how many records the source has given so far, for all definitions together, also those that are left
 *     out; 0 for a run that was staged before
 * @param rowsWritten how many rows its files have so far, for all definitions together
 * @param bytesStaged how many bytes its files have so far in the spool; files of folders and
 *     partitions count uncompressed until they are finished
 * @param bytesSent how many bytes this engine has sent so far, to all destinations together. Bytes that are sent again
 *     count once; if a delivery reports no progress, a file counts when it is sent
 * @param percent the percentage of {@code step} that is done, 0 to 100, rounded down; it does not decrease within a
 *     step. For {@link Step#READING} of the records that the source expects, for the steps that send of the bytes of
 *     all files at all destinations. Empty where the total is unknown or zero
 */
public record RunProgress(
        String job,
        long run,
        Step step,
        Instant since,
        Optional<String> definition,
        Optional<String> delivery,
        Optional<String> path,
        long rowsRead,
        long rowsWritten,
        long bytesStaged,
        long bytesSent,
        OptionalInt percent) {

    /** The steps of a run, in this order. */
    public enum Step {
        /** Opens the sources and freezes the windows, or copies the files of an earlier run. */
        PLANNING,
        /** Reads the records of a definition, and writes them unless they are sorted first. */
        READING,
        /** Writes sorted records, and finishes the files of a definition. */
        WRITING,
        /** Uploads files under temporary names: all of them, or during publication one that a destination has lost. */
        UPLOADING,
        /** Makes files visible. To a destination without temporary names, such as mail, they are sent in this step. */
        PUBLISHING,
        /** Sends the copies of a committed run; see {@link io.outfeed.ExportJob.Builder#copyTo}. */
        COPYING
    }

    /**
     * Checks that nothing is missing.
     *
     * @param job the name of the job
     * @param run the number of the run
     * @param step the current step
     * @param since when the step began
     * @param definition the name of the definition whose records are read or written
     * @param delivery the id of the delivery to which a file is sent
     * @param path the path of the staged file that is sent
     * @param rowsRead how many records the source has given so far
     * @param rowsWritten how many rows its files have so far
     * @param bytesStaged how many bytes its files have so far
     * @param bytesSent how many bytes were sent so far
     * @param percent how much of the step is done
     */
    public RunProgress {
        requireNonNull(job, "job");
        requireNonNull(step, "step");
        requireNonNull(since, "since");
        requireNonNull(definition, "definition");
        requireNonNull(delivery, "delivery");
        requireNonNull(path, "path");
        requireNonNull(percent, "percent");
    }

    /** Such as {@code uploading visits-3.csv to lakeside, 45 %}. */
    @Override
    public String toString() {
        return step.name().toLowerCase(Locale.ROOT)
                + definition.map(name -> " " + name).orElse("")
                + path.map(file -> " " + file).orElse("")
                + delivery.map(id -> " to " + id).orElse("")
                + (percent.isPresent() ? ", " + percent.getAsInt() + " %" : "");
    }
}
