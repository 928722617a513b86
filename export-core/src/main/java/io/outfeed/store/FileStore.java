package io.outfeed.store;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.util.Objects.requireNonNull;

import io.outfeed.ExportRun;
import io.outfeed.History;
import io.outfeed.RunQuery;
import io.outfeed.RunStatus;
import io.outfeed.StoreException;
import io.outfeed.delivery.FileDelivery;
import io.outfeed.internal.io.Durable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * State in files below a directory, which one process at a time uses.
 *
 * <pre>
 * lock                              held while the store is open
 * counters                          the last run number and the last fencing token
 * jobs/NAME/positions               up to where the job has been delivered: writing it commits a run
 * jobs/NAME/fire                    when the job fires next
 * jobs/NAME/state                   whether it is paused, and how often it has failed in a row
 * jobs/NAME/open/NUMBER             a run that has yet to be finished or dropped
 * jobs/NAME/runs/NUMBER             a run that has ended
 * removed/NAME.NUMBER               a job that is being purged
 * </pre>
 *
 * <p>Each file is text with a version and a checksum, written beside its name, flushed to the disk and renamed: after a
 * crash it has the old content or the new. A file that is damaged all the same is reported by name, never begun anew.
 *
 * <p>Thread-safe.
 */
public final class FileStore implements ExportStore {

    private static final String COUNTERS = "counters";
    private static final String POSITIONS = "positions";
    private static final String FIRE = "fire";
    private static final String STATE = "state";

    /** How many runs are remembered in memory for queries with filters: some ten megabytes. */
    private static final int MOST_KNOWN = 50_000;

    /**
     * The directories that stores of this process have. A second lock file is not even opened: closing it would give back
     * the first one's lock, as POSIX has it.
     */
    private static final Set<Path> IN_USE = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final Path key;
    private final FileChannel lockFile;

    /** The token of each lock that is held, by job. Guarded by this. */
    private final Map<String, Long> held = new HashMap<>();

    /** What queries with filters ask of runs, by number: each file is read for them once. Guarded by this. */
    private final Map<Long, ExportRun> known = new HashMap<>();

    private Counters last;
    private boolean closed;

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

    private FileStore(Path directory, Path key, FileChannel lockFile) {
        this.directory = directory;
        this.key = key;
        this.lockFile = lockFile;
        this.last = read(directory.resolve(COUNTERS), Counters::read).orElseGet(this::counted);
        removeLeftovers();
    }

    /** What a crash has left beside open runs: half of a first file, the file of one whose end was written already; and jobs
     * whose purge was interrupted. */
    private void removeLeftovers() {
        for (Path home : list(directory.resolve("jobs"))) {
            String job = name(home);
            for (Path file : list(open(job))) {
                if (name(file).endsWith(".tmp") || Files.exists(runs(job).resolve(name(file)))) {
                    delete(file);
                }
            }
        }
        list(directory.resolve("removed")).forEach(this::deleteTree);
    }

    /** The counters as the runs have them, should their file have been removed: no number is given twice. */
    private Counters counted() {
        Counters counted = new Counters(0, 0);
        for (Path home : list(directory.resolve("jobs"))) {
            String job = name(home);
            counted = counted.atLeast(positions(job).run(), 0);
            for (ExportRun run : runs(RunQuery.ofJob(job).limit(Integer.MAX_VALUE))) {
                counted = counted.atLeast(run.number(), run.token());
            }
        }
        return counted;
    }

    /**
     * Opens the store of a directory, and makes one if there is none.
     *
     * @param directory a local directory; made if it is not there
     * @return the store; close it
     * @throws StoreException if another process or engine uses it, it can't be written, or it is damaged
     */
    public static FileStore open(Path directory) {
        requireNonNull(directory, "directory");
        Path key;
        try {
            Durable.createDirectories(directory.resolve("jobs"));
            key = directory.toRealPath();
        } catch (IOException e) {
            throw cantUse(directory, e);
        }
        if (!IN_USE.add(key)) {
            throw inUse(directory, null);
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(directory.resolve("lock"), CREATE, WRITE);
            if (channel.tryLock() == null) {
                throw inUse(directory, null);
            }
            return new FileStore(directory, key, channel);
        } catch (OverlappingFileLockException e) { // another class loader's store has it
            throw giveBack(key, channel, inUse(directory, e));
        } catch (IOException e) {
            throw giveBack(key, channel, cantUse(directory, e));
        } catch (RuntimeException e) {
            throw giveBack(key, channel, e);
        }
    }

    private static StoreException cantUse(Path directory, IOException cause) {
        return new StoreException(
                "can't use " + directory + ": check that it is a directory that this process may write", cause);
    }

    private static StoreException inUse(Path directory, @Nullable Throwable cause) {
        return new StoreException(
                "another engine uses " + directory + ": close it first, or give each engine a directory of its own",
                cause);
    }

    private static RuntimeException giveBack(Path key, @Nullable FileChannel channel, RuntimeException failure) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        } finally {
            IN_USE.remove(key);
        }
        return failure;
    }

    @Override
    public synchronized Optional<JobLock> tryLock(String job) {
        if (held.containsKey(job)) {
            return Optional.empty();
        }
        count(new Counters(last.run(), last.token() + 1));
        held.put(job, last.token());
        return Optional.of(new Lock(job, last.token()));
    }

    @Override
    public synchronized long newRunNumber() {
        count(new Counters(last.run() + 1, last.token()));
        return last.run();
    }

    /** On the disk before anybody gets the number: a number whose use is not known is not given again. */
    private void count(Counters next) {
        write(directory.resolve(COUNTERS), next.write());
        last = next;
    }

    @Override
    public synchronized void save(JobLock lock, ExportRun run) {
        check(lock);
        Path ended = runs(run.job()).resolve(Long.toString(run.number()));
        Path open = open(run.job()).resolve(Long.toString(run.number()));
        boolean over = run.status().ended();
        write(over ? ended : open, RunDocument.write(run));
        know(run);
        delete(over ? open : ended);
    }

    @Override
    public synchronized Optional<ExportRun> run(long number) {
        ExportRun seen = known.get(number);
        if (seen != null) {
            return run(seen.job(), number);
        }
        for (Path job : list(directory.resolve("jobs"))) {
            Optional<ExportRun> run = run(name(job), number);
            if (run.isPresent()) {
                return run;
            }
        }
        return Optional.empty();
    }

    private Optional<ExportRun> run(String job, long number) {
        String file = Long.toString(number);
        return read(runs(job).resolve(file), RunDocument::read)
                .or(() -> read(open(job).resolve(file), RunDocument::read));
    }

    @Override
    public List<String> jobs() {
        return homes().stream().filter(this::hasRunsOrPositions).sorted().toList();
    }

    private List<String> homes() {
        return list(directory.resolve("jobs")).stream()
                .filter(Files::isDirectory)
                .map(FileStore::name)
                .toList();
    }

    /** A job of which only a plan is left has a directory too. */
    private boolean hasRunsOrPositions(String job) {
        return Files.exists(home(job).resolve(POSITIONS))
                || Stream.concat(numbers(runs(job)), numbers(open(job)))
                        .findAny()
                        .isPresent();
    }

    @Override
    public synchronized List<ExportRun> runs(RunQuery query) {
        List<String> jobs = query.job().map(List::of).orElseGet(this::homes);
        boolean filtered = isFiltered(query);
        return jobs.stream()
                .flatMap(job -> numbers(query, job).map(number -> new Numbered(number, job)))
                .distinct()
                .sorted(Comparator.comparingLong(Numbered::number).reversed())
                .filter(run -> !filtered || known(run).filter(query::matches).isPresent())
                .flatMap(run -> run(run.job(), run.number()).stream())
                .limit(query.limit())
                .toList();
    }

    /** A run that has a file. */
    private record Numbered(long number, String job) {}

    private static boolean isFiltered(RunQuery query) {
        return !query.statuses().isEmpty()
                || !query.triggers().isEmpty()
                || query.startedFrom().isPresent()
                || query.startedBefore().isPresent()
                || query.onlyFilesRemain();
    }

    private Stream<Long> numbers(RunQuery query, String job) {
        boolean onlyOpen =
                !query.statuses().isEmpty() && query.statuses().stream().noneMatch(RunStatus::ended);
        Stream<Long> all = onlyOpen ? numbers(open(job)) : Stream.concat(numbers(runs(job)), numbers(open(job)));
        return all.filter(number -> number < query.below().orElse(Long.MAX_VALUE));
    }

    /** What filters look at; the rest of a run that was read for them is not kept. */
    private Optional<ExportRun> known(Numbered run) {
        ExportRun seen = known.get(run.number());
        if (seen != null) {
            return Optional.of(seen);
        }
        return run(run.job(), run.number()).map(this::know);
    }

    private ExportRun know(ExportRun run) {
        if (known.size() >= MOST_KNOWN) {
            known.clear();
        }
        ExportRun seen = ExportRun.builder(run.number(), run.job(), run.trigger(), run.startedAt())
                .status(run.status())
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
        return numbers(open(job))
                .sorted()
                .flatMap(number -> run(job, number).stream())
                .filter(run -> !run.status().ended()) // its end was written, and removing it failed
                .toList();
    }

    @Override
    public synchronized void prune(String job, Instant endedBefore, Consumer<ExportRun> beforeEach) {
        checkOpen();
        for (long number : numbers(runs(job)).sorted().toList()) {
            ExportRun run = run(job, number).orElseThrow();
            if (!run.startedAt().isBefore(endedBefore)) {
                return; // numbers grow with time: the rest began later still
            }
            if (run.endedAt().filter(at -> at.isBefore(endedBefore)).isPresent()) {
                beforeEach.accept(run);
                delete(open(job).resolve(Long.toString(number))); // first: what a crash left must not come back to life
                delete(runs(job).resolve(Long.toString(number)));
                known.remove(number);
            }
        }
    }

    @Override
    public synchronized JobPositions positions(String job) {
        return read(home(job).resolve(POSITIONS), PositionsDocument::read).orElse(JobPositions.NONE);
    }

    @Override
    public synchronized void commit(JobLock lock, JobPositions expected, JobPositions next) {
        check(lock);
        JobPositions current = positions(lock.job());
        if (!current.equals(expected)) {
            throw new StoreException(
                    "the positions of job '" + lock.job() + "' were moved by run " + current.run()
                            + " in the meantime: nothing was committed",
                    null);
        }
        write(home(lock.job()).resolve(POSITIONS), PositionsDocument.write(next));
    }

    @Override
    public synchronized Optional<FirePlan> firePlan(String job) {
        return read(
                home(job).resolve(FIRE), document -> FirePlan.of(document.text("schedule"), document.instant("next")));
    }

    @Override
    public synchronized boolean replaceFirePlan(String job, Optional<FirePlan> expected, FirePlan next) {
        if (!firePlan(job).equals(expected)) {
            return false;
        }
        Document document = new Document();
        document.put("schedule", next.schedule());
        next.next().ifPresent(at -> document.put("next", at));
        write(home(job).resolve(FIRE), document);
        return true;
    }

    @Override
    public synchronized JobState jobState(String job) {
        return read(home(job).resolve(STATE), JobStateDocument::read).orElse(JobState.NONE);
    }

    @Override
    public synchronized boolean replaceJobState(String job, JobState expected, JobState next) {
        if (!jobState(job).equals(expected)) {
            return false;
        }
        write(home(job).resolve(STATE), JobStateDocument.write(next));
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
                unfinishedRuns(job));
    }

    @Override
    public synchronized void removeJob(JobLock lock, History history, Consumer<ExportRun> beforeEach) {
        check(lock);
        String job = lock.job();
        delete(home(job).resolve(FIRE));
        delete(home(job).resolve(STATE));
        if (history == History.PURGE && Files.exists(home(job))) {
            Stream.concat(numbers(runs(job)), numbers(open(job))).distinct().forEach(number -> {
                run(job, number).ifPresent(beforeEach);
                known.remove(number);
            });
            purge(job, lock.token());
        }
    }

    /** All at once: a job is there with its positions and all its runs, or it is gone. */
    private void purge(String job, long token) {
        Path removed = directory.resolve("removed").resolve(job + "." + token);
        try {
            Durable.createDirectories(Durable.directoryOf(removed));
            Durable.rename(home(job), removed);
            Durable.syncDirectory(directory.resolve("jobs"));
        } catch (IOException e) {
            throw new StoreException("can't remove " + home(job) + ": check permissions", e);
        }
        deleteTree(removed);
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new StoreException("can't close the lock of " + directory, e);
        } finally {
            IN_USE.remove(key);
        }
    }

    /** The directory. */
    @Override
    public String toString() {
        return "file store in " + directory;
    }

    /** Who comes late, after the lock of the directory was given back, must not write under its new owner. */
    private void checkOpen() {
        if (closed) {
            throw new StoreException("the store in " + directory + " is closed: nothing was written", null);
        }
    }

    private void check(JobLock lock) {
        Long token = held.get(lock.job());
        if (token == null || token != lock.token()) {
            throw new StoreException(
                    "the lock of job '" + lock.job() + "' was lost: nothing was written, its new owner goes on", null);
        }
    }

    private synchronized void release(Lock lock) {
        held.remove(lock.job, lock.token);
    }

    private Path home(String job) {
        return directory.resolve("jobs").resolve(job);
    }

    private Path runs(String job) {
        return home(job).resolve("runs");
    }

    private Path open(String job) {
        return home(job).resolve("open");
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    /** The numbers that are names of files; a temporary file of an interrupted write has none. */
    private Stream<Long> numbers(Path directory) {
        return list(directory).stream()
                .map(FileStore::name)
                .filter(name -> name.chars().allMatch(Character::isDigit))
                .map(Long::valueOf);
    }

    private List<Path> list(Path folder) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            entries.forEach(found::add);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new StoreException("can't list " + folder + ": check permissions", e);
        }
        return found;
    }

    private static <T> Optional<T> read(Path file, Function<Document, T> reader) {
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new StoreException("can't read " + file + ": check permissions and the disk", e);
        }
        return Optional.of(Document.read(file.toString(), content, reader));
    }

    private void write(Path file, Document document) {
        checkOpen();
        try {
            Durable.createDirectories(Durable.directoryOf(file));
            Durable.write(file, document.bytes());
        } catch (IOException e) {
            throw new StoreException("can't write " + file + ": check free space and permissions", e);
        }
    }

    private void delete(Path file) {
        checkOpen();
        try {
            Durable.delete(file);
        } catch (IOException e) {
            throw new StoreException("can't remove " + file + ": check permissions", e);
        }
    }

    private void deleteTree(Path tree) {
        try {
            Durable.deleteTree(tree);
        } catch (IOException e) {
            throw new StoreException("can't remove " + tree + ": check permissions", e);
        }
    }

    /** A lock that is held in this process; other processes are kept away by the lock of the directory. */
    private final class Lock implements JobLock {

        private final String job;
        private final long token;

        private Lock(String job, long token) {
            this.job = job;
            this.token = token;
        }

        @Override
        public String job() {
            return job;
        }

        @Override
        public long token() {
            return token;
        }

        @Override
        public void close() {
            release(this);
        }

        @Override
        public String toString() {
            return "lock " + token + " of job '" + job + "'";
        }
    }
}
