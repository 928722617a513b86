package io.outfeed.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.file.IfExists;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests whose answer gets lost, and objects that change while a delivery is in progress. */
class LostAnswersTest {

    private static final String KEY = "exports/visits.csv";
    private static final byte[] CONTENT = "id\r\n1\r\n".getBytes(UTF_8);
    private static final String OTHERS = "another file";

    private final ObjectServer server = ObjectServer.get();
    private final String bucket = server.makeBucket();
    private final String location = "s3://" + bucket + "/" + KEY;

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

    private OutgoingFile file(IfExists ifExists) throws IOException {
        return TestFiles.file(directory, 41, "visits.csv", CONTENT, ifExists);
    }

    private PreparedFile prepare(OutgoingFile file) throws Exception {
        try (DeliverySession session = delivery.open()) {
            return session.prepare(file);
        }
    }

    private Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file) throws Exception {
        try (DeliverySession session = delivery.open()) {
            return session.publish(prepared, file);
        }
    }

    private Inspection inspect(String at) throws Exception {
        try (DeliverySession session = delivery.open()) {
            return session.inspect(at);
        }
    }

    private void assertHas(String text) {
        assertThat(server.read(bucket, KEY))
                .hasValueSatisfying(bytes -> assertThat(bytes).asString(UTF_8).isEqualTo(text));
    }

    @Nested
    class SmallFiles {

        @Test
        void should_recognize_its_own_object_when_the_answer_got_lost() throws Exception {
            OutgoingFile file = file(IfExists.FAIL);
            PreparedFile prepared = prepare(file);
            gateway.on("PUT", KEY).loseAnswer();
            assertThatThrownBy(() -> publish(prepared, file))
                    .isInstanceOfSatisfying(DeliveryException.class, failure -> {
                        assertThat(failure.code()).isEqualTo(FailureCode.DESTINATION_UNAVAILABLE);
                        assertThat(failure)
                                .hasMessage("can't write " + location + ": "
                                        + gateway.endpoint().getAuthority()
                                        + " did not answer (job=visits-lakeside, run=41)");
                    });

            Optional<DeliveryReceipt> receipt = publish(prepared.toTouched(), file);

            assertThat(receipt).contains(new DeliveryReceipt(location, Publication.INFERRED));
            assertThat(gateway.lines("PUT")).as("requests to write").hasSize(1);
            assertHas(new String(CONTENT, UTF_8));
        }

        @ParameterizedTest
        @EnumSource(names = {"FAIL", "KEEP_BOTH", "WAIT"})
        void should_recognize_its_own_object_when_something_between_sent_the_request_twice(IfExists ifExists)
                throws Exception {
            OutgoingFile file = file(ifExists);
            PreparedFile prepared = prepare(file);
            gateway.on("PUT", KEY).sendTwice();

            assertThat(publish(prepared, file)).contains(new DeliveryReceipt(location, Publication.INFERRED));
            assertHas(new String(CONTENT, UTF_8));
        }

        @Test
        void should_write_again_what_was_not_received() throws Exception {
            OutgoingFile file = file(IfExists.FAIL);
            PreparedFile prepared = prepare(file);
            gateway.on("PUT", KEY).cut();
            assertThatThrownBy(() -> publish(prepared, file)).isInstanceOf(DeliveryException.class);

            Optional<DeliveryReceipt> receipt = publish(prepared.toTouched(), file);

            assertThat(receipt).contains(new DeliveryReceipt(location, Publication.ATOMIC));
            assertHas(new String(CONTENT, UTF_8));
        }

        @Test
        void should_recognize_an_object_that_appears_while_it_is_written_again() throws Exception {
            OutgoingFile file = file(IfExists.FAIL);
            PreparedFile prepared = prepare(file);
            gateway.on("PUT", KEY).first(() -> publishElsewhere(file));

            Optional<DeliveryReceipt> receipt = publish(prepared.toTouched(), file);

            assertThat(receipt).contains(new DeliveryReceipt(location, Publication.INFERRED));
        }

        /** As the first request does, if it is carried out late. */
        private void publishElsewhere(OutgoingFile file) {
            try (DeliverySession session = server.delivery(bucket).build().open()) {
                assertThat(session.publish(session.prepare(file), file)).isPresent();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        @Test
        void should_not_overwrite_the_object_of_others_after_a_lost_answer() throws Exception {
            OutgoingFile file = file(IfExists.FAIL);
            PreparedFile prepared = prepare(file);
            server.put(bucket, KEY, OTHERS);

            assertThatThrownBy(() -> publish(prepared.toTouched(), file))
                    .isInstanceOfSatisfying(
                            DeliveryException.class,
                            failure -> assertThat(failure.occupied()).isTrue());

            assertHas(OTHERS);
        }

        @Test
        void should_not_overwrite_an_object_that_appears_while_it_is_written_again() throws Exception {
            OutgoingFile file = file(IfExists.FAIL);
            PreparedFile prepared = prepare(file);
            gateway.on("PUT", KEY).first(() -> server.put(bucket, KEY, OTHERS));

            assertThatThrownBy(() -> publish(prepared.toTouched(), file))
                    .isInstanceOfSatisfying(
                            DeliveryException.class,
                            failure -> assertThat(failure.occupied()).isTrue());

            assertHas(OTHERS);
        }

        @Test
        void should_not_know_whose_object_it_is_where_it_may_not_read() throws Exception {
            OutgoingFile file = file(IfExists.FAIL);
            PreparedFile prepared = prepare(file);
            gateway.on("PUT", KEY).loseAnswer();
            assertThatThrownBy(() -> publish(prepared, file)).isInstanceOf(DeliveryException.class);
            gateway.on("HEAD", KEY).always().answer(403, "");

            assertThat(publish(prepared.toTouched(), file)).isEmpty();
        }

        @Test
        void should_not_replace_a_version_that_it_has_not_seen() throws Exception {
            server.put(bucket, KEY, "the old file");
            OutgoingFile file = file(IfExists.REPLACE);
            PreparedFile prepared = prepare(file);
            gateway.on("PUT", KEY).first(() -> server.put(bucket, KEY, OTHERS));

            assertThatThrownBy(() -> publish(prepared, file))
                    .isInstanceOfSatisfying(DeliveryException.class, failure -> {
                        assertThat(failure.retryable()).isTrue();
                        assertThat(failure)
                                .hasMessage(location + " was changed by others while it was to be replaced, and was not"
                                        + " touched (job=visits-lakeside, run=41)");
                    });

            assertHas(OTHERS);
            assertThat(publish(prepared.toTouched(), file)).isPresent();
            assertHas(new String(CONTENT, UTF_8));
        }

        @Test
        void should_not_replace_an_object_that_was_deleted_meanwhile_without_a_look() throws Exception {
            server.put(bucket, KEY, "the old file");
            OutgoingFile file = file(IfExists.REPLACE);
            PreparedFile prepared = prepare(file);
            gateway.on("PUT", KEY)
                    .first(() -> server.client()
                            .deleteObject(delete -> delete.bucket(bucket).key(KEY)));

            assertThatThrownBy(() -> publish(prepared, file))
                    .hasMessageStartingWith(location + " was changed by others while it was to be replaced");

            assertThat(publish(prepared.toTouched(), file)).isPresent();
        }

        @Test
        void should_keep_both_by_the_run_where_it_may_not_read() throws Exception {
            gateway.on("HEAD", KEY).always().answer(403, "");

            PreparedFile prepared = prepare(file(IfExists.KEEP_BOTH));

            assertThat(prepared.location()).isEqualTo("s3://" + bucket + "/exports/visits-r41.csv");
        }

        @Test
        void should_not_delete_another_version_of_the_same_size() throws Exception {
            OutgoingFile file = file(IfExists.FAIL);
            publish(prepare(file), file);
            gateway.on("DELETE", KEY).first(() -> server.put(bucket, KEY, "1234567"));

            try (DeliverySession session = delivery.open()) {
                assertThat(session.delete(location, CONTENT.length)).isEqualTo(Deletion.DIFFERENT);
            }

            assertHas("1234567");
        }
    }

    @Nested
    class LargeFiles {

        @BeforeEach
        void uploadInParts() {
            delivery = ObjectServer.delivery(bucket, gateway.endpoint())
                    .multipartFrom(1)
                    .build();
        }

        @Test
        void should_recognize_its_own_object_when_the_answer_got_lost() throws Exception {
            OutgoingFile file = file(IfExists.FAIL);
            PreparedFile prepared = prepare(file);
            Inspection uploaded = inspect(prepared.temporary().orElseThrow());
            gateway.on("POST", "uploadId").loseAnswer();

            assertThatThrownBy(() -> publish(prepared, file))
                    .isInstanceOfSatisfying(
                            DeliveryException.class,
                            failure -> assertThat(failure.code()).isEqualTo(FailureCode.DESTINATION_UNAVAILABLE));

            assertThat(inspect(prepared.temporary().orElseThrow())).isEqualTo(Inspection.missing());
            assertThat(inspect(location).fileKey())
                    .isEqualTo(uploaded.fileKey())
                    .contains(file.temporaryName());
            assertThat(publish(prepared, file)).isEmpty();
        }

        @Test
        void should_keep_the_upload_when_the_request_was_not_received() throws Exception {
            OutgoingFile file = file(IfExists.FAIL);
            PreparedFile prepared = prepare(file);
            gateway.on("POST", "uploadId").cut();
            assertThatThrownBy(() -> publish(prepared, file)).isInstanceOf(DeliveryException.class);
            assertThat(inspect(location)).isEqualTo(Inspection.missing());

            assertThat(publish(prepared, file)).contains(new DeliveryReceipt(location, Publication.ATOMIC));
        }

        @Test
        void should_not_replace_a_version_that_it_has_not_seen() throws Exception {
            server.put(bucket, KEY, "the old file");
            OutgoingFile file = file(IfExists.REPLACE);
            PreparedFile prepared = prepare(file);
            gateway.on("POST", "uploadId").first(() -> server.put(bucket, KEY, OTHERS));

            assertThatThrownBy(() -> publish(prepared, file))
                    .hasMessageStartingWith(location + " was changed by others while it was to be replaced");
            assertHas(OTHERS);

            assertThat(publish(prepared, file)).isPresent();
            assertHas(new String(CONTENT, UTF_8));
        }
    }
}
