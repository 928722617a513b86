package io.outfeed.mail.internal.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The sender and the recipients of a mail.
 *
 * @param from the sender
 * @param recipients the recipients, each address once
 */
public record Envelope(MailAddress from, List<MailAddress> recipients) {

    public Envelope {
        recipients = List.copyOf(recipients);
    }

    /**
     * Parses the addresses of a builder.
     *
     * @param from the sender, or null if there is none
     * @param to the recipients
     * @param hasOtherRecipients whether there may be none in {@code to}
     * @param problems gets what is missing or wrong; addresses are numbered, not repeated
     * @return the envelope, if there is a sender
     */
    public static Optional<Envelope> parse(
            @Nullable String from, List<String> to, boolean hasOtherRecipients, List<String> problems) {
        Optional<MailAddress> sender = Optional.empty();
        if (from == null) {
            problems.add("from is missing");
        } else {
            sender = MailAddress.parse(from, "from", problems);
        }
        if (to.isEmpty() && !hasOtherRecipients) {
            problems.add("to is missing: there is no recipient");
        }
        List<MailAddress> recipients = new ArrayList<>(MailAddress.parseAll(to, problems));
        return sender.map(address -> new Envelope(address, recipients));
    }

    /** Such as {@code 2 recipients}. */
    public String recipientCount() {
        return recipients.size() + (recipients.size() == 1 ? " recipient" : " recipients");
    }
}
