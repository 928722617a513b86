package io.outfeed;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How misfires are handled: fires that the engine could not run in time, because the host was down, the machine slept,
 * or all workers were busy.
 *
 * <p>All misfires of a job are covered by one run, that of the last of them. Immutable, comparable and thread-safe.
 */
public final class MisfirePolicy {

    private static final Duration PUNCTUAL = Duration.ofMinutes(10);

    private final @Nullable Duration limit;

    private MisfirePolicy(@Nullable Duration limit) {
        this.limit = limit;
    }

    /**
     * Covers misfires by one run, however late.
     *
     * @return the policy
     */
    public static MisfirePolicy runOnce() {
        return new MisfirePolicy(null);
    }

    /**
     * Covers misfires by one run, unless the last of them is too late.
     *
     * @param limit how late a run may begin, zero or more; a short limit needs enough workers
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
     * Skips misfires; the next fire covers their windows. A run may still begin up to ten minutes late: the same as
     * {@link #runOnceWithin} with ten minutes.
     *
     * @return the policy
     */
    public static MisfirePolicy skip() {
        return runOnceWithin(PUNCTUAL);
    }

    /**
     * Returns how late a run may begin.
     *
     * @return the limit; empty if there is none
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
