package io.outfeed.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.Optional;

/** See {@link Schedule#monthly}. */
record MonthlySchedule(int dayOfMonth, LocalTime time, ZoneId zone) implements Schedule {

    MonthlySchedule {
        requireNonNull(time, "time");
        requireNonNull(zone, "zone");
        if (dayOfMonth < 1 || dayOfMonth > 31) {
            throw new IllegalArgumentException("dayOfMonth must be 1 to 31, not " + dayOfMonth);
        }
    }

    @Override
    public Optional<Instant> next(Instant after) {
        return LocalFire.after(after, time, zone, this::dateFrom);
    }

    private LocalDate dateFrom(LocalDate first) {
        YearMonth month = YearMonth.from(first);
        LocalDate date = in(month);
        return date.isBefore(first) ? in(month.plusMonths(1)) : date;
    }

    private LocalDate in(YearMonth month) {
        return month.atDay(Math.min(dayOfMonth, month.lengthOfMonth()));
    }

    @Override
    public String description() {
        return "monthly on day " + dayOfMonth + " at " + time + " " + zone;
    }

    @Override
    public String toString() {
        return description();
    }
}
