package io.outfeed.jdbc.store;

import io.outfeed.error.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * Short transactions on the host's data source, begun anew while the database is away. Thread-safe.
 *
 * <p>A transaction whose commit got no answer is begun anew too: each must find out by itself that it was done before.
 */
final class Transactions {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final DataSource database;
    private final TableNames names;
    private final Duration patience;

    Transactions(DataSource database, TableNames names, Duration patience) {
        this.database = database;
        this.names = names;
        this.patience = patience;
    }

    /** What is done in a transaction. What it throws rolls it back. */
    interface Work<R> {

        R in(Sql sql) throws SQLException;
    }

    /** @param what ends the sentence "can't …" */
    <R> R run(String what, Work<R> work) {
        long end = System.nanoTime() + patience.toNanos();
        Duration pause = FIRST_PAUSE;
        for (boolean again = false; ; again = true) {
            try {
                return once(work, again);
            } catch (SQLException e) {
                if (!mayPass(e) || System.nanoTime() + pause.toNanos() > end) {
                    throw failure(what, e);
                }
                await(what, pause, e);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    private <R> R once(Work<R> work, boolean again) throws SQLException {
        try (Connection connection = database.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            int isolation = connection.getTransactionIsolation();
            try {
                connection.setAutoCommit(false);
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                R result = work.in(new Sql(connection, names, again));
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException | Error e) {
                rollBack(connection, e);
                throw e;
            } finally {
                if (connection.isValid(1)) { // else a pool would hand out what we have set
                    connection.setTransactionIsolation(isolation);
                    connection.setAutoCommit(autoCommit);
                }
            }
        }
    }

    private static void rollBack(Connection connection, Throwable reason) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    /**
     * Whether the database may be back soon, or two transactions stood in each other's way: SQLState classes 08 and 40, 23
     * for two that inserted the same row, and PostgreSQL's operator intervention and lack of connections.
     */
    private static boolean mayPass(SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        return state.startsWith("08")
                || state.startsWith("40")
                || state.startsWith("23")
                || state.startsWith("57P0")
                || state.equals("53300")
                || failure instanceof SQLTransientException
                || failure instanceof SQLRecoverableException;
    }

    private StoreException failure(String what, SQLException cause) {
        String tried = mayPass(cause) ? ", tried for " + patience.toSeconds() + " s" : "";
        return new StoreException(
                "can't " + what + ": the database gave SQLState " + cause.getSQLState() + tried
                        + "; check that it is up, and that its tables and this user's rights are as the store's DDL says",
                cause);
    }

    private void await(String what, Duration pause, SQLException failure) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            StoreException interrupted = failure(what, failure);
            interrupted.addSuppressed(e);
            throw interrupted;
        }
    }
}
