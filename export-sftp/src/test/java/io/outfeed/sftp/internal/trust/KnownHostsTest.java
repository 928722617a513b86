package io.outfeed.sftp.internal.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import net.schmizz.sshj.common.KeyType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class KnownHostsTest {

    private static final String KEY = "AAAAC3NzaC1lZDI1NTE5AAAAIGjC45VgEr4u/2fhBf8KfXpOW/07s5Lpbs6RPMuLQ+Gw";

    @TempDir
    private Path directory;

    /** One line of a file, the server, and whether the line trusts the key for it. */
    @ParameterizedTest
    @CsvFileSource(resources = "/known_hosts.csv", numLinesToSkip = 1, delimiter = ';')
    void should_trust_exactly_the_servers_that_a_line_names(String line, String host, int port, Verdict verdict)
            throws IOException {
        KnownHosts.Keys keys = read(line.replace("KEY", "ssh-ed25519 " + KEY), host, port);

        assertThat(keys.verdict(Base64.getDecoder().decode(KEY))).isEqualTo(verdict);
    }

    /** One line of a file, the server, and whether the line trusts the certificates that the key has signed. */
    @ParameterizedTest
    @CsvFileSource(resources = "/certificate_authorities.csv", numLinesToSkip = 1, delimiter = ';')
    void should_trust_an_authority_for_exactly_the_servers_that_a_line_names(
            String line, String host, int port, Verdict verdict) throws IOException {
        KnownHosts.Keys keys = read(line.replace("KEY", "ssh-ed25519 " + KEY), host, port);

        assertThat(keys.verdict(new byte[] {1}, Base64.getDecoder().decode(KEY)))
                .isEqualTo(verdict);
    }

    @Test
    void should_reject_a_revoked_key_that_another_line_trusts() throws IOException {
        String trusts = "sftp.example ssh-ed25519 " + KEY + "\n";
        String revokes = "@revoked * ssh-ed25519 " + KEY + "\n";

        assertThat(read(trusts + revokes, "sftp.example", 22)
                        .verdict(Base64.getDecoder().decode(KEY)))
                .isEqualTo(Verdict.REVOKED);
    }

    @Test
    void should_return_the_types_of_the_keys_of_the_server() throws IOException {
        String here = "sftp.example ssh-ed25519 " + KEY + "\n";
        String elsewhere = "other.example ecdsa-sha2-nistp256 " + blob("ecdsa-sha2-nistp256") + "\n";

        assertThat(read("# comment\n\n" + here + elsewhere, "sftp.example", 22).types())
                .containsExactly(KeyType.ED25519);
    }

    @Test
    void should_name_the_lines_that_it_does_not_understand() throws IOException {
        KnownHosts.Keys keys = read("""
                # a comment
                *.example ssh-ed25519 KEY
                @cert-authority !sftp.example,*.example ssh-ed25519 KEY
                sftp.example ssh-dss AAAAB3NzaC1kc3M=
                sftp.example ssh-rsa KEY
                sftp.example ssh-ed25519 no-base-64
                sftp.example ssh-ed25519
                |2|c2FsdA==|aGFzaA== ssh-ed25519 KEY
                |1|?|aGFzaA== ssh-ed25519 KEY
                |1|=|aGFzaA== ssh-ed25519 KEY
                """.replace("KEY", KEY), "sftp.example", 22);

        assertThat(keys.trusted()).isEmpty();
        assertThat(keys.ignored())
                .containsExactly(
                        "line 2: a pattern (* or ?) is not supported, give the exact name",
                        "line 3: a negation (!) is not supported, give the exact names",
                        "line 4: keys of type ssh-dss are not supported",
                        "line 5: the key is not of the type that the line says",
                        "line 6: the key is no Base64",
                        "line 7: the key is missing",
                        "line 8: the hash of the host name is not of the form |1|salt|hash",
                        "line 9: a pattern (* or ?) is not supported, give the exact name",
                        "line 10: the hash of the host name is no Base64");
    }

    @Test
    void should_reject_a_file_with_an_unreadable_revocation() {
        Path file = directory.resolve("known_hosts");

        assertThatThrownBy(() -> read("@revoked * ssh-ed25519 no-base-64\n", "sftp.example", 22))
                .hasMessage(file + ", line 1: the key is no Base64: what it revokes is not known");
    }

    @Test
    void should_reject_a_file_with_an_unreadable_revoked_certificate() {
        Path file = directory.resolve("known_hosts");
        String type = "ssh-ed25519-cert-v01@openssh.com";

        assertThatThrownBy(() -> read("@revoked * " + type + " " + blob(type) + "\n", "sftp.example", 22))
                .hasMessage(file + ", line 1: the certificate is damaged, or of a type that is not supported: what it"
                        + " revokes is not known");
    }

    private KnownHosts.Keys read(String content, String host, int port) throws IOException {
        return KnownHosts.read(Files.writeString(directory.resolve("known_hosts"), content), host, port);
    }

    private static String blob(String type) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        byte[] blob = new byte[4 + name.length];
        blob[3] = (byte) name.length;
        System.arraycopy(name, 0, blob, 4, name.length);
        return Base64.getEncoder().encodeToString(blob);
    }
}
