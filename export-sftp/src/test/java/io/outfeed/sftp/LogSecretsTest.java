package io.outfeed.sftp;

import static io.outfeed.sftp.fixture.TestSessions.openSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.file.IfExists;
import io.outfeed.sftp.fixture.CapturedLogs;
import io.outfeed.sftp.fixture.MinaServer;
import io.outfeed.sftp.fixture.OpenSshServer;
import io.outfeed.sftp.fixture.OutgoingFiles;
import io.outfeed.sftp.internal.transfer.SftpSession;
import io.outfeed.sftp.network.SocksOrHttpProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No log has a secret or a file's content, whatever its level, and no failure has one. */
@Timeout(60)
class LogSecretsTest {

    private static final String PASSWORD = "correct-horse-battery";
    private static final String WRONG = "wrong-horse-battery";
    private static final String PASSPHRASE = "staple-of-the-key";
    private static final String CANARY = "Canary, Clara; grade 4.0";

    @TempDir
    private Path root;

    @TempDir
    private Path staging;

    private CapturedLogs logs;

    @BeforeEach
    void capture() throws IOException {
        Files.createDirectory(root.resolve("exports"));
        logs = CapturedLogs.start();
    }

    @AfterEach
    void stop() {
        logs.close();
    }

    private MinaServer mina() {
        return MinaServer.start(
                root,
                List.of("ssh-ed25519"),
                server -> server.setPasswordAuthenticator((user, password, session) -> password.equals(PASSWORD)));
    }

    /** Uploads, publishes, reads back, inspects and deletes a file. */
    private void deliver(SftpDelivery.Builder builder) {
        SftpDelivery delivery = builder.idleTimeout(Duration.ZERO).build();
        OutgoingFile file = OutgoingFiles.file(staging, CANARY.repeat(1000), IfExists.REPLACE);
        try (SftpSession session = openSession(delivery)) {
            String location =
                    session.publish(session.prepare(file), file).orElseThrow().location();
            assertThat(session.sha256(location)).contains(file.file().sha256());
            assertThat(session.inspect(location).bytes()).isEqualTo(file.file().bytes());
            assertThat(session.delete(location, file.file().bytes())).isNotNull();
        }
    }

    private void fail(SftpDelivery.Builder builder) {
        Throwable failure = catchThrowable(() -> deliver(builder));
        assertThat(failure).isInstanceOf(DeliveryException.class);
        logs.log(failure);
    }

    private void assertSecret() {
        for (String secret : List.of(PASSWORD, WRONG, PASSPHRASE, CANARY)) {
            logs.assertNever(secret);
        }
    }

    @Test
    void should_capture_what_is_logged() throws Exception {
        try (MinaServer server = mina()) {
            fail(server.withoutLogin().password(WRONG));
        }

        assertThat(logs.lines()).anyMatch(line -> line.contains("password"));
    }

    @Test
    void should_not_log_a_password() throws Exception {
        try (MinaServer server = mina()) {
            deliver(server.withoutLogin().password(PASSWORD));
            deliver(server.withoutLogin().keyboardInteractive(PASSWORD::toCharArray));
            logs.log(new IllegalStateException("nothing was logged"));
        }

        assertSecret();
    }

    @Test
    void should_not_log_a_wrong_password() throws Exception {
        try (MinaServer server = mina()) {
            fail(server.withoutLogin().password(WRONG));
            fail(server.withoutLogin().keyboardInteractive(WRONG::toCharArray));
        }

        assertSecret();
    }

    @Test
    void should_not_log_what_a_supplier_says() throws Exception {
        try (MinaServer server = mina();
                SocksOrHttpProxy proxy = SocksOrHttpProxy.socks(true, 0)) {
            fail(server.withoutLogin().password(() -> {
                throw new IllegalStateException("can't decrypt", new IOException(PASSWORD));
            }));
            fail(server.withoutLogin().password(() -> {
                throw new AssertionError(PASSWORD);
            }));
            fail(server.withoutLogin().privateKey(Path.of("id_rsa"), () -> {
                throw new IllegalStateException(PASSPHRASE);
            }));
            fail(server.withoutLogin().keyboardInteractive(() -> {
                throw new IllegalStateException(PASSWORD);
            }));
            fail(server.withoutLogin()
                    .password(PASSWORD)
                    .proxy(SftpProxy.socks5("127.0.0.1", proxy.port()).credentials("clerk", () -> {
                        throw new IllegalStateException(WRONG);
                    })));
        }

        assertThat(logs.lines()).anyMatch(line -> line.contains("java.io.IOException (its message is left out"));

        assertSecret();
    }

    @Test
    void should_not_log_the_password_of_a_proxy() throws Exception {
        try (MinaServer server = mina();
                SocksOrHttpProxy socks = SocksOrHttpProxy.socks(true, 0);
                SocksOrHttpProxy http = SocksOrHttpProxy.http(true, 200)) {
            for (SftpProxy proxy :
                    List.of(SftpProxy.socks5("127.0.0.1", socks.port()), SftpProxy.http("127.0.0.1", http.port()))) {
                deliver(server.withoutLogin()
                        .password(PASSWORD)
                        .proxy(proxy.credentials("clerk", "pass word"::toCharArray)));
                fail(server.withoutLogin().password(PASSWORD).proxy(proxy.credentials("clerk", WRONG::toCharArray)));
            }
            logs.log(new IllegalStateException("nothing was logged"));
        }

        assertSecret();
        logs.assertNever("pass word");
    }

    @ParameterizedTest
    @ValueSource(strings = {"OPENSSH", "RFC4716", "PEM", "PKCS8"})
    void should_not_log_a_private_key_or_its_passphrase(String format) throws Exception {
        try (OpenSshServer server = OpenSshServer.start(root)) {
            Path key = server.newLogin("rsa", "2048", "");
            if (format.equals("OPENSSH")) {
                OpenSshServer.run(List.of("ssh-keygen", "-q", "-p", "-N", PASSPHRASE, "-f", key.toString()));
            } else {
                OpenSshServer.run(
                        List.of("ssh-keygen", "-q", "-p", "-m", format, "-N", PASSPHRASE, "-f", key.toString()));
            }
            deliver(server.delivery().privateKey(key, PASSPHRASE::toCharArray));
            fail(server.delivery().privateKey(key, WRONG::toCharArray));

            assertSecret();
            Files.readAllLines(key).stream()
                    .filter(line -> line.matches("[A-Za-z0-9+/=]{60,}"))
                    .forEach(line -> assertThat(logs.lines()).noneMatch(logged -> logged.contains(line)));
        }
    }

    @Test
    void should_not_log_a_private_key_without_a_passphrase() throws Exception {
        try (OpenSshServer server = OpenSshServer.start(root)) {
            Path key = server.newLogin("ed25519", "", "");
            deliver(server.delivery().privateKey(key));
            logs.log(new IllegalStateException("nothing was logged"));

            assertSecret();
            Files.readAllLines(key).stream()
                    .filter(line -> line.matches("[A-Za-z0-9+/=]{60,}"))
                    .forEach(line -> assertThat(logs.lines()).noneMatch(logged -> logged.contains(line)));
        }
    }
}
