package io.outfeed.watermark;

import static java.util.Objects.requireNonNull;

import io.outfeed.source.Position;
import io.outfeed.source.SourceSession;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** See {@link Watermark#timestamp}. */
record TimestampWatermark<T>(Function<? super T, Instant> updatedAt, Duration settleTime) implements Watermark<T> {

    /** The earliest time that every database accepts as a bound. */
    private static final Instant BEGINNING = Instant.parse("0001-01-01T00:00:00Z");

    TimestampWatermark {
        requireNonNull(updatedAt, "updatedAt");
        requireNonNull(settleTime, "settleTime");
        if (settleTime.isNegative()) {
            throw new IllegalArgumentException("settleTime must be zero or more, not " + settleTime);
        }
    }

    @Override
    public String kind() {
        return Position.TIMESTAMP;
    }

    @Override
    public Position beginning() {
        return Position.of(BEGINNING);
    }

    @Override
    public Position until(SourceSession<T> session, Clock clock) {
        return Position.of(clock.instant().minus(settleTime));
    }

    @Override
    @SuppressWarnings("NullAway") // a host's function may return null although it must not
    public Optional<Position> positionOf(T record) {
        Instant at = updatedAt.apply(record);
        if (at == null) {
            throw new IllegalStateException("the watermark's timestamp is null: give every record one");
        }
        return Optional.of(Position.of(at));
    }

    @Override
    public Optional<Instant> settledAt(Position position) {
        return Optional.of(position.toInstant().plus(settleTime));
    }

    @Override
    public Optional<Instant> clockTime(Position position) {
        return Optional.of(position.toInstant());
    }

    @Override
    public int compare(Position left, Position right) {
        return left.toInstant().compareTo(right.toInstant());
    }

    @Override
    public String toString() {
        return "timestamp with a settle time of " + settleTime;
    }
}
