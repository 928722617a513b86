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
import io.outfeed.RunHeldException;
import io.outfeed.RunStatus;
import io.outfeed.SourceException;
import io.outfeed.StoreException;
import io.outfeed.Trigger;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.check.SafeName;
import io.outfeed.schedule.Scheduler;
import io.outfeed.store.ExportStore;
import io.outfeed.store.JobLock;
import io.outfeed.watermark.Position;
import io.outfeed.watermark.Watermark;
import io.outfeed.watermark.Window;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine: knows the jobs, is woken for them, and takes their locks. */
public final class JobEngine implements ExportEngine {

    private static final Logger log = LoggerFactory.getLogger(JobEngine.class);

    /** How long to wait before a failed run is tried again, or a lock that another node has. */
    private static final Duration RETRY = Duration.ofMinutes(10);

    private static final Set<RunStatus> SENT = EnumSet.of(RunStatus.COMMITTED, RunStatus.GIVEN_UP);

    private enum Phase {
        NEW,
        STARTED,
        CLOSED
    }

    private final ExportStore store;
    private final boolean ownsStore;
    private final Scheduler scheduler;
    private final Clock clock;
    private final Spool spool;
    private final Retries retries;
    private final JobRunner runner;
    private final Duration keepHistory;
    private final FirePlanner fires;
    private final Previewer previewer;

    /** By name without case: two names that are one on some file systems are one here. */
    private final Map<String, ExportJob> jobs = new ConcurrentSkipListMap<>();

    /** Fires whose run failed at what time may mend; the next fire covers them if the engine forgets. */
    private final Map<String, Instant> failedFires = new ConcurrentHashMap<>();

    private Phase phase = Phase.NEW;

    public JobEngine(EngineSettings settings) {
        this.store = settings.store();
        this.ownsStore = settings.ownsStore();
        this.scheduler = settings.scheduler();
        this.clock = settings.clock();
        Spool files = new Spool(settings.spool());
        this.spool = files;
        this.retries = new Retries(settings.retryPolicy());
        this.runner = new JobRunner(
                new RunServices(store, files, new Stager(files), clock, retries, new Listeners(settings.listeners())));
        this.keepHistory = settings.keepHistory();
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
            arm(job, Next.FIRE);
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
        retries.close();
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
        Next next = Next.inAWhile(clock); // should something unforeseen be thrown
        Optional<JobLock> lock = store.tryLock(name);
        try (JobLock held = lock.orElse(null)) {
            if (held != null) { // else its owner arms the job again when it has finished
                next = runDue(job, held);
            }
        } finally {
            arm(job, next);
        }
    }

    private Next runDue(ExportJob job, JobLock lock) {
        try {
            runner.finishInterrupted(job, lock);
        } catch (RunHeldException e) {
            fires.claim(job).ifPresent(fire -> runner.skip(job, lock, fire, "run " + e.run() + " is held"));
            return Next.FIRE;
        } catch (ExportException e) {
            log.warn("{} has a run that can't be finished yet: {}", job, e.getMessage(), e);
            return isRetryable(e) ? Next.inAWhile(clock) : Next.FIRE_AFTER_NOW;
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
            runner.prune(job, clock.instant().minus(keepHistory));
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
        ExportJob current = jobs.getOrDefault(key(job.name()), job);
        Optional<Instant> fire = next.skipsDueFire() ? fires.nextAfterNow(current) : fires.next(current);
        Optional<Instant> at = Stream.concat(fire.stream(), next.at().stream()).min(Comparator.naturalOrder());
        if (at.isPresent()) {
            scheduler.scheduleAt(job.name(), at.get());
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
                boolean unfinished =
                        store.unfinishedRuns(job.name()).stream().anyMatch(run -> run.status() != RunStatus.HELD);
                arm(job, unfinished ? Next.inAWhile(clock) : Next.FIRE);
            }
        }
    }

    /** For what changes more than one run at a time: nothing may be under way. */
    private void checkNothingUnfinished(ExportJob job) {
        List<ExportRun> unfinished = store.unfinishedRuns(job.name());
        if (!unfinished.isEmpty()) {
            throw new AlreadyRunningException(unfinished.get(0)
                    + " is not finished: let it finish, or call giveUp or discard on it" + Context.of(job));
        }
    }

    private static <T> void checkBackfill(ExportDefinition<T> definition, Window window, Optional<Position> committed) {
        Watermark<T> watermark = definition.watermark();
        if (!window.from().kind().equals(watermark.kind())) {
            throw new IllegalArgumentException("the watermark of " + definition + " makes positions of kind '"
                    + watermark.kind() + "', not '" + window.from().kind() + "'");
        }
        boolean known = committed.isPresent() && watermark.compare(window.until(), committed.get()) <= 0;
        if (!known || watermark.compare(window.from(), window.until()) > 0) {
            throw new IllegalArgumentException("a backfill covers what has been exported: " + window
                    + " must end at or before the position of " + definition + ", "
                    + committed.map(Position::toString).orElse("which has none yet"));
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
                ExportRun run = runner.run(job, lock, Trigger.MANUAL, Optional.empty());
                failedFires.remove(name);
                prune(job);
                return run;
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
        public ExportRun backfill(String definition, Position from, Position until) {
            ExportJob job = job();
            ExportDefinition<?> chosen = definition(definition);
            Window window = new Window(from, until);
            return locked(job, lock -> {
                checkBackfill(chosen, window, store.positions(name).position(definition));
                return runner.backfill(job, lock, definition, window);
            });
        }

        @Override
        public ExportRun resetPosition(String definition, Position position, String reason) {
            ExportJob job = job();
            ExportDefinition<?> chosen = definition(definition);
            if (!position.kind().equals(chosen.watermark().kind())) {
                throw new IllegalArgumentException("the watermark of " + chosen + " makes positions of kind '"
                        + chosen.watermark().kind() + "', not '" + position.kind() + "'");
            }
            if (reason.isBlank()) {
                throw new IllegalArgumentException("say why the position is reset: it is kept in the history");
            }
            return locked(job, lock -> {
                checkNothingUnfinished(job);
                return runner.resetPosition(job, lock, chosen, position, reason);
            });
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
        public ExportRun redeliver() {
            return again(SENT, (job, lock) -> runner.redeliver(job, lock, run()));
        }

        @Override
        public ExportRun reExport() {
            return again(SENT, (job, lock) -> runner.reExport(job, lock, run()));
        }

        @Override
        public ExportRun release() {
            return again(Set.of(RunStatus.HELD), (job, lock) -> runner.release(job, lock, run()));
        }

        @Override
        public ExportRun discard() {
            return again(Set.of(RunStatus.HELD), (job, lock) -> runner.discard(job, lock, run()));
        }

        @Override
        public ExportRun giveUp(String reason) {
            if (reason.isBlank()) {
                throw new IllegalArgumentException("say why the run is given up: it is kept in the history");
            }
            return again(Set.of(RunStatus.PUBLISHING), (job, lock) -> runner.giveUp(lock, run(), reason));
        }

        /** Does something to a run in one of the states that allow it, under its job's lock. */
        private ExportRun again(Set<RunStatus> allowed, BiFunction<ExportJob, JobLock, ExportRun> action) {
            ExportJob job = find(run().job());
            return locked(job, lock -> {
                RunStatus status = run().status();
                if (!allowed.contains(status)) {
                    throw new IllegalStateException("run " + number + " is " + status + ", not " + List.copyOf(allowed)
                            + ": that can't be done to it" + Context.of(run()));
                }
                return action.apply(job, lock);
            });
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
                return Files.newInputStream(spool.path(number, file));
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
