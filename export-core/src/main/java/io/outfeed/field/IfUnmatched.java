package io.outfeed.field;

/** How match codes handle a value without a code. */
public enum IfUnmatched {
    /** The record is rejected. */
    FAIL,
    /** Its cell is empty. */
    BLANK,
    /** Its cell has the value itself, as without match codes. */
    PASS_THROUGH
}
