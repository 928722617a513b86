package io.outfeed.sftp.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.error.DeliveryException;
import io.outfeed.sftp.SftpDelivery;
import io.outfeed.sftp.fixture.OpenSshServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deliveries register no security provider. */
@Tag("slow")
class ProvidersTest {

    @TempDir
    private Path home;

    /** The host: a JVM of its own, where no other test has registered anything. */
    static final class Host {

        private Host() {}

        public static void main(String[] args) throws Exception {
            List<String> before = providers();
            for (String key : List.of("ed25519", "ecdsa", "rsa")) {
                open(args[0], args[1] + "/login_" + key, args[2]);
            }
            try {
                open(args[0], args[1] + "/login_rsa", "SHA256:" + "A".repeat(43));
                throw new AssertionError("a wrong pin was trusted");
            } catch (DeliveryException e) {
                // a rejected host key must not register one either
            }
            System.out.println(providers().equals(before) ? "unchanged" : before + " became " + providers());
        }

        private static void open(String port, String key, String pin) throws Exception {
            SftpDelivery.builder("lakeside", "127.0.0.1")
                    .port(Integer.parseInt(port))
                    .user(OpenSshServer.user())
                    .privateKey(Path.of(key), () -> "let me in".toCharArray())
                    .hostKey(pin)
                    .directory("/")
                    .build()
                    .open()
                    .close();
        }

        private static List<String> providers() {
            return Arrays.stream(Security.getProviders()).map(Provider::getName).toList();
        }
    }

    @Test
    void should_not_change_the_providers_of_the_host() throws Exception {
        try (OpenSshServer server = OpenSshServer.start(home)) {
            StringBuilder keys = new StringBuilder();
            for (String type : List.of("ed25519", "ecdsa", "rsa")) {
                Path key = server.newLogin(type, type.equals("rsa") ? "2048" : "", "let me in");
                keys.append(server.authorized());
                if (!type.equals("ed25519")) {
                    OpenSshServer.run(List.of(
                            "ssh-keygen",
                            "-q",
                            "-p",
                            "-m",
                            "PKCS8",
                            "-P",
                            "let me in",
                            "-N",
                            "let me in",
                            "-f",
                            key.toString()));
                }
            }
            server.allow(keys.toString());
            Process host = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Host.class.getName(),
                            String.valueOf(server.port()),
                            home.toString(),
                            server.fingerprint("ecdsa"))
                    .redirectErrorStream(true)
                    .start();
            String said = new String(host.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(said.strip()).isEqualTo("unchanged");
        }
    }
}
