package io.outfeed.sftp.internal.socket;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a socket when the operation on it makes no progress for too long, or when its thread is interrupted.
 *
 * <p>A write to a peer that no longer reads blocks for ever, whatever time limits sshj is given, and so does its
 * disconnect: only closing the socket underneath releases them.
 */
public final class Watchdog {

    /** One thread for all connections. It ends when nothing is watched, so that a host can be unloaded. */
    private static final ScheduledThreadPoolExecutor TIMER = timer();

    private static final long LONGEST_TICK = TimeUnit.MILLISECONDS.toNanos(500);

    private final Socket socket;
    private volatile long lastProgress;
    private volatile boolean expired;
    private volatile boolean overdue;

    /** When the lease must end, whatever progress is made; null while there is no such limit. */
    private volatile @Nullable Long deadline;

    public Watchdog(Socket socket) {
        this.socket = socket;
    }

    /** Runs a task later on the watchdog's thread, which it must not block. */
    public static void schedule(Duration delay, Runnable task) {
        ScheduledFuture<?> unused = TIMER.schedule(task, delay.toMillis() + 1, TimeUnit.MILLISECONDS);
    }

    /** An operation that is watched. */
    @FunctionalInterface
    public interface Operation<R> {
        R run() throws IOException;
    }

    /** Runs an operation on the caller's thread under a limit, which {@link #progress} restarts. */
    public <R> R watch(Duration limit, Operation<R> operation) throws IOException {
        Thread thread = Thread.currentThread();
        long nanos = limit.toNanos();
        progress();
        ScheduledFuture<?> ticks = TIMER.scheduleWithFixedDelay(
                () -> check(thread, nanos),
                Math.min(nanos, LONGEST_TICK),
                Math.min(nanos, LONGEST_TICK),
                TimeUnit.NANOSECONDS);
        try {
            return operation.run();
        } finally {
            ticks.cancel(false);
        }
    }

    /** Reports that something was sent, received or confirmed. */
    public void progress() {
        lastProgress = System.nanoTime();
    }

    /** Sets the deadline of all operations together, counted from now. */
    public void limitTotal(Duration limit) {
        deadline = System.nanoTime() + limit.toNanos();
    }

    /** Whether the socket was closed because of {@link #limitTotal}. */
    public boolean overdue() {
        return overdue;
    }

    /** Whether the socket was closed because an operation made no progress. */
    public boolean expired() {
        return expired;
    }

    /** Closes the socket. Never blocks; may be called by any thread. */
    public void closeSocket() {
        try {
            socket.close();
        } catch (IOException e) {
            // there is nothing left to close
        }
    }

    private void check(Thread thread, long limit) {
        Long end = deadline;
        if (end != null && System.nanoTime() - end >= 0) {
            overdue = true;
            closeSocket();
        } else if (System.nanoTime() - lastProgress >= limit) {
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
