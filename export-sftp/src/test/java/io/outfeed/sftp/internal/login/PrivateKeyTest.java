package io.outfeed.sftp.internal.login;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.sftp.LegacyAlgorithm;
import io.outfeed.sftp.SftpDelivery;
import io.outfeed.sftp.fixture.OpenSshServer;
import io.outfeed.sftp.internal.key.PublicKeys;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins with all kinds of private keys at the real OpenSSH server. */
class PrivateKeyTest {

    @TempDir
    private static Path home;

    private static @Nullable OpenSshServer server;

    @TempDir
    private Path keys;

    @BeforeAll
    static void start() {
        server = OpenSshServer.start(home);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    /** Each line is one kind of key that ssh-keygen makes. */
    @ParameterizedTest
    @CsvFileSource(resources = "/private_keys.csv", numLinesToSkip = 1, delimiter = ';')
    void should_log_in(String type, @Nullable String bits, String format, @Nullable String passphrase)
            throws Exception {
        Path key = running().newLogin(type, bits == null ? "" : bits, "");
        if (!format.equals("OPENSSH") || passphrase != null) {
            OpenSshServer.run(List.of(
                    "ssh-keygen",
                    "-q",
                    "-p",
                    "-m",
                    format.equals("OPENSSH") ? "RFC4716" : format,
                    "-N",
                    passphrase == null ? "" : passphrase,
                    "-f",
                    key.toString()));
        }

        logIn(key, passphrase);
    }

    /** Opening BouncyCastle's signed archives takes longer than the login. */
    @Test
    void should_read_a_key_of_openssh_without_bouncycastle() throws Exception {
        Path key = running().newLogin("ed25519", "", "");
        Class<?> reader = new WithoutBouncyCastle().loadClass(PrivateKeyFile.class.getName());
        Method read = reader.getDeclaredMethod("read", Path.class, char[].class);
        read.setAccessible(true);

        assertThat(read.invoke(null, key, null)).isInstanceOf(KeyPair.class);
    }

    /** Loads the classes of this module again, and has no BouncyCastle. */
    private static final class WithoutBouncyCastle extends ClassLoader {

        WithoutBouncyCastle() {
            super(PrivateKeyFile.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("org.bouncycastle.")) {
                throw new ClassNotFoundException(name);
            }
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null || !name.startsWith("io.outfeed.sftp.")) {
                return loaded != null ? loaded : super.loadClass(name, resolve);
            }
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] code = requireNonNull(in).readAllBytes();
                return defineClass(name, code, 0, code.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"aes128-cbc", "aes192-ctr", "aes256-gcm@openssh.com"})
    void should_log_in_with_a_key_of_another_cipher(String cipher) throws Exception {
        Path key = running().newLogin("ed25519", "", "");
        OpenSshServer.run(
                List.of("ssh-keygen", "-q", "-p", "-Z", cipher, "-a", "3", "-N", "let me in", "-f", key.toString()));

        logIn(key, "let me in");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "genpkey -algorithm ed25519",
                "genpkey -algorithm ed25519 -aes-256-cbc -pass pass:let_me_in",
                "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -aes-128-cbc -pass pass:let_me_in",
                "ecparam -name secp384r1 -genkey"
            })
    void should_log_in_with_a_key_of_openssl(String command) throws Exception {
        Path key = keys.resolve("key.pem");
        OpenSshServer.run(List.of(("openssl " + command + " -out " + key).split(" ", -1)));
        String passphrase = command.contains("pass:") ? "let_me_in" : null;
        var pair = PrivateKeyFile.read(key, passphrase == null ? null : passphrase.toCharArray());
        running().allow(PublicKeys.line(pair.getPublic()));

        logIn(key, passphrase);
    }

    @Test
    void should_not_wipe_the_array_of_the_supplier() throws Exception {
        Path key = running().newLogin("ecdsa", "256", "let me in");
        char[] passphrase = "let me in".toCharArray();

        running().delivery().privateKey(key, () -> passphrase).build().open().close();

        assertThat(passphrase).containsExactly("let me in".toCharArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RFC4716", "PEM", "PKCS8"})
    void should_not_connect_with_a_wrong_passphrase(String format) throws Exception {
        Path key = running().newLogin("rsa", "2048", "");
        OpenSshServer.run(List.of("ssh-keygen", "-q", "-p", "-m", format, "-N", "let me in", "-f", key.toString()));

        assertUnusable(key, "let me out", "its passphrase is another one");
        assertUnusable(key, null, "it is encrypted: give its passphrase");
    }

    @Test
    void should_use_a_short_rsa_key_only_where_it_is_enabled() throws Exception {
        Path key = running().newLogin("rsa", "1024", "");

        assertUnusable(
                key,
                null,
                "it is an RSA key of less than 2048 bits, which others can compute: make a longer one, or take the risk"
                        + " of legacyAlgorithm(LegacyAlgorithm.SHORT_RSA_KEYS)");
        running()
                .delivery()
                .privateKey(key)
                .legacyAlgorithm(LegacyAlgorithm.SHORT_RSA_KEYS)
                .build()
                .open()
                .close();
    }

    @Test
    void should_report_why_a_file_can_not_be_used() throws Exception {
        assertUnusable(keys.resolve("nowhere"), null, "it is not there, or must not be read");
        assertUnusable(
                file("PuTTY-User-Key-File-3: ssh-ed25519\n"),
                null,
                "it has the format of PuTTY: convert it with puttygen, -O private-openssh-new");
        assertUnusable(file("hello"), null, "it is no private key of OpenSSH, PEM or PKCS#8");
        assertUnusable(
                file("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n"),
                null,
                "its format is damaged");
        assertUnusable(file("-----BEGIN OPENSSH PRIVATE KEY-----\n????\n"), null, "its format is damaged");
        assertUnusable(
                file("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), null, "its format is damaged");
        Path dsa = keys.resolve("secp256k1");
        OpenSshServer.run(
                List.of("openssl", "ecparam", "-name", "secp256k1", "-genkey", "-noout", "-out", dsa.toString()));
        assertUnusable(dsa, null, "its type is not supported: use Ed25519, ECDSA with a NIST curve, or RSA");
    }

    private void logIn(Path key, @Nullable String passphrase) throws Exception {
        SftpDelivery.Builder builder = running().delivery();
        if (passphrase == null) {
            builder.privateKey(key);
        } else {
            builder.privateKey(key, passphrase::toCharArray);
        }
        builder.build().open().close();
    }

    private void assertUnusable(Path key, @Nullable String passphrase, String why) {
        SftpDelivery.Builder builder = SftpDelivery.builder("lakeside", "127.0.0.1")
                .port(1)
                .user("outfeed")
                .directory("/exports");
        builder.hostKey("SHA256:" + "A".repeat(43));
        if (passphrase == null) {
            builder.privateKey(key);
        } else {
            builder.privateKey(key, passphrase::toCharArray);
        }
        assertThatThrownBy(builder.build()::open)
                .hasMessage("can't use the private key " + key + ", " + why + " (delivery=lakeside)")
                .satisfies(thrown ->
                        assertThat(((DeliveryException) thrown).code()).isEqualTo(FailureCode.LOGIN_REFUSED));
    }

    private Path file(String content) throws IOException {
        return Files.writeString(keys.resolve("key"), content);
    }

    private static OpenSshServer running() {
        if (server == null) {
            throw new IllegalStateException("the server is not there");
        }
        return server;
    }
}
