package io.outfeed.testing;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A clock that stands still until a test moves it, forwards or back.
 *
 * <p>It does not imitate the passing of time: two readings between two moves are the same instant. What waits for real
 * time, such as the time limits of runs and of network calls, does not follow it.
 *
 * <p>Thread-safe.
 */
public final class SettableClock extends Clock {

    private final AtomicReference<Instant> now;
    private final ZoneId zone;

    private SettableClock(AtomicReference<Instant> now, ZoneId zone) {
        this.now = now;
        this.zone = zone;
    }

    /**
     * Makes a clock.
     *
     * @param now what it shows
     * @return the clock, in UTC
     */
    public static SettableClock at(Instant now) {
        return new SettableClock(new AtomicReference<>(requireNonNull(now, "now")), ZoneOffset.UTC);
    }

    /**
     * Sets the clock.
     *
     * @param instant what it shows from now on
     */
    public void set(Instant instant) {
        now.set(requireNonNull(instant, "instant"));
    }

    /**
     * Moves the clock.
     *
     * @param duration by how much; negative moves it back
     */
    public void advance(Duration duration) {
        now.updateAndGet(instant -> instant.plus(duration));
    }

    @Override
    public Instant instant() {
        return requireNonNull(now.get());
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    /** Makes the same clock in another zone: both move together. */
    @Override
    public Clock withZone(ZoneId other) {
        return new SettableClock(now, other);
    }

    /** What it shows. */
    @Override
    public String toString() {
        return "settable clock at " + now.get();
    }
}
