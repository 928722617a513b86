package io.outfeed.internal.clock;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The clock of the store that nodes share: what the store said last, and the time that has passed since. All nodes fire
 * by it, however their own clocks are set.
 *
 * <p>An answer of the store is as exact as its way was short: the clock is corrected only by what the answer proves,
 * so that it does not waver by the load of the network. Thread-safe.
 */
public final class StoreClock extends Clock implements MonotonicClock {

    private final Clock host;
    private final LongSupplier nanoTime;
    private volatile Reading last;
    private volatile Duration skew = Duration.ZERO;

    /** The time of the store at a monotonic time. */
    private record Reading(Instant time, long nanos) {

        private Instant at(long nanoTime) {
            return time.plusNanos(nanoTime - nanos);
        }
    }

    /**
     * Makes a clock from a first answer.
     *
     * @param host the clock of this host, to compare with
     * @param nanoTime a monotonic time
     */
    public StoreClock(Clock host, LongSupplier nanoTime, Instant answer, long asked, long answered) {
        this.host = host;
        this.nanoTime = nanoTime;
        this.last = new Reading(answer, asked + (answered - asked) / 2);
        correct(answer, asked, answered);
    }

    /**
     * Corrects the clock by an answer of the store.
     *
     * @param answer the time of the store, at some moment between the others
     * @param asked the monotonic time before
     * @param answered the monotonic time after
     */
    public void correct(Instant answer, long asked, long answered) {
        Instant earliest = last.at(asked);
        Instant latest = last.at(answered);
        if (answer.isBefore(earliest)) {
            last = new Reading(answer, asked);
        } else if (answer.isAfter(latest)) {
            last = new Reading(answer, answered);
        } else {
            last = new Reading(latest, answered);
        }
        skew = Duration.between(instant(), host.instant());
    }

    /** Returns by how much the clock of this host is ahead, or behind if negative; empty if that is usual. */
    public Optional<Duration> hostSkew() {
        return Optional.of(skew).filter(by -> by.abs().compareTo(ClockSteps.TOLERANCE) > 0);
    }

    @Override
    public Instant instant() {
        return last.at(nanoTime.getAsLong());
    }

    @Override
    public Duration elapsed() {
        return Duration.ofNanos(nanoTime.getAsLong());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    /** The zone of an engine's clock is not used. */
    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
