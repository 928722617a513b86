package io.outfeed.file;

/** What a run does when a definition has no records in its window. */
public enum WhenEmpty {
    /** Delivers a file with the header only: the receiver sees that the export ran. The default. */
    HEADER_ONLY,
    /** Delivers no file for the definition. The window counts as exported. */
    NO_FILE,
    /** Fails the run: the window stays and the next run covers it. */
    FAIL
}
