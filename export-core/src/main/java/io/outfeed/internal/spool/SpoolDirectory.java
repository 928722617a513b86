package io.outfeed.internal.spool;

import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.file.PlainBytes;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.check.SafeName;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.io.DigestOutput;
import io.outfeed.internal.io.Durable;
import io.outfeed.internal.io.OwnerOnly;
import io.outfeed.internal.model.StoreFailures;
import io.outfeed.run.file.Sidecar;
import io.outfeed.spool.SpooledFile;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Stores the staged files and the sidecars of runs in the directory of the engine: a directory for each run, by its
 * number. Thread-safe for different runs.
 */
public final class SpoolDirectory {

    private static final int HASH_DIGITS = 40;

    private static final Pattern RUN = Pattern.compile("[1-9][0-9]{0,17}");

    private final Path directory;
    private final LongConsumer counted;

    public SpoolDirectory(Path directory) {
        this(directory, bytes -> {});
    }

    private SpoolDirectory(Path directory, LongConsumer counted) {
        this.directory = directory;
        this.counted = counted;
    }

    /** Returns the same spool with a counter for the bytes that are written; bytes of removed files are negative. */
    public SpoolDirectory counting(LongConsumer bytes) {
        return new SpoolDirectory(directory, bytes);
    }

    /** Returns the path of a staged file. It has portable characters only: the locale may have no others. */
    public Path path(long run, StagedFile file) {
        return home(run).resolve(file.folder()).resolve(portable(file.name()));
    }

    /** Returns the path of the plain copy of a staged file. */
    public Path plainPath(long run, StagedFile file) {
        return home(run).resolve(plainName(file));
    }

    /** Returns the name of the plain copy of a staged file, which no staged file and no sidecar has. */
    static String plainName(StagedFile file) {
        return ".plain-" + hash(file.path());
    }

    private Path home(long run) {
        return directory.resolve(Long.toString(run));
    }

    /** Returns the name of a staged file, which is its path below the directory of its run. */
    static String name(StagedFile file) {
        String name = file.folder().isEmpty() ? portable(file.name()) : file.folder() + "/" + portable(file.name());
        return name.length() <= SpooledFile.MAX_NAME ? name : hashed(file.path());
    }

    /** A name that is not portable is replaced by its hash. The dot keeps the two kinds apart. */
    private static String portable(String name) {
        return SafeName.isPortable(name) ? name : hashed(name);
    }

    private static String hashed(String name) {
        return ".u-" + hash(name);
    }

    private static String hash(String name) {
        try (DigestOutput digest = new DigestOutput(OutputStream.nullOutputStream())) {
            digest.write(name.getBytes(StandardCharsets.UTF_8));
            return digest.sha256().substring(0, HASH_DIGITS);
        } catch (IOException e) {
            throw new AssertionError("nothing is written", e);
        }
    }

    /** Creates a file without its final name: {@link Part#finish} gives it one, durably. */
    public Part create(long run, String working) throws IOException {
        return create(run, working, new OpenFiles());
    }

    /** Creates one of many such files. */
    public Part create(long run, String working, OpenFiles files) throws IOException {
        Path home = home(run);
        Durable.createDirectories(home);
        Path part = home.resolve("." + working + ".part");
        files.create(part);
        return new Part(part, files);
    }

    /** Returns the path of a short-lived file that belongs to no run. */
    public Path scratch(String name) throws IOException {
        Durable.createDirectories(directory);
        return directory.resolve("." + name);
    }

    /** Returns the path of a sidecar of a run's definition. */
    public Path sidecar(long run, Sidecar.Kind kind, String definition) {
        return home(run).resolve(sidecarName(kind, definition));
    }

    /** Returns the name of a sidecar, such as {@code .visits.seen}: no staged file begins with a dot. */
    static String sidecarName(Sidecar.Kind kind, String definition) {
        return "." + definition + "." + kind.name().toLowerCase(Locale.ROOT);
    }

    /** Returns the path of a temporary file for sorting, which the run removes itself. */
    public Path scratch(long run, String definition, int number) {
        return home(run).resolve("." + definition + "." + number + ".sort");
    }

    /** Moves the bytes of a file to a stream, and removes the file, and its folder if that is empty then. */
    public void move(long run, StagedFile file, OutputStream to) throws IOException {
        Path path = path(run, file);
        Files.copy(path, to);
        Files.delete(path);
        if (!file.folder().isEmpty()) {
            try {
                Files.delete(Durable.directoryOf(path));
            } catch (DirectoryNotEmptyException e) {
                return;
            }
        }
    }

    /** Copies a file from one run to another, as a hard link where the file system allows it. */
    public void copy(long from, long to, StagedFile file) {
        copy(from, to, file.path(), path(from, file), path(to, file), file.bytes(), file.sha256());
    }

    /** Copies the plain copy of a file from one run to another, in the same way. */
    public void copyPlain(long from, long to, StagedFile file) {
        PlainBytes plain = file.plain().orElseThrow();
        String what = "the plain copy of " + file.path();
        copy(from, to, what, plainPath(from, file), plainPath(to, file), plain.bytes(), plain.sha256());
    }

    private static void copy(long from, long to, String what, Path source, Path target, long bytes, String sha256) {
        try {
            Durable.createDirectories(Durable.directoryOf(target));
            try {
                Files.createLink(target, source);
            } catch (UnsupportedOperationException | FileSystemException e) {
                Files.copy(source, target);
            }
            Durable.syncDirectory(Durable.directoryOf(target));
            if (!has(target, bytes, sha256)) {
                throw StoreException.of(
                        FailureCode.BYTES_CHANGED,
                        "the bytes of " + what + " of run " + from
                                + " are not those that were staged: reExport() reads them afresh (run=" + to + ")",
                        null);
            }
        } catch (IOException e) {
            throw StoreFailures.ofFile(
                    FailureCode.STORE_UNAVAILABLE,
                    "the bytes of " + what + " of run " + from + " can't be had",
                    "reExport() reads them afresh",
                    " (run=" + to + ")",
                    e);
        }
    }

    /** Whether the bytes of a file are those that the ledger has; reads the whole file. */
    public boolean isAsStaged(long run, StagedFile file) throws IOException {
        return has(path(run, file), file.bytes(), file.sha256());
    }

    /** Whether a file has these bytes; reads the whole file. */
    static boolean has(Path path, long bytes, String sha256) throws IOException {
        if (Files.size(path) != bytes) {
            return false;
        }
        DigestOutput read = new DigestOutput(OutputStream.nullOutputStream());
        Files.copy(path, read);
        return read.bytes() == bytes && read.sha256().equals(sha256);
    }

    /**
     * Receives a file of a run, under a temporary name until all of it is on the disk.
     *
     * @param content gives its bytes, and fails if they are not the expected ones
     */
    void receive(long run, Path target, Content content) throws IOException {
        Durable.createDirectories(Durable.directoryOf(target));
        Path temporary = home(run).resolve("." + UUID.randomUUID() + ".part"); // several threads may need the file
        try {
            try (FileOutputStream out = OwnerOnly.create(temporary)) {
                content.copyTo(out);
                out.getFD().sync();
            }
            Durable.rename(temporary, target);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** The bytes of a file that is received. */
    interface Content {

        void copyTo(OutputStream out) throws IOException;
    }

    /** Returns the runs that have files here. */
    public List<Long> runs() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> String.valueOf(entry.getFileName()))
                    .filter(name -> RUN.matcher(name).matches())
                    .map(Long::valueOf)
                    .sorted()
                    .toList();
        }
    }

    /** Removes the files of a run. */
    public void delete(long run) {
        try {
            Durable.deleteTree(home(run));
        } catch (IOException e) {
            throw StoreFailures.ofFile(
                    FailureCode.STORE_UNAVAILABLE,
                    "can't remove the files of a dropped run below " + directory,
                    "check permissions",
                    " (run=" + run + ")",
                    e);
        }
    }

    StoreException cantRead(long run, Path file, IOException cause) {
        return StoreFailures.ofFile(
                FailureCode.STORE_UNAVAILABLE,
                "can't read " + file,
                "check permissions and the disk",
                " (run=" + run + ")",
                cause);
    }

    public StoreException cantWrite(long run, IOException cause) {
        return StoreFailures.ofFile(
                Durable.isFull(directory) ? FailureCode.DISK_FULL : FailureCode.STORE_UNAVAILABLE,
                "can't write a file below " + directory,
                "check free space and permissions, then run the job again",
                " (run=" + run + ")",
                HostCalls.redact(cause)); // a format may be code of the host
    }

    /** A file that is being written. */
    public final class Part {

        private final Path path;
        private final OpenFiles files;
        private long bytes;

        private Part(Path path, OpenFiles files) {
            this.path = path;
            this.files = files;
        }

        /**
         * Returns a stream to the file. Closing the stream does not close the file, which {@link #finish} still
         * flushes.
         */
        public OutputStream output() {
            return new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    files.append(path).write(b);
                    count(1);
                }

                @Override
                public void write(byte[] buffer, int offset, int length) throws IOException {
                    files.append(path).write(buffer, offset, length);
                    count(length);
                }
            };
        }

        private void count(int more) {
            bytes += more;
            counted.accept(more);
        }

        /** Returns another file next to this one, which replaces it. */
        public Part sibling(String mark) {
            return new Part(path.resolveSibling(path.getFileName() + mark), files);
        }

        public void copyTo(OutputStream to) throws IOException {
            Files.copy(path, to);
        }

        public void delete() throws IOException {
            close();
            Files.delete(path);
            counted.accept(-bytes);
        }

        /** Deletes a {@link #sibling} to which nothing may have been written. */
        public void deleteIfExists() throws IOException {
            close();
            if (Files.deleteIfExists(path)) {
                counted.accept(-bytes);
            }
        }

        /**
         * Flushes the file to the disk, including what was written before it was reopened, and gives it its final name.
         */
        public void finish(long run, StagedFile file) throws IOException {
            finish(SpoolDirectory.this.path(run, file));
        }

        /** Flushes the plain copy of a file, in the same way. */
        public void finishPlain(long run, StagedFile file) throws IOException {
            finish(plainPath(run, file));
        }

        private void finish(Path target) throws IOException {
            files.append(path).getFD().sync();
            close();
            Durable.createDirectories(Durable.directoryOf(target));
            Durable.rename(path, target);
        }

        public void close() throws IOException {
            files.close(path);
        }
    }
}
