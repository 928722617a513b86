package io.outfeed.jdbc.internal.column;

import io.outfeed.format.ColumnType;
import io.outfeed.jdbc.internal.connection.SourceDialect;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How the values of a column are read, by the type that it has in the database. */
public enum ColumnReader {
    TEXT("text", ResultSet::getString),
    INTEGER("a whole number", (rows, at) -> orNull(rows, rows.getInt(at))),
    LONG("a whole number", (rows, at) -> orNull(rows, rows.getLong(at))),
    DECIMAL("a decimal number", ColumnReader::decimal),
    FLOAT("a floating-point number", (rows, at) -> orNull(rows, rows.getFloat(at))),
    DOUBLE("a floating-point number", (rows, at) -> orNull(rows, rows.getDouble(at))),
    BOOLEAN("true or false", (rows, at) -> orNull(rows, rows.getBoolean(at))),
    /** A TINYINT(1) of MySQL, which it calls BOOLEAN, and which takes other numbers. */
    SMALL_BOOLEAN("true or false", (rows, at) -> {
        int value = rows.getInt(at);
        return orNull(rows, value == 0 || value == 1 ? (Object) (value == 1) : value);
    }),
    DATE("a date", (rows, at) -> of(rows.getObject(at, LocalDate.class), DateTexts::checked)),
    TIME("a time of day", (rows, at) -> rows.getObject(at, LocalTime.class)),
    /** PostgreSQL's driver takes 24:00:00 for the last nanosecond of the day, which the database has not. */
    POSTGRES_TIME(
            "a time of day",
            (rows, at) ->
                    of(rows.getObject(at, LocalTime.class), time -> time.equals(LocalTime.MAX) ? "24:00:00" : time)),
    DATE_TIME(
            "a date and time without a zone",
            (rows, at) -> of(rows.getObject(at, LocalDateTime.class), DateTexts::checked)),
    INSTANT("a point in time", (rows, at) -> of(rows.getObject(at, OffsetDateTime.class), DateTexts::checked)),
    MYSQL_DATE("a date", (rows, at) -> of(rows.getString(at), DateTexts::date)),
    MYSQL_TIME("a time of day", (rows, at) -> of(rows.getString(at), DateTexts::time)),
    MYSQL_DRIVER_TIME("a time of day", (rows, at) -> of(MySqlTime.text(rows, at), DateTexts::time)),
    MYSQL_DATE_TIME("a date and time without a zone", (rows, at) -> of(rows.getString(at), DateTexts::dateTime)),
    /** A TIMESTAMP of MySQL, which the session shows in UTC. */
    MYSQL_INSTANT("a point in time", (rows, at) -> of(rows.getString(at), DateTexts::instant)),
    UUID_VALUE("a UUID", (rows, at) -> rows.getObject(at, UUID.class)),
    BITS("text", (rows, at) -> {
        byte[] bits = rows.getBytes(at);
        return bits == null ? null : digits(bits, rows.getMetaData().getPrecision(at));
    }),
    BYTES("bytes", ResultSet::getBytes);

    /** Reads a value of the current row. */
    private interface Reader {
        @Nullable
        Object read(ResultSet rows, int at) throws SQLException;
    }

    private final String label;

    @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
    private final Reader reader;

    ColumnReader(String label, Reader reader) {
        this.label = label;
        this.reader = reader;
    }

    /** Its name in a message. */
    public String label() {
        return label;
    }

    /**
     * Returns the type of all cells of such a column; empty if some values have none, such as 24:00:00 among times of
     * the day, or bytes.
     */
    public Optional<ColumnType> cells() {
        return Optional.ofNullable(
                switch (this) {
                    case TEXT, UUID_VALUE, BITS -> ColumnType.text();
                    case INTEGER, LONG -> ColumnType.integer();
                    case DECIMAL, FLOAT, DOUBLE -> ColumnType.decimal();
                    case BOOLEAN -> ColumnType.bool();
                    case DATE, MYSQL_DATE -> ColumnType.date();
                    case TIME -> ColumnType.time();
                    case DATE_TIME, MYSQL_DATE_TIME -> ColumnType.timestamp();
                    case INSTANT, MYSQL_INSTANT -> ColumnType.instant();
                    case SMALL_BOOLEAN, POSTGRES_TIME, MYSQL_TIME, MYSQL_DRIVER_TIME, BYTES -> null;
                });
    }

    @Nullable
    Object read(ResultSet rows, int at) throws SQLException {
        return reader.read(rows, at);
    }

    public boolean isPointInTime() {
        return this == INSTANT || this == MYSQL_INSTANT;
    }

    public boolean isLocalDateTime() {
        return this == DATE_TIME || this == MYSQL_DATE_TIME;
    }

    static ColumnReader of(ResultSetMetaData metaData, int at, SourceDialect dialect) throws SQLException {
        String name = metaData.getColumnTypeName(at).toLowerCase(Locale.ROOT);
        ColumnReader special = switch (dialect) {
            case POSTGRESQL -> ofPostgres(name);
            case MYSQL -> ofMySql(name, metaData, at);
            default -> null;
        };
        return special == null ? ofStandard(metaData, at, name) : special;
    }

    private static ColumnReader ofStandard(ResultSetMetaData metaData, int at, String name) throws SQLException {
        if (name.equals("uuid")) {
            return UUID_VALUE;
        }
        return switch (metaData.getColumnType(at)) {
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER -> metaData.isSigned(at) ? INTEGER : LONG;
            case Types.BIGINT -> metaData.isSigned(at) ? LONG : DECIMAL;
            case Types.NUMERIC, Types.DECIMAL -> DECIMAL;
            case Types.REAL -> FLOAT;
            case Types.FLOAT, Types.DOUBLE -> DOUBLE;
            case Types.BIT, Types.BOOLEAN -> BOOLEAN;
            case Types.DATE -> DATE;
            case Types.TIME -> TIME;
            case Types.TIMESTAMP -> DATE_TIME;
            case Types.TIMESTAMP_WITH_TIMEZONE -> INSTANT;
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> BYTES;
            default -> TEXT;
        };
    }

    /** Where its driver gives several types of PostgreSQL one type of JDBC. */
    private static @Nullable ColumnReader ofPostgres(String name) {
        return switch (name) {
            case "timestamptz" -> INSTANT;
            case "bool" -> BOOLEAN;
            case "time" -> POSTGRES_TIME;
            case "money", "timetz", "bit" -> TEXT;
            default -> null;
        };
    }

    /** Where the drivers of MySQL and MariaDB differ from one another, or from the database. */
    private static @Nullable ColumnReader ofMySql(String name, ResultSetMetaData metaData, int at) throws SQLException {
        return switch (name) {
            case "date" -> MYSQL_DATE;
            case "time" -> MySqlTime.isOfMySqlDriver(metaData) ? MYSQL_DRIVER_TIME : MYSQL_TIME;
            case "datetime" -> MYSQL_DATE_TIME;
            case "timestamp" -> MYSQL_INSTANT;
            case "year" -> INTEGER;
            case "float" -> FLOAT;
            case "bit" -> metaData.getPrecision(at) > 1 ? BITS : SMALL_BOOLEAN;
            case "boolean" -> metaData.isSigned(at) ? SMALL_BOOLEAN : INTEGER;
            default -> null;
        };
    }

    private static <V> @Nullable Object of(@Nullable V value, Function<V, Object> conversion) {
        return value == null ? null : conversion.apply(value);
    }

    private static @Nullable Object orNull(ResultSet rows, Object value) throws SQLException {
        return rows.wasNull() ? null : value;
    }

    private static @Nullable Object decimal(ResultSet rows, int at) throws SQLException {
        try {
            return rows.getBigDecimal(at);
        } catch (SQLException | NumberFormatException e) { // PostgreSQL and H2 have what Java has not
            String text = String.valueOf(rows.getString(at));
            if (text.endsWith("Infinity")) {
                return OddValue.INFINITE;
            } else if (text.equals("NaN")) {
                return OddValue.NOT_A_NUMBER;
            }
            return new BigDecimal(text);
        }
    }

    private static String digits(byte[] bits, int length) {
        StringBuilder digits = new StringBuilder();
        for (byte eight : bits) {
            digits.append(Integer.toBinaryString(0x100 | (eight & 0xFF)), 1, 9);
        }
        return digits.substring(Math.max(0, digits.length() - length));
    }
}
