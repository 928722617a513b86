package io.outfeed.incident;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.FailureCode;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which incidents are listed. Immutable: each method returns another query. */
public final class IncidentQuery {

    private static final int DEFAULT_LIMIT = 100;

    private final boolean openOnly;
    private final @Nullable Instant endedSince;
    private final @Nullable IncidentScope scope;
    private final Set<FailureCode> codes;
    private final @Nullable String job;
    private final int limit;

    private IncidentQuery(
            boolean openOnly,
            @Nullable Instant endedSince,
            @Nullable IncidentScope scope,
            Set<FailureCode> codes,
            @Nullable String job,
            int limit) {
        this.openOnly = openOnly;
        this.endedSince = endedSince;
        this.scope = scope;
        this.codes = codes;
        this.job = job;
        this.limit = limit;
    }

    /**
     * Returns a query for all incidents, the newest 100.
     *
     * @return a query without conditions
     */
    public static IncidentQuery all() {
        return new IncidentQuery(false, null, null, Set.of(), null, DEFAULT_LIMIT);
    }

    /**
     * Returns a query for those that have not ended.
     *
     * @return a query without a limit
     */
    public static IncidentQuery open() {
        return new IncidentQuery(true, null, null, Set.of(), null, Integer.MAX_VALUE);
    }

    /**
     * Selects those that have not ended, or ended at or after a time.
     *
     * @param time the earliest end
     * @return another query
     */
    public IncidentQuery endedSince(Instant time) {
        return new IncidentQuery(openOnly, requireNonNull(time, "time"), scope, codes, job, limit);
    }

    /**
     * Selects those about one server, destination, job and the like.
     *
     * @param about what they are about
     * @return another query
     */
    public IncidentQuery scope(IncidentScope about) {
        return new IncidentQuery(openOnly, endedSince, requireNonNull(about, "about"), codes, job, limit);
    }

    /**
     * Selects those of some kinds of failures.
     *
     * @param first a code
     * @param more other codes
     * @return another query
     */
    public IncidentQuery code(FailureCode first, FailureCode... more) {
        return new IncidentQuery(openOnly, endedSince, scope, EnumSet.of(first, more), job, limit);
    }

    /**
     * Selects those that touch a job, of the jobs that are listed.
     *
     * @param name the name of the job
     * @return another query
     */
    public IncidentQuery job(String name) {
        return new IncidentQuery(openOnly, endedSince, scope, codes, requireNonNull(name, "name"), limit);
    }

    /**
     * Limits the number of incidents.
     *
     * @param most one or more
     * @return another query
     */
    public IncidentQuery limit(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("the limit must be one or more, not " + most);
        }
        return new IncidentQuery(openOnly, endedSince, scope, codes, job, most);
    }

    /**
     * Returns whether only those are selected that have not ended.
     *
     * @return whether the query began with {@link #open()}
     */
    public boolean openOnly() {
        return openOnly;
    }

    /**
     * Returns the earliest end that is selected.
     *
     * @return the time; empty for any
     */
    public Optional<Instant> endedSince() {
        return Optional.ofNullable(endedSince);
    }

    /**
     * Returns how many are listed at most.
     *
     * @return one or more
     */
    public int limit() {
        return limit;
    }

    /**
     * Tells whether an incident is selected, apart from the limit.
     *
     * @param incident an incident
     * @return whether it fulfils all conditions
     */
    public boolean matches(Incident incident) {
        boolean inTime = incident.end()
                .map(end -> !openOnly && (endedSince == null || !end.at().isBefore(endedSince)))
                .orElse(true);
        return inTime
                && (scope == null || scope.equals(incident.scope()))
                && (codes.isEmpty() || codes.contains(incident.code()))
                && (job == null || incident.jobs().contains(job));
    }

    @Override
    public String toString() {
        return (openOnly ? "open incidents" : "incidents")
                + (scope == null ? "" : " of " + scope)
                + (codes.isEmpty() ? "" : " " + codes)
                + (job == null ? "" : " of job '" + job + "'");
    }
}
