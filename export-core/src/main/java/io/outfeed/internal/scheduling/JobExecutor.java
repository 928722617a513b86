package io.outfeed.internal.scheduling;

import io.outfeed.ExportJob;
import io.outfeed.OverlapPolicy;
import io.outfeed.backfill.BackfillProgress;
import io.outfeed.error.AlreadyRunningException;
import io.outfeed.error.ExportException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.NoSuchJobException;
import io.outfeed.error.StoreException;
import io.outfeed.event.MisfireEvent;
import io.outfeed.event.MisfireEvent.Outcome;
import io.outfeed.internal.backfill.Backfills;
import io.outfeed.internal.backfill.Backfills.Chunk;
import io.outfeed.internal.event.Listeners;
import io.outfeed.internal.event.LogContext;
import io.outfeed.internal.execution.HistoryOperations;
import io.outfeed.internal.execution.JobRunner;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.failure.Redacted;
import io.outfeed.internal.incident.Incidents.Block;
import io.outfeed.internal.job.JobRegistry;
import io.outfeed.internal.job.ScheduledJob;
import io.outfeed.internal.ledger.JobStates;
import io.outfeed.internal.maintenance.FileMaintenance;
import io.outfeed.internal.run.HostClock;
import io.outfeed.internal.run.RunServices;
import io.outfeed.internal.scheduling.FirePlanner.DueFires;
import io.outfeed.internal.scheduling.WakeFacts.DueFire;
import io.outfeed.internal.scheduling.WakeFacts.OpenRun;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.SkipReason;
import io.outfeed.run.Trigger;
import io.outfeed.run.Waiting;
import io.outfeed.schedule.ExplainedFire;
import io.outfeed.store.ExportStore;
import io.outfeed.store.JobLock;
import io.outfeed.store.JobState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the lock of a job, by schedule or on request, and executes it. At a wake-up it gathers the facts, and carries
 * out the {@link WakeDecision}. Thread-safe.
 */
public final class JobExecutor {

    private static final Logger log = LoggerFactory.getLogger(JobExecutor.class);

    /** How often old runs of a job are pruned, which reads and deletes more than a run writes. */
    private static final Duration PRUNED_EVERY = Duration.ofDays(1);

    private final ExportStore store;
    private final Clock clock;
    private final Duration keepHistory;
    private final JobRegistry jobs;
    private final JobLocks locks;
    private final JobRunner runner;
    private final HistoryOperations history;
    private final FirePlanner fires;
    private final Misfires misfires;
    private final WakeScheduler wakes;
    private final FileMaintenance maintenance;
    private final Listeners listeners;
    private final EngineState state;
    private final Requests requests;
    private final RunPermits permits;
    private final StoreFailureHandler failures;
    private final IncidentGate gate;
    private final JobArming arming;
    private final Backfills backfills;

    public JobExecutor(
            RunServices services,
            Duration keepHistory,
            JobRegistry jobs,
            JobRunner runner,
            HistoryOperations history,
            FirePlanner fires,
            WakeScheduler wakes,
            FileMaintenance maintenance,
            EngineState state,
            Requests requests,
            RunPermits permits,
            JobArming arming) {
        this.store = services.store();
        this.clock = services.clock();
        this.listeners = services.listeners();
        this.gate = new IncidentGate(services.incidents(), clock);
        this.keepHistory = keepHistory;
        this.jobs = jobs;
        this.locks = new JobLocks(store, jobs);
        this.runner = runner;
        this.history = history;
        this.fires = fires;
        this.misfires = new Misfires(fires, runner, listeners, clock);
        this.wakes = wakes;
        this.maintenance = maintenance;
        this.state = state;
        this.requests = requests;
        this.permits = permits;
        this.arming = arming;
        this.backfills = new Backfills(services, runner);
        this.failures = new StoreFailureHandler(wakes, state, services);
    }

    // ---- by schedule

    /** Wakes a job; called by the scheduler. */
    public void wake(String name) {
        if (state.isStarted() && wakes.isClockSetBack()) {
            arming.armAgain();
        }
        LogContext.of(name).run(() -> {
            Optional<ScheduledJob> known = jobs.find(name);
            if (known.isPresent() && state.isStarted()) {
                wakeQuietly(known.get());
            }
        });
    }

    /** A scheduler of the host would log what code of the host has thrown as it came. */
    private void wakeQuietly(ScheduledJob scheduled) {
        try {
            wake(scheduled);
        } catch (RuntimeException | Error e) {
            log.error("The wake-up of {} failed", scheduled, HostCalls.redact(e));
        }
    }

    private void wake(ScheduledJob scheduled) {
        maintenance.checkDeadline(scheduled);
        if (!wakes.isToRun(scheduled)) {
            maintainFiles(scheduled);
            return;
        }
        Instant now = clock.instant();
        Optional<NextWake> next = Optional.of(
                NextWake.atLaterFire().or(now.plus(NextWake.LOCK_RETRY))); // in case of an unexpected exception
        try (JobLock held = locks.tryLock(scheduled).orElse(null)) {
            scheduled.awaitsLock(held == null);
            if (held != null) { // else the owner of the lock rearms the job when it has finished
                if (scheduled.isDamaged()) {
                    runner.pauseIfAhead(scheduled.job()); // reads what a run reads only when it is due
                }
                next = Optional.of(run(scheduled, held));
                scheduled.markDamaged("");
                maintenance.run(scheduled, held);
            } else {
                maintenance.postpone(scheduled);
            }
        } catch (StoreException e) {
            next = failures.handle(scheduled, e);
        } finally {
            next.ifPresent(wake -> wakes.arm(scheduled, wake));
            if (scheduled.takeWakeAsked() || permits.isCalled(scheduled.job().name())) { // before it was armed
                wakes.wakeNow(scheduled);
            }
        }
    }

    /** Maintains the delivered files of a job that does not run yet. */
    private void maintainFiles(ScheduledJob scheduled) {
        try (JobLock held = locks.tryLock(scheduled).orElse(null)) {
            if (held != null) {
                maintenance.run(scheduled, held);
            } else {
                maintenance.postpone(scheduled);
            }
        } catch (StoreException e) {
            failures.logAway(scheduled, e);
            maintenance.postpone(scheduled);
        } finally {
            wakes.schedule(scheduled);
        }
    }

    private NextWake run(ScheduledJob scheduled, JobLock lock) {
        return run(scheduled, lock, runner.settle(scheduled.job(), lock));
    }

    private NextWake run(ScheduledJob scheduled, JobLock lock, Optional<ExportRun> open) {
        ExportJob job = scheduled.job();
        scheduled.takeWakeAsked(); // what it was asked for is read now
        JobState state = store.jobState(job.name());
        Optional<JobState> runnable = Optional.of(state).filter(known -> JobStates.isRunnable(job, known));
        boolean backfilled = state.backfill().filter(BackfillProgress::active).isPresent();
        boolean enabled = runnable.isPresent();
        Optional<DueFires> due = enabled ? fires.due(job) : Optional.empty();
        WakeDecision decision = WakeDecision.of(new WakeFacts(openRun(job, open), enabled, dueFire(job, due)));
        Found found = new Found(scheduled, lock, open, due, runnable);
        if (!backfilled) {
            return execute(decision, found);
        } else if (decision.executes() || decision == WakeDecision.EXPIRE) { // the chunk waits for the next wake-up
            return withChunk(job, execute(decision, found));
        }
        return exportChunk(scheduled, lock, enabled, carryOut(decision, found));
    }

    /**
     * What a wake-up has found of a job.
     *
     * @param lock of the job
     * @param open its run that is to be continued
     * @param due its fires that are due
     * @param runnable its state; empty if it is disabled or paused
     */
    private record Found(
            ScheduledJob scheduled,
            JobLock lock,
            Optional<ExportRun> open,
            Optional<DueFires> due,
            Optional<JobState> runnable) {

        private ExportJob job() {
            return scheduled.job();
        }

        private ExportRun openRun() {
            return open.orElseThrow();
        }

        private DueFires dueFires() {
            return due.orElseThrow();
        }

        /** Returns the fire time of a run that is due: it begins before those of later ones. */
        private Optional<Instant> fire() {
            return open.flatMap(ExportRun::fireTime).or(() -> due.map(DueFires::first));
        }
    }

    private NextWake execute(WakeDecision decision, Found found) {
        ExportJob job = found.job();
        boolean keepsBytes =
                found.open().filter(run -> run.publishing() || run.released()).isPresent();
        if (decision.executes() && !keepsBytes && HostClock.stops(clock, job)) {
            log.debug("{} is left to other nodes: the clock of this host differs from that of the store", job);
            return NextWake.atLaterFire().or(clock.instant().plus(NextWake.LOCK_RETRY));
        }
        Optional<Block> block = decision.executes() ? gate.block(job, found.open()) : Optional.empty();
        if (block.isPresent()) {
            permits.leave(job.name(), this::call);
            return awaitIncident(decision.blocked(), found, block.get());
        }
        Optional<RunPermits.Permit> taken = Optional.empty();
        if (decision.executes()) {
            taken = permits.tryTake(job, found.fire().orElseGet(clock::instant), this::call);
            if (taken.isEmpty()) {
                log.debug("{} waits until fewer runs share its server, definition or parameters", job);
                return NextWake.atLaterFire().or(clock.instant().plus(wakes.permitRetry()));
            }
        } else {
            permits.leave(job.name(), this::call);
        }
        try {
            return carryOut(decision, found);
        } finally {
            taken.ifPresent(RunPermits.Permit::close);
        }
    }

    /** Exports the next chunk of the job's backfill, if nothing else is due and there is room for it. */
    private NextWake exportChunk(ScheduledJob scheduled, JobLock lock, boolean enabled, NextWake next) {
        ExportJob job = scheduled.job();
        Optional<Chunk> chunk = backfills.next(job, lock);
        Optional<ExportRun> open = chunk.flatMap(Chunk::run);
        boolean ready = chunk.filter(of -> enabled || of.mustBeFinished()).isPresent()
                && open.filter(run -> run.status() == RunStatus.HELD
                                || gate.attemptAt(job, run).isAfter(clock.instant()))
                        .isEmpty();
        if (!ready) {
            permits.leave(job.name(), this::call);
            return afterChunk(scheduled, enabled, next);
        }
        NextWake regular = enabled ? next(scheduled, store.unfinishedRuns(job.name())) : next;
        Optional<Block> block = gate.block(job, open);
        if (block.isPresent()) {
            permits.leave(job.name(), this::call);
            open.ifPresent(run -> runner.await(lock, run, block.get()));
            gate.join(job, block.get());
            return regular.noLaterThan(block.get().until());
        }
        Optional<RunPermits.Permit> taken = permits.tryTakeForChunk(job, this::call);
        if (taken.isEmpty()) {
            log.debug("The backfill of {} waits until other runs have ended", job);
            return regular.noLaterThan(clock.instant().plus(wakes.permitRetry()));
        }
        try {
            tryAttempt(job, () -> {
                backfills.attempt(job, lock, chunk.orElseThrow());
                return true;
            });
        } finally {
            taken.get().close();
        }
        Optional<Chunk> following = backfills.next(job, lock); // what became of it is recorded before anything else
        boolean unplanned = following
                .filter(of -> of.run().isEmpty()
                        && of.progress().done()
                                == chunk.orElseThrow().progress().done())
                .isPresent();
        if (unplanned) { // the store did not take its run
            return regular.noLaterThan(clock.instant().plus(NextWake.STORE_RETRY));
        }
        return afterChunk(scheduled, enabled, next);
    }

    private NextWake afterChunk(ScheduledJob scheduled, boolean enabled, NextWake next) {
        return enabled ? next(scheduled) : withChunk(scheduled.job(), next);
    }

    private NextWake withChunk(ExportJob job, NextWake next) {
        return nextChunk(job, store.unfinishedRuns(job.name()))
                .map(next::noLaterThan)
                .orElse(next);
    }

    /** Lets the run of a job wait until another one has found out that what they share works again. */
    private NextWake awaitIncident(WakeDecision decision, Found found, Block block) {
        ExportJob job = found.job();
        JobLock lock = found.lock();
        log.debug("{} waits for an incident until {}: {}", job, block.until(), block.incident());
        switch (decision) {
            case PLAN_AND_WAIT -> planAndWait(job, lock, found.dueFires(), block);
            case COVER_AND_WAIT -> runner.await(lock, cover(found), block);
            default -> runner.await(lock, found.openRun(), block);
        }
        gate.join(job, block);
        return next(found.scheduled());
    }

    private void planAndWait(ExportJob job, JobLock lock, DueFires due, Block block) {
        if (runner.planBlocked(job, lock, due.covered(), due.claim(), block).isPresent()) {
            misfires.covered(job, due).ifPresent(listeners::publish);
        }
    }

    private NextWake carryOut(WakeDecision decision, Found found) {
        ScheduledJob scheduled = found.scheduled();
        ExportJob job = found.job();
        JobLock lock = found.lock();
        boolean ended = false;
        switch (decision) {
            case RUN_DUE -> ended = runDue(found);
            case ATTEMPT -> ended = attempt(found, found.openRun());
            case COVER_AND_ATTEMPT -> ended = attempt(found, cover(found));
            case COVER_AND_WAIT -> cover(found);
            case SKIP_TOO_LATE -> misfires.skip(job, lock, found.dueFires(), SkipReason.TOO_LATE);
            case SKIP_HELD -> misfires.skip(job, lock, found.dueFires(), SkipReason.HELD);
            case EXPIRE -> {
                runner.expire(job, lock, found.openRun());
                return run(scheduled, lock, Optional.empty());
            }
            case NOTHING_DUE -> prune(scheduled);
            case WAIT_FOR_ATTEMPT, WAIT_FOR_FIRE -> {}
            case WAIT_FOR_LATER_FIRE -> {
                scheduled.waitsFor(Optional.empty());
                return NextWake.atLaterFire();
            }
            case PLAN_AND_WAIT, WAIT_FOR_INCIDENT -> throw new IllegalStateException(decision + " without an incident");
        }
        if (ended) { // and it was the only one that was open
            scheduled.waitsFor(Optional.empty());
            boolean planKnown = decision == WakeDecision.RUN_DUE
                    && job.schedulePolicy().overlaps() == OverlapPolicy.COALESCE; // else fires may be skipped since
            return planKnown ? NextWake.atFire(found.dueFires().following()) : NextWake.atFire();
        }
        return next(scheduled);
    }

    /** Wakes a job for which a server has room again. */
    private void call(String name) {
        Optional<ScheduledJob> known = jobs.find(name);
        if (known.isPresent()) {
            wakes.wakeNow(known.get());
        } else {
            permits.leave(name, this::call);
        }
    }

    private OpenRun openRun(ExportJob job, Optional<ExportRun> open) {
        if (open.isEmpty()) {
            return OpenRun.NONE;
        }
        ExportRun run = open.get();
        if (run.status() == RunStatus.HELD) {
            return OpenRun.HELD;
        }
        boolean ready = !gate.attemptAt(job, run).isAfter(clock.instant());
        if (run.publishing()) {
            return ready ? OpenRun.PUBLISHING_READY : OpenRun.PUBLISHING_WAITING;
        } else if (run.released()) {
            return ready ? OpenRun.RELEASED_READY : OpenRun.RELEASED_WAITING;
        } else if (isExpired(job, run)) {
            return OpenRun.EXPIRED;
        }
        return ready ? OpenRun.READY : OpenRun.WAITING;
    }

    private boolean isExpired(ExportJob job, ExportRun run) {
        return run.failingSince()
                .filter(since -> !clock.instant().isBefore(since.plus(job.retryFor())))
                .isPresent();
    }

    private DueFire dueFire(ExportJob job, Optional<DueFires> due) {
        return due.map(fires -> misfires.isTooLate(job, fires.last()) ? DueFire.TOO_LATE : DueFire.IN_TIME)
                .orElse(DueFire.NONE);
    }

    /** Returns when to wake a job, as the store has its open run. */
    private NextWake next(ScheduledJob scheduled) {
        ExportJob job = scheduled.job();
        List<ExportRun> all = store.unfinishedRuns(job.name());
        NextWake next = next(scheduled, all);
        return nextChunk(job, all).map(next::noLaterThan).orElse(next);
    }

    /** Returns when the next chunk of the job's backfill is exported; empty if there is none, or it is held. */
    private Optional<Instant> nextChunk(ExportJob job, List<ExportRun> unfinished) {
        JobState state = store.jobState(job.name());
        Optional<BackfillProgress> active = state.backfill().filter(BackfillProgress::active);
        if (active.isEmpty()) {
            return Optional.empty();
        }
        Optional<ExportRun> open = unfinished.stream()
                .filter(run -> active.get().run().equals(OptionalLong.of(run.number())))
                .findFirst();
        boolean mustBeFinished =
                open.filter(run -> run.publishing() || run.released()).isPresent();
        if (!mustBeFinished && !JobStates.isRunnable(job, state)) {
            return Optional.empty();
        } else if (open.isEmpty()) {
            return Optional.of(clock.instant());
        }
        return switch (open.get().status()) {
            case HELD -> Optional.empty();
            case WAITING -> Optional.of(gate.wakeAt(job, open.get()));
            default -> Optional.of(clock.instant().plus(NextWake.LOCK_RETRY)); // see next
        };
    }

    private NextWake next(ScheduledJob scheduled, List<ExportRun> all) {
        ExportJob job = scheduled.job();
        List<ExportRun> unfinished = all.stream()
                .filter(run -> run.trigger() != Trigger.BACKFILL_CHUNK)
                .toList();
        scheduled.waitsFor(all.stream()
                .flatMap(run -> run.waiting().flatMap(Waiting::incident).stream())
                .findFirst());
        if (unfinished.isEmpty()) {
            return NextWake.atFire();
        }
        ExportRun run = unfinished.get(unfinished.size() - 1);
        if (run.status() == RunStatus.HELD) {
            return NextWake.atFire();
        } else if (run.status() != RunStatus.WAITING) { // an attempt is in progress elsewhere, or was interrupted
            return NextWake.atLaterFire().or(clock.instant().plus(NextWake.LOCK_RETRY));
        }
        boolean keepsBytes = run.publishing() || run.released();
        return (keepsBytes ? NextWake.atLaterFire() : NextWake.atFire()).or(gate.wakeAt(job, run));
    }

    /** Lets the open run cover the fire times that are due, unless they were claimed since. */
    private ExportRun cover(Found found) {
        DueFires due = found.dueFires();
        Optional<ExportRun> covering = runner.cover(found.lock(), found.openRun(), due.covered(), due.claim());
        if (covering.isPresent()) {
            listeners.publish(
                    new MisfireEvent(found.job().name(), due.first(), due.last(), due.count(), Outcome.COVERED));
        }
        return covering.orElseGet(found::openRun);
    }

    /** Returns whether the run has ended, as far as that is known. */
    private boolean runDue(Found found) {
        ExportJob job = found.job();
        DueFires due = found.dueFires();
        Optional<JobRunner.PlannedRun> planned = runner.plan(
                job, found.lock(), due.covered(), due.claim(), found.runnable().orElseThrow());
        if (planned.isEmpty()) { // another node has the fire times
            return false;
        }
        misfires.covered(job, due).ifPresent(listeners::publish);
        return perform(found, () -> runner.run(job, found.lock(), planned.get()));
    }

    private boolean attempt(Found found, ExportRun open) {
        return perform(found, () -> runner.attempt(found.job(), found.lock(), open));
    }

    private boolean perform(Found found, Supplier<ExportRun> attempt) {
        ScheduledJob scheduled = found.scheduled();
        Instant begun = clock.instant();
        try {
            return tryAttempt(found.job(), () -> {
                boolean ended = attempt.get().status().ended();
                prune(scheduled);
                return ended;
            });
        } finally {
            misfires.skipFiresSince(begun, scheduled, found.lock());
        }
    }

    /** Returns what the attempt returns; false if it fails, which is logged. */
    private static boolean tryAttempt(ExportJob job, BooleanSupplier attempt) {
        try {
            return attempt.getAsBoolean();
        } catch (ExportException e) {
            if (e instanceof StoreException store && store.code() == FailureCode.STORE_UNAVAILABLE) {
                throw store; // the wake-up logs it, once: what follows would fail too
            }
            log.warn("An attempt of {} has failed: {}", job, e.getMessage(), Redacted.of(e));
        } catch (RuntimeException | Error e) { // the run has it
            log.warn("An attempt of {} has failed", job, HostCalls.redact(e));
        }
        return false;
    }

    /** Prunes old runs, if they were not pruned lately. */
    private void prune(ScheduledJob scheduled) {
        ExportJob job = scheduled.job();
        Instant now = clock.instant();
        Instant last = scheduled.prunedAt();
        if (!now.isBefore(last) && now.isBefore(last.plus(PRUNED_EVERY))) {
            return;
        }
        scheduled.prunedAt(now);
        try {
            history.prune(job, maintenance.prunable(job, clock.instant().minus(keepHistory)));
        } catch (ExportException e) {
            log.warn("Old runs of {} could not be pruned: {}", job, e.getMessage(), Redacted.of(e));
        }
    }

    // ---- on request

    /** Exports now, on the caller's thread; see {@link JobRunner#planNow}. */
    public ExportRun runNow(ScheduledJob scheduled) {
        return locked(scheduled, lock -> runNow(scheduled, lock, runner.planNow(scheduled.job(), lock)));
    }

    private ExportRun runNow(ScheduledJob scheduled, JobLock lock, ExportRun planned) {
        ExportRun run = runner.runNow(scheduled.job(), lock, planned);
        prune(scheduled);
        return run;
    }

    /**
     * Plans a run on the caller's thread, and exports on another one.
     *
     * @return the number of the run
     * @throws AlreadyRunningException if the lock is taken
     * @throws NoSuchJobException if the job was renamed
     */
    public long startNow(ScheduledJob scheduled) {
        String name = scheduled.job().name();
        Requests.Request request = requests.begin(name);
        JobLock lock = null;
        try {
            JobLock held = locks.lock(scheduled);
            lock = held;
            ExportRun planned = LogContext.of(name).call(() -> runner.planNow(scheduled.job(), held));
            request.continueWith(() -> {
                try {
                    perform(scheduled, held, open -> runNow(scheduled, open, planned));
                } catch (ExportException e) { // the run has it
                    log.warn("An attempt of {} has failed: {}", scheduled, e.getMessage(), Redacted.of(e));
                } catch (RuntimeException | Error e) {
                    log.warn("An attempt of {} has failed", scheduled, HostCalls.redact(e));
                }
            });
            return planned.number();
        } catch (RuntimeException | Error e) {
            request.end();
            if (lock != null) {
                lock.close();
            }
            throw e;
        }
    }

    /**
     * Runs an action on the caller's thread, under the job's lock.
     *
     * @throws AlreadyRunningException if the lock is taken
     * @throws NoSuchJobException if the job was renamed
     */
    public ExportRun locked(ScheduledJob scheduled, Function<JobLock, ExportRun> action) {
        String name = scheduled.job().name();
        Requests.Request request = requests.begin(name);
        try {
            return perform(scheduled, locks.lock(scheduled), action);
        } finally {
            request.end();
        }
    }

    /** Runs an action under the job's lock, which is released after it. */
    @SuppressWarnings("try") // the permit is not used, it is held
    private ExportRun perform(ScheduledJob scheduled, JobLock lock, Function<JobLock, ExportRun> action) {
        Instant begun = clock.instant();
        try (JobLock held = lock) {
            try (RunPermits.Permit permit = permits.take(scheduled.job(), this::call)) {
                return LogContext.of(scheduled.job().name()).call(() -> action.apply(held));
            } finally {
                misfires.skipFiresSince(begun, scheduled, held);
            }
        } finally {
            rearm(scheduled);
        }
    }

    /**
     * Takes the lock of a name, which may be known to the store only.
     *
     * @throws AlreadyRunningException if it is taken
     */
    public JobLock lock(String name) {
        return locks.lock(name);
    }

    /** Wakes a job without delay. */
    public void wakeNow(ScheduledJob scheduled) {
        wakes.wakeNow(scheduled);
    }

    /** Schedules a job whose backfill was changed, also if a run of it is in progress. */
    public void rearmForBackfill(ScheduledJob scheduled) {
        scheduled.askForWake();
        rearm(scheduled);
    }

    /** Schedules a job anew after an action, here or on another node. */
    public void rearm(ScheduledJob scheduled) {
        if (state.isStarted()) {
            wakes.arm(scheduled, next(scheduled));
        }
    }

    /** Explains the next fires. */
    public List<ExplainedFire> explain(ExportJob job, int n) {
        return fires.explain(job, n);
    }
}
