package io.outfeed.operation;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A pause of a job: it does not run by its schedule until it is resumed.
 *
 * <p>Immutable.
 *
 * @param by who has paused it
 * @param reason why, for people; without personal data
 * @param since when it was paused, by the engine's clock
 */
public record JobPause(By by, String reason, Instant since) {

    /** Who has paused a job. */
    public enum By {
        /** A person, by {@link JobHandle#pause}. */
        OPERATOR,
        /** The engine, after as many failures in a row as the job allows. */
        FAILURES,
        /**
         * The engine, since the clock was ahead when a position was made, or is behind now:
         * {@link JobHandle#resetPosition} resumes the job. Stays when the job is removed and its history is kept.
         */
        CLOCK
    }

    /**
     * Checks that nothing is missing.
     *
     * @param by who has paused it
     * @param reason why, for people; without personal data
     * @param since when it was paused, by the engine's clock
     */
    public JobPause {
        requireNonNull(by, "by");
        requireNonNull(reason, "reason");
        requireNonNull(since, "since");
    }
}
