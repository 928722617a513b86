package io.outfeed.http;

/** What the status of an answer to an upload means. */
public enum HttpAnswer {
    /** The receiver has taken the file. */
    TAKEN,
    /** A file has the name already, and this one was not taken. */
    OCCUPIED,
    /** The file was certainly not taken, and may be later: it is sent again. */
    LATER,
    /** The file was certainly not taken, and a person must correct something first. */
    REFUSED,
    /** The file may have been taken: it counts as after an answer that got lost. */
    UNKNOWN
}
