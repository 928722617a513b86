package io.outfeed.run.file;

import static java.util.Objects.requireNonNull;

import io.outfeed.delivery.Inspection;
import java.time.Instant;

/**
 * The request that makes an uploaded file visible: stored before it is sent, so that a missing temporary file is known
 * to have been requested or not. Immutable.
 *
 * @param at when the intent was stored, by the engine's clock
 * @param temporary what the destination said of the temporary file before the request
 * @param occupant what the destination said of the final name before the request
 * @param answer what the destination answered
 */
public record PublicationRequest(Instant at, Inspection temporary, Inspection occupant, Answer answer) {

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
     * Returns an intent, without an answer.
     *
     * @param at when it is stored
     * @param temporary what the destination said of the temporary file
     * @param occupant what the destination said of the final name
     * @return the request
     */
    public static PublicationRequest intended(Instant at, Inspection temporary, Inspection occupant) {
        return new PublicationRequest(at, temporary, occupant, Answer.NONE);
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
