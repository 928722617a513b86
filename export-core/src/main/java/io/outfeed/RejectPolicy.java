package io.outfeed;

/**
 * What happens to a run with records that can't be mapped.
 *
 * <p>Immutable, comparable and thread-safe.
 */
public final class RejectPolicy {

    /** Bounds the list of a run's rejects, which is read into memory. */
    private static final int MOST = 10_000;

    private static final RejectPolicy FAIL = new RejectPolicy(0);

    private final int limit;

    private RejectPolicy(int limit) {
        this.limit = limit;
    }

    /**
     * Fails the run; nothing is published. The failure names up to 20 of the records: the rest of the window is
     * searched for them.
     *
     * @return the policy
     */
    public static RejectPolicy fail() {
        return FAIL;
    }

    /**
     * Leaves out records that can't be mapped, up to a limit; with more, the run fails.
     * {@link io.outfeed.operation.RunHandle#rejects()} of the run lists them. The position moves past them: a record
     * that was left out is exported when it is written again, or by {@link io.outfeed.operation.RunHandle#reExport()}
     * of the run when the mapping was corrected.
     *
     * @param limit how many records of a definition one run may leave out, 1 to 10,000
     * @return the policy
     * @throws IllegalArgumentException if the limit is out of range
     */
    public static RejectPolicy skipUpTo(int limit) {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("a run may skip 1 to " + MOST + " records, not " + limit
                    + ": use RejectPolicy.fail() to skip none");
        }
        return new RejectPolicy(limit);
    }

    /**
     * Returns how many records may be left out.
     *
     * @return the limit; 0 if no record may be left out
     */
    public int limit() {
        return limit;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RejectPolicy policy && policy.limit == limit;
    }

    @Override
    public int hashCode() {
        return limit;
    }

    /** What it does, in words. */
    @Override
    public String toString() {
        return limit == 0 ? "fail" : "skip up to " + limit;
    }
}
