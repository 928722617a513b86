package io.outfeed.http;

import static io.outfeed.http.TestIncidents.digest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a server that has a certificate of its own. */
class WebhookTlsTest {

    @TempDir
    Path directory;

    @Test
    void should_post_to_a_server_that_is_trusted() throws Exception {
        KeyStore keys = TestKeys.make(directory, "ip:127.0.0.1");
        try (Receiver receiver = https(keys)) {
            webhook(receiver, TestKeys.context(keys)).send(digest());

            assertThat(receiver.only().header("Webhook-Id")).isEqualTo("d1");
        }
    }

    @Test
    void should_post_nothing_to_a_server_that_is_not_trusted() throws Exception {
        try (Receiver receiver = https(TestKeys.make(directory, "ip:127.0.0.1"))) {
            assertNotTrusted(receiver, null);
        }
    }

    @Test
    void should_post_nothing_to_a_server_of_another_name() throws Exception {
        KeyStore keys = TestKeys.make(directory, "dns:other.example");
        try (Receiver receiver = https(keys)) {
            assertNotTrusted(receiver, TestKeys.context(keys));
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
        server.setHttpsConfigurator(new HttpsConfigurator(TestKeys.context(keys)));
        return new Receiver(server, exchange -> Receiver.answer(exchange, 200));
    }
}
