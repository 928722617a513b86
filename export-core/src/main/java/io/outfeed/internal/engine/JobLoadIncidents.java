package io.outfeed.internal.engine;

import io.outfeed.error.FailureCode;
import io.outfeed.error.Problem;
import io.outfeed.error.StoreException;
import io.outfeed.incident.Incident.Step;
import io.outfeed.incident.IncidentScope;
import io.outfeed.incident.IncidentScope.Kind;
import io.outfeed.internal.event.StoreWarnings;
import io.outfeed.internal.incident.Incidents;
import io.outfeed.internal.incident.Sign;
import io.outfeed.job.JobLoad;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes incidents of what is wrong with the loads of a job source, and ends them. Each problem is one sign, however
 * often it is loaded. Used by one thread at a time.
 */
final class JobLoadIncidents {

    private static final Logger log = LoggerFactory.getLogger(JobLoadIncidents.class);

    /** More are counted. */
    private static final int MOST_NAMES = 10;

    private final IncidentScope scope;
    private final Incidents incidents;
    private final StoreWarnings warnings;

    /** What was reported, and is still so. */
    private Map<IncidentScope, Problem> reported = new HashMap<>();

    JobLoadIncidents(String source, Incidents incidents, StoreWarnings warnings) {
        this.scope = new IncidentScope(Kind.JOB_SOURCE, source);
        this.incidents = incidents;
        this.warnings = warnings;
    }

    /** Records a load that has failed; one that the store has failed is an incident of the store. */
    void failed(JobLoad load) {
        Problem problem = load.failure().orElseThrow();
        if (problem.code() == FailureCode.JOBS_NOT_LOADED) {
            quietly(() -> {
                report(scope, problem, "");
                reported.put(scope, problem);
            });
        }
    }

    /**
     * Records a load that has succeeded.
     *
     * @param known the names of all jobs that the source has or had
     */
    void loaded(JobLoad load, Set<String> known) {
        Map<IncidentScope, Problem> found = new HashMap<>();
        load.refused()
                .forEach((job, problem) -> found.put(
                        new IncidentScope(Kind.JOB, job),
                        new Problem(
                                FailureCode.JOB_INVALID,
                                "the row of job '" + job + "' in job source '" + load.source()
                                        + "' is refused, and the job does" + " not run until it is corrected: "
                                        + problem.message())));
        if (!load.withheld().isEmpty()) {
            found.put(scope, missing(load));
        }
        quietly(() -> {
            found.forEach((of, problem) -> report(of, problem, of.kind() == Kind.JOB ? of.name() : ""));
            incidents.endLoaded(
                    scope,
                    load.withheld().isEmpty(),
                    job -> known.contains(job) && !load.refused().containsKey(job));
            reported = found;
        });
    }

    private static Problem missing(JobLoad load) {
        List<String> names = load.withheld();
        String some = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "))
                + (names.size() > MOST_NAMES ? " and " + (names.size() - MOST_NAMES) + " more" : "");
        return new Problem(
                FailureCode.JOBS_MISSING,
                "job source '" + load.source() + "' has no rows any more for " + names.size() + " jobs (" + some
                        + "): so many are more often a fault than a decision, and they run on as they were loaded last;"
                        + " if they are to stop, call confirmMissingJobs(\"" + load.source() + "\", reason)");
    }

    private void report(IncidentScope of, Problem problem, String job) {
        if (!Objects.equals(reported.get(of), problem)) {
            incidents.report(new Sign(of, problem.code(), Step.RUN, problem.message(), job), Optional.empty());
        }
    }

    private void quietly(Runnable change) {
        try {
            change.run();
        } catch (StoreException e) { // done again by the next load
            warnings.warn(log, "Incidents of " + scope + " can't be saved", e);
        }
    }
}
