package io.outfeed.internal.scheduling;

import io.outfeed.ExportJob;
import io.outfeed.error.AlreadyRunningException;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.ExportException;
import io.outfeed.error.RunHeldException;
import io.outfeed.error.SourceException;
import io.outfeed.error.StoreException;
import io.outfeed.event.MisfireEvent;
import io.outfeed.event.MisfireEvent.Outcome;
import io.outfeed.internal.event.Listeners;
import io.outfeed.internal.event.LogContext;
import io.outfeed.internal.execution.HistoryOperations;
import io.outfeed.internal.execution.JobRunner;
import io.outfeed.internal.job.JobRegistry;
import io.outfeed.internal.job.ScheduledJob;
import io.outfeed.internal.ledger.JobStates;
import io.outfeed.internal.maintenance.FileMaintenance;
import io.outfeed.internal.run.RunServices;
import io.outfeed.internal.scheduling.FirePlanner.DueFires;
import io.outfeed.internal.scheduling.FirePlanner.Planned;
import io.outfeed.internal.scheduling.WakeFacts.DueFire;
import io.outfeed.internal.scheduling.WakeFacts.Unfinished;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.ExplainedFire;
import io.outfeed.store.ExportStore;
import io.outfeed.store.JobLock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the lock of a job, by schedule or on request, and executes it. At a wake-up it gathers the facts, and carries
 * out the {@link WakeDecision}. Thread-safe.
 */
public final class JobExecutor {

    private static final Logger log = LoggerFactory.getLogger(JobExecutor.class);

    private final ExportStore store;
    private final Clock clock;
    private final Duration keepHistory;
    private final JobRegistry jobs;
    private final JobRunner runner;
    private final HistoryOperations history;
    private final FirePlanner fires;
    private final Misfires misfires;
    private final WakeScheduler wakes;
    private final FileMaintenance maintenance;
    private final JobStates states;
    private final Listeners listeners;
    private final EngineState state;

    public JobExecutor(
            RunServices services,
            Duration keepHistory,
            JobRegistry jobs,
            JobRunner runner,
            HistoryOperations history,
            FirePlanner fires,
            WakeScheduler wakes,
            FileMaintenance maintenance,
            EngineState state) {
        this.store = services.store();
        this.clock = services.clock();
        this.states = services.states();
        this.listeners = services.listeners();
        this.keepHistory = keepHistory;
        this.jobs = jobs;
        this.runner = runner;
        this.history = history;
        this.fires = fires;
        this.misfires = new Misfires(fires, runner, listeners, clock);
        this.wakes = wakes;
        this.maintenance = maintenance;
        this.state = state;
    }

    // ---- by schedule

    /**
     * Schedules a job that was added or replaced: at once if it has an unfinished run or an owed fire, else at its next
     * fire.
     */
    public void arm(ScheduledJob scheduled) {
        ExportJob job = scheduled.job();
        Planned planned = fires.plan(job);
        planned.leftBehind()
                .ifPresent(fire ->
                        listeners.publish(new MisfireEvent(job.name(), fire, fire, 1, Outcome.SCHEDULE_CHANGED)));
        scheduled.arm(planned.changed());
        maintenance.arm(scheduled);
        boolean atOnce = scheduled.failedFire().isPresent()
                || !store.unfinishedRuns(job.name()).isEmpty()
                || interruptedFire(scheduled).isPresent();
        if (atOnce) {
            wakes.wakeNow(scheduled);
        } else {
            wakes.arm(scheduled, NextWake.NEXT_FIRE);
        }
    }

    /** Wakes a job; called by the scheduler. */
    public void wake(String name) {
        LogContext.of(name).run(() -> {
            Optional<ScheduledJob> known = jobs.find(name);
            if (known.isPresent() && state.isStarted()) {
                wake(known.get());
            }
        });
    }

    private void wake(ScheduledJob scheduled) {
        maintenance.checkDeadline(scheduled);
        if (clock.instant().isBefore(scheduled.runAt())) {
            maintainFiles(scheduled);
            return;
        }
        NextWake next = NextWake.RETRY; // in case of an unexpected exception
        try (JobLock held = store.tryLock(scheduled.job().name()).orElse(null)) {
            if (held != null) { // else the owner of the lock rearms the job when it has finished
                next = run(scheduled, held);
                maintenance.run(scheduled, held);
            } else {
                maintenance.postpone(scheduled);
            }
        } catch (StoreException e) {
            next = NextWake.STORE_UNAVAILABLE;
            log.warn(
                    "The store is not available for {}, trying again in {}: {}",
                    scheduled,
                    next.delay(),
                    e.getMessage(),
                    e);
        } finally {
            wakes.arm(scheduled, next);
        }
    }

    /** Maintains the delivered files of a job that does not run yet. */
    private void maintainFiles(ScheduledJob scheduled) {
        try (JobLock held = store.tryLock(scheduled.job().name()).orElse(null)) {
            if (held != null) {
                maintenance.run(scheduled, held);
            } else {
                maintenance.postpone(scheduled);
            }
        } catch (StoreException e) {
            log.warn("The store is not available for {}: {}", scheduled, e.getMessage(), e);
            maintenance.postpone(scheduled);
        } finally {
            wakes.schedule(scheduled);
        }
    }

    private NextWake run(ScheduledJob scheduled, JobLock lock) {
        ExportJob job = scheduled.job();
        Recovered recovered = recover(scheduled, lock);
        boolean enabled = states.isRunnable(job);
        boolean mayFire =
                enabled && (recovered.unfinished() == Unfinished.NONE || recovered.unfinished() == Unfinished.HELD);
        Optional<DueFires> due = mayFire ? fires.due(job) : Optional.empty();
        Optional<Instant> owed = mayFire && recovered.unfinished() == Unfinished.NONE
                ? scheduled.failedFire().or(() -> interruptedFire(scheduled))
                : Optional.empty();
        WakeDecision decision =
                WakeDecision.of(new WakeFacts(recovered.unfinished(), enabled, dueFire(job, due), owed.isPresent()));
        if (decision.settlesOwedFires()) {
            scheduled.forgetOwedFires();
        }
        switch (decision) {
            case RUN_DUE -> {
                return run(scheduled, job, lock, due.orElseThrow().last(), due);
            }
            case RUN_OWED -> {
                return run(scheduled, job, lock, owed.orElseThrow(), Optional.empty());
            }
            case SKIP_TOO_LATE -> misfires.skip(job, lock, due.orElseThrow(), Outcome.TOO_LATE, "too late");
            case SKIP_HELD ->
                misfires.skip(
                        job,
                        lock,
                        due.orElseThrow(),
                        Outcome.HELD,
                        "run " + recovered.held().orElseThrow() + " is held");
            case NOTHING_DUE -> prune(job);
            case WAIT_FOR_RELEASE, WAIT_FOR_RETRY, WAIT_FOR_LATER_FIRE -> {}
        }
        return decision.next();
    }

    /** The result of recovering unfinished runs; {@code held} is the number of a held run. */
    private record Recovered(Unfinished unfinished, OptionalLong held) {

        private static Recovered of(Unfinished unfinished) {
            return new Recovered(unfinished, OptionalLong.empty());
        }
    }

    private Recovered recover(ScheduledJob scheduled, JobLock lock) {
        try {
            if (runner.finishInterrupted(scheduled.job(), lock)) {
                scheduled.interruptedRunEnded();
            }
            return Recovered.of(Unfinished.NONE);
        } catch (RunHeldException e) {
            return new Recovered(Unfinished.HELD, OptionalLong.of(e.run()));
        } catch (ExportException e) {
            log.warn("{} has a run that can't be finished yet: {}", scheduled, e.getMessage(), e);
            return Recovered.of(isRetryable(e) ? Unfinished.DELAYED : Unfinished.STUCK);
        }
    }

    /** Returns the fire of a run that was interrupted by the end of a process. */
    private Optional<Instant> interruptedFire(ScheduledJob scheduled) {
        ExportJob job = scheduled.job();
        return scheduled.mayResume()
                ? runner.interruptedFire(job).filter(fire -> !misfires.isTooLate(job, fire))
                : Optional.empty();
    }

    private DueFire dueFire(ExportJob job, Optional<DueFires> due) {
        return due.map(fires -> misfires.isTooLate(job, fires.last()) ? DueFire.TOO_LATE : DueFire.IN_TIME)
                .orElse(DueFire.NONE);
    }

    private NextWake run(ScheduledJob scheduled, ExportJob job, JobLock lock, Instant fire, Optional<DueFires> due) {
        Instant begun = clock.instant();
        try {
            run(job, lock, fire, due);
            prune(job);
            return NextWake.NEXT_FIRE;
        } catch (ExportException e) {
            log.warn("{} failed: {}", job, e.getMessage(), e);
            if (!isRetryable(e)) {
                return NextWake.NEXT_FIRE;
            }
            scheduled.failedFire(fire);
            return NextWake.RETRY;
        } finally {
            misfires.skipFiresSince(begun, scheduled, lock);
        }
    }

    /** Saves the run before its fire is claimed, so that a crash in between loses nothing. */
    private void run(ExportJob job, JobLock lock, Instant fire, Optional<DueFires> due) {
        Optional<MisfireEvent> covered = due.flatMap(fires -> misfires.covered(job, fires));
        ExportRun planned = runner.plan(
                job,
                lock,
                fire,
                covered.map(misfire -> "covers " + misfire.fires() + " too").orElse(""));
        if (due.isPresent() && !fires.claim(job, due.get())) {
            runner.releaseToOtherNode(lock, planned);
            return;
        }
        covered.ifPresent(listeners::publish);
        runner.run(job, lock, planned);
    }

    private static boolean isRetryable(ExportException failure) {
        return (failure instanceof DeliveryException delivery && delivery.retryable())
                || (failure instanceof SourceException source && source.retryable())
                || failure instanceof StoreException;
    }

    private void prune(ExportJob job) {
        try {
            history.prune(job, maintenance.prunable(job, clock.instant().minus(keepHistory)));
        } catch (ExportException e) {
            log.warn("Old runs of {} could not be pruned: {}", job, e.getMessage(), e);
        }
    }

    // ---- on request

    /** Exports the next windows now, on the caller's thread. */
    public ExportRun runNow(ScheduledJob scheduled) {
        return locked(scheduled, lock -> {
            ExportJob job = scheduled.job();
            runner.finishInterrupted(job, lock);
            ExportRun run = runner.runNow(job, lock);
            scheduled.forgetFailedFire();
            prune(job);
            return run;
        });
    }

    /**
     * Runs an action on the caller's thread, under the job's lock.
     *
     * @throws AlreadyRunningException if the lock is taken
     */
    public ExportRun locked(ScheduledJob scheduled, Function<JobLock, ExportRun> action) {
        state.checkOpen();
        String name = scheduled.job().name();
        JobLock lock = lock(name);
        Instant begun = clock.instant();
        try (JobLock held = lock) {
            try {
                return LogContext.of(name).call(() -> action.apply(held));
            } finally {
                misfires.skipFiresSince(begun, scheduled, held);
            }
        } finally {
            rearm(scheduled);
        }
    }

    /**
     * Takes the lock of a job, which may be known to the store only.
     *
     * @throws AlreadyRunningException if it is taken
     */
    public JobLock lock(String job) {
        return store.tryLock(job)
                .orElseThrow(() -> new AlreadyRunningException(
                        "job '" + job + "' has a run in progress: wait until it has ended (job=" + job + ")"));
    }

    /** Schedules a job anew after an action. */
    public void rearm(ScheduledJob scheduled) {
        if (state.isStarted()) {
            boolean unfinished = store.unfinishedRuns(scheduled.job().name()).stream()
                    .anyMatch(run -> run.status() != RunStatus.HELD);
            wakes.arm(scheduled, unfinished ? NextWake.RETRY : NextWake.NEXT_FIRE);
        }
    }

    /** Explains the next fires. */
    public List<ExplainedFire> explain(ExportJob job, int n) {
        return fires.explain(job, n);
    }
}
