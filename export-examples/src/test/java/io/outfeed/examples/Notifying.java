package io.outfeed.examples;

import static io.outfeed.mail.MailEvents.emptyRuns;
import static io.outfeed.mail.MailEvents.successes;

import io.outfeed.ExportEngine;
import io.outfeed.event.RunEvent;
import io.outfeed.http.WebhookNotifier;
import io.outfeed.mail.MailDigest;
import io.outfeed.mail.MailNotifier;
import io.outfeed.mail.MailServer;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** Mails and messages to operators and customers, as the README shows them. */
final class Notifying {

    private Notifying() {}

    /** The host's customers. */
    interface Customers {

        List<String> contacts(String job);

        URI page(long run, String file);
    }

    static ExportEngine operators(Path home, MailServer server, URI channel) {
        // operators:begin
        ExportEngine engine = ExportEngine.builder()
                .directory(home)
                .notifier(MailDigest.builder("operators", server)
                        .from("exports@vendor.example")
                        .to("operators@vendor.example")
                        .build())
                .notifier(WebhookNotifier.builder("chat", channel).slackText().build())
                .build();
        // operators:end
        return engine;
    }

    static ExportEngine customers(Path home, MailServer server, Customers customers) {
        // customers:begin
        ExportEngine engine = ExportEngine.builder()
                .directory(home)
                .listener(MailNotifier.builder("customers", server)
                        .from("exports@vendor.example")
                        .to(event -> event instanceof RunEvent of
                                ? customers.contacts(of.run().job())
                                : List.of())
                        .events(successes().or(emptyRuns())) // without the second: no mail when there is no file
                        .link((run, file) -> customers.page(run.number(), file.path()))
                        .build())
                .build();
        // customers:end
        return engine;
    }
}
