package io.outfeed.pgp;

import io.outfeed.file.transform.FileTransform.Content;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;

/** Encrypts and signs a large file in a JVM of its own. */
final class LargeFile {

    static final int PART = 1 << 16;

    private LargeFile() {}

    public static void main(String[] arguments) throws Exception {
        PgpEncryption transform = PgpEncryption.builder()
                .recipient(PgpKeySource.file(Path.of(arguments[0])))
                .signWith(PgpKeySource.file(Path.of(arguments[1])))
                .build();
        long parts = Long.parseLong(arguments[3]);
        byte[] part = new byte[PART];
        new Random(7).nextBytes(part);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(Path.of(arguments[2])));
                OutputStream in = transform.write(new Content("large.csv", Instant.parse(arguments[4])), out)) {
            for (long i = 0; i < parts; i++) {
                in.write(part);
            }
        }
    }
}
