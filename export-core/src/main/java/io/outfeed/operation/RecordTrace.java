package io.outfeed.operation;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which files delivered a record, as far as a search has read them.
 *
 * <p>Immutable. Of the record it has only the key that the caller gave, which {@link #toString} omits.
 *
 * @param definition the name of the definition
 * @param key the key that was searched for
 * @param hits the rows that have the key, newest run first, in the order of the files; of a file the first 100
 * @param unlisted how many more rows have it: those beyond the first 100 of a file
 * @param unread the files that could not be read as rows: the record may be in them
 * @param oldestRun the oldest run of which a file was searched or found unread; empty if there was none. Runs that were
 *     pruned from the history are not known any more
 * @param next the search that continues where this one stopped at its bound, with the same options; empty if all runs
 *     that the history has were searched
 */
public record RecordTrace(
        String definition,
        String key,
        List<Hit> hits,
        long unlisted,
        List<UnreadFile> unread,
        OptionalLong oldestRun,
        Optional<RecordSearch> next) {

    /**
     * A row that has the key.
     *
     * @param run the number of the run; {@code engine.run(number).run().deliveries()} says where its files went
     * @param publishedAt when the file was first published at a destination; empty if no destination is known to have
     *     it
     * @param path the path of the file
     * @param entry the path of the file in the job's archive; empty if there is no archive
     * @param row the number of the row: 1 is the first record of the file, after the header line if there is one. A
     *     record whose cells have line ends counts as one
     * @param column the number of the column that has the key, from 1
     * @param header the header of that column; empty if the file has no header line and other columns than the
     *     definition has now
     */
    public record Hit(
            long run,
            Optional<Instant> publishedAt,
            String path,
            Optional<String> entry,
            long row,
            int column,
            Optional<String> header) {

        /**
         * Checks that nothing is missing.
         *
         * @param run the number of the run
         * @param publishedAt when the file was first published
         * @param path the path of the file
         * @param entry the path in the job's archive
         * @param row the number of the row
         * @param column the number of the column
         * @param header the header of the column
         */
        public Hit {
            requireNonNull(publishedAt, "publishedAt");
            requireNonNull(path, "path");
            requireNonNull(entry, "entry");
            requireNonNull(header, "header");
        }
    }

    /** Why a file could not be read as rows. */
    public enum Reason {
        /** Its bytes are not in this engine's directory: they were removed, or another node has them. */
        GONE,
        /** Its bytes are not those that were staged. */
        CHANGED,
        /**
         * Its bytes are those that were staged, but can't be read as rows: its format is neither CSV nor
         * JSON, or is another one than the definition has now, or a row has more than
         * 16 Mi characters.
         */
        FORMAT,
        /** It is encrypted, and no plain copy is kept: see {@link io.outfeed.file.PlainCopies}. */
        ENCRYPTED,
        /** The disk or the file system refuses to read it. */
        UNREADABLE
    }

    /**
     * A file that could not be read as rows.
     *
     * @param run the number of the run
     * @param path the path of the file
     * @param entry the path of the file in the job's archive; empty if it is the whole file
     * @param reason why
     */
    public record UnreadFile(long run, String path, Optional<String> entry, Reason reason) {

        /**
         * Checks that nothing is missing.
         *
         * @param run the number of the run
         * @param path the path of the file
         * @param entry the path in the job's archive
         * @param reason why
         */
        public UnreadFile {
            requireNonNull(path, "path");
            requireNonNull(entry, "entry");
            requireNonNull(reason, "reason");
        }
    }

    /**
     * Copies the lists.
     *
     * @param definition the name of the definition
     * @param key the key that was searched for
     * @param hits the rows that have the key
     * @param unlisted how many more rows have it
     * @param unread the files that could not be read as rows
     * @param oldestRun the oldest run that was searched
     * @param next the search that continues
     */
    public RecordTrace {
        requireNonNull(definition, "definition");
        requireNonNull(key, "key");
        hits = List.copyOf(hits);
        unread = List.copyOf(unread);
        requireNonNull(oldestRun, "oldestRun");
        requireNonNull(next, "next");
    }

    /**
     * Tells whether the search has come to the oldest run of the history. Files in {@link #unread()} were not searched
     * nevertheless.
     *
     * @return false if it stopped at its bound
     */
    public boolean complete() {
        return next.isEmpty();
    }

    /** What was found, without the key. */
    @Override
    public String toString() {
        return "trace of a record of '" + definition + "': " + (hits.size() + unlisted) + " rows, " + unread.size()
                + " files unread, " + (complete() ? "complete" : "stopped at its bound");
    }
}
