package io.outfeed.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file that is larger than the heap of the process that sends it, which is 64 MB. A build sends some megabytes more
 * than that. Before a release:
 *
 * <pre>
 * mvn -pl export-s3 -am verify -Dtest=LargeFileTest -Dsurefire.failIfNoSpecifiedTests=false -Ds3.bytes=5368709120
 * </pre>
 */
@Tag("slow")
@Timeout(3600)
class LargeFileTest {

    private static final long BYTES = Long.getLong("s3.bytes", 96L << 20);

    private final ObjectServer server = ObjectServer.get();
    private final String bucket = server.makeBucket();

    @TempDir
    private Path directory;

    /** Sends a file in a process of its own: the file, the endpoint, the bucket, its SHA-256. */
    public static void main(String[] args) throws Exception {
        Path content = Path.of(args[0]);
        StagedFile staged = new StagedFile("visits", "", "visits.csv", 1, Files.size(content), args[3]);
        OutgoingFile file = new OutgoingFile("visits-lakeside", 41, 97, staged, content, IfExists.FAIL);
        S3Delivery delivery =
                ObjectServer.delivery(args[2], URI.create(args[1])).build();
        try (DeliverySession session = delivery.open()) {
            String location =
                    session.publish(session.prepare(file), file).orElseThrow().location();
            System.out.println(session.sha256(location).orElseThrow());
        }
    }

    @Test
    void should_send_and_read_back_a_file_that_is_larger_than_the_heap() throws Exception {
        Path content = directory.resolve("visits.csv");
        String sha256 = write(content);

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LargeFileTest.class.getName(),
                        content.toString(),
                        server.endpoint().toString(),
                        bucket,
                        sha256)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), UTF_8).strip();

        assertThat(process.waitFor()).as(printed).isZero();
        assertThat(printed).endsWith(sha256);
        assertThat(server.head(bucket, "exports/visits.csv").contentLength()).isEqualTo(BYTES);
    }

    private static String write(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] block = new byte[1 << 20];
            try (OutputStream out = new DigestOutputStream(Files.newOutputStream(file), digest)) {
                for (long done = 0; done < BYTES; done += block.length) {
                    new Random(done).nextBytes(block);
                    out.write(block, 0, (int) Math.min(block.length, BYTES - done));
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
