package io.outfeed.source;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One reading of a source: bound and data can share a snapshot, because the watermark is asked for its bound in the
 * same session that is then read.
 *
 * <p>An SPI. Used by one thread, for one run or one preview, then closed.
 *
 * @param <T> the record type
 */
@FunctionalInterface
@SuppressWarnings("try") // close may be interrupted: the engine keeps the interrupt
public interface SourceSession<T> extends AutoCloseable {

    /**
     * Reads the records of a window: those whose position is not before {@code window.from()} and before
     * {@code window.until()}, each once and as it is now: what is given twice is exported twice. Called at most once.
     * The engine reads the stream once, in order, without holding records, and closes it.
     *
     * @param window what to read; never ask for the time instead
     * @return the records, in any order, none of them null
     * @throws Exception if the source fails
     */
    Stream<T> read(Window window) throws Exception;

    /**
     * Tells about how many records a window has, so that a page can show how much of them is read
     * ({@link io.outfeed.operation.RunProgress#percent}). An estimate will do. Asked at most once, after the session
     * was opened and before {@link #read} is called with the same window. It should take little time, beside the
     * reading.
     *
     * <p>What it throws is logged, and the run goes on; the session must still be good for reading then.
     *
     * @param window what is going to be read
     * @return the number of records, those included that a filter leaves out; or empty, the default, if it is not known
     * @throws Exception if it can't be told
     */
    default OptionalLong expectedRecords(Window window) throws Exception {
        return OptionalLong.empty();
    }

    /**
     * Looks records up by key, for a preview or a test record.
     *
     * @param keys the keys, as the definition's {@code recordKey} gives them
     * @return those that there are; or empty, the default, if this source has no look-up: the engine then reads from
     *     the beginning until it has found them
     * @throws Exception if the source fails
     */
    default Optional<Stream<T>> find(Set<String> keys) throws Exception {
        return Optional.empty();
    }

    /**
     * Tells what a person should know about this reading, such as that an open transaction holds the window back. It
     * goes to the note of the run and to the log. Asked after the window was read. Nothing by default.
     *
     * @return sentences without a full stop, and without anything personal
     */
    default List<String> notes() {
        return List.of();
    }

    /**
     * Gives back what the session holds. Does nothing by default.
     *
     * @throws Exception if that fails; the run fails too, since a source that can't close may not have read all
     */
    @Override
    default void close() throws Exception {}
}
