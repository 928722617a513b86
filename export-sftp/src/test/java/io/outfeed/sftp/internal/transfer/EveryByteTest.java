package io.outfeed.sftp.internal.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.Publication;
import io.outfeed.file.IfExists;
import io.outfeed.sftp.SftpDelivery;
import io.outfeed.sftp.fixture.OpenSshServer;
import io.outfeed.sftp.fixture.OutgoingFiles;
import io.outfeed.sftp.network.FaultyProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A delivery to OpenSSH whose connection is cut after every so many bytes, of either direction; then the next attempt
 * leaves one whole file.
 *
 * <p>A build cuts every {@value #BYTES} bytes. Before a release:
 *
 * <pre>
 * mvn -pl export-sftp -am verify -Dtest=EveryByteTest -Dsurefire.failIfNoSpecifiedTests=false -Dcut.bytes=7
 * </pre>
 */
@Tag("slow")
@Timeout(3600)
class EveryByteTest {

    private static final int BYTES = 250;
    private static final byte[] CONTENT = new byte[1500];

    static {
        new Random(1).nextBytes(CONTENT);
    }

    private final int bytes = Integer.getInteger("cut.bytes", BYTES);

    @TempDir
    private Path home;

    @TempDir
    private Path staging;

    @Test
    void should_deliver_once_wherever_the_connection_is_cut() throws IOException {
        try (OpenSshServer server = OpenSshServer.start(home)) {
            cutEverywhere(server, IfExists.FAIL, Publication.ATOMIC);
        }
    }

    /** Then the old file is removed first: between that and the rename there is none. */
    @Test
    void should_replace_in_two_steps_wherever_the_connection_is_cut() throws IOException {
        try (OpenSshServer server = OpenSshServer.startDenying(home, "posix-rename")) {
            cutEverywhere(server, IfExists.REPLACE, Publication.NOT_ATOMIC);
        }
    }

    private void cutEverywhere(OpenSshServer server, IfExists ifExists, Publication reached) throws IOException {
        Path key = server.newLogin("ed25519", "", "");
        Path target = server.exports().resolve("interactions-12.csv");
        Path others = server.exports().resolve(".interactions-12.csv.r40-t96.part");
        OutgoingFile file = OutgoingFiles.file(staging, "", CONTENT, ifExists);
        Files.writeString(others, "of others");
        int failed = 0;
        for (boolean fromServer : new boolean[] {false, true}) {
            int cut = 0;
            boolean faulted;
            do {
                Files.deleteIfExists(target);
                if (ifExists == IfExists.REPLACE) {
                    Files.writeString(target, "old");
                }
                try (FaultyProxy network = FaultyProxy.to(server.port())) {
                    SftpDelivery delivery = server.delivery()
                            .port(network.port())
                            .privateKey(key)
                            .idleTimeout(Duration.ZERO)
                            .build();
                    if (fromServer) {
                        network.cutAfterServer(cut);
                    } else {
                        network.cutAfter(cut);
                    }
                    try (RetryingDelivery attempts = new RetryingDelivery(delivery, file, () -> {
                        network.stopCutting();
                        server.awaitRest();
                    })) {
                        DeliveryReceipt receipt = attempts.deliver();
                        faulted = network.hasCut() || !attempts.failures().isEmpty();
                        failed += attempts.failures().size();

                        assertThat(receipt.publication())
                                .as("cut after byte " + cut)
                                .isIn(reached, Publication.INFERRED);
                    }
                }
                assertThat(target).as("cut after byte " + cut).hasBinaryContent(CONTENT);
                assertThat(server.exports())
                        .as("cut after byte " + cut)
                        .isDirectoryNotContaining(path -> !path.equals(target) && !path.equals(others));
                cut += bytes;
            } while (faulted);
            assertThat(failed).as("attempts that failed").isPositive();
        }
        assertThat(others).hasContent("of others");
    }
}
