package io.outfeed.http;

import static io.outfeed.http.TestIncidents.digest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a server that has a certificate of its own. */
class WebhookTlsTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    Path directory;

    @Test
    void should_post_to_a_server_that_is_trusted() throws Exception {
        KeyStore keys = keys("ip:127.0.0.1");
        try (Receiver receiver = https(keys)) {
            webhook(receiver, context(keys)).send(digest());

            assertThat(receiver.only().header("Webhook-Id")).isEqualTo("d1");
        }
    }

    @Test
    void should_post_nothing_to_a_server_that_is_not_trusted() throws Exception {
        try (Receiver receiver = https(keys("ip:127.0.0.1"))) {
            assertNotTrusted(receiver, null);
        }
    }

    @Test
    void should_post_nothing_to_a_server_of_another_name() throws Exception {
        KeyStore keys = keys("dns:other.example");
        try (Receiver receiver = https(keys)) {
            assertNotTrusted(receiver, context(keys));
        }
    }

    private static void assertNotTrusted(Receiver receiver, @Nullable SSLContext trust) {
        DeliveryException refused = catchThrowableOfType(
                DeliveryException.class, () -> webhook(receiver, trust).send(digest()));

        assertThat(refused)
                .hasMessage("the certificate of " + receiver.at() + " is not trusted: check the host's name, or give an"
                        + " sslContext that trusts its authority (digest=d1)");
        assertThat(refused.code()).isEqualTo(FailureCode.IDENTITY_REFUSED);
        assertThat(receiver.requests()).isEmpty();
    }

    private static WebhookNotifier webhook(Receiver receiver, @Nullable SSLContext trust) {
        WebhookNotifier.Builder builder =
                WebhookNotifier.builder("chat", URI.create("https://" + receiver.at() + "/hook-s3cret"));
        return (trust == null ? builder : builder.sslContext(trust)).build();
    }

    private static Receiver https(KeyStore keys) throws Exception {
        HttpsServer server = HttpsServer.create(Receiver.loopback(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context(keys)));
        return new Receiver(server, exchange -> Receiver.answer(exchange, 200));
    }

    /** For a server that has the keys, and for a client that trusts it. */
    private static SSLContext context(KeyStore keys) throws Exception {
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", keys.getCertificate("server"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    /** A certificate that signs itself, made by the JDK's keytool. */
    private KeyStore keys(String name) throws Exception {
        Path file = directory.resolve("server.p12");
        Process keytool = new ProcessBuilder((Path.of(System.getProperty("java.home"), "bin", "keytool")
                                + " -genkeypair -alias server -keyalg EC -dname CN=test -ext san=" + name
                                + " -storetype PKCS12 -storepass changeit -keystore " + file)
                        .split(" "))
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        return keys;
    }
}
