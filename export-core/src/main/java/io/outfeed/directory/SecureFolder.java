package io.outfeed.directory;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/** A folder by its descriptor: it stays the same one, even if its path is replaced by a link meanwhile. */
final class SecureFolder implements Folder {

    private final Path path;
    private final SecureDirectoryStream<Path> stream;

    SecureFolder(Path path, SecureDirectoryStream<Path> stream) {
        this.path = path;
        this.stream = stream;
    }

    @Override
    public Folder folder(String name) throws IOException {
        return new SecureFolder(path.resolve(name), stream.newDirectoryStream(Path.of(name), NOFOLLOW_LINKS));
    }

    @Override
    public Optional<BasicFileAttributes> attributes(String name) throws IOException {
        try {
            return Optional.of(stream.getFileAttributeView(Path.of(name), BasicFileAttributeView.class, NOFOLLOW_LINKS)
                    .readAttributes());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public Set<PosixFilePermission> permissions(String name) throws IOException {
        return stream.getFileAttributeView(Path.of(name), PosixFileAttributeView.class, NOFOLLOW_LINKS)
                .readAttributes()
                .permissions();
    }

    @Override
    public FileChannel create(String name, FileAttribute<?>... attributes) throws IOException {
        // the default file system's channel is a FileChannel
        return (FileChannel) stream.newByteChannel(
                Path.of(name),
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, NOFOLLOW_LINKS),
                attributes);
    }

    @Override
    public InputStream read(String name) throws IOException {
        return Channels.newInputStream(
                stream.newByteChannel(Path.of(name), Set.of(StandardOpenOption.READ, NOFOLLOW_LINKS)));
    }

    @Override
    public void rename(String from, Folder into, String to) throws IOException {
        stream.move(Path.of(from), ((SecureFolder) into).stream, Path.of(to));
    }

    @Override
    public void delete(String name) throws IOException {
        stream.deleteFile(Path.of(name));
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
