package io.outfeed.sftp;

import static io.outfeed.sftp.fixture.TestSessions.openSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.error.DeliveryException;
import io.outfeed.file.IfExists;
import io.outfeed.sftp.fixture.MinaServer;
import io.outfeed.sftp.fixture.OutgoingFiles;
import io.outfeed.sftp.internal.transfer.SftpSession;
import io.outfeed.sftp.network.FreezingProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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

/** Deliveries to a server with injected faults. */
@Timeout(60)
class SftpFaultsTest {

    private static final String AT = " (delivery=lakeside, job=interactions-lakeside, run=41)";

    @TempDir
    private Path root;

    @TempDir
    private Path staging;

    private MinaServer server;

    @BeforeEach
    void start() throws IOException {
        Files.createDirectory(root.resolve("exports"));
        server = MinaServer.start(root);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private static boolean retryable(Throwable thrown) {
        return ((DeliveryException) thrown).retryable();
    }

    @Test
    void should_deliver_with_a_password() throws IOException {
        try (SftpSession session = openSession(server.delivery().build())) {
            OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.FAIL);
            PreparedFile prepared = session.prepare(file);
            assertThat(server.files()).containsExactly("exports/" + OutgoingFiles.TEMPORARY);

            assertThat(session.publish(prepared, file))
                    .contains(new DeliveryReceipt("/exports/interactions-12.csv", Publication.ATOMIC));
        }
        assertThat(server.files()).containsExactly("exports/interactions-12.csv");
    }

    @Test
    void should_try_a_rejected_password_once() {
        SftpDelivery wrong = server.withoutLogin().password("other").build();

        assertThatThrownBy(wrong::open)
                .hasMessage(
                        "127.0.0.1:" + server.port() + " refused the login of user 'outfeed' with password (it allows "
                                + "password, keyboard-interactive, publickey): check the user and what it logs "
                                + "in with (delivery=lakeside)")
                .satisfies(thrown -> assertThat(retryable(thrown)).isFalse());
        assertThat(server.logins()).isOne();
    }

    @Test
    void should_not_log_in_where_the_host_key_is_not_trusted() {
        String pin = "SHA256:" + "A".repeat(43);
        SftpDelivery other = SftpDelivery.builder("lakeside", "127.0.0.1")
                .port(server.port())
                .user("outfeed")
                .password("secret")
                .hostKey(pin)
                .directory("/exports")
                .build();

        assertThatThrownBy(other::open)
                .hasMessage("the host key of 127.0.0.1:" + server.port() + " is not trusted: it shows ssh-ed25519 "
                        + server.fingerprint(0) + ", expected is " + pin
                        + ": ask the server's operator whether the key was changed, and then change hostKey "
                        + "(delivery=lakeside)")
                .satisfies(thrown -> assertThat(retryable(thrown)).isFalse());
        assertThat(server.logins()).isZero();
    }

    @Test
    void should_retry_when_the_connection_is_refused() throws IOException {
        int port = server.port();
        server.close();

        assertThatThrownBy(server.delivery().port(port).build()::open)
                .hasMessage("can't connect to 127.0.0.1:" + port
                        + ", connection refused: check host, port and firewall (delivery=lakeside)")
                .satisfies(thrown -> assertThat(retryable(thrown)).isTrue());
    }

    @Test
    void should_retry_where_the_host_is_not_known() {
        SftpDelivery nowhere = SftpDelivery.builder("lakeside", "sftp.lakeside.invalid")
                .user("outfeed")
                .password("secret")
                .hostKey(server.fingerprint(0))
                .directory("/exports")
                .build();

        assertThatThrownBy(nowhere::open)
                .hasMessage(
                        "can't connect to sftp.lakeside.invalid:22, the host name is not known: check host, port and "
                                + "firewall (delivery=lakeside)")
                .satisfies(thrown -> assertThat(retryable(thrown)).isTrue());
    }

    @Test
    void should_give_up_on_a_silent_server() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            SftpDelivery delivery = server.delivery()
                    .port(silent.getLocalPort())
                    .connectTimeout(Duration.ofSeconds(1))
                    .build();

            assertThatThrownBy(delivery::open)
                    .hasMessage("127.0.0.1:" + silent.getLocalPort()
                            + " gave no answer within 1 s to agree on a secure connection: check the server and the "
                            + "network (delivery=lakeside)")
                    .satisfies(thrown -> assertThat(retryable(thrown)).isTrue());
        }
    }

    @Test
    void should_give_up_on_a_server_that_accepts_no_more_writes() {
        server.faults().freezeWrites();
        SftpDelivery delivery =
                server.delivery().operationTimeout(Duration.ofMillis(500)).build();

        try (SftpSession session = openSession(delivery)) {
            // more than fits into the channel's window and the sockets' buffers
            OutgoingFile file = OutgoingFiles.file(staging, "", new byte[32_000_000], IfExists.FAIL);

            assertThatThrownBy(() -> session.prepare(file))
                    .hasMessage("127.0.0.1:" + server.port() + " gave no answer within 500 ms to upload /exports/"
                            + OutgoingFiles.TEMPORARY + ": check the server and the network" + AT)
                    .satisfies(thrown -> assertThat(retryable(thrown)).isTrue());
        }
    }

    /** The socket's write blocks then, and only closing the socket releases it. */
    @Test
    void should_give_up_on_a_network_that_swallows_all() throws IOException {
        server.takeMuchAtOnce();
        try (FreezingProxy proxy = FreezingProxy.to(server.port())) {
            SftpDelivery delivery = server.delivery()
                    .port(proxy.port())
                    .operationTimeout(Duration.ofSeconds(1))
                    .build();

            try (SftpSession session = openSession(delivery)) {
                OutgoingFile file = OutgoingFiles.file(staging, "", new byte[32_000_000], IfExists.REPLACE);

                assertThatThrownBy(() -> session.prepare(file))
                        .hasMessage("127.0.0.1:" + proxy.port() + " gave no answer within 1 s to upload /exports/"
                                + OutgoingFiles.TEMPORARY + ": check the server and the network" + AT);
            }
        }
    }

    @Test
    void should_not_deliver_what_the_server_refuses_at_close() {
        server.faults().failClose();
        try (SftpSession session = openSession(server.delivery().build())) {
            OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.FAIL);

            assertThatThrownBy(() -> session.prepare(file))
                    .hasMessage("127.0.0.1:" + server.port() + " refused to upload /exports/" + OutgoingFiles.TEMPORARY
                            + ": check the free space and the quota on the server" + AT)
                    .satisfies(thrown -> assertThat(retryable(thrown)).isTrue());
        }
        assertThat(server.files()).isEmpty();
    }

    @Test
    void should_find_the_file_published_after_the_answer_was_lost() {
        server.faults().loseRenameAnswer();
        SftpDelivery delivery = server.delivery().build();
        OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.FAIL);
        PreparedFile prepared;
        try (SftpSession session = openSession(delivery)) {
            prepared = session.prepare(file);

            assertThatThrownBy(() -> session.publish(prepared, file))
                    .hasMessage("the connection to 127.0.0.1:" + server.port() + " broke, to rename /exports/"
                            + OutgoingFiles.TEMPORARY
                            + " to /exports/interactions-12.csv failed: check the server and the network" + AT)
                    .satisfies(thrown -> assertThat(retryable(thrown)).isTrue());
        }
        assertThat(server.files()).containsExactly("exports/interactions-12.csv");

        try (SftpSession again = openSession(delivery)) {
            assertThat(again.publish(prepared, file)).isEmpty();
        }
        assertThat(server.files()).containsExactly("exports/interactions-12.csv");
    }

    @Test
    void should_reject_a_name_that_is_in_use() throws IOException {
        try (SftpSession session = openSession(server.delivery().build())) {
            OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.FAIL);
            PreparedFile prepared = session.prepare(file);
            Path target = Files.writeString(root.resolve("exports/interactions-12.csv"), "old");

            assertThatThrownBy(() -> session.publish(prepared, file))
                    .hasMessage("/exports/interactions-12.csv exists already: let the receiver take it, or"
                            + " give the file a name that is free: with {sequence}, or,"
                            + " where a new store counts from 1 again, with another text"
                            + " before {sequence}; or choose ifExists(REPLACE)" + AT)
                    .satisfies(thrown -> assertThat(retryable(thrown)).isFalse());
            assertThat(target).hasContent("old");

            session.discard(file);
            session.discard(file);
            assertThat(server.files()).containsExactly("exports/interactions-12.csv");
        }
    }

    @Test
    void should_report_that_the_directory_is_missing() {
        try (SftpSession session =
                openSession(server.delivery().directory("/nowhere").build())) {
            OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.FAIL);

            assertThatThrownBy(() -> session.prepare(file))
                    .hasMessage("the directory /nowhere is not there at 127.0.0.1:" + server.port()
                            + ": make it there, or correct the directory of the delivery" + AT)
                    .satisfies(thrown -> assertThat(retryable(thrown)).isFalse());
        }
    }

    @Test
    void should_report_that_the_staged_file_is_missing_and_leave_no_remote_file() throws IOException {
        OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.FAIL);
        Files.delete(file.content());
        try (SftpSession session = openSession(server.delivery().build())) {
            assertThatThrownBy(() -> session.prepare(file))
                    .hasMessage("can't read the staged file " + file.content() + AT);
        }
        assertThat(server.files()).isEmpty();
    }

    @Test
    void should_not_deliver_a_staged_file_of_another_size() throws IOException {
        OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.FAIL);
        Files.writeString(file.content(), "a\r\nb\r\n");
        try (SftpSession session = openSession(server.delivery().build())) {
            assertThatThrownBy(() -> session.prepare(file))
                    .hasMessage("the staged file " + file.content() + " has 6 bytes instead of 3" + AT);
        }
        assertThat(server.files()).isEmpty();
    }

    @Test
    void should_give_up_when_interrupted() {
        server.faults().freezeWrites();
        try (SftpSession session = openSession(server.delivery().build())) {
            OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.FAIL);
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> session.prepare(file))
                    .hasMessage("it was interrupted to upload /exports/" + OutgoingFiles.TEMPORARY + " at 127.0.0.1:"
                            + server.port() + AT);
            assertThat(Thread.interrupted()).as("still interrupted").isTrue();
        }
    }

    @Test
    void should_retry_when_the_password_supplier_fails() {
        SftpDelivery delivery = SftpDelivery.builder("lakeside", "127.0.0.1")
                .port(server.port())
                .user("outfeed")
                .password(() -> {
                    throw new IllegalStateException("the vault is sealed");
                })
                .hostKey(server.fingerprint(0))
                .directory("/exports")
                .build();

        assertThatThrownBy(delivery::open)
                .hasMessage("the supplier of the password failed (delivery=lakeside)")
                .satisfies(thrown -> assertThat(retryable(thrown)).isTrue());
        assertThat(server.logins()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void should_trust_a_pin_of_each_type_of_key(int key) throws IOException {
        try (MinaServer many = MinaServer.start(
                root,
                List.of(
                        "ssh-ed25519",
                        "ecdsa-sha2-nistp256",
                        "ecdsa-sha2-nistp384",
                        "ecdsa-sha2-nistp521",
                        "ssh-rsa"))) {
            SftpDelivery delivery = SftpDelivery.builder("lakeside", "127.0.0.1")
                    .port(many.port())
                    .user("outfeed")
                    .password("secret")
                    .hostKey(many.fingerprint(key))
                    .directory("/exports")
                    .idleTimeout(Duration.ZERO)
                    .build();

            openSession(delivery).close();
            assertThat(many.connections()).isEqualTo(key + 1);

            openSession(delivery).close();
            assertThat(many.connections()).as("it remembers the type").isEqualTo(key + 2);
        }
    }

    @Test
    void should_name_all_keys_of_a_server_without_a_trusted_key() throws IOException {
        String pin = "SHA256:" + "A".repeat(43);
        try (MinaServer two = MinaServer.start(root, List.of("ssh-ed25519", "ssh-rsa"))) {
            SftpDelivery delivery = SftpDelivery.builder("lakeside", "127.0.0.1")
                    .port(two.port())
                    .user("outfeed")
                    .password("secret")
                    .hostKey(pin)
                    .directory("/exports")
                    .build();

            assertThatThrownBy(delivery::open)
                    .hasMessage("the host key of 127.0.0.1:" + two.port() + " is not trusted: it shows ssh-ed25519 "
                            + two.fingerprint(0) + " and ssh-rsa " + two.fingerprint(1) + ", expected is " + pin
                            + ": ask the server's operator whether the key was changed, and then change hostKey "
                            + "(delivery=lakeside)");
        }
    }

    @Test
    void should_request_the_key_that_known_hosts_lists() throws IOException {
        try (MinaServer two = MinaServer.start(root, List.of("ssh-ed25519", "ssh-rsa"))) {
            openSession(knownHosts(two, "[127.0.0.1]:" + two.port() + " " + two.publicKey(1)))
                    .close();

            assertThat(two.connections()).isOne();
            assertThat(two.logins()).isOne();
        }
    }

    @Test
    void should_not_connect_where_known_hosts_revokes_the_key() throws IOException {
        String key = server.publicKey(0);
        SftpDelivery delivery = knownHosts(server, "[127.0.0.1]:" + server.port() + " " + key, "@revoked * " + key);

        assertThatThrownBy(delivery::open)
                .hasMessage("the host key of 127.0.0.1:" + server.port() + " is revoked: it shows ssh-ed25519 "
                        + server.fingerprint(0) + ", expected is ssh-ed25519 " + server.fingerprint(0) + " as "
                        + root.resolve("known_hosts")
                        + " has it: ask the server's operator which key is right, and then change "
                        + root.resolve("known_hosts") + " (delivery=lakeside)")
                .satisfies(thrown -> assertThat(retryable(thrown)).isFalse());
    }

    @Test
    void should_show_the_key_that_known_hosts_lacks() throws IOException {
        SftpDelivery delivery = knownHosts(server, "*.example " + server.publicKey(0));

        assertThatThrownBy(delivery::open)
                .hasMessage("the host key of 127.0.0.1:" + server.port() + " is not trusted: it shows ssh-ed25519 "
                        + server.fingerprint(0) + ", expected is no key for [127.0.0.1]:" + server.port() + " in "
                        + root.resolve("known_hosts")
                        + " (not understood: line 1: a pattern (* or ?) is not supported, give the exact name): "
                        + "ask the "
                        + "server's operator which key is right, and then change " + root.resolve("known_hosts")
                        + " (delivery=lakeside)")
                .satisfies(thrown -> assertThat(retryable(thrown)).isFalse());
        assertThat(server.logins()).isZero();
    }

    @Test
    void should_not_connect_without_the_known_hosts_file() {
        Path file = root.resolve("known_hosts");
        SftpDelivery delivery = SftpDelivery.builder("lakeside", "127.0.0.1")
                .port(server.port())
                .user("outfeed")
                .password("secret")
                .knownHosts(file)
                .directory("/exports")
                .build();

        assertThatThrownBy(delivery::open)
                .hasMessage("can't read the trusted host keys: " + file + " (delivery=lakeside)")
                .satisfies(thrown -> assertThat(retryable(thrown)).isFalse());
        assertThat(server.connections()).isZero();
    }

    private SftpDelivery knownHosts(MinaServer of, String... lines) throws IOException {
        return SftpDelivery.builder("lakeside", "127.0.0.1")
                .port(of.port())
                .user("outfeed")
                .password("secret")
                .knownHosts(Files.write(root.resolve("known_hosts"), List.of(lines)))
                .directory("/exports")
                .build();
    }
}
