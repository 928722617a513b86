package io.outfeed.internal.connection;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes the sockets of a connection when the operation on them makes no progress for too long, or when its thread is
 * interrupted.
 *
 * <p>A write to a peer that no longer reads blocks for ever, since the time limit of a socket is one for reading, and
 * TLS and SSH wait for that write when they are closed: only closing the sockets underneath releases them. All sockets
 * of a connection are closed together, since what a server does with one of them alone is not known.
 */
public final class Watchdog {

    private static final long LONGEST_TICK = TimeUnit.MILLISECONDS.toNanos(500);

    private final Set<Closeable> sockets = ConcurrentHashMap.newKeySet();
    private final Watchdogs all;
    private volatile long lastProgress;
    private volatile boolean closed;
    private volatile boolean expired;
    private volatile boolean overdue;

    /** When the lease must end, whatever progress is made; null while there is no such limit. */
    private volatile @Nullable Long deadline;

    Watchdog(Watchdogs all) {
        this.all = all;
    }

    /** An operation that is watched. */
    @FunctionalInterface
    public interface Operation<R> {
        R run() throws IOException;
    }

    /**
     * Adds a socket that is to be closed, or a server socket.
     *
     * @throws SocketException if the sockets are closed already; so is this one then
     */
    public void add(Closeable socket) throws SocketException {
        sockets.add(socket);
        if (closed) {
            close(socket);
            throw new SocketException("the connection is closed");
        }
    }

    /** Forgets a socket that its user has closed. */
    public void remove(Closeable socket) {
        sockets.remove(socket);
    }

    /** Runs an operation on the caller's thread under a limit, which {@link #progress} restarts. */
    @SuppressWarnings("try") // the watch is not used, it lasts
    public <R> R watch(Duration limit, Operation<R> operation) throws IOException {
        try (Watch watch = begin(limit.toNanos())) {
            return operation.run();
        }
    }

    /** Watches the calling thread in an operation that has limits of its own: only an interrupt ends it. */
    public Watch watchInterrupt() throws IOException {
        return begin(Long.MAX_VALUE);
    }

    /** Ends with a {@code try} block. */
    public interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    private Watch begin(long limit) throws IOException {
        Thread thread = Thread.currentThread();
        progress();
        try {
            Future<?> ticks = all.repeat(() -> check(thread, limit), Math.min(limit, LONGEST_TICK));
            return () -> ticks.cancel(false);
        } catch (RejectedExecutionException e) {
            closeSockets();
            throw new SocketException("the engine was closed");
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

    /** Whether the sockets were closed because of {@link #limitTotal}. */
    public boolean overdue() {
        return overdue;
    }

    /** Whether the sockets were closed because an operation made no progress. */
    public boolean expired() {
        return expired;
    }

    /** Closes the sockets. Never blocks; may be called by any thread. */
    public void closeSockets() {
        closed = true;
        all.forget(this);
        sockets.forEach(Watchdog::close);
        sockets.clear();
    }

    private static void close(Closeable socket) {
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
            closeSockets();
        } else if (System.nanoTime() - lastProgress >= limit) {
            expired = true;
            closeSockets();
        } else if (thread.isInterrupted()) {
            closeSockets();
        }
    }
}
