package io.outfeed.jdbc;

import io.outfeed.error.SourceException;
import io.outfeed.source.Position;
import io.outfeed.source.SourceSession;
import io.outfeed.source.Window;
import io.outfeed.watermark.Watermark;
import java.sql.Connection;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A connection, a transaction and a snapshot, for one reading. Used by one thread. */
final class JdbcSession<T> implements SourceSession<T> {

    static final String FROM = "from";
    static final String UNTIL = "until";
    static final String KEYS = "keys";

    /** The kind of {@link io.outfeed.watermark.Watermark#fullSnapshot}. */
    private static final String FULL_SNAPSHOT = "snapshot";

    /** Reads an answer of the database. */
    @FunctionalInterface
    interface Answer<R extends @Nullable Object> {
        R read(ResultSet rows) throws SQLException;
    }

    /** Asks the database. */
    @FunctionalInterface
    interface Question<R> {
        R ask() throws SQLException;
    }

    private final SourceSettings<T> settings;
    private final Map<String, Object> parameters;
    private final ReadTransaction transaction;
    private final CallWatch watch;
    private final Map<String, Bound.Type> boundTypes = new HashMap<>();
    private @Nullable Columns columns;
    private final List<String> notes = new ArrayList<>();
    private @Nullable PostgresStall stall;

    private JdbcSession(SourceSettings<T> settings, Map<String, Object> parameters, ReadTransaction transaction) {
        this.settings = settings;
        this.parameters = parameters;
        this.transaction = transaction;
        this.watch = new CallWatch(transaction.connection(), settings.queryTimeout());
    }

    /** @param parameters those of the query, converted */
    static <T> JdbcSession<T> open(SourceSettings<T> settings, Map<String, Object> parameters) {
        ReadTransaction transaction;
        try {
            transaction = ReadTransaction.open(settings.dataSource());
        } catch (SQLException e) {
            throw SqlFailure.beforeRows("can't connect to the database", e);
        }
        JdbcSession<T> session = new JdbcSession<>(settings, parameters, transaction);
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

    /** The session of a watermark: only one of ours can be asked. */
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

    /** Asks what the query gives and takes, so that what does not fit is known before anything is planned. */
    private void describe() {
        if (settings.query().hasQuestionMarks() && dialect() != Dialect.POSTGRESQL) {
            throw SourceException.permanent("the query has a '?': use named parameters, such as :tenant", null);
        }
        NamedQuery.Rendered rendered = settings.query().render(this::placeholder);
        try (PreparedStatement statement = connection().prepareStatement(rendered.sql())) {
            bind(statement, rendered, Map.of());
            watch.call(statement, () -> {
                ResultSetMetaData metaData = statement.getMetaData();
                if (metaData != null) { // some drivers know only when the query has run
                    columns = Columns.of(metaData, dialect(), settings.offset());
                }
                return true;
            });
            if (columns != null) {
                mapper(columns);
            }
            ParameterMetaData types = statement.getParameterMetaData();
            int at = 1;
            for (String name : rendered.names()) {
                if (isBound(name)) {
                    boundTypes.merge(name, Bound.type(types, at, dialect()), JdbcSession::stricter);
                }
                at += parameters.get(name) instanceof Collection<?> many ? Math.max(1, many.size()) : 1;
            }
        } catch (SQLException e) {
            throw ended("the database does not take the query")
                    .orElseGet(() -> SqlFailure.beforeRows("the database does not take the query", e));
        }
    }

    /** A bound may stand more than once: what makes the query wrong counts. */
    private static Bound.Type stricter(Bound.Type one, Bound.Type other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static boolean isBound(String name) {
        return name.equals(FROM) || name.equals(UNTIL);
    }

    @Override
    public Stream<T> read(Window window) {
        NamedQuery query = settings.query();
        if (!query.names().contains(UNTIL) && !window.until().kind().equals(FULL_SNAPSHOT)) {
            throw SourceException.permanent(
                    "the query has neither :from nor :until, and the watermark's window is of kind '"
                            + window.until().kind()
                            + "': add \"changed >= :from and changed < :until\", or use Watermark.fullSnapshot()",
                    null);
        }
        if (window.until().kind().equals(TransactionId.KIND)) {
            checkDatabase(window);
        }
        if (stall != null) {
            stall.note(window).ifPresent(notes::add);
        }
        Map<String, Bound> bounds = bounds(query, window);
        return stream(rendered(query, bounds), values(bounds));
    }

    private Map<String, Bound> bounds(NamedQuery query, Window window) {
        return query.names().contains(UNTIL)
                ? Map.of(FROM, bound(FROM, window.from()), UNTIL, bound(UNTIL, window.until()))
                : Map.of();
    }

    private NamedQuery.Rendered rendered(NamedQuery query, Map<String, Bound> bounds) {
        return query.render(name -> {
            Bound bound = bounds.get(name);
            return bound == null ? placeholder(name) : bound.placeholder();
        });
    }

    private static Map<String, Object> values(Map<String, Bound> bounds) {
        Map<String, Object> values = new HashMap<>();
        bounds.forEach((name, bound) -> values.put(name, bound.value()));
        return values;
    }

    /** In the snapshot that is then read, which a failure leaves as it was. */
    @Override
    public OptionalLong expectedRecords(Window window) {
        NamedQuery query = settings.countQuery();
        if (query == null) {
            return OptionalLong.empty();
        }
        Map<String, Bound> bounds = bounds(query, window);
        String failure = "countQuery failed";
        try {
            Savepoint before = connection().setSavepoint();
            try {
                OptionalLong count = count(rendered(query, bounds), values(bounds));
                connection().releaseSavepoint(before);
                return count;
            } catch (SQLException e) {
                SourceException failed = failure(failure, e);
                watch.goOn();
                connection().rollback(before);
                throw failed;
            }
        } catch (SQLException e) {
            throw failure(failure, e);
        }
    }

    private OptionalLong count(NamedQuery.Rendered query, Map<String, Object> values) throws SQLException {
        try (PreparedStatement statement = connection().prepareStatement(query.sql())) {
            bind(statement, query, values);
            try (ResultSet rows = watch.call(statement, statement::executeQuery)) {
                long count = rows.next() ? rows.getLong(1) : -1;
                return count < 0 || rows.wasNull() ? OptionalLong.empty() : OptionalLong.of(count);
            }
        }
    }

    private Bound bound(String name, Position position) {
        Bound.Type type = boundTypes.getOrDefault(name, Bound.Type.UNKNOWN);
        return Bound.of(name, position, type, dialect(), settings.offset());
    }

    /** A window is only good for the database whose transactions it counts. */
    private void checkDatabase(Window window) {
        String database = ask("can't tell which database this is", () -> PostgresWatermark.database(this));
        for (Position position : List.of(window.from(), window.until())) {
            String made = TransactionId.of(position).database();
            if (!made.isEmpty() && !made.equals(database)) {
                throw SourceException.permanent(
                        "position " + position + " was made by database system " + made + ", and this is " + database
                                + " (system/timeline): it was restored, or another server has taken over, and may give"
                                + " the same transaction ids again. Find out from where on records have to be exported,"
                                + " and call resetPosition with it, such as " + TransactionId.KIND + ":"
                                + TransactionId.of(window.from()).xid()
                                + " if no transaction was lost, or the watermark's beginning",
                        null);
            }
        }
    }

    @Override
    public Optional<Stream<T>> find(Set<String> keys) {
        NamedQuery query = settings.findByKey();
        if (query == null) {
            return Optional.empty();
        }
        if (keys.isEmpty()) {
            return Optional.of(Stream.empty());
        }
        List<Object> values = new ArrayList<>();
        for (String key : keys) {
            try {
                values.add(settings.key().apply(key));
            } catch (RuntimeException e) {
                throw SourceException.permanent(
                        "key '" + key + "' can't be looked up: findByKey's function does not take it", e);
            }
        }
        return Optional.of(stream(
                query.render(name -> name.equals(KEYS) ? questionMarks(values.size()) : placeholder(name)),
                Map.of(KEYS, values)));
    }

    private Stream<T> stream(NamedQuery.Rendered query, Map<String, Object> values) {
        PreparedStatement statement = null;
        try {
            statement = connection().prepareStatement(query.sql());
            statement.setFetchSize(dialect().fetchSize(connection(), settings.fetchSize()));
            bind(statement, query, values);
            ResultSet rows = watch.call(statement, statement::executeQuery);
            Columns found = Columns.of(rows.getMetaData(), dialect(), settings.offset());
            return new Rows<>(this, statement, rows, found, mapper(found)).stream();
        } catch (SQLException e) {
            throw closeAfter(failure("the query failed", e), statement);
        } catch (RuntimeException e) {
            throw closeAfter(e, statement);
        }
    }

    private RowMapper<T> mapper(Columns found) {
        try {
            return settings.mapper().apply(found);
        } catch (UnfitColumnException e) {
            throw SourceException.permanent(String.valueOf(e.getMessage()), null);
        }
    }

    /** Values that were not given stay open: then the database says of what type they are. */
    private void bind(PreparedStatement statement, NamedQuery.Rendered query, Map<String, Object> values)
            throws SQLException {
        int at = 1;
        for (String name : query.names()) {
            Object value = values.getOrDefault(name, parameters.get(name));
            if (value instanceof Collection<?> many) {
                for (Object one : many.isEmpty() ? Collections.singleton(null) : many) { // nothing is in (null)
                    statement.setObject(at++, one);
                }
            } else if (value == null) {
                at++;
            } else {
                statement.setObject(at++, value);
            }
        }
    }

    private String placeholder(String name) {
        return parameters.get(name) instanceof Collection<?> many ? questionMarks(Math.max(1, many.size())) : "?";
    }

    private static String questionMarks(int count) {
        return String.join(", ", Collections.nCopies(count, "?"));
    }

    // ---- for watermarks

    /**
     * Asks the database before it takes the snapshot from which is read: what becomes visible in between is then read, and
     * lies behind the bound.
     */
    <R> R beforeSnapshot(Question<R> question) {
        return ask("can't ask the database how far the window may reach", () -> {
            transaction.end();
            R answer = question.ask();
            transaction.renew();
            return answer;
        });
    }

    /** Asks the database within the snapshot from which is read. */
    <R> R inSnapshot(Question<R> question) {
        return ask("can't ask the database how far the window may reach", question);
    }

    /** Runs a query without parameters. */
    <R extends @Nullable Object> R query(String sql, Answer<R> answer) throws SQLException {
        try (Statement statement = connection().createStatement()) {
            try (ResultSet rows = watch.call(statement, () -> statement.executeQuery(sql))) {
                return answer.read(rows);
            }
        }
    }

    /** The columns of the query, if the database knows them before it has run. */
    Optional<Columns> columns() {
        return Optional.ofNullable(columns);
    }

    boolean hasOffset() {
        return settings.offset() != null;
    }

    void stall(PostgresStall found) {
        this.stall = found;
    }

    Dialect dialect() {
        return transaction.dialect();
    }

    CallWatch watch() {
        return watch;
    }

    private Connection connection() {
        return transaction.connection();
    }

    private <R> R ask(String failure, Question<R> question) {
        try {
            return question.ask();
        } catch (SQLException e) {
            throw ended(failure).orElseGet(() -> SqlFailure.beforeRows(failure, e));
        }
    }

    SourceException failure(String failure, SQLException e) {
        return ended(failure).orElseGet(() -> SqlFailure.whileReading(failure, e));
    }

    /** The call was ended by us. */
    private Optional<SourceException> ended(String failure) {
        return switch (watch.end()) {
            case NOT -> Optional.empty();
            case INTERRUPTED -> Optional.of(SourceException.permanent(failure + ": it was interrupted", null));
            case TOO_LONG ->
                Optional.of(SourceException.permanent(
                        failure + ": the database took longer than " + settings.queryTimeout()
                                + " to answer: look for an index that is missing, or raise queryTimeout",
                        null));
        };
    }

    private static <E extends RuntimeException> E closeAfter(E failure, @Nullable Statement statement) {
        if (statement != null) {
            try {
                statement.close();
            } catch (SQLException e) {
                failure.addSuppressed(SqlFailure.whileReading("can't close the statement", e));
            }
        }
        return failure;
    }

    @Override
    public List<String> notes() {
        return Collections.unmodifiableList(notes);
    }

    @Override
    public void close() {
        watch.close();
        try {
            transaction.close();
        } catch (SQLException e) {
            throw SqlFailure.beforeRows("can't give the connection back", e);
        }
    }
}
