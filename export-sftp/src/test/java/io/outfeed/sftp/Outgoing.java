package io.outfeed.sftp;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files for the tests to deliver: of job {@code interactions-lakeside}, run 41. */
final class Outgoing {

    /** What lies at the server while a file of this name is not published. */
    static final String TEMPORARY = ".interactions-12.csv.r41-t97.part";

    private Outgoing() {}

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
                    new StagedFile("interactions", folder, "interactions-12.csv", 1, content.length, "0".repeat(64));
            return new OutgoingFile("interactions-lakeside", 41, 97, file, staged, ifExists);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
