package io.outfeed.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/** See {@link Schedule#once}. */
record OnceSchedule(Instant at) implements Schedule {

    OnceSchedule {
        requireNonNull(at, "at");
    }

    @Override
    public Optional<Instant> next(Instant after) {
        return at.isAfter(after) ? Optional.of(at) : Optional.empty();
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
