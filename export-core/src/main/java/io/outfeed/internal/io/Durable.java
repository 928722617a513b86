package io.outfeed.internal.io;

import static java.nio.file.StandardOpenOption.READ;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Writes files so that they survive a power cut once the method returns.
 *
 * <p>An interrupt does not disturb a write: the channel of an interrupted thread would be closed in the middle.
 */
public final class Durable {

    private static final boolean WINDOWS = System.getProperty("os.name", "").startsWith("Windows");

    /** With less space than that a disk is full: a write that failed may have left the end of a block. */
    private static final long ALMOST_NOTHING = 1 << 20;

    private Durable() {}

    /** Writes a file so that a reader sees the old content or the new one, never a part. */
    public static void write(Path file, byte[] content) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileOutputStream out = OwnerOnly.create(temporary)) {
            out.write(content);
            out.getFD().sync();
        }
        rename(temporary, file);
    }

    /**
     * Appends to a file at a place that should be its end. A longer file is cut off there before.
     *
     * @throws IOException also if the file is missing or shorter; nothing is written then
     */
    public static void append(Path file, long end, byte[] content) throws IOException {
        if (Files.size(file) < end) {
            throw new IOException(file + " has become shorter than " + end + " bytes");
        }
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            if (out.length() > end) {
                cutOff(out, end);
            }
            out.seek(end);
            out.write(content);
            out.getFD().sync();
        }
    }

    /** Cuts off what a file has behind a place. */
    public static void cutOff(Path file, long end) throws IOException {
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            cutOff(out, end);
        }
    }

    /** Synced, so that after a crash the rest is not there together with a part of what is written next. */
    private static void cutOff(RandomAccessFile file, long end) throws IOException {
        file.setLength(end);
        file.getFD().sync();
    }

    /** Renames a file whose content is on the disk already; replaces a file of that name. */
    public static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        syncDirectory(directoryOf(to));
    }

    /** Removes a file, if it is there. */
    public static void delete(Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            syncDirectory(directoryOf(file));
        }
    }

    /** Makes a directory and those above it, for their owner only. */
    public static void createDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directoryOf(directory);
        createDirectories(parent);
        OwnerOnly.createDirectory(directory);
        syncDirectory(parent);
    }

    /** Removes a directory and what is in it, if it is there. */
    public static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Flushes the entries of a directory to the disk. */
    public static void syncDirectory(Path directory) throws IOException {
        boolean interrupted = false;
        boolean synced = false;
        try {
            while (!synced) {
                interrupted |= Thread.interrupted();
                synced = trySyncDirectory(directory);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Returns false if an interrupt has closed the channel. */
    private static boolean trySyncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, READ)) {
            channel.force(true);
        } catch (ClosedByInterruptException e) {
            return false;
        } catch (NoSuchFileException e) {
            throw e;
        } catch (FileSystemException e) {
            if (!WINDOWS) { // Windows can't open a directory; its file system keeps the entries anyway
                throw e;
            }
        }
        return true;
    }

    /**
     * Whether the disk of a directory has no space left, which an exception does not tell; false if it is not known.
     */
    public static boolean isFull(Path directory) {
        try {
            return Files.getFileStore(directory).getUsableSpace() < ALMOST_NOTHING;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the directory of a file; the root is its own directory. */
    public static Path directoryOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }
}
