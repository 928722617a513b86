package io.outfeed.ftp.internal.transfer;

import static io.outfeed.ftp.internal.path.RemotePaths.parent;

import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.ftp.internal.connection.FtpConnection;
import io.outfeed.ftp.internal.connection.RefusedException;
import io.outfeed.ftp.internal.transfer.RemoteFiles.Presence;
import io.outfeed.internal.connection.LeftoverFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads a file under its temporary name, and verifies the result. FTP can't create a file exclusively: the name is
 * looked at before, and nothing that exists is used, unless an earlier try of the same upload has left it.
 */
final class Uploader {

    private static final Logger log = LoggerFactory.getLogger(Uploader.class);

    private final TransferSettings settings;
    private final FtpConnection connection;
    private final RemoteFiles files;
    private final Folders folders;
    private final LeftoverFiles leftovers;
    private final UploadVerifier verifier;
    private final FileErrors errors;

    Uploader(
            TransferSettings settings,
            FtpConnection connection,
            RemoteFiles files,
            Folders folders,
            LeftoverFiles leftovers,
            UploadVerifier verifier,
            FileErrors errors) {
        this.settings = settings;
        this.connection = connection;
        this.files = files;
        this.folders = folders;
        this.leftovers = leftovers;
        this.verifier = verifier;
        this.errors = errors;
    }

    /** Uploads and verifies a file; removes it at the server if that fails. */
    void upload(OutgoingFile file, String path) throws IOException {
        boolean uploaded = false;
        boolean opened = false;
        try {
            long offset = resumeAt(path);
            if (offset == 0) {
                requireFree(file, path);
            }
            opened = true;
            leftovers.uploadStarted(path, file.job(), file.run());
            write(file, path, offset);
            verifier.verifyUploaded(file, path);
            uploaded = true;
        } finally {
            if (!uploaded && opened) {
                removeQuietly(file, path);
            }
        }
    }

    /** Makes the name free, if an earlier try of this upload has it. */
    private void requireFree(OutgoingFile file, String path) throws IOException {
        if (leftovers.isUpload(path)) {
            files.remove(path);
            return;
        }
        if (files.presence(path) == Presence.PRESENT) {
            leftovers.foundForeign(path, file.job(), file.run());
            throw errors.temporaryNameInUse(path, file);
        }
    }

    /** Where a broken upload can go on: at the end of what the server has, if that is a part of what was sent. */
    private long resumeAt(String path) throws IOException {
        OptionalLong sent = leftovers.remove(path);
        if (sent.isEmpty() || sent.getAsLong() == 0 || !leftovers.isUpload(path)) {
            return 0;
        }
        Inspection found = files.inspect(path);
        boolean resumable = found.presence() == Inspection.Presence.PRESENT && found.bytes() <= sent.getAsLong();
        return resumable ? found.bytes() : 0;
    }

    private void write(OutgoingFile file, String path, long offset) throws IOException {
        if (offset == 0) {
            store(file, path, 0);
            return;
        }
        log.info(
                "Resuming {} at byte {} of {} (delivery={}, job={}, run={})",
                path,
                offset,
                file.file().bytes(),
                settings.id(),
                file.job(),
                file.run());
        if (offset == file.file().bytes()) {
            file.sent(offset); // only the answer was lost
            return;
        }
        try {
            store(file, path, offset);
        } catch (RefusedException e) {
            if (!RefusedException.isAnswer(e)) {
                throw e;
            }
            log.debug("{} does not resume uploads, {} is sent from its beginning", settings.server(), path, e);
            files.remove(path);
            store(file, path, 0);
        }
    }

    private void store(OutgoingFile file, String path, long offset) throws IOException {
        long[] sent = {offset};
        try (InputStream in = open(file, offset)) {
            connection.store(path, offset, into -> read(in, into), bytes -> {
                sent[0] = bytes;
                file.sent(bytes);
            });
        } catch (UncheckedIOException e) {
            leftovers.addPartialUpload(path, file.job(), file.run(), 0);
            throw e;
        } catch (IOException e) {
            if (!RefusedException.isAnswer(e)) {
                leftovers.addPartialUpload(path, file.job(), file.run(), sent[0]);
                throw e;
            }
            DeliveryException missing = folders.missing(parent(path), file, e);
            if (missing != null) {
                throw missing;
            }
            throw e;
        }
    }

    private static InputStream open(OutgoingFile file, long offset) {
        try {
            InputStream in = Files.newInputStream(file.content());
            in.skipNBytes(offset);
            return in;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int read(InputStream in, byte[] into) {
        try {
            return in.read(into);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes what hinders the next attempt, but not what it can resume. A later run removes what remains. */
    private void removeQuietly(OutgoingFile file, String path) {
        try {
            if (!connection.broken()) {
                files.remove(path);
                leftovers.uploadEnded(path);
                return;
            }
        } catch (IOException e) {
            log.debug("The file {} remains at {}", path, settings.server(), e);
        }
        leftovers.addIfAbsent(path, file.job(), file.run());
    }
}
