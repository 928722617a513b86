package io.outfeed.field;

/** How a column gets its value: what a preview shows beside the header. */
public enum FieldKind {
    /** The record's own value. */
    DIRECT,
    /** The record's value, replaced by the receiver's code for it. */
    MATCH_CODES,
    /** The record's value, transformed. */
    TRANSFORMATION,
    /** The same text for every record. */
    CONSTANT,
    /** Nothing: the receiver wants the column, and there is no value for it. */
    BLANK,
    /** A mapping of the host's own. */
    CUSTOM,
    /** Left out on purpose: there is no column. */
    NOT_MAPPED
}
