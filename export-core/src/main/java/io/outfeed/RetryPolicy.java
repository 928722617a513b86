package io.outfeed;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How often an upload or a publication is tried within a run.
 *
 * <p>Only retryable failures are tried again, not a refused login. The wait doubles each time, up to five minutes, and
 * varies at random by up to a quarter, so that the jobs of one destination do not retry together. Immutable and
 * thread-safe.
 *
 * @param tries how often, the first time included; one or more
 * @param firstWait how long to wait before the second attempt; zero or more
 */
public record RetryPolicy(int tries, Duration firstWait) {

    /**
     * Checks the ranges.
     *
     * @param tries how often, the first time included; one or more
     * @param firstWait how long to wait before the second attempt; zero or more
     */
    public RetryPolicy {
        requireNonNull(firstWait, "firstWait");
        if (tries < 1) {
            throw new IllegalArgumentException("tries must be one or more, not " + tries);
        }
        if (firstWait.isNegative()) {
            throw new IllegalArgumentException("firstWait must be zero or more, not " + firstWait);
        }
    }

    /**
     * Tries once.
     *
     * @return the policy
     */
    public static RetryPolicy none() {
        return new RetryPolicy(1, Duration.ZERO);
    }
}
