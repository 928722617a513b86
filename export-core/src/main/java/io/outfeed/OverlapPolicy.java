package io.outfeed;

/** What becomes of fires that come while a run of the job is in progress. */
public enum OverlapPolicy {
    /** One run makes up for them as soon as that run has ended. */
    COALESCE,
    /** They are skipped, and the next fire covers their windows. */
    SKIP
}
