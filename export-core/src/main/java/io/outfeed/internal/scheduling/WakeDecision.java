package io.outfeed.internal.scheduling;

import io.outfeed.internal.scheduling.WakeFacts.DueFire;

/** What to do at the wake-up of a job, under its lock. A pure function of {@link WakeFacts}. */
enum WakeDecision {
    /** Run the fires that are due. */
    RUN_DUE(NextWake.NEXT_FIRE, true),
    /** Run an earlier fire again. */
    RUN_OWED(NextWake.NEXT_FIRE, true),
    /** Skip the fires that are due, since the last of them is too late. */
    SKIP_TOO_LATE(NextWake.NEXT_FIRE, true),
    /** Skip the fires that are due, since a run is held. */
    SKIP_HELD(NextWake.NEXT_FIRE, false),
    /** Wait for the next fire. */
    NOTHING_DUE(NextWake.NEXT_FIRE, true),
    /** A run is held, and no fire is due: wait for the next one. */
    WAIT_FOR_RELEASE(NextWake.NEXT_FIRE, false),
    /** Try again after a while. */
    WAIT_FOR_RETRY(NextWake.RETRY, false),
    /** Leave due fires unclaimed, and wait for one after now: another node may resume the job. */
    WAIT_FOR_LATER_FIRE(NextWake.FIRE_AFTER_NOW, false);

    private final NextWake next;
    private final boolean settlesOwedFires;

    WakeDecision(NextWake next, boolean settlesOwedFires) {
        this.next = next;
        this.settlesOwedFires = settlesOwedFires;
    }

    static WakeDecision of(WakeFacts facts) {
        return switch (facts.unfinished()) {
            case DELAYED -> WAIT_FOR_RETRY;
            case STUCK -> WAIT_FOR_LATER_FIRE;
            case HELD -> {
                if (!facts.scheduled()) {
                    yield WAIT_FOR_LATER_FIRE;
                }
                yield facts.due() == DueFire.NONE ? WAIT_FOR_RELEASE : SKIP_HELD;
            }
            case NONE -> {
                if (!facts.scheduled()) {
                    yield WAIT_FOR_LATER_FIRE;
                }
                yield switch (facts.due()) {
                    case IN_TIME -> RUN_DUE;
                    case TOO_LATE -> SKIP_TOO_LATE;
                    case NONE -> facts.owed() ? RUN_OWED : NOTHING_DUE;
                };
            }
        };
    }

    /** Returns when to wake the job next, unless a run fails. */
    NextWake next() {
        return next;
    }

    /** Tells whether owed fires are dropped, whatever the result of the decision. */
    boolean settlesOwedFires() {
        return settlesOwedFires;
    }
}
