package io.outfeed.format;

/** The type of a record's cell. */
public enum CellType {
    /** Text, or a value that was converted to text, such as a code, or the result of a transformation. */
    TEXT,
    /** A whole number, such as {@code -12}. */
    INTEGER,
    /** A decimal number in plain notation, such as {@code -12.50}. */
    DECIMAL,
    /** {@code true} or {@code false}. */
    BOOLEAN,
    /** A date without a zone, such as {@code 2026-11-29}. */
    DATE,
    /** A time of the day without a zone, such as {@code 07:30:00}. */
    TIME,
    /** A date and time without a zone, such as {@code 2026-11-29T07:30:00}. */
    TIMESTAMP,
    /** A point in time, such as {@code 2026-11-29T06:30:00Z} or {@code 2026-11-29T07:30:00+01:00}. */
    INSTANT;

    /**
     * Returns whether the cell has a number.
     *
     * @return true for integers and decimals
     */
    public boolean isNumber() {
        return this == INTEGER || this == DECIMAL;
    }
}
