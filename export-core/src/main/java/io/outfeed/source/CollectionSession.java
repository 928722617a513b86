package io.outfeed.source;

import java.util.Collection;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A session over a collection, which is read only once even if its records are counted first. */
final class CollectionSession<T> implements SourceSession<T> {

    private final RecordSource.CollectionReader<T> reader;
    private @Nullable Window counted;
    private @Nullable Collection<T> records;

    CollectionSession(RecordSource.CollectionReader<T> reader) {
        this.reader = reader;
    }

    @Override
    public OptionalLong expectedRecords(Window window) throws Exception {
        Collection<T> read = reader.read(window);
        records = read;
        counted = window;
        return OptionalLong.of(read.size());
    }

    @Override
    public Stream<T> read(Window window) throws Exception {
        Collection<T> read = records != null && window.equals(counted) ? records : reader.read(window);
        records = null; // only the stream needs them now
        return read.stream();
    }

    @Override
    public void close() {
        records = null;
    }
}
