package io.outfeed.internal.engine;

import io.outfeed.ExportJob;
import io.outfeed.OverlapPolicy;
import io.outfeed.StartFrom;
import io.outfeed.error.AlreadyRunningException;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.ExportException;
import io.outfeed.error.RunHeldException;
import io.outfeed.error.SourceException;
import io.outfeed.error.StoreException;
import io.outfeed.event.MisfireEvent;
import io.outfeed.event.MisfireEvent.Outcome;
import io.outfeed.internal.engine.FirePlanner.DueFires;
import io.outfeed.internal.engine.FirePlanner.Planned;
import io.outfeed.internal.event.Listeners;
import io.outfeed.internal.event.LogContext;
import io.outfeed.internal.execution.JobRunner;
import io.outfeed.internal.ledger.JobStates;
import io.outfeed.internal.maintenance.DestinationChecks;
import io.outfeed.internal.maintenance.FileMaintenance;
import io.outfeed.internal.run.JobRegistry;
import io.outfeed.operation.History;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.ExplainedFire;
import io.outfeed.scheduler.Scheduler;
import io.outfeed.store.ExportStore;
import io.outfeed.store.JobLock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the locks of jobs, by schedule or because somebody asked, and says when each is to be woken next. Thread-safe.
 */
public final class JobDriver {

    private static final Logger log = LoggerFactory.getLogger(JobDriver.class);

    /** How long to wait before a failed run is tried again, or a lock that another node has. */
    private static final Duration RETRY = Duration.ofMinutes(10);

    /** How long to wait before the store is asked again that gave no answer. */
    private static final Duration STORE_AWAY = Duration.ofMinutes(1);

    private enum Phase {
        NEW,
        STARTED,
        CLOSED
    }

    private final ExportStore store;
    private final Scheduler scheduler;
    private final Clock clock;
    private final Duration keepHistory;
    private final JobRegistry jobs;
    private final JobRunner runner;
    private final FirePlanner fires;
    private final FileMaintenance upkeep;
    private final JobStates states;
    private final Listeners listeners;
    private final Optional<DestinationChecks> destinationChecks;

    /** When each job is to run: who is woken before is so for the delivered files only. */
    private final Map<String, Instant> runAt = new ConcurrentHashMap<>();

    /** Fires whose run failed at what time may mend; the next fire covers them if the engine forgets. */
    private final Map<String, Instant> failedFires = new ConcurrentHashMap<>();

    /** Jobs whose newest run may have been interrupted, by the end of this process before or by that of another node. */
    private final Set<String> takenUp = ConcurrentHashMap.newKeySet();

    private final Set<String> knownJobs = ConcurrentHashMap.newKeySet();

    private Phase phase = Phase.NEW;

    JobDriver(
            EngineSettings settings,
            JobRegistry jobs,
            JobRunner runner,
            FirePlanner fires,
            FileMaintenance upkeep,
            JobStates states,
            Listeners listeners,
            Optional<DestinationChecks> destinationChecks) {
        this.store = settings.store();
        this.scheduler = settings.scheduler();
        this.clock = settings.clock();
        this.keepHistory = settings.keepHistory();
        this.jobs = jobs;
        this.runner = runner;
        this.fires = fires;
        this.upkeep = upkeep;
        this.states = states;
        this.listeners = listeners;
        this.destinationChecks = destinationChecks;
    }

    synchronized void start() {
        if (phase != Phase.NEW) {
            throw new IllegalStateException("the engine was started before, or is closed: make a new one");
        }
        phase = Phase.STARTED;
        jobs.all().forEach(this::begin);
        destinationChecks.ifPresent(DestinationChecks::start);
        scheduler.start(this::wake);
    }

    /** Takes a job up that was added or replaced. */
    synchronized void add(ExportJob job) {
        checkOpen();
        jobs.check(job);
        if (!job.startFrom().equals(StartFrom.beginning())) {
            try (JobLock lock = store.tryLock(job.name()).orElse(null)) {
                if (lock != null) { // else it runs already, and so has begun
                    runner.begin(job, lock);
                }
            }
        }
        jobs.put(job);
        if (phase == Phase.STARTED) {
            begin(job);
        }
    }

    /** Forgets a job, unless something of it has yet to be ended. */
    void remove(String name, History history) {
        checkOpen();
        JobLock lock = store.tryLock(name).orElseThrow(() -> running(name));
        try (JobLock held = lock) {
            runner.remove(name, jobs.find(name), held, history);
            jobs.remove(name);
            scheduler.cancel(name);
            runAt.remove(name);
            failedFires.remove(name);
            takenUp.remove(name);
            knownJobs.remove(name);
            upkeep.forget(name);
        }
        log.info("Job '{}' was removed, history: {}", name, history);
    }

    /** Looks when a job runs next that has waited for nothing. */
    public void resumed(ExportJob job) {
        armAgain(job);
    }

    /** Lets nothing begin any more, and waits for what is in progress; false if that was done before. */
    boolean close() {
        synchronized (this) {
            if (phase == Phase.CLOSED) {
                return false;
            }
            phase = Phase.CLOSED;
        }
        scheduler.close();
        return true;
    }

    private void begin(ExportJob job) {
        Planned planned = fires.plan(job);
        planned.leftBehind()
                .ifPresent(
                        fire -> listeners.tell(new MisfireEvent(job.name(), fire, fire, 1, Outcome.SCHEDULE_CHANGED)));
        boolean first = knownJobs.add(job.name());
        if (planned.changed()) {
            failedFires.remove(job.name());
            takenUp.remove(job.name());
        } else if (first) {
            takenUp.add(job.name());
        }
        upkeep.begin(job);
        boolean atOnce = failedFires.containsKey(job.name())
                || !store.unfinishedRuns(job.name()).isEmpty()
                || interruptedFire(job).isPresent();
        if (atOnce) {
            runAt.put(job.name(), clock.instant());
            scheduler.scheduleAt(job.name(), clock.instant(), job.priority());
        } else {
            arm(job, Next.FIRE);
        }
    }

    /** The fire of a run that the end of the process before has interrupted: it is run again. */
    private Optional<Instant> interruptedFire(ExportJob job) {
        return takenUp.contains(job.name())
                ? runner.interruptedFire(job).filter(fire -> !isTooLate(job, fire))
                : Optional.empty();
    }

    private boolean isTooLate(ExportJob job, Instant fire) {
        Duration late = Duration.between(Jitter.delayed(job, fire), clock.instant());
        return job.misfirePolicy()
                .limit()
                .filter(limit -> late.compareTo(limit) > 0)
                .isPresent();
    }

    private void wake(String name) {
        if (name.equals(DestinationChecks.NAME)) {
            destinationChecks.filter(checks -> isStarted()).ifPresent(DestinationChecks::run);
            return;
        }
        LogContext.of(name).run(() -> wakeUp(name));
    }

    /** What the scheduler calls: finish what was interrupted, then run if a fire is due and ours. */
    private void wakeUp(String name) {
        Optional<ExportJob> known = jobs.find(name);
        if (known.isEmpty() || !isStarted()) {
            return;
        }
        ExportJob job = known.get();
        upkeep.checkDeadline(job);
        if (clock.instant().isBefore(runAt.getOrDefault(name, Instant.MIN))) {
            wakeForFiles(job);
            return;
        }
        Next next = Next.inAWhile(clock); // should something unforeseen be thrown
        try (JobLock held = store.tryLock(name).orElse(null)) {
            if (held != null) { // else its owner arms the job again when it has finished
                next = runDue(job, held);
                upkeep.run(job, held);
            } else {
                upkeep.postpone(job);
            }
        } catch (StoreException e) {
            log.warn("The store gave no answer for {}, trying again in {}: {}", job, STORE_AWAY, e.getMessage(), e);
            next = new Next(Optional.of(clock.instant().plus(STORE_AWAY)), true);
        } finally {
            arm(job, next);
        }
    }

    /** The job is not due: a run that failed waits for its time, and only the delivered files are looked at. */
    private void wakeForFiles(ExportJob job) {
        try (JobLock held = store.tryLock(job.name()).orElse(null)) {
            if (held != null) {
                upkeep.run(job, held);
            } else {
                upkeep.postpone(job);
            }
        } catch (StoreException e) {
            log.warn("The store gave no answer for {}: {}", job, e.getMessage(), e);
            upkeep.postpone(job);
        } finally {
            schedule(job);
        }
    }

    private Next runDue(ExportJob job, JobLock lock) {
        try {
            if (runner.finishInterrupted(job, lock)) { // how it ended says whether its fire comes again
                failedFires.remove(job.name());
                takenUp.add(job.name());
            }
        } catch (RunHeldException e) {
            if (!states.runs(job)) {
                return Next.FIRE_AFTER_NOW;
            }
            fires.due(job).ifPresent(due -> skip(job, lock, due, Outcome.HELD, "run " + e.run() + " is held"));
            return Next.FIRE;
        } catch (ExportException e) {
            log.warn("{} has a run that can't be finished yet: {}", job, e.getMessage(), e);
            return isRetryable(e) ? Next.inAWhile(clock) : Next.FIRE_AFTER_NOW;
        }
        if (!states.runs(job)) { // what is due stays so; other nodes may resume it, so it is looked at again
            return Next.FIRE_AFTER_NOW;
        }
        Optional<DueFires> due = fires.due(job);
        Optional<Instant> again =
                Optional.ofNullable(failedFires.get(job.name())).or(() -> interruptedFire(job));
        failedFires.remove(job.name());
        takenUp.remove(job.name());
        if (due.isPresent() && isTooLate(job, due.get().last())) {
            skip(job, lock, due.get(), Outcome.TOO_LATE, "too late");
            return Next.FIRE;
        }
        Optional<Instant> fire = due.map(DueFires::last).or(() -> again);
        if (fire.isEmpty()) {
            prune(job);
            return Next.FIRE;
        }
        Instant begun = clock.instant();
        try {
            run(job, lock, fire.get(), due);
            prune(job);
            return Next.FIRE;
        } catch (ExportException e) {
            log.warn("{} failed: {}", job, e.getMessage(), e);
            if (!isRetryable(e)) {
                return Next.FIRE;
            }
            failedFires.put(job.name(), fire.get());
            return Next.inAWhile(clock);
        } finally {
            skipWhatCameSince(begun, job, lock);
        }
    }

    /** The run is on record before its fire is claimed: a crash in between loses nothing. */
    private void run(ExportJob job, JobLock lock, Instant fire, Optional<DueFires> due) {
        Optional<DueFires> more = due.filter(fires -> fires.count() > 1);
        ExportRun planned = runner.plan(
                job,
                lock,
                fire,
                more.map(fires -> "covers " + covered(job, fires).fires() + " too")
                        .orElse(""));
        if (due.isPresent() && !fires.claim(job, due.get())) {
            runner.leave(lock, planned);
            return;
        }
        more.ifPresent(fires -> listeners.tell(covered(job, fires)));
        runner.run(job, lock, planned);
    }

    private static MisfireEvent covered(ExportJob job, DueFires due) {
        return new MisfireEvent(
                job.name(), due.first(), due.beforeLast().orElseThrow(), due.count() - 1, Outcome.COVERED);
    }

    private void skip(ExportJob job, JobLock lock, DueFires due, Outcome outcome, String why) {
        if (fires.claim(job, due)) {
            MisfireEvent missed = new MisfireEvent(job.name(), due.first(), due.last(), due.count(), outcome);
            runner.skip(job, lock, due.last(), "skipped: " + why + (due.count() == 1 ? "" : ", " + missed.fires()));
            listeners.tell(missed);
        }
    }

    private void skipWhatCameSince(Instant begun, ExportJob job, JobLock lock) {
        ExportJob current = jobs.find(job.name()).orElse(job);
        if (current.overlapPolicy() == OverlapPolicy.COALESCE) {
            return;
        }
        try {
            fires.due(current)
                    .filter(due -> due.first().isAfter(begun))
                    .ifPresent(due -> skip(current, lock, due, Outcome.RUNNING, "a run was in progress"));
        } catch (ExportException e) {
            log.warn("Fires of {} could not be skipped, and are run: {}", job, e.getMessage(), e);
        }
    }

    private static boolean isRetryable(ExportException failure) {
        return (failure instanceof DeliveryException delivery && delivery.retryable())
                || (failure instanceof SourceException source && source.retryable())
                || failure instanceof StoreException;
    }

    private void prune(ExportJob job) {
        try {
            runner.prune(job, upkeep.prunable(job, clock.instant().minus(keepHistory)));
        } catch (ExportException e) {
            log.warn("Old runs of {} could not be forgotten: {}", job, e.getMessage(), e);
        }
    }

    /** When to wake next for a job: at its fire, or at another time if that comes first. */
    private record Next(Optional<Instant> at, boolean skipsDueFire) {

        private static final Next FIRE = new Next(Optional.empty(), false);
        private static final Next FIRE_AFTER_NOW = new Next(Optional.empty(), true);

        private static Next inAWhile(Clock clock) {
            return new Next(Optional.of(clock.instant().plus(RETRY)), true);
        }
    }

    private void arm(ExportJob job, Next next) {
        ExportJob current = jobs.find(job.name()).orElse(job);
        runAt.put(job.name(), runAt(current, next));
        schedule(current);
    }

    private Instant runAt(ExportJob job, Next next) {
        try {
            Optional<Instant> fire = (next.skipsDueFire() ? fires.nextAfterNow(job) : fires.next(job))
                    .map(at -> Jitter.delayed(job, at));
            return Stream.concat(fire.stream(), next.at().stream())
                    .min(Comparator.naturalOrder())
                    .orElse(Instant.MAX);
        } catch (StoreException e) {
            log.warn(
                    "When {} fires next can't be looked up now, trying again in {}: {}",
                    job,
                    STORE_AWAY,
                    e.getMessage(),
                    e);
            return clock.instant().plus(STORE_AWAY);
        }
    }

    /** Wakes for the job's run, or before for its delivered files. */
    private void schedule(ExportJob job) {
        Instant run = runAt.getOrDefault(job.name(), Instant.MAX);
        Instant at = upkeep.next(job).filter(run::isAfter).orElse(run);
        if (at.equals(Instant.MAX)) {
            scheduler.cancel(job.name());
        } else {
            scheduler.scheduleAt(job.name(), at, job.priority());
        }
    }

    /** The next fires for people to read. */
    public List<ExplainedFire> explain(ExportJob job, int n) {
        return fires.explain(job, n);
    }

    /** Does something on the caller's thread, under the job's lock. */
    public ExportRun locked(ExportJob job, Function<JobLock, ExportRun> action) {
        checkOpen();
        JobLock lock = store.tryLock(job.name()).orElseThrow(() -> running(job.name()));
        Instant begun = clock.instant();
        try (JobLock held = lock) {
            try {
                return LogContext.of(job.name()).call(() -> action.apply(held));
            } finally {
                skipWhatCameSince(begun, job, held);
            }
        } finally {
            armAgain(job);
        }
    }

    private void armAgain(ExportJob job) {
        if (isStarted()) {
            boolean unfinished =
                    store.unfinishedRuns(job.name()).stream().anyMatch(run -> run.status() != RunStatus.HELD);
            arm(job, unfinished ? Next.inAWhile(clock) : Next.FIRE);
        }
    }

    private static AlreadyRunningException running(String job) {
        return new AlreadyRunningException(
                "job '" + job + "' has a run in progress: wait until it has ended (job=" + job + ")");
    }

    /** Exports now, on the caller's thread. */
    public ExportRun runNow(ExportJob job) {
        return locked(job, lock -> {
            runner.finishInterrupted(job, lock);
            ExportRun run = runner.runNow(job, lock);
            failedFires.remove(job.name());
            prune(job);
            return run;
        });
    }

    private synchronized boolean isStarted() {
        return phase == Phase.STARTED;
    }

    private synchronized void checkOpen() {
        if (phase == Phase.CLOSED) {
            throw new IllegalStateException("the engine is closed: make a new one");
        }
    }
}
