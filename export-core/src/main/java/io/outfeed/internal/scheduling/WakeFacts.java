package io.outfeed.internal.scheduling;

/**
 * The facts that a {@link WakeDecision} depends on.
 *
 * @param unfinished the state of a run that an earlier process, node or fire left unfinished
 * @param scheduled whether the job runs by its schedule, being neither disabled nor paused
 * @param due whether fires are due
 * @param owed whether an earlier fire is run again, since its run failed or was interrupted
 */
record WakeFacts(Unfinished unfinished, boolean scheduled, DueFire due, boolean owed) {

    /** The state of an unfinished run after its recovery. */
    enum Unfinished {
        /** There was none, or it has ended. */
        NONE,
        /** It is held until a person releases or discards it. */
        HELD,
        /** It can't be finished yet; a retry may succeed. */
        DELAYED,
        /** It can't be finished until a person changes something. */
        STUCK
    }

    /** Whether fires are due, and whether the last of them is in time. */
    enum DueFire {
        NONE,
        IN_TIME,
        TOO_LATE
    }
}
