package io.outfeed.jdbc.internal.connection;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Cancels a call into the driver that takes too long, or whose thread is interrupted: a driver that waits for its
 * server notices neither. First the statement is cancelled; if that does not help, the connection is aborted.
 *
 * <p>The calls come from one thread at a time; the interrupt is that of the thread which has made the watchdog. A
 * thread of its own checks them until {@link #close}.
 */
final class CallWatchdog implements AutoCloseable {

    /** Why a call was cancelled. */
    enum Cancellation {
        NONE,
        INTERRUPTED,
        TIMED_OUT
    }

    private static final Duration CHECK_INTERVAL = Duration.ofMillis(50);
    private static final Duration ABORT_AFTER = Duration.ofSeconds(10);

    private final Connection connection;
    private final Thread caller = Thread.currentThread();
    private final Duration timeout;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Cancels the statement that is being called, or null. */
    private volatile @Nullable SqlCancel called;

    /** How many calls there were: tells one long call from many short ones without a clock for each. */
    private volatile long calls;

    private volatile Cancellation cancellation = Cancellation.NONE;

    CallWatchdog(Connection connection, Duration timeout) {
        this.connection = connection;
        this.timeout = timeout;
        Thread thread = new Thread(this::checkUntilClosed, "outfeed-jdbc-watchdog");
        thread.setDaemon(true);
        thread.start();
    }

    /** Calls the driver; the watchdog may cancel the statement meanwhile. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time writes, the other reads
    <R extends @Nullable Object> R call(SqlCancel statement, SqlCall<R> call) throws SQLException {
        calls++;
        called = statement;
        try {
            return call.call();
        } finally {
            called = null;
        }
    }

    /** Why a call was cancelled, if one was since the last {@link #reset}. */
    Cancellation cancellation() {
        return cancellation;
    }

    /** Forgets that a call was cancelled: the connection is used again. */
    void reset() {
        cancellation = Cancellation.NONE;
    }

    private void checkUntilClosed() {
        long seen = -1;
        long since = System.nanoTime();
        long cancelled = 0;
        try {
            while (!closed.await(CHECK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                SqlCancel statement = called;
                long now = System.nanoTime();
                if (statement == null || seen != calls) {
                    seen = calls;
                    since = now;
                    cancelled = 0;
                }
                if (statement == null) {
                    continue;
                }
                if (cancelled != 0) {
                    if (now - cancelled > ABORT_AFTER.toNanos()) {
                        connection.abort(Runnable::run);
                        return;
                    }
                } else if (caller.isInterrupted() || now - since > timeout.toNanos()) {
                    cancellation = caller.isInterrupted() ? Cancellation.INTERRUPTED : Cancellation.TIMED_OUT;
                    cancelled = now;
                    cancel(statement);
                }
            }
        } catch (InterruptedException | SQLException e) {
            // This thread is interrupted by no one, and a connection that can't be aborted is lost anyway.
        }
    }

    private void cancel(SqlCancel statement) throws SQLException {
        try {
            statement.cancel();
        } catch (SQLException e) {
            connection.abort(Runnable::run);
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
