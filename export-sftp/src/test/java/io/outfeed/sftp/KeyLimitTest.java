package io.outfeed.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.file.IfExists;
import io.outfeed.sftp.fixture.MinaServer;
import io.outfeed.sftp.fixture.OpenSshServer;
import io.outfeed.sftp.fixture.OutgoingFiles;
import io.outfeed.sftp.internal.connection.KeyLimit;
import io.outfeed.sftp.internal.login.LoginMethod;
import io.outfeed.sftp.internal.transfer.SftpSession;
import io.outfeed.sftp.internal.transfer.SftpSessions;
import io.outfeed.sftp.network.FaultyProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** New keys in the middle of a connection, whichever side asks for them. */
@Timeout(60)
class KeyLimitTest {

    private static final byte[] LARGE = new byte[20_000_001]; // enough for several channels
    private static final KeyLimit ONE_MEBIBYTE = new KeyLimit(1 << 20, Duration.ofHours(1));
    private static final KeyLimit AT_EACH_REQUEST = new KeyLimit(Long.MAX_VALUE, Duration.ZERO);
    private static final Pattern REQUEST_FOR_KEYS = Pattern.compile("SSH2_MSG_KEXINIT received");

    static {
        new Random(1).nextBytes(LARGE);
    }

    @TempDir
    private Path home;

    @TempDir
    private Path staging;

    private final AtomicInteger exchanges = new AtomicInteger();

    @BeforeEach
    void makeDirectory() throws IOException {
        Files.createDirectory(home.resolve("exports"));
    }

    private MinaServer mina(long rekeyBytes) {
        return MinaServer.start(home, List.of("ssh-ed25519"), server -> {
            countExchanges(server);
            CoreModuleProperties.REKEY_BYTES_LIMIT.set(server, rekeyBytes);
        });
    }

    private void countExchanges(SshServer server) {
        server.addSessionListener(new SessionListener() {
            @Override
            public void sessionEvent(Session session, Event event) {
                if (event == Event.KexCompleted) {
                    exchanges.incrementAndGet();
                }
            }
        });
    }

    private static SftpOptions options(MinaServer server) {
        SftpOptions options = new SftpOptions("lakeside", "127.0.0.1");
        options.port = server.port();
        options.user = "outfeed";
        options.logins.add(new LoginMethod.Password("secret"::toCharArray));
        options.hostKeys.add(server.fingerprint(0));
        options.directory = "/exports";
        options.idleTimeout = Duration.ZERO;
        return options;
    }

    private static SftpOptions options(OpenSshServer server, int port) {
        SftpOptions options = new SftpOptions("lakeside", "127.0.0.1");
        options.port = port;
        options.user = OpenSshServer.user();
        options.logins.add(new LoginMethod.PrivateKey(server.newLogin("ed25519", "", ""), null));
        options.hostKeys.add(server.fingerprint("ed25519"));
        options.directory = server.exports().toString();
        options.idleTimeout = Duration.ZERO;
        return options;
    }

    private void deliver(SftpOptions options) {
        assertThat(options.problems()).isEmpty();
        OutgoingFile file = OutgoingFiles.file(staging, "", LARGE, IfExists.FAIL);
        try (SftpSession session = new SftpSessions(options.settings()).openUnshared()) {
            assertThat(session.publish(session.prepare(file), file)).isPresent();
        }
        assertThat(home.resolve("exports/interactions-12.csv")).hasBinaryContent(LARGE);
    }

    private static long requestsForKeys(OpenSshServer server) throws IOException {
        return REQUEST_FOR_KEYS.matcher(server.log()).results().count();
    }

    @Test
    void should_ask_for_new_keys_after_an_hour_or_a_gibibyte() {
        KeyLimit limit = new SftpOptions("lakeside", "sftp.example").keyLimit;

        assertThat(limit).isEqualTo(new KeyLimit(1L << 30, Duration.ofHours(1)));
    }

    @Test
    void should_use_the_first_keys_until_they_have_reached_their_limit() throws Exception {
        try (MinaServer server = mina(0)) {
            deliver(options(server));
        }

        assertThat(exchanges).hasValue(1);
    }

    @Test
    void should_ask_for_new_keys_after_that_many_bytes() throws Exception {
        try (MinaServer server = mina(0)) {
            SftpOptions options = options(server);
            options.keyLimit = ONE_MEBIBYTE;
            deliver(options);
        }

        assertThat(exchanges.get()).isBetween(10, 20);
    }

    @Test
    void should_ask_for_new_keys_after_that_time() throws Exception {
        try (MinaServer server = mina(0)) {
            SftpOptions options = options(server);
            options.keyLimit = AT_EACH_REQUEST;
            deliver(options);
        }

        assertThat(exchanges.get()).isGreaterThan(20);
    }

    @Test
    void should_ask_openssh_for_new_keys_between_the_writes_of_several_channels() throws Exception {
        try (OpenSshServer server = OpenSshServer.startWith(home, "LogLevel DEBUG1");
                FaultyProxy network = FaultyProxy.to(server.port())) {
            network.delayServer();
            SftpOptions options = options(server, network.port());
            options.keyLimit = ONE_MEBIBYTE;
            deliver(options);

            assertThat(requestsForKeys(server)).isGreaterThan(10);
        }
    }

    @Test
    void should_follow_openssh_to_new_keys_while_several_channels_write() throws Exception {
        try (OpenSshServer server = OpenSshServer.startWith(home, "LogLevel DEBUG1\nRekeyLimit 1M");
                FaultyProxy network = FaultyProxy.to(server.port())) {
            network.delayServer();
            deliver(options(server, network.port()));

            assertThat(requestsForKeys(server)).isGreaterThan(2);
        }
    }

    @Test
    void should_follow_mina_to_new_keys() throws Exception {
        try (MinaServer server = mina(1 << 20)) {
            deliver(options(server));
        }

        assertThat(exchanges.get()).isGreaterThan(5);
    }

    @Test
    void should_ask_for_new_keys_while_it_reads_a_file_back() throws Exception {
        try (OpenSshServer server = OpenSshServer.startWith(home, "LogLevel DEBUG1")) {
            SftpOptions options = options(server, server.port());
            Path file = Files.write(server.exports().resolve("old.csv"), LARGE);
            options.keyLimit = ONE_MEBIBYTE;
            try (SftpSession session = new SftpSessions(options.settings()).openUnshared()) {
                assertThat(session.sha256(file.toString())).contains(OutgoingFiles.sha256(LARGE));
            }

            assertThat(requestsForKeys(server)).isGreaterThan(10);
        }
    }

    @Test
    void should_agree_on_keys_that_both_sides_ask_for() throws Exception {
        try (MinaServer server = mina(1 << 20)) {
            SftpOptions options = options(server);
            options.keyLimit = ONE_MEBIBYTE;
            deliver(options);
        }

        assertThat(exchanges.get()).isGreaterThan(10);
    }
}
