package io.outfeed.examples;

import io.outfeed.source.Parameters;
import io.outfeed.source.RecordSource;
import io.outfeed.source.SourceSession;
import io.outfeed.watermark.Position;
import io.outfeed.watermark.Window;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.sql.DataSource;

/**
 * A source of records that streams them from a table of the host.
 *
 * <p>Each session is a connection of its own. The engine closes it as soon as the file is finished, before it delivers.
 *
 * @param database where connections come from
 * @param windowSql reads a window: its parameters are the tenant, from (inclusive) and until (exclusive)
 * @param keysSql looks records up for a preview: its parameters are the tenant and an array of keys
 * @param reader makes a record of a row
 */
record JdbcSource<T>(DataSource database, String windowSql, String keysSql, RowReader<T> reader)
        implements RecordSource<T> {

    private static final int FETCH_SIZE = 500;

    /** Makes a record of the row at which a result stands. */
    @FunctionalInterface
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    @Override
    public SourceSession<T> open(Parameters parameters) throws SQLException {
        String tenant = parameters.get("tenant");
        Connection connection = database.getConnection();
        connection.setAutoCommit(false); // some drivers heed the fetch size only in a transaction
        return new Session(connection, tenant);
    }

    private final class Session implements SourceSession<T> {

        private final Connection connection;
        private final String tenant;

        private Session(Connection connection, String tenant) {
            this.connection = connection;
            this.tenant = tenant;
        }

        @Override
        public Stream<T> read(Window window) throws SQLException {
            return stream(windowSql, tenant, timestamp(window.from()), timestamp(window.until()));
        }

        @Override
        public Optional<Stream<T>> find(Set<String> keys) throws SQLException {
            return Optional.of(stream(keysSql, tenant, keys.toArray()));
        }

        /** The statement is closed with its connection. */
        private Stream<T> stream(String sql, Object... parameters) throws SQLException {
            PreparedStatement statement = connection.prepareStatement(sql);
            statement.setFetchSize(FETCH_SIZE);
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return StreamSupport.stream(new Rows<>(statement.executeQuery(), reader), false);
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    private static OffsetDateTime timestamp(Position position) {
        return position.toInstant().atOffset(ZoneOffset.UTC);
    }

    /** The rows of a result, one at a time. */
    private static final class Rows<T> extends AbstractSpliterator<T> {

        private final ResultSet rows;
        private final RowReader<T> reader;

        private Rows(ResultSet rows, RowReader<T> reader) {
            super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
            this.rows = rows;
            this.reader = reader;
        }

        @Override
        public boolean tryAdvance(Consumer<? super T> action) {
            try {
                if (!rows.next()) {
                    return false;
                }
                action.accept(reader.read(rows));
                return true;
            } catch (SQLException e) {
                throw new IllegalStateException("can't read the next row", e);
            }
        }
    }
}
