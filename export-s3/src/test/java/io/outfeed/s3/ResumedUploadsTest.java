package io.outfeed.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/** Uploads in parts that break off, and those that are left. */
class ResumedUploadsTest {

    private static final int PART = 5 << 20;
    private static final byte[] CONTENT = TestFiles.bytes(2 * PART + 1_000);
    private static final String KEY = "exports/visits.csv";

    private final ObjectServer server = ObjectServer.get();
    private final String bucket = server.makeBucket();

    @TempDir
    private Path directory;

    private Gateway gateway;
    private S3Delivery delivery;

    @BeforeEach
    void startGateway() throws IOException {
        gateway = Gateway.to(server);
        delivery =
                ObjectServer.delivery(bucket, gateway.endpoint()).partSize(PART).build();
    }

    @AfterEach
    void closeGateway() throws IOException {
        gateway.close();
    }

    private OutgoingFile file() throws IOException {
        return TestFiles.file(directory, 41, "visits.csv", CONTENT, IfExists.FAIL);
    }

    private PreparedFile prepare(OutgoingFile file) throws Exception {
        try (DeliverySession session = delivery.open()) {
            return session.prepare(file);
        }
    }

    private void publish(PreparedFile prepared, OutgoingFile file) throws Exception {
        try (DeliverySession session = delivery.open()) {
            assertThat(session.publish(prepared, file)).isPresent();
        }
    }

    private void discard(OutgoingFile file) throws Exception {
        try (DeliverySession session = delivery.open()) {
            session.discard(file);
        }
    }

    private List<String> sentParts() {
        return gateway.lines("partNumber=").stream()
                .map(line -> line.replaceAll(".*partNumber=(\\d+).*", "$1"))
                .toList();
    }

    @Test
    void should_upload_parts_that_no_receiver_sees_and_report_them() throws Exception {
        OutgoingFile file = file();
        List<Long> reported = new ArrayList<>();

        PreparedFile prepared = prepare(
                new OutgoingFile(file.job(), 41, 97, 1, file.file(), file.content(), IfExists.FAIL, reported::add));

        assertThat(sentParts()).containsExactly("10000", "1", "2", "3");
        assertThat(reported).containsExactly((long) PART, 2L * PART, (long) CONTENT.length);
        assertThat(server.keys(bucket)).isEmpty();
        publish(prepared, file);
        assertThat(server.read(bucket, KEY))
                .hasValueSatisfying(bytes -> assertThat(TestFiles.sha256(bytes))
                        .isEqualTo(file.file().sha256()));
        assertThat(server.uploads(bucket)).isEmpty();
    }

    @Test
    void should_send_only_the_parts_that_the_server_does_not_have() throws Exception {
        OutgoingFile file = file();
        gateway.on("PUT", "partNumber=2").cut();
        assertThatThrownBy(() -> prepare(file)).isInstanceOfSatisfying(DeliveryException.class, failure -> {
            assertThat(failure.code()).isEqualTo(FailureCode.DESTINATION_UNAVAILABLE);
            assertThat(failure)
                    .hasMessage("can't upload part 2 of s3://" + bucket + "/" + KEY + ": "
                            + gateway.endpoint().getAuthority() + " did not answer (job=visits-lakeside, run=41)");
        });

        PreparedFile prepared = prepare(file);

        assertThat(sentParts()).containsExactly("10000", "1", "2", "2", "3");
        publish(prepared, file);
        assertThat(server.read(bucket, KEY))
                .hasValueSatisfying(bytes -> assertThat(TestFiles.sha256(bytes))
                        .isEqualTo(file.file().sha256()));
    }

    @Test
    void should_not_send_a_part_again_whose_answer_got_lost() throws Exception {
        OutgoingFile file = file();
        gateway.on("PUT", "partNumber=3").loseAnswer();
        assertThatThrownBy(() -> prepare(file)).isInstanceOf(DeliveryException.class);

        prepare(file);

        assertThat(sentParts()).containsExactly("10000", "1", "2", "3");
    }

    @Test
    void should_send_a_part_again_that_has_other_bytes_of_the_same_size() throws Exception {
        OutgoingFile file = file();
        gateway.on("PUT", "partNumber=3").cut();
        assertThatThrownBy(() -> prepare(file)).isInstanceOf(DeliveryException.class);
        MultipartUpload upload = server.uploads(bucket).get(0);
        byte[] damaged = TestFiles.bytes(PART);
        server.client()
                .uploadPart(
                        part -> part.bucket(bucket)
                                .key(KEY)
                                .uploadId(upload.uploadId())
                                .partNumber(2),
                        RequestBody.fromBytes(damaged));

        PreparedFile prepared = prepare(file);

        assertThat(sentParts()).containsExactly("10000", "1", "2", "3", "2", "3");
        publish(prepared, file);
        assertThat(server.read(bucket, KEY))
                .hasValueSatisfying(bytes -> assertThat(TestFiles.sha256(bytes))
                        .isEqualTo(file.file().sha256()));
    }

    @Test
    void should_begin_anew_after_an_upload_whose_label_is_missing() throws Exception {
        OutgoingFile file = file();
        gateway.on("PUT", "partNumber=10000").cut();
        assertThatThrownBy(() -> prepare(file))
                .hasMessageStartingWith("can't begin the upload of s3://" + bucket + "/" + KEY);

        PreparedFile prepared = prepare(file);

        publish(prepared, file);
        assertThat(server.uploads(bucket))
                .as("the one without a label, which has no bytes")
                .hasSize(1);
    }

    @Test
    void should_remove_what_a_process_has_left_and_no_upload_of_others() throws Exception {
        OutgoingFile file = file();
        String others = server.client()
                .createMultipartUpload(create -> create.bucket(bucket).key(KEY))
                .uploadId();
        server.client()
                .uploadPart(
                        part -> part.bucket(bucket).key(KEY).uploadId(others).partNumber(1),
                        RequestBody.fromString("of another program"));
        OutgoingFile ofAnotherRun = TestFiles.file(directory, 42, "visits.csv", CONTENT, IfExists.FAIL);
        prepare(ofAnotherRun);
        gateway.on("PUT", "partNumber=2").cut();
        assertThatThrownBy(() -> prepare(file)).isInstanceOf(DeliveryException.class);
        Files.delete(file.content());
        StagedFile litter = new StagedFile("", "", "visits.csv", 0, 0, "0".repeat(64)); // as the ledger remembers it

        discard(new OutgoingFile(file.job(), 41, 97, litter, file.content(), IfExists.FAIL));

        assertThat(server.uploads(bucket))
                .extracting(MultipartUpload::uploadId)
                .hasSize(2)
                .contains(others);
        assertThat(prepare(ofAnotherRun).temporary()).isPresent();
        assertThat(sentParts())
                .filteredOn("1"::equals)
                .as("the first part, by two runs")
                .hasSize(2);
    }

    @Test
    void should_refuse_an_upload_that_others_have_written_to() throws Exception {
        OutgoingFile file = file();
        PreparedFile prepared = prepare(file);
        MultipartUpload upload = server.uploads(bucket).get(0);
        server.client()
                .uploadPart(
                        part -> part.bucket(bucket)
                                .key(KEY)
                                .uploadId(upload.uploadId())
                                .partNumber(4),
                        RequestBody.fromString("more"));

        assertThatThrownBy(() -> publish(prepared, file))
                .hasMessage("the upload of s3://" + bucket + "/" + KEY + " has " + (CONTENT.length + 4)
                        + " bytes instead of " + CONTENT.length + ", and was not completed: something else writes to it"
                        + " (job=visits-lakeside, run=41)");

        assertThat(server.keys(bucket)).isEmpty();
    }

    @Test
    void should_miss_an_upload_that_was_cleaned() throws Exception {
        OutgoingFile file = file();
        PreparedFile prepared = prepare(file);
        MultipartUpload upload = server.uploads(bucket).get(0);
        server.client()
                .abortMultipartUpload(abort -> abort.bucket(bucket).key(KEY).uploadId(upload.uploadId()));

        try (DeliverySession session = delivery.open()) {
            assertThat(session.inspect(prepared.temporary().orElseThrow())).isEqualTo(Inspection.missing());
            assertThat(session.publish(prepared, file)).isEmpty();
        }
    }

    @Test
    void should_refuse_a_stored_upload_of_another_file() throws Exception {
        OutgoingFile file = file();
        PreparedFile prepared = prepare(file);
        String temporary = prepared.temporary().orElseThrow();
        String location = prepared.location();
        for (PreparedFile forged : List.of(
                PreparedFile.renamed(location, temporary.replace(".r41-", ".r42-")),
                PreparedFile.renamed(location, temporary.replace("exports/visits.csv?", "exports/other.csv?")),
                PreparedFile.renamed(location, location),
                PreparedFile.renamed("s3://" + bucket + "/elsewhere/visits.csv", temporary),
                PreparedFile.renamed("s3://another-bucket/exports/visits.csv", temporary),
                PreparedFile.direct("s3://" + bucket + "/visits.csv"),
                PreparedFile.direct("s3://" + bucket + "/exports/"))) {
            assertThatThrownBy(() -> publish(forged, file))
                    .as(forged.toString())
                    .hasMessageContaining(" is no place of this file in s3://" + bucket + "/exports/: nothing was"
                            + " touched there.");
        }
        assertThat(server.keys(bucket)).isEmpty();
    }
}
