package io.outfeed.field;

/** How a column gets its value; previews show it next to the header. */
public enum FieldKind {
    /** The record's own value. */
    DIRECT,
    /** The record's value, replaced by the receiver's code for it. */
    MATCH_CODES,
    /** The record's value, transformed. */
    TRANSFORMATION,
    /** The same text for every record. */
    CONSTANT,
    /** An empty cell: the receiver expects the column, and there is no value for it. */
    BLANK,
    /** A mapping of the host's own. */
    CUSTOM,
    /** Skipped on purpose: there is no column. */
    NOT_MAPPED
}
