package io.outfeed.sftp;

import static io.outfeed.sftp.RemoteFiles.join;
import static io.outfeed.sftp.RemoteFiles.parent;

import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.error.DeliveryException;
import io.outfeed.file.IfExists;
import io.outfeed.sftp.RemoteFiles.Presence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import net.schmizz.sshj.sftp.Response.StatusCode;
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
    private final FileFailures failures;
    private final Folders folders;
    private final StagedUpload uploads;

    /** The temporary files that are there for sure, since nothing was done with them yet. */
    private final Set<String> uploaded = new HashSet<>();

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
        this.failures = new FileFailures(settings, connection);
        this.folders = new Folders(settings, files, failures);
        this.uploads = new StagedUpload(settings, connection, files, folders, unfinished, failures);
        this.whenClosed = whenClosed;
    }

    // ---- prepare

    @Override
    public PreparedFile prepare(OutgoingFile file) {
        String target = settings.target(file);
        String temporary = settings.temporary(file);
        String doing = "upload " + (direct() ? target : temporary);
        try {
            uploads.checkStaged(file);
            if (file.ifExists() != IfExists.REPLACE && files.look(target) == Presence.THERE) {
                if (file.ifExists() != IfExists.KEEP_BOTH) {
                    throw failures.exists(target, file);
                }
                target = join(settings.directory(), file.keptBoth().path());
            }
            checkReplaces(file);
            removeLeft(file);
            folders.make(file);
            if (direct()) {
                folders.check(target, file);
                return PreparedFile.direct(target);
            }
            uploads.send(file, temporary);
            uploaded.add(temporary);
            return PreparedFile.renamed(target, temporary);
        } catch (UncheckedIOException e) {
            throw failures.unreadable(file, e);
        } catch (IOException e) {
            throw failures.failed(doing, file, e);
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
                            + "at once: choose another publication, or another ifExists" + failures.at(file),
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
                                + failures.at(file),
                        e);
            }
            throw failures.failed(doing, file, e);
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
                throw failures.exists(target, file);
            }
            throw e;
        }
    }

    /** The name is taken: by this very file if its temporary name is gone, else by another. */
    private Optional<DeliveryReceipt> occupied(String temporary, String target, OutgoingFile file) throws IOException {
        if (files.look(temporary) == Presence.MISSING) {
            return Optional.empty();
        }
        throw failures.exists(target, file);
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
                            + failures.at(file),
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
        uploads.removeQuietly(file, temporary);
        return receipt;
    }

    /** What has the name is of an attempt before, or was to be replaced: prepare has looked. */
    private Optional<DeliveryReceipt> publishDirect(String target, OutgoingFile file) {
        boolean done = options.publication() == SftpPublication.DIRECT_WITH_DONE_FILE;
        try {
            uploads.checkStaged(file);
            if (done) {
                files.remove(target + DONE);
            }
            uploads.send(file, target);
            if (done) {
                Upload.anew(connection, target + DONE).finish();
            }
            return receipt(target, done ? Publication.DONE_FILE : Publication.DIRECT);
        } catch (UncheckedIOException e) {
            throw failures.unreadable(file, e);
        } catch (IOException e) {
            throw failures.failed("write " + target, file, e);
        }
    }

    private Optional<DeliveryReceipt> receipt(String target, Publication publication) {
        unfinished.published(target);
        return Optional.of(new DeliveryReceipt(target, publication));
    }

    // ---- discard, inspect, delete, close

    @Override
    public void discard(OutgoingFile file) {
        String temporary = settings.temporary(file);
        try {
            unfinished.take(temporary);
            files.remove(temporary);
        } catch (IOException e) {
            unfinished.put(temporary, file.job(), file.run(), 0);
            throw failures.failed("remove " + temporary, file, e);
        }
    }

    @Override
    public Inspection inspect(String location) {
        try {
            return files.inspect(location);
        } catch (IOException e) {
            throw failures.failed("look at " + location, e);
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
                throw failures.failed("delete " + location, e);
            }
            log.debug("{} did not delete {}", settings.server(), location, e);
            return RemoteFiles.isMissing(e) ? Deletion.NOT_THERE : Deletion.NOT_SAID;
        }
    }

    @Override
    public void close() {
        whenClosed.run();
    }
}
