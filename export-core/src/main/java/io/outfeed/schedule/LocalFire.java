package io.outfeed.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A fire of a local date and time, computed from these and not from the previous fire.
 *
 * @param at the fire
 * @param wanted the date and time that it is computed from
 * @param passedOver remarks on the dates that were passed over before it
 */
record LocalFire(Instant at, LocalDateTime wanted, List<String> passedOver) {

    /** The first and last date that can fire: beyond them a calendar is meaningless, and its arithmetic overflows. */
    static final LocalDate FIRST = LocalDate.of(1, 1, 1);

    static final LocalDate LAST = LocalDate.of(9999, 12, 31);

    /** Returns the first fire after an instant. */
    static Optional<LocalFire> after(LocalSchedule schedule, Instant after) {
        LocalDateTime start = local(after, schedule.zone());
        List<String> passedOver = new ArrayList<>();
        Optional<LocalDate> next = schedule.dateFrom(start.toLocalDate());
        while (next.isPresent() && !next.get().isAfter(LAST)) {
            LocalDate date = next.get();
            // earlier times of the first date are past: a later local time is never an earlier fire
            LocalTime from = date.equals(start.toLocalDate()) ? start.toLocalTime() : LocalTime.MIDNIGHT;
            if (schedule.leavesOut(date)) {
                passedOver.add(date + " is excepted");
            } else if (isSkipped(date, schedule.zone())) {
                passedOver.add(date + " does not exist");
            } else {
                Optional<LocalFire> fire = on(date, from, schedule, after, passedOver);
                if (fire.isPresent()) {
                    return fire;
                }
            }
            next = schedule.dateFrom(date.plusDays(1));
        }
        return Optional.empty();
    }

    private static Optional<LocalFire> on(
            LocalDate date, LocalTime from, LocalSchedule schedule, Instant after, List<String> passedOver) {
        Optional<LocalTime> time = schedule.timeFrom(from);
        while (time.isPresent()) {
            LocalDateTime wanted = date.atTime(time.get());
            Instant at = at(wanted, schedule.zone());
            if (at.isAfter(after)) {
                return Optional.of(new LocalFire(at, wanted, passedOver));
            }
            boolean last = time.get().equals(LocalTime.MAX);
            time = last ? Optional.empty() : schedule.timeFrom(time.get().plusNanos(1));
        }
        return Optional.empty();
    }

    static LocalDateTime local(Instant instant, ZoneId zone) {
        if (instant.isBefore(FIRST.atStartOfDay().toInstant(ZoneOffset.UTC))) {
            return FIRST.atStartOfDay();
        }
        if (instant.isAfter(LAST.atTime(LocalTime.MAX).toInstant(ZoneOffset.UTC))) {
            return LAST.atTime(LocalTime.MAX);
        }
        return LocalDateTime.ofInstant(instant, zone);
    }

    /** Returns the first valid instant after a gap, the first of two in an overlap. */
    private static Instant at(LocalDateTime local, ZoneId zone) {
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
        return offsets.isEmpty() ? zone.getRules().getTransition(local).getInstant() : local.toInstant(offsets.get(0));
    }

    /** Whether a zone has skipped the whole date, as zones did that crossed the date line. */
    private static boolean isSkipped(LocalDate date, ZoneId zone) {
        ZoneOffsetTransition change = zone.getRules().getTransition(date.atTime(LocalTime.NOON));
        return change != null
                && change.isGap()
                && !change.getDateTimeBefore().isAfter(date.atStartOfDay())
                && !change.getDateTimeAfter().isBefore(date.plusDays(1).atStartOfDay());
    }

    ExplainedFire explained(LocalSchedule schedule) {
        List<String> remarks = new ArrayList<>(passedOver);
        schedule.reason(wanted.toLocalDate()).ifPresent(remarks::add);
        int offsets = schedule.zone().getRules().getValidOffsets(wanted).size();
        if (offsets == 0) {
            remarks.add("gap: " + wanted.toLocalTime() + " does not exist, moved to "
                    + local(at, schedule.zone()).toLocalTime());
        } else if (offsets == 2) {
            remarks.add("overlap: " + wanted.toLocalTime() + " comes twice, this is the first");
        }
        return new ExplainedFire(at, at.atZone(schedule.zone()), String.join("; ", remarks));
    }
}
