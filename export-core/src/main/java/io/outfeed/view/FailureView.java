package io.outfeed.view;

import io.outfeed.error.Problem;
import io.outfeed.run.RunFailure;

/**
 * Why something failed, for JSON. Immutable.
 *
 * @param code the name of the {@link io.outfeed.error.FailureCode}
 * @param message what failed and what to do next, without values of records
 */
public record FailureView(String code, String message) {

    /**
     * Shows the failure of a run or an attempt.
     *
     * @param failure the failure
     * @return its view
     */
    public static FailureView of(RunFailure failure) {
        return new FailureView(failure.code().name(), failure.message());
    }

    /**
     * Shows a problem.
     *
     * @param problem the problem
     * @return its view
     */
    public static FailureView of(Problem problem) {
        return new FailureView(problem.code().name(), problem.message());
    }
}
