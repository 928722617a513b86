package io.outfeed.run;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * What a run waits for. Immutable.
 *
 * @param until when the next attempt begins, by the engine's clock
 * @param cause why it waits
 */
public record Waiting(Instant until, Cause cause) {

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
        BYTES_ELSEWHERE
    }

    /**
     * Checks that nothing is missing.
     *
     * @param until when the next attempt begins
     * @param cause why it waits
     */
    public Waiting {
        requireNonNull(until, "until");
        requireNonNull(cause, "cause");
    }
}
