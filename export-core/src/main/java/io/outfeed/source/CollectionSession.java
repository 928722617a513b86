package io.outfeed.source;

import java.util.Collection;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Records that are given all at once: read once, whether they are counted before or not. */
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
        records = null; // the stream is all that needs them
        return read.stream();
    }

    @Override
    public void close() {
        records = null;
    }
}
