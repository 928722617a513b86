package io.outfeed.examples.leak;

import io.outfeed.examples.servers.Mailbox;
import io.outfeed.mail.MailDelivery;
import io.outfeed.mail.MailNotifier;
import io.outfeed.mail.MailSecurity;
import io.outfeed.mail.MailServer;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.function.Supplier;

/** The mails of the host: files for a receiver, and notices for the office; their servers refuse what fails. */
final class Mails implements AutoCloseable {

    private final Fault fault;
    private final Mailbox deliveries = new Mailbox();
    private final Mailbox notices = new Mailbox();

    Mails(Fault fault) throws IOException {
        this.fault = fault;
        script();
    }

    private void script() {
        String said = Canary.SMTP_TEXT.text + " to <" + Canary.RECIPIENT.text + ">";
        switch (fault) {
            case SMTP_GREETING -> deliveries.on("CONNECT", "554 " + said);
            case SMTP_LOGIN, SMTP_LOGIN_WITH_TOKEN -> deliveries.on("AUTH", "535 5.7.8 " + said);
            case SMTP_LOGIN_BREAKS -> deliveries.on("AUTH", Mailbox.DROP);
            case SMTP_SENDER -> deliveries.on("MAIL", "550 5.7.1 " + said);
            case SMTP_RECIPIENT -> deliveries.on("RCPT", "550 5.1.1 " + said);
            case SMTP_RECIPIENT_LATER -> deliveries.on("RCPT", "450 4.2.1 " + said);
            case SMTP_DATA -> deliveries.on("DATA", "554 5.6.0 " + said);
            case SMTP_MESSAGE -> deliveries.on(".", "552 5.3.4 " + said);
            case SMTP_DROP -> deliveries.on(".", Mailbox.DROP);
            case NOTIFIER_LOGIN -> notices.on("AUTH", "535 5.7.8 " + said);
            case NOTIFIER_RECIPIENT -> notices.on("RCPT", "550 5.1.1 " + said);
            default -> {}
        }
    }

    /** The server of the delivery. */
    MailServer server() {
        return server(deliveries);
    }

    private MailServer server(Mailbox mailbox) {
        MailServer.Builder builder = MailServer.builder("127.0.0.1")
                .port(mailbox.port())
                .security(MailSecurity.PLAIN_LOOPBACK_ONLY)
                .user("outfeed");
        return switch (fault) {
            case SMTP_TOKEN, SMTP_LOGIN_WITH_TOKEN ->
                builder.accessToken(new Token()).build();
            case SMTP_TOKEN_SUPPLIER ->
                builder.accessToken(() -> {
                            throw new IllegalStateException(Canary.all());
                        })
                        .build();
            case SMTP_PASSWORD_SUPPLIER ->
                builder.password(() -> {
                            throw new AssertionError(Canary.all());
                        })
                        .build();
            default -> builder.password(Canary.SMTP_PASSWORD.text).build();
        };
    }

    /** A supplier that shows what it supplies. */
    private record Token() implements Supplier<String> {

        @Override
        public String get() {
            return Canary.ACCESS_TOKEN.text;
        }

        @Override
        public String toString() {
            return Canary.ACCESS_TOKEN.text;
        }
    }

    MailDelivery delivery() {
        return MailDelivery.builder("partner", server(deliveries))
                .from("exports@vendor.example")
                .to(Canary.RECIPIENT.text)
                .subject("{rows} {definition} of {job}")
                .build();
    }

    MailNotifier notifier() {
        MailNotifier.Builder builder = MailNotifier.builder("notices", server(notices))
                .from("exports@vendor.example")
                .to("office@vendor.example")
                .events(event -> true)
                .link((run, file) -> {
                    fault.failAt(Fault.NOTIFIER_LINK);
                    return URI.create("https://portal.vendor.example/" + run.number());
                });
        if (fault == Fault.NOTIFIER_RECIPIENTS_OF_HOST) {
            builder.to(event -> {
                throw new IllegalStateException(Canary.all());
            });
        } else if (fault == Fault.NOTIFIER_INVALID_RECIPIENT) {
            builder.to(event -> List.of(Canary.NAME.text));
        }
        return builder.build();
    }

    /** What has come to the office. */
    List<String> notices() {
        return notices.messages();
    }

    @Override
    public void close() {
        deliveries.close();
        notices.close();
    }
}
