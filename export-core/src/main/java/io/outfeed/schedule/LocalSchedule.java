package io.outfeed.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A schedule of local dates and times of the day: each fire is one local date and time, and comes once. */
interface LocalSchedule extends Schedule {

    ZoneId zone();

    /** The first date of the schedule that is not before a date. */
    Optional<LocalDate> dateFrom(LocalDate first);

    /** The first time of the day that is not before a time; the same on each date. */
    Optional<LocalTime> timeFrom(LocalTime first);

    /** Whether a date of the schedule was excepted. */
    default boolean leavesOut(LocalDate date) {
        return false;
    }

    /** Why it is this date, if it is not the plain one. */
    default Optional<String> reason(LocalDate date) {
        return Optional.empty();
    }

    @Override
    default Optional<Instant> next(Instant after) {
        return LocalFire.after(this, after).map(LocalFire::at);
    }

    @Override
    default List<ExplainedFire> explain(Instant after, int n) {
        List<ExplainedFire> fires = new ArrayList<>();
        Optional<LocalFire> fire = LocalFire.after(this, after);
        while (fire.isPresent() && fires.size() < Explanations.checked(n)) {
            fires.add(fire.get().explained(this));
            fire = LocalFire.after(this, fire.get().at());
        }
        return fires;
    }
}
