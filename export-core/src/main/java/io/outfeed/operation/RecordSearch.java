package io.outfeed.operation;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How far {@link JobHandle#findRecord(String, String, RecordSearch)} reads, and where it begins.
 *
 * <p>Immutable and thread-safe; each method returns another search.
 */
public final class RecordSearch {

    private static final long DEFAULT_BYTES = 1L << 30;

    private static final RecordSearch ALL = new RecordSearch(DEFAULT_BYTES, Long.MAX_VALUE, null, progress -> {});

    private final long mostBytes;
    private final long run;
    private final @Nullable String path;
    private final Consumer<Progress> listener;

    private RecordSearch(long mostBytes, long run, @Nullable String path, Consumer<Progress> listener) {
        this.mostBytes = mostBytes;
        this.run = run;
        this.path = path;
        this.listener = listener;
    }

    /**
     * How far a search has come.
     *
     * @param run the number of the run whose file is read
     * @param files how many files were begun
     * @param bytes how many of their bytes were read, as they were delivered
     * @param hits how many rows were found so far
     */
    public record Progress(long run, int files, long bytes, int hits) {}

    /**
     * Returns a search that begins at the newest run and reads up to 1 GiB.
     *
     * @return the search
     */
    public static RecordSearch all() {
        return ALL;
    }

    /**
     * Sets how many bytes of files are read at most, as they were delivered: compressed, if they are. The search ends
     * before the file that would exceed it, but reads one file at least. Default: 1 GiB.
     *
     * @param bytes one or more
     * @return another search
     * @throws IllegalArgumentException if it is less than one
     */
    public RecordSearch mostBytes(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("mostBytes must be one or more, not " + bytes);
        }
        return new RecordSearch(bytes, run, path, listener);
    }

    /**
     * Begins at a run and continues with older ones. Default: the newest run.
     *
     * @param number the number of the run, which may have been pruned
     * @return another search
     */
    public RecordSearch startAt(long number) {
        return new RecordSearch(mostBytes, number, null, listener);
    }

    /**
     * Begins at a file of a run, and continues with those after it and with older runs. {@link RecordTrace#next()}
     * uses it.
     *
     * @param number the number of the run, which may have been pruned
     * @param file the path of the file
     * @return another search
     */
    public RecordSearch startAt(long number, String file) {
        return new RecordSearch(mostBytes, number, requireNonNull(file, "file"), listener);
    }

    /**
     * Reports progress: before each file, and about every 16 MiB within one. Default: not reported.
     *
     * @param progress called on the thread of the search; what it throws ends the search and reaches the caller
     * @return another search
     */
    public RecordSearch onProgress(Consumer<Progress> progress) {
        return new RecordSearch(mostBytes, run, path, requireNonNull(progress, "progress"));
    }

    /**
     * Returns how many bytes of files are read at most.
     *
     * @return one or more
     */
    public long mostBytes() {
        return mostBytes;
    }

    /**
     * Returns the run at which the search begins.
     *
     * @return its number; empty for the newest
     */
    public OptionalLong run() {
        return run == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(run);
    }

    /**
     * Returns the file of {@link #run()} at which the search begins.
     *
     * @return its path; empty for the first
     */
    public Optional<String> path() {
        return Optional.ofNullable(path);
    }

    /**
     * Returns what is notified of progress.
     *
     * @return the callback
     */
    public Consumer<Progress> progress() {
        return listener;
    }

    /** Where it begins, and how much it reads. */
    @Override
    public String toString() {
        return "search from " + (run == Long.MAX_VALUE ? "the newest run" : "run " + run)
                + (path == null ? "" : " and file " + path)
                + " downwards, at most " + mostBytes + " bytes";
    }
}
