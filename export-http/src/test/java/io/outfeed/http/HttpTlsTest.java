package io.outfeed.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.file.IfExists;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers with certificates of their own, and one that asks for a certificate of the client. */
class HttpTlsTest {

    private static final byte[] CONTENT = {1, 2, 3};

    @TempDir
    private Path directory;

    private static FileServer https(KeyStore keys, boolean clientsProve) throws Exception {
        HttpsServer server = HttpsServer.create(Receiver.loopback(), 0);
        SSLContext context = TestKeys.context(keys);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {

            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = context.getDefaultSSLParameters();
                wanted.setNeedClientAuth(clientsProve);
                parameters.setSSLParameters(wanted);
            }
        });
        return new FileServer(server);
    }

    private static Delivery delivery(FileServer server, @Nullable SSLContext context) {
        HttpDelivery.Builder builder = HttpDelivery.put("lakeside", URI.create("https://" + server.at() + "/exports"));
        return context == null ? builder.build() : builder.sslContext(context).build();
    }

    private static void deliver(Delivery delivery) throws Exception {
        OutgoingFile file = TestFiles.file(41, "visits.csv", CONTENT, IfExists.FAIL);
        try (DeliverySession session = delivery.open()) {
            assertThat(session.publish(session.prepare(file), file)).isPresent();
        }
    }

    @Test
    void should_deliver_to_a_server_that_is_trusted() throws Exception {
        KeyStore keys = TestKeys.make(directory, "ip:127.0.0.1");
        try (FileServer server = https(keys, false)) {
            deliver(delivery(server, TestKeys.context(keys)));

            assertThat(server.read("visits.csv")).contains(CONTENT);
        }
    }

    @Test
    void should_prove_its_identity_by_a_certificate() throws Exception {
        KeyStore keys = TestKeys.make(directory, "ip:127.0.0.1");
        try (FileServer server = https(keys, true)) {
            deliver(delivery(server, TestKeys.context(keys)));

            assertThat(server.read("visits.csv")).contains(CONTENT);
        }
    }

    @Test
    void should_say_that_the_server_may_ask_for_a_certificate() throws Exception {
        KeyStore keys = TestKeys.make(directory, "ip:127.0.0.1");
        try (FileServer server = https(keys, true)) {
            Delivery nameless = delivery(server, TestKeys.trusting(keys));

            assertThatThrownBy(nameless::open)
                    .isInstanceOf(DeliveryException.class)
                    .hasMessageStartingWith("can't reach https://" + server.at() + "/exports: ");
            assertThat(server.read("visits.csv")).isEmpty();
        }
    }

    @Test
    void should_send_nothing_to_a_server_that_is_not_trusted() throws Exception {
        assertNotTrusted(TestKeys.make(directory, "ip:127.0.0.1"), null);
    }

    @Test
    void should_send_nothing_to_a_server_of_another_name() throws Exception {
        KeyStore keys = TestKeys.make(directory, "dns:other.example");
        assertNotTrusted(keys, TestKeys.context(keys));
    }

    private static void assertNotTrusted(KeyStore keys, @Nullable SSLContext context) throws Exception {
        try (FileServer server = https(keys, false)) {
            assertThatThrownBy(delivery(server, context)::open)
                    .isInstanceOfSatisfying(DeliveryException.class, failure -> {
                        assertThat(failure.code()).isEqualTo(FailureCode.IDENTITY_REFUSED);
                        assertThat(failure)
                                .hasMessage("can't reach https://" + server.at() + "/exports: " + server.at()
                                        + " does not prove its identity; check the address, or set an sslContext that"
                                        + " trusts its authority (delivery=lakeside)");
                    });
        }
    }
}
