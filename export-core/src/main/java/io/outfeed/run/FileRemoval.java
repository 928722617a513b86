package io.outfeed.run;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * How retention ended for one delivered file: it never looks at that file again.
 *
 * <p>Immutable.
 *
 * @param outcome what happened
 * @param at when, by the engine's clock
 */
public record FileRemoval(Outcome outcome, Instant at) {

    /** What happened to a file whose time was over. */
    public enum Outcome {
        /** It was deleted. */
        DELETED,
        /** It was gone already. */
        NOT_THERE,
        /** Another size, or no regular file, has its name: not ours any more, left alone. */
        DIFFERENT,
        /** A later run delivered a file of that name to the same destination, which has its own time: left alone. */
        REPLACED,
        /** For 30 days the destination could not be asked, or did not tell: left to a person. */
        NOT_SAID
    }

    /**
     * Checks that nothing is missing.
     *
     * @param outcome what happened
     * @param at when, by the engine's clock
     */
    public FileRemoval {
        requireNonNull(outcome, "outcome");
        requireNonNull(at, "at");
    }
}
