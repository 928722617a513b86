package io.outfeed.internal.scheduling;

import io.outfeed.ExportJob;
import io.outfeed.error.StoreException;
import io.outfeed.internal.clock.ClockSteps;
import io.outfeed.internal.job.ScheduledJob;
import io.outfeed.internal.maintenance.FileMaintenance;
import io.outfeed.scheduler.Scheduler;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Schedules the wake-ups of jobs. Thread-safe. */
public final class WakeScheduler {

    private static final Logger log = LoggerFactory.getLogger(WakeScheduler.class);

    /** For jobs that have nothing to do: the scheduler wakes them too when the clock was set back. */
    private static final Instant NEVER = Instant.parse("9999-12-31T23:59:59Z");

    private final Scheduler scheduler;
    private final Clock clock;
    private final FirePlanner fires;
    private final FileMaintenance maintenance;
    private final ClockSteps clockSteps;

    public WakeScheduler(
            Scheduler scheduler, Clock clock, ClockSteps clockSteps, FirePlanner fires, FileMaintenance maintenance) {
        this.scheduler = scheduler;
        this.clock = clock;
        this.fires = fires;
        this.maintenance = maintenance;
        this.clockSteps = clockSteps;
    }

    /** Tells whether the clock was set back since a job was scheduled; true once for each step. */
    boolean isClockSetBack() {
        return clockSteps.wasSetBack();
    }

    /**
     * Tells whether a job that was woken is to run, and not only to maintain its delivered files. Where nodes share the
     * wake-ups, another one may have planned a run since: only the store knows.
     */
    boolean isToRun(ScheduledJob job) {
        return scheduler.isShared() || !clock.instant().isBefore(job.runAt());
    }

    /**
     * Returns how long until a job is tried again for which this node has no permit. It is called when there is one;
     * where nodes share the wake-ups, another one may have one before.
     */
    Duration permitRetry() {
        return scheduler.isShared() ? NextWake.PERMIT_RETRY : NextWake.LOCK_RETRY;
    }

    /** Schedules a job for now. */
    void wakeNow(ScheduledJob job) {
        wakeAt(job, clock.instant());
    }

    /** Schedules a job for a time, without the store. */
    void wakeAt(ScheduledJob job, Instant at) {
        if (!job.isRemoved()) {
            clockSteps.observe();
            job.runAt(at);
            scheduler.scheduleAt(
                    job.job().name(), at, job.job().schedulePolicy().priority());
        }
    }

    /**
     * Schedules a job whose times were just read from the store.
     *
     * @param fire the next fire time
     * @param maintenance when its delivered files are to be maintained
     */
    void arm(ScheduledJob job, Optional<Instant> fire, Optional<Instant> maintenance) {
        job.runAt(fire.map(at -> Jitter.delayed(job.job(), at)).orElse(Instant.MAX));
        if (!job.isRemoved()) {
            clockSteps.observe();
            schedule(job, maintenance);
        }
    }

    /** Computes when a job runs next, and schedules its wake-up. */
    void arm(ScheduledJob job, NextWake next) {
        job.runAt(runAt(job.job(), next));
        schedule(job);
    }

    private Instant runAt(ExportJob job, NextWake next) {
        Instant now = clock.instant();
        try {
            Optional<Instant> fire = fire(job, next).map(at -> Jitter.delayed(job, at));
            return Stream.concat(fire.stream(), next.latest().stream())
                    .min(Comparator.naturalOrder())
                    .orElse(Instant.MAX);
        } catch (StoreException e) {
            log.info( // the retry warns if it fails too
                    "The next fire of {} can't be read from the store, trying again in {}: {}",
                    job,
                    NextWake.STORE_RETRY,
                    e.getMessage());
            return now.plus(NextWake.STORE_RETRY);
        }
    }

    private Optional<Instant> fire(ExportJob job, NextWake next) {
        return switch (next.fire()) {
            case PLANNED -> fires.next(job);
            case CLAIMED -> next.claimed();
            case AFTER_NOW -> fires.nextAfterNow(job);
        };
    }

    /** Schedules the next wake-up of a job: for its run, or for its delivered files if that comes first. */
    void schedule(ScheduledJob scheduled) {
        if (scheduled.isRemoved()) {
            return;
        }
        clockSteps.observe();
        schedule(scheduled, maintenance.next(scheduled));
    }

    private void schedule(ScheduledJob scheduled, Optional<Instant> maintainedAt) {
        ExportJob job = scheduled.job();
        Instant run = scheduled.runAt();
        Instant at = maintainedAt.filter(run::isAfter).orElse(run);
        scheduler.scheduleAt(
                job.name(),
                at.isBefore(NEVER) ? at : NEVER,
                job.schedulePolicy().priority());
    }

    /** Cancels the wake-up of a job. */
    public void cancel(String job) {
        scheduler.cancel(job);
    }
}
