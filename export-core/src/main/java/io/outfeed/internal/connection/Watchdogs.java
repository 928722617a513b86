package io.outfeed.internal.connection;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The watchdogs of the connections that are closed together, on one thread. It ends when nothing is watched for a
 * while, and when they are closed. Thread-safe.
 */
public final class Watchdogs implements AutoCloseable {

    private final ScheduledThreadPoolExecutor timer;

    private final Set<Watchdog> open = ConcurrentHashMap.newKeySet();

    /** @param protocol names the thread */
    public Watchdogs(String protocol) {
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "outfeed-" + protocol + "-watchdog");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(10, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
    }

    /** Returns the watchdog of a connection, which has no socket yet. */
    public Watchdog newWatchdog() {
        Watchdog watchdog = new Watchdog(this);
        open.add(watchdog);
        return watchdog;
    }

    void forget(Watchdog closed) {
        open.remove(closed);
    }

    /** Runs a task later on the watchdogs' thread, which it must not block; never if they are closed before. */
    public void schedule(Duration delay, Runnable task) {
        try {
            ScheduledFuture<?> unused = timer.schedule(task, delay.toMillis() + 1, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // they are closed
        }
    }

    /**
     * Runs a check again and again until it is cancelled.
     *
     * @throws RejectedExecutionException if the watchdogs are closed
     */
    Future<?> repeat(Runnable check, long nanos) {
        return timer.scheduleWithFixedDelay(check, nanos, nanos, TimeUnit.NANOSECONDS);
    }

    /** Closes all sockets: what still waits for a server fails. */
    @Override
    public void close() {
        timer.shutdownNow();
        open.forEach(Watchdog::closeSockets);
    }
}
