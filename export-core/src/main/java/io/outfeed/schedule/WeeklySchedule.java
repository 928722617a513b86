package io.outfeed.schedule;

import static java.util.Objects.requireNonNull;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** See {@link Schedule#weekly(Set, LocalTime, ZoneId)}. */
record WeeklySchedule(Set<DayOfWeek> days, LocalTime time, ZoneId zone) implements LocalSchedule {

    WeeklySchedule {
        requireNonNull(time, "time");
        requireNonNull(zone, "zone");
        if (days.isEmpty()) {
            throw new IllegalArgumentException("a weekly schedule has one day or more, such as MONDAY");
        }
        days = Collections.unmodifiableSet(EnumSet.copyOf(days)); // in the order of the week
    }

    @Override
    public Optional<LocalDate> dateFrom(LocalDate first) {
        LocalDate date = first;
        while (!days.contains(date.getDayOfWeek())) { // at most six times
            date = date.plusDays(1);
        }
        return Optional.of(date);
    }

    @Override
    public Optional<LocalTime> timeFrom(LocalTime first) {
        return Optional.of(time).filter(it -> !it.isBefore(first));
    }

    @Override
    public Frequency frequency() {
        return Frequency.WEEKLY;
    }

    @Override
    public String description() {
        String list = days.stream().map(DayOfWeek::name).collect(Collectors.joining(", "));
        return "weekly on " + list + " at " + time + " " + zone;
    }

    @Override
    public String toString() {
        return description();
    }
}
