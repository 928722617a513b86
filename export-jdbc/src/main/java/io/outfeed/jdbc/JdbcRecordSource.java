package io.outfeed.jdbc;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.field.Fields;
import io.outfeed.jdbc.internal.connection.DataSourcePool;
import io.outfeed.source.ConnectionPool;
import io.outfeed.source.Parameters;
import io.outfeed.source.RecordSource;
import io.outfeed.source.SourceSession;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;

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
 * <p>{@code :from} and {@code :until} are the ends of the window, every other name is a parameter of the job. All are
 * bound, none is concatenated. Rows become records by the constructor of a record class, by a function, or stay
 * {@linkplain Row rows}.
 *
 * <p>A session is one connection with one read-only transaction, isolated so that everything is read from one snapshot:
 * {@code REPEATABLE READ}, in PostgreSQL, MySQL and MariaDB a snapshot as of the session's beginning, in H2 as of its
 * first read; in another database what it makes of that, or {@code SERIALIZABLE} if it has only that. Rows are
 * streamed, not collected. The settings of the connection are restored before it is closed, also after a failure; the
 * data source must not return one that a transaction of the host is using. A session holds one connection while its
 * file is staged. The engine finds out how many sessions leave the pool a connection for the store, and lets the others
 * wait; give all sources the same {@link DataSource}, and it as many connections as the guide says.
 *
 * <p>Connection failures, deadlocks and shutdowns (by SQLState) are retryable, all other failures are permanent. A
 * message that may quote a row is left out.
 *
 * <p>Immutable and thread-safe. Nothing is connected before {@link #open}.
 *
 * @param <T> the record type
 */
public final class JdbcRecordSource<T> implements RecordSource<T> {

    /** A query of a source that takes the parameters of the job. */
    public enum Query {
        /** The one that reads a window: {@link Builder#query}, and {@link Builder#countQuery} with it. */
        QUERY("query", "read"),
        /** {@link Builder#findByKey}. */
        FIND_BY_KEY("findByKey", "find");

        final String option;

        /** What it does with records, in a message. */
        final String verb;

        Query(String option, String verb) {
            this.option = option;
            this.verb = verb;
        }
    }

    /** How the rows of {@link Builder#query} come from the database. They are the same, in the same order. */
    public enum Transport {
        /** {@link #COPY} where it can be had, and {@link #CURSOR} elsewhere. */
        AUTO,
        /** A statement whose rows the driver fetches, {@link Builder#fetchSize} at a time. */
        CURSOR,
        /**
         * {@code COPY (...) TO STDOUT (FORMAT binary)}, which PostgreSQL has: it sends rows without being asked, and
         * the values of a row are made where they are used. See the guide for what it needs.
         */
        COPY
    }

    private final SourceOptions<T> options;
    private final SourceQueries queries;
    private final RecordMapping<T> mapping;

    private JdbcRecordSource(SourceOptions<T> options, SourceQueries queries, RecordMapping<T> mapping) {
        this.options = options;
        this.queries = queries;
        this.mapping = mapping;
    }

    /**
     * Starts a source.
     *
     * @param dataSource gives the connections, preferably a pool
     * @param recordType a record class, {@link Row}, or any class together with {@link Builder#mapper}
     * @param <T> the record type
     * @return a builder with the defaults
     */
    public static <T> Builder<T> builder(DataSource dataSource, Class<T> recordType) {
        return new Builder<>(dataSource, recordType);
    }

    /**
     * Connects, begins a transaction, and checks that the query, the parameters and the record type match.
     *
     * @param parameters what the job says, such as the tenant
     * @return the session
     * @throws InvalidDefinitionException if the query has a parameter that the job does not have, or the job one that
     *     the query neither uses nor ignores; all are listed
     * @throws io.outfeed.error.SourceException if the database can't be reached, or rejects the query
     */
    @Override
    public SourceSession<T> open(Parameters parameters) {
        return JdbcSession.open(
                options, queries, mapping, QueryValues.convert(parameters, options, queries, toString()));
    }

    /**
     * Asks the database for the columns of the query, and makes a field of each, for a host that has SQL and no class.
     *
     * <pre>{@code
     * JdbcRecordSource<Row> visits = JdbcRecordSource.builder(dataSource, Row.class).query(sql).build();
     * ExportDefinition.builder("visits", Row.class)
     *         .source(visits).recordKey(row -> row.value("id")).watermark(JdbcWatermark.timestamp("updated_at"))
     *         .fields(visits.columnsWithout("tenant", "updated_at")).file(file -> file.name("visits-{sequence}.csv"))
     *         .build();
     * }</pre>
     *
     * <p>Connects now, without any parameter of a job, and reads no row. The fields do not follow a query such as
     * {@code SELECT *} whose table is changed later: a column that is gone fails the run, a new one is left out until
     * the definition is made again.
     *
     * @return a field for each column, with its name and in its order; with its type, unless some values of the column
     *     have another, such as bytes, or 24:00:00 among times of the day
     * @throws io.outfeed.error.SourceException if the database can't be reached, rejects the query, or does not tell
     *     the columns before it has run
     * @throws InvalidDefinitionException if two columns have one name, but for upper and lower case
     */
    public Fields<Row> columns() {
        return columnsWithout();
    }

    /**
     * Makes fields as {@link #columns} does, without those of some columns, such as that of the watermark.
     *
     * @param names the columns to leave out, without regard to case
     * @return a field for each other column
     * @throws io.outfeed.error.SourceException as for {@link #columns}
     * @throws InvalidDefinitionException as for {@link #columns}, if there is no such column, or if no column is left
     */
    public Fields<Row> columnsWithout(String... names) {
        return QueryFields.of(toString(), JdbcSession.columns(options, queries), List.of(names));
    }

    /** The texts of the queries and the options of reading, without the connection and the code of the host. */
    @Override
    public String fingerprint() {
        return options.fingerprint();
    }

    /** The data source: the engine limits how many of its connections runs read with at once. */
    @Override
    public Optional<ConnectionPool> pool() {
        return Optional.of(new DataSourcePool(options.dataSource));
    }

    /** Names the record type, without the query. */
    @Override
    public String toString() {
        return "JDBC source of " + options.recordType.getSimpleName();
    }

    /**
     * Collects the options of a source. Not thread-safe.
     *
     * @param <T> the record type
     */
    public static final class Builder<T> {

        private final SourceOptions<T> options;

        private Builder(DataSource dataSource, Class<T> recordType) {
            options = new SourceOptions<>(dataSource, recordType);
        }

        /**
         * Sets the query that reads a window. Required.
         *
         * <p>It must give each record whose position is not before {@code :from} and before {@code :until}, once. Both
         * are bound as what the watermark's column is. A query for {@link io.outfeed.watermark.Watermark#fullSnapshot}
         * has neither. A name is not taken for a parameter in a literal, a quoted identifier, a comment, a dollar
         * quote, or behind two colons; a {@code ?} is an operator of PostgreSQL.
         *
         * @param sql the query; replaces the one set before
         * @return this builder
         */
        public Builder<T> query(String sql) {
            options.query = requireNonNull(sql, "sql");
            return this;
        }

        /**
         * Sets a query for the approximate number of rows of {@link #query}, for the progress of a run ({@link
         * io.outfeed.operation.RunProgress#percent}). Default: none, the progress is not known.
         *
         * <p>It is run once before the rows are read, in the same snapshot, and delays them: a fast estimate is better
         * than a slow exact number. A failure, also by {@link #queryTimeout}, is logged, and the run continues.
         *
         * @param sql a query that gives one row with one number, such as {@code SELECT count(*) FROM ...}, with exactly
         *     the parameters of {@link #query}; replaces the one set before
         * @return this builder
         */
        public Builder<T> countQuery(String sql) {
            options.countQuery = requireNonNull(sql, "sql");
            return this;
        }

        /**
         * Sets a query for the records that no window includes, since they have no usable watermark: see {@link
         * MissingWatermark}. Default: the one that {@link #query} becomes if its column is null, or out of the range of
         * bounds, instead of in the window; it is known where the query has {@code column >= :from AND column < :until}
         * once, in a WHERE without OR. For any other query nothing is counted.
         *
         * @param sql a query with exactly the parameters of {@link #query} besides {@code :from} and {@code :until},
         *     and with its columns; replaces the one set before
         * @return this builder
         */
        public Builder<T> missingQuery(String sql) {
            options.missingQuery = requireNonNull(sql, "sql");
            return this;
        }

        /**
         * Sets a query that finds records by key, for previews and test records. Default: none, the engine then reads
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
         * Sets a query that finds records by keys that are not text in the database.
         *
         * @param sql as for {@link #findByKey(String)}
         * @param key converts a key to the column's type, such as {@code Long::valueOf}
         * @return this builder
         */
        public Builder<T> findByKey(String sql, Function<String, ?> key) {
            options.findByKey = requireNonNull(sql, "sql");
            options.key = requireNonNull(key, "key");
            return this;
        }

        /**
         * Sets the conversion of a parameter of the job to its type in the database. Default: text.
         *
         * @param name the parameter's name
         * @param conversion converts the job's text, such as {@code UUID::fromString}; a collection becomes a list
         *     of values, for {@code IN (:campuses)}, which finds nothing if it is empty; elsewhere an empty list is
         *     rejected when the source is opened; called by several threads at once; replaces the one set before
         * @return this builder
         */
        public Builder<T> parameter(String name, Function<String, ?> conversion) {
            options.conversions.put(requireNonNull(name, "name"), requireNonNull(conversion, "conversion"));
            return this;
        }

        /**
         * Ignores a parameter of the job that no query uses, such as one of a file's name or of another definition.
         * Default: such a parameter is an error, since its condition may have been forgotten.
         *
         * @param name the parameter's name
         * @return this builder
         */
        public Builder<T> ignoreParameter(String name) {
            options.ignoredParameters.add(requireNonNull(name, "name"));
            return this;
        }

        /**
         * Lets one query do without a parameter that the other uses: {@link #findByKey} if keys are unique without
         * it, {@link #query} if what it reads from has the records of one job only. Default: {@link #build} rejects a
         * query without a parameter that the other has, since records of another tenant would get into the file.
         *
         * @param name the parameter's name
         * @param query the one that does not use it
         * @return this builder
         */
        public Builder<T> ignoreParameter(String name, Query query) {
            options.ignoredIn
                    .computeIfAbsent(requireNonNull(query, "query"), key -> new HashSet<>())
                    .add(requireNonNull(name, "name"));
            return this;
        }

        /**
         * Sets the mapper of rows to records. Default: the constructor of a record class, each of whose components
         * takes the column of the same name without regard to case and underscores; rows, if the record type is {@link
         * Row}.
         *
         * @param mapper called once a row; replaces the one set before
         * @return this builder
         */
        public Builder<T> mapper(RowMapper<? extends T> mapper) {
            options.mapper = requireNonNull(mapper, "mapper");
            return this;
        }

        /**
         * Sets the offset of timestamp columns without a zone. Default: none, they are no points in time, and a window
         * by such a column is rejected.
         *
         * <p>There is no such option for a zone whose offset changes: when the clocks go back its local times repeat,
         * and records of that hour would be lost.
         *
         * @param offset such as {@code ZoneOffset.UTC}; columns with a zone are not affected; replaces the one set
         *     before
         * @return this builder
         */
        public Builder<T> offsetOfLocalTimes(ZoneOffset offset) {
            options.offset = requireNonNull(offset, "offset");
            return this;
        }

        /**
         * Sets how the rows of {@link #query} come from the database. Default: {@link Transport#AUTO}. All other
         * queries are read by a cursor.
         *
         * @param transport {@link Transport#COPY} to fail where it can't be had; replaces the one set before
         * @return this builder
         */
        public Builder<T> transport(Transport transport) {
            options.transport = requireNonNull(transport, "transport");
            return this;
        }

        /**
         * Sets how many rows the driver fetches at a time by a {@linkplain Transport#CURSOR cursor}, and how many are
         * read ahead by a thread of their own once that many were read, while the thread of the run maps and writes
         * those before. Default: 5,000. Each run that reads has that many twice in memory: reduce it for long rows, of
         * which 5 MB at most are read ahead. MySQL's own driver fetches one at a time unless its address has {@code
         * useCursorFetch=true}.
         *
         * @param rows 1 or more; replaces the one set before
         * @return this builder
         */
        public Builder<T> fetchSize(int rows) {
            options.fetchSize = rows;
            return this;
        }

        /**
         * Sets how long the database may take for the first rows, and then for each further fetch, or row of {@link
         * Transport#COPY}. Default: 10 minutes.
         * The statement is then cancelled and, if that does not help within 10 seconds, the connection aborted; the
         * same happens when the thread is interrupted.
         *
         * @param timeout 1 second to 1 day; replaces the one set before
         * @return this builder
         */
        public Builder<T> queryTimeout(Duration timeout) {
            options.queryTimeout = requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Builds the source. Nothing is connected yet.
         *
         * @return the source, a copy of what was collected
         * @throws InvalidDefinitionException if anything is missing or wrong; all problems are listed
         */
        public JdbcRecordSource<T> build() {
            SourceOptions<T> copy = new SourceOptions<>(options);
            List<String> problems = new ArrayList<>();
            SourceQueries queries = SourceQueries.parse(copy, problems);
            RecordMapping<T> mapping = RecordMapping.of(copy, problems);
            copy.check(problems);
            if (!problems.isEmpty() || queries == null || mapping == null) {
                throw new InvalidDefinitionException("JDBC source of " + copy.recordType.getSimpleName(), problems);
            }
            return new JdbcRecordSource<>(copy, queries, mapping);
        }
    }
}
