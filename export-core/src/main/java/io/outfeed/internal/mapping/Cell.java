package io.outfeed.internal.mapping;

import io.outfeed.format.CellType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;

/**
 * A cell that is not empty. Its text is the notation of its type, from which its value can be had: a cell whose text
 * the host's code has made is a text.
 *
 * @param type what the text stands for
 */
public record Cell(String text, CellType type) {

    /** How many digits surely fit into a long. */
    private static final int LONG_DIGITS = 18;

    /** Returns the value, in the class that {@link io.outfeed.format.RecordCells#value} names for its type. */
    public Object value() {
        return switch (type) {
            case TEXT -> text;
            case INTEGER -> integer();
            case DECIMAL -> new BigDecimal(text);
            case BOOLEAN -> Boolean.valueOf(text);
            case DATE -> LocalDate.parse(text);
            case TIME -> LocalTime.parse(text);
            case TIMESTAMP -> LocalDateTime.parse(text);
            case INSTANT -> Instant.parse(text);
        };
    }

    private Object integer() {
        if (text.length() <= LONG_DIGITS) {
            return Long.valueOf(text);
        }
        BigInteger value = new BigInteger(text);
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
    }

    /** Omits the text, which may be personal. */
    @Override
    public String toString() {
        return type + " cell";
    }
}
