package io.outfeed.pgp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.bouncycastle.openpgp.api.OpenPGPKey;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that is larger than the heap. */
@Tag("slow")
class LargeFileTest {

    private static final long PARTS = 300L * 16;

    @Test
    void should_encrypt_a_file_of_300_mib_in_64(@TempDir Path directory) throws Exception {
        OpenPGPKey lakeside = TestKeys.curve25519("lakeside");
        Path publicKey = Files.write(directory.resolve("lakeside.pgp"), TestKeys.publicKey(lakeside));
        Path ours = Files.write(directory.resolve("ours.pgp"), TestKeys.privateKey(TestKeys.curve25519("ours")));
        Path file = directory.resolve("large.csv.pgp");
        Path log = directory.resolve("log");

        int exit = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LargeFile.class.getName(),
                        publicKey.toString(),
                        ours.toString(),
                        file.toString(),
                        Long.toString(PARTS),
                        TestKeys.NOON.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();

        assertThat(exit).as(Files.readString(log)).isZero();
        byte[] part = new byte[LargeFile.PART];
        new Random(7).nextBytes(part);
        long parts = 0;
        try (InputStream in = TestKeys.API
                .decryptAndOrVerifyMessage()
                .addDecryptionKey(lakeside)
                .process(new BufferedInputStream(Files.newInputStream(file)))) {
            for (byte[] next = in.readNBytes(LargeFile.PART); next.length > 0; next = in.readNBytes(LargeFile.PART)) {
                assertThat(next).isEqualTo(part);
                parts++;
            }
        }
        assertThat(parts).isEqualTo(PARTS);
    }
}
