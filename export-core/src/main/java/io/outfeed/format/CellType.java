package io.outfeed.format;

/** The type of a record's cell. */
public enum CellType {
    /** Text, or a value that was converted to text, such as a date, a code, or the result of a transformation. */
    TEXT,
    /** A number in plain decimal notation, such as {@code -12.50}. */
    NUMBER,
    /** {@code true} or {@code false}. */
    BOOLEAN
}
