package io.outfeed.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.file.IfExists;
import io.outfeed.sftp.fixture.MinaServer;
import io.outfeed.sftp.fixture.OpenSshServer;
import io.outfeed.sftp.fixture.OutgoingFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SftpProbeTest {

    @TempDir
    private Path home;

    @Test
    void should_show_a_key_of_each_type_that_the_server_has() {
        try (OpenSshServer server = OpenSshServer.start(home)) {
            String name = "[127.0.0.1]:" + server.port() + " ";

            assertThat(SftpProbe.hostKeys("127.0.0.1", server.port()))
                    .containsExactlyInAnyOrder(
                            new SftpProbe.ObservedHostKey(
                                    "ssh-ed25519",
                                    256,
                                    server.fingerprint("ed25519"),
                                    name + server.publicKey("ed25519")),
                            new SftpProbe.ObservedHostKey(
                                    "ecdsa-sha2-nistp256",
                                    256,
                                    server.fingerprint("ecdsa"),
                                    name + server.publicKey("ecdsa")),
                            new SftpProbe.ObservedHostKey(
                                    "ssh-rsa", 2048, server.fingerprint("rsa"), name + server.publicKey("rsa")));
        }
    }

    @Test
    void should_show_a_line_by_which_a_server_with_ipv6_is_trusted() throws Exception {
        assumeThat(hasIpv6()).as("this machine has IPv6").isTrue();
        Files.createDirectory(home.resolve("exports"));
        try (MinaServer server = MinaServer.start(home, List.of("ssh-ed25519"), mina -> mina.setHost("::1"))) {
            Path knownHosts = Files.writeString(
                    home.resolve("known_hosts"),
                    SftpProbe.hostKeys("::1", server.port()).get(0).knownHostsLine());
            SftpDelivery delivery = SftpDelivery.builder("lakeside", "::1")
                    .port(server.port())
                    .user("outfeed")
                    .password("secret")
                    .knownHosts(knownHosts)
                    .directory("/exports")
                    .build();
            OutgoingFile file = OutgoingFiles.file(home, "id\r\n1\r\n", IfExists.FAIL);

            try (DeliverySession session = delivery.open()) {
                assertThat(session.publish(session.prepare(file), file)).isPresent();
            }

            assertThat(home.resolve("exports/interactions-12.csv")).hasContent("id\r\n1\r\n");
            assertThat(delivery.server()).isEqualTo("[::1]:" + server.port());
        }
    }

    private static boolean hasIpv6() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getAllByName("::1")[0])) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void should_not_log_in() throws IOException {
        try (MinaServer server = MinaServer.start(home, List.of("ecdsa-sha2-nistp521"))) {
            assertThat(SftpProbe.hostKeys("127.0.0.1", server.port()))
                    .extracting(SftpProbe.ObservedHostKey::bits, SftpProbe.ObservedHostKey::fingerprint)
                    .containsExactly(tuple(521, server.fingerprint(0)));
            assertThat(server.logins()).isZero();
        }
    }

    @Test
    void should_report_that_nothing_answers() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = silent.getLocalPort();

            assertThatThrownBy(() -> SftpProbe.hostKeys("127.0.0.1", port, Duration.ofMillis(200)))
                    .isInstanceOf(DeliveryException.class)
                    .hasMessage("127.0.0.1:" + port
                            + " gave no answer within 200 ms to show its host keys: check the server and the network "
                            + "(server=127.0.0.1:" + port + ")");
        }
    }

    @Test
    void should_show_the_key_of_a_server_that_signs_by_sha1_only() throws IOException {
        try (MinaServer server = MinaServer.start(
                home, List.of("ssh-rsa"), mina -> mina.setSignatureFactories(List.of(BuiltinSignatures.rsa)))) {
            assertThat(SftpProbe.hostKeys("127.0.0.1", server.port()))
                    .extracting(SftpProbe.ObservedHostKey::bits, SftpProbe.ObservedHostKey::fingerprint)
                    .containsExactly(tuple(2048, server.fingerprint(0)));
        }
    }

    @Test
    void should_measure_the_key() throws Exception {
        KeyPair large = KeyUtils.generateKeyPair("ssh-rsa", 3072);
        try (MinaServer server =
                MinaServer.start(home, List.of(), mina -> mina.setKeyPairProvider(KeyPairProvider.wrap(large)))) {
            assertThat(SftpProbe.hostKeys("127.0.0.1", server.port()))
                    .extracting(SftpProbe.ObservedHostKey::type, SftpProbe.ObservedHostKey::bits)
                    .containsExactly(tuple("ssh-rsa", 3072));
        }
    }

    @Test
    @SuppressWarnings("deprecation") // MINA would not have one know DSA
    void should_report_that_a_server_has_no_key_of_a_supported_type() throws Exception {
        KeyPair old = KeyUtils.generateKeyPair("ssh-dss", 1024);
        try (MinaServer server = MinaServer.start(home, List.of(), mina -> {
            mina.setKeyPairProvider(KeyPairProvider.wrap(old));
            mina.setSignatureFactories(List.of(BuiltinSignatures.dsa));
        })) {
            assertThatThrownBy(() -> SftpProbe.hostKeys("127.0.0.1", server.port()))
                    .isInstanceOf(DeliveryException.class)
                    .hasMessage(
                            "127.0.0.1:" + server.port() + " offers only old host key algorithms (ssh-dss): have its"
                                    + " operator enable newer ones (server=127.0.0.1:" + server.port() + ")");
        }
    }
}
