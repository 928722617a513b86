package io.outfeed.run;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * The fire times that a run covers. Immutable.
 *
 * @param first the first one
 * @param last the last one; the same if there is only one
 * @param count how many there are, one or more; counted up to 1,000 at a time
 */
public record CoveredFires(Instant first, Instant last, long count) {

    /**
     * Checks that nothing is missing.
     *
     * @param first the first one
     * @param last the last one
     * @param count how many there are
     */
    public CoveredFires {
        requireNonNull(first, "first");
        requireNonNull(last, "last");
        if (count < 1 || last.isBefore(first)) {
            throw new IllegalArgumentException(
                    "one fire time or more, in order: not " + count + " from " + first + " to " + last);
        }
    }

    /**
     * Returns these and later ones.
     *
     * @param more later fire times
     * @return the fire times of both
     */
    public CoveredFires and(CoveredFires more) {
        return new CoveredFires(first, more.last, count + more.count);
    }
}
