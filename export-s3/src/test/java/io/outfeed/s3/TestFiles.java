package io.outfeed.s3;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/** Staged files to send. */
final class TestFiles {

    private TestFiles() {}

    static OutgoingFile file(Path directory, long run, String name, byte[] content, IfExists ifExists)
            throws IOException {
        StagedFile staged = new StagedFile("visits", "", name, 1, content.length, sha256(content));
        Path spool = Files.write(directory.resolve("run-" + run + "-" + name), content);
        return new OutgoingFile("visits-lakeside", run, 97, staged, spool, ifExists);
    }

    static byte[] bytes(int length) {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        return content;
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
