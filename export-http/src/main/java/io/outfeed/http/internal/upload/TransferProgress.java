package io.outfeed.http.internal.upload;

/** How far a request or its answer is, by which one that stands still is told from a slow one. Thread-safe. */
interface TransferProgress {

    /** A request or an answer without a body of its own. */
    TransferProgress NONE = () -> 0;

    /** Returns the bytes so far. */
    long transferred();
}
