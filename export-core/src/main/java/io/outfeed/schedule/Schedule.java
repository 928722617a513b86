package io.outfeed.schedule;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;

/**
 * When a job runs.
 *
 * <p>Immutable values with {@code equals} and {@code hashCode}. No schedule uses the machine's own zone: the zone is
 * always said.
 */
public interface Schedule {

    /**
     * Returns the first fire after an instant.
     *
     * @param after the instant; a fire at exactly this instant is not the answer
     * @return the fire, or empty if there is none any more
     */
    Optional<Instant> next(Instant after);

    /**
     * Says when the schedule fires, such as {@code daily at 07:00 America/New_York}.
     *
     * <p>The engine knows a schedule again by this text after a restart: two schedules with the same text must fire at the
     * same times.
     *
     * @return one line
     */
    String description();

    /**
     * Fires once.
     *
     * @param at when
     * @return the schedule
     */
    static Schedule once(Instant at) {
        return new OnceSchedule(at);
    }

    /**
     * Fires once a local day.
     *
     * <p>Each fire is computed from the local date and time, never from the fire before. Where clocks go forward over the
     * time, the fire is the first valid instant after the gap; where they go back over it, the fire is the first of the two;
     * a date that a zone skipped has none.
     *
     * @param time the local time
     * @param zone the zone, such as {@code ZoneId.of("America/New_York")}
     * @return the schedule
     */
    static Schedule daily(LocalTime time, ZoneId zone) {
        return new DailySchedule(time, zone);
    }

    /**
     * Fires once on each of some days of the week.
     *
     * <p>Clock changes and skipped dates are met as by {@link #daily}.
     *
     * @param days one day or more; copied
     * @param time the local time
     * @param zone the zone
     * @return the schedule
     * @throws IllegalArgumentException if there is no day
     */
    static Schedule weekly(Set<DayOfWeek> days, LocalTime time, ZoneId zone) {
        return new WeeklySchedule(days, time, zone);
    }

    /**
     * Fires once a week.
     *
     * @param day the day
     * @param time the local time
     * @param zone the zone
     * @return the schedule
     * @see #weekly(Set, LocalTime, ZoneId)
     */
    static Schedule weekly(DayOfWeek day, LocalTime time, ZoneId zone) {
        return weekly(Set.of(day), time, zone);
    }

    /**
     * Fires once a month.
     *
     * <p>In a month that has no such day it fires on the last one, and returns to its own day in the next month: the 31st is
     * the 28th in February, and the 31st again in March. Clock changes and skipped dates are met as by {@link #daily}.
     *
     * @param dayOfMonth 1 to 31
     * @param time the local time
     * @param zone the zone
     * @return the schedule
     * @throws IllegalArgumentException if there is no such day in any month
     */
    static Schedule monthly(int dayOfMonth, LocalTime time, ZoneId zone) {
        return new MonthlySchedule(dayOfMonth, time, zone);
    }

    /**
     * Fires at a fixed distance, whatever local clocks show.
     *
     * <p>Each fire is computed from the anchor, so that a late one delays no other.
     *
     * @param interval from one fire to the next, one second or more
     * @param anchor the first fire; in the past, it tells the times of those to come
     * @return the schedule
     * @throws IllegalArgumentException if the interval is too short
     */
    static Schedule every(Duration interval, Instant anchor) {
        return new EverySchedule(interval, anchor);
    }
}
