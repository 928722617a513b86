package io.outfeed.testing;

import static java.util.Objects.requireNonNull;

import io.outfeed.source.Parameters;
import io.outfeed.source.Position;
import io.outfeed.source.RecordSource;
import io.outfeed.source.SourceSession;
import io.outfeed.source.Window;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A source of records in memory, by the time of their last change. To a definition without a watermark column,
 * by {@code Watermark.fullSnapshot()}, it gives all of them.
 *
 * <p>It does not imitate a source's failures, slowness or late commits: a record is visible at once, whatever its time
 * says. Parameters of the job are ignored. Records come in the order in which their keys were first put.
 *
 * <p>Thread-safe: a session reads the records as they were when it was opened.
 *
 * @param <T> the record type
 */
public final class ListSource<T> implements RecordSource<T> {

    private final Function<? super T, ?> key;
    private final Function<? super T, Instant> updatedAt;
    private final Map<Object, T> records = new LinkedHashMap<>();

    private ListSource(Function<? super T, ?> key, Function<? super T, Instant> updatedAt) {
        this.key = requireNonNull(key, "key");
        this.updatedAt = requireNonNull(updatedAt, "updatedAt");
    }

    /**
     * Makes a source without records.
     *
     * @param key distinguishes records
     * @param updatedAt the time of a record's last change
     * @param <T> the record type
     * @return the source
     */
    public static <T> ListSource<T> create(Function<? super T, ?> key, Function<? super T, Instant> updatedAt) {
        return new ListSource<>(key, updatedAt);
    }

    /**
     * Adds records; one with the key of another replaces it.
     *
     * @param added the records
     * @return this source
     */
    @SafeVarargs
    public final ListSource<T> put(T... added) {
        for (T record : added) {
            put(record);
        }
        return this;
    }

    /**
     * Adds records; one with the key of another replaces it.
     *
     * @param added the records
     * @return this source
     */
    public ListSource<T> putAll(Collection<? extends T> added) {
        added.forEach(this::put);
        return this;
    }

    /**
     * Removes records, as a deletion in a database does.
     *
     * @param keys the keys; what is not there is ignored
     * @return this source
     */
    public synchronized ListSource<T> remove(Object... keys) {
        for (Object removed : keys) {
            records.remove(removed);
        }
        return this;
    }

    private synchronized void put(T record) {
        records.put(requireNonNull(key.apply(record), "key"), record);
    }

    @Override
    public synchronized SourceSession<T> open(Parameters parameters) {
        return new Session<>(new ArrayList<>(records.values()), key, updatedAt);
    }

    private record Session<T>(List<T> records, Function<? super T, ?> key, Function<? super T, Instant> updatedAt)
            implements SourceSession<T> {

        @Override
        public OptionalLong expectedRecords(Window window) {
            return OptionalLong.of(read(window).count());
        }

        @Override
        public Stream<T> read(Window window) {
            if (window.from().kind().equals(Position.SNAPSHOT)) {
                return records.stream();
            }
            Instant from = window.from().toInstant();
            Instant until = window.until().toInstant();
            return records.stream().filter(record -> {
                Instant at = updatedAt.apply(record);
                return !at.isBefore(from) && at.isBefore(until);
            });
        }

        @Override
        public Optional<Stream<T>> find(Set<String> keys) {
            return Optional.of(records.stream().filter(record -> keys.contains(String.valueOf(key.apply(record)))));
        }

        @Override
        public void close() {
            // holds nothing
        }
    }
}
