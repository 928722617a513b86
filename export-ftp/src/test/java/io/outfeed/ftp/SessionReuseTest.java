package io.outfeed.ftp;

import static io.outfeed.ftp.fixture.TestSessions.openSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.file.IfExists;
import io.outfeed.ftp.fixture.OutgoingFiles;
import io.outfeed.ftp.fixture.ProftpdServer;
import io.outfeed.ftp.fixture.RealServer;
import io.outfeed.ftp.fixture.VsftpdServer;
import io.outfeed.ftp.internal.transfer.FtpSession;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Servers that demand that each data connection resumes the session of the control connection. Each refuses another
 * version of TLS: ProFTPD resumes a session of 1.3 once, and the JDK ignores vsftpd's tickets of 1.2.
 */
class SessionReuseTest {

    private static final int FILES = 4;

    @TempDir
    private Path home;

    @TempDir
    private Path staging;

    private void deliver(FtpSession session) {
        OutgoingFile file = OutgoingFiles.file(staging, "id\r\n1\r\n", IfExists.REPLACE);
        PreparedFile prepared = session.prepare(file);
        assertThat(session.publish(prepared, file)).isPresent();
        assertThat(session.sha256(prepared.location())).contains(file.file().sha256());
    }

    @Test
    void should_resume_the_session_at_vsftpd() throws IOException {
        try (VsftpdServer server = VsftpdServer.start(home)) {
            FtpsDelivery delivery = server.delivery().build();
            for (int i = 0; i < FILES; i++) {
                try (FtpSession session = openSession(delivery)) {
                    deliver(session);
                    deliver(session);
                }
            }

            assertThat(server.tlsLog())
                    .filteredOn(line -> line.contains("TLSv1.3") && line.contains(", reused"))
                    .hasSize(FILES * 4);
            assertThat(server.tlsLog())
                    .as("it is found out once")
                    .filteredOn(line -> line.contains("TLSv1.2"))
                    .hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.2 TLSv1.3"})
    void should_resume_the_session_at_proftpd(String versions) {
        try (ProftpdServer server = ProftpdServer.start(home, "TLSProtocol " + versions)) {
            FtpsDelivery delivery = server.delivery().build();
            for (int i = 0; i < FILES; i++) {
                try (FtpSession session = openSession(delivery)) {
                    deliver(session);
                    deliver(session);
                }
            }
        }
    }

    /** One that does not resume sessions at all, and has no other version. */
    @Test
    void should_use_what_a_server_has() {
        try (ProftpdServer server = ProftpdServer.start(
                home, "TLSProtocol TLSv1.3", "TLSOptions NoSessionReuseRequired", "TLSSessionCache off")) {
            try (FtpSession session = openSession(server.delivery().build())) {
                deliver(session);
                deliver(session);
            }
        }
    }

    @Test
    void should_use_implicit_tls() {
        try (ProftpdServer server = ProftpdServer.start(home, "TLSOptions UseImplicitSSL")) {
            FtpsDelivery delivery = FtpsDelivery.implicitTls("lakeside", "127.0.0.1")
                    .port(server.port())
                    .user("outfeed")
                    .password(ProftpdServer.PASSWORD)
                    .pinnedCertificate(server.certificates().fingerprint())
                    .directory(server.exports().toString())
                    .build();
            try (FtpSession session = openSession(delivery)) {
                deliver(session);
            }
        }
    }

    /** The server demands TLS, and says so by refusing the user. */
    @Test
    void should_not_deliver_unencrypted_where_tls_is_demanded() {
        try (RealServer server = ProftpdServer.start(home)) {
            FtpsDelivery delivery = FtpsDelivery.unencrypted("lakeside", "127.0.0.1")
                    .port(server.port())
                    .user("outfeed")
                    .password(ProftpdServer.PASSWORD)
                    .directory(server.exports().toString())
                    .build();

            assertThatThrownBy(() -> openSession(delivery))
                    .hasMessageContaining("refused the login of user 'outfeed': check the password, whether the server"
                            + " demands TLS, and whether the account is locked")
                    .extracting(e -> ((DeliveryException) e).code())
                    .isEqualTo(FailureCode.LOGIN_REFUSED);
        }
    }

    @Test
    void should_say_that_the_login_is_refused() {
        try (RealServer server = ProftpdServer.start(home)) {
            assertThatThrownBy(() ->
                            openSession(server.delivery().password("another").build()))
                    .hasMessage(
                            "127.0.0.1:" + server.port() + " refused the login of user 'outfeed': check the password,"
                                    + " and whether the account is locked (delivery=lakeside)");
        }
    }

    /** mod_digest computes hashes: what it says is compared. */
    @Test
    void should_compare_the_hash_that_the_server_computes() {
        try (ProftpdServer server = ProftpdServer.start(home, "LoadModule mod_digest.c", "DigestEngine on")) {
            OutgoingFile right = OutgoingFiles.file(staging, "id\r\n1\r\n", IfExists.FAIL);
            String other = "ab".repeat(32);
            OutgoingFile wrong = OutgoingFiles.withSha256(right, other);
            try (FtpSession session = openSession(server.delivery().build())) {
                assertThatThrownBy(() -> session.prepare(wrong))
                        .hasMessageContaining("its SHA-256 is " + right.file().sha256() + " instead of " + other);
                assertThat(session.publish(session.prepare(right), right)).isPresent();
            }
        }
    }
}
