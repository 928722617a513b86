package io.outfeed.store;

import static java.util.Objects.requireNonNull;

import io.outfeed.audit.AuditEntry;
import io.outfeed.audit.AuditQuery;
import io.outfeed.audit.AuditRecord;
import io.outfeed.error.FailureCode;
import io.outfeed.error.Problem;
import io.outfeed.error.StoreException;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.incident.IncidentRecord;
import io.outfeed.internal.document.AuditFiles;
import io.outfeed.internal.document.PositionsDocument;
import io.outfeed.internal.model.StoreFailures;
import io.outfeed.internal.state.Document;
import io.outfeed.internal.state.NumberCounters;
import io.outfeed.internal.state.StateDirectory;
import io.outfeed.internal.state.StripedLocks;
import io.outfeed.operation.History;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunQuery;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A store in files below a directory, which one process at a time uses.
 *
 * <pre>
 * lock                              held while the store is open
 * counters                          the last run number and the last fencing token, with those that are reserved
 * jobs/NAME/positions               up to where the job has been delivered: writing it commits a run
 * jobs/NAME/fire                    when the job fires next
 * jobs/NAME/state                   whether it is paused, and how often it has failed in a row
 * jobs/NAME/open/NUMBER             the steps of a run that has yet to be finished
 * jobs/NAME/open/NUMBER.cancel      a request to cancel it
 * jobs/NAME/runs/NUMBER             a run that has ended, and the steps after its end
 * new/NUMBER                        jobs that were added together, and have no files of their own yet
 * loaded/SOURCE                     the names of the jobs that a job source had when it was loaded last
 * incidents/ID                      an incident, with what each notifier was given
 * audit/NUMBER                      what a person has asked for, or what came of it
 * renamed/NAME                      the name that a job was renamed to
 * removed/NAME.NUMBER               a job that is being purged
 * </pre>
 *
 * <p>Each file is text with a version and checksums. It is written under a temporary name, flushed to the disk and
 * renamed: after a crash it has the old content or the new. Steps of runs, positions and fire times are appended and
 * flushed: after a crash the last one is there or is not. A damaged file is reported by name, and never replaced.
 *
 * <p>Run numbers and fencing tokens have gaps where a process was killed: they are reserved in blocks.
 *
 * <p>Thread-safe. Jobs do not wait for each other's writes.
 */
public final class FileStore implements ExportStore {

    private final StateDirectory files;
    private final RunFiles runs;
    private final RunIndex index;
    private final IncidentFiles incidents;
    private final NewJobFiles newJobs;
    private final AuditFiles audit;

    private final NumberCounters counters;

    /** Of jobs: what is read and written of a job, it is so under its lock. */
    private final StripedLocks locks = new StripedLocks();

    /** Of what job sources have loaded. */
    private final Object loading = new Object();

    /** The token of each lock that is held, by job; the lock of the directory excludes other processes. */
    private final Map<String, Long> held = new ConcurrentHashMap<>();

    private FileStore(StateDirectory files) {
        this.files = files;
        this.runs = new RunFiles(files);
        this.index = new RunIndex(files, runs, locks);
        this.incidents = new IncidentFiles(files);
        this.newJobs = new NewJobFiles(files);
        this.audit = new AuditFiles(files);
        this.counters = new NumberCounters(files);
        skipUsedNumbers();
        files.removeLeftovers();
    }

    /** Restores the counters from the runs if their file is missing or too old, so that no number is reused. */
    private void skipUsedNumbers() {
        long highest = index.highestNumber();
        if (highest > counters.lastRun()) {
            counters.skip(highest, 0);
            for (ExportRun run : index.runs(RunQuery.all().limit(Integer.MAX_VALUE))) {
                counters.skip(run.number(), run.token());
            }
        }
    }

    /**
     * Opens the store of a directory, and creates one if there is none.
     *
     * @param directory a local directory; created if it does not exist
     * @return the store; close it
     * @throws StoreException if another process or engine uses it, it can't be written, or it is damaged
     */
    public static FileStore open(Path directory) {
        requireNonNull(directory, "directory");
        return open(StateDirectory.open(directory));
    }

    /** Opens the store of a directory that is locked. */
    static FileStore open(StateDirectory files) {
        try {
            return new FileStore(files);
        } catch (RuntimeException e) {
            try {
                files.close();
            } catch (StoreException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            throw e;
        }
    }

    @Override
    public Optional<JobLock> tryLock(String job) {
        return locks.call(job, () -> {
            if (held.containsKey(job)) {
                return Optional.empty();
            }
            long token = counters.nextToken();
            held.put(job, token);
            return Optional.of(new JobLock(job, token, this::release));
        });
    }

    @Override
    public long newRunNumber() {
        return counters.nextRun();
    }

    @Override
    public boolean append(JobLock lock, RunStep step) {
        return locks.call(step.job(), () -> {
            check(lock, step.job());
            boolean appended = runs.append(step);
            if (appended) {
                index.add(step.run());
            }
            return appended;
        });
    }

    @Override
    public Optional<ExportRun> run(long number) {
        return find(number, job -> runs.read(job, number));
    }

    /** Finds what a job has of a run; looks again where the job was renamed in the meantime. */
    private <T> Optional<T> find(long run, Function<String, Optional<T>> reader) {
        Optional<String> job = index.job(run);
        while (job.isPresent()) {
            String name = job.get();
            Optional<T> found = locks.call(name, () -> reader.apply(name));
            Optional<String> now = found.isPresent() ? job : index.job(run);
            if (now.equals(job)) {
                return found;
            }
            job = now;
        }
        return Optional.empty();
    }

    @Override
    public boolean requestCancel(long run, String reason) {
        return find(run, job -> runs.read(job, run).filter(found -> runs.requestCancel(found, reason)))
                .isPresent();
    }

    @Override
    public Optional<String> cancelRequested(long run) {
        return find(run, job -> runs.cancelRequested(job, run));
    }

    @Override
    public List<String> jobs() {
        return files.jobs().stream().filter(this::hasRunsOrPositions).sorted().toList();
    }

    /** A job with only a plan has a directory too. */
    private boolean hasRunsOrPositions(String job) {
        return Files.exists(files.positions(job))
                || index.numbers(job).findAny().isPresent();
    }

    @Override
    public List<ExportRun> runs(RunQuery query) {
        return index.runs(query);
    }

    @Override
    public List<ExportRun> unfinishedRuns(String job) {
        return locks.call(
                job,
                () -> files.open(job)
                        .sorted()
                        .flatMap(number -> runs.read(job, number).stream())
                        .filter(run ->
                                !run.status().ended()) // else its end was written, but the open file was not removed
                        .toList());
    }

    @Override
    public void prune(String job, Instant endedBefore, Consumer<ExportRun> beforeEach) {
        files.checkOpen();
        locks.run(job, () -> pruneLocked(job, endedBefore, beforeEach));
    }

    private void pruneLocked(String job, Instant endedBefore, Consumer<ExportRun> beforeEach) {
        boolean flushed = false;
        for (long number : files.ended(job).sorted().toList()) {
            ExportRun run = runs.read(job, number).orElseThrow();
            if (!run.startedAt().isBefore(endedBefore)) {
                return; // numbers grow with time: the remaining runs began even later
            }
            if (run.endedAt().filter(at -> at.isBefore(endedBefore)).isPresent()) {
                beforeEach.accept(run);
                if (!flushed) { // else a run that has ended could be open again after a power failure
                    files.flushOpen(job);
                    flushed = true;
                }
                runs.delete(job, number);
                index.remove(number);
            }
        }
    }

    @Override
    public JobPositions positions(String job) {
        return locks.call(job, () -> checkedPositions(job));
    }

    private JobPositions checkedPositions(String job) {
        JobPositions positions =
                files.read(files.positions(job), PositionsDocument::read).orElse(JobPositions.NONE);
        long committed = index.lastCommit(job);
        if (positions.run() < committed) {
            throw StoreException.of(
                    FailureCode.STORE_DAMAGED,
                    files.positions(job)
                            + (positions.run() == 0
                                    ? " is missing"
                                    : " is as run " + positions.run() + " has written it")
                            + ", although run " + committed + " has moved the positions of job '"
                            + job + "': nothing is exported, since records would be sent again; restore the file, or"
                            + " call resetPosition() with the end of the window of run " + committed,
                    null);
        }
        return positions;
    }

    @Override
    public void commit(JobLock lock, JobPositions expected, JobPositions next) {
        String job = lock.job();
        locks.run(job, () -> {
            check(lock, job);
            JobPositions current = positions(job);
            if (!current.equals(expected)) {
                throw StoreException.of(
                        FailureCode.POSITIONS_MOVED,
                        "the positions of job '" + job + "' were moved by run " + current.run()
                                + " in the meantime: nothing was committed",
                        null);
            }
            files.append(files.positions(job), PositionsDocument.write(next));
            index.committed(job, next.run());
        });
    }

    @Override
    public void restorePositions(JobLock lock, JobPositions next) {
        String job = lock.job();
        locks.run(job, () -> {
            check(lock, job);
            files.replace(files.positions(job), PositionsDocument.write(next));
            index.committed(job, next.run());
        });
    }

    @Override
    public Optional<FirePlan> firePlan(String job) {
        return locks.call(
                job,
                () -> files.read(
                                files.fire(job),
                                document -> FirePlan.of(document.text("schedule"), document.instant("next")))
                        .or(() -> newJobs.find(job).map(NewJob::plan)));
    }

    @Override
    public boolean replaceFirePlan(String job, Optional<FirePlan> expected, FirePlan next) {
        return locks.call(job, () -> {
            if (!firePlan(job).equals(expected)) {
                return false;
            }
            checkName(job);
            write(job, next);
            return true;
        });
    }

    private void write(String job, FirePlan plan) {
        Document document = new Document();
        document.put("schedule", plan.schedule());
        plan.next().ifPresent(at -> document.put("next", at));
        files.append(files.fire(job), document);
    }

    /** Writes the step first: a run that is there without its claim takes the fire times when it is tried again. */
    @Override
    public boolean claim(JobLock lock, FirePlan.Claim claim, RunStep step) {
        String job = step.job();
        return locks.call(job, () -> {
            check(lock, job);
            if (!firePlan(job).equals(Optional.of(claim.due()))) {
                return false;
            }
            boolean appended = append(lock, step);
            if (appended) {
                write(job, claim.next());
            }
            return appended;
        });
    }

    @Override
    public Set<String> addJobs(List<NewJob> jobs) {
        return locks.call(jobs.stream().map(NewJob::job).toList(), () -> addLocked(jobs));
    }

    private Set<String> addLocked(List<NewJob> jobs) {
        Set<String> added =
                jobs.stream().filter(this::isAsGiven).map(NewJob::job).collect(Collectors.toCollection(HashSet::new));
        List<NewJob> free = jobs.stream()
                .filter(job -> firePlan(job.job()).isEmpty()
                        && jobState(job.job()).equals(JobState.NONE)
                        && renamedTo(job.job()).isEmpty())
                .toList();
        newJobs.add(free.stream().filter(NewJobFiles::takes).toList());
        for (NewJob job : free) {
            if (!NewJobFiles.takes(job)) {
                files.write(files.state(job.job()), JobStateDocument.write(job.state()));
                write(job.job(), job.plan());
            }
            added.add(job.job());
        }
        return added;
    }

    private boolean isAsGiven(NewJob job) {
        return firePlan(job.job()).equals(Optional.of(job.plan()))
                && jobState(job.job()).equals(job.state());
    }

    @Override
    public JobState jobState(String job) {
        return locks.call(
                job,
                () -> files.read(files.state(job), JobStateDocument::read)
                        .or(() -> newJobs.find(job).map(NewJob::state))
                        .orElse(JobState.NONE));
    }

    @Override
    public boolean replaceJobState(String job, JobState expected, JobState next) {
        return locks.call(job, () -> {
            if (!jobState(job).equals(expected)) {
                return false;
            }
            checkName(job);
            files.write(files.state(job), JobStateDocument.write(next));
            return true;
        });
    }

    @Override
    public List<JobRecord> jobRecords(List<String> jobs) {
        return jobs.stream().map(job -> locks.call(job, () -> jobRecord(job))).toList();
    }

    private JobRecord jobRecord(String job) {
        try {
            return new JobRecord(
                    job,
                    jobState(job),
                    firePlan(job),
                    positions(job),
                    runs(RunQuery.ofJob(job).outcomes().limit(1)).stream().findFirst(),
                    unfinishedRuns(job),
                    index.unconfirmedRuns(job),
                    Optional.empty());
        } catch (StoreException e) {
            if (e.code() != FailureCode.STORE_DAMAGED) {
                throw e;
            }
            return JobRecord.damaged(job, Problem.of(e));
        }
    }

    @Override
    public void removeJob(JobLock lock, History history, Consumer<ExportRun> beforeEach) {
        locks.run(lock.job(), () -> removeLocked(lock, history, beforeEach));
    }

    private void removeLocked(JobLock lock, History history, Consumer<ExportRun> beforeEach) {
        check(lock);
        String job = lock.job();
        JobState kept = history == History.KEEP ? jobState(job).toRemoved() : JobState.NONE;
        if (kept.equals(JobState.NONE)) {
            files.delete(files.state(job));
        } else {
            files.write(files.state(job), JobStateDocument.write(kept));
        }
        files.delete(files.fire(job));
        newJobs.remove(job);
        if (history == History.PURGE && Files.exists(files.home(job))) {
            index.numbers(job).distinct().forEach(number -> {
                runs.read(job, number).ifPresent(beforeEach);
                runs.forget(number);
                index.remove(number);
            });
            index.forget(job);
            files.purge(job, lock.token());
        }
        if (history == History.PURGE) {
            files.removeTombstone(job);
        }
    }

    @Override
    public void renameJob(JobLock lock, String to) {
        locks.call(List.of(lock.job(), to), () -> {
            renameLocked(lock, to);
            return true;
        });
    }

    private void renameLocked(JobLock lock, String to) {
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
        if (held.containsKey(to)) {
            throw StoreFailures.cantRenameToLocked(job, to);
        }
        if (hasRunsOrPositions(to)) {
            throw StoreFailures.cantRenameToKnown(job, to);
        }
        newJobs.find(job).ifPresent(this::writeFiles);
        files.rename(job, to, lock.token());
        newJobs.remove(job);
        newJobs.remove(to);
        held.remove(job);
        index.forget(job);
        index.forget(to);
        runs.forgetAll();
    }

    /** Writes files of its own for a new job, where it has none. */
    private void writeFiles(NewJob job) {
        if (!Files.exists(files.fire(job.job()))) {
            write(job.job(), job.plan());
        }
        if (!Files.exists(files.state(job.job()))) {
            files.write(files.state(job.job()), JobStateDocument.write(job.state()));
        }
    }

    @Override
    public Optional<String> renamedTo(String job) {
        return files.renamedTo(job).map(next -> renamedTo(next).orElse(next));
    }

    @Override
    public LoadedJobs loadedJobs(String source) {
        return files.read(
                        files.loaded(source),
                        document -> new LoadedJobs(
                                document.number("version"),
                                document.text("names").lines().collect(Collectors.toSet())))
                .orElse(LoadedJobs.NONE);
    }

    @Override
    public boolean replaceLoadedJobs(String source, LoadedJobs expected, LoadedJobs next) {
        synchronized (loading) {
            if (!loadedJobs(source).equals(expected)) {
                return false;
            }
            Document document = new Document();
            document.put("version", next.version());
            document.put("names", String.join("\n", next.names()));
            files.write(files.loaded(source), document);
            return true;
        }
    }

    @Override
    public List<IncidentRecord> incidents(IncidentQuery query) {
        return incidents.list(query);
    }

    @Override
    public List<IncidentRecord> unsettledIncidents() {
        return incidents.unsettled();
    }

    @Override
    public boolean replaceIncident(Optional<IncidentRecord> expected, IncidentRecord next) {
        return incidents.replace(expected, next);
    }

    @Override
    public void pruneIncidents(Instant endedBefore) {
        incidents.prune(endedBefore);
    }

    @Override
    public void appendAudit(AuditEntry entry) {
        audit.append(entry);
    }

    @Override
    public List<AuditRecord> audit(AuditQuery query) {
        return audit.list(query);
    }

    @Override
    public void close() {
        counters.close();
        files.close();
    }

    /** The directory. */
    @Override
    public String toString() {
        return "file store in " + files;
    }

    private void check(JobLock lock) {
        Long token = held.get(lock.job());
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

    private void release(JobLock lock) {
        held.remove(lock.job(), lock.token());
    }
}
