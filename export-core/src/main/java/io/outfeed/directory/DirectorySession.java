package io.outfeed.directory;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.file.IfExists;
import io.outfeed.internal.io.DigestOutput;
import io.outfeed.internal.io.Durable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The session of a {@link DirectoryDelivery}. */
final class DirectorySession implements DeliverySession {

    private static final Logger log = LoggerFactory.getLogger(DirectorySession.class);

    /** How many bytes are copied between two reports of the progress. */
    private static final long CHUNK = 8L << 20;

    private final String id;
    private final Path directory;

    DirectorySession(String id, Path directory) {
        this.id = id;
        this.directory = directory;
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
        Path target = target(file);
        Path temporary = temporary(file);
        if (file.ifExists() != IfExists.REPLACE && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            if (file.ifExists() != IfExists.KEEP_BOTH) {
                throw exists(target, file);
            }
            target = directory.resolve(file.keptBoth().path());
        }
        try {
            Durable.createDirectories(Durable.directoryOf(target));
            copy(file, temporary);
            long size = Files.size(temporary);
            if (size != file.file().bytes()) {
                throw DeliveryException.retryable(
                        id,
                        temporary + " has " + size + " bytes instead of "
                                + file.file().bytes() + at(file),
                        null);
            }
        } catch (IOException e) {
            removePart(temporary, e);
            throw DeliveryException.of(
                    code(e), id, "can't write " + temporary + ": check space and permissions" + at(file), e);
        }
        return PreparedFile.renamed(target.toString(), temporary.toString());
    }

    /** A part must not take the space that others need until the next attempt. */
    private static void removePart(Path temporary, IOException failure) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file) {
        Path target = Path.of(prepared.location());
        Path temporary = Path.of(prepared.temporary().orElseThrow());
        try {
            if (file.ifExists() != IfExists.REPLACE && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                return occupied(temporary, target, file);
            }
            rename(temporary, target);
            Durable.syncDirectory(Durable.directoryOf(target));
            return Optional.of(new DeliveryReceipt(target.toString(), Publication.ATOMIC));
        } catch (NoSuchFileException e) {
            if (!Files.isDirectory(Durable.directoryOf(target))) {
                throw DeliveryException.of(
                        FailureCode.DESTINATION_MISSING,
                        id,
                        "the directory " + Durable.directoryOf(target) + " is gone: make it, or mount it" + at(file),
                        e);
            }
            return Optional.empty();
        } catch (IOException e) {
            throw DeliveryException.of(code(e), id, "can't rename " + temporary + " to " + target + at(file), e);
        }
    }

    /** Handles a taken name: by this file itself if its temporary file is gone, else by another. */
    private Optional<DeliveryReceipt> occupied(Path temporary, Path target, OutgoingFile file) {
        if (Files.exists(temporary, LinkOption.NOFOLLOW_LINKS)) {
            throw exists(target, file);
        }
        return Optional.empty();
    }

    @Override
    public void discard(OutgoingFile file) throws IOException {
        Files.deleteIfExists(temporary(file));
    }

    @Override
    public Inspection inspect(String location) {
        Path target = Path.of(location);
        try {
            BasicFileAttributes found =
                    Files.readAttributes(target, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return found.isRegularFile() ? present(found) : Inspection.other();
        } catch (NoSuchFileException e) {
            Path parent = Durable.directoryOf(target);
            if (Files.isDirectory(parent)) {
                return Inspection.missing();
            }
            // a file instead of the directory: some JDKs report that, others a missing file
            return Files.exists(parent) ? Inspection.notSaid() : Inspection.directoryMissing();
        } catch (IOException e) {
            log.debug("Delivery '{}' does not say whether {} is there", id, target, e);
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
        try (InputStream in = Files.newInputStream(Path.of(location), READ, LinkOption.NOFOLLOW_LINKS);
                DigestOutput out = new DigestOutput(OutputStream.nullOutputStream())) {
            in.transferTo(out);
            return Optional.of(out.sha256());
        }
    }

    @Override
    public Deletion delete(String location, long expectedBytes) {
        Path target = Path.of(location);
        Inspection found = inspect(location);
        return switch (found.presence()) {
            case MISSING -> Deletion.NOT_THERE;
            case OTHER -> Deletion.DIFFERENT;
            case PRESENT -> found.bytes() == expectedBytes ? remove(target) : Deletion.DIFFERENT;
            case DIRECTORY_MISSING, NOT_SAID -> Deletion.NOT_SAID; // the file system may be mounted again later
        };
    }

    private Deletion remove(Path target) {
        try {
            boolean deleted = Files.deleteIfExists(target);
            Durable.syncDirectory(Durable.directoryOf(target));
            return deleted ? Deletion.DELETED : Deletion.NOT_THERE;
        } catch (IOException e) {
            throw DeliveryException.of(
                    code(e), id, "can't delete " + target + ": check permissions (delivery=" + id + ")", e);
        }
    }

    @Override
    public void close() {
        // holds nothing
    }

    private Path target(OutgoingFile file) {
        return directory.resolve(file.file().path());
    }

    private Path temporary(OutgoingFile file) {
        return target(file).resolveSibling(file.temporaryName());
    }

    private DeliveryException exists(Path target, OutgoingFile file) {
        return DeliveryException.occupied(
                id,
                target
                        + " exists already: let the receiver take it, put {sequence} into the file's name, or choose ifExists(REPLACE)"
                        + at(file));
    }

    private FailureCode code(IOException e) {
        if (e instanceof AccessDeniedException) {
            return FailureCode.PERMISSION_DENIED;
        }
        return Durable.isFull(directory) ? FailureCode.DESTINATION_FULL : FailureCode.DESTINATION_UNAVAILABLE;
    }

    private static String at(OutgoingFile file) {
        return " (job=" + file.job() + ", run=" + file.run() + ")";
    }

    private static void copy(OutgoingFile file, Path to) throws IOException {
        try (FileChannel in = FileChannel.open(file.content(), READ);
                FileChannel out = FileChannel.open(to, CREATE, TRUNCATE_EXISTING, WRITE)) {
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

    /** Renames in one step: a crash between a link and an unlink would leave both names. */
    private static void rename(Path temporary, Path target) throws IOException {
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
