package io.outfeed.http.internal.upload;

import io.outfeed.delivery.OutgoingFile;
import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The bytes that are to be sent. */
final class StagedContent {

    private StagedContent() {}

    /** Throws if they are not as many as the ledger has. */
    static void check(OutgoingFile file, UploadFailures failures) throws IOException {
        long bytes = Files.size(file.content());
        if (bytes != file.file().bytes()) {
            throw failures.otherSize(file, bytes);
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
