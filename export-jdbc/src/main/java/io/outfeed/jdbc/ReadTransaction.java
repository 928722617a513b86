package io.outfeed.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.sql.DataSource;

/**
 * A connection of the host in a transaction that only reads, from one snapshot. It is given back as it was. Used by one
 * thread.
 */
final class ReadTransaction implements AutoCloseable {

    /** Puts something back. */
    private interface Undo {
        void undo() throws SQLException;
    }

    private final Connection connection;
    private final Dialect dialect;
    private final Deque<Undo> undo = new ArrayDeque<>();

    private ReadTransaction(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    static ReadTransaction open(DataSource dataSource) throws SQLException {
        Connection connection = dataSource.getConnection();
        try {
            ReadTransaction transaction = new ReadTransaction(connection, Dialect.of(connection));
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
        int isolation = connection.getTransactionIsolation();
        boolean readOnly = connection.isReadOnly();
        session();
        if (!readOnly) {
            connection.setReadOnly(true);
            undo.push(() -> connection.setReadOnly(false));
        }
        int snapshot = isolation(connection.getMetaData(), isolation);
        if (snapshot != isolation) {
            connection.setTransactionIsolation(snapshot);
            undo.push(() -> connection.setTransactionIsolation(isolation));
        }
        if (autoCommit) {
            connection.setAutoCommit(false); // drivers heed the fetch size only in a transaction
            undo.push(() -> connection.setAutoCommit(true));
        }
    }

    /** What a session needs beside a transaction. */
    private void session() throws SQLException {
        if (dialect == Dialect.MYSQL) {
            String zone = text("SELECT @@session.time_zone");
            Dialect.execute(connection, "SET time_zone = '+00:00'");
            undo.push(() -> Dialect.execute(connection, "SET time_zone = '" + zone.replace("'", "''") + "'"));
        } else if (dialect == Dialect.H2) {
            // Otherwise it holds the whole result, or writes it to a file, before it gives the first row.
            Dialect.execute(connection, "SET LAZY_QUERY_EXECUTION 1");
            undo.push(() -> Dialect.execute(connection, "SET LAZY_QUERY_EXECUTION 0"));
        }
    }

    private static int isolation(DatabaseMetaData metaData, int now) throws SQLException {
        if (metaData.supportsTransactionIsolationLevel(Connection.TRANSACTION_REPEATABLE_READ)) {
            return Connection.TRANSACTION_REPEATABLE_READ;
        }
        return metaData.supportsTransactionIsolationLevel(Connection.TRANSACTION_SERIALIZABLE)
                ? Connection.TRANSACTION_SERIALIZABLE
                : now;
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
        dialect.takeSnapshot(connection);
    }

    /** Ends the transaction, and begins another one with a new snapshot. */
    void renew() throws SQLException {
        connection.rollback();
        begin();
    }

    /** Ends the transaction: the next statement begins another one, with a snapshot of its own. */
    void end() throws SQLException {
        connection.rollback();
    }

    Connection connection() {
        return connection;
    }

    Dialect dialect() {
        return dialect;
    }

    /** Gives the connection back, as it was; a connection that can't be put back is closed nonetheless, and the pool told. */
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
