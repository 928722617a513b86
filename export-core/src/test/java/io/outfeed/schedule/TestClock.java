package io.outfeed.schedule;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A clock that stands still until a test moves it. */
public final class TestClock extends Clock {

    private volatile Instant now;
    private final AtomicInteger failures = new AtomicInteger();

    private final CountDownLatch read = new CountDownLatch(1);

    public TestClock(Instant now) {
        this.now = now;
    }

    public void advance(Duration duration) {
        now = now.plus(duration);
    }

    /** Waits until the clock has been read. */
    public void awaitLook() throws InterruptedException {
        read.await();
    }

    /** Makes the next reads of the clock fail. */
    public void fail(int times) {
        failures.set(times);
    }

    @Override
    public Instant instant() {
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new IllegalStateException("the clock is broken");
        }
        Instant shown = now;
        read.countDown();
        return shown;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}
