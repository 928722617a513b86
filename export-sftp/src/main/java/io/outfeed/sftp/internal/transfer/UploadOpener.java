package io.outfeed.sftp.internal.transfer;

import static io.outfeed.sftp.internal.path.RemotePaths.parent;

import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.internal.connection.LeftoverFiles;
import io.outfeed.sftp.internal.channel.SftpStatus;
import io.outfeed.sftp.internal.connection.SftpConnection;
import io.outfeed.sftp.internal.path.RemoteDirectory;
import io.outfeed.sftp.internal.transfer.RemoteFiles.Presence;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import net.schmizz.sshj.sftp.Response.StatusCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens remote files for writing. A temporary file is created, and nothing that exists is used instead, neither a file
 * nor a link: only what an earlier try of the same upload has left is resumed or removed.
 */
final class UploadOpener {

    private static final Logger log = LoggerFactory.getLogger(UploadOpener.class);

    private final TransferSettings settings;
    private final RemoteDirectory directory;
    private final SftpConnection connection;
    private final RemoteFiles files;
    private final Folders folders;
    private final LeftoverFiles leftovers;
    private final UploadPermissions permissions;
    private final FileErrors errors;

    /** Whether the server may create files exclusively. */
    private boolean exclusive = true;

    UploadOpener(
            TransferSettings settings,
            RemoteDirectory directory,
            SftpConnection connection,
            RemoteFiles files,
            Folders folders,
            LeftoverFiles leftovers,
            UploadPermissions permissions,
            FileErrors errors) {
        this.settings = settings;
        this.directory = directory;
        this.connection = connection;
        this.files = files;
        this.folders = folders;
        this.leftovers = leftovers;
        this.permissions = permissions;
        this.errors = errors;
    }

    /**
     * Resumes an upload under its temporary name, or creates the file; one under a final name is overwritten.
     *
     * @throws IOException if it is not open; nothing is to be removed then
     * @throws DeliveryException the same, if what is to be done is known
     */
    Upload open(OutgoingFile file, String path) throws IOException {
        OptionalLong confirmed = leftovers.remove(path);
        if (confirmed.isPresent()) {
            Optional<Upload> resumed = resume(file, path, confirmed.getAsLong());
            if (resumed.isPresent()) {
                return resumed.get();
            }
        }
        return path.equals(directory.temporary(file)) ? openTemporary(file, path) : openFinal(file, path);
    }

    /** Opens a file under its final name; one that is there is truncated. */
    Upload openFinal(OutgoingFile file, String path) throws IOException {
        try {
            return Upload.create(connection, path, permissions.atOpening());
        } catch (IOException e) {
            throw cantOpen(path, file, e);
        }
    }

    /** Creates a file under its final name, which must be free. */
    Upload openFree(OutgoingFile file, String path) throws IOException {
        if (exclusive) {
            try {
                return Upload.createNew(connection, path, permissions.atOpening());
            } catch (IOException e) {
                if (SftpStatus.of(e) != StatusCode.OP_UNSUPPORTED) {
                    if (SftpStatus.isAnswer(e) && files.presence(path) == Presence.PRESENT) {
                        throw errors.occupied(path, file);
                    }
                    throw cantOpen(path, file, e);
                }
                forgetExclusive(e);
            }
        }
        if (files.presence(path) == Presence.PRESENT) {
            throw errors.occupied(path, file);
        }
        return openFinal(file, path);
    }

    private void forgetExclusive(IOException e) {
        exclusive = false;
        log.debug("{} can't create files exclusively (delivery={})", settings.server(), settings.id(), e);
    }

    /** Opens a file that is new, or that an earlier try of this upload has left and the server does not remove. */
    private Upload openTemporary(OutgoingFile file, String path) throws IOException {
        if (leftovers.isUpload(path)) {
            try {
                files.remove(path);
            } catch (IOException e) {
                if (!SftpStatus.isAnswer(e) || files.inspect(path).presence() == Inspection.Presence.OTHER) {
                    throw e;
                }
                return Upload.overwrite(connection, path);
            }
        }
        boolean certainlyFree = permissions.areSet() && files.presence(path) == Presence.MISSING;
        leftovers.uploadStarted(path, file.job(), file.run());
        try {
            return createNew(file, path, certainlyFree);
        } catch (IOException | DeliveryException e) {
            if (connection.broken()) {
                leftovers.addIfAbsent(path, file.job(), file.run()); // it may be there
                throw e;
            }
            if (certainlyFree) {
                removeRefused(path);
            }
            leftovers.uploadEnded(path);
            throw e;
        }
    }

    /** Removes a file that the server has created before it refused its permissions. */
    private void removeRefused(String path) throws IOException {
        try {
            files.remove(path);
        } catch (IOException e) {
            if (!SftpStatus.isAnswer(e)) {
                throw e;
            }
            log.debug("The file {} remains at {}", path, settings.server(), e);
        }
    }

    private Upload createNew(OutgoingFile file, String path, boolean certainlyFree) throws IOException {
        if (exclusive) {
            try {
                return Upload.createNew(connection, path, permissions.atOpening());
            } catch (IOException e) {
                if (SftpStatus.of(e) != StatusCode.OP_UNSUPPORTED) {
                    if (!certainlyFree) {
                        requireFree(path, file, e);
                    }
                    throw cantOpen(path, file, e);
                }
                forgetExclusive(e);
            }
        }
        if (files.presenceOfOwnFile(path) == Presence.PRESENT) {
            throw inUse(path, file, null);
        }
        return openFinal(file, path);
    }

    /** Fails if the server refused to create a file since something has its name; few servers say that. */
    private void requireFree(String path, OutgoingFile file, IOException refusal) throws IOException {
        if (SftpStatus.isAnswer(refusal)
                && !SftpStatus.isMissing(refusal)
                && files.presenceOfOwnFile(path) == Presence.PRESENT) {
            throw inUse(path, file, refusal);
        }
    }

    private DeliveryException inUse(String path, OutgoingFile file, @Nullable IOException refusal) {
        leftovers.foundForeign(path, file.job(), file.run());
        return errors.temporaryNameInUse(path, file, refusal);
    }

    private IOException cantOpen(String path, OutgoingFile file, IOException e) throws IOException {
        folders.forget();
        return switch (SftpStatus.of(e)) {
            case NO_SUCH_FILE, NO_SUCH_PATH, NOT_A_DIRECTORY -> throw folders.missing(parent(path), file, e);
            default -> e;
        };
    }

    /** Resumes a broken upload if the server has at least what it confirmed, and nothing beyond the file's end. */
    private Optional<Upload> resume(OutgoingFile file, String path, long confirmed) throws IOException {
        if (confirmed == 0) {
            return Optional.empty();
        }
        try {
            Inspection found = files.inspect(path);
            if (found.presence() != Inspection.Presence.PRESENT
                    || found.bytes() < confirmed
                    || found.bytes() > file.file().bytes()) {
                return Optional.empty();
            }
            Upload upload = Upload.resume(connection, path, confirmed);
            log.info(
                    "Resuming {} at byte {} of {} (delivery={}, job={}, run={})",
                    path,
                    confirmed,
                    file.file().bytes(),
                    settings.id(),
                    file.job(),
                    file.run());
            return Optional.of(upload);
        } catch (IOException e) {
            if (SftpStatus.isAnswer(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
