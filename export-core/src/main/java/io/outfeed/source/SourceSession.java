package io.outfeed.source;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One reading of a source. The end of the window is computed in the session that is then read, so that both can share a
 * snapshot.
 *
 * <p>An SPI. Used by one thread, for one run or one preview, then closed.
 *
 * @param <T> the record type
 */
@FunctionalInterface
@SuppressWarnings("try") // close may be interrupted: the engine keeps the interrupt
public interface SourceSession<T> extends AutoCloseable {

    /**
     * Reads the records of a window: those from {@code window.from()}, inclusive, until {@code window.until()},
     * exclusive, each once and in its current version: a record that is given twice is exported twice. Called at most
     * once. The engine reads the stream once, in order, without holding records, and closes it.
     *
     * <p>If the iterator of the stream throws a {@link io.outfeed.error.MappingException}, the record is rejected under
     * the policy of the definition, and the iterator is asked for the next one. A definition with the latest version of
     * each key, or with changes, needs the keys of all records: there the run fails.
     *
     * @param window the window to read; the current time must not be used instead
     * @return the records, in any order, none of them null
     * @throws Exception if the source fails
     */
    Stream<T> read(Window window) throws Exception;

    /**
     * Estimates the number of records in a window, for {@link io.outfeed.operation.RunProgress#percent}. Called at most
     * once, after the session was opened and before {@link #read} is called with the same window. It should take little
     * time compared with the reading.
     *
     * <p>An exception is logged, and the run continues; the session must still be readable then.
     *
     * @param window the window that will be read
     * @return the number of records, before the filter of the definition; empty, the default, if it is unknown
     * @throws Exception if it can't be estimated
     */
    default OptionalLong expectedRecords(Window window) throws Exception {
        return OptionalLong.empty();
    }

    /**
     * Finds records by key, for a preview or a test record.
     *
     * @param keys the keys, as the definition's {@code recordKey} gives them
     * @return the records that exist; empty, the default, if this source can't find records by key: the engine then
     *     reads from the beginning until it has found them
     * @throws Exception if the source fails
     */
    default Optional<Stream<T>> find(Set<String> keys) throws Exception {
        return Optional.empty();
    }

    /**
     * Tells of records that no window includes, such as those without a watermark, for {@link
     * io.outfeed.operation.JobHandle#check}. Called instead of {@link #read}.
     *
     * @param window the window that a run would have
     * @return which they are and what to do, as a clause without anything personal; empty, the default, if there are
     *     none or if that is not known
     * @throws Exception if the source fails
     */
    default Optional<String> excludedRecords(Window window) throws Exception {
        return Optional.empty();
    }

    /**
     * Tells how the records come from the source, for {@link io.outfeed.operation.JobHandle#check}, where there is more
     * than one way: which one, and why not the other. Called instead of {@link #read}.
     *
     * @return a clause without anything personal; empty, the default, if there is nothing to tell
     * @throws Exception if that can't be told
     */
    default Optional<String> transport() throws Exception {
        return Optional.empty();
    }

    /**
     * Returns notes on this reading for people, such as that an open transaction holds the window back. They are added
     * to the note of the run and logged. Called after the window was read. Default: none.
     *
     * @return sentences without a full stop, and without anything personal
     */
    default List<String> notes() {
        return List.of();
    }

    /**
     * Releases the resources of the session. Does nothing by default.
     *
     * @throws Exception if that fails; the run fails too, since the source may not have read everything
     */
    @Override
    default void close() throws Exception {}
}
