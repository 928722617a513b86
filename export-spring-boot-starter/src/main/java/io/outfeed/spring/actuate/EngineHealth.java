package io.outfeed.spring.actuate;

import static java.util.Objects.requireNonNull;

import io.outfeed.ExportEngine;
import io.outfeed.error.ExportException;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.operation.JobQuery;
import io.outfeed.operation.JobStatus;
import io.outfeed.operation.JobSummary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The health of an engine: down only if it can't work. That jobs are delayed is a detail: mostly a customer's server is
 * away, and no restart of the application brings it back. Immutable.
 *
 * @param up whether the engine can work
 * @param details what to look at
 */
public record EngineHealth(boolean up, Map<String, Object> details) {

    private static final int SHOWN = 10;

    /**
     * Makes a health.
     *
     * @param up whether the engine can work
     * @param details what to look at
     */
    public EngineHealth {
        requireNonNull(details, "details");
    }

    /**
     * Examines an engine: asks it and its store.
     *
     * @param engine the engine
     * @return its health
     */
    public static EngineHealth of(ExportEngine engine) {
        if (engine.stopped().isPresent()) {
            return new EngineHealth(false, Map.of("engine", engine.stopped().get()));
        }
        Map<String, Object> details = new LinkedHashMap<>();
        try {
            List<JobSummary> delayed =
                    engine.jobs(JobQuery.all().status(JobStatus.DELAYED).limit(SHOWN + 1));
            List<Incident> incidents = engine.incidents(IncidentQuery.open());
            long recovering = incidents.stream()
                    .filter(incident -> incident.status() == Incident.Status.RECOVERING)
                    .count();
            details.put("openIncidents", incidents.size() - recovering);
            details.put("recoveringIncidents", recovering);
            details.put("delayedJobs", delayed.size() > SHOWN ? "more than " + SHOWN : delayed.size());
            Map<String, String> reasons = new LinkedHashMap<>();
            delayed.stream()
                    .limit(SHOWN)
                    .forEach(job -> reasons.put(
                            job.job().name(),
                            job.delay()
                                    .map(delay -> delay.failure().code() + " since " + delay.since())
                                    .orElse("delayed")));
            details.put("delayed", reasons);
        } catch (ExportException e) {
            details.put("store", e.code() + ": " + e.getMessage());
            return new EngineHealth(false, details);
        }
        return new EngineHealth(true, details);
    }
}
