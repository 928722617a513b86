package io.outfeed.jdbc;

import static java.util.Objects.requireNonNull;

import io.outfeed.jdbc.internal.query.SimpleMode;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The options of a {@link JdbcRecordSource}: set by its builder, and not changed once the source has its copy. */
final class SourceOptions<T> {

    final DataSource dataSource;
    final Class<T> recordType;

    @Nullable
    String query;

    @Nullable
    String countQuery;

    @Nullable
    String findByKey;

    @Nullable
    String missingQuery;

    /** Converts a key for {@link #findByKey}. */
    Function<String, ? extends Object> key = Function.identity();

    /** The conversions of the job's parameters, by name. */
    final Map<String, Function<String, ? extends Object>> conversions = new HashMap<>();

    /** The parameters that no query uses. */
    final Set<String> ignoredParameters = new HashSet<>();

    /** The parameters that one query does not use, although the other does. */
    final Map<JdbcRecordSource.Query, Set<String>> ignoredIn = new EnumMap<>(JdbcRecordSource.Query.class);

    @Nullable
    RowMapper<? extends T> mapper;

    /** The offset of timestamps without a zone. */
    @Nullable
    ZoneOffset offset;

    /** Whether the driver is in PostgreSQL's simple query mode; asked by the first session. */
    final SimpleMode simpleMode = new SimpleMode();

    JdbcRecordSource.Transport transport = JdbcRecordSource.Transport.AUTO;
    int fetchSize = 5_000;
    Duration queryTimeout = Duration.ofMinutes(10);

    SourceOptions(DataSource dataSource, Class<T> recordType) {
        this.dataSource = requireNonNull(dataSource, "dataSource");
        this.recordType = requireNonNull(recordType, "recordType");
    }

    SourceOptions(SourceOptions<T> other) {
        this(other.dataSource, other.recordType);
        query = other.query;
        countQuery = other.countQuery;
        findByKey = other.findByKey;
        missingQuery = other.missingQuery;
        key = other.key;
        conversions.putAll(other.conversions);
        ignoredParameters.addAll(other.ignoredParameters);
        other.ignoredIn.forEach((query, names) -> ignoredIn.put(query, Set.copyOf(names)));
        mapper = other.mapper;
        offset = other.offset;
        transport = other.transport;
        fetchSize = other.fetchSize;
        queryTimeout = other.queryTimeout;
    }

    /** What a session of this source needs, whatever its records. */
    SourceOptions<Row> ofRows() {
        SourceOptions<Row> rows = new SourceOptions<>(dataSource, Row.class);
        rows.offset = offset;
        rows.fetchSize = fetchSize;
        rows.queryTimeout = queryTimeout;
        return rows;
    }

    boolean ignores(String parameter, JdbcRecordSource.Query query) {
        return ignoredIn.getOrDefault(query, Set.of()).contains(parameter);
    }

    /** What is declared, not what is code; a NUL can't be in a query. */
    String fingerprint() {
        return Stream.of(query, countQuery, findByKey, missingQuery, offset, transport, fetchSize, queryTimeout)
                .map(String::valueOf)
                .collect(Collectors.joining("\0"));
    }

    void check(List<String> problems) {
        if (fetchSize < 1) {
            problems.add("fetchSize " + fetchSize + " is not 1 or more");
        }
        if (queryTimeout.compareTo(Duration.ofSeconds(1)) < 0 || queryTimeout.compareTo(Duration.ofDays(1)) > 0) {
            problems.add("queryTimeout " + queryTimeout + " is not between 1 second and 1 day");
        }
    }
}
