package io.outfeed.internal.engine;

import io.outfeed.ExportJob;
import io.outfeed.audit.AuditEntry;
import io.outfeed.audit.AuditQuery;
import io.outfeed.audit.AuditRecord;
import io.outfeed.delivery.DeliveryResources;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.internal.clock.ClockSteps;
import io.outfeed.internal.event.Listeners;
import io.outfeed.internal.event.StoreWarnings;
import io.outfeed.internal.execution.HistoryOperations;
import io.outfeed.internal.execution.JobRunner;
import io.outfeed.internal.execution.PositionOperations;
import io.outfeed.internal.execution.RunOperations;
import io.outfeed.internal.incident.EventSigns;
import io.outfeed.internal.incident.IncidentEnds;
import io.outfeed.internal.incident.Incidents;
import io.outfeed.internal.io.OwnerOnly;
import io.outfeed.internal.job.JobLinks;
import io.outfeed.internal.job.JobRegistry;
import io.outfeed.internal.ledger.JobLitter;
import io.outfeed.internal.ledger.JobStates;
import io.outfeed.internal.maintenance.DestinationChecks;
import io.outfeed.internal.maintenance.DestinationProbe;
import io.outfeed.internal.maintenance.FileMaintenance;
import io.outfeed.internal.maintenance.SpoolSweep;
import io.outfeed.internal.notification.DigestSender;
import io.outfeed.internal.notification.StoppedEngine;
import io.outfeed.internal.operation.JobChecker;
import io.outfeed.internal.operation.JobControl;
import io.outfeed.internal.operation.JobSummaries;
import io.outfeed.internal.operation.OperationServices;
import io.outfeed.internal.operation.RunControl;
import io.outfeed.internal.preview.Previewer;
import io.outfeed.internal.progress.RunMeters;
import io.outfeed.internal.reading.SourcePermits;
import io.outfeed.internal.run.Retries;
import io.outfeed.internal.run.RunLimits;
import io.outfeed.internal.run.RunServices;
import io.outfeed.internal.run.TimeLimits;
import io.outfeed.internal.scheduling.EngineState;
import io.outfeed.internal.scheduling.FirePlanner;
import io.outfeed.internal.scheduling.IncidentWakes;
import io.outfeed.internal.scheduling.JobArming;
import io.outfeed.internal.scheduling.JobExecutor;
import io.outfeed.internal.scheduling.Requests;
import io.outfeed.internal.scheduling.RunPermits;
import io.outfeed.internal.scheduling.WakeScheduler;
import io.outfeed.internal.search.RecordTracer;
import io.outfeed.internal.spool.RunBytes;
import io.outfeed.internal.spool.SpoolDirectory;
import io.outfeed.internal.staging.Stager;
import io.outfeed.internal.transform.CompressorThreads;
import io.outfeed.job.JobLoad;
import io.outfeed.job.JobSource;
import io.outfeed.operation.History;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.JobQuery;
import io.outfeed.operation.JobSummary;
import io.outfeed.operation.RunHandle;
import io.outfeed.operation.RunProgress;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunPage;
import io.outfeed.run.RunQuery;
import io.outfeed.run.file.Litter;
import io.outfeed.scheduler.Scheduler;
import io.outfeed.store.ExportStore;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Assembles an engine, and implements the operations of {@link io.outfeed.ExportEngine}. Thread-safe. */
public final class JobEngine implements AutoCloseable {

    private final ExportStore store;
    private final RunLimits limits;
    private final boolean ownsStore;
    private final JobRegistry jobs;
    private final Optional<ExecutorService> listenerThreads;
    private final RunServices services;
    private final OperationServices operations;
    private final EngineLifecycle lifecycle;
    private final JobSources jobSources;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Makes an engine that is not started. It closes only what it has opened itself. */
    public JobEngine(EngineSettings settings) {
        this.store = settings.openStore();
        this.limits = settings.runLimits();
        Clock clock = settings.chooseClock(store);
        this.jobs = new JobRegistry(store);
        Scheduler scheduler = settings.makeScheduler();
        this.ownsStore = settings.store == null;
        Optional<Executor> chosen = Optional.ofNullable(settings.listenerExecutor);
        this.listenerThreads = chosen.isPresent()
                ? Optional.empty()
                : Optional.of(Executors.newCachedThreadPool(task -> daemon(task, "outfeed-listener")));
        Executor executor = chosen.or(() -> listenerThreads).orElseThrow();
        EngineThreads threads = new EngineThreads();
        JobLinks links = new JobLinks(jobs);
        Listeners listeners = new Listeners(
                settings.listeners, task -> executor.execute(() -> threads.run("a listener", task)), links);
        Incidents incidents = new Incidents(store, clock, listeners);
        DigestSender digests = new DigestSender(settings.notifiers, store, clock, incidents);
        listeners.observe(
                new EventSigns(incidents, settings.directoryName()).andThen(new StoppedEngine(digests, clock)));
        OwnerOnly.warnIfOpenToOthers(settings.spoolDirectory());
        SpoolDirectory directory = new SpoolDirectory(settings.spoolDirectory());
        RunBytes bytes = new RunBytes(directory, Optional.ofNullable(settings.spool));
        ClockSteps clockSteps = new ClockSteps(clock);
        this.services = new RunServices(
                store,
                bytes,
                new Stager(directory),
                new CompressorThreads(settings.compressorThreads()),
                new SourcePermits(() -> store.cancelRequested(0)),
                clock,
                clockSteps,
                new Retries(settings.retryPolicy, settings.renameLooks),
                new TimeLimits(),
                listeners,
                new JobStates(store, clock, listeners, jobs::findJob),
                incidents,
                new StoreWarnings(clock),
                new DeliveryResources(),
                new RunMeters(clock, settings.observers));
        FileMaintenance maintenance = new FileMaintenance(services, settings.expectedWithin);
        HistoryOperations history = new HistoryOperations(services);
        PositionOperations positions = new PositionOperations(services);
        EngineState state = new EngineState();
        Requests requests = new Requests(settings.closeTimeout);
        FirePlanner fires = new FirePlanner(store, clock);
        WakeScheduler wakes = new WakeScheduler(scheduler, clock, clockSteps, fires, maintenance);
        JobRunner runner = new JobRunner(services);
        JobArming arming = new JobArming(services, jobs, runner, fires, wakes, maintenance, state);
        JobExecutor jobExecutor = new JobExecutor(
                services,
                settings.keepHistory,
                jobs,
                runner,
                history,
                fires,
                wakes,
                maintenance,
                state,
                requests,
                new RunPermits(limits, !scheduler.isShared()),
                arming);
        Previewer previewer = new Previewer(services.sourcePermits(), clock);
        DestinationProbe probe = new DestinationProbe(directory, services.deliveryResources(), services.states());
        this.operations = new OperationServices(
                services,
                jobs,
                jobExecutor,
                new RunOperations(services),
                positions,
                previewer,
                new RecordTracer(store, bytes),
                new JobChecker(services, previewer, probe),
                links);
        this.lifecycle = new EngineLifecycle(
                state,
                settings.description(),
                store,
                clock,
                scheduler,
                jobs,
                jobExecutor,
                arming,
                wakes,
                positions,
                history,
                requests,
                threads,
                services.sourcePermits(),
                services.meters(),
                Optional.ofNullable(settings.checkDestinationsEvery)
                        .map(every ->
                                new DestinationChecks(every, jobs, probe, scheduler, clock, listeners, incidents)),
                Optional.ofNullable(settings.spool).map(spool -> new SpoolSweep(spool, services, scheduler)),
                new IncidentSweep(
                        services,
                        new IncidentEnds(incidents, store, clock, jobs::jobs),
                        new IncidentWakes(jobs, wakes, services),
                        digests,
                        scheduler,
                        settings.keepHistory),
                new NodeSweep(services, jobs, fires, jobExecutor, arming, scheduler, settings.directoryName()));
        this.jobSources = new JobSources(settings.jobSources, each -> loader(each.source()), scheduler, clock);
        lifecycle.onLoad(jobSources::run);
    }

    private JobLoader loader(JobSource source) {
        return new JobLoader(
                source,
                lifecycle,
                jobs,
                store,
                new JobLoadIncidents(source.id(), services.incidents(), services.storeWarnings()),
                services.clock());
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    public JobHandle add(ExportJob job) {
        addAll(List.of(job));
        return handle(job.name());
    }

    public void addAll(Collection<ExportJob> jobs) {
        jobs.forEach(job -> jobSources.checkNone(job.name(), "change its row"));
        lifecycle.add(List.copyOf(jobs));
    }

    public JobHandle job(String name) {
        return handle(jobs.get(name).job().name());
    }

    public List<JobSummary> jobs(JobQuery query) {
        return JobSummaries.list(
                query, jobs.jobs(), store, services.meters(), services.clock().instant());
    }

    public JobHandle rename(String from, ExportJob to) {
        lifecycle.rename(from, to);
        jobSources.renamed(from, to.name());
        return handle(to.name());
    }

    public void remove(String name, History history) {
        jobSources.checkNone(name, "remove its row, and load it");
        lifecycle.remove(name, history);
    }

    public List<String> orphanedJobs() {
        return store.jobs().stream().filter(job -> jobs.find(job).isEmpty()).toList();
    }

    public List<Litter> litter() {
        return store.jobs().stream()
                .flatMap(job -> JobLitter.of(store, job).stream())
                .toList();
    }

    public List<Incident> incidents(IncidentQuery query) {
        return services.incidents().list(query);
    }

    public Optional<Incident> acknowledge(String incident, String reason) {
        return services.incidents().acknowledge(incident, reason);
    }

    public void appendAudit(AuditEntry entry) {
        store.appendAudit(entry);
    }

    public List<AuditRecord> audit(AuditQuery query) {
        return store.audit(query);
    }

    public List<ExportJob> addedJobs() {
        return jobs.jobs();
    }

    public Clock clock() {
        return services.clock();
    }

    public Optional<String> stopped() {
        return lifecycle.stopped();
    }

    public int runsPerServer() {
        return limits.perServer();
    }

    public List<RunProgress> inProgress() {
        return services.meters().all();
    }

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

    public RunHandle run(long number) {
        RunControl run = new RunControl(number, operations);
        run.run(); // throws if there is none
        return run;
    }

    public List<JobLoad> reloadJobs() {
        return jobSources.reload();
    }

    public JobLoad confirmMissingJobs(String source, String reason) {
        return jobSources.confirmMissing(source, reason);
    }

    public void start() {
        jobSources.run();
        lifecycle.start();
    }

    /** A thread of the engine itself does not wait: another one closes what the engine has when that has ended. */
    @Override
    public void close() {
        boolean open = lifecycle.stop();
        services.retries().close();
        boolean inside = lifecycle.isInside(Thread.currentThread());
        if (open && inside) {
            daemon(this::closeAll, "outfeed-close").start();
        } else if (open) {
            closeAll();
        } else if (!inside) {
            awaitClosed();
        }
    }

    private void closeAll() {
        try {
            lifecycle.awaitRuns();
            services.timeLimits().close();
            services.compressors().close();
            services.deliveryResources().close();
            services.listeners().close();
            listenerThreads.ifPresent(ExecutorService::shutdownNow);
            if (ownsStore) {
                store.close();
            }
            lifecycle.logClosed();
        } finally {
            closed.countDown();
        }
    }

    private void awaitClosed() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JobHandle handle(String name) {
        return new JobControl(name, operations);
    }
}
