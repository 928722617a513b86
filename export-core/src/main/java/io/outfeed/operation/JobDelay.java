package io.outfeed.operation;

import static java.util.Objects.requireNonNull;

import io.outfeed.run.RunFailure;
import io.outfeed.run.Waiting;
import java.time.Instant;
import java.util.Optional;

/**
 * Why a job owes a file, since when, and what happens next. Immutable.
 *
 * @param run the number of the run that is tried again
 * @param since when its first attempt failed, by the engine's clock
 * @param failure why the last attempt failed
 * @param next what the run waits for, and when its next attempt begins; empty while an attempt is in progress
 */
public record JobDelay(long run, Instant since, RunFailure failure, Optional<Waiting> next) {

    /**
     * Checks that nothing is missing.
     *
     * @param run the number of the run that is tried again
     * @param since when its first attempt failed
     * @param failure why the last attempt failed
     * @param next what the run waits for
     */
    public JobDelay {
        requireNonNull(since, "since");
        requireNonNull(failure, "failure");
        requireNonNull(next, "next");
    }

    /** One line for a person. */
    @Override
    public String toString() {
        return "delayed since " + since + " (" + failure.code() + "): " + failure.message()
                + next.map(waiting -> "; next attempt at " + waiting.until()).orElse("; an attempt is in progress");
    }
}
