package io.outfeed.run.file;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * The request that makes an uploaded file visible: stored before it is sent, so that a missing temporary file is known
 * to have been requested or not. Immutable.
 *
 * @param at when the intent was stored, by the engine's clock
 * @param temporary what the destination said of the temporary file before the request; empty if it did not say
 * @param occupant what the destination said of the file under the final name before the request; empty if there was
 *     none, or if it did not say
 * @param answer what the destination answered
 */
public record PublicationRequest(
        Instant at, Optional<FileState> temporary, Optional<FileState> occupant, Answer answer) {

    /** What a destination answered to a request. */
    public enum Answer {
        /** No answer is known. */
        NONE,
        /** It was done. */
        DONE,
        /** It failed. */
        FAILED
    }

    /**
     * Checks that nothing is missing.
     *
     * @param at when the intent was stored
     * @param temporary the temporary file before the request
     * @param occupant the file under the final name before the request
     * @param answer what the destination answered
     */
    public PublicationRequest {
        requireNonNull(at, "at");
        requireNonNull(temporary, "temporary");
        requireNonNull(occupant, "occupant");
        requireNonNull(answer, "answer");
    }

    /**
     * Returns an intent without a look at the destination, and without an answer.
     *
     * @param at when it is stored
     * @return the request
     */
    public static PublicationRequest intended(Instant at) {
        return new PublicationRequest(at, Optional.empty(), Optional.empty(), Answer.NONE);
    }

    /**
     * Returns the request with its answer.
     *
     * @param answer what the destination answered
     * @return another value
     */
    public PublicationRequest answered(Answer answer) {
        return new PublicationRequest(at, temporary, occupant, answer);
    }
}
