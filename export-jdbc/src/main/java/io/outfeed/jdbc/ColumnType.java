package io.outfeed.jdbc;

import io.outfeed.jdbc.internal.connection.SourceDialect;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The Java type in which a {@link Row} keeps the values of a column. */
enum ColumnType {
    TEXT("text", ResultSet::getString),
    INTEGER("a whole number", (rows, at) -> orNull(rows, rows.getInt(at))),
    LONG("a whole number", (rows, at) -> orNull(rows, rows.getLong(at))),
    DECIMAL("a decimal number", ResultSet::getBigDecimal),
    DOUBLE("a floating-point number", (rows, at) -> orNull(rows, rows.getDouble(at))),
    BOOLEAN("true or false", (rows, at) -> orNull(rows, rows.getBoolean(at))),
    DATE("a date", (rows, at) -> rows.getObject(at, LocalDate.class)),
    TIME("a time of day", (rows, at) -> rows.getObject(at, LocalTime.class)),
    DATE_TIME("a date and time without a zone", (rows, at) -> rows.getObject(at, LocalDateTime.class)),
    INSTANT("a point in time", (rows, at) -> {
        OffsetDateTime value = rows.getObject(at, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }),
    /** A TIMESTAMP of MySQL, which the session shows in UTC. */
    UTC_INSTANT("a point in time", (rows, at) -> {
        LocalDateTime value = rows.getObject(at, LocalDateTime.class);
        return value == null ? null : value.toInstant(ZoneOffset.UTC);
    }),
    UUID_VALUE("a UUID", (rows, at) -> rows.getObject(at, UUID.class)),
    BYTES("bytes", ResultSet::getBytes);

    /** Reads a value of the current row. */
    private interface Reader {
        @Nullable
        Object read(ResultSet rows, int at) throws SQLException;
    }

    private final String label;

    @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
    private final Reader reader;

    ColumnType(String label, Reader reader) {
        this.label = label;
        this.reader = reader;
    }

    /** Its name in a message. */
    String label() {
        return label;
    }

    @Nullable
    Object read(ResultSet rows, int at) throws SQLException {
        return reader.read(rows, at);
    }

    boolean isPointInTime() {
        return this == INSTANT || this == UTC_INSTANT;
    }

    static ColumnType of(ResultSetMetaData metaData, int at, SourceDialect dialect) throws SQLException {
        String name = metaData.getColumnTypeName(at).toLowerCase(Locale.ROOT);
        if (dialect == SourceDialect.POSTGRESQL) {
            ColumnType type = ofPostgres(name);
            if (type != null) {
                return type;
            }
        }
        return switch (metaData.getColumnType(at)) {
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER -> metaData.isSigned(at) ? INTEGER : LONG;
            case Types.BIGINT -> metaData.isSigned(at) ? LONG : DECIMAL;
            case Types.NUMERIC, Types.DECIMAL -> DECIMAL;
            case Types.REAL, Types.FLOAT, Types.DOUBLE -> DOUBLE;
            case Types.BIT, Types.BOOLEAN ->
                metaData.getPrecision(at) > 1 && dialect == SourceDialect.MYSQL ? BYTES : BOOLEAN;
            case Types.DATE -> name.equals("year") ? INTEGER : DATE;
            case Types.TIME -> TIME;
            case Types.TIMESTAMP ->
                dialect == SourceDialect.MYSQL && name.startsWith("timestamp") ? UTC_INSTANT : DATE_TIME;
            case Types.TIMESTAMP_WITH_TIMEZONE -> INSTANT;
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> BYTES;
            case Types.OTHER -> name.equals("uuid") ? UUID_VALUE : TEXT;
            default -> name.equals("uuid") ? UUID_VALUE : TEXT;
        };
    }

    /** Where its driver gives several types of PostgreSQL one type of JDBC. */
    private static @Nullable ColumnType ofPostgres(String name) {
        return switch (name) {
            case "timestamptz" -> INSTANT;
            case "bool" -> BOOLEAN;
            case "uuid" -> UUID_VALUE;
            case "money", "timetz", "bit" -> TEXT;
            default -> null;
        };
    }

    private static @Nullable Object orNull(ResultSet rows, Object value) throws SQLException {
        return rows.wasNull() ? null : value;
    }
}
