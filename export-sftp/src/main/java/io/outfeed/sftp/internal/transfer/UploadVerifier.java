package io.outfeed.sftp.internal.transfer;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.sftp.internal.channel.SftpStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares a file before and after its upload with what was staged. */
final class UploadVerifier {

    private static final Logger log = LoggerFactory.getLogger(UploadVerifier.class);

    private final TransferSettings settings;
    private final RemoteFiles files;
    private final FileErrors errors;
    private boolean loggedMissingSize;

    UploadVerifier(TransferSettings settings, RemoteFiles files, FileErrors errors) {
        this.settings = settings;
        this.files = files;
        this.errors = errors;
    }

    /** Checks the length of the staged file, which never changes unless something else changes it. */
    void verifyStaged(OutgoingFile file) {
        long bytes;
        try {
            bytes = Files.size(file.content());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (bytes != file.file().bytes()) {
            throw DeliveryException.of(
                    FailureCode.BYTES_CHANGED,
                    settings.id(),
                    "the staged file " + file.content() + " has " + bytes + " bytes instead of "
                            + file.file().bytes() + errors.context(file),
                    null);
        }
    }

    /** Checks the size of the uploaded file, and its SHA-256 where the server computes it. */
    void verifyUploaded(OutgoingFile file, String path) throws IOException {
        OptionalLong size = size(file, path);
        if (size.isEmpty()) {
            logMissingSize();
        } else if (size.getAsLong() != file.file().bytes()) {
            throw DeliveryException.retryable(
                    settings.id(),
                    path + " has " + size.getAsLong() + " bytes instead of "
                            + file.file().bytes() + " at " + settings.server() + errors.context(file),
                    null);
        }
        Optional<String> sha256 = files.sha256(path).map(HexFormat.of()::formatHex);
        if (sha256.isPresent() && !sha256.get().equals(file.file().sha256())) {
            throw DeliveryException.retryable(
                    settings.id(),
                    path + " has another content at " + settings.server() + " than what was sent, its SHA-256 is "
                            + sha256.get() + " instead of " + file.file().sha256() + errors.context(file),
                    null);
        }
    }

    /** The server has confirmed each write and the close: a file that is gone was taken. */
    private OptionalLong size(OutgoingFile file, String path) throws IOException {
        try {
            return files.size(path);
        } catch (IOException e) {
            if (SftpStatus.isMissing(e)) {
                throw errors.answered(
                        FailureCode.TEMPORARY_TAKEN,
                        path + " is gone from " + settings.server() + " as soon as it is closed" + errors.context(file),
                        e);
            }
            throw e;
        }
    }

    private void logMissingSize() {
        if (!loggedMissingSize) {
            loggedMissingSize = true;
            log.info(
                    "{} does not report the size of files: only its confirmations of each write and of the close are "
                            + "checked (delivery={})",
                    settings.server(),
                    settings.id());
        }
    }
}
