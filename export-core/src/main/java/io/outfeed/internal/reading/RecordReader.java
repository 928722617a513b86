package io.outfeed.internal.reading;

import io.outfeed.ExportDefinition;
import io.outfeed.error.ExportException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.SourceException;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.key.RecordKey;
import io.outfeed.source.Position;
import io.outfeed.source.Window;
import io.outfeed.watermark.Watermark;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads records through the host's code, whose exception messages are redacted: they may quote a record. */
public record RecordReader<T>(PlannedExport<T> export) {

    public Stream<T> open() {
        return HostCalls.callSource(
                "can't read the source of " + definition(),
                export.at(),
                () -> export.session().read(export.readWindow()));
    }

    public boolean hasNext(Iterator<T> records) {
        if (Thread.currentThread().isInterrupted()) {
            throw SourceException.of(FailureCode.STOPPED, "interrupted while records were read" + export.at(), null);
        }
        try {
            return records.hasNext();
        } catch (ExportException e) {
            throw e; // says itself whether it is retryable, and quotes no record
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    public T next(Iterator<T> records) {
        T record;
        try {
            record = records.next();
        } catch (ExportException e) {
            throw e; // says itself whether it is retryable, and quotes no record
        } catch (Throwable e) {
            throw broken(e);
        }
        if (record == null) {
            throw SourceException.permanent(
                    "the source of " + definition() + " gave null instead of a record" + export.at(), null);
        }
        return record;
    }

    @SuppressWarnings("NullAway") // a host's function may return null although it must not
    public RecordKey key(T record) {
        Object key;
        try {
            key = definition().recordKey().apply(record);
        } catch (Throwable e) {
            throw failure("recordKey of " + definition() + " failed", e);
        }
        if (key == null) {
            throw SourceException.permanent(message("recordKey of " + definition() + " gave null"), null);
        }
        return RecordKey.of(key);
    }

    /** Returns the position of a record; empty if records have none. */
    public Optional<Position> position(T record, RecordKey key) {
        try {
            return definition().watermark().positionOf(record);
        } catch (Throwable e) {
            throw failure("the watermark of " + definition() + " failed for record '" + key.name() + "'", e);
        }
    }

    /**
     * Whether a record belongs to the run: it lies in the window, or it came late. Others were exported before.
     *
     * @throws SourceException if the record lies outside of the window that was read
     */
    public boolean belongs(RecordKey key, Optional<Position> position) {
        if (position.isEmpty()) {
            return true;
        }
        if (contains(export.window(), position.get())) {
            export.lateArrivals().ifPresent(late -> late.remember(key.text(), position.get()));
            return true;
        }
        if (contains(export.readWindow(), position.get())) {
            return export.lateArrivals()
                    .filter(late -> late.isLate(key.text(), position.get()))
                    .isPresent();
        }
        throw SourceException.permanent(
                "record '" + key.name() + "' of " + definition() + " lies outside of the window " + export.readWindow()
                        + ": let the source read from (inclusive) until (exclusive), by the watermark's own field"
                        + export.at(),
                null);
    }

    private boolean contains(Window window, Position position) {
        Watermark<T> watermark = definition().watermark();
        return watermark.compare(window.from(), position) <= 0 && watermark.compare(position, window.until()) < 0;
    }

    private ExportDefinition<T> definition() {
        return export.definition();
    }

    /** Returns a retryable failure, unless it is an error: the connection may have broken. */
    private SourceException broken(Throwable thrown) {
        Throwable cause = HostCalls.redact(thrown);
        String message = message("the source of " + definition() + " failed while it was read");
        return thrown instanceof Error
                ? SourceException.of(FailureCode.UNEXPECTED, message, cause)
                : SourceException.retryable(message, cause);
    }

    private SourceException failure(String message, Throwable cause) {
        return SourceException.permanent(message(message), HostCalls.redact(cause));
    }

    private String message(String message) {
        return message + ": nothing was published, the next run covers its window" + export.at();
    }
}
