package io.outfeed.jdbc;

import io.outfeed.field.RejectedValueException;
import io.outfeed.internal.value.ValueText;
import io.outfeed.jdbc.internal.column.ColumnMismatchException;
import io.outfeed.jdbc.internal.column.ColumnReader;
import io.outfeed.jdbc.internal.column.Columns;
import io.outfeed.jdbc.internal.column.OddValue;
import io.outfeed.jdbc.internal.column.RowValues;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of a query: what a {@link RowMapper} makes a record of, and itself a record for hosts that have no class for
 * it.
 *
 * <p>Columns are found by the name that the query gives them, without regard to case. Each getter gives null where the
 * database has null, and throws {@link RejectedValueException} if there is no such column, more than one, if its values
 * are of another type, or if this value does not fit; the message names the columns or the type, and never a value.
 *
 * <p>A value that no Java type has, such as an infinite date, is thrown for by its getters only: it rejects the record
 * if a field or a mapper reads its column, and does nothing otherwise.
 *
 * <p>A copy of the row: valid as long as it is held. Immutable unless the caller changes the bytes of {@link #bytes}.
 */
public final class Row {

    private final Columns columns;
    private final RowValues values;

    /** The column that is asked for next, if they are asked for in order. */
    private int next;

    Row(Columns columns, RowValues values) {
        this.columns = columns;
        this.values = values;
    }

    /**
     * Returns the names of the columns.
     *
     * @return the names, as the query gives them, in its order
     */
    public List<String> columns() {
        return columns.names();
    }

    /**
     * Returns a value in its Java type: a {@code String}, {@code Integer}, {@code Long}, {@code BigDecimal}, {@code
     * Float}, {@code Double}, {@code Boolean}, {@code LocalDate}, {@code LocalTime}, {@code LocalDateTime}, {@code
     * Instant}, {@code UUID} or {@code byte[]}. What fits none of them is a {@code String}, as the database writes it.
     *
     * @param column the column's name
     * @return its value
     */
    public @Nullable Object value(String column) {
        int index = columns.index(column, next);
        next = index + 1;
        Object value = values.get(index);
        if (value instanceof OddValue odd) {
            throw new RejectedValueException("column '" + column + "' " + odd.reason());
        }
        return value;
    }

    /**
     * Returns a value as text: text as it is, everything else but bytes as a field without a transformation has it in
     * a file.
     *
     * @param column the column's name
     * @return its value
     */
    public @Nullable String string(String column) {
        Object value = value(column);
        if (value instanceof byte[]) {
            throw mismatch(
                    column,
                    ColumnReader.TEXT.label(),
                    "choose how they are written, such as with encode() in the query");
        }
        if (value instanceof Float || value instanceof Double) {
            finite(column, ((Number) value).doubleValue());
        }
        return value == null ? null : ValueText.defaultText(value);
    }

    /**
     * Returns a whole number of at most 32 bits.
     *
     * @param column the column's name
     * @return its value
     */
    public @Nullable Integer integer(String column) {
        Object value = value(column);
        String wanted = "a whole number of 32 bits";
        try {
            return value == null ? null : exact(column, wanted, value).intValueExact();
        } catch (ArithmeticException e) { // its message has the value
            throw unfit(column, wanted, "number() or decimal()");
        }
    }

    /**
     * Returns a whole number of at most 64 bits.
     *
     * @param column the column's name
     * @return its value
     */
    public @Nullable Long number(String column) {
        Object value = value(column);
        if (value instanceof Long number) {
            return number;
        }
        String wanted = "a whole number of 64 bits";
        try {
            return value == null ? null : exact(column, wanted, value).longValueExact();
        } catch (ArithmeticException e) { // its message has the value
            throw unfit(column, wanted, "decimal()");
        }
    }

    /**
     * Returns a number, exactly.
     *
     * @param column the column's name
     * @return its value
     */
    public @Nullable BigDecimal decimal(String column) {
        Object value = value(column);
        return value == null ? null : exact(column, ColumnReader.DECIMAL.label(), value);
    }

    /**
     * Returns a number as the nearest floating-point number; one of 32 bits as the number of 64 bits with the same
     * digits.
     *
     * @param column the column's name
     * @return its value
     */
    public @Nullable Double floating(String column) {
        Object value = value(column);
        if (value == null) {
            return null;
        }
        if (value instanceof Float number) {
            return Double.valueOf(number.toString());
        }
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw mismatch(column, ColumnReader.DOUBLE.label(), "");
    }

    /**
     * Returns true or false; of a whole number 1 and 0.
     *
     * @param column the column's name
     * @return its value
     */
    public @Nullable Boolean bool(String column) {
        Object value = value(column);
        if (value == null || value instanceof Boolean) {
            return (Boolean) value;
        }
        if (value instanceof Number number) {
            if (number.doubleValue() == 0 || number.doubleValue() == 1) {
                return number.doubleValue() == 1;
            }
            throw unfit(column, ColumnReader.BOOLEAN.label() + ", which 1 and 0 are", "integer()");
        }
        throw mismatch(column, ColumnReader.BOOLEAN.label(), "");
    }

    /**
     * Returns a date.
     *
     * @param column the column's name
     * @return its value
     */
    public @Nullable LocalDate date(String column) {
        return typed(column, LocalDate.class, ColumnReader.DATE);
    }

    /**
     * Returns a time of day.
     *
     * @param column the column's name
     * @return its value
     */
    public @Nullable LocalTime time(String column) {
        return typed(column, LocalTime.class, ColumnReader.TIME);
    }

    /**
     * Returns a date and time that has no zone.
     *
     * @param column the column's name
     * @return its value
     */
    public @Nullable LocalDateTime dateTime(String column) {
        return typed(column, LocalDateTime.class, ColumnReader.DATE_TIME);
    }

    /**
     * Returns a point in time. A column without a zone has none, unless the source knows its offset: see
     * {@link JdbcRecordSource.Builder#offsetOfLocalTimes}.
     *
     * @param column the column's name
     * @return its value
     */
    public @Nullable Instant instant(String column) {
        if (value(column) instanceof LocalDateTime local && columns.offset() != null) {
            return local.toInstant(columns.offset());
        }
        return typed(column, Instant.class, ColumnReader.INSTANT);
    }

    /**
     * Returns a UUID, also one that the column has as text or as 16 bytes.
     *
     * @param column the column's name
     * @return its value
     */
    public @Nullable UUID uuid(String column) {
        Object value = value(column);
        if (value instanceof String text) {
            try {
                return UUID.fromString(text);
            } catch (IllegalArgumentException e) { // its message has the value
                throw unfit(column, ColumnReader.UUID_VALUE.label(), "string()");
            }
        }
        if (value instanceof byte[] bytes && bytes.length == 16) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            return new UUID(buffer.getLong(), buffer.getLong());
        }
        return typed(column, UUID.class, ColumnReader.UUID_VALUE);
    }

    /**
     * Returns bytes.
     *
     * @param column the column's name
     * @return its value, which need not be a copy
     */
    public byte @Nullable [] bytes(String column) {
        return typed(column, byte[].class, ColumnReader.BYTES);
    }

    /**
     * Returns a constant of an enum, found by its name.
     *
     * @param column the column's name
     * @param type the enum
     * @param <E> the enum
     * @return its value
     */
    public <E extends Enum<E>> @Nullable E constant(String column, Class<E> type) {
        String name = string(column);
        if (name == null) {
            return null;
        }
        try {
            return Enum.valueOf(type, name);
        } catch (IllegalArgumentException e) { // its message has the value
            throw new RejectedValueException("column '" + column + "' has a value that is no constant of "
                    + type.getSimpleName() + ", which has " + Arrays.toString(type.getEnumConstants()));
        }
    }

    boolean has(String column) {
        return columns.has(column);
    }

    private <V> @Nullable V typed(String column, Class<V> type, ColumnReader wanted) {
        Object value = value(column);
        if (value == null || type.isInstance(value)) {
            return type.cast(value);
        }
        if (value instanceof String
                && wanted == ColumnReader.TIME
                && columns.type(columns.index(column)) != ColumnReader.TEXT) {
            throw unfit(column, "a time of day", "string()");
        }
        throw mismatch(
                column,
                wanted.label(),
                value instanceof LocalDateTime && wanted == ColumnReader.INSTANT
                        ? "make it a timestamp with time zone, or tell the source offsetOfLocalTimes"
                        : "");
    }

    private BigDecimal exact(String column, String wanted, Object value) {
        if (value instanceof Integer || value instanceof Long) {
            return BigDecimal.valueOf(((Number) value).longValue());
        }
        if (value instanceof BigDecimal decimal) {
            return decimal;
        }
        if (value instanceof Boolean bit && columns.type(columns.index(column)) == ColumnReader.SMALL_BOOLEAN) {
            return bit ? BigDecimal.ONE : BigDecimal.ZERO;
        }
        throw mismatch(
                column,
                wanted,
                value instanceof Float || value instanceof Double
                        ? "read it with floating(), or round it in the query"
                        : "");
    }

    private static void finite(String column, double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new RejectedValueException("column '" + column
                    + "' is infinite or not a number: correct the record, or" + " make the column text in the query");
        }
    }

    /** One value does not fit: others may. */
    private static RejectedValueException unfit(String column, String wanted, String getter) {
        return new RejectedValueException("column '" + column + "' has a value that is not " + wanted
                + ": correct the record, or read the column with " + getter);
    }

    private ColumnMismatchException mismatch(String column, String wanted, String choice) {
        return new ColumnMismatchException("column '" + column + "' is "
                + columns.type(columns.index(column)).label() + ", not " + wanted
                + (choice.isEmpty() ? "" : ": " + choice));
    }

    /** The names of the columns, without any value. */
    @Override
    public String toString() {
        return "row of " + columns.names();
    }
}
