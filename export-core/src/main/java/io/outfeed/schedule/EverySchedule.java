package io.outfeed.schedule;

import static java.util.Objects.requireNonNull;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/** See {@link Schedule#every(Duration, Instant, ZoneId)}. */
record EverySchedule(Duration interval, Instant anchor, Optional<ZoneId> dateZone) implements InstantSchedule {

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    EverySchedule {
        requireNonNull(interval, "interval");
        requireNonNull(anchor, "anchor");
        requireNonNull(dateZone, "dateZone");
        if (interval.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("interval must be one second or more, not " + interval);
        }
    }

    @Override
    public Optional<Instant> next(Instant after) {
        if (after.isBefore(anchor)) {
            return Optional.of(anchor);
        }
        long fires = Duration.between(anchor, after).dividedBy(interval);
        try {
            return Optional.of(anchor.plus(interval.multipliedBy(fires + 1)));
        } catch (ArithmeticException | DateTimeException e) {
            return Optional.empty(); // beyond the latest Instant
        }
    }

    @Override
    public Frequency frequency() {
        return Frequency.OTHER;
    }

    @Override
    public String description() {
        return "every " + interval + " from " + anchor
                + dateZone.map(zone -> ", dates of " + zone).orElse("");
    }

    @Override
    public String toString() {
        return description();
    }
}
