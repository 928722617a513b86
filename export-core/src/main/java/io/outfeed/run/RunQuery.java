package io.outfeed.run;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which runs to list, newest first.
 *
 * <p>A page begins below the number of a run, so that runs that are added or pruned in the meantime neither repeat nor
 * hide others. Immutable, comparable and thread-safe; each method returns another query.
 */
public final class RunQuery {

    private static final int DEFAULT_LIMIT = 50;

    private final @Nullable String job;
    private final Set<RunStatus> statuses;
    private final Set<Trigger> triggers;
    private final @Nullable Instant startedFrom;
    private final @Nullable Instant startedBefore;
    private final boolean filesRemain;
    private final boolean unconfirmed;
    private final long below;
    private final int limit;

    private RunQuery(Parts parts) {
        this.job = parts.job;
        this.statuses = Collections.unmodifiableSet(parts.statuses);
        this.triggers = Collections.unmodifiableSet(parts.triggers);
        this.startedFrom = parts.startedFrom;
        this.startedBefore = parts.startedBefore;
        this.filesRemain = parts.filesRemain;
        this.unconfirmed = parts.unconfirmed;
        this.below = parts.below;
        this.limit = parts.limit;
    }

    /** The parts of a query while it is built. */
    private static final class Parts {

        private @Nullable String job;
        private Set<RunStatus> statuses = EnumSet.noneOf(RunStatus.class);
        private Set<Trigger> triggers = EnumSet.noneOf(Trigger.class);
        private @Nullable Instant startedFrom;
        private @Nullable Instant startedBefore;
        private boolean filesRemain;
        private boolean unconfirmed;
        private long below = Long.MAX_VALUE;
        private int limit = DEFAULT_LIMIT;
    }

    private Parts parts() {
        Parts parts = new Parts();
        parts.job = job;
        parts.statuses = statuses;
        parts.triggers = triggers;
        parts.startedFrom = startedFrom;
        parts.startedBefore = startedBefore;
        parts.filesRemain = filesRemain;
        parts.unconfirmed = unconfirmed;
        parts.below = below;
        parts.limit = limit;
        return parts;
    }

    /**
     * Returns a query for the newest 50 runs of all jobs, also of jobs that are not added.
     *
     * @return the query
     */
    public static RunQuery all() {
        return new RunQuery(new Parts());
    }

    /**
     * Returns a query for the newest 50 runs of one job.
     *
     * @param job the name of the job, whether or not it is added
     * @return the query
     */
    public static RunQuery ofJob(String job) {
        Parts parts = new Parts();
        parts.job = requireNonNull(job, "job");
        return new RunQuery(parts);
    }

    /**
     * Lists only runs of some statuses. Default: all.
     *
     * @param statuses the statuses to list; none for all
     * @return another query
     */
    public RunQuery status(RunStatus... statuses) {
        Parts parts = parts();
        parts.statuses = EnumSet.noneOf(RunStatus.class);
        parts.statuses.addAll(Arrays.asList(statuses));
        return new RunQuery(parts);
    }

    /**
     * Lists only runs of some triggers. Default: all.
     *
     * @param triggers the triggers to list; none for all
     * @return another query
     */
    public RunQuery trigger(Trigger... triggers) {
        Parts parts = parts();
        parts.triggers = EnumSet.noneOf(Trigger.class);
        parts.triggers.addAll(Arrays.asList(triggers));
        return new RunQuery(parts);
    }

    /**
     * Lists only the outcomes of jobs: scheduled and manual runs that ended in success or failure, but none that were
     * interrupted, discarded or skipped.
     *
     * @return another query
     */
    public RunQuery outcomes() {
        return status(RunStatus.COMMITTED, RunStatus.EMPTY, RunStatus.FAILED, RunStatus.GIVEN_UP)
                .trigger(Trigger.SCHEDULED, Trigger.MANUAL);
    }

    /**
     * Lists only runs that started at a time or later. Default: all.
     *
     * @param from the time
     * @return another query
     */
    public RunQuery startedFrom(Instant from) {
        Parts parts = parts();
        parts.startedFrom = requireNonNull(from, "from");
        return new RunQuery(parts);
    }

    /**
     * Lists only runs that started before a time. Default: all.
     *
     * @param before the time
     * @return another query
     */
    public RunQuery startedBefore(Instant before) {
        Parts parts = parts();
        parts.startedBefore = requireNonNull(before, "before");
        return new RunQuery(parts);
    }

    /**
     * Lists only runs of which a file {@linkplain io.outfeed.run.file.FileDelivery#remains() remains} at a destination,
     * as far as the ledger knows. Default: all.
     *
     * @return another query
     */
    public RunQuery filesRemain() {
        Parts parts = parts();
        parts.filesRemain = true;
        return new RunQuery(parts);
    }

    /**
     * Lists only runs that are {@linkplain ExportRun#unconfirmed() unconfirmed}, until a person acknowledges them.
     * Default: all.
     *
     * @return another query
     */
    public RunQuery unconfirmed() {
        Parts parts = parts();
        parts.unconfirmed = true;
        return new RunQuery(parts);
    }

    /**
     * Lists only runs with lower numbers, for the next page.
     *
     * @param number the number of the last run of the previous page, which may have been pruned since
     * @return another query
     */
    public RunQuery below(long number) {
        Parts parts = parts();
        parts.below = number;
        return new RunQuery(parts);
    }

    /**
     * Sets how many runs to list at most. Default: 50.
     *
     * @param limit one or more
     * @return another query
     */
    public RunQuery limit(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be one or more, not " + limit);
        }
        Parts parts = parts();
        parts.limit = limit;
        return new RunQuery(parts);
    }

    /**
     * Returns the job whose runs are listed.
     *
     * @return the name of the job; empty for all
     */
    public Optional<String> job() {
        return Optional.ofNullable(job);
    }

    /**
     * Returns the statuses to list.
     *
     * @return the statuses; empty for all
     */
    public Set<RunStatus> statuses() {
        return statuses;
    }

    /**
     * Returns the triggers to list.
     *
     * @return the triggers; empty for all
     */
    public Set<Trigger> triggers() {
        return triggers;
    }

    /**
     * Returns the time from which runs are listed.
     *
     * @return the earliest start that is listed; empty for all
     */
    public Optional<Instant> startedFrom() {
        return Optional.ofNullable(startedFrom);
    }

    /**
     * Returns the time before which runs are listed.
     *
     * @return the earliest start that is not listed; empty for all
     */
    public Optional<Instant> startedBefore() {
        return Optional.ofNullable(startedBefore);
    }

    /**
     * Tells whether only runs with files at destinations are listed.
     *
     * @return whether others are left out
     */
    public boolean onlyFilesRemain() {
        return filesRemain;
    }

    /**
     * Tells whether only unconfirmed runs are listed.
     *
     * @return whether others are left out
     */
    public boolean onlyUnconfirmed() {
        return unconfirmed;
    }

    /**
     * Returns the number below which runs are listed.
     *
     * @return the number below which runs are listed; empty for the newest
     */
    public OptionalLong below() {
        return below == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(below);
    }

    /**
     * Returns how many runs to list at most.
     *
     * @return one or more
     */
    public int limit() {
        return limit;
    }

    /**
     * Tells whether a run passes the filters, whatever the limit: for stores that can't query otherwise.
     *
     * @param run the run
     * @return whether it passes every filter and belongs to this or a later page
     */
    public boolean matches(ExportRun run) {
        return run.number() < below
                && (job == null || job.equals(run.job()))
                && (statuses.isEmpty() || statuses.contains(run.status()))
                && (triggers.isEmpty() || triggers.contains(run.trigger()))
                && (startedFrom == null || !run.startedAt().isBefore(startedFrom))
                && (startedBefore == null || run.startedAt().isBefore(startedBefore))
                && (!filesRemain || run.filesRemain())
                && (!unconfirmed || run.unconfirmed());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RunQuery that
                && Objects.equals(job, that.job)
                && statuses.equals(that.statuses)
                && triggers.equals(that.triggers)
                && Objects.equals(startedFrom, that.startedFrom)
                && Objects.equals(startedBefore, that.startedBefore)
                && filesRemain == that.filesRemain
                && unconfirmed == that.unconfirmed
                && below == that.below
                && limit == that.limit;
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                job, statuses, triggers, startedFrom, startedBefore, filesRemain, unconfirmed, below, limit);
    }

    /** The filters. */
    @Override
    public String toString() {
        return "runs of " + (job == null ? "all jobs" : "job '" + job + "'")
                + (statuses.isEmpty() ? "" : ", status " + statuses)
                + (triggers.isEmpty() ? "" : ", trigger " + triggers)
                + (startedFrom == null ? "" : ", started from " + startedFrom)
                + (startedBefore == null ? "" : ", started before " + startedBefore)
                + (filesRemain ? ", with files at destinations" : "")
                + (unconfirmed ? ", unconfirmed" : "")
                + (below == Long.MAX_VALUE ? "" : ", below " + below)
                + ", at most " + limit;
    }
}
