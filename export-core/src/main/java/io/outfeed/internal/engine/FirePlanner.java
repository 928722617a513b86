package io.outfeed.internal.engine;

import io.outfeed.ExportJob;
import io.outfeed.schedule.Schedule;
import io.outfeed.store.ExportStore;
import io.outfeed.store.FirePlan;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** When jobs fire next, as the store has it. A fire belongs to whoever replaces the plan that says it. Thread-safe. */
final class FirePlanner {

    private final ExportStore store;
    private final Clock clock;

    FirePlanner(ExportStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Keeps the plan of a schedule that is known already; a new or changed one is planned from now on. */
    void plan(ExportJob job) {
        Optional<FirePlan> known = store.firePlan(job.name());
        String description = job.schedule().map(Schedule::description).orElse("");
        boolean same = known.isPresent() ? known.get().schedule().equals(description) : description.isEmpty();
        if (!same) {
            Optional<Instant> next = job.schedule().flatMap(schedule -> schedule.next(clock.instant()));
            store.replaceFirePlan(
                    job.name(), known, FirePlan.of(description, next)); // else another node has planned it
        }
    }

    Optional<Instant> next(ExportJob job) {
        return store.firePlan(job.name()).flatMap(FirePlan::next);
    }

    /** The first fire after now, whether or not one is due. */
    Optional<Instant> nextAfterNow(ExportJob job) {
        return job.schedule().flatMap(schedule -> schedule.next(clock.instant()));
    }

    /** Claims the fire that is due, if there is one and nobody else has it. Missed ones count as one, the last. */
    Optional<Instant> claim(ExportJob job) {
        Instant now = clock.instant();
        Optional<FirePlan> plan = store.firePlan(job.name());
        Optional<Instant> planned = plan.flatMap(FirePlan::next).filter(at -> !at.isAfter(now));
        if (planned.isEmpty() || job.schedule().isEmpty()) {
            return Optional.empty();
        }
        Schedule schedule = job.schedule().get();
        Instant fire = planned.get();
        Optional<Instant> following = schedule.next(fire);
        while (following.isPresent() && !following.get().isAfter(now)) {
            fire = following.get();
            following = schedule.next(fire);
        }
        boolean claimed = store.replaceFirePlan(job.name(), plan, FirePlan.of(schedule.description(), following));
        return claimed ? Optional.of(fire) : Optional.empty();
    }
}
