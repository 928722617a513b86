package io.outfeed.internal.engine;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.ExportRun;
import io.outfeed.JobHandle;
import io.outfeed.RunHandle;
import io.outfeed.store.ExportStore;
import java.util.List;

/** The engine: puts its parts together, and hands out handles. */
public final class JobEngine implements ExportEngine {

    private final ExportStore store;
    private final boolean ownsStore;
    private final Spool spool;
    private final Retries retries;
    private final TimeLimits timeLimits = new TimeLimits();
    private final JobRegistry jobs = new JobRegistry();
    private final JobRunner runner;
    private final FirePlanner fires;
    private final Previewer previewer;
    private final JobDriver driver;

    /** Makes an engine that is not started. */
    public JobEngine(EngineSettings settings) {
        this.store = settings.store();
        this.ownsStore = settings.ownsStore();
        this.spool = new Spool(settings.spool());
        this.retries = new Retries(settings.retryPolicy());
        RunServices services = new RunServices(
                store,
                spool,
                new Stager(spool),
                settings.clock(),
                retries,
                timeLimits,
                new Listeners(settings.listeners()));
        this.runner = new JobRunner(services);
        this.fires = new FirePlanner(store, settings.clock());
        this.previewer = new Previewer(settings.clock());
        this.driver = new JobDriver(settings, jobs, runner, fires, new Upkeep(services), services.listeners());
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
    public RunHandle run(long number) {
        RunControl run = new RunControl(number, jobs, driver, runner, spool, store);
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
        boolean closed = driver.close();
        timeLimits.close();
        if (closed && ownsStore) {
            store.close();
        }
    }

    private JobHandle handle(String name) {
        return new JobControl(name, jobs, driver, runner, fires, previewer, store);
    }
}
