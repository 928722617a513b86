package io.outfeed.audit;

import static java.util.Objects.requireNonNull;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which lines of the audit to list, newest first.
 *
 * <p>Immutable, comparable and thread-safe; each method returns another query.
 */
public final class AuditQuery {

    private static final int DEFAULT_LIMIT = 100;

    private static final AuditQuery ALL = new AuditQuery(null, Long.MAX_VALUE, DEFAULT_LIMIT);

    private final @Nullable String job;
    private final long below;
    private final int limit;

    private AuditQuery(@Nullable String job, long below, int limit) {
        this.job = job;
        this.below = below;
        this.limit = limit;
    }

    /**
     * Returns a query for the newest 100 lines.
     *
     * @return the query
     */
    public static AuditQuery all() {
        return ALL;
    }

    /**
     * Lists only lines about one job. Default: all.
     *
     * @param name the name that it had when the line was written
     * @return another query
     */
    public AuditQuery job(String name) {
        return new AuditQuery(requireNonNull(name, "name"), below, limit);
    }

    /**
     * Begins below a line, for the next page.
     *
     * @param number the number of the last line of the previous page
     * @return another query
     */
    public AuditQuery below(long number) {
        return new AuditQuery(job, number, limit);
    }

    /**
     * Sets how many lines to list at most. Default: 100.
     *
     * @param most one or more
     * @return another query
     */
    public AuditQuery limit(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("limit must be one or more, not " + most);
        }
        return new AuditQuery(job, below, most);
    }

    /**
     * Returns the job whose lines are listed.
     *
     * @return its name; empty for all
     */
    public Optional<String> job() {
        return Optional.ofNullable(job);
    }

    /**
     * Returns below which number to begin.
     *
     * @return the number; {@link Long#MAX_VALUE} for the newest line
     */
    public long below() {
        return below;
    }

    /**
     * Returns how many lines to list at most.
     *
     * @return one or more
     */
    public int limit() {
        return limit;
    }

    /**
     * Tells whether a line passes the filters.
     *
     * @param record the line
     * @return whether it passes
     */
    public boolean matches(AuditRecord record) {
        return record.number() < below
                && (job == null || record.entry().job().filter(job::equals).isPresent());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AuditQuery that
                && Objects.equals(job, that.job)
                && below == that.below
                && limit == that.limit;
    }

    @Override
    public int hashCode() {
        return Objects.hash(job, below, limit);
    }

    /** The filters. */
    @Override
    public String toString() {
        return "audit" + (job == null ? "" : " of job '" + job + "'")
                + (below == Long.MAX_VALUE ? "" : ", below " + below) + ", at most " + limit;
    }
}
