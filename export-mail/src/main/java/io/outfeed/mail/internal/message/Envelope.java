package io.outfeed.mail.internal.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The sender and the recipients of a mail. Each recipient gets a message of their own, and all messages have the same
 * headers. Immutable.
 *
 * @param from the sender
 * @param to the recipients that are named as the addressees
 * @param cc the recipients that are named as those of a copy
 * @param bcc the recipients that are not named
 * @param replyTo to whom answers go; none for the sender
 */
public record Envelope(
        MailAddress from,
        List<MailAddress> to,
        List<MailAddress> cc,
        List<MailAddress> bcc,
        List<MailAddress> replyTo) {

    public Envelope {
        to = List.copyOf(to);
        cc = List.copyOf(cc);
        bcc = List.copyOf(bcc);
        replyTo = List.copyOf(replyTo);
    }

    /** A mail to one recipient. */
    public static Envelope of(MailAddress from, MailAddress to) {
        return new Envelope(from, List.of(to), List.of(), List.of(), List.of());
    }

    /** The addresses of a builder, as they were typed. */
    public static final class Typed {

        public @Nullable String from;
        public final List<String> to = new ArrayList<>();
        public final List<String> cc = new ArrayList<>();
        public final List<String> bcc = new ArrayList<>();
        public final List<String> replyTo = new ArrayList<>();

        public Typed() {}

        public Typed(Typed other) {
            from = other.from;
            to.addAll(other.to);
            cc.addAll(other.cc);
            bcc.addAll(other.bcc);
            replyTo.addAll(other.replyTo);
        }
    }

    /**
     * Parses the addresses of a builder. A recipient that is there twice gets one message.
     *
     * @param hasOtherRecipients whether there may be no recipient
     * @param problems gets what is missing or wrong; addresses are numbered, not repeated
     * @return the envelope, if there is a sender
     */
    public static Optional<Envelope> parse(Typed typed, boolean hasOtherRecipients, List<String> problems) {
        Optional<MailAddress> sender = Optional.empty();
        if (typed.from == null) {
            problems.add("from is missing");
        } else {
            sender = MailAddress.parse(typed.from, "from", problems);
        }
        if (typed.to.isEmpty() && typed.cc.isEmpty() && typed.bcc.isEmpty() && !hasOtherRecipients) {
            problems.add("to is missing: there is no recipient");
        }
        List<MailAddress> to = MailAddress.parseAll(typed.to, "recipient", problems);
        List<MailAddress> cc = MailAddress.parseAll(typed.cc, "cc", problems);
        List<MailAddress> bcc = MailAddress.parseAll(typed.bcc, "bcc", problems);
        List<MailAddress> replyTo = MailAddress.parseAll(typed.replyTo, "replyTo", problems);
        return sender.map(from -> new Envelope(from, to, cc, bcc, replyTo));
    }

    /** Each recipient once, those of {@code to} first, then those of {@code cc} and {@code bcc}. */
    public List<MailAddress> recipients() {
        Map<String, MailAddress> recipients = new LinkedHashMap<>();
        Stream.of(to, cc, bcc)
                .flatMap(List::stream)
                .forEach(recipient -> recipients.putIfAbsent(recipient.mailbox(), recipient));
        return List.copyOf(recipients.values());
    }

    /** Whether an address is not ASCII, which takes a server with SMTPUTF8. */
    public boolean needsUtf8() {
        return Stream.of(List.of(from), to, cc, bcc, replyTo)
                .flatMap(List::stream)
                .anyMatch(address -> !address.isAscii());
    }

    /** How long the headers with addresses are at most, in bytes: a name that is encoded takes three times as much. */
    public long headerLength() {
        return Stream.of(List.of(from), to, cc, replyTo)
                .flatMap(List::stream)
                .mapToLong(address -> 3L * address.toString().getBytes(StandardCharsets.UTF_8).length + 4)
                .sum();
    }

    /** Such as {@code 2 recipients}. */
    public String recipientCount() {
        int count = recipients().size();
        return count + (count == 1 ? " recipient" : " recipients");
    }
}
