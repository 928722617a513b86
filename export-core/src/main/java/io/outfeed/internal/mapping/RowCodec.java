package io.outfeed.internal.mapping;

import io.outfeed.internal.format.ValueBytes;
import io.outfeed.internal.io.ByteOutput;
import io.outfeed.internal.io.StringCodec;
import io.outfeed.internal.value.ValueText;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows into bytes: with their values, so that a row which is read back has the same texts and costs little, or
 * with the texts of their cells, which do not depend on the classes of the values. Used by one thread.
 */
public final class RowCodec {

    private static final int EMPTY = 0;
    private static final int TEXT = 1;
    private static final int WHOLE = 2;
    private static final int DECIMAL = 3;
    private static final int TRUE = 4;
    private static final int FALSE = 5;
    private static final int DATE = 6;
    private static final int TIME = 7;
    private static final int TIMESTAMP = 8;
    private static final int INSTANT = 9;

    /** The bits of the byte before a cell that tell its type; those above them tell its value. */
    private static final int TYPE_BITS = 3;

    private static final int TYPE_MASK = (1 << TYPE_BITS) - 1;

    private final ValueBytes valueBytes = new ValueBytes();

    // ---- values

    public static void writeValues(ByteOutput out, RowCells row) {
        int size = row.size();
        out.putInt(size);
        for (int i = 0; i < size; i++) {
            writeValue(out, row.raw(i), CellCodec.code(row.type(i)));
        }
    }

    private static void writeValue(ByteOutput out, @Nullable Object value, int type) {
        if (value == null) {
            out.putByte(EMPTY);
        } else if (value instanceof String text) {
            begin(out, TEXT, type);
            out.put(text);
        } else if (value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte) {
            begin(out, WHOLE, type);
            out.putLong(((Number) value).longValue());
        } else if (value instanceof BigDecimal decimal
                && decimal.unscaledValue().bitLength() < Long.SIZE) {
            begin(out, DECIMAL, type);
            out.putInt(decimal.scale());
            out.putLong(decimal.unscaledValue().longValue());
        } else if (value instanceof Boolean truth) {
            begin(out, truth ? TRUE : FALSE, type);
        } else if (value instanceof LocalDate date) {
            begin(out, DATE, type);
            out.putLong(date.toEpochDay());
        } else if (value instanceof LocalTime time) {
            begin(out, TIME, type);
            out.putLong(time.toNanoOfDay());
        } else if (value instanceof LocalDateTime time) {
            begin(out, TIMESTAMP, type);
            out.putLong(time.toLocalDate().toEpochDay());
            out.putLong(time.toLocalTime().toNanoOfDay());
        } else if (value instanceof Instant instant) {
            begin(out, INSTANT, type);
            out.putLong(instant.getEpochSecond());
            out.putInt(instant.getNano());
        } else {
            begin(out, TEXT, type);
            out.put(ValueText.defaultText(value));
        }
    }

    private static void begin(ByteOutput out, int value, int type) {
        out.putByte(value << TYPE_BITS | type);
    }

    /** Reads what {@link #writeValues} has written. */
    public static RowCells readValues(ByteBuffer in) throws IOException {
        RowCells row = new RowCells(in.getInt());
        for (int i = 0; i < row.size(); i++) {
            int head = in.get();
            if (head != EMPTY) {
                row.set(i, value(in, head >> TYPE_BITS), CellCodec.type(head & TYPE_MASK));
            }
        }
        return row;
    }

    private static Object value(ByteBuffer in, int kind) throws IOException {
        return switch (kind) {
            case TEXT -> StringCodec.read(in);
            case WHOLE -> in.getLong();
            case DECIMAL -> decimal(in.getInt(), in.getLong());
            case TRUE -> true;
            case FALSE -> false;
            case DATE -> LocalDate.ofEpochDay(in.getLong());
            case TIME -> LocalTime.ofNanoOfDay(in.getLong());
            case TIMESTAMP -> LocalDateTime.of(LocalDate.ofEpochDay(in.getLong()), LocalTime.ofNanoOfDay(in.getLong()));
            case INSTANT -> Instant.ofEpochSecond(in.getLong(), in.getInt());
            default -> throw new IOException("a value of kind " + kind);
        };
    }

    private static BigDecimal decimal(int scale, long unscaled) {
        return BigDecimal.valueOf(unscaled, scale);
    }

    // ---- texts

    /** Writes the texts of a row's cells, with the types. */
    public void writeTexts(ByteOutput out, RowCells row) throws IOException {
        int size = row.size();
        out.putInt(size);
        for (int i = 0; i < size; i++) {
            Object value = row.raw(i);
            int length = value == null || value instanceof String ? 0 : valueBytes.make(value);
            if (length == 0) {
                out.putNullable(row.text(i));
            } else {
                out.putAscii(valueBytes.buffer(), length);
            }
            if (value != null) {
                out.putByte(CellCodec.code(row.type(i)));
            }
        }
    }

    /** Writes the texts of cells, with the types; {@link CellCodec} reads them. */
    public static void writeTexts(ByteOutput out, List<@Nullable Cell> cells) {
        out.putInt(cells.size());
        for (Cell cell : cells) {
            out.putNullable(cell == null ? null : cell.text());
            if (cell != null) {
                out.putByte(CellCodec.code(cell.type()));
            }
        }
    }
}
