package io.outfeed.run;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * One try at the source or the delivery of a run. Immutable.
 *
 * @param number one for the first attempt of the run
 * @param startedAt when it began, by the engine's clock
 * @param endedAt when it ended, by the engine's clock; empty while it is in progress
 * @param reached how far the run had come at its end: {@code PLANNED}, {@code STAGED} or {@code PUBLISHING}
 * @param outcome how it ended
 * @param failure what failed; empty unless it has failed or was interrupted
 */
public record Attempt(
        int number,
        Instant startedAt,
        Optional<Instant> endedAt,
        RunStatus reached,
        Outcome outcome,
        Optional<RunFailure> failure) {

    /** How an attempt ended. */
    public enum Outcome {
        /** It has not ended, as far as the ledger knows. */
        IN_PROGRESS,
        /** The run has ended with it. */
        COMPLETED,
        /** It failed, or took longer than the job allows. */
        FAILED,
        /** The process ended, or another node took the run over. Three in a row are the last of their run. */
        CRASHED,
        /** The engine was closed, or the thread was interrupted: it counts neither as a failure nor as a crash. */
        STOPPED,
        /** The run waits: for its delivery window, or until the receiver has taken a file. */
        POSTPONED,
        /** A guard holds the run. */
        HELD
    }

    /**
     * Checks that nothing is missing.
     *
     * @param number one for the first attempt of the run
     * @param startedAt when it began
     * @param endedAt when it ended
     * @param reached how far the run had come
     * @param outcome how it ended
     * @param failure what failed
     */
    public Attempt {
        requireNonNull(startedAt, "startedAt");
        requireNonNull(endedAt, "endedAt");
        requireNonNull(reached, "reached");
        requireNonNull(outcome, "outcome");
        requireNonNull(failure, "failure");
    }

    /**
     * Starts an attempt.
     *
     * @param number one for the first attempt of the run
     * @param at when it begins
     * @param reached how far the run has come
     * @return an attempt in progress
     */
    public static Attempt begin(int number, Instant at, RunStatus reached) {
        return new Attempt(number, at, Optional.empty(), reached, Outcome.IN_PROGRESS, Optional.empty());
    }

    /**
     * Returns the attempt at its end.
     *
     * @param at when it ended
     * @param reached how far the run had come
     * @param outcome how it ended
     * @param failure what failed
     * @return another value
     */
    public Attempt end(Instant at, RunStatus reached, Outcome outcome, Optional<RunFailure> failure) {
        return new Attempt(number, startedAt, Optional.of(at), reached, outcome, failure);
    }
}
