package io.outfeed.delivery;

/** Whether a delivery keeps from strangers what it carries: what decides if sensitive fields may go there. */
public enum Protection {
    /**
     * On the way it is encrypted, to a receiver whose identity is checked, and where it arrives only those can read it
     * whom it is for.
     */
    PROTECTED,
    /** Nobody vouches for that. */
    PLAIN
}
