package io.outfeed.ftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.Protection;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.field.FieldMark;
import io.outfeed.file.FileNames;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the builder accepts, and what a delivery says about itself. */
class FtpsDeliveryTest {

    private static FtpsDelivery.Builder complete(FtpsDelivery.Builder builder) {
        return builder.user("outfeed").password("pa55word").directory("/exports");
    }

    private static FtpsDelivery.Builder builder() {
        return complete(FtpsDelivery.builder("lakeside", "ftp.lakeside.example"));
    }

    @Test
    void should_link_to_a_file_where_an_address_can_say_it() {
        assertThat(builder().build().link("/exports/visits.csv"))
                .contains(URI.create("ftpes://ftp.lakeside.example/exports/visits.csv"));
        assertThat(complete(FtpsDelivery.implicitTls("lakeside", "ftp.lakeside.example"))
                        .port(991)
                        .build()
                        .link("/exports/visits.csv"))
                .contains(URI.create("ftps://ftp.lakeside.example:991/exports/visits.csv"));
        assertThat(builder().build().link("exports/visits.csv"))
                .as("from the login's home")
                .isEmpty();
    }

    @Test
    void should_report_everything_that_is_missing() {
        assertThatThrownBy(() ->
                        FtpsDelivery.builder("lakeside", "ftp.lakeside.example").build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        "FTPS delivery 'lakeside' has 3 problems: user is missing; password is missing; directory is"
                                + " missing");
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                wrong("port 0 is not between 1 and 65535", all -> all.port(0)),
                wrong("port 65536 is not between 1 and 65535", all -> all.port(65_536)),
                wrong("user is missing", all -> all.user(" ")),
                wrong("user has a line break or another control character", all -> all.user("a\r\nDELE b")),
                wrong(
                        "directory '~' is no path: a relative one, such as 'exports', begins at the login's home, which"
                                + " is '.'",
                        all -> all.directory("~")),
                wrong(
                        "directory '/a/../b' is not plain: '//', '.', '..' and control characters are not allowed",
                        all -> all.directory("/a/../b")),
                wrong(
                        "directory '/a??DELE b' is not plain: '//', '.', '..' and control characters are not allowed",
                        all -> all.directory("/a\r\nDELE b")),
                wrong(
                        "connectTimeout PT0S is not between 1 millisecond and 1 day",
                        all -> all.connectTimeout(Duration.ZERO)),
                wrong(
                        "operationTimeout PT25H is not between 1 millisecond and 1 day",
                        all -> all.operationTimeout(Duration.ofHours(25))),
                wrong(
                        "deliveryTimeout PT-1S is not between 1 millisecond and 1 day",
                        all -> all.deliveryTimeout(Duration.ofSeconds(-1))),
                wrong("idleTimeout PT2H is not between 0 and 1 hour", all -> all.idleTimeout(Duration.ofHours(2))),
                wrong(
                        "keepAlive PT0.5S is neither 0 nor between 1 second and 1 day",
                        all -> all.keepAlive(Duration.ofMillis(500))),
                wrong("connections 0 is not between 1 and 100", all -> all.connections(0)),
                wrong(
                        "pinnedCertificate 'AB:CD' is no fingerprint: it must be the 64 hexadecimal digits of SHA-256,"
                                + " as openssl x509 -fingerprint -sha256 shows them",
                        all -> all.pinnedCertificate("AB:CD")),
                wrong(
                        "the trust is set 2 times: choose one of trustedCertificates, trustStore and pinnedCertificate",
                        all -> all.trustedCertificates(Path.of("ca.pem")).pinnedCertificate("ab".repeat(32))));
    }

    private static Arguments wrong(String problem, UnaryOperator<FtpsDelivery.Builder> option) {
        return Arguments.of(problem, option);
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void should_say_what_is_wrong(String problem, UnaryOperator<FtpsDelivery.Builder> option) {
        assertThatThrownBy(() -> option.apply(builder()).build())
                .hasMessage("FTPS delivery 'lakeside' has 1 problem: " + problem);
    }

    @Test
    void should_refuse_certificates_without_encryption() {
        assertThatThrownBy(() -> complete(FtpsDelivery.unencrypted("lakeside", "ftp.lakeside.example"))
                        .pinnedCertificate("ab".repeat(32))
                        .build())
                .hasMessage("FTP delivery 'lakeside' has 1 problem: an unencrypted delivery has no certificates: use"
                        + " FtpsDelivery.builder, or leave them out");
    }

    @Test
    void should_refuse_ids_and_hosts_that_are_none() {
        assertThatThrownBy(() -> complete(FtpsDelivery.builder("../a", "b c")).build())
                .hasMessage(
                        "FTPS delivery '../a' has 2 problems: the id is no safe name: at most 120 letters A-Z and a-z,"
                                + " digits, '.', '_' and '-', not beginning with '.' or '-'; the host is no name or"
                                + " address of a server");
    }

    @Test
    void should_know_the_ports() {
        assertThat(builder().build().server()).isEqualTo("ftp.lakeside.example:21");
        assertThat(complete(FtpsDelivery.implicitTls("lakeside", "ftp.lakeside.example"))
                        .build()
                        .server())
                .isEqualTo("ftp.lakeside.example:990");
        assertThat(builder().port(2121).build().login()).isEqualTo("outfeed@ftp.lakeside.example:2121");
    }

    @Test
    void should_show_no_secret() {
        FtpsDelivery absolute = builder().build();
        FtpsDelivery relative = builder().directory("in/").build();

        assertThat(absolute).hasToString("FTPS delivery 'lakeside' to outfeed@ftp.lakeside.example:21/exports");
        assertThat(relative).hasToString("FTPS delivery 'lakeside' to outfeed@ftp.lakeside.example:21/~/in");
        assertThat(absolute.fingerprint())
                .isEqualTo("lakeside\nftp.lakeside.example:21\n/exports\nEXPLICIT_TLS\noutfeed");
    }

    @Test
    void should_keep_names_of_any_script() {
        assertThat(builder().build().fileNames()).isEqualTo(FileNames.UNICODE);
    }

    // ---- protection

    private record Visit(String id, Instant at, String name) {}

    private static ExportJob job(Delivery delivery) {
        ExportDefinition<Visit> visits = ExportDefinition.builder("visits", Visit.class)
                .source(ListSource.create(Visit::id, Visit::at))
                .recordKey(Visit::id)
                .watermark(Watermark.timestamp(Visit::at, Duration.ZERO))
                .fields(f -> f.field("name", Visit::name, FieldMark.SENSITIVE))
                .file(f -> f.name("visits-{sequence}.csv"))
                .build();
        return ExportJob.builder("visits-lakeside", visits).deliverTo(delivery).build();
    }

    @Test
    void should_protect_sensitive_fields_by_tls_only() {
        FtpsDelivery plain = complete(FtpsDelivery.unencrypted("lakeside", "ftp.lakeside.example"))
                .build();
        assertThat(plain.protection()).isEqualTo(Protection.PLAIN);
        assertThat(builder().build().protection()).isEqualTo(Protection.PROTECTED);

        assertThat(job(builder().build()).name()).isEqualTo("visits-lakeside");
        assertThatThrownBy(() -> job(plain))
                .hasMessageContaining("field 'name' of definition 'visits' may leave only encrypted or by a protected"
                        + " delivery, and delivery 'lakeside' is plain");
    }
}
