package io.outfeed.internal.scheduling;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Notices when the clock was set back: times that were computed before are wrong then. Thread-safe. */
final class BackwardSteps {

    /** Clocks are set by some seconds all the time. */
    private static final Duration TOLERANCE = Duration.ofSeconds(30);

    private final Clock clock;

    /** Guarded by this. */
    private Instant observed = Instant.MIN;

    BackwardSteps(Clock clock) {
        this.clock = clock;
    }

    /** Remembers that a time is computed by the clock as it is now. */
    synchronized void observe() {
        Instant now = clock.instant();
        if (observed.isBefore(now)) {
            observed = now;
        }
    }

    /** Tells whether the clock was set back since it was observed; true once for each step. */
    synchronized boolean wasSetBack() {
        Instant now = clock.instant();
        boolean setBack = observed.isAfter(now.plus(TOLERANCE));
        observed = now;
        return setBack;
    }
}
