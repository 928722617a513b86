package io.outfeed.internal.maintenance;

import io.outfeed.ExportJob;
import io.outfeed.error.ExportException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.Problem;
import io.outfeed.error.StoreException;
import io.outfeed.file.transform.FileTransform;
import io.outfeed.incident.Incident.Step;
import io.outfeed.incident.IncidentScope;
import io.outfeed.incident.IncidentScope.Kind;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.incident.Incidents;
import io.outfeed.internal.incident.Sign;
import io.outfeed.internal.ledger.RunLedger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks what the transforms of jobs need, such as keys that expire, so that it is noticed before the next export. Used
 * by one thread at a time.
 */
public final class TransformChecks {

    private static final Logger log = LoggerFactory.getLogger(TransformChecks.class);

    private final Incidents incidents;

    TransformChecks(Incidents incidents) {
        this.incidents = incidents;
    }

    /** Returns the transforms of a job, each once. */
    public static List<FileTransform> transforms(ExportJob job) {
        return Stream.concat(
                        job.transforms().stream(),
                        job.definitions().stream().flatMap(definition -> definition.file().transforms().stream()))
                .distinct()
                .toList();
    }

    /** Returns what a transform lacks, or soon will lack. */
    public static List<Problem> problems(FileTransform transform, Instant now) {
        try {
            return transform.check(now);
        } catch (ExportException e) {
            return List.of(RunLedger.problem(e));
        } catch (RuntimeException | Error e) { // by the host's code; its message may have a secret
            log.warn("The check of a transform failed", HostCalls.redact(e));
            return List.of(RunLedger.problem(e));
        }
    }

    /** Checks the transforms of jobs, and opens and ends their incidents. */
    void check(List<ExportJob> jobs, Instant now) {
        Map<FileTransform, List<Problem>> found = new LinkedHashMap<>(); // many jobs may share a transform
        List<String> expiring = new ArrayList<>();
        for (ExportJob job : jobs) {
            Map<FailureCode, String> problems = transforms(job).stream()
                    .flatMap(transform -> found.computeIfAbsent(transform, checked -> problems(checked, now)).stream())
                    .collect(Collectors.toMap(
                            Problem::code, Problem::message, (a, b) -> a + "; " + b, LinkedHashMap::new));
            if (problems.containsKey(FailureCode.KEY_EXPIRING)) {
                expiring.add(job.name());
            }
            record(job, problems);
        }
        try {
            incidents.endExpiring(job -> !expiring.contains(job));
        } catch (StoreException e) {
            log.warn("The incidents of keys that expire are not ended, the next check will: {}", e.getMessage());
        }
    }

    /** The step is the first one, so that the next check without a problem ends what a check has found. */
    private void record(ExportJob job, Map<FailureCode, String> problems) {
        IncidentScope scope = new IncidentScope(Kind.JOB, job.name());
        try {
            problems.forEach((code, message) ->
                    incidents.report(new Sign(scope, code, Step.READ, message, job.name()), Optional.empty()));
            if (problems.keySet().stream().allMatch(code -> code == FailureCode.KEY_EXPIRING)
                    && !transforms(job).isEmpty()) {
                incidents.succeeded(List.of(scope), Step.READ);
            }
        } catch (StoreException e) {
            log.warn("The check of the transforms of {} is in no incident: {}", job, e.getMessage());
        }
    }
}
