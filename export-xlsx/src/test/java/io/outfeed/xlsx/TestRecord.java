package io.outfeed.xlsx;

import io.outfeed.format.CellType;
import io.outfeed.format.FileLayout;
import io.outfeed.format.FileTotals;
import io.outfeed.format.RecordCells;
import io.outfeed.format.RecordWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A record of plain values. */
record TestRecord(List<@Nullable Object> values) implements RecordCells {

    static TestRecord of(@Nullable Object... values) {
        return new TestRecord(Arrays.asList(values));
    }

    /** Returns the file that some records give. */
    static byte[] write(XlsxFormat format, FileLayout layout, TestRecord... records) throws IOException {
        return write(format, layout, new FileTotals(records.length, Map.of()), records);
    }

    static byte[] write(XlsxFormat format, FileLayout layout, FileTotals totals, TestRecord... records)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (RecordWriter writer = format.open(layout, bytes)) {
            for (TestRecord record : records) {
                writer.write(record);
            }
            writer.finish(totals);
        }
        return bytes.toByteArray();
    }

    @Override
    public int size() {
        return values.size();
    }

    @Override
    public @Nullable String text(int column) {
        Object value = values.get(column);
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        return value == null ? null : value.toString();
    }

    @Override
    public CellType type(int column) {
        Object value = values.get(column);
        if (value instanceof Long || value instanceof BigInteger) {
            return CellType.INTEGER;
        } else if (value instanceof BigDecimal) {
            return CellType.DECIMAL;
        } else if (value instanceof Boolean) {
            return CellType.BOOLEAN;
        } else if (value instanceof LocalDate) {
            return CellType.DATE;
        } else if (value instanceof LocalTime) {
            return CellType.TIME;
        } else if (value instanceof LocalDateTime) {
            return CellType.TIMESTAMP;
        }
        return value instanceof Instant ? CellType.INSTANT : CellType.TEXT;
    }

    @Override
    public @Nullable Object value(int column) {
        return values.get(column);
    }

    @Override
    public String toString() {
        return values.size() + " cells";
    }
}
