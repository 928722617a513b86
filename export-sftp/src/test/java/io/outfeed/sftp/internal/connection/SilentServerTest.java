package io.outfeed.sftp.internal.connection;

import static io.outfeed.sftp.fixture.TestSessions.openSession;
import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.file.IfExists;
import io.outfeed.sftp.SftpDelivery;
import io.outfeed.sftp.fixture.MinaServer;
import io.outfeed.sftp.fixture.OutgoingFiles;
import io.outfeed.sftp.internal.transfer.RetryingDelivery;
import io.outfeed.sftp.internal.transfer.SftpSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that falls silent at one packet after the other, while its socket stays open. Each limit is much shorter
 * than the one that does not apply, so that the wrong one would not expire in time. The packets are tested in parallel.
 */
@Tag("slow")
@Timeout(60)
class SilentServerTest {

    private static final Duration SHORT = Duration.ofSeconds(3);
    private static final Duration LONG = Duration.ofMinutes(10);

    /** Several writes. */
    private static final byte[] CONTENT = new byte[100_000];

    static {
        new Random(1).nextBytes(CONTENT);
    }

    @TempDir
    private Path directory;

    @FunctionalInterface
    private interface Silence {
        /** The server falls silent at a packet; returns how many passed. */
        int at(int packet) throws Exception;
    }

    @Test
    void should_name_the_limit_for_connecting_whatever_packet_is_not_answered() throws Exception {
        atEveryPacket(this::connect);
    }

    @Test
    void should_name_the_limit_for_an_answer_whatever_packet_is_not_answered() throws Exception {
        atEveryPacket(this::deliver);
    }

    private static void atEveryPacket(Silence silence) throws Exception {
        int packets = silence.at(Integer.MAX_VALUE); // nothing is silent; and classes are loaded
        ExecutorService threads = Executors.newFixedThreadPool(packets);
        try {
            List<Callable<Integer>> tasks = new ArrayList<>();
            for (int packet = 0; packet < packets; packet++) {
                int at = packet;
                tasks.add(() -> silence.at(at));
            }
            for (Future<Integer> done : threads.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private int connect(int packet) throws Exception {
        try (MinaServer server = MinaServer.start(Files.createDirectory(directory.resolve("connect-" + packet)))) {
            server.packets().fallSilentAt(packet);
            try (SftpSession opened = openSession(server.delivery()
                    .connectTimeout(SHORT)
                    .operationTimeout(LONG)
                    .idleTimeout(Duration.ZERO)
                    .build())) {
                assertThat(opened).isNotNull();
            } catch (DeliveryException e) {
                assertThat(e)
                        .as(server.packets().faultedAt())
                        .hasMessageMatching("127\\.0\\.0\\.1:" + server.port() + " gave no answer within 3 s to "
                                + "(agree on a secure connection|log in|start SFTP): check the server and the network "
                                + "\\(delivery=lakeside\\)");
                assertThat(e.retryable()).isTrue();
            }
            return server.packets().passed();
        }
    }

    private int deliver(int packet) throws Exception {
        Path root = Files.createDirectories(directory.resolve("deliver-" + packet));
        Path exports = Files.createDirectory(root.resolve("exports"));
        OutgoingFile file = OutgoingFiles.file(root, "", CONTENT, IfExists.FAIL);
        try (MinaServer server = MinaServer.start(root)) {
            server.takeLittleAtOnce();
            SftpDelivery delivery = server.delivery()
                    .connectTimeout(LONG)
                    .operationTimeout(SHORT)
                    .idleTimeout(Duration.ZERO)
                    .build();
            try (RetryingDelivery attempts =
                    new RetryingDelivery(delivery, file, () -> server.faults().awaitRest())) {
                attempts.session();
                server.packets().fallSilentAt(packet);
                DeliveryReceipt receipt = attempts.deliver();
                assertThat(exports).isDirectoryNotContaining("glob:**.part");
                assertThat(exports.resolve("interactions-12.csv")).hasBinaryContent(CONTENT);
                assertThat(attempts.inspect(receipt.location()).bytes()).isEqualTo(CONTENT.length);
                assertThat(attempts.delete(receipt.location())).isEqualTo(Deletion.DELETED);
                int passed = server.packets().passed();

                assertThat(attempts.failures())
                        .as(server.packets().faultedAt())
                        .hasSizeLessThan(2)
                        .allSatisfy(e -> {
                            assertThat(e)
                                    .hasMessageStartingWith(
                                            "127.0.0.1:" + server.port() + " gave no answer within 3 s to ")
                                    .hasMessageContaining(": check the server and the network (delivery=lakeside");
                            assertThat(e.retryable()).isTrue();
                        });
                return passed;
            }
        }
    }
}
