package io.outfeed.sftp;

import static io.outfeed.sftp.RemoteFiles.join;
import static io.outfeed.sftp.RemoteFiles.parent;

import io.outfeed.DeliveryException;
import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.file.IfExists;
import io.outfeed.sftp.RemoteFiles.Presence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.Response.StatusCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** See {@link SftpDelivery}. */
final class SftpSession implements DeliverySession {

    private static final Logger log = LoggerFactory.getLogger(SftpSession.class);

    private static final String DONE = ".done";

    private final SftpSettings settings;
    private final TransferOptions options;
    private final SftpConnection connection;
    private final Runnable whenClosed;
    private final RemoteFiles files;
    private final Unfinished unfinished;
    private final Set<String> folders = new HashSet<>();

    /** The temporary files that are there for sure, since nothing was done with them yet. */
    private final Set<String> uploaded = new HashSet<>();

    private boolean saidUnverified;

    /**
     * Begins with a connection that is logged in.
     *
     * @param unfinished what sessions before have left there
     * @param whenClosed what becomes of the connection
     */
    SftpSession(SftpSettings settings, SftpConnection connection, Unfinished unfinished, Runnable whenClosed) {
        this.settings = settings;
        this.options = settings.options();
        this.connection = connection;
        this.files = new RemoteFiles(connection);
        this.unfinished = unfinished;
        this.whenClosed = whenClosed;
    }

    // ---- prepare

    @Override
    public PreparedFile prepare(OutgoingFile file) {
        String target = target(file);
        String temporary = temporary(file);
        String doing = "upload " + (direct() ? target : temporary);
        try {
            checkStaged(file);
            if (file.ifExists() != IfExists.REPLACE && files.look(target) == Presence.THERE) {
                if (file.ifExists() != IfExists.KEEP_BOTH) {
                    throw exists(target, file);
                }
                target = join(settings.directory(), file.keptBoth().path());
            }
            checkReplaces(file);
            removeLeft(file);
            makeFolder(file);
            if (direct()) {
                checkDirectory(target, file);
                return PreparedFile.direct(target);
            }
            upload(file, temporary);
            uploaded.add(temporary);
            return PreparedFile.renamed(target, temporary);
        } catch (UncheckedIOException e) {
            throw unreadable(file, e);
        } catch (IOException e) {
            throw failure(doing, file, e);
        }
    }

    private boolean direct() {
        return options.publication() == SftpPublication.DIRECT
                || options.publication() == SftpPublication.DIRECT_WITH_DONE_FILE;
    }

    private void checkReplaces(OutgoingFile file) {
        if (options.publication() == SftpPublication.ATOMIC_RENAME
                && file.ifExists() == IfExists.REPLACE
                && !files.replacesAtOnce()) {
            throw DeliveryException.permanent(
                    settings.id(),
                    settings.server()
                            + " does not offer posix-rename@openssh.com, so that an old file can't be replaced "
                            + "at once: choose another publication, or another ifExists" + at(file),
                    null);
        }
    }

    /** What earlier runs of this job could not remove, since their connections broke. */
    private void removeLeft(OutgoingFile file) throws IOException {
        for (String left : unfinished.leftBefore(file.job(), file.run())) {
            try {
                files.remove(left);
            } catch (IOException e) {
                if (!SftpConnection.answered(e)) {
                    throw e;
                }
                log.debug("{} did not remove {}", settings.server(), left, e);
            }
            unfinished.take(left);
        }
    }

    /** Makes the folder below the directory, and the directory where that is asked for. What fails shows on opening. */
    private void makeFolder(OutgoingFile file) throws IOException {
        List<String> missing = new ArrayList<>();
        String path = parent(target(file));
        String top = options.makesDirectory() ? "/" : settings.directory();
        while (!path.equals(top) && !folders.contains(path) && files.look(path) != Presence.THERE) {
            missing.add(0, path);
            path = parent(path);
        }
        for (String folder : missing) {
            try {
                files.makeDirectory(folder);
            } catch (IOException e) {
                if (!SftpConnection.answered(e)) {
                    throw e;
                }
                log.debug("The server did not make the folder {}", folder, e);
            }
        }
        folders.add(parent(target(file)));
    }

    private void checkDirectory(String target, OutgoingFile file) throws IOException {
        if (files.lookForDirectory(parent(target)) == Presence.MISSING) {
            folders.clear();
            throw directoryMissing(parent(target), file, null);
        }
    }

    // ---- upload

    /** Uploads, verifies, and removes what can't be used. */
    private void upload(OutgoingFile file, String path) throws IOException {
        OptionalLong confirmed = unfinished.take(path);
        boolean uploaded = false;
        try {
            write(file, path, confirmed);
            verify(file, path);
            dress(file, path);
            uploaded = true;
        } finally {
            if (!uploaded) {
                removeQuietly(file, path);
            }
        }
    }

    private void write(OutgoingFile file, String path, OptionalLong confirmed) throws IOException {
        Upload upload = open(file, path, confirmed);
        try {
            upload.send(file.content(), file.file().bytes(), file::sent);
        } catch (IOException | UncheckedIOException e) {
            // no try-with-resources: sshj may throw the same exception again, which can't be suppressed by itself
            if (!connection.broken()) {
                closeQuietly(upload);
            } else if (isTemporary(file, path)) {
                unfinished.put(path, file.job(), file.run(), upload.confirmed());
            }
            throw e;
        }
        upload.finish(); // if that breaks, nobody knows what the server has kept
    }

    /** A file under its own name is never removed later: it may be somebody else's by then. */
    private boolean isTemporary(OutgoingFile file, String path) {
        return path.equals(temporary(file));
    }

    private Upload open(OutgoingFile file, String path, OptionalLong confirmed) throws IOException {
        if (confirmed.isPresent()) {
            Optional<Upload> goingOn = goOn(file, path, confirmed.getAsLong());
            if (goingOn.isPresent()) {
                return goingOn.get();
            }
        }
        try {
            return Upload.anew(connection, path);
        } catch (IOException e) {
            folders.clear(); // the folder may have been removed meanwhile
            throw notOpened(e, path, file);
        }
    }

    /** Goes on with a broken upload, if the server has at least what it confirmed, and nothing behind the file's end. */
    private Optional<Upload> goOn(OutgoingFile file, String path, long confirmed) throws IOException {
        if (confirmed == 0) {
            return Optional.empty();
        }
        try {
            OptionalLong there = files.size(path);
            if (there.isEmpty()
                    || there.getAsLong() < confirmed
                    || there.getAsLong() > file.file().bytes()) {
                return Optional.empty();
            }
            Upload upload = Upload.goOn(connection, path, confirmed);
            log.info(
                    "Going on with {} at byte {} of {} (delivery={}, job={}, run={})",
                    path,
                    confirmed,
                    file.file().bytes(),
                    settings.id(),
                    file.job(),
                    file.run());
            return Optional.of(upload);
        } catch (IOException e) {
            if (SftpConnection.answered(e)) {
                return Optional.empty();
            }
            throw e;
        }
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

    private IOException notOpened(IOException e, String path, OutgoingFile file) throws IOException {
        return switch (SftpConnection.status(e)) {
            case NO_SUCH_FILE, NO_SUCH_PATH, NOT_A_DIRECTORY -> throw directoryMissing(parent(path), file, e);
            default -> e;
        };
    }

    private DeliveryException directoryMissing(String folder, OutgoingFile file, @Nullable IOException e)
            throws IOException {
        if (!folder.equals(settings.directory()) && files.look(settings.directory()) != Presence.MISSING) {
            return DeliveryException.permanent(
                    settings.id(),
                    "the folder " + folder + " is not there and can't be made at " + settings.server()
                            + ": make it there, or let user '" + settings.user() + "' do it" + at(file),
                    e);
        }
        String advice = options.makesDirectory()
                ? " and can't be made: make it there, or let user '" + settings.user() + "' do it"
                : ": make it there, or correct the directory of the delivery";
        return DeliveryException.permanent(
                settings.id(),
                "the directory " + settings.directory() + " is not there at " + settings.server() + advice + at(file),
                e);
    }

    private void verify(OutgoingFile file, String path) throws IOException {
        OptionalLong size = files.size(path);
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
                    path + " has " + size.getAsLong() + " bytes instead of "
                            + file.file().bytes() + " at " + settings.server() + at(file),
                    null);
        }
        Optional<String> sha256 = files.sha256(path).map(HexFormat.of()::formatHex);
        if (sha256.isPresent() && !sha256.get().equals(file.file().sha256())) {
            throw DeliveryException.retryable(
                    settings.id(),
                    path + " has another content at " + settings.server() + " than what was sent, its SHA-256 is "
                            + sha256.get() + " instead of " + file.file().sha256() + at(file),
                    null);
        }
    }

    /** Sets mode and times where that is asked for. A server that refuses that has the file nevertheless. */
    private void dress(OutgoingFile file, String path) throws IOException {
        if (options.permissions() == null && !options.keepsTimes()) {
            return;
        }
        FileAttributes.Builder attributes = new FileAttributes.Builder();
        if (options.permissions() != null) {
            attributes.withPermissions(Modes.mask(options.permissions()));
        }
        if (options.keepsTimes()) {
            long seconds = staged(file);
            attributes.withAtimeMtime(seconds, seconds);
        }
        try {
            files.attributes(path, attributes.build());
        } catch (IOException e) {
            if (!SftpConnection.answered(e)) {
                throw e;
            }
            log.warn(
                    "{} does not let set mode or times, with status {}: the file is delivered without (delivery={}, job={}, "
                            + "run={})",
                    settings.server(),
                    SftpConnection.status(e),
                    settings.id(),
                    file.job(),
                    file.run());
        }
    }

    private static long staged(OutgoingFile file) {
        try {
            return Files.getLastModifiedTime(file.content()).to(TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- publish

    @Override
    public Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file) {
        String target = prepared.location();
        if (prepared.temporary().isEmpty()) {
            return publishDirect(target, file);
        }
        String temporary = prepared.temporary().get();
        try {
            if (file.ifExists() != IfExists.REPLACE && files.look(target) == Presence.THERE) {
                return unfinished.touched(target, file.job(), file.run())
                        ? writeInstead(temporary, target, file)
                        : occupied(temporary, target, file); // some servers would overwrite it
            }
            return rename(temporary, target, file);
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

    private Optional<DeliveryReceipt> rename(String temporary, String target, OutgoingFile file) throws IOException {
        boolean replace = file.ifExists() == IfExists.REPLACE;
        boolean fresh = uploaded.remove(temporary);
        boolean atOnce = replace && options.publication() != SftpPublication.RENAME && files.replacesAtOnce();
        try {
            if (atOnce) {
                files.replace(temporary, target);
            } else {
                files.rename(temporary, target);
            }
            boolean removedBefore = unfinished.touched(target, file.job(), file.run());
            return receipt(target, removedBefore ? Publication.NOT_ATOMIC : Publication.ATOMIC);
        } catch (IOException e) {
            if (!SftpConnection.answered(e)) {
                throw e;
            }
            if (SftpConnection.status(e) == StatusCode.OP_UNSUPPORTED
                    && options.publication() == SftpPublication.PROBE) {
                return writeInstead(temporary, target, file);
            }
            if (gone(e, temporary, target, file)) {
                return Optional.empty();
            }
            boolean mayBeOccupied = !atOnce && mayBeOccupied(e, target);
            if (mayBeOccupied && replace && (fresh || files.lookForOwn(temporary) == Presence.THERE)) {
                return removeAndRename(temporary, target, file);
            }
            if (mayBeOccupied && files.look(target) == Presence.THERE) {
                throw exists(target, file);
            }
            throw e;
        }
    }

    /** The name is taken: by this very file if its temporary name is gone, else by another. */
    private Optional<DeliveryReceipt> occupied(String temporary, String target, OutgoingFile file) throws IOException {
        if (files.look(temporary) == Presence.MISSING) {
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
        Presence presence = files.lookForOwn(temporary);
        boolean missing =
                presence == Presence.MISSING || (presence == Presence.NOT_SAID && status == StatusCode.NO_SUCH_FILE);
        if (missing && files.lookForDirectory(parent(target)) == Presence.MISSING) {
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
            case FAILURE -> files.look(target) != Presence.MISSING; // what OpenSSH says
            default -> false;
        };
    }

    private Optional<DeliveryReceipt> removeAndRename(String temporary, String target, OutgoingFile file)
            throws IOException {
        log.debug("{} can't rename onto a file: removing {} first (run={})", settings.server(), target, file.run());
        unfinished.touch(target, file.job(), file.run());
        files.remove(target);
        files.rename(temporary, target);
        return receipt(target, Publication.NOT_ATOMIC);
    }

    /** The server knows no rename: what it has under the temporary name is of no use. */
    private Optional<DeliveryReceipt> writeInstead(String temporary, String target, OutgoingFile file)
            throws IOException {
        log.info(
                "{} knows no rename: {} is written under its own name; fix it with publication(DIRECT) (delivery={})",
                settings.server(),
                target,
                settings.id());
        unfinished.touch(target, file.job(), file.run()); // what is there from now on is no other's file
        Optional<DeliveryReceipt> receipt = publishDirect(target, file);
        removeQuietly(file, temporary);
        return receipt;
    }

    /** What has the name is of an attempt before, or was to be replaced: prepare has looked. */
    private Optional<DeliveryReceipt> publishDirect(String target, OutgoingFile file) {
        boolean done = options.publication() == SftpPublication.DIRECT_WITH_DONE_FILE;
        try {
            checkStaged(file);
            if (done) {
                files.remove(target + DONE);
            }
            upload(file, target);
            if (done) {
                Upload.anew(connection, target + DONE).finish();
            }
            return receipt(target, done ? Publication.DONE_FILE : Publication.DIRECT);
        } catch (UncheckedIOException e) {
            throw unreadable(file, e);
        } catch (IOException e) {
            throw failure("write " + target, file, e);
        }
    }

    private Optional<DeliveryReceipt> receipt(String target, Publication publication) {
        unfinished.published(target);
        return Optional.of(new DeliveryReceipt(target, publication));
    }

    // ---- discard, inspect, delete, close

    @Override
    public void discard(OutgoingFile file) {
        String temporary = temporary(file);
        try {
            unfinished.take(temporary);
            files.remove(temporary);
        } catch (IOException e) {
            unfinished.put(temporary, file.job(), file.run(), 0);
            throw failure("remove " + temporary, file, e);
        }
    }

    @Override
    public Inspection inspect(String location) {
        try {
            return files.inspect(location);
        } catch (IOException e) {
            throw connection.failure("look at " + location, at(), e);
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
            return RemoteFiles.isMissing(e) ? Deletion.NOT_THERE : Deletion.NOT_SAID;
        }
    }

    @Override
    public void close() {
        whenClosed.run();
    }

    /** What is in the way of another attempt; a part that may be gone on with is no such thing. A later run removes what stays. */
    private void removeQuietly(OutgoingFile file, String path) {
        try {
            if (!connection.broken()) {
                files.remove(path);
                return;
            }
        } catch (IOException e) {
            log.debug("The file {} stays at {}", path, settings.server(), e);
        }
        if (isTemporary(file, path)) {
            unfinished.putIfUnknown(path, file.job(), file.run());
        }
    }

    private void closeQuietly(Upload upload) {
        try {
            upload.finish();
        } catch (IOException e) {
            log.debug("The server did not close {}", upload.path(), e);
        }
    }

    private DeliveryException unreadable(OutgoingFile file, UncheckedIOException e) {
        return DeliveryException.retryable(
                settings.id(), "can't read the staged file " + file.content() + at(file), e.getCause());
    }

    // ---- names and failures

    private String target(OutgoingFile file) {
        return join(settings.directory(), file.file().path());
    }

    private String temporary(OutgoingFile file) {
        return join(parent(target(file)), file.temporaryName());
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
