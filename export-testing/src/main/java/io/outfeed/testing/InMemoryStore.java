package io.outfeed.testing;

import io.outfeed.audit.AuditEntry;
import io.outfeed.audit.AuditQuery;
import io.outfeed.audit.AuditRecord;
import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.incident.IncidentRecord;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.model.StoreFailures;
import io.outfeed.operation.History;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunQuery;
import io.outfeed.store.ExportStore;
import io.outfeed.store.FirePlan;
import io.outfeed.store.JobLock;
import io.outfeed.store.JobRecord;
import io.outfeed.store.JobState;
import io.outfeed.store.LoadedJobs;
import io.outfeed.store.RunStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What the engine remembers, in memory: two engines of a test that share one see each other's runs, as after a restart.
 *
 * <p>It does not imitate what a database does: nothing is written out, so that runs and positions come back as the same
 * objects; locks have no lease and never expire, see {@link #breakLock}; every call has its answer, and none is lost.
 *
 * <p>Thread-safe. Closing it keeps what it has.
 */
public final class InMemoryStore implements ExportStore {

    private static final Comparator<IncidentRecord> BY_TIME = Comparator.comparing(
                    (IncidentRecord record) -> record.incident().openedAt())
            .thenComparing(record -> record.incident().id());

    private final NavigableMap<Long, ExportRun> runs = new TreeMap<>();

    /** The same runs, of the jobs that have any. */
    private final Map<String, NavigableMap<Long, ExportRun>> runsByJob = new HashMap<>();

    /** The text of the last step of each run: it may be appended again. */
    private final Map<Long, RunStep> lastSteps = new HashMap<>();

    private final Map<Long, String> cancels = new HashMap<>();
    private final Map<String, String> renamed = new HashMap<>();
    private final Map<String, JobPositions> positions = new HashMap<>();
    private final Map<String, FirePlan> plans = new HashMap<>();
    private final Map<String, JobState> states = new HashMap<>();
    private final Map<String, LoadedJobs> loaded = new HashMap<>();
    private final Map<String, Long> locks = new HashMap<>();
    private final Map<String, IncidentRecord> incidents = new HashMap<>();
    private final List<AuditRecord> audit = new ArrayList<>();
    private long lastRun;
    private long lastToken;

    /** Makes a store that remembers nothing. */
    public InMemoryStore() {}

    @Override
    public synchronized Optional<JobLock> tryLock(String job) {
        if (locks.containsKey(job)) {
            return Optional.empty();
        }
        locks.put(job, ++lastToken);
        return Optional.of(new JobLock(job, lastToken, this::release));
    }

    /**
     * Takes the lock of a job away from its owner, as a shared store does when the owner seems dead.
     *
     * @param job the name of the job
     */
    public synchronized void breakLock(String job) {
        locks.remove(job);
    }

    @Override
    public synchronized long newRunNumber() {
        return ++lastRun;
    }

    @Override
    public synchronized boolean append(JobLock lock, RunStep step) {
        check(lock, step.job());
        ExportRun before = runs.get(step.number());
        int steps = before == null ? 0 : before.steps();
        RunStep last = lastSteps.get(step.number());
        if (step.index() == steps - 1 && last != null && step.text().equals(last.text())) {
            return true; // appended again
        }
        if (step.index() != steps) {
            throw new StoreException(
                    "the ledger has " + steps + " steps of the run, and step " + step.index()
                            + " can't follow: the run was changed in the meantime, and nothing was written; read it"
                            + " again (job=" + step.job() + ", run=" + step.number() + ")",
                    null);
        }
        boolean firstToPublish = step.run().publishing() && (before == null || !before.publishing());
        if (firstToPublish && cancelRequested(step.number()).isPresent()) {
            return false;
        }
        put(step.run());
        lastSteps.put(step.number(), step);
        return true;
    }

    @Override
    public synchronized boolean requestCancel(long run, String reason) {
        ExportRun known = runs.get(run);
        if (known == null || known.status().ended() || known.publishing()) {
            return false;
        }
        cancels.putIfAbsent(run, reason);
        return true;
    }

    @Override
    public synchronized Optional<String> cancelRequested(long run) {
        return Optional.ofNullable(runs.get(run))
                .filter(known -> !known.status().ended())
                .map(known -> cancels.get(known.number()));
    }

    @Override
    public synchronized Optional<ExportRun> run(long number) {
        return Optional.ofNullable(runs.get(number));
    }

    @Override
    public synchronized List<String> jobs() {
        return Stream.concat(runsByJob.keySet().stream(), positions.keySet().stream())
                .distinct()
                .sorted()
                .toList();
    }

    @Override
    public synchronized List<ExportRun> runs(RunQuery query) {
        NavigableMap<Long, ExportRun> among = query.job().map(this::of).orElse(runs);
        return among.descendingMap().values().stream()
                .filter(query::matches)
                .limit(query.limit())
                .toList();
    }

    @Override
    public synchronized List<ExportRun> unfinishedRuns(String job) {
        return of(job).values().stream().filter(run -> !run.status().ended()).toList();
    }

    @Override
    public synchronized void prune(String job, Instant endedBefore, Consumer<ExportRun> beforeEach) {
        for (ExportRun run : List.copyOf(of(job).values())) {
            if (run.status().ended()
                    && run.endedAt().filter(at -> at.isBefore(endedBefore)).isPresent()) {
                beforeEach.accept(run);
                delete(run);
            }
        }
    }

    private void put(ExportRun run) {
        runs.put(run.number(), run);
        runsByJob.computeIfAbsent(run.job(), job -> new TreeMap<>()).put(run.number(), run);
    }

    private void delete(ExportRun run) {
        runs.remove(run.number());
        NavigableMap<Long, ExportRun> left = of(run.job());
        left.remove(run.number());
        if (left.isEmpty()) {
            runsByJob.remove(run.job());
        }
        lastSteps.remove(run.number());
        cancels.remove(run.number());
    }

    private NavigableMap<Long, ExportRun> of(String job) {
        return runsByJob.getOrDefault(job, new TreeMap<>());
    }

    @Override
    public synchronized JobPositions positions(String job) {
        return positions.getOrDefault(job, JobPositions.NONE);
    }

    @Override
    public synchronized void commit(JobLock lock, JobPositions expected, JobPositions next) {
        check(lock, lock.job());
        if (!positions(lock.job()).equals(expected)) {
            throw StoreException.of(
                    FailureCode.POSITIONS_MOVED,
                    "the positions of job '" + lock.job() + "' were moved in the meantime: nothing was committed",
                    null);
        }
        positions.put(lock.job(), next);
    }

    @Override
    public synchronized void restorePositions(JobLock lock, JobPositions next) {
        check(lock, lock.job());
        positions.put(lock.job(), next);
    }

    @Override
    public synchronized Optional<FirePlan> firePlan(String job) {
        return Optional.ofNullable(plans.get(job));
    }

    @Override
    public synchronized boolean replaceFirePlan(String job, Optional<FirePlan> expected, FirePlan next) {
        if (!firePlan(job).equals(expected)) {
            return false;
        }
        checkName(job);
        plans.put(job, next);
        return true;
    }

    @Override
    public synchronized boolean claim(JobLock lock, FirePlan.Claim claim, RunStep step) {
        check(lock, step.job());
        if (!firePlan(step.job()).equals(Optional.of(claim.due()))) {
            return false;
        }
        boolean appended = append(lock, step);
        if (appended) {
            plans.put(step.job(), claim.next());
        }
        return appended;
    }

    @Override
    public synchronized JobState jobState(String job) {
        return states.getOrDefault(job, JobState.NONE);
    }

    @Override
    public synchronized boolean replaceJobState(String job, JobState expected, JobState next) {
        if (!jobState(job).equals(expected)) {
            return false;
        }
        checkName(job);
        states.put(job, next);
        return true;
    }

    @Override
    public synchronized List<JobRecord> jobRecords(List<String> jobs) {
        return jobs.stream()
                .map(job -> new JobRecord(
                        job,
                        jobState(job),
                        firePlan(job),
                        positions(job),
                        runs(RunQuery.ofJob(job).outcomes().limit(1)).stream().findFirst(),
                        unfinishedRuns(job),
                        runs(RunQuery.ofJob(job).unconfirmed().limit(Integer.MAX_VALUE))
                                .size(),
                        Optional.empty()))
                .toList();
    }

    @Override
    public synchronized void removeJob(JobLock lock, History history, Consumer<ExportRun> beforeEach) {
        check(lock);
        String job = lock.job();
        plans.remove(job);
        states.put(job, history == History.KEEP ? jobState(job).toRemoved() : JobState.NONE);
        if (history == History.PURGE) {
            List<ExportRun> forgotten = List.copyOf(of(job).values());
            forgotten.forEach(beforeEach);
            forgotten.forEach(this::delete);
            positions.remove(job);
            renamed.remove(job);
        }
    }

    @Override
    public synchronized void renameJob(JobLock lock, String to) {
        String job = lock.job();
        check(lock, job);
        if (job.equals(to)) {
            throw new IllegalArgumentException("job '" + job + "' has that name");
        }
        if (!unfinishedRuns(job).isEmpty()) {
            throw StoreFailures.cantRenameUnfinished(job, to);
        }
        Optional<String> now = renamedTo(to);
        if (now.isPresent()) {
            throw StoreFailures.cantRenameToFormer(job, to, now.get());
        }
        if (locks.containsKey(to)) {
            throw StoreFailures.cantRenameToLocked(job, to);
        }
        if (jobs().contains(to)) {
            throw StoreFailures.cantRenameToKnown(job, to);
        }
        for (ExportRun run : of(job).values()) {
            put(RunBuilder.of(run).job(to).build());
        }
        runsByJob.remove(job);
        move(positions, job, to);
        move(plans, job, to);
        move(states, job, to);
        renamed.put(job, to);
        locks.remove(job);
    }

    private static <T> void move(Map<String, T> values, String job, String to) {
        values.remove(to);
        T value = values.remove(job);
        if (value != null) {
            values.put(to, value);
        }
    }

    @Override
    public synchronized Optional<String> renamedTo(String job) {
        return Optional.ofNullable(renamed.get(job)).map(next -> renamedTo(next).orElse(next));
    }

    @Override
    public synchronized LoadedJobs loadedJobs(String source) {
        return loaded.getOrDefault(source, LoadedJobs.NONE);
    }

    @Override
    public synchronized boolean replaceLoadedJobs(String source, LoadedJobs expected, LoadedJobs next) {
        if (!loadedJobs(source).equals(expected)) {
            return false;
        }
        loaded.put(source, next);
        return true;
    }

    @Override
    public synchronized List<IncidentRecord> incidents(IncidentQuery query) {
        return incidents.values().stream()
                .filter(record -> query.matches(record.incident()))
                .sorted(BY_TIME.reversed())
                .limit(query.limit())
                .toList();
    }

    @Override
    public synchronized List<IncidentRecord> unsettledIncidents() {
        return incidents.values().stream()
                .filter(record -> !record.settled())
                .sorted(BY_TIME)
                .toList();
    }

    @Override
    public synchronized boolean replaceIncident(Optional<IncidentRecord> expected, IncidentRecord next) {
        IncidentRecord stored = incidents.get(next.incident().id());
        boolean fits = expected.map(before -> stored != null && stored.version() == before.version())
                .orElse(stored == null);
        boolean taken = isOpen(next)
                && incidents.values().stream()
                        .anyMatch(other -> isOpen(other)
                                && !other.incident().id().equals(next.incident().id())
                                && other.key().equals(next.key()));
        if (!fits || taken) {
            return false;
        }
        incidents.put(next.incident().id(), next);
        return true;
    }

    private static boolean isOpen(IncidentRecord record) {
        return record.incident().end().isEmpty();
    }

    @Override
    public synchronized void pruneIncidents(Instant endedBefore) {
        incidents
                .values()
                .removeIf(record -> record.settled()
                        && record.incident()
                                .end()
                                .filter(end -> end.at().isBefore(endedBefore))
                                .isPresent());
    }

    @Override
    public synchronized void appendAudit(AuditEntry entry) {
        audit.add(new AuditRecord(audit.size() + 1, entry));
    }

    @Override
    public synchronized List<AuditRecord> audit(AuditQuery query) {
        List<AuditRecord> newestFirst = new ArrayList<>(audit);
        Collections.reverse(newestFirst);
        return newestFirst.stream().filter(query::matches).limit(query.limit()).toList();
    }

    /** Does nothing: what is remembered stays, for the next engine of the test. */
    @Override
    public void close() {}

    private void check(JobLock lock) {
        Long token = locks.get(lock.job());
        if (token == null || token != lock.token()) {
            throw StoreFailures.lockLost(lock.job());
        }
    }

    /** Checks a lock before something is written for a job that must not have been renamed. */
    private void check(JobLock lock, String job) {
        check(lock);
        if (!lock.job().equals(job)) {
            throw new IllegalArgumentException(lock + " does not cover job '" + job + "'");
        }
        checkName(job);
    }

    private void checkName(String job) {
        Optional<String> now = renamedTo(job);
        if (now.isPresent()) {
            throw StoreFailures.renamed(job, now.get());
        }
    }

    private synchronized void release(JobLock lock) {
        locks.remove(lock.job(), lock.token());
    }
}
