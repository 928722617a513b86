package io.outfeed.delivery;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How a job looks after the files it has delivered, until its next run: whether each is still there with its exact
 * size, and how often one that vanished is copied again.
 *
 * <p>A receiver that takes files away looks exactly like a loss, and a second copy is a second import: so a file is
 * copied again once, unless more is asked for, and watched no more when it vanishes after that. For receivers that take
 * files use {@code recopies(0)}, or no watch.
 *
 * <p>Immutable.
 *
 * @param interval how long after its delivery, and after each look, the next look comes; one second or more
 * @param recopies how often a file that vanished is copied again at most; zero or more
 */
public record DeliveredFileWatch(Duration interval, int recopies) {

    /**
     * Checks the ranges.
     *
     * @param interval how long after its delivery, and after each look, the next look comes; one second or more
     * @param recopies how often a file that vanished is copied again at most; zero or more
     */
    public DeliveredFileWatch {
        requireNonNull(interval, "interval");
        if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("interval must be one second or more, not " + interval);
        }
        if (recopies < 0) {
            throw new IllegalArgumentException("recopies must be zero or more, not " + recopies);
        }
    }

    /**
     * Looks every ten minutes, and copies a file that vanished again once.
     *
     * @return the watch
     */
    public static DeliveredFileWatch everyTenMinutes() {
        return every(Duration.ofMinutes(10));
    }

    /**
     * Looks at an interval, and copies a file that vanished again once.
     *
     * @param interval one second or more
     * @return the watch
     */
    public static DeliveredFileWatch every(Duration interval) {
        return new DeliveredFileWatch(interval, 1);
    }

    /**
     * Changes how often a file is copied again.
     *
     * @param recopies how often at most; with zero the first look that misses a file is the last
     * @return another watch
     */
    public DeliveredFileWatch recopies(int recopies) {
        return new DeliveredFileWatch(interval, recopies);
    }
}
