package io.outfeed.run;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * What a run waits for. Immutable.
 *
 * @param until when the next attempt begins, by the engine's clock
 * @param cause why it waits
 * @param incident the id of the incident that keeps it from trying; it is tried sooner when another job has found out
 *     that it works again
 */
public record Waiting(Instant until, Cause cause, Optional<String> incident) {

    /** Why a run waits. */
    public enum Cause {
        /** The last attempt failed, and the next one may succeed. */
        BACKOFF,
        /** The last attempt failed, and a person must correct something: it is tried once an hour. */
        PERSON,
        /** The receiver has not taken an old file of that name yet. */
        OCCUPIED,
        /** The last attempt was interrupted: the next one begins as soon as an engine has the job. */
        RESTART,
        /** The delivery window of the job is closed. */
        DELIVERY_WINDOW,
        /** Another node has the staged bytes, and no others may be sent. */
        BYTES_ELSEWHERE,
        /** An incident keeps the job from working, and another job tries for all. */
        INCIDENT
    }

    /**
     * Checks that nothing is missing.
     *
     * @param until when the next attempt begins
     * @param cause why it waits
     * @param incident the id of the incident that keeps it from trying
     */
    public Waiting {
        requireNonNull(until, "until");
        requireNonNull(cause, "cause");
        requireNonNull(incident, "incident");
    }

    /**
     * Makes what a run waits for that no incident keeps from trying.
     *
     * @param until when the next attempt begins
     * @param cause why it waits
     */
    public Waiting(Instant until, Cause cause) {
        this(until, cause, Optional.empty());
    }
}
