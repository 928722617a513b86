package io.outfeed.store;

import static java.util.Objects.requireNonNull;

/**
 * A job of which a store remembers nothing yet. Immutable.
 *
 * @param job the name of the job
 * @param plan when it fires first
 * @param state its state
 */
public record NewJob(String job, FirePlan plan, JobState state) {

    /**
     * Checks that nothing is missing.
     *
     * @param job the name of the job
     * @param plan when it fires first
     * @param state its state
     */
    public NewJob {
        requireNonNull(job, "job");
        requireNonNull(plan, "plan");
        requireNonNull(state, "state");
    }
}
