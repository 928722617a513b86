package io.outfeed.spring.internal;

import static java.util.Objects.requireNonNull;

import io.outfeed.delivery.Delivery;
import io.outfeed.http.HttpDelivery;
import io.outfeed.http.WebhookNotifier;
import io.outfeed.notification.Notifier;
import io.outfeed.spring.HttpDeliveryBuilderCustomizer;
import io.outfeed.spring.OutfeedProperties;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is made with export-http. Loaded only where that is there. */
final class HttpParts {

    private final Secrets secrets;
    private final Customizers customizers;
    private final Findings findings;

    HttpParts(Secrets secrets, Customizers customizers, Findings findings) {
        this.secrets = secrets;
        this.customizers = customizers;
        this.findings = findings;
    }

    @Nullable
    Delivery delivery(String id, String path, OutfeedProperties.Http http) {
        OutfeedProperties.HttpMethod method = findings.required(path + ".method", http.method());
        Supplier<URI> address = address(path + ".url", http.url());
        Supplier<char[]> bearer = secrets.optional(path + ".bearer", http.bearer(), findings);
        Supplier<char[]> password = http.user() == null
                ? secrets.optional(path + ".password", http.password(), findings)
                : secret(path + ".password", http.password());
        if (http.user() == null && http.password() != null) {
            findings.add(path + ".user", "is missing");
        }
        Map<String, Supplier<char[]>> headers = new LinkedHashMap<>();
        new TreeMap<>(http.secretHeaders()).forEach((name, reference) -> {
            Supplier<char[]> value = secrets.supplier(path + ".secret-headers." + name, reference, findings);
            if (value != null) {
                headers.put(name, value);
            }
        });
        if (method == null
                || address == null
                || (bearer == null && http.bearer() != null)
                || (http.user() == null) != (password == null)
                || headers.size() < http.secretHeaders().size()) {
            return null;
        }
        return findings.make(path, () -> {
            HttpDelivery.Builder builder = builder(id, method, address.get(), http.fileField());
            if (bearer != null) {
                builder.bearer(bearer);
            }
            if (http.user() != null) {
                builder.basicLogin(http.user(), requireNonNull(password));
            }
            http.headers().forEach(builder::header);
            headers.forEach(builder::secretHeader);
            http.formFields().forEach(builder::formField);
            choices(builder, http);
            customizers.of(HttpDeliveryBuilderCustomizer.class).forEach(each -> each.customize(id, builder));
            return builder.build();
        });
    }

    private static HttpDelivery.Builder builder(
            String id, OutfeedProperties.HttpMethod method, URI address, String fileField) {
        return switch (method) {
            case PUT -> HttpDelivery.put(id, address);
            case POST -> HttpDelivery.post(id, address);
            case POST_FORM -> HttpDelivery.postForm(id, address, fileField);
        };
    }

    private static void choices(HttpDelivery.Builder builder, OutfeedProperties.Http http) {
        if (http.withoutEncryption()) {
            builder.withoutEncryption();
        }
        if (http.idempotent()) {
            builder.idempotent();
        }
        if (http.webDav()) {
            builder.webDav();
        }
    }

    @Nullable
    Notifier notifier(String id, String path, OutfeedProperties.Webhook webhook) {
        Supplier<char[]> address = secret(path + ".url", webhook.url());
        Supplier<char[]> secret = secrets.optional(path + ".secret", webhook.secret(), findings);
        if (address == null || (secret == null && webhook.secret() != null)) {
            return null;
        }
        return findings.make(path, () -> {
            WebhookNotifier.Builder builder = WebhookNotifier.builder(id, uri(new String(address.get())));
            if (webhook.slackText()) {
                builder.slackText();
            }
            if (secret != null) {
                builder.secret(secret);
            }
            return builder.build();
        });
    }

    /** An address as it is written, or as a reference says; null, and a problem, if it may show a secret. */
    private @Nullable Supplier<URI> address(String path, @Nullable String url) {
        String written = findings.required(path, url);
        if (written == null) {
            return null;
        }
        if (!written.startsWith("https:") && !written.startsWith("http:")) {
            Supplier<char[]> referred = secrets.supplier(path, written, findings);
            return referred == null ? null : () -> uri(new String(referred.get()));
        }
        if (written.contains("?") || written.contains("@")) {
            // Without what it says: it may have a token.
            findings.add(
                    path,
                    "has a query or a user, which may be a secret: refer to the address, as env:NAME, or write the"
                            + " login as properties");
            return null;
        }
        return () -> uri(written);
    }

    private @Nullable Supplier<char[]> secret(String path, @Nullable String reference) {
        String required = findings.required(path, reference);
        return required == null ? null : secrets.supplier(path, required, findings);
    }

    private static URI uri(String address) {
        try {
            return URI.create(address);
        } catch (IllegalArgumentException e) {
            // Without the cause, whose message has the address.
            throw new IllegalArgumentException("url is no address, or does not refer to one");
        }
    }
}
