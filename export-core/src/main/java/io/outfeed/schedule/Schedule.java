package io.outfeed.schedule;

import static java.util.Objects.requireNonNull;

import io.outfeed.internal.cron.Cron;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * When a job runs.
 *
 * <p>Immutable values with {@code equals} and {@code hashCode}. No schedule uses the machine's own zone: the zone is
 * always given. A host may implement it for its own calendar; the engine relies on {@link #next} and
 * {@link #description}. Thread-safe.
 *
 * <p>Two kinds differ on the days on which clocks change. {@link #daily}, {@link #weekly}, {@link #monthly} and a
 * {@link #cron} that names hours follow the local date and time: each fires once, in a gap at the first valid instant
 * after it, in an overlap at the first of the two; a date that a zone skipped has no fire. {@link #once},
 * {@link #every} and a {@link #cron} that fires in each hour follow the instant: nothing is moved, and a local time
 * that occurs twice fires twice.
 */
public interface Schedule {

    /**
     * Returns the first fire after an instant.
     *
     * <p>The result depends on the argument only, and is monotonic: a later instant never has an earlier fire.
     *
     * @param after the instant, exclusive
     * @return the fire, or empty if there is none
     */
    Optional<Instant> next(Instant after);

    /**
     * Describes when the schedule fires, such as {@code daily at 07:00 America/New_York}.
     *
     * <p>The engine recognizes a schedule by this text after a restart: two schedules with the same text must fire at
     * the same times. The texts of the schedules below are a notation that other versions read too: a node that shares
     * the store learns from it when another one runs the job. Of a host's own schedule it only sees that it is another
     * one.
     *
     * @return one line
     */
    String description();

    /**
     * Returns how often it fires, for lists of jobs.
     *
     * @return the frequency; {@link Frequency#OTHER} unless it is known
     */
    default Frequency frequency() {
        return Frequency.OTHER;
    }

    /**
     * Explains the next fires for people: in local time, in GMT, and with a remark where a gap, an overlap or the
     * calendar has moved one.
     *
     * @param after the instant, exclusive
     * @param n how many at most, 1 to 10,000
     * @return the fires, in order
     * @throws IllegalArgumentException if {@code n} is out of range
     */
    default List<ExplainedFire> explain(Instant after, int n) {
        return Explanations.plain(this, after, n);
    }

    /**
     * Leaves out more local dates, such as holidays. A fire belongs to its own date, even where a gap moved it to the
     * next.
     *
     * @param dates the dates, in the schedule's zone
     * @return the schedule without them
     * @throws IllegalArgumentException if the schedule has no zone
     */
    default Schedule except(LocalDate... dates) {
        return except(Set.of(dates));
    }

    /**
     * Leaves out local dates.
     *
     * @param dates the dates, in the schedule's zone; copied
     * @return the schedule without them
     * @throws IllegalArgumentException if the schedule has no zone
     * @see #except(LocalDate...)
     */
    default Schedule except(Set<LocalDate> dates) {
        return DateLimits.limit(this, limits -> limits.except(dates));
    }

    /**
     * Begins on a local date. Replaces an earlier start.
     *
     * @param first the first date that may have a fire, inclusive, in the schedule's zone
     * @return the schedule from that date on
     * @throws IllegalArgumentException if the schedule has no zone, or ends before
     */
    default Schedule startingOn(LocalDate first) {
        return DateLimits.limit(this, limits -> limits.startingOn(first));
    }

    /**
     * Ends on a local date. Replaces an earlier end.
     *
     * @param last the last date that may have a fire, inclusive, in the schedule's zone
     * @return the schedule up to that date
     * @throws IllegalArgumentException if the schedule has no zone, or starts later
     */
    default Schedule endingOn(LocalDate last) {
        return DateLimits.limit(this, limits -> limits.endingOn(last));
    }

    /**
     * Fires once. If the time has passed when a job is added with this schedule, or when the engine is started, the job
     * fires at once, unless the history has a run for that time. {@link io.outfeed.MisfirePolicy} decides whether it is
     * too late. A restart, or adding the job again with the same time, fires no second time.
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
     * <p>Each fire is computed from the local date and time, not from the previous fire. If the time falls into a gap,
     * the fire is the first valid instant after it; in an overlap it is the first of the two; a date that a zone
     * skipped has no fire.
     *
     * @param time the local time
     * @param zone the zone, such as {@code ZoneId.of("America/New_York")}
     * @return the schedule
     */
    static Schedule daily(LocalTime time, ZoneId zone) {
        return new DailySchedule(List.of(requireNonNull(time, "time")), zone);
    }

    /**
     * Fires at several times of each local day.
     *
     * <p>Clock changes and skipped dates are handled as by {@link #daily(LocalTime, ZoneId)}; times that a gap moves to
     * the same instant are one fire.
     *
     * @param times one local time or more; copied
     * @param zone the zone
     * @return the schedule
     * @throws IllegalArgumentException if there is no time
     */
    static Schedule daily(Set<LocalTime> times, ZoneId zone) {
        return new DailySchedule(List.copyOf(times), zone);
    }

    /**
     * Fires once on each of some days of the week.
     *
     * <p>Clock changes and skipped dates are handled as by {@link #daily(LocalTime, ZoneId)}.
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
     * Fires once on each day from Monday to Friday: {@link #weekly(Set, LocalTime, ZoneId)} with these days. Holidays
     * are left out by {@link #except(Set)}.
     *
     * @param time the local time
     * @param zone the zone
     * @return the schedule
     */
    static Schedule weekdays(LocalTime time, ZoneId zone) {
        return weekly(EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY), time, zone);
    }

    /**
     * Fires once a month.
     *
     * <p>In a month without that day it fires on the last one: the 31st is the 28th in February, and the 31st again in
     * March. Clock changes and skipped dates are handled as by {@link #daily(LocalTime, ZoneId)}.
     *
     * @param dayOfMonth 1 to 31
     * @param time the local time
     * @param zone the zone
     * @return the schedule
     * @throws IllegalArgumentException if there is no such day in any month
     */
    static Schedule monthly(int dayOfMonth, LocalTime time, ZoneId zone) {
        return new MonthlySchedule(new MonthlySchedule.DayOfMonth(dayOfMonth), time, zone);
    }

    /**
     * Fires on the last day of each month.
     *
     * @param time the local time
     * @param zone the zone
     * @return the schedule
     * @see #monthly
     */
    static Schedule monthlyOnLastDay(LocalTime time, ZoneId zone) {
        return new MonthlySchedule(new MonthlySchedule.LastDay(), time, zone);
    }

    /**
     * Fires on a certain weekday of each month, such as the second Tuesday.
     *
     * @param nth 1 to 4: each month has so many of each weekday
     * @param day the weekday
     * @param time the local time
     * @param zone the zone
     * @return the schedule
     * @throws IllegalArgumentException if {@code nth} is out of range
     * @see #monthly
     */
    static Schedule monthlyOnNth(int nth, DayOfWeek day, LocalTime time, ZoneId zone) {
        return new MonthlySchedule(new MonthlySchedule.Nth(nth, day), time, zone);
    }

    /**
     * Fires on the last of a weekday of each month, such as the last Friday.
     *
     * @param day the weekday
     * @param time the local time
     * @param zone the zone
     * @return the schedule
     * @see #monthly
     */
    static Schedule monthlyOnLast(DayOfWeek day, LocalTime time, ZoneId zone) {
        return new MonthlySchedule(new MonthlySchedule.Last(day), time, zone);
    }

    /**
     * Fires at a fixed interval, independent of local clocks.
     *
     * <p>Each fire is computed from the anchor, so that a late run delays no other fire.
     *
     * @param interval from one fire to the next, one second or more
     * @param anchor the first fire; if it is in the past, later fires are computed from it
     * @return the schedule
     * @throws IllegalArgumentException if the interval is too short
     */
    static Schedule every(Duration interval, Instant anchor) {
        return new EverySchedule(interval, anchor, Optional.empty());
    }

    /**
     * Fires at a fixed interval, with a zone for the dates of {@link #except}, {@link #startingOn} and
     * {@link #endingOn} and for the times of {@link #explain}. The zone moves no fire.
     *
     * @param interval from one fire to the next, one second or more
     * @param anchor the first fire; if it is in the past, later fires are computed from it
     * @param zone the zone
     * @return the schedule
     * @throws IllegalArgumentException if the interval is too short
     */
    static Schedule every(Duration interval, Instant anchor, ZoneId zone) {
        return new EverySchedule(interval, anchor, Optional.of(zone));
    }

    /**
     * Fires by a cron expression of five fields: minute (0-59), hour (0-23), day of month (1-31, or {@code L} for the
     * last), month (1-12 or JAN-DEC), day of week (0-7 or SUN-SAT; 0 and 7 are Sunday).
     *
     * <ul>
     *   <li>A field is a list, divided by commas, of {@code *}, numbers, names and ranges such as {@code MON-FRI};
     *       after {@code *} and a range may come a step, as in {@code 0-30/10}. The case of letters does not count.
     *   <li>As in Vixie's cron, a day must match both fields of days if one of them begins with {@code *}, else one of
     *       them: {@code 0 7 1 * MON} fires on each 1st and on each Monday.
     *   <li>{@code @hourly}, {@code @daily}, {@code @midnight}, {@code @weekly}, {@code @monthly}, {@code @yearly} and
     *       {@code @annually} are known. There are no seconds, no years, and no {@code ?}, {@code #} or {@code W}.
     *   <li>If the hours are all 24, the schedule follows the instant: it fires whenever local clocks match, twice in
     *       an overlap, and not in a gap. Else it follows the local date and time, like
     *       {@link #daily(LocalTime, ZoneId)}: once in an overlap, and moved to the end of a gap.
     *   <li>A month without the given day of the month has no fire: use {@code L}, or {@link #monthly}.
     * </ul>
     *
     * @param expression the five fields, such as {@code 30 6 * * MON-FRI}
     * @param zone the zone
     * @return the schedule
     * @throws IllegalArgumentException if the expression has errors, all of which are listed, or names a date that
     *     never comes, such as 30 February
     */
    static Schedule cron(String expression, ZoneId zone) {
        Cron cron = Cron.parse(expression);
        return cron.everyHour() ? new HourlyCronSchedule(cron, zone) : new LocalCronSchedule(cron, zone);
    }
}
