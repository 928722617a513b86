package io.outfeed.jdbc.internal.column;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.outfeed.error.SourceException;
import io.outfeed.jdbc.internal.connection.SourceConnection;
import io.outfeed.jdbc.internal.connection.SqlCancel;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows on a thread of its own while the caller works on those before them: a driver that fetches some rows at a
 * time waits for the server, and the server for the next fetch. The first rows are read by the caller, so that a short
 * result takes no thread. Used by one thread, which owns the connection; until {@link #close} the other one uses it.
 */
public final class RowsAhead implements RowReader {

    private static final int BATCH = 64;

    /** After how many characters and bytes a batch has less rows: long ones do not fill the memory. */
    private static final int BATCH_SIZE = 64 * 1024;

    private static final int SECONDS_BETWEEN_CHECKS = 1;

    /** How long a fetch may take to end by itself when the rows are closed. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** How long it may take once it is cancelled, and once the connection is aborted. */
    private static final Duration CANCELLED_WITHIN = Duration.ofSeconds(10);

    /** Some rows; with the last ones, what ended the reading: a failure, or null. */
    private record Batch(
            List<RowValues> rows, boolean last, @Nullable Throwable failure) {}

    private final RowReader rows;
    private final SourceConnection connection;
    private final SqlCancel cancel;
    private final int columns;
    private final BlockingQueue<Batch> ready;
    private int first;
    private Iterator<RowValues> batch = Collections.emptyIterator();
    private @Nullable Batch last;
    private @Nullable Thread thread;
    private volatile boolean stopped;

    /**
     * Makes a reader.
     *
     * @param rows used by the thread only, once that has started
     * @param connection the connection of the rows
     * @param cancel ends a call of the rows
     * @param columns how many values a row has
     * @param ahead how many rows may be ahead of the caller, and how many it reads itself
     */
    public RowsAhead(RowReader rows, SourceConnection connection, SqlCancel cancel, int columns, int ahead) {
        this.rows = rows;
        this.connection = connection;
        this.cancel = cancel;
        this.columns = columns;
        this.first = ahead;
        this.ready = new ArrayBlockingQueue<>(Math.max(1, ahead / BATCH));
    }

    @Override
    public @Nullable RowValues next() throws SQLException {
        if (first > 0) {
            first--;
            return rows.next();
        }
        while (!batch.hasNext() && last == null) {
            Batch next = take();
            batch = next.rows().iterator();
            last = next.last() ? next : null;
        }
        return batch.hasNext() ? batch.next() : end(last);
    }

    private static @Nullable RowValues end(@Nullable Batch last) throws SQLException {
        Throwable failure = last == null ? null : last.failure();
        if (failure instanceof SQLException e) {
            throw e;
        } else if (failure instanceof RuntimeException e) {
            throw e;
        } else if (failure instanceof Error e) {
            throw e;
        }
        return null;
    }

    private Batch take() {
        Thread reader = thread;
        if (reader == null) {
            reader = new Thread(this::readAll, "outfeed-jdbc-reader");
            reader.setDaemon(true);
            reader.start();
            thread = reader;
        }
        try {
            Batch next = ready.poll(SECONDS_BETWEEN_CHECKS, SECONDS);
            while (next == null) {
                boolean ended = !reader.isAlive();
                next = ready.poll(ended ? 0 : SECONDS_BETWEEN_CHECKS, SECONDS);
                if (next == null && ended) {
                    throw new IllegalStateException("the thread that reads rows has ended");
                }
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted();
        }
    }

    private SourceException interrupted() {
        SourceException failure = connection.interrupted("the query broke off");
        try {
            stop(Duration.ZERO);
        } catch (SQLException e) {
            failure.addSuppressed(connection.failure("the connection can't be aborted", e));
        }
        return failure;
    }

    /** Puts at most one batch between two looks at {@link #stopped}: when that is set, there is room for one. */
    private void readAll() {
        List<RowValues> some = new ArrayList<>(BATCH);
        long size = 0;
        Throwable failure = null;
        try {
            RowValues row = rows.next();
            while (row != null && !stopped) {
                some.add(row);
                size += size(row);
                if (some.size() == BATCH || size > BATCH_SIZE) {
                    ready.put(new Batch(some, false, null));
                    some = new ArrayList<>(BATCH);
                    size = 0;
                }
                row = stopped ? null : rows.next();
            }
        } catch (SQLException | RuntimeException | Error e) {
            failure = e;
        } catch (InterruptedException e) { // by no one: the caller notices that the thread has ended
            return;
        }
        if (!stopped) {
            try {
                ready.put(new Batch(some, true, failure));
            } catch (InterruptedException e) { // as above
                Thread.currentThread().interrupt();
            }
        }
    }

    private long size(RowValues row) {
        long size = 0;
        for (int i = 0; i < columns; i++) {
            Object value = row.get(i);
            if (value instanceof String text) {
                size += text.length();
            } else if (value instanceof byte[] bytes) {
                size += bytes.length;
            }
        }
        return size;
    }

    /** Lets the thread end: after the row that it reads, or by ending what that waits for. */
    private void stop(Duration patience) throws SQLException {
        Thread reader = thread;
        if (reader == null) {
            return;
        }
        stopped = true;
        ready.clear();
        boolean interrupted = Thread.interrupted(); // else nothing can be waited for
        try {
            if (!hasEnded(reader, patience)) {
                cancel();
                if (!hasEnded(reader, CANCELLED_WITHIN)) {
                    connection.abort();
                    hasEnded(reader, CANCELLED_WITHIN);
                }
            }
        } catch (InterruptedException e) {
            interrupted = true;
            connection.abort();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean hasEnded(Thread reader, Duration within) throws InterruptedException {
        if (!within.isZero()) {
            reader.join(within.toMillis());
        }
        return !reader.isAlive();
    }

    private void cancel() throws SQLException {
        try {
            cancel.cancel();
        } catch (SQLException e) {
            connection.abort();
        }
    }

    @Override
    public void close() throws SQLException {
        stop(PATIENCE);
        rows.close();
    }
}
