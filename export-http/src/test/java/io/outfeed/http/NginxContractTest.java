package io.outfeed.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
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

/** A server that takes no conditions: names are looked at before they are written. */
class NginxContractTest extends DirectDeliveryContract {

    private static WebServer server;

    private final String folder = UUID.randomUUID().toString();

    @BeforeAll
    static void start(@TempDir Path home) {
        server = WebServer.nginx(home);
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
                .build();
    }

    @Override
    protected Optional<byte[]> visible(String path) throws IOException {
        return server.read(folder, path);
    }

    @Test
    void should_find_out_by_a_check_that_conditions_are_ignored() throws Exception {
        String other = UUID.randomUUID().toString();
        Delivery declared = HttpDelivery.put("lakeside", server.folder(other))
                .withoutEncryption()
                .conditionalWrites()
                .build();
        OutgoingFile file = TestFiles.file(0, "visits.csv", new byte[] {1, 2, 3}, IfExists.FAIL);

        try (DeliverySession session = declared.open()) {
            assertThatThrownBy(() -> session.check(file))
                    .isInstanceOf(DeliveryException.class)
                    .hasMessageEndingWith("/.visits.csv.r0-t97.part twice, although the second request had"
                            + " If-None-Match: a delivery could replace a file of others unseen. Use a server that"
                            + " takes conditions, or leave out conditionalWrites (delivery=lakeside)");
        }

        assertThat(server.read(other, ".visits.csv.r0-t97.part")).isEmpty();
    }

    @Test
    void should_say_that_a_file_is_larger_than_the_server_takes() throws Exception {
        String other = UUID.randomUUID().toString();
        Delivery delivery = HttpDelivery.put("lakeside", server.folder(other))
                .withoutEncryption()
                .build();
        OutgoingFile file = TestFiles.file(41, "visits.csv", new byte[(6 << 20) + 1], IfExists.REPLACE);

        try (DeliverySession session = delivery.open()) {
            assertThatThrownBy(() -> session.publish(session.prepare(file), file))
                    .isInstanceOfSatisfying(
                            DeliveryException.class,
                            failure -> assertThat(failure.code())
                                    .isIn(FailureCode.DESTINATION_REFUSED, FailureCode.DESTINATION_UNAVAILABLE));
        }

        assertThat(server.read(other, "visits.csv")).isEmpty();
    }
}
