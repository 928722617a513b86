package io.outfeed.ftp.internal.transfer;

import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Optional;
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
        Inspection found = files.inspect(path);
        switch (found.presence()) {
            case PRESENT -> requireSize(found.bytes(), file, path);
            case MISSING, DIRECTORY_MISSING -> // the server has confirmed the whole upload
                throw DeliveryException.of(
                        FailureCode.TEMPORARY_TAKEN,
                        settings.id(),
                        path + " is gone from " + settings.server() + " as soon as it is closed" + errors.context(file),
                        null);
            case OTHER, NOT_SAID -> logMissingSize();
        }
        Optional<String> sha256 = files.sha256(path);
        if (sha256.isPresent() && !sha256.get().equals(file.file().sha256())) {
            throw DeliveryException.retryable(
                    settings.id(),
                    path + " has another content at " + settings.server() + " than what was sent, its SHA-256 is "
                            + sha256.get() + " instead of " + file.file().sha256() + errors.context(file),
                    null);
        }
    }

    private void requireSize(long bytes, OutgoingFile file, String path) {
        if (bytes != file.file().bytes()) {
            throw DeliveryException.retryable(
                    settings.id(),
                    path + " has " + bytes + " bytes instead of " + file.file().bytes() + " at " + settings.server()
                            + errors.context(file),
                    null);
        }
    }

    private void logMissingSize() {
        if (!loggedMissingSize) {
            loggedMissingSize = true;
            log.info(
                    "{} does not report the size of files: only its confirmation of each upload is checked"
                            + " (delivery={})",
                    settings.server(),
                    settings.id());
        }
    }
}
