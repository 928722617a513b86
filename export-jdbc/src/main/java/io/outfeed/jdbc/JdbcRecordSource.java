package io.outfeed.jdbc;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.source.Parameters;
import io.outfeed.source.RecordSource;
import io.outfeed.source.SourceSession;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A source that streams the rows of a query from the host's database.
 *
 * <pre>{@code
 * JdbcRecordSource.builder(dataSource, Interaction.class)
 *     .query("""
 *             SELECT * FROM interactions
 *             WHERE tenant = :tenant AND updated_at >= :from AND updated_at < :until
 *             """)
 *     .findByKey("SELECT * FROM interactions WHERE tenant = :tenant AND interaction_id IN (:keys)")
 *     .build()
 * }</pre>
 *
 * <p>{@code :from} and {@code :until} are the ends of the window, every other name is a parameter of the job. All are bound,
 * never pasted. Rows become records by the constructor of a record class, by a function, or stay {@linkplain Row rows}.
 *
 * <p>A session is one connection with one read-only transaction, isolated so that everything is read from one snapshot:
 * {@code REPEATABLE READ}, in PostgreSQL, MySQL and MariaDB a snapshot as of the session's beginning, in H2 as of its first
 * read; in another database what it makes of that, or {@code SERIALIZABLE} if it has only that. Rows are streamed, not collected. The
 * connection is given back as it was, also after a failure; the data source must not hand out one that a transaction of the
 * host is using. A session needs one connection for as long as its file is being staged: a pool needs as many for exports as
 * the engine has workers, times the definitions of a job.
 *
 * <p>Failures that time may mend (connections, deadlocks, shutdowns; by SQLState) are to be retried, all others are for a
 * person. A message that may quote a row is left out.
 *
 * <p>Immutable and thread-safe. Nothing is connected before {@link #open}.
 *
 * @param <T> the record type
 */
public final class JdbcRecordSource<T> implements RecordSource<T> {

    private final SourceSettings<T> settings;

    private JdbcRecordSource(SourceSettings<T> settings) {
        this.settings = settings;
    }

    /**
     * Starts a source.
     *
     * @param dataSource where connections come from; a pool is best
     * @param recordType a record class, {@link Row}, or any class together with {@link Builder#mapper}
     * @param <T> the record type
     * @return a builder with the defaults
     */
    public static <T> Builder<T> builder(DataSource dataSource, Class<T> recordType) {
        return new Builder<>(dataSource, recordType);
    }

    /**
     * Connects, begins a transaction, and checks that the query, the parameters and the records fit one another.
     *
     * @param parameters what the job says, such as the tenant
     * @return the session
     * @throws InvalidDefinitionException if the query has a parameter that the job does not have, or the job one that the
     *     query neither uses nor ignores; all are listed
     * @throws io.outfeed.error.SourceException if the database can't be reached, or does not take the query
     */
    @Override
    public SourceSession<T> open(Parameters parameters) {
        return JdbcSession.open(settings, convert(parameters));
    }

    private Map<String, Object> convert(Parameters parameters) {
        Set<String> wanted = new TreeSet<>(settings.query().names());
        if (settings.findByKey() != null) {
            wanted.addAll(settings.findByKey().names());
        }
        wanted.removeAll(Builder.OWN);
        List<String> problems = new ArrayList<>();
        Map<String, Object> values = new HashMap<>();
        for (String name : wanted) {
            String text = parameters.asMap().get(name);
            if (text == null) {
                problems.add("the query has the parameter :" + name + ", which the job has not: add .parameter(\""
                        + name + "\", ...) to it");
            } else {
                convert(name, text, values, problems);
            }
        }
        for (String name : parameters.asMap().keySet()) {
            if (!wanted.contains(name) && !settings.ignored().contains(name)) {
                problems.add("the job has the parameter '" + name
                        + "', which the query does not use: add a condition such as" + " \"" + name + " = :" + name
                        + "\", or .ignoreParameter(\"" + name + "\") to the source");
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidDefinitionException(toString(), problems);
        }
        return values;
    }

    private void convert(String name, String text, Map<String, Object> values, List<String> problems) {
        Function<String, ?> conversion = settings.conversions().get(name);
        Object value;
        try {
            value = conversion == null ? text : conversion.apply(text);
        } catch (RuntimeException e) { // its message may have the value
            value = null;
        }
        if (value == null) {
            problems.add("the function of parameter '" + name + "' does not take the job's value");
        } else {
            values.put(name, value);
        }
    }

    /** Says what it makes, without the query. */
    @Override
    public String toString() {
        return "JDBC source of " + settings.recordType().getSimpleName();
    }

    /**
     * Collects the options of a source. Not thread-safe.
     *
     * @param <T> the record type
     */
    public static final class Builder<T> {

        /** Names that are no parameters of a job. */
        static final Set<String> OWN = Set.of(JdbcSession.FROM, JdbcSession.UNTIL, JdbcSession.KEYS);

        private final DataSource dataSource;
        private final Class<T> recordType;
        private @Nullable String query;
        private @Nullable String countQuery;
        private @Nullable String findByKey;
        private Function<String, ?> key = Function.identity();
        private final Map<String, Function<String, ?>> conversions = new HashMap<>();
        private final Set<String> ignored = new HashSet<>();
        private @Nullable RowMapper<? extends T> mapper;
        private @Nullable ZoneOffset offset;
        private int fetchSize = 10_000;
        private Duration queryTimeout = Duration.ofMinutes(10);

        private Builder(DataSource dataSource, Class<T> recordType) {
            this.dataSource = requireNonNull(dataSource, "dataSource");
            this.recordType = requireNonNull(recordType, "recordType");
        }

        /**
         * Sets the query that reads a window. Required.
         *
         * <p>It must give each record whose position is not before {@code :from} and before {@code :until}, once. Both are
         * bound as what the watermark's column is. A query for {@link io.outfeed.watermark.Watermark#fullSnapshot} has
         * neither. A name is not taken for a parameter in a literal, a quoted identifier, a comment, a dollar quote, or
         * behind two colons; a {@code ?} is an operator of PostgreSQL.
         *
         * @param sql the query; replaces the one set before
         * @return this builder
         */
        public Builder<T> query(String sql) {
            this.query = requireNonNull(sql, "sql");
            return this;
        }

        /**
         * Sets a query that tells about how many rows {@link #query} will give, so that a page can show how much of them is read
         * ({@link io.outfeed.operation.RunProgress#percent}). Default: none, then it is not known.
         *
         * <p>It is run once before the rows are read, in the same snapshot, and takes its time: an estimate that is quickly had is better
         * than an exact number. If it fails, or takes longer than {@link #queryTimeout}, that is logged and the run goes on.
         *
         * @param sql a query that gives one row with one number, such as {@code SELECT count(*) FROM ...}, with exactly the parameters of
         *     {@link #query}; replaces the one set before
         * @return this builder
         */
        public Builder<T> countQuery(String sql) {
            this.countQuery = requireNonNull(sql, "sql");
            return this;
        }

        /**
         * Sets a query that looks records up by key, for previews and test records. Default: none, the engine then reads
         * from the beginning until it has found them.
         *
         * @param sql a query with {@code IN (:keys)} and the job's parameters; {@code :keys} becomes a list of as many
         *     values as there are; replaces the one set before
         * @return this builder
         */
        public Builder<T> findByKey(String sql) {
            return findByKey(sql, Function.identity());
        }

        /**
         * Sets a query that looks records up by keys that are no text in the database.
         *
         * @param sql as for {@link #findByKey(String)}
         * @param key makes a value of the column's type of a key, such as {@code Long::valueOf}
         * @return this builder
         */
        public Builder<T> findByKey(String sql, Function<String, ?> key) {
            this.findByKey = requireNonNull(sql, "sql");
            this.key = requireNonNull(key, "key");
            return this;
        }

        /**
         * Says of what type a parameter of the job is in the database. Default: text.
         *
         * @param name the parameter's name
         * @param conversion makes a value of the job's text, such as {@code UUID::fromString}; a collection becomes a list
         *     of values, for {@code IN (:campuses)}; called by many threads at once; replaces the one set before
         * @return this builder
         */
        public Builder<T> parameter(String name, Function<String, ?> conversion) {
            conversions.put(requireNonNull(name, "name"), requireNonNull(conversion, "conversion"));
            return this;
        }

        /**
         * Says that a parameter of the job is not for this query, but for a file's name or another definition. Default: a
         * parameter that the query does not use is an error, since its condition may have been forgotten.
         *
         * @param name the parameter's name
         * @return this builder
         */
        public Builder<T> ignoreParameter(String name) {
            ignored.add(requireNonNull(name, "name"));
            return this;
        }

        /**
         * Sets what makes records of rows. Default: the constructor of a record class, each of whose components takes the
         * column of the same name without regard to case and underscores; rows, if the record type is {@link Row}.
         *
         * @param mapper called once a row; replaces the one set before
         * @return this builder
         */
        public Builder<T> mapper(RowMapper<? extends T> mapper) {
            this.mapper = requireNonNull(mapper, "mapper");
            return this;
        }

        /**
         * Says what the times are in timestamp columns without a zone. Default: nothing, then they are no points in time: a
         * window by such a column is refused.
         *
         * <p>There is no such option for a zone whose offset changes: when the clocks go back its local times repeat, and
         * records of that hour would be lost.
         *
         * @param offset such as {@code ZoneOffset.UTC}; columns with a zone are not affected; replaces the one set before
         * @return this builder
         */
        public Builder<T> offsetOfLocalTimes(ZoneOffset offset) {
            this.offset = requireNonNull(offset, "offset");
            return this;
        }

        /**
         * Sets how many rows the driver fetches at a time. Default: 10,000. Each worker of the engine holds so many in
         * memory: fewer for long rows. MySQL's own driver fetches one at a time unless its address has
         * {@code useCursorFetch=true}.
         *
         * @param rows 1 or more; replaces the one set before
         * @return this builder
         */
        public Builder<T> fetchSize(int rows) {
            this.fetchSize = rows;
            return this;
        }

        /**
         * Sets how long the database may take for the first rows, and then for each further fetch. Default: 10 minutes. The
         * statement is then cancelled and, if that does not help within 10 seconds, the connection cut; the same happens
         * when the thread is interrupted.
         *
         * @param timeout 1 second to 1 day; replaces the one set before
         * @return this builder
         */
        public Builder<T> queryTimeout(Duration timeout) {
            this.queryTimeout = requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Makes the source. Nothing is connected yet.
         *
         * @return the source, a copy of what was collected
         * @throws InvalidDefinitionException if anything is missing or wrong; all problems are listed
         */
        public JdbcRecordSource<T> build() {
            List<String> problems = new ArrayList<>();
            NamedQuery parsedQuery = query(problems);
            NamedQuery parsedCount = countQuery == null ? null : countQuery(countQuery, parsedQuery, problems);
            NamedQuery parsedFind = findByKey == null ? null : findByKey(findByKey, problems);
            namesInNoQuery(parsedQuery, parsedFind, problems);
            Function<Columns, RowMapper<T>> mapping = mapping(problems);
            if (fetchSize < 1) {
                problems.add("fetchSize " + fetchSize + " is not 1 or more");
            }
            if (queryTimeout.compareTo(Duration.ofSeconds(1)) < 0 || queryTimeout.compareTo(Duration.ofDays(1)) > 0) {
                problems.add("queryTimeout " + queryTimeout + " is not between 1 second and 1 day");
            }
            if (!problems.isEmpty() || parsedQuery == null || mapping == null) {
                throw new InvalidDefinitionException("JDBC source of " + recordType.getSimpleName(), problems);
            }
            return new JdbcRecordSource<>(new SourceSettings<>(
                    dataSource,
                    recordType,
                    parsedQuery,
                    parsedCount,
                    parsedFind,
                    key,
                    Map.copyOf(conversions),
                    Set.copyOf(ignored),
                    mapping,
                    offset,
                    fetchSize,
                    queryTimeout));
        }

        private @Nullable NamedQuery query(List<String> problems) {
            if (query == null) {
                problems.add("query is missing");
                return null;
            }
            NamedQuery parsed = parse("query", query, problems);
            if (parsed == null) {
                return null;
            }
            if (parsed.names().contains(JdbcSession.FROM) != parsed.names().contains(JdbcSession.UNTIL)) {
                String missing = parsed.names().contains(JdbcSession.FROM) ? JdbcSession.UNTIL : JdbcSession.FROM;
                problems.add("query has no :" + missing + ": a window has two ends, such as changed >= :from and"
                        + " changed < :until");
            }
            if (parsed.names().contains(JdbcSession.KEYS)) {
                problems.add("query has :keys, which belongs into findByKey");
            }
            return parsed;
        }

        /** Whatever else it would count is not what is read. */
        private static @Nullable NamedQuery countQuery(
                String sql, @Nullable NamedQuery parsedQuery, List<String> problems) {
            NamedQuery parsed = parse("countQuery", sql, problems);
            if (parsed == null || parsedQuery == null) {
                return null;
            }
            for (String name : parsedQuery.names()) {
                if (!parsed.names().contains(name)) {
                    problems.add("countQuery has no :" + name + ", which query has: it would count other rows");
                }
            }
            for (String name : parsed.names()) {
                if (!parsedQuery.names().contains(name)) {
                    problems.add("countQuery has :" + name + ", which query has not: it would count other rows");
                }
            }
            return parsed;
        }

        private static @Nullable NamedQuery findByKey(String sql, List<String> problems) {
            NamedQuery parsed = parse("findByKey", sql, problems);
            if (parsed == null) {
                return null;
            }
            if (!parsed.names().contains(JdbcSession.KEYS)) {
                problems.add("findByKey has no :keys: add a condition such as id IN (:keys)");
            }
            if (parsed.names().contains(JdbcSession.FROM) || parsed.names().contains(JdbcSession.UNTIL)) {
                problems.add("findByKey has :from or :until: records are looked up whatever their window");
            }
            return parsed;
        }

        private static @Nullable NamedQuery parse(String option, String sql, List<String> problems) {
            try {
                return NamedQuery.parse(sql);
            } catch (IllegalArgumentException e) {
                problems.add(option + " can't be read: " + e.getMessage());
                return null;
            }
        }

        private void namesInNoQuery(
                @Nullable NamedQuery parsedQuery, @Nullable NamedQuery parsedFind, List<String> problems) {
            if (parsedQuery == null || (findByKey != null && parsedFind == null)) {
                return;
            }
            Set<String> names = new LinkedHashSet<>(parsedQuery.names());
            if (parsedFind != null) {
                names.addAll(parsedFind.names());
            }
            for (String name : new TreeSet<>(conversions.keySet())) {
                if (OWN.contains(name)) {
                    problems.add("parameter '" + name + "' is bound by the engine, as what its column is");
                } else if (!names.contains(name)) {
                    problems.add("parameter '" + name + "' is in no query");
                }
            }
            for (String name : new TreeSet<>(ignored)) {
                if (names.contains(name)) {
                    problems.add("parameter '" + name + "' is used, and ignoreParameter says that it is not");
                }
            }
        }

        private @Nullable Function<Columns, RowMapper<T>> mapping(List<String> problems) {
            RowMapper<? extends T> given = mapper;
            if (given != null) {
                return columns -> given::map;
            }
            if (recordType == Row.class) {
                return columns -> recordType::cast;
            }
            if (!recordType.isRecord()) {
                problems.add("mapper is missing: only a record class and Row need none");
                return null;
            }
            RecordMapper<T> byConstructor = new RecordMapper<>(recordType, problems);
            return byConstructor::bind;
        }
    }
}
