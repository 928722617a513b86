package io.outfeed.jdbc;

import io.outfeed.error.SourceException;
import io.outfeed.source.Position;
import java.sql.ParameterMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An end of the window as a parameter: the text that stands for it, and its value. */
record Bound(String placeholder, Object value) {

    /** With what a query compares a bound, as far as the database tells. */
    enum Type {
        WITH_ZONE,
        WITHOUT_ZONE,
        NO_TIME,
        UNKNOWN
    }

    static Bound of(String name, Position position, Type type, Dialect dialect, @Nullable ZoneOffset offset) {
        return switch (position.kind()) {
            case Position.TIMESTAMP -> timestamp(name, position.toInstant(), type, dialect, offset);
            case Position.SEQUENCE -> new Bound("?", position.toLong());
            case TransactionId.KIND ->
                new Bound(
                        "CAST(CAST(? AS text) AS xid8)",
                        TransactionId.of(position).xid());
            default -> new Bound("?", position.text());
        };
    }

    private static Bound timestamp(
            String name, Instant instant, Type type, Dialect dialect, @Nullable ZoneOffset offset) {
        if (type == Type.NO_TIME) {
            throw SourceException.permanent(
                    "the query compares :" + name + " with something that is no timestamp, and the watermark is a point"
                            + " in time: compare it with the column of the watermark, or cast it",
                    null);
        }
        if (type == Type.WITHOUT_ZONE && offset == null) {
            throw SourceException.permanent(
                    "the query compares :" + name
                            + " with a timestamp without time zone, which is no point in time: make"
                            + " the column a timestamp with time zone, or say what its times are with"
                            + " offsetOfLocalTimes(ZoneOffset.UTC)",
                    null);
        }
        boolean withZone = offset == null || type == Type.WITH_ZONE;
        return new Bound(
                dialect.timestampPlaceholder(withZone),
                dialect.timestampValue(instant, withZone, offset == null ? ZoneOffset.UTC : offset));
    }

    static Type type(ParameterMetaData metaData, int at, Dialect dialect) throws SQLException {
        String name = String.valueOf(metaData.getParameterTypeName(at)).toLowerCase(Locale.ROOT);
        if (dialect == Dialect.POSTGRESQL) {
            return switch (name) {
                case "timestamptz" -> Type.WITH_ZONE;
                case "timestamp" -> Type.WITHOUT_ZONE;
                default -> Type.NO_TIME;
            };
        }
        if (dialect == Dialect.H2) {
            return switch (metaData.getParameterType(at)) {
                case Types.TIMESTAMP_WITH_TIMEZONE -> Type.WITH_ZONE;
                case Types.TIMESTAMP -> Type.WITHOUT_ZONE;
                default -> Type.UNKNOWN;
            };
        }
        return Type.UNKNOWN;
    }
}
