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
import io.outfeed.internal.state.StateDirectory;
import io.outfeed.operation.History;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunQuery;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A store in files below a directory, which one process at a time uses.
 *
 * <pre>
 * lock                              held while the store is open
 * counters                          the last run number and the last fencing token
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
 * renamed: after a crash it has the old content or the new. Steps of runs are appended and flushed: after a crash the
 * last one is there or is not. A damaged file is reported by name, and never replaced.
 *
 * <p>Thread-safe.
 */
public final class FileStore implements ExportStore {

    private final StateDirectory files;
    private final RunFiles runs;
    private final RunIndex index;
    private final IncidentFiles incidents;
    private final NewJobFiles newJobs;
    private final AuditFiles audit;

    /**
     * The token of each lock that is held, by job; the lock of the directory excludes other processes. Guarded by this.
     */
    private final Map<String, Long> held = new HashMap<>();

    private Counters last;

    private record Counters(long run, long token) {

        private static Counters read(Document document) {
            return new Counters(document.number("run"), document.number("token"));
        }

        private Document write() {
            Document document = new Document();
            document.put("run", run);
            document.put("token", token);
            return document;
        }

        private Counters atLeast(long otherRun, long otherToken) {
            return new Counters(Math.max(run, otherRun), Math.max(token, otherToken));
        }
    }

    private FileStore(StateDirectory files) {
        this.files = files;
        this.runs = new RunFiles(files);
        this.index = new RunIndex(files, runs);
        this.incidents = new IncidentFiles(files);
        this.newJobs = new NewJobFiles(files);
        this.audit = new AuditFiles(files);
        this.last = counters();
        files.removeLeftovers();
    }

    /** Restores the counters from the runs if their file is missing or too old, so that no number is reused. */
    private Counters counters() {
        Counters counters = files.read(files.counters(), Counters::read).orElse(new Counters(0, 0));
        if (index.highestNumber() <= counters.run()) {
            return counters;
        }
        for (ExportRun run : index.runs(RunQuery.all().limit(Integer.MAX_VALUE))) {
            counters = counters.atLeast(run.number(), run.token());
        }
        return counters.atLeast(index.highestNumber(), 0);
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
        StateDirectory files = StateDirectory.open(directory);
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
    public synchronized Optional<JobLock> tryLock(String job) {
        if (held.containsKey(job)) {
            return Optional.empty();
        }
        count(new Counters(last.run(), last.token() + 1));
        held.put(job, last.token());
        return Optional.of(new JobLock(job, last.token(), this::release));
    }

    @Override
    public synchronized long newRunNumber() {
        count(new Counters(last.run() + 1, last.token()));
        return last.run();
    }

    /** Writes the counters before a number is returned: after a crash it is not reused, whether or not it was used. */
    private void count(Counters next) {
        files.write(files.counters(), next.write());
        last = next;
    }

    @Override
    public synchronized boolean append(JobLock lock, RunStep step) {
        check(lock, step.job());
        if (!runs.append(step)) {
            return false;
        }
        index.add(step.run());
        return true;
    }

    @Override
    public synchronized Optional<ExportRun> run(long number) {
        return index.job(number).flatMap(job -> runs.read(job, number));
    }

    @Override
    public synchronized boolean requestCancel(long run, String reason) {
        return run(run).filter(found -> runs.requestCancel(found, reason)).isPresent();
    }

    @Override
    public synchronized Optional<String> cancelRequested(long run) {
        return index.job(run).flatMap(job -> runs.cancelRequested(job, run));
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
    public synchronized List<ExportRun> runs(RunQuery query) {
        return index.runs(query);
    }

    @Override
    public synchronized List<ExportRun> unfinishedRuns(String job) {
        return files.open(job)
                .sorted()
                .flatMap(number -> runs.read(job, number).stream())
                .filter(run -> !run.status().ended()) // else its end was written, but the open file was not removed
                .toList();
    }

    @Override
    public synchronized void prune(String job, Instant endedBefore, Consumer<ExportRun> beforeEach) {
        files.checkOpen();
        for (long number : files.ended(job).sorted().toList()) {
            ExportRun run = runs.read(job, number).orElseThrow();
            if (!run.startedAt().isBefore(endedBefore)) {
                return; // numbers grow with time: the remaining runs began even later
            }
            if (run.endedAt().filter(at -> at.isBefore(endedBefore)).isPresent()) {
                beforeEach.accept(run);
                runs.delete(job, number);
                index.remove(number);
            }
        }
    }

    @Override
    public synchronized JobPositions positions(String job) {
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
    public synchronized void commit(JobLock lock, JobPositions expected, JobPositions next) {
        check(lock, lock.job());
        JobPositions current = positions(lock.job());
        if (!current.equals(expected)) {
            throw StoreException.of(
                    FailureCode.POSITIONS_MOVED,
                    "the positions of job '" + lock.job() + "' were moved by run " + current.run()
                            + " in the meantime: nothing was committed",
                    null);
        }
        write(lock.job(), next);
    }

    @Override
    public synchronized void restorePositions(JobLock lock, JobPositions next) {
        check(lock, lock.job());
        write(lock.job(), next);
    }

    private void write(String job, JobPositions positions) {
        files.write(files.positions(job), PositionsDocument.write(positions));
        index.committed(job, positions.run());
    }

    @Override
    public synchronized Optional<FirePlan> firePlan(String job) {
        return files.read(files.fire(job), document -> FirePlan.of(document.text("schedule"), document.instant("next")))
                .or(() -> newJobs.find(job).map(NewJob::plan));
    }

    @Override
    public synchronized boolean replaceFirePlan(String job, Optional<FirePlan> expected, FirePlan next) {
        if (!firePlan(job).equals(expected)) {
            return false;
        }
        checkName(job);
        write(job, next);
        return true;
    }

    private void write(String job, FirePlan plan) {
        Document document = new Document();
        document.put("schedule", plan.schedule());
        plan.next().ifPresent(at -> document.put("next", at));
        files.write(files.fire(job), document);
    }

    /** Writes the step first: a run that is there without its claim takes the fire times when it is tried again. */
    @Override
    public synchronized boolean claim(JobLock lock, FirePlan.Claim claim, RunStep step) {
        check(lock, step.job());
        if (!firePlan(step.job()).equals(Optional.of(claim.due()))) {
            return false;
        }
        boolean appended = append(lock, step);
        if (appended) {
            write(step.job(), claim.next());
        }
        return appended;
    }

    @Override
    public synchronized Set<String> addJobs(List<NewJob> jobs) {
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
    public synchronized JobState jobState(String job) {
        return files.read(files.state(job), JobStateDocument::read)
                .or(() -> newJobs.find(job).map(NewJob::state))
                .orElse(JobState.NONE);
    }

    @Override
    public synchronized boolean replaceJobState(String job, JobState expected, JobState next) {
        if (!jobState(job).equals(expected)) {
            return false;
        }
        checkName(job);
        files.write(files.state(job), JobStateDocument.write(next));
        return true;
    }

    @Override
    public synchronized List<JobRecord> jobRecords(List<String> jobs) {
        return jobs.stream().map(this::jobRecord).toList();
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
    public synchronized void removeJob(JobLock lock, History history, Consumer<ExportRun> beforeEach) {
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
    public synchronized Optional<String> renamedTo(String job) {
        return files.renamedTo(job).map(next -> renamedTo(next).orElse(next));
    }

    @Override
    public synchronized LoadedJobs loadedJobs(String source) {
        return files.read(
                        files.loaded(source),
                        document -> new LoadedJobs(
                                document.number("version"),
                                document.text("names").lines().collect(Collectors.toSet())))
                .orElse(LoadedJobs.NONE);
    }

    @Override
    public synchronized boolean replaceLoadedJobs(String source, LoadedJobs expected, LoadedJobs next) {
        if (!loadedJobs(source).equals(expected)) {
            return false;
        }
        Document document = new Document();
        document.put("version", next.version());
        document.put("names", String.join("\n", next.names()));
        files.write(files.loaded(source), document);
        return true;
    }

    @Override
    public synchronized List<IncidentRecord> incidents(IncidentQuery query) {
        return incidents.list(query);
    }

    @Override
    public synchronized List<IncidentRecord> unsettledIncidents() {
        return incidents.unsettled();
    }

    @Override
    public synchronized boolean replaceIncident(Optional<IncidentRecord> expected, IncidentRecord next) {
        return incidents.replace(expected, next);
    }

    @Override
    public synchronized void pruneIncidents(Instant endedBefore) {
        incidents.prune(endedBefore);
    }

    @Override
    public synchronized void appendAudit(AuditEntry entry) {
        audit.append(entry);
    }

    @Override
    public synchronized List<AuditRecord> audit(AuditQuery query) {
        return audit.list(query);
    }

    @Override
    public synchronized void close() {
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

    private synchronized void release(JobLock lock) {
        held.remove(lock.job(), lock.token());
    }
}
