package io.outfeed.store;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a job fires next, by which schedule.
 *
 * <p>Immutable and comparable.
 */
public final class FirePlan {

    private final String schedule;
    private final @Nullable Instant next;

    private FirePlan(String schedule, @Nullable Instant next) {
        this.schedule = requireNonNull(schedule, "schedule");
        this.next = next;
    }

    /**
     * A plan.
     *
     * @param schedule the schedule's description
     * @param next the next fire, or empty if there is none any more
     * @return the plan
     */
    public static FirePlan of(String schedule, Optional<Instant> next) {
        return new FirePlan(schedule, next.orElse(null));
    }

    /**
     * Returns which schedule made the plan: a job whose schedule was changed gets a new plan, from now on.
     *
     * @return the schedule's description
     */
    public String schedule() {
        return schedule;
    }

    /**
     * Returns the next fire.
     *
     * @return the next fire, or empty if there is none any more
     */
    public Optional<Instant> next() {
        return Optional.ofNullable(next);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FirePlan that && schedule.equals(that.schedule) && Objects.equals(next, that.next);
    }

    @Override
    public int hashCode() {
        return Objects.hash(schedule, next);
    }

    @Override
    public String toString() {
        return schedule + ", next " + next;
    }
}
