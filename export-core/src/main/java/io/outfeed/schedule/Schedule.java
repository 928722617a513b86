package io.outfeed.schedule;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;

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
}
