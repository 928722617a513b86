package io.outfeed.internal.engine;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.internal.event.Listeners;
import io.outfeed.internal.execution.JobRunner;
import io.outfeed.internal.ledger.JobStates;
import io.outfeed.internal.maintenance.DestinationChecks;
import io.outfeed.internal.maintenance.DestinationProbe;
import io.outfeed.internal.maintenance.FileMaintenance;
import io.outfeed.internal.operation.JobChecker;
import io.outfeed.internal.operation.JobControl;
import io.outfeed.internal.operation.JobSummaries;
import io.outfeed.internal.operation.RunControl;
import io.outfeed.internal.preview.Previewer;
import io.outfeed.internal.progress.RunMeters;
import io.outfeed.internal.run.JobRegistry;
import io.outfeed.internal.run.Retries;
import io.outfeed.internal.run.RunServices;
import io.outfeed.internal.run.TimeLimits;
import io.outfeed.internal.spool.Spool;
import io.outfeed.internal.staging.Stager;
import io.outfeed.operation.History;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.JobQuery;
import io.outfeed.operation.JobSummary;
import io.outfeed.operation.RunHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunPage;
import io.outfeed.run.RunQuery;
import io.outfeed.store.ExportStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The engine: puts its parts together, and hands out handles. */
public final class JobEngine implements ExportEngine {

    private final ExportStore store;
    private final boolean ownsStore;
    private final Spool spool;
    private final Retries retries;
    private final TimeLimits timeLimits = new TimeLimits();
    private final JobRegistry jobs = new JobRegistry();
    private final JobRunner runner;
    private final JobStates states;
    private final RunMeters meters;
    private final Previewer previewer;
    private final JobChecker checker;
    private final Listeners listeners;
    private final Optional<DestinationChecks> destinationChecks;
    private final Optional<ExecutorService> listenerThreads;
    private final JobDriver driver;

    /** Makes an engine that is not started. */
    public JobEngine(EngineSettings settings) {
        this.store = settings.store();
        this.ownsStore = settings.ownsStore();
        this.spool = new Spool(settings.spool());
        this.retries = new Retries(settings.retryPolicy());
        this.listenerThreads = settings.listenerExecutor().isPresent()
                ? Optional.empty()
                : Optional.of(Executors.newCachedThreadPool(JobEngine::listenerThread));
        this.listeners = new Listeners(
                settings.listeners(),
                settings.listenerExecutor().or(() -> listenerThreads).orElseThrow());
        this.states = new JobStates(store, settings.clock(), listeners, jobs::find);
        this.meters = new RunMeters(settings.clock());
        RunServices services = new RunServices(
                store, spool, new Stager(spool), settings.clock(), retries, timeLimits, listeners, states, meters);
        this.runner = new JobRunner(services);
        this.previewer = new Previewer(settings.clock());
        DestinationProbe probe = new DestinationProbe(spool);
        this.checker = new JobChecker(services, previewer, probe);
        this.destinationChecks = settings.checkDestinationsEvery()
                .map(every ->
                        new DestinationChecks(every, jobs, probe, settings.scheduler(), settings.clock(), listeners));
        FirePlanner fires = new FirePlanner(store, settings.clock());
        this.driver = new JobDriver(
                settings, jobs, runner, fires, new FileMaintenance(services), states, listeners, destinationChecks);
    }

    private static Thread listenerThread(Runnable task) {
        Thread thread = new Thread(task, "outfeed-listener");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public JobHandle add(ExportJob job) {
        driver.add(job);
        return handle(job.name());
    }

    @Override
    public JobHandle job(String name) {
        return handle(jobs.get(name).name());
    }

    @Override
    public List<JobHandle> jobs() {
        return jobs.all().stream().map(job -> handle(job.name())).toList();
    }

    @Override
    public List<JobSummary> jobs(JobQuery query) {
        return JobSummaries.list(query, jobs.all(), store, meters);
    }

    @Override
    public void remove(String name, History history) {
        boolean known = jobs.find(name).isPresent() || store.jobs().contains(name);
        if (!known) {
            jobs.get(name); // throws, and lists those that there are
        }
        driver.remove(name, history);
    }

    @Override
    public List<String> orphanedJobs() {
        return store.jobs().stream().filter(job -> jobs.find(job).isEmpty()).toList();
    }

    @Override
    public List<ExportRun> runs(String job, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be one or more, not " + limit);
        }
        return store.runs(job, limit);
    }

    @Override
    public RunPage runs(RunQuery query) {
        int more = query.limit() == Integer.MAX_VALUE ? query.limit() : query.limit() + 1;
        List<ExportRun> found = store.runs(query.limit(more));
        if (found.size() <= query.limit()) {
            return new RunPage(found, Optional.empty());
        }
        List<ExportRun> page = found.subList(0, query.limit());
        return new RunPage(
                page, Optional.of(query.below(page.get(page.size() - 1).number())));
    }

    @Override
    public RunHandle run(long number) {
        RunControl run = new RunControl(number, jobs, driver, runner, spool, store, meters);
        run.run(); // throws if there is none
        return run;
    }

    @Override
    public void start() {
        driver.start();
    }

    @Override
    public void close() {
        retries.close();
        if (driver.close()) {
            timeLimits.close();
            listeners.close();
            listenerThreads.ifPresent(ExecutorService::shutdownNow);
            if (ownsStore) {
                store.close();
            }
        }
    }

    private JobHandle handle(String name) {
        return new JobControl(name, jobs, driver, runner, previewer, checker, states, store, meters);
    }
}
