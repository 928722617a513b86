package io.outfeed.jdbc;

import io.outfeed.error.SourceException;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.jdbc.JdbcRecordSource.Transport;
import io.outfeed.jdbc.internal.column.ColumnMismatchException;
import io.outfeed.jdbc.internal.column.Columns;
import io.outfeed.jdbc.internal.column.CursorReader;
import io.outfeed.jdbc.internal.column.RowReader;
import io.outfeed.jdbc.internal.column.RowsAhead;
import io.outfeed.jdbc.internal.connection.SourceConnection;
import io.outfeed.jdbc.internal.connection.SourceDialect;
import io.outfeed.jdbc.internal.connection.SqlCancel;
import io.outfeed.jdbc.internal.copy.CopyTransport;
import io.outfeed.jdbc.internal.copy.CopyUnavailableException;
import io.outfeed.jdbc.internal.postgres.OpenTransaction;
import io.outfeed.jdbc.internal.postgres.PostgresDriver;
import io.outfeed.jdbc.internal.postgres.TransactionId;
import io.outfeed.jdbc.internal.postgres.TransactionIdOrigin;
import io.outfeed.jdbc.internal.query.NamedQuery;
import io.outfeed.jdbc.internal.query.QueryParameters;
import io.outfeed.jdbc.internal.query.QueryProbe;
import io.outfeed.jdbc.internal.query.WindowBounds;
import io.outfeed.source.SourceSession;
import io.outfeed.source.Window;
import io.outfeed.watermark.Watermark;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One reading of a source: its queries, run on one connection in one snapshot. Used by one thread. */
final class JdbcSession<T> implements SourceSession<T> {

    private static final Logger log = LoggerFactory.getLogger(JdbcSession.class);

    /** The kind of {@link Watermark#fullSnapshot}. */
    private static final String FULL_SNAPSHOT = "snapshot";

    private final SourceOptions<T> options;
    private final SourceQueries queries;
    private final RecordMapping<T> mapping;
    private final QueryParameters parameters;
    private final SourceConnection connection;
    private final WindowBounds bounds;
    private final MissingRecords missing;
    private final List<String> notes = new ArrayList<>();
    private @Nullable Columns columns;
    private @Nullable OpenTransaction holder;

    /** What reads the window, to be ended before anything else is asked of the connection. */
    private @Nullable RowReader reading;

    private JdbcSession(
            SourceOptions<T> options,
            SourceQueries queries,
            RecordMapping<T> mapping,
            QueryParameters parameters,
            SourceConnection connection) {
        this.options = options;
        this.queries = queries;
        this.mapping = mapping;
        this.parameters = parameters;
        this.connection = connection;
        this.missing = new MissingRecords(connection, queries, parameters);
        this.bounds = new WindowBounds(connection.dialect(), options.offset);
    }

    static <T> JdbcSession<T> open(
            SourceOptions<T> options, SourceQueries queries, RecordMapping<T> mapping, QueryParameters parameters) {
        SourceConnection connection = SourceConnection.open(options.dataSource, options.queryTimeout);
        JdbcSession<T> session = new JdbcSession<>(options, queries, mapping, parameters, connection);
        try {
            session.describe();
            return session;
        } catch (RuntimeException | Error e) {
            try {
                session.close();
            } catch (RuntimeException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    /** Asks for the names of the query's columns, in a session of its own. */
    static Columns columns(SourceOptions<?> options, SourceQueries queries) {
        QueryParameters none = new QueryParameters(Map.of());
        try (JdbcSession<Row> session = open(options.ofRows(), queries, columns -> row -> row, none)) {
            return session.columns()
                    .orElseThrow(() -> SourceException.permanent(
                            "the driver tells the columns only when the query has run: name the fields by hand", null));
        }
    }

    /** The session of a watermark, which can ask the database of a JDBC source only. */
    @SuppressWarnings("unchecked") // the engine hands a definition's watermark the session of its source
    static <T> JdbcSession<T> of(SourceSession<T> session, Watermark<T> watermark) {
        if (session instanceof JdbcSession<?> jdbc) {
            return (JdbcSession<T>) jdbc;
        }
        throw SourceException.permanent(
                "the watermark (" + watermark
                        + ") asks the database of a JdbcRecordSource, and the source is another: use"
                        + " that one, or a watermark of " + Watermark.class.getName(),
                null);
    }

    /** Asks for the columns and parameters of the query: what does not fit fails before anything is planned. */
    private void describe() {
        if (queries.window().hasQuestionMarks() && connection.dialect() != SourceDialect.POSTGRESQL) {
            throw SourceException.permanent("the query has a '?': use named parameters, such as :tenant", null);
        }
        QueryProbe probe = new QueryProbe(connection, queries.window(), parameters, options.simpleMode);
        connection.run("the database does not take the query", () -> {
            columns = probe.columns(bounds, this::columns);
            return true;
        });
        if (columns != null) {
            bindMapping(columns);
        }
        if (options.transport == Transport.COPY) {
            copyObstacle().ifPresent(reason -> {
                throw unavailable(reason);
            });
        }
    }

    /** Why COPY can't read the query; empty if it can. */
    private Optional<CopyUnavailableException> copyObstacle() {
        Columns described = columns;
        return connection.run("the database does not tell its settings", () -> {
            try {
                if (described == null) {
                    throw new CopyUnavailableException("the driver tells the columns only when the query has run");
                }
                new CopyTransport(connection, described).check(queries.window(), parameters);
                return Optional.empty();
            } catch (CopyUnavailableException e) {
                return Optional.of(e);
            }
        });
    }

    @Override
    public Stream<T> read(Window window) {
        if (!queries.window().names().contains(QueryParameters.UNTIL)
                && !window.until().kind().equals(FULL_SNAPSHOT)) {
            throw SourceException.permanent(
                    "the query has neither :from nor :until, and the watermark's window is of kind '"
                            + window.until().kind()
                            + "': add \"changed >= :from and changed < :until\", or use Watermark.fullSnapshot()",
                    null);
        }
        if (window.until().kind().equals(TransactionId.KIND)) {
            TransactionIdOrigin.check(connection, window);
        }
        if (holder != null) {
            holder.note(window).ifPresent(notes::add);
        }
        missing.note(window).ifPresent(notes::add);
        RecordStream<T> records = windowRecords(bounds.add(parameters, queries.window(), window));
        Optional<NamedQuery> more = missing.areReadBy(window) ? missing.query(window) : Optional.empty();
        return records.then(more.map(query -> () -> records(query, parameters))).stream();
    }

    @Override
    public Optional<String> excludedRecords(Window window) {
        return missing.areReadBy(window) ? Optional.empty() : missing.describe(window);
    }

    @Override
    public Optional<String> transport() {
        if (options.transport == Transport.CURSOR) {
            return Optional.of("read by a cursor");
        }
        return Optional.of(copyObstacle()
                .map(obstacle -> "read by a cursor, not by COPY: " + obstacle.reason())
                .orElse("read by COPY"));
    }

    @Override
    public OptionalLong expectedRecords(Window window) {
        NamedQuery query = queries.count();
        if (query == null) {
            return OptionalLong.empty();
        }
        QueryParameters bound = bounds.add(parameters, query, window);
        return connection.runBesides("countQuery failed", () -> count(bound.render(query), bound));
    }

    private OptionalLong count(NamedQuery.Rendered query, QueryParameters bound) throws SQLException {
        try (PreparedStatement statement = connection.prepare(query.sql())) {
            bound.bind(statement, query);
            try (ResultSet rows = connection.call(statement, statement::executeQuery)) {
                long count = rows.next() ? rows.getLong(1) : -1;
                return count < 0 || rows.wasNull() ? OptionalLong.empty() : OptionalLong.of(count);
            }
        }
    }

    @Override
    public Optional<Stream<T>> find(Set<String> keys) {
        NamedQuery query = queries.findByKey();
        if (query == null) {
            return Optional.empty();
        }
        if (keys.isEmpty()) {
            return Optional.of(Stream.empty());
        }
        List<Object> values = new ArrayList<>();
        for (String key : keys) {
            try {
                values.add(options.key.apply(key));
            } catch (RuntimeException e) {
                throw SourceException.permanent(
                        "key '" + key + "' can't be looked up: findByKey's function does not take it",
                        HostCalls.redact(e));
            }
        }
        return Optional.of(records(query, parameters.withKeys(values)).stream());
    }

    /** The records of the window, by COPY if the options and the database allow it. */
    private RecordStream<T> windowRecords(QueryParameters bound) {
        Columns described = columns;
        if (options.transport != Transport.CURSOR && described != null) {
            try {
                RowReader rows = new CopyTransport(connection, described).open(queries.window(), bound);
                reading = rows;
                return new RecordStream<>(connection, rows, described, bindMapping(described));
            } catch (CopyUnavailableException e) {
                if (options.transport == Transport.COPY) {
                    throw unavailable(e);
                }
                log.debug("The query is read by a cursor, not by COPY: {}", e.reason());
            } catch (SQLException e) {
                throw connection.failure("the query failed", e);
            }
        }
        return records(queries.window(), bound);
    }

    private static SourceException unavailable(CopyUnavailableException e) {
        return SourceException.permanent(
                "transport(COPY) can't read the query: " + e.reason() + "; AUTO or CURSOR can", null);
    }

    private RecordStream<T> records(NamedQuery query, QueryParameters bound) {
        NamedQuery.Rendered rendered = bound.render(query);
        PreparedStatement statement = null;
        try {
            statement = connection.prepareStream(rendered.sql(), options.fetchSize);
            bound.bind(statement, rendered);
            ResultSet rows = connection.call(statement, statement::executeQuery);
            Columns found = columns(rows.getMetaData());
            SqlCancel cancel = cancelOf(statement);
            CursorReader cursor = new CursorReader(connection, statement, rows, found, cancel);
            RowReader ahead =
                    new RowsAhead(cursor, connection, cancel, found.names().size(), options.fetchSize);
            return new RecordStream<>(connection, ahead, found, bindMapping(found));
        } catch (SQLException e) {
            throw SourceConnection.closeAfter(connection.failure("the query failed", e), statement);
        } catch (RuntimeException e) {
            throw SourceConnection.closeAfter(e, statement);
        }
    }

    /** The statement of PostgreSQL's driver cancels only what it executes, not what its rows wait for. */
    private SqlCancel cancelOf(PreparedStatement statement) {
        if (connection.dialect() == SourceDialect.POSTGRESQL) {
            Optional<PostgresDriver> driver = PostgresDriver.of(connection);
            if (driver.isPresent()) {
                return driver.get()::cancel;
            }
        }
        return statement::cancel;
    }

    private Columns columns(ResultSetMetaData metaData) throws SQLException {
        return Columns.of(metaData, connection.dialect(), options.offset);
    }

    private RowMapper<T> bindMapping(Columns found) {
        try {
            return mapping.bind(found);
        } catch (ColumnMismatchException e) {
            throw SourceException.permanent(String.valueOf(e.getMessage()), null);
        }
    }

    MissingRecords missing() {
        return missing;
    }

    SourceConnection connection() {
        return connection;
    }

    /** The columns of the query, if the database knows them before it has run. */
    Optional<Columns> columns() {
        return Optional.ofNullable(columns);
    }

    boolean hasOffset() {
        return options.offset != null;
    }

    /** Lets the run note which transaction the window ends before. */
    void windowHeldBackBy(OpenTransaction transaction) {
        holder = transaction;
    }

    @Override
    public List<String> notes() {
        return Collections.unmodifiableList(notes);
    }

    @Override
    public void close() {
        RowReader unfinished = reading;
        try {
            if (unfinished != null) {
                unfinished.close();
            }
        } catch (SQLException e) {
            throw connection.failure("the query can't be closed", e);
        } finally {
            connection.close();
        }
    }
}
