package io.outfeed.internal.engine;

import io.outfeed.AlreadyRunningException;
import io.outfeed.DeliveryException;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportException;
import io.outfeed.ExportJob;
import io.outfeed.ExportRun;
import io.outfeed.InvalidDefinitionException;
import io.outfeed.JobHandle;
import io.outfeed.NoSuchJobException;
import io.outfeed.RecordPreview;
import io.outfeed.RunHandle;
import io.outfeed.StoreException;
import io.outfeed.Trigger;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.check.SafeName;
import io.outfeed.schedule.Scheduler;
import io.outfeed.store.ExportStore;
import io.outfeed.store.JobLock;
import io.outfeed.watermark.Position;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine: knows the jobs, is woken for them, and takes their locks. */
public final class JobEngine implements ExportEngine {

    private static final Logger log = LoggerFactory.getLogger(JobEngine.class);

    /** How long to wait before an interrupted delivery is tried again, or a lock that another node has. */
    private static final Duration RETRY = Duration.ofMinutes(10);

    private enum Phase {
        NEW,
        STARTED,
        CLOSED
    }

    private final ExportStore store;
    private final boolean ownsStore;
    private final Scheduler scheduler;
    private final Clock clock;
    private final JobRunner runner;
    private final FirePlanner fires;
    private final Previewer previewer;

    /** By name without case: two names that are one on some file systems are one here. */
    private final Map<String, ExportJob> jobs = new ConcurrentSkipListMap<>();

    private Phase phase = Phase.NEW;

    public JobEngine(EngineSettings settings) {
        this.store = settings.store();
        this.ownsStore = settings.ownsStore();
        this.scheduler = settings.scheduler();
        this.clock = settings.clock();
        this.runner = new JobRunner(settings);
        this.fires = new FirePlanner(store, clock);
        this.previewer = new Previewer(clock);
    }

    @Override
    public synchronized JobHandle add(ExportJob job) {
        checkOpen();
        ExportJob other = jobs.get(key(job.name()));
        if (other != null && !other.name().equals(job.name())) {
            throw new InvalidDefinitionException(
                    job.toString(), List.of("job '" + other.name() + "' differs only in the case of letters"));
        }
        jobs.put(key(job.name()), job);
        if (phase == Phase.STARTED) {
            begin(job);
        }
        return new Handle(job.name());
    }

    @Override
    public JobHandle job(String name) {
        return new Handle(find(name).name());
    }

    @Override
    public List<JobHandle> jobs() {
        return jobs.values().stream()
                .<JobHandle>map(job -> new Handle(job.name()))
                .toList();
    }

    @Override
    public RunHandle run(long number) {
        find(number);
        return new StoredRun(number);
    }

    @Override
    public synchronized void start() {
        if (phase != Phase.NEW) {
            throw new IllegalStateException("the engine was started before, or is closed: make a new one");
        }
        phase = Phase.STARTED;
        jobs.values().forEach(this::begin);
        scheduler.start(this::wake);
    }

    private void begin(ExportJob job) {
        fires.plan(job);
        if (store.unfinishedRuns(job.name()).isEmpty()) {
            arm(job, Optional.empty());
        } else {
            scheduler.scheduleAt(job.name(), clock.instant());
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (phase == Phase.CLOSED) {
                return;
            }
            phase = Phase.CLOSED;
        }
        scheduler.close();
        if (ownsStore) {
            store.close();
        }
    }

    /** What the scheduler calls: finish what was interrupted, then run if a fire is due and ours. */
    private void wake(String name) {
        ExportJob job = jobs.get(key(name));
        if (job == null || !isStarted()) {
            return;
        }
        Optional<Instant> retry = Optional.empty();
        Optional<JobLock> lock = store.tryLock(name);
        try (JobLock held = lock.orElse(null)) {
            if (held == null) {
                retry = Optional.of(clock.instant().plus(RETRY)); // its owner arms the job again when it has finished
                return;
            }
            runner.finishInterrupted(job, held);
            Optional<Instant> fire = fires.claim(job);
            if (fire.isPresent()) {
                runner.run(job, held, Trigger.SCHEDULED, fire);
            }
        } catch (DeliveryException e) {
            retry = Optional.of(clock.instant().plus(RETRY));
            log.warn("{} is not delivered: {}", job, e.getMessage(), e);
        } catch (ExportException e) {
            retry = Optional.of(clock.instant().plus(RETRY));
            log.warn("{} failed: {}", job, e.getMessage(), e);
        } finally {
            arm(job, retry);
        }
    }

    /** Says when to wake next: at the next fire, or before if something is left to finish. */
    private void arm(ExportJob job, Optional<Instant> retry) {
        ExportJob current = jobs.getOrDefault(key(job.name()), job);
        Instant now = clock.instant();
        Optional<Instant> next = fires.next(current);
        if (retry.isPresent() && !store.unfinishedRuns(job.name()).isEmpty()) {
            next = Optional.of(next.filter(at -> at.isAfter(now) && at.isBefore(retry.get()))
                    .orElse(retry.get()));
        }
        if (next.isPresent()) {
            scheduler.scheduleAt(job.name(), next.get());
        } else {
            scheduler.cancel(job.name());
        }
    }

    /** Does something on the caller's thread, under the job's lock. */
    private ExportRun locked(ExportJob job, Function<JobLock, ExportRun> action) {
        checkOpen();
        JobLock lock = store.tryLock(job.name())
                .orElseThrow(() -> new AlreadyRunningException(
                        job + " has a run in progress: wait until it has ended" + Context.of(job)));
        try (JobLock held = lock) {
            return action.apply(held);
        } finally {
            if (isStarted()) {
                arm(job, Optional.of(clock.instant().plus(RETRY)));
            }
        }
    }

    private ExportJob find(String name) {
        ExportJob job = jobs.get(key(name));
        if (job == null || !job.name().equals(name)) {
            throw new NoSuchJobException("no job '" + name + "': the engine has "
                    + jobs.values().stream().map(ExportJob::name).toList() + ", add it with engine.add(...)");
        }
        return job;
    }

    private ExportRun find(long number) {
        return store.run(number)
                .orElseThrow(
                        () -> new NoSuchJobException("no run " + number + ": it never was, or its history was pruned"));
    }

    private synchronized boolean isStarted() {
        return phase == Phase.STARTED;
    }

    private synchronized void checkOpen() {
        if (phase == Phase.CLOSED) {
            throw new IllegalStateException("the engine is closed: make a new one");
        }
    }

    private static String key(String name) {
        return SafeName.withoutCase(name);
    }

    /** A job by its name: each call looks afresh, so that a replaced job is seen. */
    private final class Handle implements JobHandle {

        private final String name;

        private Handle(String name) {
            this.name = name;
        }

        @Override
        public ExportJob job() {
            return find(name);
        }

        @Override
        public ExportRun runNow() {
            ExportJob job = job();
            return locked(job, lock -> {
                runner.finishInterrupted(job, lock);
                return runner.run(job, lock, Trigger.MANUAL, Optional.empty());
            });
        }

        @Override
        public List<RecordPreview> preview(String definition, String... keys) {
            return previewer.preview(job(), definition(definition), List.of(keys));
        }

        @Override
        public ExportRun sendTestRecord(String definition, String key) {
            ExportJob job = job();
            ExportDefinition<?> chosen = definition(definition);
            return locked(job, lock -> runner.sendTestRecord(job, lock, chosen, key));
        }

        @Override
        public Optional<Instant> nextFire() {
            return fires.next(job());
        }

        @Override
        public Optional<Position> position(String definition) {
            return store.positions(name).position(definition(definition).name());
        }

        private ExportDefinition<?> definition(String wanted) {
            List<ExportDefinition<?>> all = job().definitions();
            return all.stream()
                    .filter(definition -> definition.name().equals(wanted))
                    .findFirst()
                    .orElseThrow(() -> new InvalidDefinitionException(
                            job().toString(),
                            List.of("it has no definition '" + wanted + "', only "
                                    + all.stream().map(ExportDefinition::name).toList())));
        }

        @Override
        public List<ExportRun> runs(int limit) {
            if (limit < 1) {
                throw new IllegalArgumentException("limit must be one or more, not " + limit);
            }
            return store.runs(job().name(), limit);
        }

        @Override
        public String toString() {
            return "job '" + name + "'";
        }
    }

    /** A run by its number. */
    private final class StoredRun implements RunHandle {

        private final long number;

        private StoredRun(long number) {
            this.number = number;
        }

        @Override
        public ExportRun run() {
            return find(number);
        }

        @Override
        public InputStream open(String path) {
            ExportRun run = run();
            StagedFile file = run.files().stream()
                    .filter(candidate -> candidate.path().equals(path))
                    .findFirst()
                    .orElseThrow(() -> new NoSuchJobException("run " + number + " has no file '" + path + "', only "
                            + run.files().stream().map(StagedFile::path).toList()));
            try {
                return Files.newInputStream(runner.spool().path(number, file));
            } catch (IOException e) {
                throw new StoreException(
                        "the bytes of " + path + " are gone from the spool: only runs that staged a file and were not"
                                + " dropped keep them (job=" + run.job() + ", run=" + number + ")",
                        e);
            }
        }

        @Override
        public String toString() {
            return "run " + number;
        }
    }
}
