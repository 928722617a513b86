package io.outfeed.directory;

import static java.nio.file.StandardOpenOption.READ;

import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.delivery.TemporaryNames;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.io.DigestOutput;
import io.outfeed.internal.io.Durable;
import io.outfeed.internal.io.Interrupts;
import io.outfeed.internal.text.NameAdvice;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The session of a {@link DirectoryDelivery}. */
final class DirectorySession implements DeliverySession {

    private static final Logger log = LoggerFactory.getLogger(DirectorySession.class);

    /** How many bytes are copied between two reports of the progress. */
    private static final long CHUNK = 8L << 20;

    private final String id;
    private final Path directory;
    private final RealFolders folders;
    private final @Nullable Set<PosixFilePermission> permissions;
    private final IfReplaced ifReplaced;
    private final TemporaryNames temporaryNames;

    /** {@code permissions} is null to leave them to the umask of the process. */
    DirectorySession(
            String id,
            Path directory,
            RealFolders folders,
            @Nullable Set<PosixFilePermission> permissions,
            IfReplaced ifReplaced,
            TemporaryNames temporaryNames) {
        this.id = id;
        this.directory = directory;
        this.folders = folders;
        this.permissions = permissions;
        this.ifReplaced = ifReplaced;
        this.temporaryNames = temporaryNames;
    }

    /** Without the device, whose number changes when a file system is mounted again. */
    @Override
    public Optional<String> directoryKey() throws IOException {
        if (ifReplaced == IfReplaced.USE
                || !directory.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.getAttribute(directory, "unix:ino").toString());
        } catch (NoSuchFileException e) {
            return Optional.empty(); // the operation that follows says so
        }
    }

    @Override
    public PreparedFile prepare(OutgoingFile file) {
        if (!Files.isDirectory(directory)) {
            throw DeliveryException.of(
                    FailureCode.DESTINATION_MISSING,
                    id,
                    "the directory " + directory + " is not there: make it, or mount it" + at(file),
                    null);
        }
        Place target = target(file.file(), file);
        Place temporary = temporary(file);
        try (Folder folder = folders.make(target);
                Folder parts = folders.make(temporary)) {
            target = freePlace(folder, target, file);
            removePart(parts, temporary, file);
            write(parts, temporary, file);
        } catch (NotMountedException e) {
            throw notMounted(e, file);
        } catch (FolderRefusedException e) {
            throw refused(e, file);
        } catch (IOException e) {
            throw failure("can't write " + temporary.path(), ": check space and permissions", at(file), e);
        }
        return PreparedFile.renamed(target.path().toString(), temporary.path().toString());
    }

    /** The place of the file, or the one next to an old file there. */
    private Place freePlace(Folder folder, Place target, OutgoingFile file) throws IOException {
        if (file.ifExists() == IfExists.REPLACE
                || folder.attributes(target.name()).isEmpty()) {
            return target;
        }
        if (file.ifExists() != IfExists.KEEP_BOTH) {
            throw exists(target.path(), file);
        }
        Place beside = target(file.keptBoth(), file);
        if (folder.attributes(beside.name()).isPresent()) {
            throw exists(beside.path(), file);
        }
        return beside;
    }

    private DeliveryException notMounted(NotMountedException e, OutgoingFile file) {
        return DeliveryException.of(
                FailureCode.DESTINATION_MISSING,
                id,
                "the required file " + e.getFile() + " is not there: mount the file system; if it is mounted, create"
                        + " the file in it" + at(file),
                e);
    }

    /** Removes what an earlier try of the same upload has left: no other upload has its name. */
    private void removePart(Folder folder, Place temporary, OutgoingFile file) throws IOException {
        Optional<BasicFileAttributes> found = folder.attributes(temporary.name());
        if (found.isPresent()) {
            requireRegularFile(temporary, found.get(), "was written", file);
            folder.delete(temporary.name());
        }
    }

    private void requireRegularFile(Place temporary, BasicFileAttributes found, String undone, OutgoingFile file) {
        if (!found.isRegularFile()) {
            throw DeliveryException.of(
                    FailureCode.DESTINATION_REFUSED,
                    id,
                    (found.isSymbolicLink() ? "a link" : "something else than a file") + " has the temporary name "
                            + temporary.path() + ", which only this upload uses: nothing " + undone
                            + ", and no link is followed. Find out what has made it there" + at(file),
                    null);
        }
    }

    private void write(Folder folder, Place temporary, OutgoingFile file) throws IOException {
        boolean written = false;
        FileChannel out = folder.create(temporary.name(), creationAttributes());
        try {
            try (out) {
                verifyPermissions(folder, temporary, file);
                copy(file, out);
            }
            verifySize(folder, temporary, file);
            written = true;
        } finally {
            if (!written) {
                discardPart(folder, temporary.name());
            }
        }
    }

    private FileAttribute<?>[] creationAttributes() {
        return permissions == null
                ? new FileAttribute<?>[0]
                : new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
    }

    /** The umask, or how a file system is mounted, may have made others of them. */
    private void verifyPermissions(Folder folder, Place temporary, OutgoingFile file) throws IOException {
        if (permissions == null) {
            return;
        }
        Set<PosixFilePermission> found = folder.permissions(temporary.name());
        if (!found.equals(permissions)) {
            throw DeliveryException.of(
                    FailureCode.PERMISSION_DENIED,
                    id,
                    "a file in " + temporary.folder() + " gets the permissions "
                            + PosixFilePermissions.toString(found) + " instead of "
                            + PosixFilePermissions.toString(permissions)
                            + ", and was removed before anything was written: let the umask of this process, and the"
                            + " options of the mount, allow them, or change permissions" + at(file),
                    null);
        }
    }

    private void verifySize(Folder folder, Place temporary, OutgoingFile file) throws IOException {
        Optional<BasicFileAttributes> found = folder.attributes(temporary.name());
        if (found.isEmpty() || found.get().size() != file.file().bytes()) {
            throw DeliveryException.retryable(
                    id,
                    temporary.path()
                            + found.map(part -> " has " + part.size() + " bytes")
                                    .orElse(" is gone")
                            + " instead of " + file.file().bytes() + at(file),
                    null);
        }
    }

    /** A part must not take the space that others need until the next attempt. */
    private static void discardPart(Folder folder, String name) {
        try {
            folder.delete(name);
        } catch (IOException e) {
            log.debug("Can't remove the part {} in {}", name, folder.path(), e);
        }
    }

    @Override
    public Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file) {
        Place target = place(prepared.location(), file);
        Place temporary = place(prepared.temporary().orElseThrow(), file);
        if (!TemporaryNames.isOf(temporary.name(), file)) {
            throw outside(temporary.path(), file);
        }
        try (Folder folder = folders.open(target);
                Folder parts = folders.open(temporary)) {
            Optional<BasicFileAttributes> uploaded = parts.attributes(temporary.name());
            if (uploaded.isEmpty()) {
                return Optional.empty();
            }
            requireRegularFile(temporary, uploaded.get(), "was published", file);
            if (file.ifExists() != IfExists.REPLACE
                    && folder.attributes(target.name()).isPresent()) {
                throw exists(target.path(), file);
            }
            parts.rename(temporary.name(), folder, target.name());
            Durable.syncDirectory(target.folder());
            return Optional.of(new DeliveryReceipt(prepared.location(), Publication.ATOMIC));
        } catch (NotMountedException e) {
            throw notMounted(e, file);
        } catch (NoSuchFileException e) {
            if (!Files.isDirectory(target.folder())) {
                throw DeliveryException.of(
                        FailureCode.DESTINATION_MISSING,
                        id,
                        "the directory " + target.folder() + " is gone: make it, or mount it" + at(file),
                        e);
            }
            return Optional.empty();
        } catch (FolderRefusedException e) {
            throw refused(e, file);
        } catch (AtomicMoveNotSupportedException e) {
            throw DeliveryException.of(
                    FailureCode.DESTINATION_REFUSED,
                    id,
                    temporary.folder() + " is of another file system than " + target.folder()
                            + ", and a file can't be renamed from one to the other: nothing was published; have"
                            + " temporaryNames in a directory of the same one, then start an attempt" + at(file),
                    e);
        } catch (IOException e) {
            throw failure("can't rename " + temporary.path() + " to " + target.path(), "", at(file), e);
        }
    }

    @Override
    public void discard(OutgoingFile file) throws IOException {
        Place temporary = temporary(file);
        try (Folder folder = folders.open(temporary)) {
            Optional<BasicFileAttributes> found = folder.attributes(temporary.name());
            if (found.isPresent() && found.get().isRegularFile()) {
                folder.delete(temporary.name());
            }
        } catch (NotMountedException e) {
            throw notMounted(e, file);
        } catch (NoSuchFileException e) {
            log.debug("Nothing to discard at {}", temporary.path(), e);
        }
    }

    @Override
    public Inspection inspect(String location) {
        Optional<Place> place = Place.below(directory, location);
        return place.isPresent()
                ? inspect(folders, place.get())
                : Place.path(location).map(this::inspectElsewhere).orElse(Inspection.notSaid());
    }

    /** What was delivered before the delivery got another directory is inspected, and not touched. */
    private Inspection inspectElsewhere(Path path) {
        Path parent = Durable.directoryOf(path);
        return Place.below(parent, path)
                .map(place -> inspect(new RealFolders(parent, true), place))
                .orElse(Inspection.notSaid());
    }

    private Inspection inspect(RealFolders within, Place place) {
        try (Folder folder = within.open(place)) {
            return folder.attributes(place.name())
                    .map(found -> found.isRegularFile() ? present(found) : Inspection.other())
                    .orElse(Inspection.missing());
        } catch (NoSuchFileException e) {
            return Inspection.directoryMissing();
        } catch (IOException e) {
            log.debug("Delivery '{}' does not say whether {} is there", id, place.path(), e);
            return Inspection.notSaid();
        }
    }

    private static Inspection present(BasicFileAttributes found) {
        return Inspection.present(
                found.size(),
                Optional.of(found.lastModifiedTime().toInstant()),
                Optional.ofNullable(found.fileKey()).map(Object::toString));
    }

    @Override
    public Optional<String> sha256(String location) throws IOException {
        Optional<Place> place = Place.below(directory, location);
        if (place.isEmpty()) {
            return Optional.empty();
        }
        try (Folder folder = folders.open(place.get());
                InputStream in = folder.read(place.get().name());
                DigestOutput out = new DigestOutput(OutputStream.nullOutputStream())) {
            in.transferTo(out);
            return Optional.of(out.sha256());
        }
    }

    @Override
    public Deletion delete(String location, long expectedBytes) {
        Optional<Place> place = Place.below(directory, location);
        if (place.isEmpty()) {
            return Deletion.NOT_SAID;
        }
        String name = place.get().name();
        try (Folder folder = folders.open(place.get())) {
            Optional<BasicFileAttributes> found = folder.attributes(name);
            if (found.isEmpty()) {
                return Deletion.NOT_THERE;
            }
            if (!found.get().isRegularFile() || found.get().size() != expectedBytes) {
                return Deletion.DIFFERENT;
            }
            return delete(folder, name);
        } catch (NoSuchFileException | NotDirectoryException | FolderRefusedException e) {
            log.debug("Delivery '{}' does not say whether {} is there", id, location, e);
            return Deletion.NOT_SAID; // the file system may be mounted again later
        } catch (IOException e) {
            throw failure("can't delete " + location, ": check permissions", " (delivery=" + id + ")", e);
        }
    }

    private static Deletion delete(Folder folder, String name) throws IOException {
        try {
            folder.delete(name);
        } catch (NoSuchFileException e) {
            return Deletion.NOT_THERE;
        }
        Durable.syncDirectory(folder.path());
        return Deletion.DELETED;
    }

    @Override
    public void close() {
        // holds nothing
    }

    private Place temporary(OutgoingFile file) {
        String path = temporaryNames.path(file);
        try {
            return place(directory.resolve(path), file);
        } catch (InvalidPathException e) {
            throw notInThisLocale(path, file);
        }
    }

    private Place target(StagedFile named, OutgoingFile file) {
        try {
            return place(directory.resolve(named.path()), file);
        } catch (InvalidPathException e) {
            throw notInThisLocale(named.path(), file);
        }
    }

    private Place place(String location, OutgoingFile file) {
        return place(Place.path(location).orElseThrow(() -> notInThisLocale(location, file)), file);
    }

    private Place place(Path path, OutgoingFile file) {
        return Place.below(directory, path).orElseThrow(() -> outside(path, file));
    }

    private DeliveryException notInThisLocale(String location, OutgoingFile file) {
        return DeliveryException.of(
                FailureCode.DESTINATION_REFUSED,
                id,
                "the locale of this process has no such name as " + location
                        + ": nothing was delivered there. Start it with another one, such as LC_ALL=C.UTF-8" + at(file),
                null);
    }

    /** What is stored of a run may be damaged, or forged: it must not move a file of the host. */
    private DeliveryException outside(Path path, OutgoingFile file) {
        return DeliveryException.of(
                FailureCode.DESTINATION_REFUSED,
                id,
                path + " is no place of this file below " + directory + ": nothing was touched there. If the delivery"
                        + " had another directory, set that one again, or give the run up; else the store is damaged"
                        + at(file),
                null);
    }

    private DeliveryException refused(FolderRefusedException e, OutgoingFile file) {
        return DeliveryException.of(
                FailureCode.DESTINATION_REFUSED,
                id,
                e.getMessage() + ", and no link is followed below " + directory
                        + ": nothing was delivered there. Have a real directory of that name, or choose the directory"
                        + " it should lead to as that of the delivery" + at(file),
                e);
    }

    private DeliveryException exists(Path target, OutgoingFile file) {
        return DeliveryException.occupied(id, target + " exists already: " + NameAdvice.OCCUPIED + at(file));
    }

    /** An interrupt is no fault of the directory. */
    private DeliveryException failure(String failure, String advice, String at, IOException e) {
        return Interrupts.isCause(e)
                ? DeliveryException.of(FailureCode.STOPPED, id, failure + ": its thread was interrupted" + at, e)
                : DeliveryException.of(code(e), id, failure + advice + at, e);
    }

    private FailureCode code(IOException e) {
        if (e instanceof AccessDeniedException) {
            return FailureCode.PERMISSION_DENIED;
        }
        return Durable.isFull(directory) ? FailureCode.DESTINATION_FULL : FailureCode.DESTINATION_UNAVAILABLE;
    }

    private static String at(OutgoingFile file) {
        return " (" + file.origin() + ")";
    }

    private static void copy(OutgoingFile file, FileChannel out) throws IOException {
        try (FileChannel in = FileChannel.open(file.content(), READ)) {
            long size = in.size();
            for (long done = 0; done < size; ) {
                long count = in.transferTo(done, Math.min(CHUNK, size - done), out);
                if (count <= 0) {
                    throw new FileSystemException(
                            file.content().toString(), null, "it became shorter while it was copied");
                }
                done += count;
                file.sent(done);
            }
            out.force(true);
        }
    }
}
