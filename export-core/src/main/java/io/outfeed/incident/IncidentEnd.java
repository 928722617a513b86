package io.outfeed.incident;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * How an incident ended. Immutable.
 *
 * @param at when, by the engine's clock: of one that went away by itself, when it was seen to work again
 * @param how why it ended
 * @param reason what a person gave as the reason; empty if none has ended it
 * @param waitingJobs how many of its jobs still had an open run when it ended
 */
public record IncidentEnd(Instant at, How how, String reason, int waitingJobs) {

    /** Why an incident ended. */
    public enum How {
        /** What had failed has succeeded, and nothing failed since; or what it told of is no more. */
        RECOVERED,
        /** A person has ended it. */
        ACKNOWLEDGED,
        /** No job uses what it is about any more. */
        NO_LONGER_RELEVANT
    }

    /**
     * Checks that nothing is missing.
     *
     * @param at when
     * @param how why it ended
     * @param reason what a person gave as the reason
     * @param waitingJobs how many of its jobs still had an open run when it ended
     */
    public IncidentEnd {
        requireNonNull(at, "at");
        requireNonNull(how, "how");
        requireNonNull(reason, "reason");
    }
}
