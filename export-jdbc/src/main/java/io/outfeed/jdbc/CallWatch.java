package io.outfeed.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a call into the driver that takes too long, or whose thread is interrupted: a driver that waits for its server
 * notices neither. First the statement is cancelled; if that does not help, the connection is cut.
 *
 * <p>The calls come from one thread; a thread of its own watches them until {@link #close}.
 */
final class CallWatch implements AutoCloseable {

    /** Why a call was ended. */
    enum End {
        NOT,
        INTERRUPTED,
        TOO_LONG
    }

    /** Calls the driver. */
    @FunctionalInterface
    interface SqlCall<R extends @Nullable Object> {
        R call() throws SQLException;
    }

    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Connection connection;
    private final Thread caller = Thread.currentThread();
    private final @Nullable Duration limit;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** The statement that is being called, or null. */
    private volatile @Nullable Statement called;

    /** How many calls there were: so that the watch can tell a long one from many, and the calls need no clock. */
    private volatile long calls;

    private volatile End end = End.NOT;

    /** @param limit of a call, or null */
    CallWatch(Connection connection, @Nullable Duration limit) {
        this.connection = connection;
        this.limit = limit;
        Thread thread = new Thread(this::watch, "outfeed-jdbc-watch");
        thread.setDaemon(true);
        thread.start();
    }

    /** Calls the driver while somebody watches. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes, the other reads
    <R extends @Nullable Object> R call(Statement statement, SqlCall<R> call) throws SQLException {
        calls++;
        called = statement;
        try {
            return call.call();
        } finally {
            called = null;
        }
    }

    /** Why the last call was ended, if it was. */
    End end() {
        return end;
    }

    /** Forgets that a call was ended, where the next one may go better. */
    void goOn() {
        end = End.NOT;
    }

    private void watch() {
        long seen = -1;
        long since = System.nanoTime();
        long cancelled = 0;
        try {
            while (!closed.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                Statement statement = called;
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
                    if (now - cancelled > GRACE.toNanos()) {
                        connection.abort(Runnable::run);
                        return;
                    }
                } else if (caller.isInterrupted() || (limit != null && now - since > limit.toNanos())) {
                    end = caller.isInterrupted() ? End.INTERRUPTED : End.TOO_LONG;
                    cancelled = now;
                    cancel(statement);
                }
            }
        } catch (InterruptedException | SQLException e) {
            // Nobody else has this thread to interrupt it; and a connection that can't even be cut is lost anyway.
        }
    }

    private void cancel(Statement statement) throws SQLException {
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
