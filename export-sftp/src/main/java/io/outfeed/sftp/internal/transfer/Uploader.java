package io.outfeed.sftp.internal.transfer;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.internal.connection.LeftoverFiles;
import io.outfeed.sftp.internal.channel.SftpStatus;
import io.outfeed.sftp.internal.connection.SftpConnection;
import io.outfeed.sftp.internal.path.RemoteDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import net.schmizz.sshj.sftp.FileAttributes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Uploads a file: writes it, verifies the result, and sets times. */
final class Uploader {

    private static final Logger log = LoggerFactory.getLogger(Uploader.class);

    private final TransferSettings settings;
    private final RemoteDirectory directory;
    private final SftpConnection connection;
    private final RemoteFiles files;
    private final LeftoverFiles leftovers;
    private final UploadVerifier verifier;
    private final UploadPermissions permissions;
    private final UploadOpener opener;

    Uploader(
            TransferSettings settings,
            RemoteDirectory directory,
            SftpConnection connection,
            RemoteFiles files,
            LeftoverFiles leftovers,
            UploadVerifier verifier,
            UploadPermissions permissions,
            UploadOpener opener) {
        this.settings = settings;
        this.directory = directory;
        this.connection = connection;
        this.files = files;
        this.leftovers = leftovers;
        this.verifier = verifier;
        this.permissions = permissions;
        this.opener = opener;
    }

    /** Uploads and verifies a file under its temporary name; removes it at the server if that fails. */
    void upload(OutgoingFile file, String path) throws IOException {
        send(opener.open(file, path), file, path);
    }

    /**
     * Writes and verifies a file under its final name; removes it at the server if that fails.
     *
     * @param mayOverwrite whether what has the name may be overwritten; else it must be free
     */
    void writeFinal(OutgoingFile file, String path, boolean mayOverwrite) throws IOException {
        send(mayOverwrite ? opener.open(file, path) : opener.openFree(file, path), file, path);
    }

    private void send(Upload upload, OutgoingFile file, String path) throws IOException {
        boolean uploaded = false;
        try {
            verifyPermissions(upload, file);
            write(upload, file);
            verifier.verifyUploaded(file, path);
            setTimes(file, path);
            uploaded = true;
        } finally {
            if (!uploaded) {
                removeQuietly(file, path);
            }
        }
    }

    /**
     * Writes a file that the server takes when it is closed: it is neither resumed nor verified nor removed.
     *
     * @return whether the server has confirmed each write and the close; false if an answer is missing
     * @throws IOException if the file was not opened, or the server refused a part of it
     */
    boolean handOver(OutgoingFile file, String path) throws IOException {
        // its permissions are not verified: if the file were closed because of them, the server would take it empty
        Upload upload = opener.openFinal(file, path);
        try {
            upload.send(file.content(), file.file().bytes(), file::sent);
            upload.close();
            return true;
        } catch (IOException e) {
            if (SftpStatus.isAnswer(e)) {
                closeQuietly(upload);
                throw e;
            }
            log.warn(
                    "{} did not confirm {}: whether it has the file is not known (delivery={}, job={}, run={})",
                    settings.server(),
                    path,
                    settings.id(),
                    file.job(),
                    file.run(),
                    e);
            return false;
        }
    }

    /** Writes an empty file. */
    void createEmpty(String path) throws IOException {
        Upload.create(connection, path, FileAttributes.EMPTY).close();
    }

    private void write(Upload upload, OutgoingFile file) throws IOException {
        try {
            upload.send(file.content(), file.file().bytes(), file::sent);
        } catch (IOException | UncheckedIOException e) {
            // no try-with-resources: sshj may throw the same exception again, which can't be suppressed by itself
            if (!connection.broken()) {
                closeQuietly(upload);
            } else if (isTemporary(file, upload.path())) {
                leftovers.addPartialUpload(upload.path(), file.job(), file.run(), upload.confirmed());
            }
            throw e;
        }
        upload.close(); // if this breaks, it is unknown what the server has stored
    }

    /** Whether a file may be removed later: under its final name it may be another one by then. */
    private boolean isTemporary(OutgoingFile file, String path) {
        return path.equals(directory.temporary(file));
    }

    private void verifyPermissions(Upload upload, OutgoingFile file) throws IOException {
        try {
            permissions.verify(upload, !isTemporary(file, upload.path()), file);
        } catch (IOException | DeliveryException e) {
            if (!connection.broken()) {
                closeQuietly(upload);
            }
            throw e;
        }
    }

    /** Sets the times where configured. If the server refuses, the file is delivered without. */
    private void setTimes(OutgoingFile file, String path) throws IOException {
        if (!settings.keepTimes()) {
            return;
        }
        long seconds = stagedAt(file);
        try {
            files.setAttributes(
                    path,
                    new FileAttributes.Builder()
                            .withAtimeMtime(seconds, seconds)
                            .build());
        } catch (IOException e) {
            if (!SftpStatus.isAnswer(e)) {
                throw e;
            }
            log.warn(
                    "{} refused to set the times of a file, with status {}: it is delivered without "
                            + "(delivery={}, job={}, run={})",
                    settings.server(),
                    SftpStatus.of(e),
                    settings.id(),
                    file.job(),
                    file.run());
        }
    }

    private static long stagedAt(OutgoingFile file) {
        try {
            return Files.getLastModifiedTime(file.content()).to(TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes what hinders the next attempt, but not what it can resume. A later run removes what remains. */
    void removeQuietly(OutgoingFile file, String path) {
        try {
            if (!connection.broken()) {
                files.remove(path);
                leftovers.uploadEnded(path);
                return;
            }
        } catch (IOException e) {
            log.debug("The file {} remains at {}", path, settings.server(), e);
        }
        if (isTemporary(file, path)) {
            leftovers.addIfAbsent(path, file.job(), file.run());
        }
    }

    private void closeQuietly(Upload upload) {
        try {
            upload.close();
        } catch (IOException e) {
            log.debug("The server did not close {}", upload.path(), e);
        }
    }
}
