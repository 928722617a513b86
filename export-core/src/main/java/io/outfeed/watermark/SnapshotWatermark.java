package io.outfeed.watermark;

import io.outfeed.source.Position;
import io.outfeed.source.SourceSession;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** See {@link Watermark#fullSnapshot}. */
record SnapshotWatermark<T>() implements Watermark<T> {

    @Override
    public String kind() {
        return Position.SNAPSHOT;
    }

    @Override
    public Position beginning() {
        return new Position(Position.SNAPSHOT, Instant.EPOCH.toString());
    }

    @Override
    public Position until(SourceSession<T> session, Clock clock) {
        return new Position(Position.SNAPSHOT, clock.instant().toString());
    }

    @Override
    public Optional<Position> positionOf(T record) {
        return Optional.empty();
    }

    /** All positions are equal: they only record the time, and a clock that goes back must not matter. */
    @Override
    public int compare(Position left, Position right) {
        return 0;
    }

    @Override
    public String toString() {
        return "full snapshot";
    }
}
