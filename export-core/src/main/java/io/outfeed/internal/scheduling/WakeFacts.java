package io.outfeed.internal.scheduling;

/**
 * The facts that a {@link WakeDecision} depends on.
 *
 * @param open the run that an earlier attempt, process or node has left open
 * @param scheduled whether the job runs by its schedule, being neither disabled nor paused
 * @param due whether fire times are due
 */
record WakeFacts(OpenRun open, boolean scheduled, DueFire due) {

    /** The state of an open run. */
    enum OpenRun {
        /** There is none. */
        NONE,
        /** It is held until a person decides. */
        HELD,
        /** It has published nothing, and its next attempt is due. */
        READY,
        /** It has published nothing, and its next attempt is not due yet. */
        WAITING,
        /** It has published nothing, and the job's {@code retryFor} is over. */
        EXPIRED,
        /** A person has released its bytes, and its next attempt is due. */
        RELEASED_READY,
        /** A person has released its bytes, and its next attempt is not due yet. */
        RELEASED_WAITING,
        /** It has published a part, and its next attempt is due. */
        PUBLISHING_READY,
        /** It has published a part, and its next attempt is not due yet. */
        PUBLISHING_WAITING
    }

    /** Whether fire times are due, and whether the last of them is in time. */
    enum DueFire {
        NONE,
        IN_TIME,
        TOO_LATE
    }
}
