package io.outfeed.delivery;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.List;

/**
 * The time of day in which files may become visible at the destinations of a job.
 *
 * <p>Immutable.
 *
 * @param from when it opens, in local time
 * @param until when it closes, in local time, exclusive; earlier than {@code from} for a window that spans midnight
 * @param zone the zone of both times
 */
public record DeliveryWindow(LocalTime from, LocalTime until, ZoneId zone) {

    /**
     * Checks that it can open.
     *
     * @param from when it opens
     * @param until when it closes
     * @param zone the zone of both times
     * @throws IllegalArgumentException if both times are the same
     */
    public DeliveryWindow {
        requireNonNull(from, "from");
        requireNonNull(until, "until");
        requireNonNull(zone, "zone");
        if (from.equals(until)) {
            throw new IllegalArgumentException("a delivery window from " + from + " to " + until
                    + " is never open: leave it out to deliver at any time");
        }
    }

    /**
     * Tells whether files may become visible.
     *
     * @param at the time
     * @return whether it is open; a time that a clock change skips opens or closes it at the first instant after it
     */
    public boolean isOpen(Instant at) {
        LocalDate day = at.atZone(zone).toLocalDate();
        return contains(day, at) || contains(day.minusDays(1), at);
    }

    private boolean contains(LocalDate day, Instant at) {
        return !at.isBefore(opening(day)) && at.isBefore(closing(day));
    }

    private Instant opening(LocalDate day) {
        return instant(day.atTime(from));
    }

    private Instant closing(LocalDate day) {
        LocalDate last = until.isAfter(from) ? day : day.plusDays(1);
        return instant(last.atTime(until));
    }

    /** The first instant after a gap, the first of two in an overlap: as schedules do. */
    private Instant instant(LocalDateTime local) {
        ZoneRules rules = zone.getRules();
        List<ZoneOffset> offsets = rules.getValidOffsets(local);
        return offsets.isEmpty() ? rules.getTransition(local).getInstant() : local.toInstant(offsets.get(0));
    }

    /**
     * Returns when files may become visible next.
     *
     * @param at the time
     * @return the same time while it is open, else its next opening
     */
    public Instant nextOpening(Instant at) {
        if (isOpen(at)) {
            return at;
        }
        LocalDate day = at.atZone(zone).toLocalDate();
        while (!opening(day).isAfter(at) || !opening(day).isBefore(closing(day))) { // a clock change may close a day
            day = day.plusDays(1);
        }
        return opening(day);
    }

    /** Such as {@code 06:00 to 08:00 Europe/Berlin}. */
    @Override
    public String toString() {
        return from + " to " + until + " " + zone;
    }
}
