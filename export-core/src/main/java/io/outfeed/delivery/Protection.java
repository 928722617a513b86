package io.outfeed.delivery;

/** Whether a delivery protects files from unauthorized readers: sensitive fields need a protected one. */
public enum Protection {
    /**
     * Files are encrypted in transit, the identity of the receiver is verified, and only authorized readers can read
     * them at the destination.
     */
    PROTECTED,
    /** None of that is guaranteed. */
    PLAIN
}
