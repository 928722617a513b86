package io.outfeed.sftp;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/** Files for the tests to deliver: of job {@code interactions-lakeside}, run 41. */
final class Outgoing {

    /** What lies at the server while a file of this name is not published. */
    static final String TEMPORARY = ".interactions-12.csv.r41-t97.part";

    private Outgoing() {}

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static OutgoingFile file(Path directory, String content, IfExists ifExists) {
        return file(directory, "", content, ifExists);
    }

    static OutgoingFile file(Path directory, String folder, String content, IfExists ifExists) {
        return file(directory, folder, content.getBytes(StandardCharsets.UTF_8), ifExists);
    }

    static OutgoingFile file(Path directory, String folder, byte[] content, IfExists ifExists) {
        try {
            Path staged = Files.write(directory.resolve("interactions-12.csv"), content);
            StagedFile file =
                    new StagedFile("interactions", folder, "interactions-12.csv", 1, content.length, sha256(content));
            return new OutgoingFile("interactions-lakeside", 41, 97, file, staged, ifExists);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same file of run 42, which another lock covers. */
    static OutgoingFile nextRun(OutgoingFile file) {
        return new OutgoingFile(file.job(), 42, 98, file.file(), file.content(), file.ifExists());
    }

    /** The same file, which tells how far it has got. */
    static OutgoingFile telling(OutgoingFile file, LongConsumer sent) {
        return new OutgoingFile(
                file.job(), file.run(), file.token(), file.file(), file.content(), file.ifExists(), sent);
    }
}
