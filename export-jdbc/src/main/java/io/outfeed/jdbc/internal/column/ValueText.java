package io.outfeed.jdbc.internal.column;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;

/** The texts of values, as a field without a transformation has them in a file. */
public final class ValueText {

    private ValueText() {}

    /** @param value of one of the types of {@link ColumnReader}, and neither bytes nor odd */
    public static String of(Object value) {
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        } else if (value instanceof Double || value instanceof Float) {
            return new BigDecimal(value.toString()).toPlainString();
        } else if (value instanceof LocalTime time) {
            return DateTimeFormatter.ISO_LOCAL_TIME.format(time);
        } else if (value instanceof LocalDateTime time) {
            return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time);
        }
        return value.toString();
    }
}
