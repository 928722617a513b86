package io.outfeed.http;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.file.IfExists;
import io.outfeed.testing.contract.DirectDeliveryContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that takes conditions, and whose folders are made by {@code MKCOL}. */
class ApacheContractTest extends DirectDeliveryContract {

    private static WebServer server;

    private final String folder = UUID.randomUUID().toString();

    @BeforeAll
    static void start(@TempDir Path home) {
        server = WebServer.apache(home);
    }

    @AfterAll
    static void stop() {
        @Nullable WebServer started = server; // null where the tests are skipped
        if (started != null) {
            started.close();
        }
    }

    @Override
    protected Delivery delivery() throws IOException {
        return HttpDelivery.put("lakeside", server.folder(folder))
                .withoutEncryption()
                .conditionalWrites()
                .webDav()
                .build();
    }

    @Override
    protected Optional<byte[]> visible(String path) throws IOException {
        return server.read(folder, path);
    }

    @Test
    void should_say_that_a_folder_is_missing() throws Exception {
        Delivery delivery = HttpDelivery.put(
                        "lakeside", server.folder(UUID.randomUUID().toString()))
                .withoutEncryption()
                .build();
        OutgoingFile file = TestFiles.file(41, "2026-27/visits.csv", new byte[] {1}, IfExists.FAIL);

        try (DeliverySession session = delivery.open()) {
            assertThatThrownBy(() -> session.publish(session.prepare(file), file))
                    .isInstanceOf(DeliveryException.class)
                    .hasMessageContaining(" answered 409: the folder may be missing; make it there, or set webDav,"
                            + " which makes it (job=visits-lakeside, run=41)");
        }
    }
}
