package io.outfeed.file;

/** What a delivery does when the destination already has a file of that name. */
public enum IfExists {
    /** Fails, and leaves both the old file and the temporary one alone. The default. */
    FAIL,
    /**
     * Replaces it. If the receiver has not read the old file yet, what was in it does not arrive: an explicit choice for
     * receivers that want only the newest file.
     */
    REPLACE
}
