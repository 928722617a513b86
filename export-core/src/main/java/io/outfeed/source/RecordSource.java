package io.outfeed.source;

import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The source of a definition's records.
 *
 * <p>An SPI. A source belongs to a definition and is opened by many threads at once, with one session for each run; a
 * session is used by one thread only. An exception fails the run before anything is published, and the next window
 * covers this one.
 *
 * @param <T> the record type
 */
@FunctionalInterface
public interface RecordSource<T> {

    /**
     * Opens a session, at the beginning of a run. It is closed when the run's files are staged, before any delivery.
     *
     * @param parameters the parameters of the job, such as the tenant
     * @return the session
     * @throws Exception if the source can't be reached
     */
    SourceSession<T> open(Parameters parameters) throws Exception;

    /**
     * Returns what this source declares, such as the text of its query: a run that has published nothing is planned
     * anew if it differs. Compared only, and never shown.
     *
     * @return a text that is the same after a restart; empty by default, for a source that is code
     */
    default String fingerprint() {
        return "";
    }

    /**
     * Returns the pool that each session of this source takes a connection from. A run then waits for its turn before
     * it opens its sessions, and opens them together.
     *
     * @return the pool; empty by default, any number of sessions may be open at once
     */
    default Optional<ConnectionPool> pool() {
        return Optional.empty();
    }

    /**
     * Makes a source of a function that reads a window lazily. The stream is closed after the read.
     *
     * @param reader gives the records of a window, such as {@code window -> repository.changedBetween(...)}
     * @param <T> the record type
     * @return the source
     */
    static <T> RecordSource<T> of(WindowReader<T> reader) {
        return parameters -> reader::read;
    }

    /**
     * Makes a source of a function that reads the records of a time span, for a timestamp watermark. The stream is
     * closed after the read.
     *
     * @param reader gives the records from a time (inclusive) until a time (exclusive), such as
     *     {@code repository::changedBetween}
     * @param <T> the record type
     * @return the source
     */
    static <T> RecordSource<T> between(TimestampReader<T> reader) {
        return parameters ->
                window -> reader.read(window.from().toInstant(), window.until().toInstant());
    }

    /**
     * Makes a source of a function that reads a window lazily for the job's parameters. The stream is closed after the
     * read.
     *
     * @param reader gives the records of a window
     * @param <T> the record type
     * @return the source
     */
    static <T> RecordSource<T> of(ParameterizedReader<T> reader) {
        return parameters -> window -> reader.read(window, parameters);
    }

    /**
     * Makes a source of a function that returns a window's records as a collection. They are held in memory: for small
     * exports.
     *
     * @param reader gives the records of a window
     * @param <T> the record type
     * @return the source
     */
    static <T> RecordSource<T> ofCollection(CollectionReader<T> reader) {
        return parameters -> new CollectionSession<>(reader);
    }

    /**
     * Reads a window lazily.
     *
     * @param <T> the record type
     */
    @FunctionalInterface
    interface WindowReader<T> {
        /**
         * Reads a window.
         *
         * @param window what to read
         * @return its records, in any order
         * @throws Exception if the source fails
         */
        Stream<T> read(Window window) throws Exception;
    }

    /**
     * Reads a span of time lazily.
     *
     * @param <T> the record type
     */
    @FunctionalInterface
    interface TimestampReader<T> {
        /**
         * Reads a span of time.
         *
         * @param from the first time that belongs to it; for the first window of a job the year 1
         * @param until the first time that no longer does
         * @return its records, in any order, each once
         * @throws Exception if the source fails
         */
        Stream<T> read(Instant from, Instant until) throws Exception;
    }

    /**
     * Reads a window lazily for a job's parameters.
     *
     * @param <T> the record type
     */
    @FunctionalInterface
    interface ParameterizedReader<T> {
        /**
         * Reads a window.
         *
         * @param window what to read
         * @param parameters the parameters of the job, such as the tenant
         * @return its records, in any order
         * @throws Exception if the source fails
         */
        Stream<T> read(Window window, Parameters parameters) throws Exception;
    }

    /**
     * Reads a window at once.
     *
     * @param <T> the record type
     */
    @FunctionalInterface
    interface CollectionReader<T> {
        /**
         * Reads a window.
         *
         * @param window what to read
         * @return its records, in any order
         * @throws Exception if the source fails
         */
        Collection<T> read(Window window) throws Exception;
    }
}
