package io.outfeed.sftp.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.sftp.LegacyAlgorithm;
import io.outfeed.sftp.fixture.MinaServer;
import io.outfeed.sftp.fixture.OpenSshServer;
import io.outfeed.sftp.internal.key.PublicKeys;
import io.outfeed.sftp.network.InjectingProxy;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import net.schmizz.sshj.Config;
import net.schmizz.sshj.common.Factory;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.mac.Mac;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.EnumSource;

class AlgorithmsTest {

    @TempDir
    private Path root;

    @Test
    void should_offer_only_modern_algorithms() {
        Config config = Algorithms.config(Set.of(), true);

        assertThat(names(config.getKeyExchangeFactories()))
                .containsExactly(
                        "curve25519-sha256",
                        "curve25519-sha256@libssh.org",
                        "ecdh-sha2-nistp521",
                        "ecdh-sha2-nistp384",
                        "ecdh-sha2-nistp256",
                        "diffie-hellman-group-exchange-sha256",
                        "diffie-hellman-group16-sha512",
                        "diffie-hellman-group18-sha512",
                        "diffie-hellman-group14-sha256",
                        "ext-info-c");
        assertThat(names(config.getCipherFactories()))
                .containsExactly(
                        "aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes192-ctr", "aes256-ctr");
        assertThat(names(config.getMACFactories()))
                .containsExactly(
                        "hmac-sha2-256-etm@openssh.com",
                        "hmac-sha2-512-etm@openssh.com",
                        "hmac-sha2-256",
                        "hmac-sha2-512");
        assertThat(names(config.getKeyAlgorithms()))
                .allMatch(name -> name.contains("ed25519") || name.contains("nistp") || name.contains("rsa-sha2-"));
    }

    /** A server with one algorithm of a kind: each offered one must work. */
    @ParameterizedTest
    @CsvFileSource(resources = "/algorithms.csv", numLinesToSkip = 1, delimiter = ';')
    void should_connect_with_each_algorithm(String kind, String algorithm, String hostKey) throws Exception {
        try (MinaServer server = MinaServer.start(root, List.of(hostKey), only(kind, algorithm))) {
            server.delivery().build().open().close();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SHORT_RSA_KEYS")
    void should_use_a_legacy_algorithm_only_where_it_is_enabled(LegacyAlgorithm old) throws Exception {
        String kind = switch (old) {
            case SSH_RSA -> "signature";
            case DIFFIE_HELLMAN_GROUP14_SHA1, DIFFIE_HELLMAN_GROUP1_SHA1 -> "kex";
            case HMAC_SHA1 -> "mac";
            default -> "cipher";
        };
        String kinds = switch (kind) {
            case "signature" -> "host key algorithms";
            case "kex" -> "key exchanges";
            case "mac" -> "checksums";
            default -> "ciphers";
        };
        String hostKey = old == LegacyAlgorithm.SSH_RSA ? "ssh-rsa" : "ssh-ed25519";
        try (MinaServer server = MinaServer.start(root, List.of(hostKey), only(kind, old.sshName()))) {
            assertThatThrownBy(server.delivery().build()::open)
                    .hasMessage("127.0.0.1:" + server.port() + " offers only old " + kinds + " (" + old.sshName()
                            + "): have its operator enable newer ones, or take the risk of "
                            + "legacyAlgorithm(LegacyAlgorithm."
                            + old
                            + ") (delivery=lakeside)")
                    .satisfies(thrown ->
                            assertThat(((DeliveryException) thrown).retryable()).isFalse());

            server.delivery().legacyAlgorithm(old).build().open().close();
        }
    }

    /** A packet that is injected before the key exchange must be detected (CVE-2023-48795). */
    @Test
    void should_reject_an_injected_packet() throws Exception {
        try (OpenSshServer server = OpenSshServer.start(root);
                InjectingProxy plain = InjectingProxy.injectingNothing(server.port());
                InjectingProxy injecting = InjectingProxy.injectingIgnore(server.port())) {
            Path key = server.newLogin("ed25519", "", "");

            server.delivery().port(plain.port()).privateKey(key).build().open().close();
            assertThatThrownBy(server.delivery()
                            .port(injecting.port())
                            .privateKey(key)
                            .build()::open)
                    .isInstanceOfSatisfying(
                            DeliveryException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.IDENTITY_REFUSED))
                    .hasMessage("a packet that does not belong there was sent in the key exchange with 127.0.0.1:"
                            + injecting.port() + ": something between here and the server interferes with the"
                            + " connection, as in CVE-2023-48795, or the server breaks the protocol. Nothing was sent."
                            + " Have the network and the server checked (delivery=lakeside)")
                    .hasStackTraceContaining("SSH_MSG_KEXINIT was not first package during strict key exchange");
        }
    }

    /** Cipher and checksum are negotiated independently of each other. */
    @Test
    void should_not_use_cbc_with_checksums_of_the_encrypted_text() throws Exception {
        List<NamedFactory<Mac>> etm = List.of(BuiltinMacs.hmacsha256etm, BuiltinMacs.hmacsha512etm);
        List<NamedFactory<Mac>> both = List.of(BuiltinMacs.hmacsha256etm, BuiltinMacs.hmacsha256);
        try (MinaServer server = MinaServer.start(root, List.of("ssh-ed25519"), cbcWith(etm))) {
            assertThatThrownBy(server.delivery()
                            .legacyAlgorithm(LegacyAlgorithm.AES128_CBC)
                            .build()::open)
                    .hasMessage(
                            "127.0.0.1:" + server.port() + " offers CBC ciphers only with checksums of the encrypted"
                                    + " text, a combination that an attacker in the network can use: have its"
                                    + " operator enable newer ciphers (delivery=lakeside)");
        }
        try (MinaServer server = MinaServer.start(root, List.of("ssh-ed25519"), cbcWith(both))) {
            server.delivery()
                    .legacyAlgorithm(LegacyAlgorithm.AES128_CBC)
                    .build()
                    .open()
                    .close();
        }
    }

    private static Consumer<SshServer> cbcWith(List<NamedFactory<Mac>> macs) {
        return server -> {
            server.setCipherFactories(List.of(BuiltinCiphers.aes128cbc));
            server.setMacFactories(macs);
        };
    }

    @Test
    void should_trust_a_short_rsa_host_key_only_where_it_is_enabled() throws Exception {
        KeyPair key = KeyUtils.generateKeyPair("ssh-rsa", 1024);
        String fingerprint = PublicKeys.fingerprint(key.getPublic());
        try (MinaServer server = MinaServer.start(
                root, List.of("ssh-ed25519"), mina -> mina.setKeyPairProvider(KeyPairProvider.wrap(key)))) {
            assertThatThrownBy(server.delivery().hostKey(fingerprint).build()::open)
                    .isInstanceOfSatisfying(
                            DeliveryException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.IDENTITY_REFUSED))
                    .hasMessage("the host key of 127.0.0.1:" + server.port()
                            + " is too short, others can compute it: it shows ssh-rsa " + fingerprint
                            + ", with less than 2048 bits. Have its operator make a longer one, or take the risk of"
                            + " legacyAlgorithm(LegacyAlgorithm.SHORT_RSA_KEYS) (delivery=lakeside)");

            server.delivery()
                    .hostKey(fingerprint)
                    .legacyAlgorithm(LegacyAlgorithm.SHORT_RSA_KEYS)
                    .build()
                    .open()
                    .close();
        }
    }

    private static Consumer<SshServer> only(String kind, String algorithm) {
        return server -> {
            switch (kind) {
                case "kex" ->
                    server.setKeyExchangeFactories(NamedFactory.setUpTransformedFactories(
                            false,
                            List.of(BuiltinDHFactories.VALUES.stream()
                                    .filter(one -> one.getName().equals(algorithm))
                                    .findFirst()
                                    .orElseThrow()),
                            ServerBuilder.DH2KEX));
                case "cipher" ->
                    server.setCipherFactories(List.of(BuiltinCiphers.VALUES.stream()
                            .filter(one -> one.getName().equals(algorithm))
                            .findFirst()
                            .orElseThrow()));
                case "mac" -> {
                    server.setCipherFactories(List.of(BuiltinCiphers.aes256ctr));
                    server.setMacFactories(List.of(BuiltinMacs.VALUES.stream()
                            .filter(one -> one.getName().equals(algorithm))
                            .findFirst()
                            .orElseThrow()));
                }
                case "signature" ->
                    server.setSignatureFactories(List.of(BuiltinSignatures.VALUES.stream()
                            .filter(one -> one.getName().equals(algorithm))
                            .findFirst()
                            .orElseThrow()));
                default -> throw new IllegalArgumentException(kind);
            }
        };
    }

    private static <T> List<String> names(List<Factory.Named<T>> factories) {
        return factories.stream().map(Factory.Named::getName).toList();
    }
}
