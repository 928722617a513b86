package io.outfeed.jdbc.internal.connection;

import io.outfeed.error.FailureCode;
import io.outfeed.error.SourceException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a source: one read-only transaction, calls with a time limit, and failures as exceptions of the
 * engine. Used by one thread at a time: that of the run, and between two of its calls one that reads rows ahead.
 */
public final class SourceConnection implements AutoCloseable {

    private static final String BOUND_FAILURE = "can't ask the database how far the window may reach";

    private static final AtomicLong STREAMS = new AtomicLong();

    /** Reads what a query gives. */
    @FunctionalInterface
    public interface ResultReader<R extends @Nullable Object> {
        R read(ResultSet rows) throws SQLException;
    }

    private final ReadTransaction transaction;
    private final Duration queryTimeout;
    private final CallWatchdog watchdog;

    private SourceConnection(ReadTransaction transaction, Duration queryTimeout) {
        this.transaction = transaction;
        this.queryTimeout = queryTimeout;
        this.watchdog = new CallWatchdog(transaction.connection(), queryTimeout);
    }

    /** @param queryTimeout how long one call may take */
    public static SourceConnection open(DataSource dataSource, Duration queryTimeout) {
        try {
            return new SourceConnection(ReadTransaction.open(dataSource), queryTimeout);
        } catch (SQLException e) {
            throw SqlFailure.connecting("can't connect to the database", e);
        }
    }

    public SourceDialect dialect() {
        return transaction.dialect();
    }

    public PreparedStatement prepare(String sql) throws SQLException {
        return connection().prepareStatement(sql);
    }

    /** Prepares a statement whose rows the driver streams. */
    public PreparedStatement prepareStream(String sql, int fetchSize) throws SQLException {
        // PostgreSQL's driver reads what it has prepared for an earlier run as binary, and writes arrays, points and
        // times
        // with a zone in a text of its own then: it has not prepared what differs.
        String once = dialect() == SourceDialect.POSTGRESQL ? "/* " + STREAMS.incrementAndGet() + " */ " + sql : sql;
        PreparedStatement statement = prepare(once);
        statement.setFetchSize(dialect().fetchSize(connection(), fetchSize));
        return statement;
    }

    /** Calls the driver for a statement, within the query timeout. */
    public <R extends @Nullable Object> R call(Statement statement, SqlCall<R> call) throws SQLException {
        return call(statement::cancel, call);
    }

    /** Calls the driver for what can be cancelled, within the query timeout. */
    public <R extends @Nullable Object> R call(SqlCancel cancel, SqlCall<R> call) throws SQLException {
        return watchdog.call(cancel, call);
    }

    /** The connection as the driver has it; empty if the one of the host does not give it. */
    public <C> Optional<C> unwrap(Class<C> type) {
        try {
            return connection().isWrapperFor(type) ? Optional.of(connection().unwrap(type)) : Optional.empty();
        } catch (SQLException e) { // by a wrapper that does not know the question: it does not give it either
            return Optional.empty();
        }
    }

    /** Cuts the connection: a pool then has to open another one. */
    public void abort() throws SQLException {
        connection().abort(Runnable::run);
    }

    /** The first part of the server's version, such as 18. */
    public int majorVersion() throws SQLException {
        return connection().getMetaData().getDatabaseMajorVersion();
    }

    /** Runs a statement without parameters and without a result. */
    public void execute(String sql) throws SQLException {
        SourceDialect.execute(connection(), sql);
    }

    /** Runs a query without parameters. */
    public <R extends @Nullable Object> R query(String sql, ResultReader<R> reader) throws SQLException {
        try (Statement statement = connection().createStatement();
                ResultSet rows = call(statement, () -> statement.executeQuery(sql))) {
            return reader.read(rows);
        }
    }

    /** A time of the server before the snapshot that is read; empty if it was not told. */
    public Optional<Instant> begunAt() {
        return transaction.begunAt();
    }

    /**
     * Asks for the end of a window before the snapshot is taken that is read: what becomes visible in between is then
     * read, and lies behind the bound.
     */
    public <R> R beforeSnapshot(SqlCall<R> question) {
        return run(BOUND_FAILURE, () -> {
            transaction.rollback();
            R answer = question.call();
            transaction.renewSnapshot();
            return answer;
        });
    }

    /** Asks for the end of a window within the snapshot that is read. */
    public <R> R inSnapshot(SqlCall<R> question) {
        return run(BOUND_FAILURE, question);
    }

    /**
     * Runs statements before any row is read.
     *
     * @param failure begins the message of the exception
     */
    public <R> R run(String failure, SqlCall<R> call) {
        try {
            return call.call();
        } catch (SQLException e) {
            throw cancelled(failure).orElseGet(() -> SqlFailure.beforeRows(failure, e));
        }
    }

    /**
     * Runs a statement in the snapshot that is read. If it fails and spoils the transaction, a later snapshot is read:
     * what it has more lies behind the bound.
     *
     * @param failure begins the message of the exception
     */
    public <R> R runBesides(String failure, SqlCall<R> call) {
        try {
            return call.call();
        } catch (SQLException e) {
            SourceException failed = failure(failure, e);
            watchdog.reset();
            if (dialect().failureSpoilsTransaction()) {
                try {
                    transaction.renewSnapshot();
                } catch (SQLException renewing) {
                    throw failure(failure, renewing);
                }
            }
            throw failed;
        }
    }

    /** Begins another transaction after a failed statement: what its snapshot has more lies behind the bound. */
    public void renewSnapshot() throws SQLException {
        transaction.renewSnapshot();
    }

    /** Whether a failure of the driver leaves nothing to read. */
    public boolean isBroken(SQLException e) {
        return watchdog.cancellation() != CallWatchdog.Cancellation.NONE
                || SqlFailure.code(e) == FailureCode.SOURCE_UNAVAILABLE;
    }

    /** What the driver threw once the query ran: its message may quote a row. */
    public SourceException failure(String failure, SQLException e) {
        return cancelled(failure).orElseGet(() -> SqlFailure.whileReading(failure, e));
    }

    /** Closes a statement whose query failed. */
    public static <E extends RuntimeException> E closeAfter(E failure, @Nullable Statement statement) {
        if (statement != null) {
            try {
                statement.close();
            } catch (SQLException e) {
                failure.addSuppressed(SqlFailure.whileReading("can't close the statement", e));
            }
        }
        return failure;
    }

    /** That the thread of the run is interrupted. */
    public SourceException interrupted(String failure) {
        return SourceException.of(FailureCode.STOPPED, failure + ": it was interrupted", null);
    }

    private Optional<SourceException> cancelled(String failure) {
        return switch (watchdog.cancellation()) {
            case NONE -> Optional.empty();
            case INTERRUPTED -> Optional.of(interrupted(failure));
            case TIMED_OUT ->
                Optional.of(SourceException.retryable(
                        failure + ": the database took longer than " + queryTimeout
                                + " to answer: look for an index that is missing, or raise queryTimeout",
                        null));
        };
    }

    private Connection connection() {
        return transaction.connection();
    }

    @Override
    public void close() {
        watchdog.close();
        try {
            transaction.close();
        } catch (SQLException e) {
            throw SqlFailure.beforeRows("can't give the connection back", e);
        }
    }
}
