package io.outfeed.schedule;

import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;

/** The fires of a local schedule on some dates: a fire belongs to its own date, even if a gap moved it to the next. */
record LimitedLocalSchedule(LocalSchedule base, DateLimits limits) implements LocalSchedule {

    @Override
    public ZoneId zone() {
        return base.zone();
    }

    @Override
    public Optional<LocalDate> dateFrom(LocalDate first) {
        return base.dateFrom(first.isBefore(limits.first()) ? limits.first() : first)
                .filter(date -> !date.isAfter(limits.last()));
    }

    @Override
    public Optional<LocalTime> timeFrom(LocalTime first) {
        return base.timeFrom(first);
    }

    @Override
    public boolean leavesOut(LocalDate date) {
        return !limits.allow(date);
    }

    @Override
    public Optional<String> reason(LocalDate date) {
        return base.reason(date);
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
