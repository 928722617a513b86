package io.outfeed.run.file;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * How the retention of a delivered file has ended. The file is not checked again.
 *
 * <p>Immutable.
 *
 * @param outcome what happened
 * @param at when, by the engine's clock
 */
public record FileRemoval(Outcome outcome, Instant at) {

    /** What happened to a file after its retention. */
    public enum Outcome {
        /** It was deleted. */
        DELETED,
        /** It was gone already. */
        NOT_THERE,
        /** Its name has another size, or is no regular file: it was replaced, and stays. */
        DIFFERENT,
        /** It counted as taken, and was never recognized at the destination: what has its name stays. */
        ASSUMED,
        /** A later run delivered a file of that name, which has its own retention: it stays. */
        REPLACED,
        /** For 30 days the destination was unavailable, or could not tell: a person must remove it. */
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
