package io.outfeed.directory;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/** A folder by its path, for systems that can't work in an open directory: it may be replaced between two steps. */
final class PathFolder implements Folder {

    private final Path path;

    PathFolder(Path path) {
        this.path = path;
    }

    @Override
    public Folder folder(String name) {
        return new PathFolder(path.resolve(name));
    }

    @Override
    public Optional<BasicFileAttributes> attributes(String name) throws IOException {
        try {
            return Optional.of(Files.readAttributes(path.resolve(name), BasicFileAttributes.class, NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public Set<PosixFilePermission> permissions(String name) throws IOException {
        return Files.getPosixFilePermissions(path.resolve(name), NOFOLLOW_LINKS);
    }

    @Override
    public FileChannel create(String name, FileAttribute<?>... attributes) throws IOException {
        return FileChannel.open(
                path.resolve(name),
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, NOFOLLOW_LINKS),
                attributes);
    }

    @Override
    public InputStream read(String name) throws IOException {
        return Files.newInputStream(path.resolve(name), StandardOpenOption.READ, NOFOLLOW_LINKS);
    }

    /**
     * In one step if the system can: a crash between a link and an unlink would leave both names. Never to another file
     * system, where the file would be visible before it is complete.
     */
    @Override
    public void rename(String from, Folder into, String to) throws IOException {
        try {
            Files.move(path.resolve(from), into.path().resolve(to), StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            if (!Files.getFileStore(path).equals(Files.getFileStore(into.path()))) {
                throw e;
            }
            Files.move(path.resolve(from), into.path().resolve(to), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Override
    public void delete(String name) throws IOException {
        Files.delete(path.resolve(name));
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public void close() {
        // holds nothing
    }
}
