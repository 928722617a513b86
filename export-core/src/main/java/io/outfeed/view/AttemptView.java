package io.outfeed.view;

import io.outfeed.run.Attempt;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a run, for JSON. Immutable.
 *
 * @param number its number within the run, from 1
 * @param startedAt when it began, in ISO 8601
 * @param endedAt when it ended; null while it is in progress
 * @param reached the name of the {@link io.outfeed.run.RunStatus} that it has reached
 * @param outcome the name of the {@link Attempt.Outcome}
 * @param failure why it failed; null if it did not
 */
public record AttemptView(
        int number,
        String startedAt,
        @Nullable String endedAt,
        String reached,
        String outcome,
        @Nullable FailureView failure) {

    /**
     * Shows an attempt.
     *
     * @param attempt the attempt
     * @return its view
     */
    public static AttemptView of(Attempt attempt) {
        return new AttemptView(
                attempt.number(),
                attempt.startedAt().toString(),
                attempt.endedAt().map(Instant::toString).orElse(null),
                attempt.reached().name(),
                attempt.outcome().name(),
                attempt.failure().map(FailureView::of).orElse(null));
    }
}
