package io.outfeed.internal.clock;

import java.time.Duration;

/** A clock that also has a time which passes evenly, however the clock is set. */
public interface MonotonicClock {

    /** Returns how much time has passed since a moment that stays the same, also over restarts of the engine. */
    Duration elapsed();
}
