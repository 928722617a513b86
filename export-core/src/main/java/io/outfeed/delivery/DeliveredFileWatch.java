package io.outfeed.delivery;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How a job watches its delivered files until the next run: how often it checks that each is still there with its exact
 * size, and how often it copies a vanished file again.
 *
 * <p>A file that the receiver has taken can't be distinguished from a lost one, and a second copy may be imported
 * twice: by default a file is copied again only once, and no longer watched when it vanishes after that. For receivers
 * that take files use {@code recopies(0)}, or no watch.
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
     * Inspects files every ten minutes, and copies a vanished file again once.
     *
     * @return the watch
     */
    public static DeliveredFileWatch everyTenMinutes() {
        return every(Duration.ofMinutes(10));
    }

    /**
     * Inspects files at an interval, and copies a vanished file again once.
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
     * @param recopies how often at most, zero or more; with zero a missing file is reported and no longer watched
     * @return another watch
     */
    public DeliveredFileWatch recopies(int recopies) {
        return new DeliveredFileWatch(interval, recopies);
    }
}
