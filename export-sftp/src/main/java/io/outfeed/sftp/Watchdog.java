package io.outfeed.sftp;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a socket when what is done with it makes no progress for too long, or when its thread is interrupted.
 *
 * <p>A write to a peer that no longer reads blocks for ever, whatever time limits sshj is given, and so does its
 * disconnect: only closing the socket underneath frees them.
 */
final class Watchdog {

    /** One thread for all connections; it ends when there is nothing to watch, so that a host can be unloaded. */
    private static final ScheduledThreadPoolExecutor TIMER = timer();

    private static final long LONGEST_TICK = TimeUnit.MILLISECONDS.toNanos(500);

    private final Socket socket;
    private volatile long progress;
    private volatile boolean expired;
    private volatile boolean overdue;

    /** When all has to be over, whatever progress is made; null while there is no such limit. */
    private volatile @Nullable Long deadline;

    Watchdog(Socket socket) {
        this.socket = socket;
    }

    /** Does something later, on the thread that watches: it must be soon done. */
    static void after(Duration delay, Runnable task) {
        ScheduledFuture<?> unused = TIMER.schedule(task, delay.toMillis() + 1, TimeUnit.MILLISECONDS);
    }

    /** What is watched. */
    @FunctionalInterface
    interface Step<R> {
        R run() throws IOException;
    }

    /** Runs a step on the caller's thread under a limit, which {@link #progress} puts off. */
    <R> R watch(Duration limit, Step<R> step) throws IOException {
        Thread thread = Thread.currentThread();
        long nanos = limit.toNanos();
        progress();
        ScheduledFuture<?> ticks = TIMER.scheduleWithFixedDelay(
                () -> look(thread, nanos),
                Math.min(nanos, LONGEST_TICK),
                Math.min(nanos, LONGEST_TICK),
                TimeUnit.NANOSECONDS);
        try {
            return step.run();
        } finally {
            ticks.cancel(false);
        }
    }

    /** Something was sent, received or confirmed. */
    void progress() {
        progress = System.nanoTime();
    }

    /** Sets by when all has to be over, counted from now. */
    void allWithin(Duration limit) {
        deadline = System.nanoTime() + limit.toNanos();
    }

    /** Whether it is over because of {@link #allWithin}. */
    boolean overdue() {
        return overdue;
    }

    /** Whether the limit has passed, and the socket is closed. */
    boolean expired() {
        return expired;
    }

    /** Closes the socket. Never blocks, may be called by any thread. */
    void closeSocket() {
        try {
            socket.close();
        } catch (IOException e) {
            // nothing is left to be closed
        }
    }

    private void look(Thread thread, long limit) {
        Long end = deadline;
        if (end != null && System.nanoTime() - end >= 0) {
            overdue = true;
            closeSocket();
        } else if (System.nanoTime() - progress >= limit) {
            expired = true;
            closeSocket();
        } else if (thread.isInterrupted()) {
            closeSocket();
        }
    }

    private static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "outfeed-sftp-watchdog");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(10, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        return timer;
    }
}
