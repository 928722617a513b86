package io.outfeed.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The fires of a local time on local dates: computed from the date, never from the fire before. */
final class LocalFire {

    /** The first and last date that can fire: beyond them a calendar means nothing, and its arithmetic overflows. */
    private static final LocalDate FIRST = LocalDate.of(1, 1, 1);

    private static final LocalDate LAST = LocalDate.of(9999, 12, 31);

    private LocalFire() {}

    /**
     * The first fire after an instant.
     *
     * @param dateFrom gives the first date of the schedule that is not before a date
     */
    static Optional<Instant> after(Instant after, LocalTime time, ZoneId zone, UnaryOperator<LocalDate> dateFrom) {
        LocalDate date = dateFrom.apply(localDate(after, zone));
        while (!date.isAfter(LAST)) {
            Optional<Instant> fire = at(date, time, zone);
            if (fire.isPresent() && fire.get().isAfter(after)) {
                return fire;
            }
            date = dateFrom.apply(date.plusDays(1));
        }
        return Optional.empty();
    }

    private static LocalDate localDate(Instant instant, ZoneId zone) {
        if (instant.isBefore(FIRST.atStartOfDay().toInstant(ZoneOffset.UTC))) {
            return FIRST;
        }
        if (instant.isAfter(LAST.atTime(LocalTime.MAX).toInstant(ZoneOffset.UTC))) {
            return LAST;
        }
        return instant.atZone(zone).toLocalDate();
    }

    /** The first valid instant after a gap, the first of two in an overlap; empty if the zone skipped the whole date. */
    static Optional<Instant> at(LocalDate date, LocalTime time, ZoneId zone) {
        LocalDateTime local = date.atTime(time);
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
        if (!offsets.isEmpty()) {
            return Optional.of(local.toInstant(offsets.get(0)));
        }
        ZoneOffsetTransition gap = zone.getRules().getTransition(local);
        return wholeDay(gap, date) ? Optional.empty() : Optional.of(gap.getInstant());
    }

    private static boolean wholeDay(ZoneOffsetTransition gap, LocalDate date) {
        return !gap.getDateTimeBefore().isAfter(date.atStartOfDay())
                && !gap.getDateTimeAfter().isBefore(date.plusDays(1).atStartOfDay());
    }
}
