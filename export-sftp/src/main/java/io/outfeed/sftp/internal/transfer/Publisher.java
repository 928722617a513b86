package io.outfeed.sftp.internal.transfer;

import static io.outfeed.sftp.internal.path.RemotePaths.parent;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.Publication;
import io.outfeed.error.FailureCode;
import io.outfeed.file.IfExists;
import io.outfeed.internal.connection.LeftoverFiles;
import io.outfeed.sftp.internal.channel.SftpStatus;
import io.outfeed.sftp.internal.connection.SftpConnection;
import io.outfeed.sftp.internal.transfer.RemoteFiles.Presence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import net.schmizz.sshj.sftp.Response.StatusCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a file visible under its final name.
 *
 * <p>A rename whose temporary file is gone has succeeded in an earlier attempt: the result is empty then. Where no
 * rename can replace an old file, the old file is removed first; where there is no rename, the file is written under
 * its final name. Both are recorded before they start, so that the next attempt knows that the name is its own.
 */
final class Publisher {

    private static final Logger log = LoggerFactory.getLogger(Publisher.class);

    private static final String DONE_SUFFIX = ".done";

    private final TransferSettings settings;
    private final SftpConnection connection;
    private final RemoteFiles files;
    private final Uploader uploader;
    private final UploadVerifier verifier;
    private final LeftoverFiles leftovers;
    private final FileErrors errors;

    /** The temporary files that certainly exist, since this session has uploaded and not yet renamed them. */
    private final Set<String> uploaded = new HashSet<>();

    Publisher(
            TransferSettings settings,
            SftpConnection connection,
            RemoteFiles files,
            Uploader uploader,
            UploadVerifier verifier,
            LeftoverFiles leftovers,
            FileErrors errors) {
        this.settings = settings;
        this.connection = connection;
        this.files = files;
        this.uploader = uploader;
        this.verifier = verifier;
        this.leftovers = leftovers;
        this.errors = errors;
    }

    /** Records that this session has uploaded a temporary file. */
    void uploaded(String temporary) {
        uploaded.add(temporary);
    }

    // ---- by a rename

    /** Renames a temporary file. Returns empty if an earlier attempt has done so. */
    Optional<DeliveryReceipt> rename(String temporary, String target, OutgoingFile file) {
        try {
            if (settings.publication().writesDirectly()) { // the delivery was changed since the upload
                return writeUploaded(temporary, target, file);
            }
            if (file.ifExists() != IfExists.REPLACE && files.presence(target) == Presence.PRESENT) {
                return leftovers.isReplacing(target, file.job(), file.run())
                        ? writeInstead(temporary, target, file)
                        : occupied(temporary, target, file); // some servers would overwrite it
            }
            return tryRename(temporary, target, file);
        } catch (IOException e) {
            String action = "rename " + temporary + " to " + target;
            if (SftpStatus.of(e) == StatusCode.FAILURE) {
                throw errors.answered(
                        FailureCode.DESTINATION_UNAVAILABLE,
                        settings.server() + " refused to " + action + ": check whether there is a file of that name"
                                + errors.context(file),
                        e);
            }
            throw errors.failed(action, file, e);
        }
    }

    private Optional<DeliveryReceipt> writeUploaded(String temporary, String target, OutgoingFile file)
            throws IOException {
        if (files.presenceOfOwnFile(temporary) == Presence.MISSING) {
            return Optional.empty();
        }
        boolean ours = leftovers.isReplacing(target, file.job(), file.run());
        if (file.ifExists() != IfExists.REPLACE && !ours && files.presence(target) == Presence.PRESENT) {
            throw errors.occupied(target, file);
        }
        return writeUnder(target, temporary, file);
    }

    private Optional<DeliveryReceipt> tryRename(String temporary, String target, OutgoingFile file) throws IOException {
        boolean replace = file.ifExists() == IfExists.REPLACE;
        boolean certainlyExists = uploaded.remove(temporary);
        boolean atomic = replace
                && settings.publication().mayReplaceAtomically()
                && connection.traits().atomicReplace();
        try {
            if (atomic) {
                files.replace(temporary, target);
            } else {
                files.rename(temporary, target);
            }
            leftovers.uploadEnded(temporary);
            boolean removedBefore = leftovers.isReplacing(target, file.job(), file.run());
            return receipt(target, removedBefore ? Publication.NOT_ATOMIC : Publication.ATOMIC);
        } catch (IOException e) {
            if (!SftpStatus.isAnswer(e)) {
                throw e;
            }
            if (SftpStatus.of(e) == StatusCode.OP_UNSUPPORTED
                    && settings.publication().mayFallBackToDirect()) {
                return writeInstead(temporary, target, file);
            }
            if (isGone(e, temporary, target, file)) {
                return Optional.empty();
            }
            boolean mayBeOccupied = !atomic && mayBeOccupied(e, target);
            if (mayBeOccupied
                    && replace
                    && (certainlyExists || files.presenceOfOwnFile(temporary) == Presence.PRESENT)) {
                return removeAndRename(temporary, target, file);
            }
            if (mayBeOccupied && files.presence(target) == Presence.PRESENT) {
                throw errors.occupied(target, file);
            }
            throw e;
        }
    }

    /** The name is in use: by this file if its temporary name is gone, otherwise by another one. */
    private Optional<DeliveryReceipt> occupied(String temporary, String target, OutgoingFile file) throws IOException {
        if (files.presence(temporary) == Presence.MISSING) {
            return Optional.empty();
        }
        throw errors.occupied(target, file);
    }

    /** Whether the rename failed because the temporary file is gone. */
    private boolean isGone(IOException e, String temporary, String target, OutgoingFile file) throws IOException {
        StatusCode status = SftpStatus.of(e);
        if (status == StatusCode.PERMISSION_DENIED || status == StatusCode.OP_UNSUPPORTED) {
            return false;
        }
        Presence presence = files.presenceOfOwnFile(temporary);
        boolean missing =
                presence == Presence.MISSING || (presence == Presence.UNKNOWN && status == StatusCode.NO_SUCH_FILE);
        if (missing && files.presenceOfDirectory(parent(target)) == Presence.MISSING) {
            throw errors.answered(
                    FailureCode.DESTINATION_MISSING,
                    "the directory " + parent(target) + " is gone from " + settings.server() + ": make it again"
                            + errors.context(file),
                    e);
        }
        return missing;
    }

    private boolean mayBeOccupied(IOException e, String target) throws IOException {
        return switch (SftpStatus.of(e)) {
            case FILE_ALREADY_EXISTS -> true;
            case FAILURE -> files.presence(target) != Presence.MISSING; // OpenSSH's answer
            default -> false;
        };
    }

    private Optional<DeliveryReceipt> removeAndRename(String temporary, String target, OutgoingFile file)
            throws IOException {
        log.debug("{} can't rename onto a file: removing {} first (run={})", settings.server(), target, file.run());
        leftovers.replacementStarted(target, file.job(), file.run());
        files.remove(target);
        files.rename(temporary, target);
        leftovers.uploadEnded(temporary);
        return receipt(target, Publication.NOT_ATOMIC);
    }

    /** Writes under the final name, since the server has no rename, and removes the useless temporary file. */
    private Optional<DeliveryReceipt> writeInstead(String temporary, String target, OutgoingFile file)
            throws IOException {
        log.info(
                "{} has no rename: {} is written under its final name; choose publication(DIRECT) (delivery={})",
                settings.server(),
                target,
                settings.id());
        return writeUnder(target, temporary, file);
    }

    private Optional<DeliveryReceipt> writeUnder(String target, String temporary, OutgoingFile file) {
        leftovers.replacementStarted(target, file.job(), file.run()); // from now on the name is this file's
        Optional<DeliveryReceipt> receipt =
                settings.publication().takesAtClose() ? handOver(target, file) : write(target, true, file);
        uploader.removeQuietly(file, temporary);
        return receipt;
    }

    // ---- directly

    /**
     * Writes under the final name. What is there is overwritten if it is to be replaced, or if an earlier request may
     * have written it.
     */
    Optional<DeliveryReceipt> write(String target, boolean touched, OutgoingFile file) {
        boolean doneFile = settings.publication().writesDoneFile();
        boolean mayOverwrite = touched || file.ifExists() == IfExists.REPLACE;
        try {
            verifier.verifyStaged(file);
            if (!mayOverwrite && files.presence(target) == Presence.PRESENT) {
                throw errors.occupied(target, file);
            }
            if (doneFile) {
                files.remove(target + DONE_SUFFIX);
            }
            uploader.writeFinal(file, target, mayOverwrite);
            if (doneFile) {
                uploader.createEmpty(target + DONE_SUFFIX);
            }
            return receipt(target, doneFile ? Publication.DONE_FILE : Publication.DIRECT);
        } catch (UncheckedIOException e) {
            throw errors.unreadable(file, e);
        } catch (IOException e) {
            throw errors.failed("write " + target, file, e);
        }
    }

    /**
     * Writes under the final name to a server that takes the file when it is closed. Returns empty if the answer to a
     * write or to the close is lost.
     */
    Optional<DeliveryReceipt> handOver(String target, OutgoingFile file) {
        try {
            verifier.verifyStaged(file);
            return uploader.handOver(file, target) ? receipt(target, Publication.ACCEPTED) : Optional.empty();
        } catch (UncheckedIOException e) {
            throw errors.unreadable(file, e);
        } catch (IOException e) {
            throw errors.failed("write " + target, file, e);
        }
    }

    private Optional<DeliveryReceipt> receipt(String target, Publication publication) {
        leftovers.published(target);
        return Optional.of(new DeliveryReceipt(target, publication));
    }
}
