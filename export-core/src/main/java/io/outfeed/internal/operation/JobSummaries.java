package io.outfeed.internal.operation;

import io.outfeed.ExportJob;
import io.outfeed.internal.progress.RunMeters;
import io.outfeed.operation.JobQuery;
import io.outfeed.operation.JobStatus;
import io.outfeed.operation.JobSummary;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.store.ExportStore;
import io.outfeed.store.FirePlan;
import io.outfeed.store.JobRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds summaries of jobs from their definitions and the store. */
public final class JobSummaries {

    /** How many jobs one call reads from the store. */
    private static final int CHUNK = 500;

    private JobSummaries() {}

    public static List<JobSummary> list(JobQuery query, List<ExportJob> jobs, ExportStore store, RunMeters meters) {
        List<ExportJob> candidates = jobs.stream().filter(query::matches).toList();
        List<JobSummary> found = new ArrayList<>();
        for (int from = 0; from < candidates.size() && found.size() < query.limit(); from += CHUNK) {
            List<ExportJob> chunk = candidates.subList(from, Math.min(from + CHUNK, candidates.size()));
            summaries(chunk, store, meters).stream()
                    .filter(summary -> query.matches(summary.status()))
                    .limit(query.limit() - found.size())
                    .forEach(found::add);
        }
        return List.copyOf(found);
    }

    private static List<JobSummary> summaries(List<ExportJob> jobs, ExportStore store, RunMeters meters) {
        Map<String, JobRecord> records = new HashMap<>();
        store.jobRecords(jobs.stream().map(ExportJob::name).toList())
                .forEach(record -> records.put(record.job(), record));
        return jobs.stream()
                .flatMap(job ->
                        Optional.ofNullable(records.get(job.name())).map(record -> of(job, record, meters)).stream())
                .toList();
    }

    static JobSummary of(ExportJob job, JobRecord record, RunMeters meters) {
        boolean runs = job.disabled().isEmpty() && record.state().pause().isEmpty();
        return new JobSummary(
                job,
                status(job, record),
                job.schedule().map(schedule -> schedule.frequency()),
                record.plan().filter(plan -> runs && job.schedule().isPresent()).flatMap(FirePlan::next),
                record.unfinished().stream().findFirst(),
                meters.ofJob(job.name()),
                record.lastOutcome(),
                record.state().pause(),
                record.state().failuresInARow());
    }

    private static JobStatus status(ExportJob job, JobRecord record) {
        if (record.unfinished().stream().anyMatch(run -> run.status() != RunStatus.HELD)) {
            return JobStatus.IN_PROGRESS;
        } else if (!record.unfinished().isEmpty()) {
            return JobStatus.HELD;
        } else if (job.disabled().isPresent()) {
            return JobStatus.DISABLED;
        } else if (record.state().pause().isPresent()) {
            return JobStatus.PAUSED;
        }
        return record.lastOutcome().map(JobSummaries::outcome).orElse(JobStatus.YET_TO_EXECUTE);
    }

    private static JobStatus outcome(ExportRun run) {
        boolean success = run.status() == RunStatus.COMMITTED || run.status() == RunStatus.EMPTY;
        return success ? JobStatus.SUCCESS : JobStatus.FAILED;
    }
}
