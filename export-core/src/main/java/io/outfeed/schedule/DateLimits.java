package io.outfeed.schedule;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The local dates on which a schedule may fire: from the first to the last, but not on some. */
record DateLimits(LocalDate first, LocalDate last, SortedSet<LocalDate> excepted) {

    private static final DateLimits NONE = new DateLimits(LocalFire.FIRST, LocalFire.LAST, new TreeSet<>());

    DateLimits {
        if (last.isBefore(first)) {
            throw new IllegalArgumentException(
                    "a schedule can't end on " + last + " when it starts on " + first + ": it would never fire");
        }
        excepted = Collections.unmodifiableSortedSet(new TreeSet<>(excepted));
    }

    /** Limits a schedule, or changes the limits that it has. */
    static Schedule limit(Schedule schedule, UnaryOperator<DateLimits> change) {
        if (schedule instanceof LimitedLocalSchedule limited) {
            return new LimitedLocalSchedule(limited.base(), change.apply(limited.limits()));
        }
        if (schedule instanceof LimitedInstantSchedule limited) {
            return new LimitedInstantSchedule(limited.base(), limited.zone(), change.apply(limited.limits()));
        }
        if (schedule instanceof LocalSchedule local) {
            return new LimitedLocalSchedule(local, change.apply(NONE));
        }
        Optional<ZoneId> zone =
                schedule instanceof InstantSchedule instants ? instants.dateZone() : Optional.<ZoneId>empty();
        if (zone.isPresent()) {
            return new LimitedInstantSchedule((InstantSchedule) schedule, zone.get(), change.apply(NONE));
        }
        throw new IllegalArgumentException("'" + schedule.description()
                + "' has no zone in which dates could be read: use Schedule.every(interval, anchor, zone)");
    }

    DateLimits startingOn(LocalDate date) {
        return new DateLimits(requireNonNull(date, "date"), last, excepted);
    }

    DateLimits endingOn(LocalDate date) {
        return new DateLimits(first, requireNonNull(date, "date"), excepted);
    }

    DateLimits except(Collection<LocalDate> dates) {
        SortedSet<LocalDate> all = new TreeSet<>(excepted);
        all.addAll(dates);
        return new DateLimits(first, last, all);
    }

    boolean allow(LocalDate date) {
        return !date.isBefore(first) && !date.isAfter(last) && !excepted.contains(date);
    }

    /** Returns the text after the schedule's description. */
    String description() {
        String start = first.equals(LocalFire.FIRST) ? "" : ", starting on " + first;
        String end = last.equals(LocalFire.LAST) ? "" : ", ending on " + last;
        String except = excepted.isEmpty()
                ? ""
                : ", except " + excepted.stream().map(LocalDate::toString).collect(Collectors.joining(", "));
        return start + end + except;
    }
}
