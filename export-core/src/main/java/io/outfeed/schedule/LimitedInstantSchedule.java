package io.outfeed.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;

/** The fires of a schedule of instants on some local dates. */
record LimitedInstantSchedule(InstantSchedule base, ZoneId zone, DateLimits limits) implements InstantSchedule {

    @Override
    public Optional<Instant> next(Instant after) {
        Instant beforeFirst = start(limits.first()).minusNanos(1);
        Optional<Instant> fire = base.next(after.isBefore(beforeFirst) ? beforeFirst : after);
        while (fire.isPresent()) {
            LocalDate date = LocalFire.local(fire.get(), zone).toLocalDate();
            if (limits.allow(date)) {
                return fire;
            }
            if (!date.isBefore(limits.last())) {
                return Optional.empty();
            }
            Instant endOfDate = start(date.plusDays(1)).minusNanos(1);
            fire = base.next(endOfDate.isAfter(fire.get()) ? endOfDate : fire.get());
        }
        return fire;
    }

    private Instant start(LocalDate date) {
        return date.atStartOfDay(zone).toInstant();
    }

    @Override
    public Optional<ZoneId> dateZone() {
        return Optional.of(zone);
    }

    @Override
    public Frequency frequency() {
        return base.frequency();
    }

    @Override
    public String description() {
        return base.description() + limits.description();
    }

    @Override
    public String toString() {
        return description();
    }
}
