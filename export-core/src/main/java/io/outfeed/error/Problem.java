package io.outfeed.error;

import static java.util.Objects.requireNonNull;

/**
 * What is wrong outside of a run: nothing was read for one, and nothing was delivered. Immutable.
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

    /**
     * Returns what an exception says.
     *
     * @param failure an exception of this library
     * @return its code and its message
     */
    public static Problem of(ExportException failure) {
        return new Problem(failure.code(), String.valueOf(failure.getMessage()));
    }

    /** The message. */
    @Override
    public String toString() {
        return message;
    }
}
