package io.outfeed.internal.operation;

import io.outfeed.ExportJob;
import io.outfeed.delivery.RecipientDelivery;
import io.outfeed.internal.ledger.RefusedRecipients;
import io.outfeed.internal.progress.RunMeters;
import io.outfeed.internal.run.Backoff;
import io.outfeed.operation.JobDelay;
import io.outfeed.operation.JobQuery;
import io.outfeed.operation.JobStatus;
import io.outfeed.operation.JobSummary;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.run.Waiting;
import io.outfeed.store.ExportStore;
import io.outfeed.store.FirePlan;
import io.outfeed.store.JobDeadline;
import io.outfeed.store.JobRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds summaries of jobs from their definitions and the store. */
public final class JobSummaries {

    /** How many jobs one call reads from the store, where their state decides which are listed. */
    private static final int MOST_AT_ONCE = 10_000;

    private JobSummaries() {}

    public static List<JobSummary> list(
            JobQuery query, List<ExportJob> jobs, ExportStore store, RunMeters meters, Instant now) {
        List<ExportJob> candidates = jobs.stream().filter(query::matches).toList();
        int atOnce = query.asksForState() ? MOST_AT_ONCE : Math.min(MOST_AT_ONCE, query.limit());
        List<JobSummary> found = new ArrayList<>();
        for (int from = 0; from < candidates.size() && found.size() < query.limit(); from += atOnce) {
            List<ExportJob> chunk = candidates.subList(from, Math.min(from + atOnce, candidates.size()));
            summaries(chunk, store, meters, now).stream()
                    .filter(summary -> query.matches(summary))
                    .limit(query.limit() - found.size())
                    .forEach(found::add);
        }
        return List.copyOf(found);
    }

    private static List<JobSummary> summaries(List<ExportJob> jobs, ExportStore store, RunMeters meters, Instant now) {
        Map<String, JobRecord> records = new HashMap<>();
        store.jobRecords(jobs.stream().map(ExportJob::name).toList())
                .forEach(record -> records.put(record.job(), record));
        return jobs.stream()
                .flatMap(job ->
                        Optional.ofNullable(records.get(job.name()))
                                .map(record -> of(job, record, meters, now))
                                .stream())
                .toList();
    }

    static JobSummary of(ExportJob job, JobRecord record, RunMeters meters, Instant now) {
        boolean scheduled = job.disabled().isEmpty() && record.state().pause().isEmpty();
        Optional<ExportRun> current = current(record);
        Optional<JobDelay> delay = current.flatMap(run -> delay(job, run, scheduled, now));
        return new JobSummary(
                job,
                status(job, record, current, delay),
                job.schedule().map(schedule -> schedule.frequency()),
                scheduled ? nextFire(job, record, now) : Optional.empty(),
                current,
                delay,
                meters.ofJob(job.name()),
                record.lastOutcome(),
                refusedRecipients(job, record),
                record.state().pause(),
                record.state().backfill(),
                record.state().failuresInARow(),
                record.unconfirmedRuns(),
                record.state().deadline().filter(JobDeadline::overdue).map(JobDeadline::checkedUntil),
                record.damage());
    }

    /** A chunk of a backfill that waits comes after the run that is due. */
    private static Optional<ExportRun> current(JobRecord record) {
        return record.unfinished().stream()
                .filter(run -> run.trigger() != Trigger.BACKFILL_CHUNK)
                .findFirst()
                .or(() -> record.unfinished().stream().findFirst());
    }

    /** A run that waits for one recipient may have reached the others. */
    private static Map<String, List<RecipientDelivery>> refusedRecipients(ExportJob job, JobRecord record) {
        Map<String, List<RecipientDelivery>> refused = record.state().refusedRecipients();
        for (ExportRun run : record.unfinished()) {
            refused = RefusedRecipients.after(refused, run);
        }
        return RefusedRecipients.of(job, refused);
    }

    /** A fire time that waits for an open run is not the next one. */
    private static Optional<Instant> nextFire(ExportJob job, JobRecord record, Instant now) {
        boolean waits = record.unfinished().stream()
                .anyMatch(run -> run.status() == RunStatus.WAITING && run.trigger() != Trigger.BACKFILL_CHUNK);
        return record.plan()
                .filter(plan -> job.schedule().isPresent())
                .flatMap(FirePlan::next)
                .flatMap(next ->
                        waits && next.isBefore(now) ? job.schedule().get().next(now) : Optional.of(next));
    }

    private static Optional<JobDelay> delay(ExportJob job, ExportRun run, boolean scheduled, Instant now) {
        boolean owes = run.status() != RunStatus.HELD && (run.publishing() || scheduled);
        boolean waitsForWindow = run.waiting()
                .filter(waiting -> waiting.cause() == Waiting.Cause.DELIVERY_WINDOW)
                .isPresent();
        if (!owes || waitsForWindow || run.failingSince().isEmpty()) {
            return Optional.empty();
        }
        Optional<Waiting> next = run.waiting()
                .map(waiting -> new Waiting(
                        Backoff.due(waiting, job.deliveryWindow(), now), waiting.cause(), waiting.incident()));
        return run.failure()
                .map(failure -> new JobDelay(run.number(), run.failingSince().get(), failure, next));
    }

    private static JobStatus status(
            ExportJob job, JobRecord record, Optional<ExportRun> current, Optional<JobDelay> delay) {
        if (record.damage().isPresent()) {
            return JobStatus.DAMAGED;
        } else if (delay.isPresent()) {
            return JobStatus.DELAYED;
        } else if (current.filter(run -> run.status() == RunStatus.HELD).isPresent()) {
            return JobStatus.HELD;
        }
        boolean mayContinue = current.filter(run -> run.publishing() || run.status() != RunStatus.WAITING)
                .isPresent();
        if (mayContinue) {
            return JobStatus.IN_PROGRESS;
        } else if (job.disabled().isPresent()) {
            return JobStatus.DISABLED;
        } else if (record.state().pause().isPresent()) {
            return JobStatus.PAUSED;
        } else if (current.isPresent()) {
            return JobStatus.IN_PROGRESS;
        }
        return record.lastOutcome().map(JobSummaries::outcome).orElse(JobStatus.YET_TO_EXECUTE);
    }

    private static JobStatus outcome(ExportRun run) {
        boolean success = run.status() == RunStatus.COMMITTED || run.status() == RunStatus.EMPTY;
        return success ? JobStatus.SUCCESS : JobStatus.FAILED;
    }
}
