package io.outfeed.internal.run;

import io.outfeed.ExportJob;
import io.outfeed.error.FailureCode;
import io.outfeed.internal.failure.FailureOrigin;
import io.outfeed.run.RunFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Interrupts runs that take longer than their jobs allow, by elapsed time rather than by the engine's clock.
 * Thread-safe.
 */
public final class TimeLimits implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TimeLimits.class);

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "outfeed-time-limits");
        thread.setDaemon(true);
        return thread;
    });

    public TimeLimits() {
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(1, TimeUnit.MINUTES);
        timer.allowCoreThreadTimeOut(true); // no thread while no run has a limit
    }

    /** Watches the calling thread until the limit is closed. */
    public Limit watch(ExportJob job) {
        Limit limit = new Limit(job, Thread.currentThread());
        job.maxDuration().ifPresent(limit::scheduleInterrupt);
        return limit;
    }

    /** Watches the calling thread during an action; its interrupt flag is clear of the limit afterwards. */
    public void watch(ExportJob job, Runnable action) {
        Limit limit = watch(job);
        try {
            action.run();
        } finally {
            limit.close();
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** The limit of one run. Closed by the thread that it watches. */
    public final class Limit implements AutoCloseable {

        private final ExportJob job;
        private final Thread thread;

        // guarded by this
        private @Nullable Future<?> alarm;
        private boolean over;
        private boolean exceeded;

        private Limit(ExportJob job, Thread thread) {
            this.job = job;
            this.thread = thread;
        }

        /** Interrupts the thread repeatedly: code that ignores the first interrupt may react to a later one. */
        private synchronized void scheduleInterrupt(Duration limit) {
            if (!timer.isShutdown()) { // else the closing engine interrupts the run
                alarm = timer.schedule(() -> interrupt(limit), limit.toNanos(), TimeUnit.NANOSECONDS);
            }
        }

        private synchronized void interrupt(Duration limit) {
            if (over) {
                return;
            }
            Throwable where = new Throwable("where it is");
            where.setStackTrace(thread.getStackTrace());
            log.warn("{} still runs after {}: interrupting it", job, limit, where);
            exceeded = true;
            thread.interrupt();
            scheduleInterrupt(limit);
        }

        /** Returns why the run was interrupted, and threw a failure; empty if it did not exceed its limit. */
        public synchronized Optional<RunFailure> exceeded(Throwable failure) {
            return exceeded
                    ? job.maxDuration()
                            .map(limit -> new RunFailure(
                                    FailureCode.TIME_LIMIT_EXCEEDED,
                                    "TimeLimitExceeded",
                                    "interrupted, since it took longer than " + limit
                                            + ": the log has where it was; raise maxDuration, or find out"
                                            + " what it waits for",
                                    FailureOrigin.of(failure)))
                    : Optional.empty();
        }

        /** Ends the watch, and clears an interrupt that it has caused. */
        @Override
        public synchronized void close() {
            over = true;
            if (alarm != null) {
                alarm.cancel(false);
            }
            if (exceeded) {
                boolean unused = Thread.interrupted();
            }
        }
    }
}
