package io.outfeed.internal.state;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.internal.io.Durable;
import io.outfeed.internal.io.LockedDirectories;
import io.outfeed.internal.io.OwnerOnly;
import io.outfeed.internal.model.StoreFailures;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a file store: locates, reads and writes its files, and is locked while it is open. Failures
 * are {@link StoreException}s. Thread-safe; only one thread at a time may use a file.
 *
 * <p>Most files are replaced atomically, which takes two flushes. Those that each run writes are appended to until they
 * have grown, which takes one.
 */
public final class StateDirectory implements Closeable {

    private static final String CANCEL = ".cancel";

    /** How much is appended to a small file before it is replaced: a few dozen versions are read where one counts. */
    private static final int MOST_APPENDED = 4096;

    private final Path directory;
    private final Path key;
    private final FileChannel lockFile;

    /** Identifies the lock file, so that another directory in its place is noticed; null where files have no key. */
    private final @Nullable Object lockKey;

    /** Files that may end with a record that can be read, but is not on the disk. The next write replaces them. */
    private final Set<Path> uncertain = ConcurrentHashMap.newKeySet();

    /** Shared by those that write; closing waits for them. */
    private final ReadWriteLock use = new ReentrantReadWriteLock();

    private final Consumer<Path> beforeWrite;
    private volatile boolean missing;
    private volatile boolean closed;

    private StateDirectory(
            Path directory, Path key, FileChannel lockFile, @Nullable Object lockKey, Consumer<Path> beforeWrite) {
        this.directory = directory;
        this.key = key;
        this.lockFile = lockFile;
        this.lockKey = lockKey;
        this.beforeWrite = beforeWrite;
    }

    // ---- opening and closing

    /** Creates the directory if it does not exist, and locks it. */
    public static StateDirectory open(Path directory) {
        return open(directory, file -> {});
    }

    /**
     * Creates the directory if it does not exist, and locks it.
     *
     * @param beforeWrite is called with each file before it is written and flushed, by the thread that does it
     */
    public static StateDirectory open(Path directory, Consumer<Path> beforeWrite) {
        Path key;
        try {
            Durable.createDirectories(directory.resolve("jobs"));
            key = directory.toRealPath();
        } catch (IOException e) {
            throw cantUse(directory, e);
        }
        if (!LockedDirectories.add(key)) {
            throw inUse(directory, null);
        }
        FileChannel channel = null;
        try {
            Path lock = directory.resolve("lock");
            channel = FileChannel.open(lock, Set.of(CREATE, WRITE), OwnerOnly.fileAttributes(lock));
            if (channel.tryLock() == null) {
                throw inUse(directory, null);
            }
            OwnerOnly.warnIfOpenToOthers(directory);
            return new StateDirectory(directory, key, channel, fileKey(lock), beforeWrite);
        } catch (OverlappingFileLockException e) { // a store of another class loader has the lock
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
            LockedDirectories.remove(key);
        }
        return failure;
    }

    /** Rejects writes after the lock of the directory was released: it may have a new owner. */
    public void checkOpen() {
        if (closed) {
            throw new StoreException("the store in " + directory + " is closed: nothing was written", null);
        }
        checkPresent();
    }

    /**
     * Rejects every use once the directory was removed or replaced: what is absent then was there, and a new beginning
     * would export everything again. It stays so, whatever comes in its place.
     */
    public void checkPresent() {
        if (!missing && !closed && !isPresent()) {
            missing = true;
        }
        if (missing) {
            throw StoreException.of(
                    FailureCode.STORE_MISSING,
                    "the store in " + directory + " was removed or replaced while the engine has it open: nothing is"
                            + " exported any more; put the directory back, or restore it from a backup, then start"
                            + " a new engine",
                    null);
        }
    }

    private boolean isPresent() {
        try {
            return Files.isDirectory(directory.resolve("jobs"))
                    && Objects.equals(fileKey(directory.resolve("lock")), lockKey);
        } catch (IOException e) {
            return false;
        }
    }

    private static @Nullable Object fileKey(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    @Override
    public void close() {
        use.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                unlock();
            }
        } finally {
            use.writeLock().unlock();
        }
    }

    private void unlock() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new StoreException("can't close the lock of " + directory, e);
        } finally {
            LockedDirectories.remove(key);
        }
    }

    @Override
    public String toString() {
        return directory.toString();
    }

    // ---- places

    public Path counters() {
        return directory.resolve("counters");
    }

    /** Returns the names of all jobs that have a directory, in no order. */
    public List<String> jobs() {
        return list(directory.resolve("jobs")).stream()
                .filter(Files::isDirectory)
                .map(StateDirectory::name)
                .toList();
    }

    public Path home(String job) {
        return directory.resolve("jobs").resolve(job);
    }

    public Path positions(String job) {
        return home(job).resolve("positions");
    }

    public Path fire(String job) {
        return home(job).resolve("fire");
    }

    public Path state(String job) {
        return home(job).resolve("state");
    }

    public Path ended(String job, long run) {
        return home(job).resolve("runs").resolve(Long.toString(run));
    }

    public Path open(String job, long run) {
        return home(job).resolve("open").resolve(Long.toString(run));
    }

    public Path cancel(String job, long run) {
        return home(job).resolve("open").resolve(run + CANCEL);
    }

    /** Marks a run that may be unconfirmed: its file says whether it is. */
    public Path unconfirmed(String job, long run) {
        return home(job).resolve("unconfirmed").resolve(Long.toString(run));
    }

    private Path tombstone(String job) {
        return directory.resolve("renamed").resolve(job);
    }

    public Path incident(String id) {
        return directory.resolve("incidents").resolve(id);
    }

    /** A line of the audit. */
    public Path audit(long number) {
        return directory.resolve("audit").resolve(Long.toString(number));
    }

    /** Returns the numbers of the lines of the audit, in no order. */
    public Stream<Long> audits() {
        return numbers(directory.resolve("audit"));
    }

    /** The names of the jobs that a source had when it was loaded last. */
    public Path loaded(String source) {
        return directory.resolve("loaded").resolve(source);
    }

    /** New jobs that were added together. */
    public Path newJobs(long number) {
        return directory.resolve("new").resolve(Long.toString(number));
    }

    /** Returns the numbers of the files of new jobs, in no order. */
    public Stream<Long> newJobs() {
        return numbers(directory.resolve("new"));
    }

    /** Returns the ids of all incidents, in no order. */
    public List<String> incidents() {
        return list(directory.resolve("incidents")).stream()
                .map(StateDirectory::name)
                .filter(name -> !name.endsWith(".tmp"))
                .toList();
    }

    /** Returns the numbers of the runs that have ended, in no order. */
    public Stream<Long> ended(String job) {
        return numbers(home(job).resolve("runs"));
    }

    /** Returns the numbers of the runs that are open, in no order. */
    public Stream<Long> open(String job) {
        return numbers(home(job).resolve("open"));
    }

    /** Returns the numbers of the runs that may be unconfirmed, in no order. */
    public Stream<Long> unconfirmed(String job) {
        return numbers(home(job).resolve("unconfirmed"));
    }

    /** Returns the file names that are numbers, without temporary files of interrupted writes. */
    private Stream<Long> numbers(Path folder) {
        return list(folder).stream()
                .map(StateDirectory::name)
                .filter(name -> name.chars().allMatch(Character::isDigit))
                .map(Long::valueOf);
    }

    private List<Path> list(Path folder) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            entries.forEach(found::add);
        } catch (NoSuchFileException e) {
            found.clear();
        } catch (IOException e) {
            throw StoreFailures.ofFile("can't list " + folder, "check permissions", e);
        }
        checkPresent();
        return found;
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    // ---- documents

    /** Reads a file, or the newest of the versions that {@link #append} has written; empty if there is none. */
    public <T> Optional<T> read(Path file, Function<Document, T> reader) {
        return content(file).map(content -> {
            Document document = Versions.areIn(content)
                    ? Versions.of(file, content).newest()
                    : Document.parse(file.toString(), content);
            return Document.convert(file.toString(), () -> reader.apply(document));
        });
    }

    /** The versions of a small file, each whole. */
    private record Versions(int count, Document newest, int end) {

        private static boolean areIn(byte[] content) {
            byte[] beginning = StepRecord.BEGINNING.getBytes(StandardCharsets.US_ASCII);
            return Arrays.mismatch(content, beginning) == beginning.length;
        }

        private static Versions of(Path file, byte[] content) {
            List<StepRecord> records = new ArrayList<>();
            int end = StepRecord.readAll(file.toString(), content, (head, record) -> {
                if (!record.whole() || record.index() != records.size()) {
                    throw Document.damaged(file.toString(), "version " + record.index() + " is not the next", null);
                }
                records.add(record);
            });
            String newest = records.get(records.size() - 1).lines();
            return new Versions(records.size(), Document.ofLines(file.toString(), newest), end);
        }
    }

    /** Returns the bytes of a file; empty if there is none. */
    public Optional<byte[]> content(Path file) {
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            checkPresent();
            return Optional.empty();
        } catch (IOException e) {
            throw StoreFailures.ofFile("can't read " + file, "check permissions and the disk", e);
        }
    }

    /** Replaces a file atomically. */
    public void write(Path file, Document document) {
        write(file, document.bytes());
    }

    /** Replaces a file atomically. */
    public void write(Path file, byte[] content) {
        writing(file, () -> {
            try {
                Durable.createDirectories(Durable.directoryOf(file));
                Durable.write(file, content);
                uncertain.remove(file);
            } catch (IOException e) {
                throw cantWrite(file, e);
            }
        });
    }

    /** Appends a version to a small file, or replaces the file where it has grown, is new, or may be damaged. */
    public void append(Path file, Document next) {
        checkOpen();
        Optional<Versions> before = content(file).filter(Versions::areIn).map(content -> Versions.of(file, content));
        int index = before.map(Versions::count).orElse(0);
        int end = before.map(Versions::end).orElse(0);
        if (index == 0 || end > MOST_APPENDED || uncertain.contains(file)) {
            replace(file, next);
        } else {
            append(file, end, new StepRecord(index, true, next.lines()).bytes());
        }
    }

    /** Replaces a file that {@link #append} appends to. */
    public void replace(Path file, Document next) {
        write(file, new StepRecord(0, true, next.lines()).bytes());
    }

    /** Appends to a file, whose directory is there. If that fails, the file is as before, or {@link #isUncertain}. */
    public void append(Path file, long end, byte[] content) {
        writing(file, () -> {
            try {
                Durable.append(file, end, content);
            } catch (IOException e) {
                uncertain.add(file);
                cutOff(file, end, e);
                throw cantWrite(file, e);
            }
        });
    }

    /** Removes a record that may be there in part, or for as long as the computer runs. */
    private void cutOff(Path file, long end, IOException failure) {
        try {
            if (Files.size(file) >= end) {
                Durable.cutOff(file, end);
                uncertain.remove(file);
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** Whether a file may end with a record that is not on the disk: it must be replaced, not appended to. */
    public boolean isUncertain(Path file) {
        return uncertain.contains(file);
    }

    private void writing(Path file, Runnable write) {
        use.readLock().lock();
        try {
            checkOpen();
            beforeWrite.accept(file);
            write.run();
        } finally {
            use.readLock().unlock();
        }
    }

    public static StoreException cantWrite(Path file, IOException cause) {
        return StoreFailures.ofFile(
                Durable.isFull(Durable.directoryOf(file)) ? FailureCode.DISK_FULL : FailureCode.STORE_UNAVAILABLE,
                "can't write " + file,
                "check free space and permissions",
                "",
                cause);
    }

    /** Deletes a file, if it exists. */
    public void delete(Path file) {
        delete(file, Durable::delete);
    }

    /** Deletes a file, if it exists; after a power failure it may be there again. */
    public void deleteUnflushed(Path file) {
        delete(file, Files::deleteIfExists);
    }

    private void delete(Path file, Deletion deletion) {
        writing(file, () -> {
            try {
                deletion.delete(file);
                uncertain.remove(file);
            } catch (IOException e) {
                throw StoreFailures.ofFile("can't remove " + file, "check permissions", e);
            }
        });
    }

    @FunctionalInterface
    private interface Deletion {
        void delete(Path file) throws IOException;
    }

    /** Flushes what {@link #deleteUnflushed} has deleted of the open runs of a job. */
    public void flushOpen(String job) {
        Path folder = home(job).resolve("open");
        writing(folder, () -> {
            try {
                if (Files.exists(folder)) {
                    Durable.syncDirectory(folder);
                }
            } catch (IOException e) {
                throw cantWrite(folder, e);
            }
        });
    }

    // ---- jobs

    /**
     * Deletes a job with its positions and all its runs atomically.
     *
     * @param token makes the name of this purge unique
     */
    public void purge(String job, long token) {
        writing(home(job), () -> {
            try {
                deleteTree(moveAway(job, token));
            } catch (IOException e) {
                throw StoreFailures.ofFile("can't remove " + home(job), "check permissions", e);
            }
        });
    }

    /** Moves a job out of the jobs. The rest of its removal is repeatable. */
    private Path moveAway(String job, long token) throws IOException {
        Path removed = directory.resolve("removed").resolve(job + "." + token);
        Durable.createDirectories(Durable.directoryOf(removed));
        Durable.rename(home(job), removed);
        Durable.syncDirectory(directory.resolve("jobs"));
        return removed;
    }

    /**
     * Renames a job atomically, and leaves a tombstone, which counts from when the old directory is gone. What the
     * store has of the new name is replaced.
     *
     * @param token makes the name of what is replaced unique
     */
    public void rename(String job, String to, long token) {
        Document tombstone = new Document();
        tombstone.put("to", to);
        write(tombstone(job), tombstone);
        try {
            writing(home(job), () -> move(job, to, token));
        } catch (UncheckedIOException e) {
            StoreException failure = new StoreException(
                    "can't rename " + home(job) + " to " + home(to) + ": check permissions; the job keeps its name",
                    e.getCause());
            try {
                removeTombstone(job);
            } catch (StoreException alsoFailed) {
                failure.addSuppressed(alsoFailed);
            }
            throw failure;
        }
    }

    private void move(String job, String to, long token) {
        try {
            if (Files.exists(home(to))) {
                deleteTree(moveAway(to, token));
            }
            if (Files.exists(home(job))) {
                Durable.rename(home(job), home(to));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the name that a job was renamed to. */
    public Optional<String> renamedTo(String job) {
        return Files.exists(home(job)) ? Optional.empty() : read(tombstone(job), document -> document.text("to"));
    }

    public void removeTombstone(String job) {
        delete(tombstone(job));
    }

    /**
     * Removes the leftovers of a crash: temporary files of open runs, open files of runs that have ended, tombstones of
     * jobs that were not renamed after all, and jobs whose purge was interrupted.
     */
    public void removeLeftovers() {
        for (String job : jobs()) {
            for (Path file : list(home(job).resolve("open"))) {
                if (name(file).endsWith(".tmp") || hasEnded(job, name(file))) {
                    delete(file);
                }
            }
            removeTombstone(job);
        }
        list(directory.resolve("removed")).forEach(StateDirectory::deleteTree);
    }

    private boolean hasEnded(String job, String openFile) {
        String number =
                openFile.endsWith(CANCEL) ? openFile.substring(0, openFile.length() - CANCEL.length()) : openFile;
        return Files.exists(home(job).resolve("runs").resolve(number));
    }

    private static void deleteTree(Path tree) {
        try {
            Durable.deleteTree(tree);
        } catch (IOException e) {
            throw StoreFailures.ofFile("can't remove " + tree, "check permissions", e);
        }
    }
}
