package io.outfeed.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.http.WebhookNotifier;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentScope;
import io.outfeed.notification.Digest;
import io.outfeed.notification.Notice;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The receiver of the guide, with what a notifier sends. */
class WebhookReceiverTest {

    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    private final List<String> digests = new CopyOnWriteArrayList<>();
    private @Nullable HttpServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    @Test
    void should_accept_each_digest_once() throws Exception {
        WebhookNotifier webhook = webhook(receiver(Clock.systemUTC()), SECRET);

        webhook.send(digest("d1"));
        webhook.send(digest("d1"));
        webhook.send(digest("d2"));

        assertThat(digests)
                .hasSize(2)
                .allSatisfy(digest -> assertThat(digest).contains("\"code\": \"STORE_UNAVAILABLE\""));
    }

    @Test
    void should_refuse_what_another_secret_has_signed() throws Exception {
        assertRefused(webhook(receiver(Clock.systemUTC()), OTHER));
    }

    @Test
    void should_refuse_what_is_not_signed() throws Exception {
        assertRefused(
                WebhookNotifier.builder("own", receiver(Clock.systemUTC())).build());
    }

    @Test
    void should_refuse_what_was_sent_long_ago() throws Exception {
        assertRefused(webhook(receiver(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(6))), SECRET));
    }

    @Test
    void should_be_what_the_guide_shows() throws IOException {
        assertThat(Readme.code("docs/guide/webhooks.md", "## Is it genuine?"))
                .isEqualTo(Readme.region("WebhookReceiver.java", "verify"));
    }

    private void assertRefused(WebhookNotifier webhook) {
        assertThatThrownBy(() -> webhook.send(digest("d1")))
                .isInstanceOfSatisfying(
                        DeliveryException.class,
                        refused -> assertThat(refused.code()).isEqualTo(FailureCode.LOGIN_REFUSED));
        assertThat(digests).isEmpty();
    }

    private URI receiver(Clock clock) throws IOException {
        HttpServer started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server = started;
        started.createContext("/", new WebhookReceiver(SECRET, clock, digests::add));
        started.start();
        return URI.create("http://127.0.0.1:" + started.getAddress().getPort() + "/outfeed");
    }

    private static WebhookNotifier webhook(URI receiver, String secret) {
        return WebhookNotifier.builder("own", receiver).secret(secret).build();
    }

    private static Digest digest(String id) {
        Incident incident = new Incident(
                "i1",
                new IncidentScope(IncidentScope.Kind.STORE, "store"),
                FailureCode.STORE_UNAVAILABLE,
                Incident.Step.RUN,
                "the store can't be reached",
                NOON,
                NOON,
                1,
                List.of(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return new Digest(id, NOON, List.of(new Notice(Notice.Kind.OPENED, incident)));
    }
}
