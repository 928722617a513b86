package io.outfeed.store;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.model.StoreFailures;
import io.outfeed.operation.History;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.file.FileDelivery;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

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

    /** How many runs are cached in memory for queries with filters: some ten megabytes. */
    private static final int MOST_KNOWN = 50_000;

    private final StateDirectory files;
    private final RunFiles runs;

    /**
     * The token of each lock that is held, by job; the lock of the directory excludes other processes. Guarded by this.
     */
    private final Map<String, Long> held = new HashMap<>();

    /** The values of runs that filters need, by number: each file is read only once for them. Guarded by this. */
    private final Map<Long, ExportRun> known = new HashMap<>();

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
        this.last = StateDirectory.read(files.counters(), Counters::read).orElseGet(this::counted);
        files.removeLeftovers();
    }

    /** Restores the counters from the runs if their file is missing, so that no number is reused. */
    private Counters counted() {
        Counters counted = new Counters(0, 0);
        for (String job : files.jobs()) {
            counted = counted.atLeast(positions(job).run(), 0);
            for (ExportRun run : runs(RunQuery.ofJob(job).limit(Integer.MAX_VALUE))) {
                counted = counted.atLeast(run.number(), run.token());
            }
        }
        return counted;
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
        know(step.run());
        return true;
    }

    @Override
    public synchronized Optional<ExportRun> run(long number) {
        return jobOf(number).flatMap(job -> runs.read(job, number));
    }

    private Optional<String> jobOf(long number) {
        ExportRun seen = known.get(number);
        if (seen != null) {
            return Optional.of(seen.job());
        }
        return files.jobs().stream()
                .filter(job -> Files.exists(files.ended(job, number)) || Files.exists(files.open(job, number)))
                .findFirst();
    }

    @Override
    public synchronized boolean requestCancel(long run, String reason) {
        return run(run).filter(found -> runs.requestCancel(found, reason)).isPresent();
    }

    @Override
    public synchronized Optional<String> cancelRequested(long run) {
        return jobOf(run).flatMap(job -> runs.cancelRequested(job, run));
    }

    @Override
    public List<String> jobs() {
        return files.jobs().stream().filter(this::hasRunsOrPositions).sorted().toList();
    }

    /** A job with only a plan has a directory too. */
    private boolean hasRunsOrPositions(String job) {
        return Files.exists(files.positions(job)) || numbers(job).findAny().isPresent();
    }

    /** Returns the numbers of all runs of a job; one that has just ended may occur twice. */
    private Stream<Long> numbers(String job) {
        return Stream.concat(files.ended(job), files.open(job));
    }

    @Override
    public synchronized List<ExportRun> runs(RunQuery query) {
        List<String> jobs = query.job().map(List::of).orElseGet(files::jobs);
        boolean filtered = isFiltered(query);
        return jobs.stream()
                .flatMap(job -> numbers(query, job).map(number -> new Numbered(number, job)))
                .distinct()
                .sorted(Comparator.comparingLong(Numbered::number).reversed())
                .filter(run -> !filtered || known(run).filter(query::matches).isPresent())
                .flatMap(run -> runs.read(run.job(), run.number()).stream())
                .limit(query.limit())
                .toList();
    }

    /** A run with its job. */
    private record Numbered(long number, String job) {}

    private static boolean isFiltered(RunQuery query) {
        return !query.statuses().isEmpty()
                || !query.triggers().isEmpty()
                || query.startedFrom().isPresent()
                || query.startedBefore().isPresent()
                || query.onlyFilesRemain()
                || query.onlyUnconfirmed();
    }

    private Stream<Long> numbers(RunQuery query, String job) {
        boolean onlyOpen =
                !query.statuses().isEmpty() && query.statuses().stream().noneMatch(RunStatus::ended);
        Stream<Long> all = onlyOpen ? files.open(job) : numbers(job);
        return (query.onlyUnconfirmed() ? files.unconfirmed(job) : all)
                .filter(number -> number < query.below().orElse(Long.MAX_VALUE));
    }

    /** Returns the cached values of a run for filters; the other values are not cached. */
    private Optional<ExportRun> known(Numbered run) {
        ExportRun seen = known.get(run.number());
        if (seen != null) {
            return Optional.of(seen);
        }
        return runs.read(run.job(), run.number()).map(this::know);
    }

    private ExportRun know(ExportRun run) {
        if (known.size() >= MOST_KNOWN) {
            known.clear();
        }
        ExportRun seen = RunBuilder.planned(run.number(), run.job(), run.trigger(), run.startedAt())
                .status(run.status())
                .unconfirmed(run.unconfirmed())
                .deliveries(run.deliveries().stream()
                        .filter(FileDelivery::remains)
                        .limit(1)
                        .toList())
                .build();
        known.put(run.number(), seen);
        return seen;
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
                known.remove(number);
            }
        }
    }

    @Override
    public synchronized JobPositions positions(String job) {
        return StateDirectory.read(files.positions(job), PositionsDocument::read)
                .orElse(JobPositions.NONE);
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
        files.write(files.positions(lock.job()), PositionsDocument.write(next));
    }

    @Override
    public synchronized Optional<FirePlan> firePlan(String job) {
        return StateDirectory.read(
                files.fire(job), document -> FirePlan.of(document.text("schedule"), document.instant("next")));
    }

    @Override
    public synchronized boolean replaceFirePlan(String job, Optional<FirePlan> expected, FirePlan next) {
        if (!firePlan(job).equals(expected)) {
            return false;
        }
        checkName(job);
        Document document = new Document();
        document.put("schedule", next.schedule());
        next.next().ifPresent(at -> document.put("next", at));
        files.write(files.fire(job), document);
        return true;
    }

    @Override
    public synchronized JobState jobState(String job) {
        return StateDirectory.read(files.state(job), JobStateDocument::read).orElse(JobState.NONE);
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
        return new JobRecord(
                job,
                jobState(job),
                firePlan(job),
                runs(RunQuery.ofJob(job).outcomes().limit(1)).stream().findFirst(),
                unfinishedRuns(job),
                unconfirmedRuns(job));
    }

    private int unconfirmedRuns(String job) {
        return (int) files.unconfirmed(job)
                .filter(number -> known(new Numbered(number, job))
                        .filter(ExportRun::unconfirmed)
                        .isPresent())
                .count();
    }

    @Override
    public synchronized void removeJob(JobLock lock, History history, Consumer<ExportRun> beforeEach) {
        check(lock);
        String job = lock.job();
        files.delete(files.fire(job));
        files.delete(files.state(job));
        if (history == History.PURGE && Files.exists(files.home(job))) {
            numbers(job).distinct().forEach(number -> {
                runs.read(job, number).ifPresent(beforeEach);
                runs.forget(number);
                known.remove(number);
            });
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
        files.rename(job, to, lock.token());
        held.remove(job);
        known.values().removeIf(run -> run.job().equals(job));
        runs.forgetAll();
    }

    @Override
    public synchronized Optional<String> renamedTo(String job) {
        return files.renamedTo(job).map(next -> renamedTo(next).orElse(next));
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
