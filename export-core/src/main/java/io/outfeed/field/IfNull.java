package io.outfeed.field;

/** What becomes of null where there are match codes. */
public enum IfNull {
    /** Its cell is empty. */
    BLANK,
    /** The record fails, and nothing is published. */
    FAIL
}
