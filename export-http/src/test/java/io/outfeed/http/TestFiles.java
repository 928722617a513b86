package io.outfeed.http;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.RecipientLog;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Files to deliver. */
final class TestFiles {

    private TestFiles() {}

    /** The path may have a folder. */
    static OutgoingFile file(long run, String path, byte[] content, IfExists ifExists) throws IOException {
        return file(run, path, content, ifExists, RecipientLog.inMemory());
    }

    static OutgoingFile file(long run, String path, byte[] content, IfExists ifExists, RecipientLog recipients)
            throws IOException {
        int slash = path.lastIndexOf('/');
        StagedFile staged = new StagedFile(
                "visits",
                slash < 0 ? "" : path.substring(0, slash),
                path.substring(slash + 1),
                1,
                content.length,
                sha256(content));
        Path spool = Files.write(Files.createTempFile("outfeed-http", ".csv"), content);
        spool.toFile().deleteOnExit();
        return new OutgoingFile("visits-lakeside", run, 97, 1, staged, spool, ifExists, bytes -> {}, recipients);
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
