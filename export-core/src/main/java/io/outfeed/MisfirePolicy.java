package io.outfeed;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of fires that the engine gets to late: because the host was down, the machine slept, or all workers were
 * busy.
 *
 * <p>However many were missed, one run makes up for them, the last one's: it covers their windows. Immutable and
 * comparable.
 */
public final class MisfirePolicy {

    private static final Duration PUNCTUAL = Duration.ofMinutes(10);

    private final @Nullable Duration limit;

    private MisfirePolicy(@Nullable Duration limit) {
        this.limit = limit;
    }

    /**
     * One run makes up for missed fires, however long ago they were.
     *
     * @return the policy
     */
    public static MisfirePolicy runOnce() {
        return new MisfirePolicy(null);
    }

    /**
     * One run makes up for missed fires, if the last of them is not too long ago.
     *
     * @param limit how late a run may begin, zero or more; who sets it short should have enough workers
     * @return the policy
     * @throws IllegalArgumentException if the limit is negative
     */
    public static MisfirePolicy runOnceWithin(Duration limit) {
        if (limit.isNegative()) {
            throw new IllegalArgumentException("limit must be zero or more, not " + limit);
        }
        return new MisfirePolicy(limit);
    }

    /**
     * Missed fires are skipped, and the next fire covers their windows. A run that begins up to ten minutes late counts
     * as punctual: {@link #runOnceWithin} with ten minutes.
     *
     * @return the policy
     */
    public static MisfirePolicy skip() {
        return runOnceWithin(PUNCTUAL);
    }

    /**
     * Returns how late a run may begin.
     *
     * @return the limit; empty if it may be as late as it gets
     */
    public Optional<Duration> limit() {
        return Optional.ofNullable(limit);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MisfirePolicy that && limit().equals(that.limit());
    }

    @Override
    public int hashCode() {
        return limit().hashCode();
    }

    @Override
    public String toString() {
        return limit == null ? "run once" : "run once within " + limit;
    }
}
