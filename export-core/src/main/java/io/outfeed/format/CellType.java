package io.outfeed.format;

/** What a cell of a record holds. */
public enum CellType {
    /** Text, or a value that was turned into text: dates, codes, what a transformation made. */
    TEXT,
    /** A number in plain decimal notation, such as {@code -12.50}. */
    NUMBER,
    /** {@code true} or {@code false}. */
    BOOLEAN
}
