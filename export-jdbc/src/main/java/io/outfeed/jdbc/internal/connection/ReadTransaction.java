package io.outfeed.jdbc.internal.connection;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * A read-only transaction with one snapshot, on a connection of the host that is given back as it was. Used by one
 * thread.
 */
final class ReadTransaction implements AutoCloseable {

    /** Restores a setting of the connection. */
    private interface Undo {
        void undo() throws SQLException;
    }

    private final Connection connection;
    private final SourceDialect dialect;
    private final Deque<Undo> undo = new ArrayDeque<>();

    /** A time of the server before the snapshot; empty if it was not told. */
    private Optional<Instant> begunAt = Optional.empty();

    private ReadTransaction(Connection connection, SourceDialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    static ReadTransaction open(DataSource dataSource) throws SQLException {
        Connection connection = dataSource.getConnection();
        try {
            ReadTransaction transaction = new ReadTransaction(connection, SourceDialect.of(connection));
            try {
                transaction.prepare();
                transaction.begin();
                return transaction;
            } catch (SQLException | RuntimeException e) {
                closeAfter(e, transaction);
                throw e;
            }
        } catch (SQLException | RuntimeException e) {
            if (!connection.isClosed()) {
                closeAfter(e, connection);
            }
            throw e;
        }
    }

    private void prepare() throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        if (!autoCommit) {
            connection.rollback(); // what follows is not allowed within a transaction
        }
        if (!dialect.setsEachTransaction()) {
            configureConnection();
        }
        if (autoCommit) {
            connection.setAutoCommit(false); // drivers heed the fetch size only in a transaction
            undo.push(() -> connection.setAutoCommit(true));
        }
    }

    private void configureConnection() throws SQLException {
        int isolation = connection.getTransactionIsolation();
        boolean readOnly = connection.isReadOnly();
        configureSession();
        if (!readOnly) {
            connection.setReadOnly(true);
            undo.push(() -> connection.setReadOnly(false));
        }
        int snapshot = snapshotIsolation(connection.getMetaData(), isolation);
        if (snapshot != isolation) {
            connection.setTransactionIsolation(snapshot);
            undo.push(() -> connection.setTransactionIsolation(isolation));
        }
    }

    /** Sets what is a setting of the session, not of the transaction. */
    private void configureSession() throws SQLException {
        if (dialect == SourceDialect.MYSQL) {
            String zone = text("SELECT @@session.time_zone");
            SourceDialect.execute(connection, "SET time_zone = '+00:00'");
            undo.push(() -> SourceDialect.execute(connection, "SET time_zone = '" + zone.replace("'", "''") + "'"));
        } else if (dialect == SourceDialect.H2) {
            // Otherwise it holds the whole result, or writes it to a file, before it gives the first row.
            SourceDialect.execute(connection, "SET LAZY_QUERY_EXECUTION 1");
            undo.push(() -> SourceDialect.execute(connection, "SET LAZY_QUERY_EXECUTION 0"));
            String zone =
                    text("SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS WHERE SETTING_NAME = 'TIME ZONE'");
            SourceDialect.execute(connection, "SET TIME ZONE 'UTC'"); // otherwise that of the JVM
            undo.push(() -> SourceDialect.execute(connection, "SET TIME ZONE '" + zone.replace("'", "''") + "'"));
        }
    }

    private static int snapshotIsolation(DatabaseMetaData metaData, int current) throws SQLException {
        if (metaData.supportsTransactionIsolationLevel(Connection.TRANSACTION_REPEATABLE_READ)) {
            return Connection.TRANSACTION_REPEATABLE_READ;
        }
        return metaData.supportsTransactionIsolationLevel(Connection.TRANSACTION_SERIALIZABLE)
                ? Connection.TRANSACTION_SERIALIZABLE
                : current;
    }

    private String text(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private void begin() throws SQLException {
        dialect.begin(connection);
        begunAt = dialect.takeSnapshot(connection);
    }

    /** Ends the transaction, and begins another one with a new snapshot. */
    void renewSnapshot() throws SQLException {
        connection.rollback();
        begin();
    }

    /** Ends the transaction: the next statement begins another one, with a snapshot of its own. */
    void rollback() throws SQLException {
        connection.rollback();
    }

    Optional<Instant> begunAt() {
        return begunAt;
    }

    Connection connection() {
        return connection;
    }

    SourceDialect dialect() {
        return dialect;
    }

    /** Restores the settings of the connection and closes it, even if a setting can't be restored. */
    @Override
    public void close() throws SQLException {
        try (Connection toClose = connection) {
            if (toClose.isClosed()) {
                return;
            }
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
            SQLException first = null;
            while (!undo.isEmpty()) {
                try {
                    undo.pop().undo();
                } catch (SQLException e) {
                    if (first == null) {
                        first = e;
                    } else {
                        first.addSuppressed(e);
                    }
                }
            }
            if (first != null) {
                throw first;
            }
        }
    }

    private static void closeAfter(Exception failure, AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            failure.addSuppressed(e);
        }
    }
}
