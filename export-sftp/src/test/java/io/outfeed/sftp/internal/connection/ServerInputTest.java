package io.outfeed.sftp.internal.connection;

import static io.outfeed.sftp.fixture.TestSessions.openSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.file.IfExists;
import io.outfeed.sftp.SftpDelivery;
import io.outfeed.sftp.fixture.MinaServer;
import io.outfeed.sftp.fixture.OpenSshServer;
import io.outfeed.sftp.fixture.OutgoingFiles;
import io.outfeed.sftp.internal.transfer.SftpSession;
import io.outfeed.sftp.network.InjectingProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.sshd.sftp.common.SftpConstants;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an unknown host that answers at the server's address can send. */
@Timeout(60)
class ServerInputTest {

    /** Begins a line of a log that looks real, and colors it. */
    private static final String FORGED = "bye\r\n2026-11-28 INFO all is well \u001B[32m\u202E";

    @TempDir
    private Path directory;

    private static void assertRefused(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.DESTINATION_REFUSED))
                .hasMessage(message + " (delivery=lakeside)");
    }

    /** As the failure is logged, with all its causes. */
    private static void assertClean(Throwable failure) {
        assertThat(Throwables.getStackTrace(failure))
                .contains("bye??2026-11-28 INFO all is well ?[32m?")
                .doesNotContain("\u001B", "\u202E", "\n2026");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n***", "Welcome to lakeside!\n", "x"})
    void should_say_that_the_shell_prints_text(String text) throws Exception {
        Path script = Files.writeString(
                directory.resolve("shell"),
                "#!/bin/sh\nprintf '" + text.replace("\n", "\\n") + "'\nexec /usr/lib/openssh/sftp-server\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();

        try (OpenSshServer server = OpenSshServer.startWith(directory, "ForceCommand " + script)) {
            SftpDelivery delivery = server.withLogin().build();

            assertRefused(
                    delivery::open,
                    "127.0.0.1:" + server.port() + " sent what is no packet of SFTP, to start SFTP failed: mostly the"
                            + " shell of user '" + OpenSshServer.user() + "' prints text when it starts. Have its"
                            + " operator let the shell print nothing for sessions without a terminal");
        }
    }

    /** What the user's own shell does when it starts would be a part of all tests with such a server. */
    @Test
    void should_not_find_the_home_of_the_user_who_runs_the_tests() throws Exception {
        Path script = Files.writeString(
                directory.resolve("shell"),
                "#!/bin/sh\nprintf %s \"$HOME\" > '" + directory.resolve("home")
                        + "'\nexec /usr/lib/openssh/sftp-server\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();

        try (OpenSshServer server = OpenSshServer.startWith(directory, "ForceCommand " + script);
                DeliverySession session = server.withLogin().build().open()) {
            assertThat(session).isNotNull();
            assertThat(directory.resolve("home")).hasContent(directory.toString());
        }
    }

    @Test
    void should_bound_what_comes_before_the_identification() throws Exception {
        try (MinaServer server = MinaServer.start(directory);
                InjectingProxy polite = InjectingProxy.greeting(server.port(), "welcome\r\n".repeat(900));
                InjectingProxy endless = InjectingProxy.greeting(server.port(), "welcome\r\n".repeat(910));
                InjectingProxy line = InjectingProxy.greeting(server.port(), "SSH-2.0-" + "x".repeat(10_000))) {
            server.delivery().port(polite.port()).build().open().close();

            for (InjectingProxy proxy : new InjectingProxy[] {endless, line}) {
                assertRefused(
                        server.delivery().port(proxy.port()).build()::open,
                        "127.0.0.1:" + proxy.port() + " sent more than 8 KiB, and did not identify itself as a server"
                                + " of SSH: check host and port");
            }
        }
    }

    /** sshj has that limit; it must not allocate what an unauthenticated packet announces. */
    @Test
    void should_bound_the_packets_of_ssh() throws Exception {
        try (MinaServer server = MinaServer.start(directory);
                InjectingProxy proxy = InjectingProxy.injectingLength(server.port(), (256 << 10) + 1)) {
            assertThatThrownBy(server.delivery().port(proxy.port()).build()::open)
                    .isInstanceOf(DeliveryException.class)
                    .hasStackTraceContaining("invalid packet length: 262145");
        }
    }

    @Test
    void should_clean_and_cut_the_text_of_a_disconnect() throws Exception {
        try (MinaServer server = MinaServer.start(directory);
                InjectingProxy proxy = InjectingProxy.injectingDisconnect(server.port(), FORGED + "y".repeat(5000))) {
            assertThatThrownBy(server.delivery().port(proxy.port()).build()::open)
                    .isInstanceOf(DeliveryException.class)
                    .satisfies(ServerInputTest::assertClean)
                    .satisfies(thrown ->
                            assertThat(Throwables.getStackTrace(thrown)).doesNotContain("y".repeat(1000)));
        }
    }

    @Test
    void should_clean_the_identification() throws Exception {
        try (MinaServer server = MinaServer.start(directory);
                InjectingProxy proxy = InjectingProxy.greeting(
                        server.port(), "SSH-1.0-bye\r2026-11-28 INFO all is well \u001B[32m\n")) {
            assertThatThrownBy(server.delivery().port(proxy.port()).build()::open)
                    .isInstanceOf(DeliveryException.class)
                    .satisfies(thrown -> assertThat(Throwables.getStackTrace(thrown))
                            .contains("bye?2026-11-28 INFO all is well ?[32m")
                            .doesNotContain("\u001B", "\r"));
        }
    }

    @Test
    void should_clean_the_text_of_a_status() throws Exception {
        Files.createDirectory(directory.resolve("exports"));
        OutgoingFile file = OutgoingFiles.file(directory, "a\r\n", IfExists.FAIL);
        try (MinaServer server = MinaServer.start(directory)) {
            server.faults().refuseRenames(SftpConstants.SSH_FX_PERMISSION_DENIED, FORGED);

            try (SftpSession session = openSession(server.delivery().build())) {
                assertThatThrownBy(() -> session.publish(session.prepare(file), file))
                        .isInstanceOfSatisfying(
                                DeliveryException.class,
                                e -> assertThat(e.code()).isEqualTo(FailureCode.PERMISSION_DENIED))
                        .satisfies(ServerInputTest::assertClean);
            }
        }
    }
}
