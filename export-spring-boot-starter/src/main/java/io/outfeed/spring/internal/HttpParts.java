package io.outfeed.spring.internal;

import io.outfeed.http.WebhookNotifier;
import io.outfeed.notification.Notifier;
import io.outfeed.spring.OutfeedProperties;
import java.net.URI;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is made with export-http. Loaded only where that is there. */
final class WebhookParts {

    private final Secrets secrets;
    private final Findings findings;

    WebhookParts(Secrets secrets, Findings findings) {
        this.secrets = secrets;
        this.findings = findings;
    }

    @Nullable
    Notifier notifier(String id, String path, OutfeedProperties.Webhook webhook) {
        String url = findings.required(path + ".url", webhook.url());
        Supplier<char[]> address = url == null ? null : secrets.supplier(path + ".url", url, findings);
        Supplier<char[]> secret =
                webhook.secret() == null ? null : secrets.supplier(path + ".secret", webhook.secret(), findings);
        if (address == null || (secret == null && webhook.secret() != null)) {
            return null;
        }
        return findings.make(path, () -> {
            WebhookNotifier.Builder builder = WebhookNotifier.builder(id, uri(address));
            if (webhook.slackText()) {
                builder.slackText();
            }
            if (secret != null) {
                builder.secret(secret);
            }
            return builder.build();
        });
    }

    private static URI uri(Supplier<char[]> address) {
        try {
            return URI.create(new String(address.get()));
        } catch (IllegalArgumentException e) {
            // Without the cause, whose message has the address.
            throw new IllegalArgumentException("url does not refer to an address");
        }
    }
}
