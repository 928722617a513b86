package io.outfeed.field;

/** What becomes of a value that has no match code. */
public enum IfUnmatched {
    /** The record fails, and nothing is published. */
    FAIL,
    /** Its cell is empty. */
    BLANK,
    /** Its cell has the value itself, as a column without match codes has it. */
    PASS_THROUGH
}
