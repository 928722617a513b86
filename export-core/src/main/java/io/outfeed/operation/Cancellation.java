package io.outfeed.operation;

/** What became of a request to cancel a run. */
public enum Cancellation {
    /** The run has ended as {@link io.outfeed.run.RunStatus#CANCELLED}. */
    CANCELLED,
    /**
     * An attempt is in progress: the run ends before its first file becomes visible, or as soon as it is noticed. The
     * request is in the store, and survives a crash.
     */
    REQUESTED,
    /** The run had ended, or a receiver may have seen a part of it: nothing was changed. */
    TOO_LATE
}
