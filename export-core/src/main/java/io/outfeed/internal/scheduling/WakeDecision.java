package io.outfeed.internal.scheduling;

import io.outfeed.internal.scheduling.WakeFacts.DueFire;

/** What to do at the wake-up of a job, under its lock. A pure function of {@link WakeFacts}. */
enum WakeDecision {
    /** Run for the fire times that are due. */
    RUN_DUE,
    /** Skip the fire times that are due, since the last of them is too late. */
    SKIP_TOO_LATE,
    /** Skip the fire times that are due, since a run is held. */
    SKIP_HELD,
    /** Make the next attempt of the open run; fire times that are due stay unclaimed. */
    ATTEMPT,
    /** Let the open run cover the fire times that are due, and make its next attempt. */
    COVER_AND_ATTEMPT,
    /** Let the open run cover the fire times that are due, and wait for its next attempt. */
    COVER_AND_WAIT,
    /** End the open run, whose window the fire times that are due cover, and decide again. */
    EXPIRE,
    /** Plan a run for the fire times that are due, and let it wait for an incident. */
    PLAN_AND_WAIT,
    /** Let the open run wait for an incident. */
    WAIT_FOR_INCIDENT,
    /** Wait for the next attempt of the open run. */
    WAIT_FOR_ATTEMPT,
    /** Wait for the next fire time. */
    WAIT_FOR_FIRE,
    /** Wait for the next fire time; old runs may be pruned. */
    NOTHING_DUE,
    /** Leave due fire times unclaimed, and wait for one after now: another node may resume the job. */
    WAIT_FOR_LATER_FIRE;

    static WakeDecision of(WakeFacts facts) {
        boolean due = facts.due() != DueFire.NONE;
        return switch (facts.open()) {
            case PUBLISHING_READY -> ATTEMPT;
            case PUBLISHING_WAITING -> WAIT_FOR_ATTEMPT;
            case NONE -> facts.scheduled() ? ofDue(facts.due()) : WAIT_FOR_LATER_FIRE;
            case HELD -> ifScheduled(facts, due ? SKIP_HELD : WAIT_FOR_FIRE);
            case READY -> ifScheduled(facts, due ? COVER_AND_ATTEMPT : ATTEMPT);
            case WAITING -> ifScheduled(facts, due ? COVER_AND_WAIT : WAIT_FOR_ATTEMPT);
            case EXPIRED -> ifScheduled(facts, due ? EXPIRE : ATTEMPT);
            case RELEASED_READY -> ifScheduled(facts, ATTEMPT);
            case RELEASED_WAITING -> ifScheduled(facts, WAIT_FOR_ATTEMPT);
        };
    }

    /** Tells whether a run is executed: it needs a worker, and room at its servers. */
    boolean executes() {
        return this == RUN_DUE || this == ATTEMPT || this == COVER_AND_ATTEMPT;
    }

    /** Returns what to do while an incident keeps the job from trying. */
    WakeDecision blocked() {
        return switch (this) {
            case RUN_DUE -> PLAN_AND_WAIT;
            case ATTEMPT -> WAIT_FOR_INCIDENT;
            case COVER_AND_ATTEMPT -> COVER_AND_WAIT;
            default -> this;
        };
    }

    private static WakeDecision ofDue(DueFire due) {
        return switch (due) {
            case IN_TIME -> RUN_DUE;
            case TOO_LATE -> SKIP_TOO_LATE;
            case NONE -> NOTHING_DUE;
        };
    }

    /** A run that has published nothing waits until the job is resumed. */
    private static WakeDecision ifScheduled(WakeFacts facts, WakeDecision decision) {
        return facts.scheduled() ? decision : WAIT_FOR_LATER_FIRE;
    }
}
