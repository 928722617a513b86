package io.outfeed.jdbc.internal.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Statements on one connection, with {@link TableNames} in their text. Used by one thread. */
public final class Sql {

    private final Connection connection;
    private final TableNames names;
    private final boolean retry;

    Sql(Connection connection, TableNames names, boolean retry) {
        this.connection = connection;
        this.names = names;
        this.retry = retry;
    }

    /** Whether this is a retry: the commit of an earlier attempt may have succeeded, and its answer was lost. */
    public boolean isRetry() {
        return retry;
    }

    /** Reads the current row. */
    public interface Reader<R> {

        R read(ResultSet row) throws SQLException;
    }

    public int update(String text, @Nullable Object... arguments) throws SQLException {
        try (PreparedStatement statement = prepare(text, arguments)) {
            return statement.executeUpdate();
        }
    }

    /**
     * Updates one row, and returns a number that it has now.
     *
     * @param column the column with the number, which the statement sets by {@code StoreDialect.incremented}
     * @return the number; empty if no row was updated
     */
    public Optional<Long> updateReturning(String column, String text, @Nullable Object... arguments)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(names.in(text), new String[] {column})) {
            set(statement, arguments);
            if (statement.executeUpdate() == 0) {
                return Optional.empty();
            }
            try (ResultSet keys = statement.getGeneratedKeys()) {
                keys.next();
                return Optional.of(keys.getLong(1));
            }
        }
    }

    public <R> List<R> list(String text, Reader<R> reader, @Nullable Object... arguments) throws SQLException {
        try (PreparedStatement statement = prepare(text, arguments);
                ResultSet rows = statement.executeQuery()) {
            List<R> found = new ArrayList<>();
            while (rows.next()) {
                found.add(reader.read(rows));
            }
            return found;
        }
    }

    public <R> Optional<R> first(String text, Reader<R> reader, @Nullable Object... arguments) throws SQLException {
        return list(text, reader, arguments).stream().findFirst();
    }

    /** The name of the database, such as {@code PostgreSQL}. */
    public String productName() throws SQLException {
        return connection.getMetaData().getDatabaseProductName();
    }

    private static void set(PreparedStatement statement, @Nullable Object... arguments) throws SQLException {
        for (int i = 0; i < arguments.length; i++) {
            statement.setObject(i + 1, arguments[i]);
        }
    }

    private PreparedStatement prepare(String text, @Nullable Object... arguments) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(names.in(text));
        try {
            set(statement, arguments);
            return statement;
        } catch (SQLException | RuntimeException | Error e) {
            statement.close();
            throw e;
        }
    }
}
