package io.outfeed.spool;

import java.util.Comparator;

/**
 * An attempt of a run that has saved files in a {@link Spool}. Ordered by run, then by token.
 *
 * <p>Immutable.
 *
 * @param run the number of the run, one or more
 * @param token the fencing token of the attempt
 */
public record SpooledAttempt(long run, long token) implements Comparable<SpooledAttempt> {

    /** Is before all attempts. */
    public static final SpooledAttempt FIRST = new SpooledAttempt(0, 0);

    private static final Comparator<SpooledAttempt> ORDER =
            Comparator.comparingLong(SpooledAttempt::run).thenComparingLong(SpooledAttempt::token);

    @Override
    public int compareTo(SpooledAttempt other) {
        return ORDER.compare(this, other);
    }
}
