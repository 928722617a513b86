package io.outfeed.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.file.IfExists;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A check proves what a receipt will say. */
class DestinationCheckTest {

    private static final String PROBE = "exports/.outfeed-check-1.part.r0-t97.part";

    private final ObjectServer server = ObjectServer.get();
    private final String bucket = server.makeBucket();

    @TempDir
    private Path directory;

    private Gateway gateway;
    private S3Delivery delivery;

    @BeforeEach
    void startGateway() throws IOException {
        gateway = Gateway.to(server);
        delivery = ObjectServer.delivery(bucket, gateway.endpoint()).build();
    }

    @AfterEach
    void closeGateway() throws IOException {
        gateway.close();
    }

    private void check(S3Delivery checked) throws Exception {
        OutgoingFile probe =
                TestFiles.file(directory, 0, "outfeed-check-1.part", "a check\n".getBytes(UTF_8), IfExists.FAIL);
        try (DeliverySession session = checked.open()) {
            session.prepare(probe);
            session.check(probe);
            session.discard(probe);
        }
    }

    @Test
    void should_try_both_ways_of_a_delivery_and_leave_nothing() throws Exception {
        check(delivery);

        assertThat(gateway.lines("PUT").stream().filter(line -> !line.contains("partNumber")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains(PROBE));
        assertThat(gateway.lines("uploadId").stream().filter(line -> line.startsWith("POST")))
                .as("requests to complete, the first with the object there")
                .hasSize(2);
        assertThat(gateway.lines("partNumber=1&")).as("the part is sent once").hasSize(1);
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() {
        assertThat(server.keys(bucket)).isEmpty();
        assertThat(server.uploads(bucket)).isEmpty();
    }

    @Test
    void should_find_a_server_that_ignores_the_condition_of_an_upload() {
        gateway.on("POST", "uploadId").answer(200, "");

        assertThatThrownBy(() -> check(delivery)).hasMessageContaining("although the second request had If-None-Match");

        assertNothingIsLeft();
    }

    @Test
    void should_find_a_server_that_completes_uploads_with_their_label() {
        gateway.on("HEAD", PROBE).first(() -> {});
        gateway.on("HEAD", PROBE).answer(200, "", "ETag: \"1\"");

        assertThatThrownBy(() -> check(delivery)).isInstanceOfSatisfying(DeliveryException.class, failure -> {
            assertThat(failure.code()).isEqualTo(FailureCode.DESTINATION_REFUSED);
            assertThat(failure)
                    .hasMessage(gateway.endpoint().getAuthority() + " has not made of the parts of an upload what it"
                            + " was asked for, at s3://" + bucket + "/" + PROBE + ": large files can't be delivered"
                            + " there. Raise partSize above the size of the files, so that each is written by one"
                            + " request, or use another server (delivery=lakeside)");
        });

        assertNothingIsLeft();
    }

    @Test
    void should_find_a_server_that_ignores_conditions() {
        gateway.on("PUT", PROBE).first(() -> gateway.on("PUT", PROBE).answer(200, ""));

        assertThatThrownBy(() -> check(delivery)).isInstanceOfSatisfying(DeliveryException.class, failure -> {
            assertThat(failure.code()).isEqualTo(FailureCode.DESTINATION_REFUSED);
            assertThat(failure)
                    .hasMessage(gateway.endpoint().getAuthority() + " has written s3://" + bucket + "/" + PROBE
                            + " twice, although the second request had If-None-Match: a delivery could replace a file"
                            + " of others unseen. Use a server that takes conditions, or set"
                            + " conditionalWrites(NOT_SUPPORTED): receipts then say DIRECT (delivery=lakeside)");
        });

        assertNothingIsLeft();
    }

    @Test
    void should_write_once_where_conditions_are_not_supported() throws Exception {
        check(ObjectServer.delivery(bucket, gateway.endpoint())
                .conditionalWrites(ConditionalWrites.NOT_SUPPORTED)
                .build());

        assertThat(gateway.lines("PUT").stream().filter(line -> !line.contains("partNumber")))
                .hasSize(1);
        assertNothingIsLeft();
    }

    @Test
    void should_find_that_it_may_not_write() {
        gateway.on("PUT", PROBE).answer(403, "AccessDenied");

        assertThatThrownBy(() -> check(delivery))
                .isInstanceOfSatisfying(
                        DeliveryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(FailureCode.PERMISSION_DENIED));
    }

    @Test
    void should_find_that_it_may_not_delete() {
        gateway.on("DELETE", PROBE).always().answer(403, "AccessDenied");

        assertThatThrownBy(() -> check(delivery)).isInstanceOfSatisfying(DeliveryException.class, failure -> {
            assertThat(failure.code()).isEqualTo(FailureCode.PERMISSION_DENIED);
            assertThat(failure)
                    .hasMessage("the check has written s3://" + bucket + "/" + PROBE + ", which has no data, and may"
                            + " not remove it: allow s3:DeleteObject and s3:GetObject there, or do without checks and"
                            + " retention (delivery=lakeside)");
        });
    }

    @Test
    void should_find_a_server_that_takes_each_name_for_taken() {
        gateway.on("PUT", PROBE).answer(412, "PreconditionFailed");

        assertThatThrownBy(() -> check(delivery))
                .hasMessage(gateway.endpoint().getAuthority() + " says that s3://" + bucket + "/" + PROBE
                        + " exists, which no other check has: find out what it does with If-None-Match, or set"
                        + " conditionalWrites(NOT_SUPPORTED) (delivery=lakeside)");
    }

    @Test
    void should_find_that_it_may_not_list_uploads() {
        gateway.on("GET", "uploads").always().answer(403, "AccessDenied");

        assertThatThrownBy(() -> check(delivery))
                .isInstanceOfSatisfying(
                        DeliveryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(FailureCode.PERMISSION_DENIED))
                .hasMessageStartingWith("can't list uploads of s3://" + bucket + "/" + PROBE);
    }
}
