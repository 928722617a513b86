package io.outfeed.internal.scheduling;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When to wake next for a job. */
enum NextWake {
    /** At the planned fire, which may be due already. */
    NEXT_FIRE(null),
    /** At the first fire after now, whether or not one is due. */
    FIRE_AFTER_NOW(null),
    /** After a failure that time may repair, or where another node has the lock; a fire after now comes first. */
    RETRY(Duration.ofMinutes(10)),
    /** After the store gave no answer; a fire after now comes first. */
    STORE_AWAY(Duration.ofMinutes(1));

    private final @Nullable Duration delay;

    NextWake(@Nullable Duration delay) {
        this.delay = delay;
    }

    /** Tells whether a fire that is due is left alone. */
    boolean leavesDueFire() {
        return this != NEXT_FIRE;
    }

    /** Returns the latest time to wake, if there is one. */
    Optional<Instant> at(Instant now) {
        return Optional.ofNullable(delay).map(now::plus);
    }

    Duration delay() {
        return delay == null ? Duration.ZERO : delay;
    }
}
