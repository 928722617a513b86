package io.outfeed.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.ZonedDateTime;

/**
 * A fire for people: in local time, in GMT, and with a remark where clocks or the calendar have moved it.
 *
 * <p>Immutable.
 *
 * @param at the fire
 * @param local what local clocks show then, in the schedule's zone; in GMT for a schedule without one
 * @param remark why it is not at the plain time, such as {@code gap: 02:30 does not exist, moved to 03:00}; empty where
 *     there is nothing to say
 */
public record ExplainedFire(Instant at, ZonedDateTime local, String remark) {

    /**
     * Checks that nothing is missing.
     *
     * @param at the fire
     * @param local what local clocks show then
     * @param remark why it is not at the plain time, or empty
     */
    public ExplainedFire {
        requireNonNull(at, "at");
        requireNonNull(local, "local");
        requireNonNull(remark, "remark");
    }

    /** One line for a person. */
    @Override
    public String toString() {
        String times = local.toLocalDate() + " " + local.toLocalTime() + " " + local.getZone() + " = " + at;
        return remark.isEmpty() ? times : times + " (" + remark + ")";
    }
}
