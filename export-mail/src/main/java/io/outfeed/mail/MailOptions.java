package io.outfeed.mail;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.mail.internal.message.Envelope;
import io.outfeed.mail.internal.message.HeaderText;
import java.util.List;
import java.util.Optional;

/** The options that deliveries and notifiers share: set by a builder, and not changed once a product has its copy. */
abstract class MailOptions {

    final String id;
    final MailServer server;

    final Envelope.Typed addresses;
    String subject;

    MailOptions(String id, MailServer server, String subject) {
        this(id, server, subject, new Envelope.Typed());
    }

    private MailOptions(String id, MailServer server, String subject, Envelope.Typed addresses) {
        this.id = requireNonNull(id, "id");
        this.server = requireNonNull(server, "server");
        this.subject = subject;
        this.addresses = addresses;
    }

    MailOptions(MailOptions other) {
        this(other.id, other.server, other.subject, new Envelope.Typed(other.addresses));
    }

    void checkId(List<String> problems) {
        HeaderText.nameProblem(id).ifPresent(problem -> problems.add("the id " + problem));
    }

    /**
     * The envelope of a notifier, whose mails do not depend on what the server offers.
     *
     * @param hasOtherRecipients whether there may be no recipient
     */
    Optional<Envelope> asciiEnvelope(boolean hasOtherRecipients, List<String> problems) {
        Optional<Envelope> envelope = Envelope.parse(addresses, hasOtherRecipients, problems);
        if (envelope.filter(Envelope::needsUtf8).isPresent()) {
            problems.add("an address has letters beyond ASCII before the '@', which many servers do not take");
        }
        return envelope;
    }

    /**
     * Throws if there is a problem.
     *
     * @param kind what messages call the product
     * @param envelope the envelope, without which there is a problem
     */
    Envelope checked(String kind, Optional<Envelope> envelope, List<String> problems) {
        if (envelope.isEmpty() || !problems.isEmpty()) {
            boolean idIsSafe = HeaderText.nameProblem(id).isEmpty();
            throw new InvalidDefinitionException(idIsSafe ? kind + " '" + id + "'" : kind, problems);
        }
        return envelope.get();
    }
}
