package io.outfeed.internal.io;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates files and directories that only their owner may read, since they hold records: modes 0600 and 0700 where the
 * file system has them. What exists keeps its mode.
 */
public final class OwnerOnly {

    private static final Logger log = LoggerFactory.getLogger(OwnerOnly.class);

    private static final FileAttribute<?> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.range(
            PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_EXECUTE); // all but those of the owner

    private OwnerOnly() {}

    /** Creates an empty file in place of one of that name, and opens it. */
    public static FileOutputStream create(Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, fileAttributes(file));
        return new FileOutputStream(file.toFile());
    }

    /** Creates a directory whose parent exists, unless it exists. */
    static void createDirectory(Path directory) throws IOException {
        Files.createDirectories(
                directory, isPosix(directory) ? new FileAttribute<?>[] {DIRECTORY} : new FileAttribute<?>[0]);
    }

    /** Returns the attributes with which a file is created. */
    public static FileAttribute<?>[] fileAttributes(Path file) {
        return isPosix(file) ? new FileAttribute<?>[] {FILE} : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** Logs a warning if others than the owner may enter a directory, and its parent does not keep them out. */
    public static void warnIfOpenToOthers(Path directory) {
        try {
            if (isPosix(directory) && isOpen(directory) && isOpen(Durable.directoryOf(directory))) {
                log.warn(
                        "Other users may read {}, which holds records: its mode is {}; set it to rwx------",
                        directory,
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
            }
        } catch (NoSuchFileException e) {
            log.trace("{} does not exist yet", directory);
        } catch (IOException | UnsupportedOperationException e) {
            log.debug("The mode of {} can't be read", directory, e);
        }
    }

    private static boolean isOpen(Path directory) throws IOException {
        return Files.getPosixFilePermissions(directory).stream().anyMatch(OF_OTHERS::contains);
    }
}
