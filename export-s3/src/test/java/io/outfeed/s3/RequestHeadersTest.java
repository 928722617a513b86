package io.outfeed.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.file.IfExists;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What requests say about an object: S3Proxy knows neither encryption nor tags. */
class RequestHeadersTest {

    private static final byte[] CONTENT = "id\r\n1\r\n".getBytes(UTF_8);
    private static final String SHA256 =
            Base64.getEncoder().encodeToString(HexFormat.of().parseHex(TestFiles.sha256(CONTENT)));

    private final ObjectServer server = ObjectServer.get();
    private final String bucket = server.makeBucket();

    @TempDir
    private Path directory;

    private Gateway gateway;

    @BeforeEach
    void startGateway() throws IOException {
        gateway = Gateway.to(server);
    }

    @AfterEach
    void closeGateway() throws IOException {
        gateway.close();
    }

    private S3Delivery.Builder delivery() {
        return ObjectServer.delivery(bucket, gateway.endpoint());
    }

    private void deliver(S3Delivery delivery, String name, IfExists ifExists) throws Exception {
        OutgoingFile file = TestFiles.file(directory, 41, name, CONTENT, ifExists);
        try (DeliverySession session = delivery.open()) {
            assertThat(session.publish(session.prepare(file), file)).isPresent();
        }
    }

    private Gateway.Request putOf(S3Delivery delivery, String name, IfExists ifExists) throws Exception {
        gateway.on("PUT", "/exports/").answer(200, "");
        deliver(delivery, name, ifExists);
        return gateway.last("PUT", "/exports/");
    }

    @Test
    void should_send_the_origin_and_the_checksum_and_demand_that_the_name_is_free() throws Exception {
        Gateway.Request put = putOf(delivery().build(), "Besuche Z\u00fcrich.csv", IfExists.FAIL);

        assertThat(put.header("x-amz-meta-outfeed-run")).isEqualTo("41");
        assertThat(put.header("x-amz-meta-outfeed-path")).isEqualTo("Besuche+Z%C3%BCrich.csv");
        assertThat(put.header("x-amz-meta-outfeed-sha256")).isEqualTo(TestFiles.sha256(CONTENT));
        assertThat(put.header("x-amz-checksum-sha256")).isEqualTo(SHA256);
        assertThat(put.header("If-None-Match")).isEqualTo("*");
        assertThat(put.header("If-Match")).isEmpty();
        assertThat(put.header("Content-Length")).isEqualTo("7");
        assertThat(put.header("x-amz-server-side-encryption")).isEmpty();
        assertThat(put.header("x-amz-tagging")).isEmpty();
    }

    @Test
    void should_replace_the_version_that_was_seen() throws Exception {
        server.put(bucket, "exports/visits.csv", "old");

        Gateway.Request put = putOf(delivery().build(), "visits.csv", IfExists.REPLACE);

        assertThat(put.header("If-Match"))
                .isEqualTo(server.head(bucket, "exports/visits.csv").eTag());
        assertThat(put.header("If-None-Match")).isEmpty();
    }

    @Test
    void should_send_no_condition_where_none_is_supported() throws Exception {
        Gateway.Request put = putOf(
                delivery().conditionalWrites(ConditionalWrites.NOT_SUPPORTED).build(), "visits.csv", IfExists.FAIL);

        assertThat(put.header("If-None-Match")).isEmpty();
        assertThat(put.header("If-Match")).isEmpty();
    }

    @Test
    void should_encrypt_and_tag_an_object_of_one_request() throws Exception {
        S3Delivery delivery = delivery()
                .encryption(S3Encryption.kms("alias/exports").bucketKey())
                .storageClass("STANDARD_IA")
                .tag("customer", "Lakeside & Co")
                .tag("kind", "visits")
                .build();

        assertEncryptedAndTagged(putOf(delivery, "visits.csv", IfExists.FAIL));
    }

    @Test
    void should_encrypt_and_tag_an_upload_in_parts() throws Exception {
        S3Delivery delivery = delivery()
                .multipartFrom(1)
                .encryption(S3Encryption.kms("alias/exports").bucketKey())
                .storageClass("STANDARD_IA")
                .tag("customer", "Lakeside & Co")
                .tag("kind", "visits")
                .build();
        gateway.on("POST", "?uploads").answer(501, "NotImplemented");

        try (DeliverySession session = delivery.open()) {
            OutgoingFile file = TestFiles.file(directory, 41, "visits.csv", CONTENT, IfExists.FAIL);
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> session.prepare(file)))
                    .isNotNull();
        }

        Gateway.Request create = gateway.last("POST", "?uploads");
        assertEncryptedAndTagged(create);
        assertThat(create.header("x-amz-checksum-algorithm")).isEqualTo("SHA256");
        assertThat(create.header("x-amz-meta-outfeed-upload")).isEqualTo(".visits.csv.r41-t97.part");
        assertThat(create.header("x-amz-meta-outfeed-run")).isEqualTo("41");
    }

    private static void assertEncryptedAndTagged(Gateway.Request request) {
        assertThat(request.header("x-amz-server-side-encryption")).isEqualTo("aws:kms");
        assertThat(request.header("x-amz-server-side-encryption-aws-kms-key-id"))
                .isEqualTo("alias/exports");
        assertThat(request.header("x-amz-server-side-encryption-bucket-key-enabled"))
                .isEqualTo("true");
        assertThat(request.header("x-amz-storage-class")).isEqualTo("STANDARD_IA");
        assertThat(request.header("x-amz-tagging")).isEqualTo("customer=Lakeside+%26+Co&kind=visits");
        assertThat(request.header("Content-Type")).isEqualTo("text/csv");
    }

    @Test
    void should_encrypt_with_the_keys_of_s3() throws Exception {
        Gateway.Request put = putOf(delivery().encryption(S3Encryption.s3Keys()).build(), "visits.csv", IfExists.FAIL);

        assertThat(put.header("x-amz-server-side-encryption")).isEqualTo("AES256");
        assertThat(put.header("x-amz-server-side-encryption-aws-kms-key-id")).isEmpty();
    }

    @Test
    void should_send_the_sha256_of_each_part_and_complete_without_the_label() throws Exception {
        deliver(delivery().multipartFrom(1).build(), "visits.csv", IfExists.FAIL);

        assertThat(gateway.last("PUT", "partNumber=1&").header("x-amz-checksum-sha256"))
                .isEqualTo(SHA256);
        assertThat(gateway.last("POST", "uploadId").header("If-None-Match")).isEqualTo("*");
        assertThat(server.read(bucket, "exports/visits.csv"))
                .hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo(CONTENT));
    }

    @ParameterizedTest
    @CsvSource({
        "visits.csv, text/csv",
        "visits.CSV, text/csv",
        "visits.csv.gz, application/gzip",
        "visits.jsonl, application/x-ndjson",
        "visits.xlsx, application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "visits.csv.pgp, application/pgp-encrypted",
        "visits.csv.sha256, text/plain",
        "manifest.json, application/json",
        "visits, application/octet-stream"
    })
    void should_take_the_content_type_from_the_name(String name, String contentType) throws Exception {
        deliver(delivery().build(), name, IfExists.FAIL);

        assertThat(server.head(bucket, "exports/" + name).contentType()).isEqualTo(contentType);
    }

    @Test
    void should_have_the_content_type_that_is_set() throws Exception {
        deliver(delivery().contentType("text/csv; header=present").build(), "visits.csv", IfExists.FAIL);

        assertThat(server.head(bucket, "exports/visits.csv").contentType()).isEqualTo("text/csv; header=present");
    }
}
