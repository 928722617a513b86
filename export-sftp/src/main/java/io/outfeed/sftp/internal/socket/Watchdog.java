package io.outfeed.sftp.internal.socket;

import io.outfeed.sftp.internal.failure.ServerTexts;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a socket when the operation on it makes no progress for too long, or when its thread is interrupted.
 *
 * <p>A write to a peer that no longer reads blocks for ever, whatever time limits sshj is given, and so does its
 * disconnect: only closing the socket underneath releases them.
 */
public final class Watchdog {

    private static final long LONGEST_TICK = TimeUnit.MILLISECONDS.toNanos(500);

    private final Socket socket;
    private final Watchdogs all;
    private volatile long lastProgress;
    private volatile boolean expired;
    private volatile boolean overdue;

    /** When the lease must end, whatever progress is made; null while there is no such limit. */
    private volatile @Nullable Long deadline;

    Watchdog(Socket socket, Watchdogs all) {
        this.socket = socket;
        this.all = all;
    }

    /** Returns the socket that it closes. */
    public Socket socket() {
        return socket;
    }

    /** An operation that is watched. */
    @FunctionalInterface
    public interface Operation<R> {
        R run() throws IOException;
    }

    /**
     * Runs an operation on the caller's thread under a limit, which {@link #progress} restarts. What a server says in
     * its failure is cleaned: each request to a server passes here.
     */
    @SuppressWarnings("try") // the watch is not used, it lasts
    public <R> R watch(Duration limit, Operation<R> operation) throws IOException {
        try (Watch watch = begin(limit.toNanos())) {
            return operation.run();
        } catch (IOException e) {
            throw ServerTexts.cleaned(e);
        } catch (RuntimeException e) {
            throw ServerTexts.cleaned(e);
        }
    }

    /** Ends with a {@code try} block. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /** Watches the calling thread in an operation that has limits of its own: only an interrupt ends it. */
    Watch watchInterrupt() throws IOException {
        return begin(Long.MAX_VALUE);
    }

    private Watch begin(long limit) throws IOException {
        Thread thread = Thread.currentThread();
        progress();
        try {
            Future<?> ticks = all.repeat(() -> check(thread, limit), Math.min(limit, LONGEST_TICK));
            return () -> ticks.cancel(false);
        } catch (RejectedExecutionException e) {
            closeSocket();
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
        all.forget(this);
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
}
