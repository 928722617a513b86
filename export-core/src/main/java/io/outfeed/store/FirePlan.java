package io.outfeed.store;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a job fires next, and by which schedule.
 *
 * <p>Immutable, comparable and thread-safe.
 */
public final class FirePlan {

    /** That of a job without a schedule. */
    public static final FirePlan NONE = of("", Optional.empty());

    private final String schedule;
    private final @Nullable Instant next;

    private FirePlan(String schedule, @Nullable Instant next) {
        this.schedule = requireNonNull(schedule, "schedule");
        this.next = next;
    }

    /**
     * Returns a plan.
     *
     * @param schedule the schedule's description
     * @param next the next fire; empty if there is none
     * @return the plan
     */
    public static FirePlan of(String schedule, Optional<Instant> next) {
        return new FirePlan(schedule, next.orElse(null));
    }

    /**
     * Returns the schedule that the plan was made for: a job with a changed schedule gets a new plan.
     *
     * @return the schedule's description
     */
    public String schedule() {
        return schedule;
    }

    /**
     * Returns the next fire.
     *
     * @return the next fire; empty if there is none
     */
    public Optional<Instant> next() {
        return Optional.ofNullable(next);
    }

    /**
     * Fire times that a run takes: the plan that has them, and the plan that follows.
     *
     * <p>Immutable, comparable and thread-safe.
     *
     * @param due the plan as it was read; its next fire is the first that is due
     * @param next the plan of the same schedule, whose next fire is the first that the run does not take
     */
    public record Claim(FirePlan due, FirePlan next) {

        /**
         * Checks that both plans are there.
         *
         * @param due the plan as it was read
         * @param next the plan that follows
         */
        public Claim {
            requireNonNull(due, "due");
            requireNonNull(next, "next");
        }
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
