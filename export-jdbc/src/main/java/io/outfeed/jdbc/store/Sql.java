package io.outfeed.jdbc.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Statements on one connection, with {@link TableNames} in their text. Used by one thread. */
final class Sql {

    private final Connection connection;
    private final TableNames names;
    private final boolean again;

    Sql(Connection connection, TableNames names, boolean again) {
        this.connection = connection;
        this.names = names;
        this.again = again;
    }

    /** Whether this transaction was begun before, and may have been committed: its answer was lost. */
    boolean again() {
        return again;
    }

    /** Reads a row. */
    interface Reader<R> {

        R read(ResultSet row) throws SQLException;
    }

    int update(String text, @Nullable Object... arguments) throws SQLException {
        try (PreparedStatement statement = prepare(text, arguments)) {
            return statement.executeUpdate();
        }
    }

    <R> List<R> list(String text, Reader<R> reader, @Nullable Object... arguments) throws SQLException {
        try (PreparedStatement statement = prepare(text, arguments);
                ResultSet rows = statement.executeQuery()) {
            List<R> found = new ArrayList<>();
            while (rows.next()) {
                found.add(reader.read(rows));
            }
            return found;
        }
    }

    <R> Optional<R> first(String text, Reader<R> reader, @Nullable Object... arguments) throws SQLException {
        return list(text, reader, arguments).stream().findFirst();
    }

    Dialect dialect() throws SQLException {
        return Dialect.of(connection);
    }

    private PreparedStatement prepare(String text, @Nullable Object... arguments) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(names.in(text));
        try {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            return statement;
        } catch (SQLException | RuntimeException | Error e) {
            statement.close();
            throw e;
        }
    }
}
