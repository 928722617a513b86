package io.outfeed.internal.engine;

import io.outfeed.AlreadyRunningException;
import io.outfeed.DeliveryException;
import io.outfeed.ExportException;
import io.outfeed.ExportJob;
import io.outfeed.ExportRun;
import io.outfeed.History;
import io.outfeed.RunHeldException;
import io.outfeed.RunStatus;
import io.outfeed.SourceException;
import io.outfeed.StartFrom;
import io.outfeed.StoreException;
import io.outfeed.Trigger;
import io.outfeed.schedule.Scheduler;
import io.outfeed.store.ExportStore;
import io.outfeed.store.JobLock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the locks of jobs, by schedule or because somebody asked, and says when each is to be woken next. Thread-safe.
 */
final class JobDriver {

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
    private final Upkeep upkeep;
    private final JobStates states;

    /** When each job is to run: who is woken before is so for the delivered files only. */
    private final Map<String, Instant> runAt = new ConcurrentHashMap<>();

    /** Fires whose run failed at what time may mend; the next fire covers them if the engine forgets. */
    private final Map<String, Instant> failedFires = new ConcurrentHashMap<>();

    private Phase phase = Phase.NEW;

    JobDriver(
            EngineSettings settings,
            JobRegistry jobs,
            JobRunner runner,
            FirePlanner fires,
            Upkeep upkeep,
            JobStates states) {
        this.store = settings.store();
        this.scheduler = settings.scheduler();
        this.clock = settings.clock();
        this.keepHistory = settings.keepHistory();
        this.jobs = jobs;
        this.runner = runner;
        this.fires = fires;
        this.upkeep = upkeep;
        this.states = states;
    }

    synchronized void start() {
        if (phase != Phase.NEW) {
            throw new IllegalStateException("the engine was started before, or is closed: make a new one");
        }
        phase = Phase.STARTED;
        jobs.all().forEach(this::begin);
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
            upkeep.forget(name);
        }
        log.info("Job '{}' was removed, history: {}", name, history);
    }

    /** Looks when a job runs next that has waited for nothing. */
    void resumed(ExportJob job) {
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
        fires.plan(job);
        upkeep.begin(job);
        if (store.unfinishedRuns(job.name()).isEmpty()) {
            arm(job, Next.FIRE);
        } else {
            runAt.put(job.name(), clock.instant());
            scheduler.scheduleAt(job.name(), clock.instant());
        }
    }

    private void wake(String name) {
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
            runner.finishInterrupted(job, lock);
        } catch (RunHeldException e) {
            if (!states.runs(job)) {
                return Next.FIRE_AFTER_NOW;
            }
            fires.claim(job).ifPresent(fire -> runner.skip(job, lock, fire, "run " + e.run() + " is held"));
            return Next.FIRE;
        } catch (ExportException e) {
            log.warn("{} has a run that can't be finished yet: {}", job, e.getMessage(), e);
            return isRetryable(e) ? Next.inAWhile(clock) : Next.FIRE_AFTER_NOW;
        }
        if (!states.runs(job)) { // what is due stays so; other nodes may resume it, so it is looked at again
            return Next.FIRE_AFTER_NOW;
        }
        Optional<Instant> failed = Optional.ofNullable(failedFires.remove(job.name()));
        Optional<Instant> fire = fires.claim(job).or(() -> failed);
        try {
            fire.ifPresent(at -> runner.run(job, lock, Trigger.SCHEDULED, Optional.of(at)));
            prune(job);
            return Next.FIRE;
        } catch (ExportException e) {
            log.warn("{} failed: {}", job, e.getMessage(), e);
            if (!isRetryable(e)) {
                return Next.FIRE;
            }
            failedFires.put(job.name(), fire.orElseThrow());
            return Next.inAWhile(clock);
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
            Optional<Instant> fire = next.skipsDueFire() ? fires.nextAfterNow(job) : fires.next(job);
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
            scheduler.scheduleAt(job.name(), at);
        }
    }

    /** Does something on the caller's thread, under the job's lock. */
    ExportRun locked(ExportJob job, Function<JobLock, ExportRun> action) {
        checkOpen();
        JobLock lock = store.tryLock(job.name()).orElseThrow(() -> running(job.name()));
        try (JobLock held = lock) {
            return LogContext.of(job.name()).call(() -> action.apply(held));
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
    ExportRun runNow(ExportJob job) {
        return locked(job, lock -> {
            runner.finishInterrupted(job, lock);
            ExportRun run = runner.run(job, lock, Trigger.MANUAL, Optional.empty());
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
