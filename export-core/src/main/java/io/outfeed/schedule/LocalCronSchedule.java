package io.outfeed.schedule;

import static java.util.Objects.requireNonNull;

import io.outfeed.internal.cron.Cron;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;

/** A {@link Schedule#cron} that names hours: it follows local dates and times. */
record LocalCronSchedule(Cron cron, ZoneId zone) implements LocalSchedule {

    LocalCronSchedule {
        requireNonNull(zone, "zone");
    }

    @Override
    public Optional<LocalDate> dateFrom(LocalDate first) {
        return cron.dateFrom(first);
    }

    @Override
    public Optional<LocalTime> timeFrom(LocalTime first) {
        return cron.timeFrom(first);
    }

    @Override
    public Frequency frequency() {
        if (cron.everyHour() || !cron.isOneMinuteOfEveryMonth()) {
            return Frequency.OTHER;
        }
        if (cron.isEveryDayOfMonth()) {
            return cron.isEveryWeekday() ? Frequency.DAILY : Frequency.WEEKLY;
        }
        return cron.isEveryWeekday() ? Frequency.MONTHLY : Frequency.OTHER;
    }

    @Override
    public String description() {
        return "cron " + cron + " " + zone;
    }

    @Override
    public String toString() {
        return description();
    }
}
