package io.outfeed.sftp.internal.transfer;

import static io.outfeed.sftp.fixture.TestSessions.openSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.file.IfExists;
import io.outfeed.sftp.SftpDelivery;
import io.outfeed.sftp.fixture.MinaServer;
import io.outfeed.sftp.fixture.OutgoingFiles;
import io.outfeed.sftp.network.FaultyProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers and networks that are slow, but make progress. An upload of eight writes takes longer than any answer may.
 */
@Tag("slow")
@Timeout(60)
class SlowServerTest {

    private static final Duration LIMIT = Duration.ofMillis(1500);
    private static final Duration EACH_WRITE = Duration.ofMillis(300);
    private static final byte[] EIGHT_WRITES = new byte[8 * 32_768];

    static {
        new Random(1).nextBytes(EIGHT_WRITES);
    }

    @TempDir
    private Path root;

    @TempDir
    private Path staging;

    private MinaServer server;
    private FaultyProxy network;
    private OutgoingFile file;

    @BeforeEach
    void start() throws IOException {
        Files.createDirectory(root.resolve("exports"));
        server = MinaServer.start(root);
        server.takeLittleAtOnce();
        network = FaultyProxy.to(server.port());
        file = OutgoingFiles.file(staging, "", EIGHT_WRITES, IfExists.FAIL);
    }

    @AfterEach
    void stop() throws IOException {
        network.close();
        server.close();
    }

    private SftpDelivery.Builder delivery() {
        return server.delivery().port(network.port()).idleTimeout(Duration.ZERO);
    }

    private void deliver(SftpDelivery delivery) {
        try (SftpSession session = openSession(delivery)) {
            assertThat(session.publish(session.prepare(file), file)).isPresent();
        }
        assertThat(root.resolve("exports/interactions-12.csv")).hasBinaryContent(EIGHT_WRITES);
    }

    @Test
    void should_wait_for_a_slow_server_that_makes_progress() {
        server.faults().slowWrites(EACH_WRITE);

        deliver(delivery().operationTimeout(LIMIT).build());
    }

    /** All is sent at once, into the buffers of sockets; what the server confirms is the only sign of progress. */
    @Test
    void should_wait_for_a_slow_network_that_makes_progress() {
        network.throttleClient();

        deliver(delivery().operationTimeout(LIMIT).build());
    }

    @Test
    void should_cut_a_delivery_that_takes_too_long_and_resume_it() {
        server.faults().slowWrites(EACH_WRITE);
        SftpDelivery delivery = delivery().deliveryTimeout(LIMIT).build();

        try (SftpSession session = openSession(delivery)) {
            assertThatThrownBy(() -> session.prepare(file))
                    .hasMessage(
                            "the delivery was not over within 1500 ms, to upload /exports/" + OutgoingFiles.TEMPORARY
                                    + " at 127.0.0.1:" + network.port()
                                    + " was cut off: check the network's speed, or raise deliveryTimeout "
                                    + "(delivery=lakeside, "
                                    + "job=interactions-lakeside, run=41)")
                    .isInstanceOfSatisfying(
                            DeliveryException.class,
                            e -> assertThat(e.retryable()).isTrue());
        }
        server.faults().awaitRest();
        server.faults().slowWrites(Duration.ZERO);
        long written = server.faults().written();

        deliver(delivery);

        assertThat(server.faults().written() - written)
                .as("what was sent again")
                .isLessThan(EIGHT_WRITES.length);
    }
}
