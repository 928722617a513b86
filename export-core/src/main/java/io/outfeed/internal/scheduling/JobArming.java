package io.outfeed.internal.scheduling;

import io.outfeed.ExportJob;
import io.outfeed.backfill.BackfillProgress;
import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.event.MisfireEvent;
import io.outfeed.event.MisfireEvent.Outcome;
import io.outfeed.internal.event.Listeners;
import io.outfeed.internal.execution.JobRunner;
import io.outfeed.internal.job.JobRegistry;
import io.outfeed.internal.job.ScheduledJob;
import io.outfeed.internal.maintenance.FileMaintenance;
import io.outfeed.internal.run.RunServices;
import io.outfeed.internal.scheduling.FirePlanner.Planned;
import io.outfeed.store.ExportStore;
import io.outfeed.store.JobRecord;
import io.outfeed.store.NewJob;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Schedules jobs that were added or replaced. Many are read from the store together, and new ones are planned together:
 * a host may have tens of thousands. Thread-safe.
 */
public final class JobArming {

    private static final Logger log = LoggerFactory.getLogger(JobArming.class);

    /** Between two jobs of many whose delivered files are due to be looked after. */
    private static final Duration SPREAD = Duration.ofMillis(10);

    private final ExportStore store;
    private final Clock clock;
    private final Listeners listeners;
    private final JobRegistry jobs;
    private final JobRunner runner;
    private final FirePlanner fires;
    private final WakeScheduler wakes;
    private final FileMaintenance maintenance;
    private final StoreFailureHandler failures;

    public JobArming(
            RunServices services,
            JobRegistry jobs,
            JobRunner runner,
            FirePlanner fires,
            WakeScheduler wakes,
            FileMaintenance maintenance,
            EngineState state) {
        this.store = services.store();
        this.clock = services.clock();
        this.listeners = services.listeners();
        this.jobs = jobs;
        this.runner = runner;
        this.fires = fires;
        this.wakes = wakes;
        this.maintenance = maintenance;
        this.failures = new StoreFailureHandler(wakes, state, services);
    }

    /** Schedules jobs, each at once if it has an open run or a backfill, else at its next fire time. */
    public void arm(List<ScheduledJob> scheduled) {
        List<JobRecord> records =
                store.jobRecords(scheduled.stream().map(job -> job.job().name()).toList());
        Map<String, NewJob> added = addNew(scheduled, records);
        Duration delay = Duration.ZERO;
        for (int i = 0; i < scheduled.size(); i++) {
            ScheduledJob job = scheduled.get(i);
            NewJob known = added.get(job.job().name());
            if (known == null) {
                arm(job, records.get(i), delay);
                delay = delay.plus(SPREAD);
            } else {
                wakes.arm(job, known.plan().next(), maintenance.armNew(job, known.state()));
            }
        }
    }

    /** Returns the jobs of which the store has only what this has written. */
    private Map<String, NewJob> addNew(List<ScheduledJob> scheduled, List<JobRecord> records) {
        Map<String, NewJob> found = new HashMap<>();
        for (int i = 0; i < scheduled.size(); i++) {
            ExportJob job = scheduled.get(i).job();
            if (records.get(i).equals(JobRecord.unknown(job.name()))) {
                found.put(job.name(), new NewJob(job.name(), fires.firstPlan(job), maintenance.newState(job)));
            }
        }
        Set<String> written = found.isEmpty() ? Set.of() : store.addJobs(List.copyOf(found.values()));
        found.keySet().retainAll(written);
        return found;
    }

    private void arm(ScheduledJob scheduled, JobRecord record, Duration delay) {
        try {
            armReadable(scheduled, record, delay);
        } catch (StoreException e) {
            if (e.code() == FailureCode.STORE_DAMAGED) {
                failures.leave(scheduled, e);
            } else if (!jobs.removeIfRenamed(scheduled)) { // since it was added
                throw e;
            }
        }
    }

    private void armReadable(ScheduledJob scheduled, JobRecord record, Duration delay) {
        ExportJob job = scheduled.job();
        boolean damaged = record.damage().isPresent();
        Planned planned = fires.plan(job, damaged ? store.firePlan(job.name()) : record.plan());
        planned.leftBehind()
                .ifPresent(fire ->
                        listeners.publish(new MisfireEvent(job.name(), fire, fire, 1, Outcome.SCHEDULE_CHANGED)));
        record.damage().ifPresent(damage -> {
            throw StoreException.of(damage.code(), damage.message(), null);
        });
        runner.pauseIfAhead(job, record.positions());
        Optional<Instant> maintained = maintenance.arm(scheduled, planned.changed(), record, delay);
        boolean backfilled =
                record.state().backfill().filter(BackfillProgress::active).isPresent();
        if (record.unfinished().isEmpty() && !backfilled) {
            wakes.arm(scheduled, planned.next(), maintained);
        } else {
            wakes.wakeNow(scheduled);
        }
    }

    /** Computes the times of all jobs anew: they could be hidden until the clock has caught up with them. */
    void armAgain() {
        log.warn("The clock was set back to {}: scheduling all jobs anew", clock.instant());
        for (ScheduledJob scheduled : jobs.all()) {
            try {
                runner.pauseIfPlannedAhead(scheduled.job());
                arm(List.of(scheduled));
            } catch (StoreException e) {
                failures.handle(scheduled, e).ifPresent(next -> wakes.arm(scheduled, next));
            }
        }
    }
}
