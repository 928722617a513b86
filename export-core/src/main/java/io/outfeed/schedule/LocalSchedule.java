package io.outfeed.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A schedule of local dates and times of the day: each local date and time fires once. */
interface LocalSchedule extends Schedule {

    ZoneId zone();

    /** Returns the first date of the schedule at or after a date. */
    Optional<LocalDate> dateFrom(LocalDate first);

    /** Returns the first time of the day at or after a time; the same on each date. */
    Optional<LocalTime> timeFrom(LocalTime first);

    /** Whether a date of the schedule was excepted. */
    default boolean leavesOut(LocalDate date) {
        return false;
    }

    /** Returns why it fires on this date, if that is not the nominal one. */
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
