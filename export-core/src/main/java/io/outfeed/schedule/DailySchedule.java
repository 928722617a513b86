package io.outfeed.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;

/** See {@link Schedule#daily}. */
record DailySchedule(LocalTime time, ZoneId zone) implements Schedule {

    DailySchedule {
        requireNonNull(time, "time");
        requireNonNull(zone, "zone");
    }

    @Override
    public Optional<Instant> next(Instant after) {
        return LocalFire.after(after, time, zone, date -> date);
    }

    @Override
    public String description() {
        return "daily at " + time + " " + zone;
    }

    @Override
    public String toString() {
        return description();
    }
}
