package io.outfeed.dbscheduler;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that writes rows: what was scheduled, at once; what could not be written, after an interval; what is
 * missing, now and then. So scheduling a job waits for no database, and an outage loses no wake-up. Thread-safe.
 */
final class RowWriter {

    private static final Logger log = LoggerFactory.getLogger(RowWriter.class);

    /** Clocks are set by some seconds all the time. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(30);

    private final WakeUps wakeUps;
    private final WakeRows rows;
    private final Clock clock;
    private final Duration interval;
    private final Duration sweepEvery;
    private final Runnable poll;
    private final Runnable check;
    private final LongSupplier nanoTime;
    private final Thread thread = new Thread(this::runUntilClosed, "outfeed-wake-ups");

    // guarded by this
    private boolean signalled;
    private boolean closed;

    // of the thread
    private Instant observed = Instant.MIN;
    private long sweptAt;
    private boolean failing;

    /**
     * @param poll lets db-scheduler look for due rows at once
     * @param check looks at the settings of db-scheduler, again and again
     */
    RowWriter(
            WakeUps wakeUps,
            WakeRows rows,
            Clock clock,
            Duration interval,
            Duration sweepEvery,
            Runnable poll,
            Runnable check,
            LongSupplier nanoTime) {
        this.wakeUps = wakeUps;
        this.rows = rows;
        this.clock = clock;
        this.interval = interval;
        this.sweepEvery = sweepEvery;
        this.poll = poll;
        this.check = check;
        this.nanoTime = nanoTime;
        thread.setDaemon(true);
    }

    void start() {
        sweptAt = nanoTime.getAsLong();
        thread.start();
    }

    /** Lets the thread write what was scheduled. */
    synchronized void signal() {
        signalled = true;
        notifyAll();
    }

    private void runUntilClosed() {
        try {
            boolean open = true;
            while (open) {
                write();
                open = awaitWork();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // only the end of the process interrupts
        }
        write();
    }

    private synchronized boolean awaitWork() throws InterruptedException {
        long end = System.nanoTime() + interval.toNanos();
        while (!signalled && !closed && System.nanoTime() < end) {
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, end - System.nanoTime()));
        }
        signalled = false;
        return !closed;
    }

    private void write() {
        try {
            wakeAllIfSetBack();
            boolean due = rows.write();
            if (nanoTime.getAsLong() - sweptAt >= sweepEvery.toNanos()) {
                sweptAt = nanoTime.getAsLong();
                due |= rows.addMissing();
            }
            if (due) {
                poll.run();
            }
            check.run();
            failing = false;
        } catch (RuntimeException | Error e) { // what was not written stays to be written
            if (!failing) {
                log.warn("Wake-ups can't be written, trying again every {}", interval, e);
            }
            failing = true;
        }
    }

    /** A clock that was set back would hide the jobs until it reaches the times that were computed before. */
    private void wakeAllIfSetBack() {
        Instant now = clock.instant();
        if (observed.isAfter(now.plus(CLOCK_TOLERANCE))) {
            log.warn("The clock was set back from {} to {}: waking all jobs", observed, now);
            wakeUps.scheduleAll(now);
        }
        observed = now;
    }

    /** Writes what is left, and ends. */
    void close(Duration limit) {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join(Math.max(1, limit.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
