package io.outfeed.schedule;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * See {@link Schedule#daily}.
 *
 * @param times sorted, each once
 */
record DailySchedule(List<LocalTime> times, ZoneId zone) implements LocalSchedule {

    DailySchedule {
        requireNonNull(zone, "zone");
        if (times.isEmpty()) {
            throw new IllegalArgumentException("a daily schedule has one time or more, such as 07:00");
        }
        times = times.stream().distinct().sorted().toList();
    }

    @Override
    public Optional<LocalDate> dateFrom(LocalDate first) {
        return Optional.of(first);
    }

    @Override
    public Optional<LocalTime> timeFrom(LocalTime first) {
        return times.stream().filter(time -> !time.isBefore(first)).findFirst();
    }

    @Override
    public Frequency frequency() {
        return Frequency.DAILY;
    }

    @Override
    public String description() {
        return "daily at " + times.stream().map(LocalTime::toString).collect(Collectors.joining(", ")) + " " + zone;
    }

    @Override
    public String toString() {
        return description();
    }
}
