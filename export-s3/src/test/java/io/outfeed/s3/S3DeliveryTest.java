package io.outfeed.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.Protection;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.file.FileNames;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

/** The options of a delivery, and what it says about itself. */
class S3DeliveryTest {

    private static final String PREFIX =
            "' is not like exports/lakeside: at most 500 characters, and no '//', '.', '..', '?' and control"
                    + " characters";

    /** What is wrong, the builder, and the problem. */
    static final List<Arguments> WRONG = List.of(
            wrong(
                    builder("lake side", "exports"),
                    "the id is no safe name: at most 120 letters A-Z and a-z, digits,"
                            + " '.', '_' and '-', not beginning with '.' or '-'"),
            wrong(
                    builder("lakeside", "x"),
                    "bucket 'x' is no name of a bucket: 3 to 63 letters, digits, '.', '_'" + " and '-'"),
            wrong(
                    builder("lakeside", "a/b"),
                    "bucket 'a/b' is no name of a bucket: 3 to 63 letters, digits, '.'," + " '_' and '-'"),
            wrong(S3Delivery.builder("lakeside", "exports"), "region is missing, such as eu-central-1"),
            wrong(builder().region("Frankfurt"), "region 'Frankfurt' is no region such as eu-central-1"),
            wrong(
                    builder().endpoint(URI.create("http://s3.example.org")),
                    "endpoint 'http://s3.example.org' is no address such as https://s3.example.org"),
            wrong(
                    builder().endpoint(URI.create("s3.example.org")),
                    "endpoint 's3.example.org' is no address such as https://s3.example.org"),
            wrong(
                    builder().endpoint(URI.create("https://key:secret@s3.example.org")),
                    "endpoint has a user or a query: it is an address such as https://s3.example.org"),
            wrong(
                    builder().endpointWithoutEncryption(URI.create("https://s3.example.org")),
                    "endpointWithoutEncryption 'https://s3.example.org' is no address such as http://s3.example.org"),
            wrong(
                    builder()
                            .endpoint(URI.create("https://s3.example.org"))
                            .endpointWithoutEncryption(URI.create("http://s3.example.org")),
                    "endpoint and endpointWithoutEncryption are both set: choose one"),
            wrong(
                    builder()
                            .endpointWithoutEncryption(URI.create("http://127.0.0.1:9000"))
                            .trustedCertificates(Path.of("authority.pem")),
                    "an endpoint without encryption has no certificates: use endpoint, or leave out"
                            + " trustedCertificates"),
            wrong(builder().prefix("/exports"), "prefix '/exports" + PREFIX),
            wrong(builder().prefix("a//b"), "prefix 'a//b" + PREFIX),
            wrong(builder().prefix("a/../b"), "prefix 'a/../b" + PREFIX),
            wrong(builder().prefix("a?b"), "prefix 'a?b" + PREFIX),
            wrong(builder().linkLifetime(Duration.ofDays(8)), "linkLifetime PT192H is not between 1 second and 7 days"),
            wrong(
                    builder()
                            .endpointWithoutEncryption(URI.create("http://127.0.0.1:9000"))
                            .linkLifetime(Duration.ofDays(1)),
                    "linkLifetime needs an endpoint with encryption: a link is all that is needed to read a file"),
            wrong(
                    builder().accessKey("A", "b"::toCharArray).accessKey("C", "d"::toCharArray),
                    "the credentials are set 2 times: choose one accessKey or credentials"),
            wrong(builder().storageClass("cold"), "storageClass 'cold' is not like STANDARD_IA"),
            wrong(builder().contentType("csv"), "contentType 'csv' is not like text/csv"),
            wrong(
                    builder().tag("aws:x", "y"),
                    "tag 'aws:x' can't be used: a name has 1 to 128 characters and does not begin with 'aws:', a value"
                            + " has at most 256"),
            wrong(builder().partSize(5L << 19), "partSize 2621440 is not between 5 MiB and 5 GiB"),
            wrong(
                    builder().connectTimeout(Duration.ZERO),
                    "connectTimeout PT0S is not between 1 millisecond and 1 day"),
            wrong(
                    builder().answerTimeout(Duration.ofDays(2)),
                    "answerTimeout PT48H is not between 1 millisecond and 1 day"),
            wrong(
                    builder().requestTimeout(Duration.ZERO),
                    "requestTimeout PT0S is not between 1 millisecond and 1 day"));

    private static Arguments wrong(S3Delivery.Builder builder, String problem) {
        return Arguments.of(builder, problem);
    }

    private static S3Delivery.Builder builder() {
        return builder("lakeside", "exports");
    }

    private static S3Delivery.Builder builder(String id, String bucket) {
        return S3Delivery.builder(id, bucket).region("eu-central-1");
    }

    @ParameterizedTest
    @FieldSource("WRONG")
    void should_refuse(S3Delivery.Builder builder, String problem) {
        assertThatThrownBy(builder::build)
                .isInstanceOfSatisfying(
                        InvalidDefinitionException.class,
                        failure -> assertThat(failure.problems()).containsExactly(problem));
    }

    @Test
    void should_report_all_problems_together() {
        assertThatThrownBy(() ->
                        S3Delivery.builder("lakeside", "exports").partSize(1).build())
                .hasMessage("S3 delivery 'lakeside' has 2 problems: region is missing, such as eu-central-1;"
                        + " partSize 1 is not between 5 MiB and 5 GiB");
    }

    @Test
    void should_refuse_too_many_tags() {
        S3Delivery.Builder builder = builder();
        for (int i = 0; i < 11; i++) {
            builder.tag("tag-" + i, "");
        }

        assertThatThrownBy(builder::build).hasMessageEndingWith("there are 11 tags, and an object has at most 10");
    }

    @Test
    void should_refuse_a_blank_kms_key() {
        assertThatThrownBy(() -> S3Encryption.kms(" "))
                .hasMessage("the KMS key is blank: give its id, its ARN or its alias");
    }

    @Test
    void should_compare_encryptions_by_value() {
        assertThat(S3Encryption.kms("alias/exports").bucketKey())
                .isEqualTo(S3Encryption.kms("alias/exports").bucketKey())
                .hasSameHashCodeAs(S3Encryption.kms("alias/exports").bucketKey())
                .isNotEqualTo(S3Encryption.kms("alias/exports"))
                .hasToString("aws:kms with key alias/exports");
        assertThat(S3Encryption.s3Keys()).hasToString("AES256");
    }

    @Test
    void should_say_where_it_delivers_to_without_its_secret() {
        S3Delivery delivery = builder()
                .prefix("lakeside")
                .accessKey("AKIA1", "s3cr3t"::toCharArray)
                .build();

        assertThat(delivery.toString())
                .isEqualTo("S3 delivery 'lakeside' to s3://exports/lakeside/ at s3.eu-central-1.amazonaws.com");
        assertThat(delivery.server()).isEqualTo("s3.eu-central-1.amazonaws.com/exports");
        assertThat(delivery.login()).isEqualTo("AKIA1@s3.eu-central-1.amazonaws.com/exports");
        assertThat(delivery.fingerprint())
                .isEqualTo("lakeside\ns3.eu-central-1.amazonaws.com\neu-central-1\nexports\nlakeside/");
        assertThat(delivery.fileNames()).isEqualTo(FileNames.UNICODE);
        assertThat(builder().build().login()).isEqualTo("default credentials@s3.eu-central-1.amazonaws.com/exports");
    }

    @Test
    void should_be_protected_unless_it_is_not_encrypted() {
        assertThat(builder().build().protection()).isEqualTo(Protection.PROTECTED);
        assertThat(builder()
                        .endpoint(URI.create("https://s3.example.org"))
                        .build()
                        .protection())
                .isEqualTo(Protection.PROTECTED);
        assertThat(builder()
                        .endpointWithoutEncryption(URI.create("http://127.0.0.1:9000"))
                        .build()
                        .protection())
                .isEqualTo(Protection.PLAIN);
    }

    @Test
    void should_not_change_when_its_builder_is_used_again() {
        S3Delivery.Builder builder = builder().prefix("a");
        S3Delivery first = builder.build();

        builder.prefix("b").tag("x", "y").build();

        assertThat(first.fingerprint()).endsWith("a/");
    }
}
