package io.outfeed.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A receiver of webhooks, as the guide shows it. */
final class WebhookReceiver implements HttpHandler {

    private final byte[] key;
    private final Clock clock;
    private final Consumer<String> digests;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    WebhookReceiver(String secret, Clock clock, Consumer<String> digests) {
        this.key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
        this.clock = clock;
        this.digests = digests;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String id = exchange.getRequestHeaders().getFirst("webhook-id");
        String timestamp = exchange.getRequestHeaders().getFirst("webhook-timestamp");
        String signature = exchange.getRequestHeaders().getFirst("webhook-signature");
        boolean genuine = id != null && timestamp != null && signature != null;
        if (genuine && isGenuine(id, timestamp, signature, body)) {
            if (seen.add(id)) { // a digest that was not acknowledged in time comes again
                digests.accept(new String(body, StandardCharsets.UTF_8));
            }
            exchange.sendResponseHeaders(204, -1);
        } else {
            exchange.sendResponseHeaders(401, -1);
        }
        exchange.close();
    }

    // verify:begin
    private boolean isGenuine(String id, String timestamp, String signature, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256")); // whsec_ removed, the rest decoded from Base64
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            String expected = "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body)); // the bytes as they came
            Instant sent = Instant.ofEpochSecond(Long.parseLong(timestamp));
            Duration age = Duration.between(sent, clock.instant()).abs();
            return MessageDigest.isEqual(
                            expected.getBytes(StandardCharsets.UTF_8), signature.getBytes(StandardCharsets.UTF_8))
                    && age.compareTo(Duration.ofMinutes(5)) <= 0;
        } catch (GeneralSecurityException | NumberFormatException e) {
            return false;
        }
    }
    // verify:end
}
