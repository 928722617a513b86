package io.outfeed.field;

/** How match codes handle null. */
public enum IfNull {
    /** Its cell is empty. */
    BLANK,
    /** The record is rejected. */
    FAIL
}
