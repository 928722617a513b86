package io.outfeed.testing;

import static java.util.Objects.requireNonNull;

import io.outfeed.internal.clock.MonotonicClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A clock that stands still until a test moves it, forwards or back.
 *
 * <p>To move it is to set it, as a person or a time server does. Time passes by {@link ManualScheduler#advance} and
 * {@link ExportSandbox#advance}: the engine tells one from the other, and after a clock was set back it pauses jobs
 * that have run since it was set forward.
 *
 * <p>It does not imitate the passing of time: two readings between two moves are the same instant. What waits for real
 * time, such as the time limits of runs and of network calls, does not follow it.
 *
 * <p>Thread-safe.
 */
@SuppressWarnings("exports") // the engine's interface of monotonic time is no API
public final class SettableClock extends Clock implements MonotonicClock {

    private record Times(Instant now, Duration elapsed) {}

    private final AtomicReference<Times> times;
    private final ZoneId zone;

    private SettableClock(AtomicReference<Times> times, ZoneId zone) {
        this.times = times;
        this.zone = zone;
    }

    /**
     * Makes a clock.
     *
     * @param now what it shows
     * @return the clock, in UTC
     */
    public static SettableClock at(Instant now) {
        return new SettableClock(
                new AtomicReference<>(new Times(requireNonNull(now, "now"), Duration.ZERO)), ZoneOffset.UTC);
    }

    /**
     * Sets the clock.
     *
     * @param instant what it shows from now on
     */
    public void set(Instant instant) {
        requireNonNull(instant, "instant");
        times.updateAndGet(before -> new Times(instant, before.elapsed()));
    }

    /**
     * Moves the clock.
     *
     * @param duration by how much; negative moves it back
     */
    public void advance(Duration duration) {
        times.updateAndGet(before -> new Times(before.now().plus(duration), before.elapsed()));
    }

    /** Lets time pass until the clock shows an instant; if it shows a later one, sets it. */
    void passUntil(Instant instant) {
        times.updateAndGet(before -> {
            Duration passed = Duration.between(before.now(), instant);
            return passed.isNegative()
                    ? before
                    : new Times(instant, before.elapsed().plus(passed));
        });
    }

    @Override
    public Instant instant() {
        return requireNonNull(times.get()).now();
    }

    /** The time that has passed, however the clock was set. */
    @Override
    public Duration elapsed() {
        return requireNonNull(times.get()).elapsed();
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    /** Makes the same clock in another zone: both move together. */
    @Override
    public Clock withZone(ZoneId other) {
        return new SettableClock(times, other);
    }

    /** What it shows. */
    @Override
    public String toString() {
        return "settable clock at " + instant();
    }
}
