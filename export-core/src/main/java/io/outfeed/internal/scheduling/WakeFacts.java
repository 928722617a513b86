package io.outfeed.internal.scheduling;

/**
 * What a {@link WakeDecision} depends on.
 *
 * @param unfinished what became of a run that an earlier process, node or fire left unfinished
 * @param scheduled whether the job runs by its schedule: it is neither disabled nor paused
 * @param due whether fires are due
 * @param owed whether an earlier fire is to be run again, since its run failed or was interrupted
 */
record WakeFacts(Unfinished unfinished, boolean scheduled, DueFire due, boolean owed) {

    /** What became of an unfinished run. */
    enum Unfinished {
        /** There was none, or it has ended. */
        NONE,
        /** It is held until a person releases or discards it. */
        HELD,
        /** It can't be finished yet, and time may repair that. */
        DELAYED,
        /** It can't be finished until something is changed. */
        STUCK
    }

    /** Whether fires are due, and the last of them in time. */
    enum DueFire {
        NONE,
        IN_TIME,
        TOO_LATE
    }
}
