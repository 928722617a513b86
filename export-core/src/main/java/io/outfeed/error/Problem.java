package io.outfeed.error;

import static java.util.Objects.requireNonNull;

/**
 * What a check has found: nothing was read for a run, and nothing was delivered. Immutable.
 *
 * @param code the kind of failure, for programs
 * @param message what is wrong and what to do, for people
 */
public record Problem(FailureCode code, String message) {

    /**
     * Checks that nothing is missing.
     *
     * @param code the kind of failure
     * @param message what is wrong and what to do
     */
    public Problem {
        requireNonNull(code, "code");
        requireNonNull(message, "message");
    }

    /** The message. */
    @Override
    public String toString() {
        return message;
    }
}
