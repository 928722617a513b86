package io.outfeed.ftp;

import static io.outfeed.ftp.fixture.TestSessions.openSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.file.IfExists;
import io.outfeed.ftp.fixture.Certificates;
import io.outfeed.ftp.fixture.OutgoingFiles;
import io.outfeed.ftp.fixture.ScriptedFtpServer;
import io.outfeed.ftp.internal.transfer.FtpSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether the server proves who it is, and whether everything is encrypted. */
class FtpsIdentityTest {

    @TempDir
    private static Path keys;

    private static Certificates trusted;
    private static Certificates other;
    private static Certificates elsewhere;
    private static Certificates expired;

    @TempDir
    private Path exports;

    @TempDir
    private Path staging;

    private @Nullable ScriptedFtpServer server;

    @BeforeAll
    static void makeCertificates() {
        trusted = Certificates.create(keys);
        other = Certificates.create(keys, "other", "SAN=ip:127.0.0.1", "-0d", 10);
        elsewhere = Certificates.create(keys, "elsewhere", "SAN=dns:ftp.elsewhere.example", "-0d", 10);
        expired = Certificates.create(keys, "expired", "SAN=ip:127.0.0.1", "-10d", 5);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private ScriptedFtpServer start(Certificates certificates) {
        return start(certificates, null, false);
    }

    private ScriptedFtpServer start(Certificates certificates, @Nullable Certificates client, boolean implicit) {
        ScriptedFtpServer started = ScriptedFtpServer.startTls(exports, certificates, client, implicit);
        server = started;
        return started;
    }

    private void deliver(FtpsDelivery delivery) {
        OutgoingFile file = OutgoingFiles.file(staging, "id\r\n1\r\n", IfExists.FAIL);
        try (FtpSession session = openSession(delivery)) {
            assertThat(session.publish(session.prepare(file), file)).isPresent();
        }
        assertThat(exports.resolve("interactions-12.csv")).hasContent("id\n1\n");
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
            FtpsDelivery delivery, FailureCode code) {
        return assertThatThrownBy(() -> openSession(delivery))
                .satisfies(e -> assertThat(((DeliveryException) e).code()).isEqualTo(code));
    }

    // ---- whom it trusts

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void should_deliver_to_a_trusted_server(boolean implicit) {
        ScriptedFtpServer started = start(trusted, null, implicit);

        deliver(started.protectedDelivery().trustedCertificates(trusted.pem()).build());

        assertThat(started.commands()).contains("PBSZ 0", "PROT P");
    }

    @Test
    void should_trust_a_key_store() {
        deliver(start(trusted)
                .protectedDelivery()
                .trustStore(trusted.store(), Certificates.PASSWORD::toCharArray)
                .build());
    }

    /** By default what the JVM trusts, which has not signed this. */
    @Test
    void should_not_trust_a_certificate_that_nothing_vouches_for() {
        ScriptedFtpServer started = start(trusted);

        assertRefused(started.protectedDelivery().build(), FailureCode.IDENTITY_REFUSED)
                .hasMessage("the certificate of 127.0.0.1:" + started.port()
                        + " is not trusted: its SHA-256 fingerprint"
                        + " is " + trusted.fingerprint() + ". Compare it with what the server's operator says, and set"
                        + " trustedCertificates or pinnedCertificate. Nothing was sent (delivery=lakeside)");
        assertThat(started.commands()).containsExactly("AUTH TLS");
    }

    @Test
    void should_not_trust_another_certificate() {
        assertRefused(
                        start(other)
                                .protectedDelivery()
                                .trustedCertificates(trusted.pem())
                                .build(),
                        FailureCode.IDENTITY_REFUSED)
                .hasMessageContaining("is not trusted: its SHA-256 fingerprint is " + other.fingerprint());
    }

    @Test
    void should_not_trust_a_certificate_for_another_host() {
        ScriptedFtpServer started = start(elsewhere);

        assertRefused(
                        started.protectedDelivery()
                                .trustedCertificates(elsewhere.pem())
                                .build(),
                        FailureCode.IDENTITY_REFUSED)
                .hasMessage("the certificate of 127.0.0.1:" + started.port() + " is for other names than 127.0.0.1: its"
                        + " SHA-256 fingerprint is " + elsewhere.fingerprint()
                        + ". Use the name that it is for, or have"
                        + " the server's operator correct it. Nothing was sent (delivery=lakeside)");
        assertThat(started.commands()).containsExactly("AUTH TLS");
    }

    @Test
    void should_not_trust_a_certificate_that_has_expired() {
        ScriptedFtpServer started = start(expired);

        assertRefused(
                        started.protectedDelivery()
                                .trustedCertificates(expired.pem())
                                .build(),
                        FailureCode.IDENTITY_REFUSED)
                .hasMessage("the certificate of 127.0.0.1:" + started.port() + " has expired, or is not valid yet: its"
                        + " SHA-256 fingerprint is " + expired.fingerprint() + ". Have the server's operator renew it,"
                        + " or check this machine's clock. Nothing was sent (delivery=lakeside)");
        assertRefused(
                        started.protectedDelivery()
                                .pinnedCertificate(expired.fingerprint())
                                .build(),
                        FailureCode.IDENTITY_REFUSED)
                .hasMessageContaining("has expired");
    }

    /** As a host key is: its names don't matter. */
    @Test
    void should_trust_a_pinned_certificate() {
        deliver(start(elsewhere)
                .protectedDelivery()
                .pinnedCertificate("00".repeat(32))
                .pinnedCertificate(elsewhere.fingerprint())
                .build());
    }

    @Test
    void should_trust_only_pinned_certificates() {
        assertRefused(
                        start(trusted)
                                .protectedDelivery()
                                .pinnedCertificate(
                                        other.fingerprint().replace(":", "").toLowerCase(Locale.ROOT))
                                .build(),
                        FailureCode.IDENTITY_REFUSED)
                .hasMessageContaining("is not trusted: its SHA-256 fingerprint is " + trusted.fingerprint());
    }

    @Test
    void should_say_that_what_is_trusted_can_not_be_read() throws IOException {
        Path empty = Files.createFile(exports.resolve("empty.pem"));
        for (Path file : List.of(exports.resolve("none.pem"), empty)) {
            assertRefused(
                            start(trusted)
                                    .protectedDelivery()
                                    .trustedCertificates(file)
                                    .build(),
                            FailureCode.IDENTITY_REFUSED)
                    .hasMessage("can't read the trusted certificates: check the file that is set, and its password"
                            + " (delivery=lakeside)");
            stop();
        }
    }

    // ---- the client's certificate

    @Test
    void should_show_its_certificate() {
        deliver(start(trusted, other, false)
                .protectedDelivery()
                .trustedCertificates(trusted.pem())
                .clientCertificate(other.store(), Certificates.PASSWORD::toCharArray)
                .build());
    }

    @Test
    void should_say_that_its_certificate_can_not_be_read() {
        assertRefused(
                        start(trusted)
                                .protectedDelivery()
                                .trustedCertificates(trusted.pem())
                                .clientCertificate(other.store(), "another"::toCharArray)
                                .build(),
                        FailureCode.LOGIN_REFUSED)
                .hasMessage("the client certificate " + other.store()
                        + " can't be read: check the file and its password (delivery=lakeside)");
    }

    // ---- whether all is encrypted

    @ParameterizedTest
    @ValueSource(strings = {"500 what?", "530 no", "502 no", "421 no"})
    void should_not_log_in_without_encryption(String answer) {
        ScriptedFtpServer started = start(trusted);
        started.answer("AUTH", answer);

        assertThatThrownBy(() -> openSession(started.protectedDelivery()
                        .trustedCertificates(trusted.pem())
                        .build()))
                .isInstanceOf(DeliveryException.class);
        assertThat(started.commands()).containsOnly("AUTH TLS");
    }

    @Test
    void should_send_no_file_over_data_connections_without_encryption() {
        ScriptedFtpServer started = start(trusted);
        started.answer("PROT", "536 no");

        assertRefused(
                        started.protectedDelivery()
                                .trustedCertificates(trusted.pem())
                                .build(),
                        FailureCode.DESTINATION_REFUSED)
                .hasMessage(
                        "127.0.0.1:" + started.port() + " does not encrypt data connections: have its operator allow"
                                + " PROT P. No file was sent (delivery=lakeside)");
        assertThat(started.commands()).last().isEqualTo("PROT P");
    }

    /** What comes before the handshake may be from any host, and would be read as an answer after it. */
    @Test
    void should_read_nothing_that_was_sent_before_the_encryption() {
        ScriptedFtpServer started = start(trusted);
        started.answer("AUTH", "234 begin\r\n230 logged in");

        assertThatThrownBy(() -> openSession(started.protectedDelivery()
                        .trustedCertificates(trusted.pem())
                        .build()))
                .hasMessageContaining("sent what is no reply of FTP, to agree on a secure connection failed");
        assertThat(started.commands()).containsExactly("AUTH TLS");
    }
}
