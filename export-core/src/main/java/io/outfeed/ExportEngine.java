package io.outfeed;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.AlreadyRunningException;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.NoSuchJobException;
import io.outfeed.error.StoreException;
import io.outfeed.event.ExportListener;
import io.outfeed.internal.check.Problems;
import io.outfeed.internal.engine.EngineSettings;
import io.outfeed.internal.engine.JobEngine;
import io.outfeed.operation.History;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.JobQuery;
import io.outfeed.operation.JobSummary;
import io.outfeed.operation.RunHandle;
import io.outfeed.run.RunPage;
import io.outfeed.run.RunQuery;
import io.outfeed.scheduler.InJvmScheduler;
import io.outfeed.scheduler.Scheduler;
import io.outfeed.store.ExportStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Runs jobs: by their schedules once it is started, and when asked.
 *
 * <p>Thread-safe. A host makes one, adds its jobs, starts it, and closes it when it shuts down.
 */
public final class ExportEngine implements AutoCloseable {

    private final JobEngine engine;

    private ExportEngine(JobEngine engine) {
        this.engine = engine;
    }

    /**
     * Starts an engine's settings.
     *
     * @return a builder with the defaults
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Adds a job, or replaces the one of that name: its definitions, schedule, deliveries and parameters. Positions,
     * runs and the next fire are the store's and stay; a changed schedule fires only from now on.
     *
     * @param job the job
     * @return its handle
     * @throws InvalidDefinitionException if another job has the same name in other letters' case
     */
    public JobHandle add(ExportJob job) {
        return engine.add(requireNonNull(job, "job"));
    }

    /**
     * Returns a job.
     *
     * @param name the name of the job
     * @return its handle
     * @throws NoSuchJobException if it was not added; the message lists the jobs that were
     */
    public JobHandle job(String name) {
        return engine.job(requireNonNull(name, "name"));
    }

    /**
     * Lists jobs, with what a page shows of them.
     *
     * @param query which jobs, and how many at most
     * @return a summary of each, ordered by name without regard to case; {@link JobQuery#after} with the last one's
     *     name has the page that follows
     */
    public List<JobSummary> jobs(JobQuery query) {
        return engine.jobs(requireNonNull(query, "query"));
    }

    /**
     * Removes a job, whether it was added or is only known to the store. A job that the code adds again at the next
     * start is there again: remove it from the code too, and from other nodes.
     *
     * <p>Effects: file: in the spool, kept or removed; delivery: what was delivered stays; watermark: kept or
     * forgotten; history: kept or forgotten. What an interrupted run has uploaded under a temporary name is removed.
     *
     * @param name the name of the job
     * @param history what becomes of its runs and positions
     * @throws NoSuchJobException if neither the engine nor the store knows it
     * @throws AlreadyRunningException if a run of it is in progress, held, or not yet published everywhere: end that
     *     first
     */
    public void remove(String name, History history) {
        engine.remove(requireNonNull(name, "name"), requireNonNull(history, "history"));
    }

    /**
     * Names the jobs that the store knows and that were not added: what they have sent stays on record, what was
     * interrupted waits until they are added again.
     *
     * @return the names, sorted
     */
    public List<String> orphanedJobs() {
        return engine.orphanedJobs();
    }

    /**
     * Lists runs of any jobs, those that are not added included, page by page.
     *
     * @param query which runs, and how many at most
     * @return the runs, newest first, and the query of the next page
     */
    public RunPage runs(RunQuery query) {
        return engine.runs(requireNonNull(query, "query"));
    }

    /**
     * Returns a run.
     *
     * @param number the number of the run
     * @return its handle
     * @throws NoSuchJobException if the store has no such run
     */
    public RunHandle run(long number) {
        return engine.run(number);
    }

    /**
     * Begins to run jobs by their schedules, and first finishes or drops what was interrupted. A fire that was missed
     * while the engine was down is made up for once, however many there were.
     *
     * @throws IllegalStateException if the engine was started before, or is closed
     */
    public void start() {
        engine.start();
    }

    /** Stops: no run is begun any more, and those in progress are waited for and then interrupted. */
    @Override
    public void close() {
        engine.close();
    }

    /** Collects the settings of an engine. Not thread-safe. */
    public static final class Builder {

        private final EngineSettings settings = new EngineSettings();

        private Builder() {}

        /**
         * Sets where state and finished files are kept. Required. It must be durable: who loses it sends the first file
         * again. One engine at a time uses it.
         *
         * @param directory a local directory; made if it is not there
         * @return this builder
         */
        public Builder directory(Path directory) {
            settings.directory = requireNonNull(directory, "directory");
            return this;
        }

        /**
         * Sets where state is kept instead of below {@link #directory}. The engine does not close it.
         *
         * @param store the store
         * @return this builder
         */
        public Builder store(ExportStore store) {
            settings.store = requireNonNull(store, "store");
            return this;
        }

        /**
         * Sets what wakes the engine. Default: an {@link InJvmScheduler} with {@link #workers} threads. The engine
         * closes it.
         *
         * @param scheduler the scheduler
         * @return this builder
         */
        public Builder scheduler(Scheduler scheduler) {
            settings.scheduler = requireNonNull(scheduler, "scheduler");
            return this;
        }

        /**
         * Sets the clock. Default: the system's, in UTC.
         *
         * @param clock the clock; its zone is not used
         * @return this builder
         */
        public Builder clock(Clock clock) {
            settings.clock = requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Sets how many scheduled runs may be in progress at once. Default: 4. Ignored if a {@link #scheduler} is set.
         *
         * @param workers one or more
         * @return this builder
         */
        public Builder workers(int workers) {
            settings.workers = workers;
            return this;
        }

        /**
         * Sets how long {@link ExportEngine#close} waits for scheduled runs in progress before it interrupts them, and
         * then once more. What was interrupted is finished or dropped at the next start, and a fire whose run was
         * dropped is run again then. Default: 30 seconds. Ignored if a {@link #scheduler} is set.
         *
         * @param closeTimeout zero or more
         * @return this builder
         */
        public Builder closeTimeout(Duration closeTimeout) {
            settings.closeTimeout = requireNonNull(closeTimeout, "closeTimeout");
            return this;
        }

        /**
         * Sets how often a delivery is tried within a run. Default: 3 attempts, the first wait 5 seconds. What still
         * fails then is tried again every ten minutes, and at the next fire.
         *
         * @param retryPolicy the policy
         * @return this builder
         */
        public Builder retryPolicy(RetryPolicy retryPolicy) {
            settings.retryPolicy = requireNonNull(retryPolicy, "retryPolicy");
            return this;
        }

        /**
         * Sets how long ended runs are kept, with their files. Default: 90 days. Runs of a job with a retention are
         * kept longer, if need be: until their delivered files are done with.
         *
         * @param keepHistory zero or more
         * @return this builder
         */
        public Builder keepHistory(Duration keepHistory) {
            settings.keepHistory = requireNonNull(keepHistory, "keepHistory");
            return this;
        }

        /**
         * Adds somebody who is told what happens.
         *
         * @param listener the listener
         * @return this builder
         */
        public Builder listener(ExportListener listener) {
            List<ExportListener> all = new ArrayList<>(settings.listeners);
            all.add(requireNonNull(listener, "listener"));
            settings.listeners = List.copyOf(all);
            return this;
        }

        /**
         * Sets on which threads listeners are told. Default: a daemon thread for each that has something to hear. With
         * {@code Runnable::run} it is the thread on which something happens, and a slow listener delays it: for tests.
         *
         * @param executor takes a task for each listener that has something to hear; the engine does not shut it down
         * @return this builder
         */
        public Builder listenerExecutor(Executor executor) {
            settings.listenerExecutor = requireNonNull(executor, "executor");
            return this;
        }

        /**
         * Tries all destinations from time to time, the first time when the engine is started: each is connected to,
         * logged in to, and gets a small temporary file, which is removed again. A
         * {@link io.outfeed.event.DestinationEvent} tells of one that does not work, before the night. Default: never.
         * A destination is tried once, however many jobs share its id, and not again before the next time, so that a
         * refused login locks nobody out.
         *
         * @param checkDestinationsEvery from one time to the next, one minute or more, such as twelve hours
         * @return this builder
         */
        public Builder checkDestinationsEvery(Duration checkDestinationsEvery) {
            settings.checkDestinationsEvery = requireNonNull(checkDestinationsEvery, "checkDestinationsEvery");
            return this;
        }

        /**
         * Makes the engine. It runs nothing by schedule until it is started.
         *
         * @return the engine
         * @throws InvalidDefinitionException if a setting is missing or wrong
         * @throws StoreException if the directory can't be used: another engine has it, or it can't be written
         */
        public ExportEngine build() {
            Problems problems = new Problems();
            problems.addIfMissing(
                    settings.directory, "directory is missing: add .directory(Path.of(\"/var/lib/outfeed\"))");
            problems.addIf(settings.workers < 1, "workers must be one or more, not " + settings.workers);
            problems.addIf(
                    settings.closeTimeout.isNegative(),
                    "closeTimeout must be zero or more, not " + settings.closeTimeout);
            problems.addIf(
                    settings.keepHistory.isNegative(), "keepHistory must be zero or more, not " + settings.keepHistory);
            Duration every = settings.checkDestinationsEvery;
            problems.addIf(
                    every != null && every.compareTo(Duration.ofMinutes(1)) < 0,
                    "checkDestinationsEvery must be one minute or more, not " + every);
            problems.throwIfAny("engine");
            return new ExportEngine(new JobEngine(settings));
        }
    }
}
