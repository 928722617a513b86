package io.outfeed.sftp;

import static io.outfeed.sftp.RemoteFiles.parent;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import net.schmizz.sshj.sftp.FileAttributes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings staged files to a server: goes on where a connection broke, and compares what is there in the end. */
final class StagedUpload {

    private static final Logger log = LoggerFactory.getLogger(StagedUpload.class);

    private final SftpSettings settings;
    private final SftpConnection connection;
    private final RemoteFiles files;
    private final Folders folders;
    private final Unfinished unfinished;
    private final FileFailures failures;
    private boolean saidUnverified;

    StagedUpload(
            SftpSettings settings,
            SftpConnection connection,
            RemoteFiles files,
            Folders folders,
            Unfinished unfinished,
            FileFailures failures) {
        this.settings = settings;
        this.connection = connection;
        this.files = files;
        this.folders = folders;
        this.unfinished = unfinished;
        this.failures = failures;
    }

    /** A staged file is never changed; so if it has been, somebody else did it. */
    void checkStaged(OutgoingFile file) {
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
                            + file.file().bytes() + failures.at(file),
                    null);
        }
    }

    /** Uploads, verifies, and removes what can't be used. */
    void send(OutgoingFile file, String path) throws IOException {
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
        return path.equals(settings.temporary(file));
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
            folders.forget();
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

    private IOException notOpened(IOException e, String path, OutgoingFile file) throws IOException {
        return switch (SftpConnection.status(e)) {
            case NO_SUCH_FILE, NO_SUCH_PATH, NOT_A_DIRECTORY -> throw folders.missing(parent(path), file, e);
            default -> e;
        };
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
                            + file.file().bytes() + " at " + settings.server() + failures.at(file),
                    null);
        }
        Optional<String> sha256 = files.sha256(path).map(HexFormat.of()::formatHex);
        if (sha256.isPresent() && !sha256.get().equals(file.file().sha256())) {
            throw DeliveryException.retryable(
                    settings.id(),
                    path + " has another content at " + settings.server() + " than what was sent, its SHA-256 is "
                            + sha256.get() + " instead of " + file.file().sha256() + failures.at(file),
                    null);
        }
    }

    /** Sets mode and times where that is asked for. A server that refuses that has the file nevertheless. */
    private void dress(OutgoingFile file, String path) throws IOException {
        if (settings.options().permissions() == null && !settings.options().keepsTimes()) {
            return;
        }
        FileAttributes.Builder attributes = new FileAttributes.Builder();
        if (settings.options().permissions() != null) {
            attributes.withPermissions(Modes.mask(settings.options().permissions()));
        }
        if (settings.options().keepsTimes()) {
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

    /** What is in the way of another attempt; a part that may be gone on with is no such thing. A later run removes what stays. */
    void removeQuietly(OutgoingFile file, String path) {
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
}
