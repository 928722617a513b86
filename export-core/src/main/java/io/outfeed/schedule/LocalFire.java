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

/** The instant of a local date and time. */
final class LocalFire {

    private LocalFire() {}

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
