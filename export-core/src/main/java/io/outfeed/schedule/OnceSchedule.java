package io.outfeed.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/** See {@link Schedule#once}. */
record OnceSchedule(Instant at) implements InstantSchedule {

    OnceSchedule {
        requireNonNull(at, "at");
    }

    @Override
    public Optional<Instant> next(Instant after) {
        return at.isAfter(after) ? Optional.of(at) : Optional.empty();
    }

    @Override
    public Optional<ZoneId> dateZone() {
        return Optional.empty();
    }

    @Override
    public Frequency frequency() {
        return Frequency.ONCE;
    }

    @Override
    public String description() {
        return "once at " + at;
    }

    @Override
    public String toString() {
        return description();
    }
}
