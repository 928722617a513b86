package io.outfeed.directory;

import io.outfeed.internal.io.Durable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Opens the folders below the directory of a delivery. The directory itself may be a link, which the host has chosen;
 * below it another user who may write there could have made one, so each folder must be a real directory. Immutable.
 */
final class RealFolders {

    private final Path directory;
    private final boolean secure;
    private final @Nullable String requiredFile;

    /** {@code secure} opens them by descriptors where the system can. */
    RealFolders(Path directory, boolean secure) {
        this(directory, secure, null);
    }

    /** @param requiredFile a file that must be in the directory; null for none */
    RealFolders(Path directory, boolean secure, @Nullable String requiredFile) {
        this.directory = directory;
        this.secure = secure && directory.getFileSystem().equals(FileSystems.getDefault());
        this.requiredFile = requiredFile;
    }

    /**
     * Opens the folder of a place.
     *
     * @throws NoSuchFileException if it is missing, or the directory is
     * @throws NotMountedException if the directory lacks its required file
     * @throws FolderRefusedException if a link or a file has its name, or that of a folder above it
     */
    Folder open(Place place) throws IOException {
        return open(place, false);
    }

    /** Opens the folder of a place, and makes it and those above it if they are missing, but not the directory. */
    Folder make(Place place) throws IOException {
        return open(place, true);
    }

    private Folder open(Place place, boolean make) throws IOException {
        Folder folder = openDirectory();
        try {
            if (requiredFile != null && folder.attributes(requiredFile).isEmpty()) {
                throw new NotMountedException(directory.resolve(requiredFile));
            }
            for (String name : place.folders()) {
                Folder parent = folder;
                if (make) {
                    makeIfMissing(parent, name);
                }
                folder = openReal(parent, name);
                parent.close();
            }
            return folder;
        } catch (IOException | RuntimeException e) {
            close(folder, e);
            throw e;
        }
    }

    private static void close(Folder folder, Exception failure) {
        try {
            folder.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    @SuppressWarnings("StreamResourceLeak") // the folder closes it
    private Folder openDirectory() throws IOException {
        if (secure) {
            DirectoryStream<Path> stream = Files.newDirectoryStream(directory);
            if (stream instanceof SecureDirectoryStream<Path> found) {
                return new SecureFolder(directory, found);
            }
            stream.close();
        }
        if (!Files.isDirectory(directory)) {
            throw Files.exists(directory)
                    ? new NotDirectoryException(directory.toString())
                    : new NoSuchFileException(directory.toString());
        }
        return new PathFolder(directory);
    }

    private static void makeIfMissing(Folder parent, String name) throws IOException {
        if (parent.attributes(name).isEmpty()) {
            try {
                Files.createDirectory(parent.path().resolve(name));
            } catch (FileAlreadyExistsException e) {
                return; // another run was faster; what it made is verified next
            }
            Durable.syncDirectory(parent.path());
        }
    }

    /** Verified before it is opened, since opening a named pipe would block. */
    private static Folder openReal(Folder parent, String name) throws IOException {
        Path path = parent.path().resolve(name);
        Optional<BasicFileAttributes> found = parent.attributes(name);
        if (found.isEmpty()) {
            throw new NoSuchFileException(path.toString());
        }
        if (!found.get().isDirectory()) {
            throw new FolderRefusedException(path, found.get().isSymbolicLink());
        }
        return parent.folder(name);
    }
}
