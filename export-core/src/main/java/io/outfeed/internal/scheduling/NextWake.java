package io.outfeed.internal.scheduling;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When to wake a job next.
 *
 * @param fire the fire time at which it is woken
 * @param claimed the fire time of {@link Fire#CLAIMED}; empty if the job fires no more
 * @param latest the latest time to wake it, if there is one
 */
record NextWake(Fire fire, Optional<Instant> claimed, Optional<Instant> latest) {

    /** How long until the store is tried again that was not available. */
    static final Duration STORE_RETRY = Duration.ofMinutes(1);

    /** How long until a job is tried again whose lock another owner has. */
    static final Duration LOCK_RETRY = Duration.ofMinutes(10);

    /** How long until a job is offered to the nodes again for which one of them had no permit. */
    static final Duration PERMIT_RETRY = Duration.ofMinutes(1);

    /** How long until a job is tried again that a person has to repair. */
    static final Duration REPAIR_RETRY = Duration.ofHours(1);

    /** How long until a job is tried that nothing has woken when its incident was over. */
    static final Duration UNWOKEN_RETRY = Duration.ofHours(2);

    /** At which fire time. */
    enum Fire {
        /** The planned one, which may be due already. */
        PLANNED,
        /** The one that is planned since fire times were claimed. */
        CLAIMED,
        /** The first one after now, whether or not one is due. */
        AFTER_NOW
    }

    /** At the planned fire time. */
    static NextWake atFire() {
        return new NextWake(Fire.PLANNED, Optional.empty(), Optional.empty());
    }

    /** At the fire time that follows those which were claimed: the store is not asked. */
    static NextWake atFire(Optional<Instant> following) {
        return new NextWake(Fire.CLAIMED, following, Optional.empty());
    }

    /** At the first fire time after now: a due one stays unclaimed. */
    static NextWake atLaterFire() {
        return new NextWake(Fire.AFTER_NOW, Optional.empty(), Optional.empty());
    }

    /** At the latest then, or earlier if that was so before. */
    NextWake noLaterThan(Instant at) {
        return or(latest.filter(at::isAfter).orElse(at));
    }

    /** At the latest then. */
    NextWake or(Instant at) {
        return new NextWake(fire, claimed, Optional.of(at));
    }
}
