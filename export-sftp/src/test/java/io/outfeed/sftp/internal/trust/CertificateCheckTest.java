package io.outfeed.sftp.internal.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.sftp.SftpDelivery;
import io.outfeed.sftp.fixture.OpenSshServer;
import io.outfeed.sftp.internal.key.HostCertificate;
import io.outfeed.sftp.internal.key.PublicKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import net.schmizz.sshj.common.KeyType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates as ssh-keygen makes them, and a server that shows one. */
class CertificateCheckTest {

    @TempDir
    private Path home;

    @BeforeEach
    void makeKeys() throws Exception {
        keygen("-t", "ed25519", "-N", "", "-f", home.resolve("host_ed25519").toString());
        keygen("-t", "ecdsa", "-N", "", "-f", home.resolve("authority").toString());
    }

    /** The options of the signature, host and time, and the problem. */
    @ParameterizedTest
    @CsvFileSource(resources = "/host_certificates.csv", numLinesToSkip = 1, delimiter = ';')
    void should_verify_a_certificate(String options, String host, Instant now, @Nullable String problem)
            throws Exception {
        sign("authority", options);

        assertThat(CertificateCheck.problem(certificate(), host, now)).isEqualTo(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "rsa"})
    void should_verify_certificates_by_authorities_of_other_types(String type) throws Exception {
        keygen("-t", type, "-b", "2048", "-N", "", "-f", home.resolve("other").toString());
        sign("other", "-h -n sftp.example");

        assertThat(CertificateCheck.problem(certificate(), "sftp.example", Instant.now()))
                .isNull();
        assertThat(certificate().keyType()).isEqualTo(KeyType.ED25519_CERT);
    }

    @Test
    void should_reject_an_rsa_signature_over_sha1() throws Exception {
        keygen("-t", "rsa", "-b", "2048", "-N", "", "-f", home.resolve("other").toString());
        sign("other", "-t ssh-rsa -h -n sftp.example");

        assertThat(CertificateCheck.problem(certificate(), "sftp.example", Instant.now()))
                .isEqualTo("its signature is wrong, or of an old kind");
    }

    @Test
    void should_notice_any_change() throws Exception {
        sign("authority", "-h -n sftp.example");
        byte[] blob = certificate().blob();
        blob[40]++; // in the nonce

        assertThat(CertificateCheck.problem(HostCertificate.read(blob), "sftp.example", Instant.now()))
                .isEqualTo("its signature is wrong, or of an old kind");
    }

    @Test
    void should_trust_a_server_by_its_certificate() throws Exception {
        sign("authority", "-h -n 127.0.0.1");
        try (OpenSshServer server = OpenSshServer.start(home)) {
            Path login = server.newLogin("ed25519", "", "");

            delivery(server, login, "@cert-authority [127.0.0.*]:* " + key("authority"))
                    .open()
                    .close();
        }
    }

    @Test
    void should_not_trust_a_server_by_an_invalid_certificate() throws Exception {
        sign("authority", "-h -n other.example");
        try (OpenSshServer server = OpenSshServer.start(home)) {
            Path login = server.newLogin("ed25519", "", "");
            String authority = fingerprint(key("authority"));

            assertThatThrownBy(delivery(server, login, "@cert-authority * " + key("authority"))::open)
                    .hasMessage("the host key of 127.0.0.1:" + server.port()
                            + " is not trusted: it shows a certificate of " + authority + " for ssh-ed25519 "
                            + server.fingerprint("ed25519") + " (it is not for the name 127.0.0.1)"
                            + ", expected is a certificate of " + authority + " as " + home.resolve("known_hosts")
                            + " has it: ask the server's operator which key is right, and then change "
                            + home.resolve("known_hosts") + " (delivery=lakeside)")
                    .satisfies(thrown ->
                            assertThat(((DeliveryException) thrown).code()).isEqualTo(FailureCode.IDENTITY_REFUSED));
            delivery(
                            server,
                            login,
                            "@cert-authority * " + key("authority"),
                            "[127.0.0.1]:" + server.port() + " " + key("host_ed25519"))
                    .open()
                    .close(); // the plain key is trusted by another line
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"authority", "host_ed25519", "host_ed25519-cert"})
    void should_reject_a_certificate_of_a_revoked_key(String revoked) throws Exception {
        sign("authority", "-h -n 127.0.0.1");
        try (OpenSshServer server = OpenSshServer.start(home)) {
            Path login = server.newLogin("ed25519", "", "");

            assertThatThrownBy(delivery(
                            server, login, "@cert-authority * " + key("authority"), "@revoked * " + key(revoked))::open)
                    .hasMessageStartingWith("the host key of 127.0.0.1:" + server.port()
                            + " is revoked: it shows a certificate of " + fingerprint(key("authority")));
        }
    }

    /** As for ssh, a revoked certificate stands for its key. */
    @Test
    void should_reject_a_plain_key_whose_certificate_is_revoked() throws Exception {
        sign("authority", "-h -n 127.0.0.1");
        String revoked = key("host_ed25519-cert");
        Files.delete(home.resolve("host_ed25519-cert.pub"));
        try (OpenSshServer server = OpenSshServer.start(home)) {
            Path login = server.newLogin("ed25519", "", "");
            String trusted = "[127.0.0.1]:" + server.port() + " " + key("host_ed25519");

            assertThatThrownBy(delivery(server, login, trusted, "@revoked * " + revoked)::open)
                    .hasMessageStartingWith("the host key of 127.0.0.1:" + server.port() + " is revoked: it shows"
                            + " ssh-ed25519 " + server.fingerprint("ed25519"));
        }
    }

    @Test
    void should_not_revoke_the_authority_with_a_certificate() throws Exception {
        sign("authority", "-h -n 127.0.0.1");
        String revoked = key("host_ed25519-cert");
        Files.delete(home.resolve("host_ed25519"));
        keygen("-t", "ed25519", "-N", "", "-f", home.resolve("host_ed25519").toString());
        sign("authority", "-h -n 127.0.0.1");
        try (OpenSshServer server = OpenSshServer.start(home)) {
            Path login = server.newLogin("ed25519", "", "");

            delivery(server, login, "@cert-authority * " + key("authority"), "@revoked * " + revoked)
                    .open()
                    .close();
        }
    }

    @Test
    void should_reject_a_certificate_by_a_short_rsa_key() throws Exception {
        keygen("-t", "rsa", "-b", "1024", "-N", "", "-f", home.resolve("short").toString());
        sign("short", "-h -n 127.0.0.1");
        try (OpenSshServer server = OpenSshServer.start(home)) {
            Path login = server.newLogin("ed25519", "", "");

            assertThatThrownBy(delivery(server, login, "@cert-authority * " + key("short"))::open)
                    .hasMessageStartingWith("the host key of 127.0.0.1:" + server.port()
                            + " is too short, others can compute it: it shows a certificate of "
                            + fingerprint(key("short")));
        }
    }

    private SftpDelivery delivery(OpenSshServer server, Path login, String... lines) throws Exception {
        Path knownHosts = Files.write(home.resolve("known_hosts"), List.of(lines));
        return SftpDelivery.builder("lakeside", "127.0.0.1")
                .port(server.port())
                .user(OpenSshServer.user())
                .privateKey(login)
                .knownHosts(knownHosts)
                .directory("/")
                .build();
    }

    private HostCertificate certificate() throws Exception {
        String line = Files.readString(home.resolve("host_ed25519-cert.pub"));
        return HostCertificate.read(Base64.getDecoder().decode(line.split(" ", -1)[1]));
    }

    private void sign(String authority, String options) throws Exception {
        List<String> arguments =
                new ArrayList<>(List.of("-s", home.resolve(authority).toString(), "-I", "id"));
        arguments.addAll(List.of(options.split(" ", -1)));
        arguments.add(home.resolve("host_ed25519.pub").toString());
        keygen(arguments.toArray(String[]::new));
    }

    private static void keygen(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("ssh-keygen", "-q"));
        command.addAll(List.of(arguments));
        OpenSshServer.run(command);
    }

    private String key(String name) throws Exception {
        String[] words = Files.readString(home.resolve(name + ".pub")).split(" ", -1);
        return words[0] + " " + words[1];
    }

    private static String fingerprint(String key) {
        return PublicKeys.fingerprint(Base64.getDecoder().decode(key.split(" ", -1)[1]));
    }
}
