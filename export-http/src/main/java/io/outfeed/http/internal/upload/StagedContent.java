package io.outfeed.http.internal.upload;

import io.outfeed.delivery.OutgoingFile;
import java.io.IOException;
import java.nio.file.Files;

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
}
