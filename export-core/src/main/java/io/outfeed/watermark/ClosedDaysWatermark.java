package io.outfeed.watermark;

import static java.util.Objects.requireNonNull;

import io.outfeed.source.Position;
import io.outfeed.source.SourceSession;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Function;

/** See {@link Watermark#closedDays}: a timestamp watermark whose windows end at the beginning of a day. */
record ClosedDaysWatermark<T>(TimestampWatermark<T> timestamps, ZoneId zone) implements Watermark<T> {

    ClosedDaysWatermark(Function<? super T, Instant> updatedAt, ZoneId zone, Duration settleTime) {
        this(new TimestampWatermark<>(updatedAt, settleTime), requireNonNull(zone, "zone"));
    }

    @Override
    public String kind() {
        return timestamps.kind();
    }

    @Override
    public Position beginning() {
        return timestamps.beginning();
    }

    /** Returns the first instant of the day, which is not midnight where clocks change at midnight. */
    @Override
    public Position until(SourceSession<T> session, Clock clock) {
        Instant settled = timestamps.until(session, clock).toInstant();
        return Position.of(settled.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant());
    }

    @Override
    public boolean followsFireTime() {
        return true;
    }

    @Override
    public Optional<Position> positionOf(T record) {
        return timestamps.positionOf(record);
    }

    @Override
    public Optional<Instant> settledAt(Position position) {
        Instant dayAfter = position.toInstant()
                .atZone(zone)
                .toLocalDate()
                .plusDays(1)
                .atStartOfDay(zone)
                .toInstant();
        return Optional.of(dayAfter.plus(timestamps.settleTime()));
    }

    @Override
    public Optional<Instant> clockTime(Position position) {
        return timestamps.clockTime(position);
    }

    @Override
    public int compare(Position left, Position right) {
        return timestamps.compare(left, right);
    }

    @Override
    public String toString() {
        return "closed days of " + zone + " with a settle time of " + timestamps.settleTime();
    }
}
