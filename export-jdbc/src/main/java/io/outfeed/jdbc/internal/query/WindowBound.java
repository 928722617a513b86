package io.outfeed.jdbc.internal.query;

import io.outfeed.error.SourceException;
import io.outfeed.jdbc.internal.connection.SourceDialect;
import io.outfeed.jdbc.internal.postgres.TransactionId;
import io.outfeed.source.Position;
import java.sql.ParameterMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An end of the window as a parameter: its placeholder and its value. */
record WindowBound(String placeholder, Object value) {

    /** The type with which a query compares a bound, as far as the database reports it. */
    enum ComparedType {
        WITH_ZONE,
        WITHOUT_ZONE,
        NOT_A_TIMESTAMP,
        UNKNOWN;

        /** Whether a database reports it; the driver of another may fail when asked. */
        static boolean isReportedBy(SourceDialect dialect) {
            return dialect == SourceDialect.POSTGRESQL || dialect == SourceDialect.H2;
        }

        static ComparedType of(ParameterMetaData metaData, int at, SourceDialect dialect) throws SQLException {
            if (dialect == SourceDialect.POSTGRESQL) {
                return ofPostgres(String.valueOf(metaData.getParameterTypeName(at)));
            }
            return switch (metaData.getParameterType(at)) {
                case Types.TIMESTAMP_WITH_TIMEZONE -> WITH_ZONE;
                case Types.TIMESTAMP -> WITHOUT_ZONE;
                default -> UNKNOWN;
            };
        }

        /** @param name as the driver gives it, or the server */
        static ComparedType ofPostgres(String name) {
            return switch (name.toLowerCase(Locale.ROOT)) {
                case "timestamptz", "timestamp with time zone" -> WITH_ZONE;
                case "timestamp", "timestamp without time zone" -> WITHOUT_ZONE;
                case "null", "unknown" -> UNKNOWN;
                default -> NOT_A_TIMESTAMP;
            };
        }
    }

    static WindowBound of(
            String name, Position position, ComparedType type, SourceDialect dialect, @Nullable ZoneOffset offset) {
        return switch (position.kind()) {
            case Position.TIMESTAMP -> timestamp(name, position.toInstant(), type, dialect, offset);
            case Position.SEQUENCE -> new WindowBound("?", position.toLong());
            case TransactionId.KIND ->
                new WindowBound(
                        "CAST(CAST(? AS text) AS xid8)",
                        TransactionId.of(position).xid());
            default -> new WindowBound("?", position.text());
        };
    }

    private static WindowBound timestamp(
            String name, Instant instant, ComparedType type, SourceDialect dialect, @Nullable ZoneOffset offset) {
        if (type == ComparedType.NOT_A_TIMESTAMP) {
            throw SourceException.permanent(
                    "the query compares :" + name + " with something that is no timestamp, and the watermark is a point"
                            + " in time: compare it with the column of the watermark, or cast it",
                    null);
        }
        if (type == ComparedType.WITHOUT_ZONE && offset == null) {
            throw SourceException.permanent(
                    "the query compares :" + name
                            + " with a timestamp without time zone, which is no point in time: make"
                            + " the column a timestamp with time zone, or say what its times are with"
                            + " offsetOfLocalTimes(ZoneOffset.UTC)",
                    null);
        }
        boolean withZone = offset == null || type == ComparedType.WITH_ZONE;
        return new WindowBound(
                dialect.timestampPlaceholder(withZone),
                dialect.timestampValue(instant, withZone, offset == null ? ZoneOffset.UTC : offset));
    }
}
