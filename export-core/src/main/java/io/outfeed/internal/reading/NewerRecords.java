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
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a person who asked for a run why it found nothing: a record was written after the end of the window, which the
 * watermark keeps back. Used by one thread.
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
        Instant now = clock.instant();
        Position end = export.window().until();
        Optional<Window> past = switch (end.kind()) {
            case Position.TIMESTAMP -> Optional.of(new Window(end, Position.of(now)));
            case Position.SEQUENCE -> Optional.of(new Window(end, Position.of(Long.MAX_VALUE)));
            default -> Optional.empty();
        };
        return past.filter(window -> definition.watermark().compare(window.from(), window.until()) < 0)
                .filter(window -> hasRecord(definition, parameters, window, export.at()))
                .map(window -> "'" + definition.name() + "' has records after the window, which are not settled yet: "
                        + definition
                                .watermark()
                                .settledAt(Position.of(now))
                                .filter(at -> end.instant().isPresent())
                                .map(at -> "a run after " + at + " exports them")
                                .orElse("a later run exports them"));
    }

    /** Reads up to the first record that passes the filter, in a session of its own. */
    private <T> boolean hasRecord(ExportDefinition<T> definition, Parameters parameters, Window window, String at) {
        try (SourcePermits.Permitted<PlannedExport<T>> past = permits.open(
                List.of(definition), at, () -> PlannedExport.openWindow(definition, parameters, window, at))) {
            RecordReader<T> reader = new RecordReader<>(past.sessions());
            try (Stream<T> records = reader.open()) {
                Iterator<T> iterator = records.iterator();
                while (reader.hasNext(iterator)) {
                    T record = reader.next(iterator);
                    if (HostCalls.callSource(
                            "the filter of " + definition + " failed",
                            at,
                            () -> definition.filter().test(record))) {
                        return true;
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
        return false;
    }
}
