package io.outfeed.operation;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How far a run has come that an engine is executing now.
 *
 * <p>It is counted in the memory of the engine that executes the run, and stored nowhere: asked for on another node of
 * a cluster there is none, and the state of the run in the store tells no more than whether it is planned, staged or
 * publishing.
 *
 * <p>Immutable. Holds no value of a record and no secret.
 *
 * @param job the name of the job
 * @param run the number of the run
 * @param step what the run does
 * @param since when it began with that, by the engine's clock: for {@link Step#READING} and {@link Step#WRITING} with
 *     this definition, else with the first file at the first delivery. The attempts and the waits between them belong
 *     to it
 * @param definition the name of the definition whose records are read or written; empty while files are sent
 * @param delivery the id of the delivery to which a file is sent; empty while nothing is sent
 * @param path the path of the staged file that is sent; empty while nothing is sent
 * @param rowsRead how many records the source has given so far, for all definitions together, those included that are
 *     left out; 0 for a run that was staged before
 * @param rowsWritten how many rows its files have so far, for all definitions together
 * @param bytesStaged how many bytes its files have so far in the spool. What is to be compressed counts as it is, until
 *     the file is finished
 * @param bytesSent how many bytes this engine has sent so far, to all destinations together. What an attempt repeats
 *     counts once; a destination that tells nothing while it takes a file has taken all of it at once
 * @param percent how much of {@code step} is done, 0 to 100, rounded down; it does not go back before {@code since}
 *     moves. Of the records that the source expects, for {@link Step#READING}, or of the bytes that all files have at
 *     all destinations, for the steps that send. Empty where the whole is not known, or is nothing
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

    /** What a run does, in this order. */
    public enum Step {
        /** Opens the sources and freezes the windows, or takes the files of an earlier run. */
        PLANNING,
        /** Reads the records of a definition, and writes them unless they are to be sorted before. */
        READING,
        /** Writes what was sorted, and finishes the files of a definition. */
        WRITING,
        /** Uploads files under temporary names: all of them, or while it publishes one that a destination has lost. */
        UPLOADING,
        /** Makes files visible. Where a destination has no temporary names, such as mail, they are sent by this. */
        PUBLISHING,
        /** Sends the copies of a run that is committed, {@link io.outfeed.ExportJob.Builder#copyTo}. */
        COPYING
    }

    /**
     * Checks that nothing is missing.
     *
     * @param job the name of the job
     * @param run the number of the run
     * @param step what the run does
     * @param since when it began with that
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
