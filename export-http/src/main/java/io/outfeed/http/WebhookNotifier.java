package io.outfeed.http;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.DeliveryException;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.http.internal.webhook.WebhookBody;
import io.outfeed.http.internal.webhook.WebhookClient;
import io.outfeed.http.internal.webhook.WebhookFailures;
import io.outfeed.http.internal.webhook.WebhookSecret;
import io.outfeed.http.internal.webhook.WebhookTarget;
import io.outfeed.notification.Digest;
import io.outfeed.notification.Notifier;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Posts what operators have to know about incidents to a webhook, as JSON. Added by {@code
 * ExportEngine.builder().notifier(webhook)}; several may be added, each with an id of its own.
 *
 * <p>The body is the {@link Digest}: id, time, and for each notice its kind, headline, facts and incident; or, with
 * {@link Builder#slackText}, a message for Slack, Mattermost and others that are compatible. It never has a row or a
 * file. As in the ledger, the message of a failed mapping has the keys of records.
 *
 * <p><b>At least once.</b> A status from 200 to 299 counts as sent. For any other, and if there is no answer, {@link
 * #send} throws, and the engine gives the notices again; the header {@code webhook-id} is then the same, by which a
 * receiver drops a second copy. Redirects are not followed.
 *
 * <p><b>Signed</b> as <a href="https://www.standardwebhooks.com">Standard Webhooks</a> are, if there is a {@link
 * Builder#secret(Supplier) secret}: {@code webhook-timestamp} is the time in seconds since 1970, and {@code
 * webhook-signature} is {@code v1,} and the HMAC-SHA256 of {@code webhook-id}, {@code .}, {@code webhook-timestamp},
 * {@code .} and the body, in Base64. A receiver computes it from the bytes that it has got, compares it in constant
 * time, and refuses a timestamp that is not of the last minutes.
 *
 * <p>Thread-safe. {@code toString} and messages name the server, and no other part of the address: with Slack the path
 * is all that is needed to post.
 */
public final class WebhookNotifier implements Notifier {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,119}");

    private final Options options;
    private final WebhookTarget target;
    private final WebhookClient client;

    private WebhookNotifier(Options options) {
        this.options = options;
        this.target = new WebhookTarget(options.address);
        this.client = new WebhookClient(target, options.connectTimeout, options.timeout, options.sslContext);
    }

    /**
     * Starts a notifier.
     *
     * @param id its name in the store and in messages: letters A-Z and a-z, digits, {@code .}, {@code _} and {@code -},
     *     not at the beginning {@code .} or {@code -}, at most 120 characters
     * @param address where to post: {@code https}, or {@code http} to {@code localhost}, {@code 127.x.x.x} or {@code
     *     [::1]}; without a user and a fragment
     * @return a builder
     */
    public static Builder builder(String id, URI address) {
        return new Builder(id, address);
    }

    @Override
    public String id() {
        return options.id;
    }

    /**
     * Posts the digest, once.
     *
     * @throws DeliveryException unless the server has answered that it accepts it; its message has the server and the
     *     status, and nothing of the address, the body and the answer
     */
    @Override
    public void send(Digest digest) {
        WebhookFailures failures = new WebhookFailures(options.id, target, " (digest=" + digest.id() + ")");
        byte[] body = options.body.of(digest).getBytes(StandardCharsets.UTF_8);
        long timestamp = Instant.now().getEpochSecond();
        List<String> headers = new ArrayList<>(List.of(
                "Content-Type",
                "application/json",
                "User-Agent",
                "Outfeed",
                "webhook-id",
                digest.id(),
                "webhook-timestamp",
                Long.toString(timestamp)));
        secret(failures)
                .ifPresent(secret ->
                        headers.addAll(List.of("webhook-signature", secret.sign(digest.id(), timestamp, body))));
        client.post(body, headers, failures);
    }

    private Optional<WebhookSecret> secret(WebhookFailures failures) {
        if (options.secret == null) {
            return Optional.empty();
        }
        Optional<WebhookSecret> secret;
        try {
            secret = WebhookSecret.read(requireNonNull(options.secret.get(), "secret"));
        } catch (Throwable e) { // its message may have the secret
            throw failures.noSecret("could not be had", e);
        }
        if (secret.isEmpty()) {
            throw failures.noSecret("has another form: " + WebhookSecret.FORM, null);
        }
        return secret;
    }

    @Override
    public String toString() {
        return "webhook '" + options.id + "' to " + target;
    }

    private static final class Options {

        private final String id;
        private final URI address;
        private WebhookBody body = WebhookBody.DIGEST;
        private @Nullable Supplier<char[]> secret;
        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration timeout = Duration.ofSeconds(30);
        private @Nullable SSLContext sslContext;

        Options(String id, URI address) {
            this.id = requireNonNull(id, "id");
            this.address = requireNonNull(address, "address");
        }

        Options(Options other) {
            id = other.id;
            address = other.address;
            body = other.body;
            secret = other.secret;
            connectTimeout = other.connectTimeout;
            timeout = other.timeout;
            sslContext = other.sslContext;
        }

        void check() {
            List<String> problems = new ArrayList<>();
            boolean idIsSafe = ID.matcher(id).matches();
            if (!idIsSafe) {
                problems.add("the id needs 1 to 120 letters A-Z and a-z, digits, '.', '_' and '-', and must not begin"
                        + " with '.' or '-'");
            }
            problems.addAll(new WebhookTarget(address).problems());
            checkTimeout("connectTimeout", connectTimeout, problems);
            checkTimeout("timeout", timeout, problems);
            if (!problems.isEmpty()) {
                throw new InvalidDefinitionException(idIsSafe ? "webhook '" + id + "'" : "webhook", problems);
            }
        }

        private static void checkTimeout(String name, Duration timeout, List<String> problems) {
            if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(Duration.ofHours(1)) > 0) {
                problems.add(name + " is " + timeout + ", it must be from a millisecond to an hour");
            }
        }
    }

    /** Collects the options of a notifier. Not thread-safe. */
    public static final class Builder {

        private final Options options;

        private Builder(String id, URI address) {
            options = new Options(id, address);
        }

        /**
         * Posts a message for people, {@code {"text": "…"}}, as Slack, Mattermost and others show it: the first
         * notices with their facts, of more the headlines, in at most 4,000 characters. Default: the whole digest, for
         * programs.
         *
         * @return this builder
         */
        public Builder slackText() {
            options.body = WebhookBody.SLACK_TEXT;
            return this;
        }

        /**
         * Signs each request with a secret. Default: requests are not signed. Replaces a secret set before.
         *
         * @param secret {@code whsec_} and 24 to 64 random bytes in Base64
         * @return this builder
         * @throws IllegalArgumentException if it has another form
         */
        public Builder secret(String secret) {
            char[] text = secret.toCharArray();
            if (WebhookSecret.read(text).isEmpty()) {
                throw new IllegalArgumentException(WebhookSecret.FORM);
            }
            return secret(text::clone);
        }

        /**
         * Signs each request with a secret from a supplier. Replaces a secret set before.
         *
         * @param secret called for each request, by the thread that sends it: {@code whsec_} and 24 to 64 random bytes
         *     in Base64. What it throws counts as a retryable failure. Its array is not changed.
         * @return this builder
         */
        public Builder secret(Supplier<char[]> secret) {
            options.secret = requireNonNull(secret, "secret");
            return this;
        }

        /**
         * Sets how long connecting may take. Default: 10 seconds.
         *
         * @param timeout from a millisecond to an hour
         * @return this builder
         */
        public Builder connectTimeout(Duration timeout) {
            options.connectTimeout = requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Sets how long a request may take in all, from connecting to the status of the answer. Default: 30 seconds.
         *
         * @param timeout from a millisecond to an hour
         * @return this builder
         */
        public Builder timeout(Duration timeout) {
            options.timeout = requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Sets the trusted certificate authorities, and the client's certificate if there is one. The server's
         * certificate must be for the host's name all the same. Default: the authorities that the JDK trusts.
         *
         * @param sslContext an initialized context
         * @return this builder
         */
        public Builder sslContext(SSLContext sslContext) {
            options.sslContext = requireNonNull(sslContext, "sslContext");
            return this;
        }

        /**
         * Makes the notifier.
         *
         * @return the notifier, a copy of what was collected
         * @throws InvalidDefinitionException if anything is wrong; all problems are listed, without the address
         */
        public WebhookNotifier build() {
            Options copy = new Options(options);
            copy.check();
            return new WebhookNotifier(copy);
        }
    }
}
