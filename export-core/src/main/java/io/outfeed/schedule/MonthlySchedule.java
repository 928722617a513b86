package io.outfeed.schedule;

import static java.util.Objects.requireNonNull;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.Optional;

/** See {@link Schedule#monthly}, {@link Schedule#monthlyOnLastDay} and similar methods. */
record MonthlySchedule(Day day, LocalTime time, ZoneId zone) implements LocalSchedule {

    /** The day of each month. */
    sealed interface Day permits DayOfMonth, LastDay, Nth, Last {

        LocalDate in(YearMonth month);
    }

    record DayOfMonth(int number) implements Day {

        DayOfMonth {
            if (number < 1 || number > 31) {
                throw new IllegalArgumentException("dayOfMonth must be 1 to 31, not " + number);
            }
        }

        @Override
        public LocalDate in(YearMonth month) {
            return month.atDay(Math.min(number, month.lengthOfMonth()));
        }

        @Override
        public String toString() {
            return "day " + number;
        }
    }

    record LastDay() implements Day {

        @Override
        public LocalDate in(YearMonth month) {
            return month.atEndOfMonth();
        }

        @Override
        public String toString() {
            return "the last day";
        }
    }

    record Nth(int nth, DayOfWeek day) implements Day {

        Nth {
            requireNonNull(day, "day");
            if (nth < 1 || nth > 4) {
                throw new IllegalArgumentException(
                        "nth must be 1 to 4, not " + nth + ": for the last " + day + " use monthlyOnLast");
            }
        }

        @Override
        public LocalDate in(YearMonth month) {
            return month.atDay(1).with(TemporalAdjusters.dayOfWeekInMonth(nth, day));
        }

        @Override
        public String toString() {
            return day + " number " + nth;
        }
    }

    record Last(DayOfWeek day) implements Day {

        Last {
            requireNonNull(day, "day");
        }

        @Override
        public LocalDate in(YearMonth month) {
            return month.atDay(1).with(TemporalAdjusters.lastInMonth(day));
        }

        @Override
        public String toString() {
            return "the last " + day;
        }
    }

    MonthlySchedule {
        requireNonNull(time, "time");
        requireNonNull(zone, "zone");
    }

    @Override
    public Optional<LocalDate> dateFrom(LocalDate first) {
        YearMonth month = YearMonth.from(first);
        LocalDate date = day.in(month);
        return Optional.of(date.isBefore(first) ? day.in(month.plusMonths(1)) : date);
    }

    @Override
    public Optional<LocalTime> timeFrom(LocalTime first) {
        return Optional.of(time).filter(it -> !it.isBefore(first));
    }

    @Override
    public Optional<String> reason(LocalDate date) {
        return day instanceof DayOfMonth wanted && wanted.number() != date.getDayOfMonth()
                ? Optional.of(YearMonth.from(date) + " has no day " + wanted.number() + ", it is the last one")
                : Optional.empty();
    }

    @Override
    public Frequency frequency() {
        return Frequency.MONTHLY;
    }

    @Override
    public String description() {
        return "monthly on " + day + " at " + time + " " + zone;
    }

    @Override
    public String toString() {
        return description();
    }
}
