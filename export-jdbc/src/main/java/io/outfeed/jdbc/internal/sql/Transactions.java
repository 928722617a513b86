package io.outfeed.jdbc.internal.sql;

import io.outfeed.error.ExportException;
import io.outfeed.error.StoreException;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.model.StoreFailures;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * Short transactions on the host's data source, retried while the database is away. Thread-safe.
 *
 * <p>A transaction whose commit got no answer is retried too: each must find out by itself that it was committed
 * before.
 */
public final class Transactions {

    private static final int UNKNOWN = -1;

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(20);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(2);

    private final DataSource database;
    private final TableNames names;
    private final Duration retryTimeout;

    /** The isolation that connections have by themselves. */
    private volatile int isolation = UNKNOWN;

    public Transactions(DataSource database, TableNames names, Duration retryTimeout) {
        this.database = database;
        this.names = names;
        this.retryTimeout = retryTimeout;
    }

    /** The statements of a transaction. What they throw rolls it back. */
    public interface Work<R> {

        R in(Sql sql) throws SQLException;
    }

    /**
     * Runs statements in one transaction.
     *
     * @param what ends the sentence "can't …"
     */
    public <R> R run(String what, Work<R> work) {
        return retried(what, retry -> inTransaction(work, retry));
    }

    /**
     * Runs statements each of which is a transaction of its own: one round trip each.
     *
     * @param what ends the sentence "can't …"
     */
    public <R> R single(String what, Work<R> work) {
        return retried(what, retry -> committingEach(work, retry));
    }

    /** One try. */
    private interface Try<R> {

        R make(boolean retry) throws SQLException;
    }

    private <R> R retried(String what, Try<R> one) {
        long end = System.nanoTime() + retryTimeout.toNanos();
        Duration backoff = FIRST_BACKOFF;
        for (boolean retry = false; ; retry = true) {
            try {
                return one.make(retry);
            } catch (SQLException e) {
                if (isInterrupted(e)) {
                    throw StoreFailures.interrupted("can't " + what, "", HostCalls.redact(e));
                }
                if (!isTransient(e) || System.nanoTime() + backoff.toNanos() > end) {
                    throw failure(what, e);
                }
                await(what, backoff, e);
            } catch (ExportException e) {
                throw e;
            } catch (RuntimeException e) {
                throw ofPool(what, e);
            }
            Duration twice = backoff.multipliedBy(2);
            backoff = twice.compareTo(LONGEST_BACKOFF) < 0 ? twice : LONGEST_BACKOFF;
        }
    }

    private <R> R committingEach(Work<R> work, boolean retry) throws SQLException {
        try (Connection connection = database.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            if (!isReadCommitted(connection)) {
                return inTransaction(connection, work, retry);
            }
            if (!autoCommit) {
                connection.setAutoCommit(true);
            }
            boolean usable = false;
            try {
                R result = work.in(new Sql(connection, names, retry));
                usable = true;
                return result;
            } finally {
                if (!autoCommit && (usable || connection.isValid(1))) {
                    connection.setAutoCommit(false);
                }
            }
        }
    }

    private <R> R inTransaction(Work<R> work, boolean retry) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return inTransaction(connection, work, retry);
        }
    }

    private <R> R inTransaction(Connection connection, Work<R> work, boolean retry) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        boolean readCommitted = isReadCommitted(connection);
        boolean usable = false;
        try {
            connection.setAutoCommit(false);
            if (!readCommitted) {
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            }
            R result = work.in(new Sql(connection, names, retry));
            connection.commit();
            usable = true;
            return result;
        } catch (SQLException | RuntimeException | Error e) {
            rollBack(connection, e);
            throw e;
        } finally {
            if (usable || connection.isValid(1)) { // else a pool would hand out a connection with our settings
                if (!readCommitted) {
                    connection.setTransactionIsolation(isolation);
                }
                connection.setAutoCommit(autoCommit);
            }
        }
    }

    /**
     * Whether the connections of the data source have READ COMMITTED by themselves. Asked once, since drivers ask the
     * server: what a pool hands out has its defaults. Should one have a higher level, transactions that conflict fail,
     * and are retried.
     */
    private boolean isReadCommitted(Connection connection) throws SQLException {
        if (isolation == UNKNOWN) {
            isolation = connection.getTransactionIsolation();
        }
        return isolation == Connection.TRANSACTION_READ_COMMITTED;
    }

    private static void rollBack(Connection connection, Throwable reason) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    /**
     * Whether the database may be back soon, or two transactions conflicted: SQLState classes 08 and 40, 23 for two
     * that inserted the same row, and PostgreSQL's operator intervention and lack of connections.
     */
    private static boolean isTransient(SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        return state.startsWith("08")
                || state.startsWith("40")
                || state.startsWith("23")
                || state.startsWith("57P0")
                || state.equals("53300")
                || failure instanceof SQLTransientException
                || failure instanceof SQLRecoverableException;
    }

    /** A pool says it by a cause, and some forget the flag; a driver fails as if the connection were broken. */
    private static boolean isInterrupted(SQLException failure) {
        if (StoreFailures.isInterrupt(failure)) {
            Thread.currentThread().interrupt();
        }
        return Thread.currentThread().isInterrupted();
    }

    private StoreException failure(String what, SQLException cause) {
        String tried = isTransient(cause) ? ", tried for " + retryTimeout.toSeconds() + " s" : "";
        return new StoreException(
                "can't " + what + ": the database gave SQLState " + cause.getSQLState() + tried
                        + "; check that it is up, and that its tables and this user's rights are as the"
                        + " store's DDL says",
                HostCalls.redact(cause)); // it may quote what was written, or the address with a password
    }

    /** What a pool or a driver throws that is no SQLException. */
    private static StoreException ofPool(String what, RuntimeException e) {
        Throwable cause = HostCalls.redact(e);
        return StoreFailures.isInterrupt(e)
                ? StoreFailures.interrupted("can't " + what, "", cause)
                : new StoreException(
                        "can't " + what + ": the database's driver or pool gave "
                                + e.getClass().getName() + "; check that it is up, and how it is configured",
                        cause);
    }

    private void await(String what, Duration backoff, SQLException failure) {
        try {
            Thread.sleep(backoff.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StoreFailures.interrupted("can't " + what, "", HostCalls.redact(failure));
        }
    }
}
