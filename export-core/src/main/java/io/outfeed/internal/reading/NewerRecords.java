package io.outfeed.internal.reading;

import io.outfeed.ExportDefinition;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.source.Parameters;
import io.outfeed.source.Position;
import io.outfeed.source.Window;
import java.time.Clock;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a person who asked for a run or a record why nothing was found: a record was written after the end of the
 * window, which the watermark keeps back. Used by one thread.
 */
public final class NewerRecords {

    private static final Logger log = LoggerFactory.getLogger(NewerRecords.class);

    private final SourcePermits permits;
    private final Clock clock;

    public NewerRecords(SourcePermits permits, Clock clock) {
        this.permits = permits;
        this.clock = clock;
    }

    /**
     * Returns a note for each definition that has a record past its window. A failure is logged only.
     *
     * @param exports what was read, and is closed
     */
    public List<String> notes(OpenExports exports, Parameters parameters) {
        return exports.all().stream()
                .map(export -> note(export, parameters))
                .flatMap(Optional::stream)
                .toList();
    }

    private <T> Optional<String> note(PlannedExport<T> export, Parameters parameters) {
        ExportDefinition<T> definition = export.definition();
        return past(export)
                .filter(window -> find(export, parameters, window, (reader, record) -> passesFilter(export, record))
                        .isPresent())
                .map(window -> "'" + definition.name() + "' has records after the window, which are not settled yet: "
                        + settledAt(definition, window.until())
                                .map(at -> "a run after " + at + " exports them")
                                .orElse("a later run exports them"));
    }

    private static <T> boolean passesFilter(PlannedExport<T> export, T record) {
        ExportDefinition<T> definition = export.definition();
        return HostCalls.callSource(
                "the filter of " + definition + " failed",
                export.at(),
                () -> definition.filter().test(record));
    }

    /**
     * Says of a record that was not found in what was read that it is there, and from when on windows include it. That
     * the source can't be read is logged only.
     *
     * @param export what was read, and is closed
     * @return empty if there is no such record
     */
    public <T> Optional<String> whenSettled(PlannedExport<T> export, Parameters parameters, String key) {
        ExportDefinition<T> definition = export.definition();
        return past(export)
                .flatMap(window -> find(
                        export,
                        parameters,
                        window,
                        (reader, record) -> reader.key(record).text().equals(key)))
                .map(record -> HostCalls.callSource(
                                "the watermark of " + definition + " failed",
                                export.at(),
                                () -> definition.watermark().positionOf(record))
                        .flatMap(position -> settledAt(definition, position))
                        .map(at -> "after " + at)
                        .orElse("later"));
    }

    /** Returns the window from the end of what was read until now; empty if nothing is in it. */
    private <T> Optional<Window> past(PlannedExport<T> export) {
        Position end = export.window().until();
        Optional<Window> past = switch (end.kind()) {
            case Position.TIMESTAMP -> Optional.of(new Window(end, Position.of(clock.instant())));
            case Position.SEQUENCE -> Optional.of(new Window(end, Position.of(Long.MAX_VALUE)));
            default -> Optional.empty();
        };
        return past.filter(window -> export.definition().watermark().compare(window.from(), window.until()) < 0);
    }

    /** Returns from when on windows include what has a position. */
    private static <T> Optional<Instant> settledAt(ExportDefinition<T> definition, Position position) {
        return position.instant().isPresent() ? definition.watermark().settledAt(position) : Optional.empty();
    }

    /** Reads up to the first record of a kind, in a session of its own. */
    private <T> Optional<T> find(
            PlannedExport<T> export, Parameters parameters, Window window, BiPredicate<RecordReader<T>, T> kind) {
        ExportDefinition<T> definition = export.definition();
        String at = export.at();
        try (SourcePermits.Permitted<PlannedExport<T>> past = permits.open(
                List.of(definition), at, () -> PlannedExport.openWindow(definition, parameters, window, at))) {
            RecordReader<T> reader = new RecordReader<>(past.sessions());
            try (Stream<T> records = reader.open()) {
                Iterator<T> iterator = records.iterator();
                while (reader.hasNext(iterator)) {
                    T record = reader.next(iterator);
                    if (kind.test(reader, record)) {
                        return Optional.of(record);
                    }
                }
            }
        } catch (RuntimeException | Error e) {
            log.warn(
                    "Whether {} has newer records than the window could not be read{}",
                    definition,
                    at,
                    HostCalls.redact(e));
        }
        return Optional.empty();
    }
}
