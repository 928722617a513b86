package io.outfeed.operation;

import static java.util.Objects.requireNonNull;

import io.outfeed.ExportJob;
import io.outfeed.schedule.Frequency;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs to list, ordered by name without regard to case.
 *
 * <p>Immutable, comparable and thread-safe; each method returns another query.
 */
public final class JobQuery {

    private static final int DEFAULT_LIMIT = 100;

    private static final JobQuery ALL = new JobQuery(
            "", EnumSet.noneOf(Frequency.class), EnumSet.noneOf(JobStatus.class), false, false, null, DEFAULT_LIMIT);

    private final String nameContains;
    private final Set<Frequency> frequencies;
    private final Set<JobStatus> statuses;
    private final boolean unconfirmed;
    private final boolean refusedRecipients;
    private final @Nullable String after;
    private final int limit;

    private JobQuery(
            String nameContains,
            Set<Frequency> frequencies,
            Set<JobStatus> statuses,
            boolean unconfirmed,
            boolean refusedRecipients,
            @Nullable String after,
            int limit) {
        this.nameContains = nameContains;
        this.frequencies = Collections.unmodifiableSet(frequencies);
        this.statuses = Collections.unmodifiableSet(statuses);
        this.unconfirmed = unconfirmed;
        this.refusedRecipients = refusedRecipients;
        this.after = after;
        this.limit = limit;
    }

    /**
     * Returns a query for the first 100 jobs.
     *
     * @return the query
     */
    public static JobQuery all() {
        return ALL;
    }

    /**
     * Lists only jobs whose name contains a text. Default: all.
     *
     * @param text part of the name, in letters of any case
     * @return another query
     */
    public JobQuery nameContains(String text) {
        return new JobQuery(
                requireNonNull(text, "text"), frequencies, statuses, unconfirmed, refusedRecipients, after, limit);
    }

    /**
     * Lists only jobs with a schedule of some frequencies. Default: all.
     *
     * @param frequencies the frequencies to list; none for all
     * @return another query
     */
    public JobQuery frequency(Frequency... frequencies) {
        Set<Frequency> wanted = EnumSet.noneOf(Frequency.class);
        wanted.addAll(Arrays.asList(frequencies));
        return new JobQuery(nameContains, wanted, statuses, unconfirmed, refusedRecipients, after, limit);
    }

    /**
     * Lists only jobs of some statuses. Default: all.
     *
     * @param statuses the statuses to list; none for all
     * @return another query
     */
    public JobQuery status(JobStatus... statuses) {
        Set<JobStatus> wanted = EnumSet.noneOf(JobStatus.class);
        wanted.addAll(Arrays.asList(statuses));
        return new JobQuery(nameContains, frequencies, wanted, unconfirmed, refusedRecipients, after, limit);
    }

    /**
     * Lists only jobs with runs that are {@linkplain io.outfeed.run.ExportRun#unconfirmed() unconfirmed}, until a
     * person acknowledges them. Default: all.
     *
     * @return another query
     */
    public JobQuery unconfirmed() {
        return new JobQuery(nameContains, frequencies, statuses, true, refusedRecipients, after, limit);
    }

    /**
     * Lists only jobs whose destinations refuse {@linkplain JobSummary#refusedRecipients() recipients}. Default: all.
     *
     * @return another query
     */
    public JobQuery refusedRecipients() {
        return new JobQuery(nameContains, frequencies, statuses, unconfirmed, true, after, limit);
    }

    /**
     * Begins after a job, for the next page.
     *
     * @param name the name of the last job of the previous page, which may have been removed since
     * @return another query
     */
    public JobQuery after(String name) {
        return new JobQuery(
                nameContains,
                frequencies,
                statuses,
                unconfirmed,
                refusedRecipients,
                requireNonNull(name, "name"),
                limit);
    }

    /**
     * Sets how many jobs to list at most. Default: 100.
     *
     * @param limit one or more
     * @return another query
     */
    public JobQuery limit(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be one or more, not " + limit);
        }
        return new JobQuery(nameContains, frequencies, statuses, unconfirmed, refusedRecipients, after, limit);
    }

    /**
     * Returns how many jobs to list at most.
     *
     * @return one or more
     */
    public int limit() {
        return limit;
    }

    /**
     * Tells whether a job passes the filters of name, frequency and page, whatever its state.
     *
     * @param job the job
     * @return whether it passes
     */
    public boolean matches(ExportJob job) {
        String name = withoutCase(job.name());
        Optional<Frequency> frequency = job.schedule().map(schedule -> schedule.frequency());
        return name.contains(withoutCase(nameContains))
                && (after == null || name.compareTo(withoutCase(after)) > 0)
                && (frequencies.isEmpty()
                        || frequency.filter(frequencies::contains).isPresent());
    }

    /**
     * Tells whether the state of a job passes the filters of status, unconfirmed runs and refused recipients, whatever
     * its name.
     *
     * @param summary the job with its state
     * @return whether it passes
     */
    public boolean matches(JobSummary summary) {
        return (statuses.isEmpty() || statuses.contains(summary.status()))
                && (!unconfirmed || summary.unconfirmedRuns() > 0)
                && (!refusedRecipients || !summary.refusedRecipients().isEmpty());
    }

    private static String withoutCase(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JobQuery that
                && nameContains.equals(that.nameContains)
                && frequencies.equals(that.frequencies)
                && statuses.equals(that.statuses)
                && unconfirmed == that.unconfirmed
                && refusedRecipients == that.refusedRecipients
                && Objects.equals(after, that.after)
                && limit == that.limit;
    }

    @Override
    public int hashCode() {
        return Objects.hash(nameContains, frequencies, statuses, unconfirmed, refusedRecipients, after, limit);
    }

    /** The filters. */
    @Override
    public String toString() {
        return "jobs"
                + (nameContains.isEmpty() ? "" : ", name contains '" + nameContains + "'")
                + (frequencies.isEmpty() ? "" : ", frequency " + frequencies)
                + (statuses.isEmpty() ? "" : ", status " + statuses)
                + (unconfirmed ? ", with unconfirmed runs" : "")
                + (refusedRecipients ? ", with refused recipients" : "")
                + (after == null ? "" : ", after '" + after + "'")
                + ", at most " + limit;
    }
}
