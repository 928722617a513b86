package io.outfeed.internal.reading;

import io.outfeed.ExportDefinition;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.SourceException;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.run.JobPositions;
import io.outfeed.source.Parameters;
import io.outfeed.source.Position;
import io.outfeed.source.SourceSession;
import io.outfeed.source.Window;
import io.outfeed.watermark.Watermark;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A definition of a run with its open session and its frozen window. Used by the thread of the run. */
public final class PlannedExport<T> implements SourcePermits.Sessions {

    private static final Logger log = LoggerFactory.getLogger(PlannedExport.class);

    private final ExportDefinition<T> definition;
    private final SourceSession<T> session;
    private final Window window;
    private final String at;
    private final @Nullable LateArrivals lateArrivals;
    private final long deliveredBy;

    private PlannedExport(
            ExportDefinition<T> definition,
            SourceSession<T> session,
            Window window,
            String at,
            @Nullable LateArrivals lateArrivals,
            long deliveredBy) {
        this.definition = definition;
        this.session = session;
        this.window = window;
        this.at = at;
        this.lateArrivals = lateArrivals;
        this.deliveredBy = deliveredBy;
    }

    /** Opens the source, and freezes the window that a run on request would have now. */
    public static <T> PlannedExport<T> open(
            ExportDefinition<T> definition,
            Parameters parameters,
            Optional<Position> committed,
            Clock clock,
            String at) {
        return open(definition, parameters, committed, clock, Optional.empty(), at);
    }

    /**
     * Opens the source, and freezes the window after the committed position.
     *
     * @param fireTime the latest one that the run covers
     * @param at names job and run in a message
     */
    public static <T> PlannedExport<T> open(
            ExportDefinition<T> definition,
            Parameters parameters,
            Optional<Position> committed,
            Clock clock,
            Optional<Instant> fireTime,
            String at) {
        Position from = committed.orElseGet(definition.watermark()::beginning);
        checkKind(definition, from);
        SourceSession<T> session = openSession(definition, parameters, at);
        try {
            Position until = until(definition, session, from, clock, fireTime, at);
            if (definition.watermark().compare(until, from) < 0) {
                throw SourceException.retryable(
                        "the window of " + definition + " would end at " + until + ", before its beginning " + from
                                + ": a clock or the database went back, or the settle time was made longer; nothing is"
                                + " exported until the end has passed the beginning" + at,
                        null);
            }
            return new PlannedExport<>(definition, session, new Window(from, until), at, null, 0);
        } catch (RuntimeException | Error e) {
            HostCalls.closeAfter(e, session);
            throw e;
        }
    }

    private static <T> Position until(
            ExportDefinition<T> definition,
            SourceSession<T> session,
            Position from,
            Clock clock,
            Optional<Instant> fireTime,
            String at) {
        Watermark<T> watermark = definition.watermark();
        return HostCalls.callSource("can't tell how far the window of " + definition + " may reach", at, () -> {
            if (fireTime.isPresent() && watermark.followsFireTime()) {
                Instant now = clock.instant();
                Instant planned = fireTime.get().isBefore(now) ? fireTime.get() : now;
                Position until = watermark.until(session, Clock.fixed(planned, clock.getZone()));
                if (watermark.compare(until, from) >= 0) { // else a later run has committed
                    return until;
                }
            }
            return watermark.until(session, clock);
        });
    }

    /** Returns the same session, audited for late records if the definition has a lookback. */
    public PlannedExport<T> audited(Optional<SeenRecords> before, Clock clock) {
        LateArrivals audit = definition
                .lookback()
                .map(lookback -> new LateArrivals(definition, lookback, window, before, clock))
                .orElse(null);
        return new PlannedExport<>(definition, session, window, at, audit, deliveredBy);
    }

    /** Returns the same session with the run that committed the positions. */
    public PlannedExport<T> deliveredBy(JobPositions positions) {
        boolean committed = positions.position(definition.name()).isPresent();
        return new PlannedExport<>(definition, session, window, at, lateArrivals, committed ? positions.run() : 0);
    }

    /** Opens the source for a given window. */
    public static <T> PlannedExport<T> openWindow(
            ExportDefinition<T> definition, Parameters parameters, Window window, String at) {
        checkKind(definition, window.from());
        SourceSession<T> session = openSession(definition, parameters, at);
        return new PlannedExport<>(definition, session, window, at, null, 0);
    }

    private static <T> SourceSession<T> openSession(ExportDefinition<T> definition, Parameters parameters, String at) {
        SourceSession<T> session = HostCalls.callSource(
                "can't open the source of " + definition,
                at,
                () -> definition.source().open(parameters));
        try {
            return HostCalls.callSource("the watermark of " + definition + " can't use its source", at, () -> {
                definition.watermark().prepare(session);
                return session;
            });
        } catch (RuntimeException | Error e) {
            HostCalls.closeAfter(e, session);
            throw e;
        }
    }

    private static void checkKind(ExportDefinition<?> definition, Position from) {
        Watermark<?> watermark = definition.watermark();
        if (!from.kind().equals(watermark.kind())) {
            throw new InvalidDefinitionException(
                    definition.toString(),
                    List.of("its position " + from + " was made by a watermark of kind '" + from.kind()
                            + "', and the watermark is now of kind '" + watermark.kind()
                            + "': call resetPosition(\"" + definition.name()
                            + "\", position, reason) with a position of the new kind, such as watermark.beginning()"));
        }
    }

    public ExportDefinition<T> definition() {
        return definition;
    }

    /** Names job and run in a message. */
    public String at() {
        return at;
    }

    public SourceSession<T> session() {
        return session;
    }

    public Optional<LateArrivals> lateArrivals() {
        return Optional.ofNullable(lateArrivals);
    }

    /** Returns the number of the run that committed the position; empty if there is none. */
    public Optional<Long> deliveredBy() {
        return deliveredBy == 0 ? Optional.empty() : Optional.of(deliveredBy);
    }

    /** Returns the window to read from the source: that of the run, with the lookback before it if there is one. */
    Window readWindow() {
        return lateArrivals == null ? window : new Window(lateArrivals.readFrom(), window.until());
    }

    public Window window() {
        return window;
    }

    /** Returns how many records the source expects; a failure is logged only. Call it before the source is read. */
    public OptionalLong expectedRecords() {
        try {
            OptionalLong expected = session.expectedRecords(readWindow());
            return expected.isPresent() ? expected : OptionalLong.empty(); // null is a failure too
        } catch (Throwable e) {
            log.warn(
                    "The source of {} can't tell how many records to expect: the run continues without a percentage{}",
                    definition,
                    at,
                    HostCalls.redact(e));
            return OptionalLong.empty();
        }
    }

    @Override
    public void close() {
        HostCalls.callSource("can't close the source of " + definition, at, () -> {
            session.close();
            return true;
        });
    }
}
