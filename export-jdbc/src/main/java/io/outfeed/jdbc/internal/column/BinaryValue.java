package io.outfeed.jdbc.internal.column;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that PostgreSQL sends for the values of a type, and the Java values that {@link ColumnReader} makes of the
 * same values. Numbers are big-endian; dates and times count from the year 2000.
 */
public enum BinaryValue {
    TEXT(ColumnReader.TEXT, -1, BinaryValue::text),
    /** The text follows the number of its version. */
    JSONB(
            ColumnReader.TEXT,
            -1,
            (bytes, at, length) -> length > 0 && bytes[at] == 1 ? text(bytes, at + 1, length - 1) : null),
    SMALL_INTEGER(ColumnReader.INTEGER, 2, (bytes, at, length) -> (int) int16(bytes, at)),
    INTEGER(ColumnReader.INTEGER, 4, (bytes, at, length) -> int32(bytes, at)),
    LONG(ColumnReader.LONG, 8, (bytes, at, length) -> int64(bytes, at)),
    /** A number of 32 bits without a sign. */
    OID(ColumnReader.DECIMAL, 4, (bytes, at, length) -> BigDecimal.valueOf(Integer.toUnsignedLong(int32(bytes, at)))),
    DECIMAL(ColumnReader.DECIMAL, -1, BinaryValue::decimal),
    FLOAT(ColumnReader.FLOAT, 4, (bytes, at, length) -> Float.intBitsToFloat(int32(bytes, at))),
    DOUBLE(ColumnReader.DOUBLE, 8, (bytes, at, length) -> Double.longBitsToDouble(int64(bytes, at))),
    BOOLEAN(ColumnReader.BOOLEAN, 1, (bytes, at, length) -> bytes[at] != 0),
    DATE(ColumnReader.DATE, 4, (bytes, at, length) -> date(int32(bytes, at))),
    TIME(ColumnReader.POSTGRES_TIME, 8, (bytes, at, length) -> time(int64(bytes, at))),
    DATE_TIME(ColumnReader.DATE_TIME, 8, (bytes, at, length) -> dateTime(int64(bytes, at))),
    INSTANT(ColumnReader.INSTANT, 8, (bytes, at, length) -> instant(int64(bytes, at))),
    UUID_VALUE(ColumnReader.UUID_VALUE, 16, (bytes, at, length) -> new UUID(int64(bytes, at), int64(bytes, at + 8))),
    BYTES(ColumnReader.BYTES, -1, (bytes, at, length) -> Arrays.copyOfRange(bytes, at, at + length));

    /** Makes a value of bytes; null if they are not those of a value. */
    private interface Decoder {
        @Nullable
        Object decode(byte[] bytes, int at, int length);
    }

    private static final VarHandle INT16 = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final LocalDate DAY_0 = LocalDate.of(2000, 1, 1);
    private static final long SECOND_0 = DAY_0.toEpochDay() * 86_400;
    private static final int MICROS = 1_000_000;
    private static final long MICROS_OF_DAY = 86_400L * MICROS;

    /** How many decimal digits a long certainly holds. */
    private static final int DIGITS_OF_LONG = 18;

    private static final long[] POWERS_OF_TEN = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000};

    private final ColumnReader reader;
    private final int length;

    @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
    private final Decoder decoder;

    /** @param length of each value, or -1 if values have different ones */
    BinaryValue(ColumnReader reader, int length, Decoder decoder) {
        this.reader = reader;
        this.length = length;
        this.decoder = decoder;
    }

    /**
     * How a column is sent.
     *
     * @param reader of the column
     * @return null if it is not known, or if other values would come of it than that reader gives
     */
    static @Nullable BinaryValue of(ResultSetMetaData metaData, int at, ColumnReader reader) throws SQLException {
        BinaryValue known = of(metaData, at);
        return known == null || known.reader != reader ? null : known;
    }

    private static @Nullable BinaryValue of(ResultSetMetaData metaData, int at) throws SQLException {
        String name = metaData.getColumnTypeName(at).toLowerCase(Locale.ROOT);
        return switch (name) {
            case "text", "varchar", "bpchar", "name", "json" -> TEXT;
            case "jsonb" -> JSONB;
            case "int2" -> SMALL_INTEGER;
            case "int4" -> INTEGER;
            case "int8" -> LONG;
            case "oid" -> OID;
            case "numeric" -> DECIMAL;
            case "float4" -> FLOAT;
            case "float8" -> DOUBLE;
            case "bool" -> BOOLEAN;
            case "date" -> DATE;
            case "time" -> TIME;
            case "timestamp" -> DATE_TIME;
            case "timestamptz" -> INSTANT;
            case "uuid" -> UUID_VALUE;
            case "bytea" -> BYTES;
            // The driver calls no other type so but an enum, whose bytes are its label.
            default -> metaData.getColumnType(at) == Types.VARCHAR ? TEXT : null;
        };
    }

    /**
     * Makes a value of bytes.
     *
     * @return the value, or an {@link OddValue}
     */
    public Object decode(byte[] bytes, int at, int size) {
        Object value = length < 0 || length == size ? decoder.decode(bytes, at, size) : null;
        return value == null ? OddValue.unreadable(reader.label()) : value;
    }

    /** The number of 16 bits at an index. */
    public static short int16(byte[] bytes, int at) {
        return (short) INT16.get(bytes, at);
    }

    /** The number of 32 bits at an index. */
    public static int int32(byte[] bytes, int at) {
        return (int) INT32.get(bytes, at);
    }

    private static long int64(byte[] bytes, int at) {
        return (long) INT64.get(bytes, at);
    }

    private static String text(byte[] bytes, int at, int length) {
        return new String(bytes, at, length, StandardCharsets.UTF_8);
    }

    private static Object date(int days) {
        return days == Integer.MAX_VALUE || days == Integer.MIN_VALUE
                ? OddValue.INFINITE
                : DateTexts.checked(DAY_0.plusDays(days));
    }

    private static Object time(long micros) {
        return micros == MICROS_OF_DAY ? "24:00:00" : LocalTime.ofNanoOfDay(micros * 1_000);
    }

    private static Object dateTime(long micros) {
        if (isInfinite(micros)) {
            return OddValue.INFINITE;
        }
        return DateTexts.checked(LocalDateTime.ofEpochSecond(second(micros), nanos(micros), ZoneOffset.UTC));
    }

    private static Object instant(long micros) {
        return isInfinite(micros)
                ? OddValue.INFINITE
                : DateTexts.checked(Instant.ofEpochSecond(second(micros), nanos(micros)));
    }

    private static boolean isInfinite(long micros) {
        return micros == Long.MAX_VALUE || micros == Long.MIN_VALUE;
    }

    private static long second(long micros) {
        return SECOND_0 + Math.floorDiv(micros, MICROS);
    }

    private static int nanos(long micros) {
        return Math.floorMod(micros, MICROS) * 1_000;
    }

    /**
     * A decimal number: how many digits of the base 10,000 it has, the power of the first one, its sign, how many
     * decimal places it shows, and the digits. Zeros at the end are left out, as are those before the first digit.
     */
    private static @Nullable Object decimal(byte[] bytes, int at, int length) {
        if (length < 8) {
            return null;
        }
        int count = int16(bytes, at);
        int power = int16(bytes, at + 2);
        int sign = int16(bytes, at + 4) & 0xFFFF;
        int scale = int16(bytes, at + 6);
        if (length != 8 + 2 * count) {
            return null;
        }
        return switch (sign) {
            case 0x0000, 0x4000 -> decimal(bytes, at + 8, count, power, scale, sign != 0);
            case 0xC000 -> OddValue.NOT_A_NUMBER;
            case 0xD000, 0xF000 -> OddValue.INFINITE;
            default -> null;
        };
    }

    private static BigDecimal decimal(byte[] bytes, int at, int count, int power, int scale, boolean negative) {
        if (count == 0) {
            return BigDecimal.valueOf(0, scale);
        }
        int places = 4 * (count - 1 - power); // of the digits; fewer than the scale if zeros are left out
        int missing = scale - places;
        if (Math.abs(missing) < POWERS_OF_TEN.length && 4 * count + Math.max(0, missing) <= DIGITS_OF_LONG) {
            long unscaled = 0;
            for (int i = 0; i < count; i++) {
                unscaled = unscaled * 10_000 + int16(bytes, at + 2 * i);
            }
            unscaled = missing >= 0
                    ? unscaled * POWERS_OF_TEN[missing]
                    : unscaled / POWERS_OF_TEN[-missing]; // zeros, which fill the last digit
            return BigDecimal.valueOf(negative ? -unscaled : unscaled, scale);
        }
        StringBuilder digits = new StringBuilder(4 * count + 16).append(negative ? '-' : '+');
        for (int i = 0; i < count; i++) {
            int digit = int16(bytes, at + 2 * i);
            digits.append((char) ('0' + digit / 1_000))
                    .append((char) ('0' + digit / 100 % 10))
                    .append((char) ('0' + digit / 10 % 10))
                    .append((char) ('0' + digit % 10));
        }
        return new BigDecimal(digits.append('E').append(-places).toString()).setScale(scale);
    }
}
