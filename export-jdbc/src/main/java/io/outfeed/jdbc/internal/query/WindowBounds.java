package io.outfeed.jdbc.internal.query;

import io.outfeed.jdbc.internal.connection.SourceDialect;
import io.outfeed.source.Window;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Binds {@code :from} and {@code :until} as the type of the column with which the query compares them. */
public final class WindowBounds {

    private final SourceDialect dialect;
    private final @Nullable ZoneOffset offset;
    private final Map<String, WindowBound.ComparedType> types = new HashMap<>();

    /** @param offset of timestamps without a zone, or null */
    public WindowBounds(SourceDialect dialect, @Nullable ZoneOffset offset) {
        this.dialect = dialect;
        this.offset = offset;
    }

    /** Reads from a prepared statement with which types the query compares its bounds. */
    void describe(PreparedStatement statement, NamedQuery.Rendered query, QueryParameters parameters)
            throws SQLException {
        if (query.names().contains(QueryParameters.UNTIL) && WindowBound.ComparedType.isReportedBy(dialect)) {
            ParameterMetaData metaData = statement.getParameterMetaData();
            describe(at -> WindowBound.ComparedType.of(metaData, at, dialect), query, parameters);
        }
    }

    /** @param types the names of the types of all parameters, as PostgreSQL writes them */
    void describe(String[] types, NamedQuery.Rendered query, QueryParameters parameters) throws SQLException {
        describe(at -> WindowBound.ComparedType.ofPostgres(types[at - 1]), query, parameters);
    }

    /** The type of the parameter at an index that begins with 1. */
    @FunctionalInterface
    private interface TypeAt {
        WindowBound.ComparedType type(int at) throws SQLException;
    }

    private void describe(TypeAt known, NamedQuery.Rendered query, QueryParameters parameters) throws SQLException {
        types.clear();
        int at = 1;
        for (String name : query.names()) {
            if (name.equals(QueryParameters.FROM) || name.equals(QueryParameters.UNTIL)) {
                types.merge(name, known.type(at), WindowBounds::stricter);
            }
            at += parameters.size(name);
        }
    }

    /** Whether the driver did not tell a type. */
    boolean lacksType() {
        return types.containsValue(WindowBound.ComparedType.UNKNOWN);
    }

    /** A bound may occur more than once: the type that makes the query wrong counts. */
    private static WindowBound.ComparedType stricter(WindowBound.ComparedType one, WindowBound.ComparedType other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** The parameters and the ends of a window, if the query has them. */
    public QueryParameters add(QueryParameters parameters, NamedQuery query, Window window) {
        return query.names().contains(QueryParameters.UNTIL)
                ? parameters.with(
                        WindowBound.of(
                                QueryParameters.FROM, window.from(), type(QueryParameters.FROM), dialect, offset),
                        WindowBound.of(
                                QueryParameters.UNTIL, window.until(), type(QueryParameters.UNTIL), dialect, offset))
                : parameters;
    }

    private WindowBound.ComparedType type(String name) {
        return types.getOrDefault(name, WindowBound.ComparedType.UNKNOWN);
    }
}
