package io.outfeed;

/** How fires are handled that come while a run of the job is in progress. */
public enum OverlapPolicy {
    /** One run covers them as soon as that run has ended. */
    COALESCE,
    /** They are skipped, and the next fire covers their windows. */
    SKIP
}
