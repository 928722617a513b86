package io.outfeed.operation;

import static java.util.Objects.requireNonNull;

import io.outfeed.ExportJob;
import io.outfeed.schedule.Frequency;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs to list, ordered by name without regard to case.
 *
 * <p>Immutable, comparable and thread-safe; each method returns another query.
 */
public final class JobQuery {

    private static final JobQuery ALL = new JobQuery(new Parts());

    private final Parts parts;

    private JobQuery(Parts parts) {
        this.parts = parts;
    }

    /** What a query consists of; changed only before it belongs to one. */
    private static final class Parts {

        private String nameContains = "";
        private Set<Frequency> frequencies = EnumSet.noneOf(Frequency.class);
        private Set<JobStatus> statuses = EnumSet.noneOf(JobStatus.class);
        private boolean unconfirmed;
        private boolean refusedRecipients;
        private boolean needingAttention;
        private @Nullable Set<String> among;
        private @Nullable String after;
        private int limit = 100;

        private Parts copy() {
            Parts copy = new Parts();
            copy.nameContains = nameContains;
            copy.frequencies = frequencies;
            copy.statuses = statuses;
            copy.unconfirmed = unconfirmed;
            copy.refusedRecipients = refusedRecipients;
            copy.needingAttention = needingAttention;
            copy.among = among;
            copy.after = after;
            copy.limit = limit;
            return copy;
        }

        private List<Object> values() {
            return Arrays.asList(
                    nameContains,
                    frequencies,
                    statuses,
                    unconfirmed,
                    refusedRecipients,
                    needingAttention,
                    among,
                    after,
                    limit);
        }
    }

    private JobQuery with(Consumer<Parts> change) {
        Parts changed = parts.copy();
        change.accept(changed);
        return new JobQuery(changed);
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
        requireNonNull(text, "text");
        return with(next -> next.nameContains = text);
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
        return with(next -> next.frequencies = wanted);
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
        return with(next -> next.statuses = wanted);
    }

    /**
     * Lists only jobs with runs that are {@linkplain io.outfeed.run.ExportRun#unconfirmed() unconfirmed}, until a
     * person acknowledges them. Default: all.
     *
     * @return another query
     */
    public JobQuery unconfirmed() {
        return with(next -> next.unconfirmed = true);
    }

    /**
     * Lists only jobs whose destinations refuse {@linkplain JobSummary#refusedRecipients() recipients}. Default: all.
     *
     * @return another query
     */
    public JobQuery refusedRecipients() {
        return with(next -> next.refusedRecipients = true);
    }

    /**
     * Lists only jobs for which a person may have to do something: see {@link JobSummary#needsAttention}. Default: all.
     *
     * @return another query
     */
    public JobQuery needingAttention() {
        return with(next -> next.needingAttention = true);
    }

    /**
     * Lists only some jobs, such as those that a customer may see. Default: all.
     *
     * @param names the names of the jobs; none of them need be there
     * @return another query
     */
    public JobQuery among(Collection<String> names) {
        Set<String> wanted = Set.copyOf(names);
        return with(next -> next.among = wanted);
    }

    /**
     * Begins after a job, for the next page.
     *
     * @param name the name of the last job of the previous page, which may have been removed since
     * @return another query
     */
    public JobQuery after(String name) {
        requireNonNull(name, "name");
        return with(next -> next.after = name);
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
        return with(next -> next.limit = limit);
    }

    /**
     * Returns how many jobs to list at most.
     *
     * @return one or more
     */
    public int limit() {
        return parts.limit;
    }

    /**
     * Tells whether the state of a job decides if it is listed: then that of all others has to be read.
     *
     * @return whether there is a filter of status, unconfirmed runs, refused recipients or attention
     */
    public boolean asksForState() {
        return !parts.statuses.isEmpty() || parts.unconfirmed || parts.refusedRecipients || parts.needingAttention;
    }

    /**
     * Tells whether a job passes the filters of name, frequency, selection and page, whatever its state.
     *
     * @param job the job
     * @return whether it passes
     */
    public boolean matches(ExportJob job) {
        String name = withoutCase(job.name());
        Optional<Frequency> frequency = job.schedule().map(schedule -> schedule.frequency());
        return name.contains(withoutCase(parts.nameContains))
                && (parts.among == null || parts.among.contains(job.name()))
                && (parts.after == null || name.compareTo(withoutCase(parts.after)) > 0)
                && (parts.frequencies.isEmpty()
                        || frequency.filter(parts.frequencies::contains).isPresent());
    }

    /**
     * Tells whether the state of a job passes the filters of status, unconfirmed runs, refused recipients and
     * attention, whatever its name.
     *
     * @param summary the job with its state
     * @return whether it passes
     */
    public boolean matches(JobSummary summary) {
        return (parts.statuses.isEmpty() || parts.statuses.contains(summary.status()))
                && (!parts.unconfirmed || summary.unconfirmedRuns() > 0)
                && (!parts.needingAttention || summary.needsAttention())
                && (!parts.refusedRecipients || !summary.refusedRecipients().isEmpty());
    }

    private static String withoutCase(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JobQuery that && parts.values().equals(that.parts.values());
    }

    @Override
    public int hashCode() {
        return parts.values().hashCode();
    }

    /** The filters. */
    @Override
    public String toString() {
        return "jobs"
                + (parts.nameContains.isEmpty() ? "" : ", name contains '" + parts.nameContains + "'")
                + (parts.frequencies.isEmpty() ? "" : ", frequency " + parts.frequencies)
                + (parts.statuses.isEmpty() ? "" : ", status " + parts.statuses)
                + (parts.unconfirmed ? ", with unconfirmed runs" : "")
                + (parts.refusedRecipients ? ", with refused recipients" : "")
                + (parts.needingAttention ? ", needing attention" : "")
                + (parts.among == null ? "" : ", among " + parts.among.size())
                + (parts.after == null ? "" : ", after '" + parts.after + "'")
                + ", at most " + parts.limit;
    }
}
