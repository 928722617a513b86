package io.outfeed.sftp;

import io.outfeed.DeliveryException;
import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.file.IfExists;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.RenameFlags;
import net.schmizz.sshj.sftp.Response.StatusCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** See {@link SftpDelivery}. */
final class SftpSession implements DeliverySession {

    private static final Logger log = LoggerFactory.getLogger(SftpSession.class);

    private static final Set<RenameFlags> NO_OVERWRITE = EnumSet.noneOf(RenameFlags.class);
    private static final Set<RenameFlags> POSIX_RENAME = EnumSet.of(RenameFlags.OVERWRITE);

    private final SftpSettings settings;
    private final SftpConnection connection;
    private final Set<String> folders = new HashSet<>();
    private boolean saidUnverified;

    SftpSession(SftpSettings settings, SftpConnection connection) {
        this.settings = settings;
        this.connection = connection;
    }

    /** Servers of which one may only write forbid to look. */
    private enum Presence {
        THERE,
        MISSING,
        NOT_SAID
    }

    // ---- prepare

    @Override
    public PreparedFile prepare(OutgoingFile file) {
        String target = target(file);
        String temporary = temporary(file);
        try {
            if (file.ifExists() != IfExists.REPLACE && look(target) == Presence.THERE) {
                throw exists(target, file);
            }
            makeFolder(file);
        } catch (IOException e) {
            throw failure("upload " + temporary, file, e);
        }
        boolean uploaded = false;
        try {
            upload(file, temporary);
            verify(file, temporary);
            uploaded = true;
        } catch (UncheckedIOException e) {
            throw DeliveryException.retryable(
                    settings.id(), "can't read the staged file " + file.content() + at(file), e.getCause());
        } catch (IOException e) {
            throw failure("upload " + temporary, file, e);
        } finally {
            if (!uploaded) {
                removeQuietly(temporary);
            }
        }
        return PreparedFile.renamed(target, temporary);
    }

    /** Makes the folder below the directory; never the directory. What fails shows when the file is opened. */
    private void makeFolder(OutgoingFile file) throws IOException {
        String path = settings.directory();
        for (String name : file.file().folder().split("/", -1)) {
            if (name.isEmpty()) {
                continue;
            }
            path = join(path, name);
            if (folders.contains(path)) {
                continue;
            }
            String folder = path;
            if (look(folder) != Presence.THERE) {
                try {
                    connection.ask(sftp -> {
                        sftp.makeDir(folder);
                        return true;
                    });
                } catch (IOException e) {
                    if (!SftpConnection.answered(e)) {
                        throw e;
                    }
                    log.debug("The server did not make the folder {}", folder, e);
                }
            }
            folders.add(folder);
        }
    }

    private void upload(OutgoingFile file, String temporary) throws IOException {
        checkStaged(file);
        Upload upload;
        try {
            upload = Upload.anew(connection, temporary);
        } catch (IOException e) {
            folders.clear(); // the folder may have been removed meanwhile
            throw notOpened(e, temporary, file);
        }
        try {
            upload.send(file.content(), file.file().bytes());
        } catch (IOException | UncheckedIOException e) {
            // no try-with-resources: sshj may throw the same exception again, which can't be suppressed by itself
            closeQuietly(upload);
            throw e;
        }
        upload.finish();
    }

    /** A staged file is never changed; so if it has been, somebody else did it. */
    private void checkStaged(OutgoingFile file) {
        long bytes;
        try {
            bytes = Files.size(file.content());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (bytes != file.file().bytes()) {
            throw DeliveryException.retryable(
                    settings.id(),
                    "the staged file " + file.content() + " has " + bytes + " bytes instead of "
                            + file.file().bytes() + at(file),
                    null);
        }
    }

    private IOException notOpened(IOException e, String temporary, OutgoingFile file) throws IOException {
        String parent = parent(temporary);
        switch (SftpConnection.status(e)) {
            case NO_SUCH_FILE, NO_SUCH_PATH, NOT_A_DIRECTORY -> {
                if (!parent.equals(settings.directory()) && look(settings.directory()) != Presence.MISSING) {
                    throw DeliveryException.permanent(
                            settings.id(),
                            "the folder " + parent + " is not there and can't be made at " + settings.server()
                                    + ": make it there, or let user '" + settings.user() + "' do it" + at(file),
                            e);
                }
                throw DeliveryException.permanent(
                        settings.id(),
                        "the directory " + settings.directory() + " is not there at " + settings.server()
                                + ": make it there, or correct the directory of the delivery" + at(file),
                        e);
            }
            default -> {
                return e;
            }
        }
    }

    private void verify(OutgoingFile file, String temporary) throws IOException {
        OptionalLong size;
        try {
            FileAttributes attributes = connection.ask(sftp -> sftp.stat(temporary));
            size = attributes.has(FileAttributes.Flag.SIZE)
                    ? OptionalLong.of(attributes.getSize())
                    : OptionalLong.empty();
        } catch (IOException e) {
            if (!refusedToLook(e)) {
                throw e;
            }
            size = OptionalLong.empty();
        }
        if (size.isEmpty()) {
            if (!saidUnverified) {
                saidUnverified = true;
                log.info(
                        "{} does not tell the size of files: that it confirmed each write and the close must do (delivery={})",
                        settings.server(),
                        settings.id());
            }
        } else if (size.getAsLong() != file.file().bytes()) {
            throw DeliveryException.retryable(
                    settings.id(),
                    temporary + " has " + size.getAsLong() + " bytes instead of "
                            + file.file().bytes() + " at " + settings.server() + at(file),
                    null);
        }
    }

    // ---- publish

    @Override
    public Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file) {
        String target = prepared.location();
        String temporary = prepared.temporary().orElseThrow();
        try {
            if (file.ifExists() != IfExists.REPLACE && look(target) == Presence.THERE) {
                return occupied(temporary, target, file); // some servers would overwrite it
            }
            boolean replace = file.ifExists() == IfExists.REPLACE;
            boolean posix = replace && connection.offers("posix-rename", "openssh.com");
            try {
                rename(temporary, target, posix ? POSIX_RENAME : NO_OVERWRITE);
                return receipt(target, Publication.ATOMIC);
            } catch (IOException e) {
                if (!SftpConnection.answered(e)) {
                    throw e;
                }
                if (gone(e, temporary, target, file)) {
                    return Optional.empty();
                }
                boolean mayBeOccupied = !posix && mayBeOccupied(e, target);
                if (mayBeOccupied && replace) {
                    return removeAndRename(temporary, target, file);
                }
                if (mayBeOccupied && look(target) == Presence.THERE) {
                    throw exists(target, file);
                }
                throw e;
            }
        } catch (IOException e) {
            String doing = "rename " + temporary + " to " + target;
            if (SftpConnection.status(e) == StatusCode.FAILURE) {
                throw DeliveryException.retryable(
                        settings.id(),
                        settings.server() + " refused to " + doing + ": check whether there is a file of that name"
                                + at(file),
                        e);
            }
            throw failure(doing, file, e);
        }
    }

    /** The name is taken: by this very file if its temporary name is gone, else by another. */
    private Optional<DeliveryReceipt> occupied(String temporary, String target, OutgoingFile file) throws IOException {
        if (look(temporary) == Presence.MISSING) {
            return Optional.empty();
        }
        throw exists(target, file);
    }

    /** Whether the rename failed because the temporary file is not there. */
    private boolean gone(IOException e, String temporary, String target, OutgoingFile file) throws IOException {
        StatusCode status = SftpConnection.status(e);
        if (status == StatusCode.PERMISSION_DENIED || status == StatusCode.OP_UNSUPPORTED) {
            return false;
        }
        Presence presence = look(temporary);
        boolean missing =
                presence == Presence.MISSING || (presence == Presence.NOT_SAID && status == StatusCode.NO_SUCH_FILE);
        if (missing && look(parent(target)) == Presence.MISSING) {
            throw DeliveryException.retryable(
                    settings.id(),
                    "the directory " + parent(target) + " is gone from " + settings.server() + ": make it again"
                            + at(file),
                    e);
        }
        return missing;
    }

    private boolean mayBeOccupied(IOException e, String target) throws IOException {
        return switch (SftpConnection.status(e)) {
            case FILE_ALREADY_EXISTS -> true;
            case FAILURE -> look(target) != Presence.MISSING; // what OpenSSH says
            default -> false;
        };
    }

    private Optional<DeliveryReceipt> removeAndRename(String temporary, String target, OutgoingFile file)
            throws IOException {
        log.debug("{} can't rename onto a file: removing {} first (run={})", settings.server(), target, file.run());
        remove(target);
        rename(temporary, target, NO_OVERWRITE);
        return receipt(target, Publication.NOT_ATOMIC);
    }

    private static Optional<DeliveryReceipt> receipt(String target, Publication publication) {
        return Optional.of(new DeliveryReceipt(target, publication));
    }

    // ---- discard, inspect, delete, close

    @Override
    public void discard(OutgoingFile file) {
        String temporary = temporary(file);
        try {
            remove(temporary);
        } catch (IOException e) {
            throw failure("remove " + temporary, file, e);
        }
    }

    @Override
    public Inspection inspect(String location) {
        try {
            return look(location, attributes -> switch (attributes.getType()) {
                case REGULAR ->
                    attributes.has(FileAttributes.Flag.SIZE)
                            ? Inspection.present(attributes.getSize())
                            : Inspection.notSaid();
                case UNKNOWN -> Inspection.notSaid();
                default -> Inspection.other();
            });
        } catch (IOException e) {
            throw connection.failure("look at " + location, at(), e);
        }
    }

    private Inspection look(String location, Function<FileAttributes, Inspection> found) throws IOException {
        try {
            return found.apply(connection.ask(sftp -> sftp.lstat(location)));
        } catch (IOException e) {
            if (!SftpConnection.answered(e)) {
                throw e;
            }
            return isMissing(e) ? missing(location) : Inspection.notSaid();
        }
    }

    private Inspection missing(String location) throws IOException {
        String directory = parent(location);
        try {
            FileAttributes attributes = connection.ask(sftp -> sftp.stat(directory)); // it may be a link
            return switch (attributes.getType()) {
                case DIRECTORY -> Inspection.missing();
                case UNKNOWN -> Inspection.notSaid();
                default -> Inspection.directoryMissing();
            };
        } catch (IOException e) {
            if (!SftpConnection.answered(e)) {
                throw e;
            }
            return isMissing(e) ? Inspection.directoryMissing() : Inspection.notSaid();
        }
    }

    @Override
    public Deletion delete(String location, long expectedBytes) {
        Inspection found = inspect(location);
        return switch (found.presence()) {
            case MISSING -> Deletion.NOT_THERE;
            case OTHER -> Deletion.DIFFERENT;
            case PRESENT -> found.bytes() == expectedBytes ? delete(location) : Deletion.DIFFERENT;
            case DIRECTORY_MISSING, NOT_SAID -> Deletion.NOT_SAID; // a file system that is not mounted comes back
        };
    }

    private Deletion delete(String location) {
        try {
            connection.ask(sftp -> {
                sftp.remove(location);
                return true;
            });
            return Deletion.DELETED;
        } catch (IOException e) {
            if (!SftpConnection.answered(e)) {
                throw connection.failure("delete " + location, at(), e);
            }
            log.debug("{} did not delete {}", settings.server(), location, e);
            return isMissing(e) ? Deletion.NOT_THERE : Deletion.NOT_SAID;
        }
    }

    private static boolean isMissing(IOException e) {
        StatusCode status = SftpConnection.status(e);
        return status == StatusCode.NO_SUCH_FILE || status == StatusCode.NO_SUCH_PATH;
    }

    @Override
    public void close() {
        connection.close();
    }

    // ---- what is asked of the server

    private void rename(String from, String to, Set<RenameFlags> flags) throws IOException {
        connection.ask(sftp -> {
            sftp.rename(from, to, flags);
            return true;
        });
    }

    /** Nothing happens if there is no such file. */
    private void remove(String path) throws IOException {
        try {
            connection.ask(sftp -> {
                sftp.remove(path);
                return true;
            });
        } catch (IOException e) {
            boolean missing = SftpConnection.status(e) == StatusCode.NO_SUCH_FILE
                    || (SftpConnection.answered(e) && look(path) == Presence.MISSING);
            if (!missing) {
                throw e;
            }
        }
    }

    private Presence look(String path) throws IOException {
        try {
            connection.ask(sftp -> sftp.lstat(path));
            return Presence.THERE;
        } catch (IOException e) {
            if (isMissing(e)) {
                return Presence.MISSING;
            }
            if (SftpConnection.answered(e)) {
                return Presence.NOT_SAID;
            }
            throw e;
        }
    }

    private static boolean refusedToLook(IOException e) {
        StatusCode status = SftpConnection.status(e);
        return status == StatusCode.PERMISSION_DENIED || status == StatusCode.OP_UNSUPPORTED;
    }

    private void removeQuietly(String temporary) {
        if (connection.broken()) {
            return;
        }
        try {
            remove(temporary);
        } catch (IOException e) {
            log.debug("The temporary file {} stays at {}", temporary, settings.server(), e);
        }
    }

    private void closeQuietly(Upload upload) {
        if (connection.broken()) {
            return;
        }
        try {
            upload.finish();
        } catch (IOException e) {
            log.debug("The server did not close {}", upload.path(), e);
        }
    }

    // ---- names and failures

    private String target(OutgoingFile file) {
        return join(settings.directory(), file.file().path());
    }

    private String temporary(OutgoingFile file) {
        return join(parent(target(file)), file.temporaryName());
    }

    private static String join(String directory, String name) {
        return directory.endsWith("/") ? directory + name : directory + "/" + name;
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash == 0 ? "/" : path.substring(0, slash);
    }

    private String at(OutgoingFile file) {
        return " (delivery=" + settings.id() + ", job=" + file.job() + ", run=" + file.run() + ")";
    }

    private String at() {
        return " (delivery=" + settings.id() + ")";
    }

    private DeliveryException exists(String target, OutgoingFile file) {
        return DeliveryException.occupied(
                settings.id(),
                target + " exists already: remove it, put {sequence} into the file's name, or choose ifExists(REPLACE)"
                        + at(file));
    }

    private DeliveryException failure(String doing, OutgoingFile file, IOException e) {
        StatusCode status = SftpConnection.status(e);
        String refused = settings.server() + " refused to " + doing;
        return switch (status) {
            case UNKNOWN -> connection.failure(doing, at(file), e);
            case PERMISSION_DENIED, WRITE_PROTECT ->
                DeliveryException.permanent(
                        settings.id(), refused + ": give user '" + settings.user() + "' the permission" + at(file), e);
            case FAILURE, NO_SPACE_ON_FILESYSTEM, QUOTA_EXCEEDED ->
                DeliveryException.retryable(
                        settings.id(), refused + ": check the free space and the quota on the server" + at(file), e);
            default ->
                DeliveryException.retryable(
                        settings.id(), refused + " with status " + status + ": ask its operator why" + at(file), e);
        };
    }
}
