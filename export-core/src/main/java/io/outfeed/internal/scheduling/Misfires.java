package io.outfeed.internal.scheduling;

import io.outfeed.ExportJob;
import io.outfeed.OverlapPolicy;
import io.outfeed.error.ExportException;
import io.outfeed.event.MisfireEvent;
import io.outfeed.event.MisfireEvent.Outcome;
import io.outfeed.internal.event.Listeners;
import io.outfeed.internal.execution.JobRunner;
import io.outfeed.internal.failure.Redacted;
import io.outfeed.internal.job.ScheduledJob;
import io.outfeed.internal.scheduling.FirePlanner.DueFires;
import io.outfeed.run.SkipReason;
import io.outfeed.store.JobLock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles fires without a run of their own: skips them, or covers them by a later one. Thread-safe. */
final class Misfires {

    private static final Logger log = LoggerFactory.getLogger(Misfires.class);

    private final FirePlanner fires;
    private final JobRunner runner;
    private final Listeners listeners;
    private final Clock clock;

    Misfires(FirePlanner fires, JobRunner runner, Listeners listeners, Clock clock) {
        this.fires = fires;
        this.runner = runner;
        this.listeners = listeners;
        this.clock = clock;
    }

    /** Tells whether a fire is later than the misfire policy of its job allows. */
    boolean isTooLate(ExportJob job, Instant fire) {
        Duration late = Duration.between(Jitter.delayed(job, fire), clock.instant());
        return job.schedulePolicy()
                .misfires()
                .limit()
                .filter(limit -> late.compareTo(limit) > 0)
                .isPresent();
    }

    /** Skips due fires and records that, unless another node has claimed them. */
    void skip(ExportJob job, JobLock lock, DueFires due, SkipReason reason) {
        if (runner.skip(job, lock, due.covered(), due.claim(), reason).isPresent()) {
            listeners.publish(new MisfireEvent(job.name(), due.first(), due.last(), due.count(), outcome(reason)));
        }
    }

    private static Outcome outcome(SkipReason reason) {
        return switch (reason) {
            case TOO_LATE -> Outcome.TOO_LATE;
            case RUNNING -> Outcome.RUNNING;
            case HELD -> Outcome.HELD;
        };
    }

    /** Skips the fires that came due while a run was in progress, if the job's overlap policy says so. */
    void skipFiresSince(Instant begun, ScheduledJob scheduled, JobLock lock) {
        ExportJob job = scheduled.job();
        if (job.schedulePolicy().overlaps() == OverlapPolicy.COALESCE) {
            return;
        }
        try {
            fires.due(job)
                    .filter(due -> due.first().isAfter(begun))
                    .ifPresent(due -> skip(job, lock, due, SkipReason.RUNNING));
        } catch (ExportException e) {
            log.warn("Fires of {} could not be skipped, and are run: {}", job, e.getMessage(), Redacted.of(e));
        }
    }

    /** Returns the event for the fires before the last one, which its run covers. */
    Optional<MisfireEvent> covered(ExportJob job, DueFires due) {
        return due.beforeLast()
                .map(last -> new MisfireEvent(job.name(), due.first(), last, due.count() - 1, Outcome.COVERED));
    }
}
