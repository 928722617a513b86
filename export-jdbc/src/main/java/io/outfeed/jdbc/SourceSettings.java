package io.outfeed.jdbc;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What a source was told. */
record SourceSettings<T>(
        DataSource dataSource,
        Class<T> recordType,
        NamedQuery query,
        @Nullable NamedQuery countQuery,
        @Nullable NamedQuery findByKey,
        Function<String, ? extends Object> key,
        Map<String, Function<String, ? extends Object>> conversions,
        Set<String> ignored,
        Function<Columns, RowMapper<T>> mapper,
        @Nullable ZoneOffset offset,
        int fetchSize,
        Duration queryTimeout) {}
