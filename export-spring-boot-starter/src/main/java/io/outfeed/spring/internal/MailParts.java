package io.outfeed.spring.internal;

import io.outfeed.delivery.Delivery;
import io.outfeed.mail.MailDelivery;
import io.outfeed.mail.MailDigest;
import io.outfeed.mail.MailSecurity;
import io.outfeed.mail.MailServer;
import io.outfeed.notification.Notifier;
import io.outfeed.spring.MailDeliveryBuilderCustomizer;
import io.outfeed.spring.MailServerBuilderCustomizer;
import io.outfeed.spring.OutfeedProperties;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is made with export-mail. Loaded only where that is there. */
final class MailParts {

    private static final String SERVERS = "outfeed.mail-servers.";

    private final Map<String, OutfeedProperties.MailServer> properties;
    private final Map<String, MailServer> servers = new HashMap<>();
    private final Set<String> wrong = new HashSet<>();
    private final Secrets secrets;
    private final Customizers customizers;
    private final Findings findings;

    MailParts(
            Map<String, OutfeedProperties.MailServer> properties,
            Secrets secrets,
            Customizers customizers,
            Findings findings) {
        this.properties = properties;
        this.secrets = secrets;
        this.customizers = customizers;
        this.findings = findings;
    }

    @Nullable
    Delivery delivery(String id, String path, OutfeedProperties.Mail mail) {
        MailServer server = server(path, mail.server());
        String from = findings.required(path + ".from", mail.from());
        if (server == null || from == null) {
            return null;
        }
        return findings.make(path, () -> {
            MailDelivery.Builder builder = MailDelivery.builder(id, server)
                    .from(from)
                    .to(mail.to())
                    .cc(mail.cc())
                    .bcc(mail.bcc());
            if (!mail.replyTo().isEmpty()) {
                builder.replyTo(mail.replyTo());
            }
            if (mail.subject() != null) {
                builder.subject(mail.subject());
            }
            if (mail.text() != null) {
                builder.text(mail.text());
            }
            customizers.of(MailDeliveryBuilderCustomizer.class).forEach(each -> each.customize(id, builder));
            return builder.build();
        });
    }

    @Nullable
    Notifier notifier(String id, String path, OutfeedProperties.NoticeMail mail) {
        MailServer server = server(path, mail.server());
        String from = findings.required(path + ".from", mail.from());
        if (server == null || from == null) {
            return null;
        }
        return findings.make(path, () -> {
            MailDigest.Builder builder =
                    MailDigest.builder(id, server).from(from).to(mail.to());
            if (mail.subject() != null) {
                builder.subject(mail.subject());
            }
            return builder.build();
        });
    }

    private @Nullable MailServer server(String path, @Nullable String named) {
        String name = findings.required(path + ".server", named);
        if (name == null) {
            return null;
        }
        OutfeedProperties.MailServer found = properties.get(name);
        if (found == null) {
            findings.add(
                    path + ".server",
                    "there is no mail server '" + name + "': outfeed.mail-servers has "
                            + properties.keySet().stream().sorted().toList());
            return null;
        }
        if (!servers.containsKey(name) && wrong.add(name)) {
            MailServer made = make(name, found);
            if (made != null) {
                servers.put(name, made);
            }
        }
        return servers.get(name);
    }

    private @Nullable MailServer make(String name, OutfeedProperties.MailServer server) {
        String path = SERVERS + name;
        String host = findings.required(path + ".host", server.host());
        Supplier<char[]> password = secrets.optional(path + ".password", server.password(), findings);
        if (host == null || (password == null && server.password() != null)) {
            return null;
        }
        return findings.make(path, () -> {
            MailServer.Builder builder = MailServer.builder(host);
            if (server.security() != null) {
                builder.security(security(server.security()));
            }
            if (server.port() != null) {
                builder.port(server.port());
            }
            if (server.user() != null) {
                builder.user(server.user());
            }
            if (password != null) {
                builder.password(password);
            }
            customizers.of(MailServerBuilderCustomizer.class).forEach(each -> each.customize(name, builder));
            return builder.build();
        });
    }

    private static MailSecurity security(String text) {
        try {
            return MailSecurity.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("security must be STARTTLS, TLS or PLAIN_LOOPBACK_ONLY, not " + text, e);
        }
    }
}
