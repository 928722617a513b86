package io.outfeed.internal.engine;

import io.outfeed.ExportJob;
import io.outfeed.StartFrom;
import io.outfeed.error.FailureCode;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.NoSuchJobException;
import io.outfeed.error.StoreException;
import io.outfeed.internal.check.SafeName;
import io.outfeed.internal.execution.HistoryOperations;
import io.outfeed.internal.execution.PositionOperations;
import io.outfeed.internal.job.JobRegistry;
import io.outfeed.internal.job.ScheduledJob;
import io.outfeed.internal.maintenance.DestinationChecks;
import io.outfeed.internal.maintenance.SpoolSweep;
import io.outfeed.internal.progress.RunMeters;
import io.outfeed.internal.reading.SourcePermits;
import io.outfeed.internal.scheduling.EngineState;
import io.outfeed.internal.scheduling.JobArming;
import io.outfeed.internal.scheduling.JobExecutor;
import io.outfeed.internal.scheduling.Requests;
import io.outfeed.internal.scheduling.WakeScheduler;
import io.outfeed.operation.History;
import io.outfeed.run.JobPositions;
import io.outfeed.scheduler.Scheduler;
import io.outfeed.store.ExportStore;
import io.outfeed.store.JobLock;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts and closes an engine, and adds, renames and removes jobs while it is open. Thread-safe. */
final class EngineLifecycle {

    private static final Logger log = LoggerFactory.getLogger(EngineLifecycle.class);

    private final EngineState state;
    private final String description;
    private final ExportStore store;
    private final Clock clock;
    private final Scheduler scheduler;
    private final JobRegistry jobs;
    private final JobExecutor executor;
    private final JobArming arming;
    private final WakeScheduler wakes;
    private final PositionOperations positions;
    private final HistoryOperations history;
    private final Requests requests;
    private final EngineThreads threads;
    private final SourcePermits sourcePermits;
    private final RunMeters meters;
    private final Optional<DestinationChecks> destinationChecks;
    private final Optional<SpoolSweep> spoolSweep;
    private final IncidentSweep incidentSweep;
    private final NodeSweep nodeSweep;

    /** Called at the wake-ups of the job sources. */
    private volatile Runnable loads = () -> {};

    EngineLifecycle(
            EngineState state,
            String description,
            ExportStore store,
            Clock clock,
            Scheduler scheduler,
            JobRegistry jobs,
            JobExecutor executor,
            JobArming arming,
            WakeScheduler wakes,
            PositionOperations positions,
            HistoryOperations history,
            Requests requests,
            EngineThreads threads,
            SourcePermits sourcePermits,
            RunMeters meters,
            Optional<DestinationChecks> destinationChecks,
            Optional<SpoolSweep> spoolSweep,
            IncidentSweep incidentSweep,
            NodeSweep nodeSweep) {
        this.state = state;
        this.description = description;
        this.store = store;
        this.clock = clock;
        this.scheduler = scheduler;
        this.jobs = jobs;
        this.executor = executor;
        this.arming = arming;
        this.wakes = wakes;
        this.positions = positions;
        this.history = history;
        this.requests = requests;
        this.threads = threads;
        this.sourcePermits = sourcePermits;
        this.meters = meters;
        this.destinationChecks = destinationChecks;
        this.spoolSweep = spoolSweep;
        this.incidentSweep = incidentSweep;
        this.nodeSweep = nodeSweep;
    }

    /** Sets what is called at the wake-ups of the job sources. */
    void onLoad(Runnable action) {
        loads = action;
    }

    synchronized void start() {
        state.checkOpen();
        sourcePermits.check(jobs.jobs());
        state.start();
        nodeSweep.start();
        arming.arm(jobs.all());
        destinationChecks.ifPresent(DestinationChecks::start);
        spoolSweep.ifPresent(SpoolSweep::start);
        incidentSweep.start();
        scheduler.start(clock, this::wake);
        List<ScheduledJob> all = jobs.all();
        log.info(
                "The engine is started: {} jobs, {} of them with a schedule; {}",
                all.size(),
                all.stream().filter(job -> job.job().schedule().isPresent()).count(),
                description);
    }

    void logClosed() {
        log.info("The engine is closed: {}", description);
    }

    /** Returns why the engine works no more; empty if it does, or is not started yet. */
    Optional<String> stopped() {
        return state.stopped();
    }

    private void wake(String name) {
        if (name.equals(DestinationChecks.NAME)) {
            threads.run(
                    "the checks of destinations",
                    () -> destinationChecks.filter(checks -> state.isStarted()).ifPresent(DestinationChecks::run));
        } else if (name.equals(SpoolSweep.NAME)) {
            threads.run(
                    "the spool",
                    () -> spoolSweep.filter(sweep -> state.isStarted()).ifPresent(SpoolSweep::run));
        } else if (name.equals(IncidentSweep.NAME)) {
            if (state.isStarted()) {
                threads.run("the incidents", incidentSweep::run);
            }
        } else if (name.equals(NodeSweep.NAME)) {
            if (state.isStarted()) {
                threads.run("the other nodes", () -> nodeSweep.run(this::forgetIfRemoved));
            }
        } else if (name.equals(JobSources.NAME)) {
            if (state.isStarted()) {
                threads.run("the job sources", loads);
            }
        } else {
            threads.run("job '" + name + "'", () -> executor.wake(name));
        }
    }

    /** Adds jobs, or replaces those of their names; none of them if one is wrong. */
    synchronized void add(List<ExportJob> added) {
        state.checkOpen();
        if (added.isEmpty()) {
            return;
        }
        jobs.check(added);
        if (state.isStarted()) {
            sourcePermits.check(added);
        }
        seedPositions(added.stream()
                .filter(job -> !job.startFrom().equals(StartFrom.beginning()))
                .toList());
        List<ScheduledJob> scheduled = added.stream().map(jobs::put).toList();
        if (state.isStarted()) {
            arming.arm(scheduled);
        }
    }

    /** Sets the first positions of jobs that don't start from the beginning, and have none yet. */
    private void seedPositions(List<ExportJob> added) {
        Map<String, JobPositions> known = new HashMap<>();
        if (!added.isEmpty()) {
            store.jobRecords(added.stream().map(ExportJob::name).toList())
                    .forEach(record -> known.put(record.job(), record.positions()));
        }
        for (ExportJob job : added) {
            boolean complete = job.definitions().stream()
                    .allMatch(definition -> Objects.requireNonNull(known.get(job.name()))
                            .position(definition.name())
                            .isPresent());
            if (!complete) {
                seedPositions(job);
            }
        }
    }

    private void seedPositions(ExportJob job) {
        try (JobLock lock = store.tryLock(job.name()).orElse(null)) {
            if (lock != null) { // else the job runs already, and has its positions
                positions.seedPositions(job, lock);
            }
        } catch (StoreException e) {
            if (e.code() != FailureCode.STORE_DAMAGED) {
                throw e;
            }
            log.warn("{} is added with damaged positions: {}", job, e.getMessage());
        }
    }

    /** Renames a job in the store, unless this or another node has done so before, and adds it under its new name. */
    synchronized void rename(String from, ExportJob to) {
        state.checkOpen();
        Optional<String> now = store.renamedTo(from);
        if (now.isEmpty()) {
            checkKnown(from);
            checkNewName(from, to);
            try (JobLock held = executor.lock(from)) {
                history.rename(from, jobs.find(from).isPresent(), held, to.name());
            }
            log.info("Job '{}' was renamed to '{}'", from, to.name());
        } else if (!now.get().equals(to.name())) {
            throw jobs.noSuchJob(from);
        }
        forget(from);
        add(List.of(to));
    }

    private void checkNewName(String from, ExportJob to) {
        if (from.equals(to.name())) {
            throw new IllegalArgumentException(to + " has that name already: add(job) changes the rest of a job");
        }
        jobs.check(List.of(to));
        if (jobs.find(to.name()).isPresent()) {
            throw taken(to, "the engine has a job of that name: choose another name, or remove that job first");
        }
        for (String other : store.jobs()) {
            if (other.equals(to.name())) {
                throw taken(to, "the store has runs or positions of a job of that name: choose another name");
            } else if (SafeName.withoutCase(other).equals(SafeName.withoutCase(to.name()))) {
                throw taken(to, "job '" + other + "' differs only in the case of letters");
            }
        }
    }

    private static InvalidDefinitionException taken(ExportJob job, String why) {
        return new InvalidDefinitionException(job.toString(), List.of(why));
    }

    /** Removes a job, unless one of its runs is unfinished. Purging an old name of a job makes that name free. */
    void remove(String name, History past) {
        state.checkOpen();
        boolean free = past == History.PURGE && store.renamedTo(name).isPresent();
        if (!free) {
            checkKnown(name);
        }
        try (JobLock held = executor.lock(name)) {
            history.remove(name, jobs.findJob(name), held, past);
            forget(name);
        }
        log.info("Job '{}' was removed, history: {}", name, past);
    }

    /** Removes a job that another node has removed or renamed, unless it was added again meanwhile. */
    private synchronized void forgetIfRemoved(ScheduledJob job) {
        String name = job.job().name();
        if (jobs.removeIfRenamed(job)) {
            wakes.cancel(name);
        } else if (!job.isRemoved() && store.firePlan(name).isEmpty()) {
            forget(name);
            log.warn(
                    "Job '{}' was removed by another node: this engine runs it no longer, and the host may add it again"
                            + " (job={})",
                    name,
                    name);
        }
    }

    /**
     * Checks that the engine or the store has a job.
     *
     * @throws NoSuchJobException if neither has it; the message lists the jobs that there are
     */
    private void checkKnown(String name) {
        if (jobs.find(name).isEmpty() && !store.jobs().contains(name)) {
            throw jobs.noSuchJob(name);
        }
    }

    private void forget(String name) {
        jobs.remove(name);
        wakes.cancel(name);
    }

    /** Takes no more jobs, wake-ups and requests; false if the engine was closed before. */
    synchronized boolean stop() {
        requests.stop();
        return state.close();
    }

    /** Waits for the runs in progress, interrupts them after a limit, and logs which of them do not end even so. */
    void awaitRuns() {
        scheduler.close();
        requests.close();
        threads.logLeftBehind(requests.inProgress(), meters);
    }

    /** Tells whether a thread is in a wake-up, a listener or an operation of this engine. */
    boolean isInside(Thread thread) {
        return threads.contains(thread) || requests.inProgress().containsKey(thread);
    }
}
