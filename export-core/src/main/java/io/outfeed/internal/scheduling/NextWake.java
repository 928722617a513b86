package io.outfeed.internal.scheduling;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When to wake a job next. */
enum NextWake {
    /** At the planned fire, which may be due already. */
    NEXT_FIRE(null),
    /** At the first fire after now, whether or not one is due. */
    FIRE_AFTER_NOW(null),
    /** After a retryable failure, or if another node has the lock; at a fire after now, if that comes first. */
    RETRY(Duration.ofMinutes(10)),
    /** After the store was not available; at a fire after now, if that comes first. */
    STORE_UNAVAILABLE(Duration.ofMinutes(1));

    private final @Nullable Duration delay;

    NextWake(@Nullable Duration delay) {
        this.delay = delay;
    }

    /** Tells whether a due fire is ignored. */
    boolean ignoresDueFire() {
        return this != NEXT_FIRE;
    }

    /** Returns the latest time to wake the job, if there is one. */
    Optional<Instant> at(Instant now) {
        return Optional.ofNullable(delay).map(now::plus);
    }

    Duration delay() {
        return delay == null ? Duration.ZERO : delay;
    }
}
