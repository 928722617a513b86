package io.outfeed;

import static java.util.Objects.requireNonNull;

import io.outfeed.audit.AuditEntry;
import io.outfeed.audit.AuditQuery;
import io.outfeed.audit.AuditRecord;
import io.outfeed.error.AlreadyRunningException;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.NoSuchJobException;
import io.outfeed.error.StoreException;
import io.outfeed.event.ExportListener;
import io.outfeed.event.RunObserver;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.internal.check.Problems;
import io.outfeed.internal.check.SafeName;
import io.outfeed.internal.engine.EngineSettings;
import io.outfeed.internal.engine.EngineSettings.LoadedSource;
import io.outfeed.internal.engine.JobEngine;
import io.outfeed.job.JobLoad;
import io.outfeed.job.JobSource;
import io.outfeed.notification.Notifier;
import io.outfeed.operation.History;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.JobQuery;
import io.outfeed.operation.JobSummary;
import io.outfeed.operation.RunHandle;
import io.outfeed.operation.RunProgress;
import io.outfeed.run.RunPage;
import io.outfeed.run.RunQuery;
import io.outfeed.run.file.Litter;
import io.outfeed.scheduler.InJvmScheduler;
import io.outfeed.scheduler.Scheduler;
import io.outfeed.spool.Spool;
import io.outfeed.store.ExportStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

/**
 * Runs jobs: by their schedules once it is started, and on request.
 *
 * <p>Thread-safe. A host builds one engine, adds its jobs, starts it, and closes it when it shuts down.
 */
public final class ExportEngine implements AutoCloseable {

    private final JobEngine engine;

    private ExportEngine(JobEngine engine) {
        this.engine = engine;
    }

    /**
     * Starts building an engine.
     *
     * @return a builder with the defaults
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Adds a job, or replaces the one of that name: its definitions, schedule, deliveries and parameters. Positions,
     * runs and the next fire are in the store and stay; a changed schedule fires only from now on.
     *
     * @param job the job
     * @return its handle
     * @throws InvalidDefinitionException if the name of another job differs only in case, or a job of that name was
     *     {@linkplain #rename renamed}
     */
    public JobHandle add(ExportJob job) {
        return engine.add(requireNonNull(job, "job"));
    }

    /**
     * Adds jobs, as {@link #add}, and writes to the store what is new of them in few steps: for hosts with thousands of
     * jobs. Adds none of them if one is wrong.
     *
     * @param jobs the jobs
     * @throws InvalidDefinitionException if a name is there twice, or can't be {@linkplain #add added}; all such jobs
     *     are listed
     */
    public void addAll(Collection<ExportJob> jobs) {
        engine.addAll(requireNonNull(jobs, "jobs"));
    }

    /**
     * Returns a job.
     *
     * @param name the name of the job
     * @return its handle
     * @throws NoSuchJobException if it was not added; the message has its new name if it was renamed
     */
    public JobHandle job(String name) {
        return engine.job(requireNonNull(name, "name"));
    }

    /**
     * Lists summaries of jobs, page by page.
     *
     * @param query which jobs, and how many at most
     * @return the summaries, ordered by name without regard to case; {@link JobQuery#after} with the last one's name
     *     gives the next page
     */
    public List<JobSummary> jobs(JobQuery query) {
        return engine.jobs(requireNonNull(query, "query"));
    }

    /**
     * Renames a job, whether it was added or is known to the store only, and adds it under its new name. It continues
     * there: positions, sequence, runs, next fire and pause stay, and so do the watch and the retention of the files
     * that were delivered. Rename it in the host's code too: else the next start adds the old name, which is refused.
     *
     * <p>All is moved in one step, or nothing. If this or another node has renamed the job so before, it is only added:
     * each node may call this when it starts. A node that still has the job under its old name runs it no more, by
     * schedule or on request, and says so in its log.
     *
     * <p>The old name stays refused, so that no node begins a second history and delivers everything again. When no
     * node uses it any more, {@link #remove} with {@link History#PURGE} makes it free for another job; the renamed job
     * is not affected.
     *
     * <p>Effects: file: names with {@code {job}} have the new name from the next run on; delivery: none; watermark:
     * stays; history: all runs have the new name. Times that the host's code or a jitter derives from the name of a job
     * may change, and listeners that choose jobs by name need the new one.
     *
     * @param from the name of the job
     * @param to the job under its new name, such as {@link ExportJob#renamed}; other changes are as those of
     *     {@link #add}
     * @return its handle
     * @throws NoSuchJobException if neither the engine nor the store knows the job, or it was renamed to another name
     * @throws InvalidDefinitionException if the new name is that of another job, differs from that only in case, or was
     *     that of a job which was renamed
     * @throws IllegalArgumentException if the job has that name
     * @throws AlreadyRunningException if one of its runs is in progress, held, waits, or is not yet published
     *     everywhere, and nothing has changed: end that run first, or {@link #add} {@code to.renamed(from)} so that it
     *     can continue until it has ended
     */
    public JobHandle rename(String from, ExportJob to) {
        return engine.rename(requireNonNull(from, "from"), requireNonNull(to, "to"));
    }

    /**
     * Removes a job, whether it was added or is known to the store only. Remove it from the host's code and from other
     * nodes too: else the next start adds it again.
     *
     * <p>Delivered files that {@link ExportJob.Builder#retention} has not deleted yet are deleted no more: a warning in
     * the log has their number at each destination. To have them deleted in time, disable the job instead, and remove
     * it when its retention is over; after a removal with {@link History#KEEP}, add it again.
     *
     * <p>Effects: file: in the spool, kept or removed; delivery: what was delivered stays; watermark: kept or
     * forgotten; history: kept or forgotten. Nodes that share the store remove the job from their engines within a
     * lease. Temporary files that an interrupted run has uploaded are removed. Of a job
     * that was {@linkplain #rename renamed} nothing but its old name is forgotten.
     *
     * @param name the name of the job
     * @param history whether its runs and positions are kept
     * @throws NoSuchJobException if neither the engine nor the store knows it
     * @throws AlreadyRunningException if one of its runs is in progress, held, or not yet published everywhere: end
     *     that run first
     */
    public void remove(String name, History history) {
        engine.remove(requireNonNull(name, "name"), requireNonNull(history, "history"));
    }

    /**
     * Returns the jobs that were added, without their state. Reads memory only.
     *
     * @return the jobs, ordered by name without regard to case
     */
    public List<ExportJob> addedJobs() {
        return engine.addedJobs();
    }

    /**
     * Returns the jobs that are in the store but were not added. Their history is kept, and their interrupted runs wait
     * until they are added again.
     *
     * @return the names, sorted
     */
    public List<String> orphanedJobs() {
        return engine.orphanedJobs();
    }

    /**
     * Lists the temporary files that may be left at destinations, also of jobs that are not added. The next run of a
     * job removes what it can reach. Reads the newest run of each job.
     *
     * @return the files, by job
     */
    public List<Litter> litter() {
        return engine.litter();
    }

    /**
     * Lists incidents: causes that keep jobs from working, of all nodes that share the store.
     *
     * @param query which incidents, such as {@code IncidentQuery.open()}
     * @return the incidents, newest first
     * @throws StoreException if the store can't be read
     */
    public List<Incident> incidents(IncidentQuery query) {
        return engine.incidents(requireNonNull(query, "query"));
    }

    /**
     * Ends an incident that is open, since a person knows of it or has corrected its cause: the jobs that wait for it
     * try at once. If it fails again, that is a new incident. What the incident tells of stays as it is: a held run is
     * released or discarded, an unconfirmed one acknowledged, a paused job resumed by its own handle, which ends the
     * incident too.
     *
     * @param incident the {@linkplain Incident#id() id} of the incident
     * @param reason why, for people
     * @return the incident, ended; empty if no incident of that id is open
     * @throws StoreException if the store can't be written
     */
    public Optional<Incident> acknowledge(String incident, String reason) {
        return engine.acknowledge(requireNonNull(incident, "incident"), requireNonNull(reason, "reason"));
    }

    /**
     * Appends a line to the audit: what a person has asked for by a page or an endpoint of the host, or what came of
     * it. All nodes that share the store see it. It is never changed or deleted.
     *
     * @param entry the line, with the time of {@link #clock}
     * @throws StoreException if the store can't be written: do not do then what the line is about
     */
    public void appendAudit(AuditEntry entry) {
        engine.appendAudit(requireNonNull(entry, "entry"));
    }

    /**
     * Lists lines of the audit, page by page.
     *
     * @param query which lines, and how many at most
     * @return the lines, newest first; {@link AuditQuery#below} with the last one's number gives the next page
     * @throws StoreException if the store can't be read
     */
    public List<AuditRecord> audit(AuditQuery query) {
        return engine.audit(requireNonNull(query, "query"));
    }

    /**
     * Returns the clock by which jobs fire, for pages that show how long ago something was.
     *
     * @return the clock; its zone means nothing
     */
    public Clock clock() {
        return engine.clock();
    }

    /**
     * Loads the {@linkplain Builder#jobs job sources} now, on the caller's thread: after a row was changed. Other nodes
     * load at their intervals.
     *
     * @return what each source has changed
     */
    public List<JobLoad> reloadJobs() {
        return engine.reloadJobs();
    }

    /**
     * Loads a job source, and disables all jobs without a row, however many they are: see {@link JobSource}.
     * Other nodes do so at their next load.
     *
     * @param source the id of the source
     * @param reason why, for the log
     * @return what has changed
     * @throws IllegalArgumentException if the engine has no such source
     */
    public JobLoad confirmMissingJobs(String source, String reason) {
        return engine.confirmMissingJobs(requireNonNull(source, "source"), requireNonNull(reason, "reason"));
    }

    /**
     * Lists runs, page by page, also of jobs that are not added.
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
     * Lists what this engine does now: the runs whose attempts are in progress on this node. Reads memory only.
     *
     * @return the progress of each run, the oldest first
     */
    public List<RunProgress> inProgress() {
        return engine.inProgress();
    }

    /**
     * Returns how many scheduled runs of this node may be in progress at one server.
     *
     * @return what {@link Builder#runsPerServer} was given, or its default
     */
    public int runsPerServer() {
        return engine.runsPerServer();
    }

    /**
     * Tells whether the engine can work, for checks of a host's health. Reads memory only: whether the store answers,
     * the next run knows.
     *
     * @return why it works no more: it is closed, or has stopped by itself since its store is gone; empty if it works,
     *     or is not started yet
     */
    public Optional<String> stopped() {
        return engine.stopped();
    }

    /**
     * Starts to run jobs by their schedules. Interrupted runs are continued. Fires that passed while
     * the engine was down are covered by one run, unless the job's {@link MisfirePolicy} skips them.
     *
     * @throws InvalidDefinitionException if the {@linkplain io.outfeed.source.RecordSource#pool pool} of a source has
     *     no connections for a job and the store; nothing is started then
     * @throws IllegalStateException if the engine was started before, or is closed
     */
    public void start() {
        engine.start();
    }

    /**
     * Stops the engine: starts no more runs, waits for those in progress, by schedule and on request, and interrupts
     * them after {@link Builder#closeTimeout}. The next engine continues interrupted runs. A run that does not end even
     * then is left behind, and its connections are closed: a warning in the log has its job, its run, its step, and the
     * place where its thread is. Then the listeners get the remaining events, for ten seconds at most, and everything
     * that the engine and its deliveries have opened is closed.
     *
     * <p>Called by a thread of the engine, as in a listener, a field mapping or a delivery, it returns at once, and the
     * engine is closed on another thread when that listener or run has ended. Called again, it waits until the engine
     * is closed.
     */
    @Override
    public void close() {
        engine.close();
    }

    /** Collects the settings of an engine. Not thread-safe. */
    public static final class Builder {

        private final EngineSettings settings = new EngineSettings();

        private Builder() {}

        /**
         * Sets the directory of state and finished files. Required. It must be durable: if it is lost, the jobs start
         * again from the beginning. Only one engine may use it at a time.
         *
         * @param directory a local directory; created if it does not exist
         * @return this builder
         */
        public Builder directory(Path directory) {
            settings.directory = requireNonNull(directory, "directory");
            return this;
        }

        /**
         * Sets the store of state. Default: files below {@link #directory}. The engine does not close the store.
         *
         * @param store the store
         * @return this builder
         */
        public Builder store(ExportStore store) {
            settings.store = requireNonNull(store, "store");
            return this;
        }

        /**
         * Sets where the bytes of runs are kept for the other nodes, on each node alike. Default: none, for one node or
         * for nodes that share the {@link #directory}. With a spool each node has a directory of its own, which may be
         * empty when it starts: any node finishes the run of one that is dead, and continues after its last run.
         *
         * @param spool the spool; the engine does not close it
         * @return this builder
         */
        public Builder spool(Spool spool) {
            settings.spool = requireNonNull(spool, "spool");
            return this;
        }

        /**
         * Sets the scheduler that wakes the engine. Default: an {@link InJvmScheduler} with {@link #workers} threads.
         * The engine closes it.
         *
         * @param scheduler the scheduler
         * @return this builder
         */
        public Builder scheduler(Scheduler scheduler) {
            settings.scheduler = requireNonNull(scheduler, "scheduler");
            return this;
        }

        /**
         * Sets the clock by which jobs fire and attempts are made, as tests do. Default: that of the store if nodes
         * share it, such as the database's, else the system's. A clock that is set here is not compared with that of
         * the store: nodes that share one need the same. Of such a clock the engine does not know for how long it was
         * ahead before it was set back: only jobs whose positions are still ahead of it are paused then.
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
         * Sets what makes the threads of the {@link #workers}: virtual ones by {@code Thread.ofVirtual().factory()} on
         * JDK 21 and up, or those of a server of applications. Their number stays that of the workers. Default: daemon
         * threads of the platform. Ignored if a {@link #scheduler} is set.
         *
         * @param threads makes a thread for each worker
         * @return this builder
         */
        public Builder workerThreads(ThreadFactory threads) {
            settings.workerThreads = requireNonNull(threads, "threads");
            return this;
        }

        /**
         * Sets how many threads may compress files while the threads of the runs read, map and write rows. {@link
         * io.outfeed.file.transform.Gzip} and {@link io.outfeed.file.transform.Zip} then take less time, of the same
         * processors. A run whose file finds none of them free compresses on its own thread, and so does one with a
         * small file. The threads are started when they are needed, and end when they are idle. Default: one less than
         * the {@linkplain Runtime#availableProcessors() processors}, which is none with one processor.
         *
         * @param compressorThreads one or more, or 0 to compress on the threads of the runs only
         * @return this builder
         */
        public Builder compressorThreads(int compressorThreads) {
            settings.compressorThreads = compressorThreads;
            return this;
        }

        /**
         * Sets how many scheduled runs of this node may be in progress at one {@linkplain
         * io.outfeed.delivery.Delivery#server() server}, so that a slow one does not occupy all workers. A
         * run with several servers counts at each. A job that has to wait needs no worker meanwhile, and its fire
         * time stays due; those that wait begin in the order of their fire times, then of their priorities. A run on
         * request begins at once, and counts. Default: half of the {@link #workers}, at least one; set it if a
         * {@link #scheduler} has threads of its own.
         *
         * @param runsPerServer one or more
         * @return this builder
         */
        public Builder runsPerServer(int runsPerServer) {
            settings.runsPerServer = runsPerServer;
            return this;
        }

        /**
         * Sets how many scheduled runs of each definition may be in progress on this node, as {@link #runsPerServer}
         * does for servers: for definitions whose queries are a load. A run with several definitions counts for each.
         * Default: any number.
         *
         * @param runsPerDefinition one or more
         * @return this builder
         */
        public Builder runsPerDefinition(int runsPerDefinition) {
            settings.runsPerDefinition = runsPerDefinition;
            return this;
        }

        /**
         * Sets how many scheduled runs with the same value of a parameter may be in progress on this node, as
         * {@link #runsPerServer} does for servers: with a parameter such as {@code tenant}, no tenant occupies all
         * workers. A job without the parameter is not limited. Several parameters may have limits. Default: any number.
         *
         * @param parameter the name of the parameter
         * @param runs one or more
         * @return this builder
         */
        public Builder runsPerParameter(String parameter, int runs) {
            Map<String, Integer> limits = new TreeMap<>(settings.runsPerParameter);
            limits.put(requireNonNull(parameter, "parameter"), runs);
            settings.runsPerParameter = limits;
            return this;
        }

        /**
         * Sets how soon after each fire time the jobs must deliver that set no deadline of their own: nothing else
         * tells that nothing runs. Jobs without a schedule and disabled jobs have no deadline. Default: none.
         *
         * @param limit more than zero, such as two hours
         * @return this builder
         * @see ExportJob.Builder#expectDeliveredWithin
         */
        public Builder expectDeliveredWithin(Duration limit) {
            settings.expectedWithin = requireNonNull(limit, "limit");
            return this;
        }

        /**
         * Sets how long {@link ExportEngine#close} waits for runs in progress, both before and after it interrupts
         * them: first for those of the schedule, then for those on request. The next engine continues interrupted runs.
         * Default: 30 seconds. Ignored for scheduled runs if a {@link #scheduler} is set.
         *
         * @param closeTimeout zero or more
         * @return this builder
         */
        public Builder closeTimeout(Duration closeTimeout) {
            settings.closeTimeout = requireNonNull(closeTimeout, "closeTimeout");
            return this;
        }

        /**
         * Sets how often a delivery is tried within a run. Default: 3 tries, with 5 seconds before the second. The run
         * of a delivery that still fails waits for its next attempt, from one minute to one hour.
         *
         * @param retryPolicy the policy
         * @return this builder
         */
        public Builder retryPolicy(RetryPolicy retryPolicy) {
            settings.retryPolicy = requireNonNull(retryPolicy, "retryPolicy");
            return this;
        }

        /**
         * Sets how long a destination is asked whether it has renamed a file, after it has acknowledged or failed the
         * request while the temporary file is still there. Once for each session; each second. Default: 10 seconds.
         *
         * @param renameLooks zero or more; zero to ask once
         * @return this builder
         */
        public Builder renameLooks(Duration renameLooks) {
            settings.renameLooks = requireNonNull(renameLooks, "renameLooks");
            return this;
        }

        /**
         * Sets how long ended runs are kept, with their files. Default: 90 days. Runs of a job with a retention are
         * kept at least until the retention of their delivered files has ended. An unconfirmed run, and those that
         * ended after it, are kept until it is {@linkplain io.outfeed.operation.RunHandle#acknowledge acknowledged}.
         *
         * @param keepHistory zero or more
         * @return this builder
         */
        public Builder keepHistory(Duration keepHistory) {
            settings.keepHistory = requireNonNull(keepHistory, "keepHistory");
            return this;
        }

        /**
         * Adds a listener for events. Default: none.
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
         * Adds an observer, which follows attempts and their steps on the threads of the runs. Default: none.
         *
         * @param observer the observer
         * @return this builder
         */
        public Builder observer(RunObserver observer) {
            List<RunObserver> all = new ArrayList<>(settings.observers);
            all.add(requireNonNull(observer, "observer"));
            settings.observers = List.copyOf(all);
            return this;
        }

        /**
         * Adds a notifier, which is given notices of incidents. Default: none.
         *
         * @param notifier the notifier, with an id of its own
         * @return this builder
         */
        public Builder notifier(Notifier notifier) {
            List<Notifier> all = new ArrayList<>(settings.notifiers);
            all.add(requireNonNull(notifier, "notifier"));
            settings.notifiers = List.copyOf(all);
            return this;
        }

        /**
         * Adds a source of jobs, which is loaded when the engine is started, and then at an interval. Default: none:
         * the host adds its jobs.
         *
         * @param source the source, with an id of its own
         * @param every the time between two loads, one second or more, such as a minute
         * @return this builder
         */
        public Builder jobs(JobSource source, Duration every) {
            List<LoadedSource> all = new ArrayList<>(settings.jobSources);
            all.add(new LoadedSource(requireNonNull(source, "source"), requireNonNull(every, "every")));
            settings.jobSources = List.copyOf(all);
            return this;
        }

        /**
         * Sets the executor that notifies the listeners. Default: a daemon thread for each listener that has events.
         * With {@code Runnable::run}, for tests, listeners are notified on the thread of the event, and a slow one
         * delays it.
         *
         * @param executor runs one task at a time for each listener; the engine does not shut it down
         * @return this builder
         */
        public Builder listenerExecutor(Executor executor) {
            settings.listenerExecutor = requireNonNull(executor, "executor");
            return this;
        }

        /**
         * Checks all destinations periodically, the first time when the engine is started: logs in, and uploads a small
         * temporary file, which is removed again. A {@link io.outfeed.event.DestinationEvent} reports a destination
         * that does not work. Default: no checks. Each check tries a destination only once, however many jobs share its
         * id, so that a refused login does not lock the account. What the transforms of jobs need is checked too, such
         * as keys that expire.
         *
         * @param checkDestinationsEvery the time between two checks, one minute or more, such as twelve hours
         * @return this builder
         */
        public Builder checkDestinationsEvery(Duration checkDestinationsEvery) {
            settings.checkDestinationsEvery = requireNonNull(checkDestinationsEvery, "checkDestinationsEvery");
            return this;
        }

        /**
         * Builds the engine. It runs nothing by schedule until it is started.
         *
         * @return the engine
         * @throws InvalidDefinitionException if a setting is missing or wrong
         * @throws StoreException if another engine uses the directory, or it can't be written
         */
        public ExportEngine build() {
            Problems problems = new Problems();
            problems.addIfMissing(
                    settings.directory, "directory is missing: add .directory(Path.of(\"/var/lib/outfeed\"))");
            problems.addIf(settings.workers < 1, "workers must be one or more, not " + settings.workers);
            problems.addIf(
                    settings.expectedWithin != null
                            && (settings.expectedWithin.isZero() || settings.expectedWithin.isNegative()),
                    "expectDeliveredWithin must be more than zero, not " + settings.expectedWithin);
            problems.addIf(
                    settings.compressorThreads != null && settings.compressorThreads < 0,
                    "compressorThreads must be zero or more, not " + settings.compressorThreads);
            problems.addIf(
                    settings.runsPerServer != null && settings.runsPerServer < 1,
                    "runsPerServer must be one or more, not " + settings.runsPerServer);
            problems.addIf(
                    settings.runsPerDefinition != null && settings.runsPerDefinition < 1,
                    "runsPerDefinition must be one or more, not " + settings.runsPerDefinition);
            settings.runsPerParameter.forEach((parameter, runs) -> problems.addIf(
                    runs < 1, "runsPerParameter of '" + parameter + "' must be one or more, not " + runs));
            problems.addIf(
                    settings.closeTimeout.isNegative(),
                    "closeTimeout must be zero or more, not " + settings.closeTimeout);
            problems.addIf(
                    settings.keepHistory.isNegative(), "keepHistory must be zero or more, not " + settings.keepHistory);
            problems.addIf(
                    settings.renameLooks.isNegative(), "renameLooks must be zero or more, not " + settings.renameLooks);
            for (Notifier notifier : settings.notifiers) {
                SafeName.problem(notifier.id())
                        .ifPresent(why -> problems.add("notifier '" + notifier.id() + "' needs another id: " + why));
            }
            problems.addIf(
                    settings.notifiers.stream().map(Notifier::id).distinct().count() < settings.notifiers.size(),
                    "two notifiers have the same id: give each one of its own");
            checkJobSources(problems);
            Duration every = settings.checkDestinationsEvery;
            problems.addIf(
                    every != null && every.compareTo(Duration.ofMinutes(1)) < 0,
                    "checkDestinationsEvery must be one minute or more, not " + every);
            problems.throwIfAny("engine");
            return new ExportEngine(new JobEngine(settings));
        }

        private void checkJobSources(Problems problems) {
            List<String> ids = new ArrayList<>();
            for (LoadedSource each : settings.jobSources) {
                String id = each.source().id();
                ids.add(id);
                SafeName.problem(id).ifPresent(why -> problems.add("job source '" + id + "' needs another id: " + why));
                problems.addIf(
                        each.every().compareTo(Duration.ofSeconds(1)) < 0,
                        "job source '" + id + "' must be loaded every second at most, not every " + each.every());
            }
            problems.addIf(
                    ids.stream().distinct().count() < ids.size(),
                    "two job sources have the same id: give each one of its own");
        }
    }
}
