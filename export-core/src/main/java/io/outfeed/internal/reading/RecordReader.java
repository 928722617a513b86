package io.outfeed.internal.reading;

import io.outfeed.ExportDefinition;
import io.outfeed.error.ExportException;
import io.outfeed.error.SourceException;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.failure.Redacted;
import io.outfeed.internal.key.RecordKey;
import io.outfeed.source.Position;
import io.outfeed.source.Window;
import io.outfeed.watermark.Watermark;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;

/** The host's code while a record is at hand: what it throws may quote the record, so its message is left out. */
public record RecordReader<T>(PlannedExport<T> export) {

    public Stream<T> open() {
        return HostCalls.source(
                "can't read the source of " + definition(),
                export.at(),
                () -> export.session().read(export.reading()));
    }

    public boolean hasNext(Iterator<T> records) {
        if (Thread.currentThread().isInterrupted()) {
            throw SourceException.permanent("interrupted while records were read" + export.at(), null);
        }
        try {
            return records.hasNext();
        } catch (ExportException e) {
            throw e; // says itself whether trying again may help, and quotes no record
        } catch (RuntimeException e) {
            throw broken(e);
        }
    }

    public T next(Iterator<T> records) {
        T record;
        try {
            record = records.next();
        } catch (ExportException e) {
            throw e; // says itself whether trying again may help, and quotes no record
        } catch (RuntimeException e) {
            throw broken(e);
        }
        if (record == null) {
            throw SourceException.permanent(
                    "the source of " + definition() + " gave null instead of a record" + export.at(), null);
        }
        return record;
    }

    @SuppressWarnings("NullAway") // a host's function may break its promise: say so instead of taking records for one
    public RecordKey key(T record) {
        Object key;
        try {
            key = definition().recordKey().apply(record);
        } catch (RuntimeException e) {
            throw failure("recordKey of " + definition() + " failed", e);
        }
        if (key == null) {
            throw SourceException.permanent(message("recordKey of " + definition() + " gave null"), null);
        }
        return RecordKey.of(key);
    }

    /** Where a record lies; empty if records do not carry a position. */
    public Optional<Position> position(T record, RecordKey key) {
        try {
            return definition().watermark().positionOf(record);
        } catch (Exception e) {
            throw failure("the watermark of " + definition() + " failed for record '" + key.text() + "'", e);
        }
    }

    /**
     * Whether a record belongs to the run: it lies in the window, or it came late. What does not was exported before.
     *
     * @throws SourceException if the source was not asked for it
     */
    public boolean belongs(RecordKey key, Optional<Position> position) {
        if (position.isEmpty()) {
            return true;
        }
        if (contains(export.window(), position.get())) {
            export.lateArrivals().ifPresent(late -> late.remember(key.text(), position.get()));
            return true;
        }
        if (contains(export.reading(), position.get())) {
            return export.lateArrivals()
                    .filter(late -> late.isLate(key.text(), position.get()))
                    .isPresent();
        }
        throw SourceException.permanent(
                "record '" + key.text() + "' of " + definition() + " lies outside of the window " + export.reading()
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

    /** A connection that broke in the middle: trying again may help. */
    private SourceException broken(Exception cause) {
        return SourceException.retryable(
                message("the source of " + definition() + " failed while it was read"), Redacted.of(cause));
    }

    private SourceException failure(String message, Exception cause) {
        return SourceException.permanent(message(message), Redacted.of(cause));
    }

    private String message(String message) {
        return message + ": nothing was published, the next run covers its window" + export.at();
    }
}
