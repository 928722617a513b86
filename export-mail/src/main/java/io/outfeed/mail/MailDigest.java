package io.outfeed.mail;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.DeliveryException;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.mail.internal.digest.DigestSender;
import io.outfeed.mail.internal.message.Envelope;
import io.outfeed.mail.internal.message.HeaderText;
import io.outfeed.mail.internal.message.TextTemplate;
import io.outfeed.notification.Digest;
import io.outfeed.notification.Notifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Mails operators what they have to know about incidents: one notice when there is one, one a day while it lasts, and
 * one at its end, however many jobs it stops. Added by {@code ExportEngine.builder().notifier(digest)}; several with
 * different recipients may be added, each with an id of its own.
 *
 * <p>A mail has one or more notices, each with a headline and facts: since when, which jobs, the failure with what to
 * do, and what is next. The same facts are there as text and as HTML. The subject is that of the {@link Digest}, short
 * enough for the list of mails of a telephone. It never has a row or a file. As in the ledger, the message of a failed
 * mapping has the keys of records: name only recipients that may know them.
 *
 * <p><b>At least once.</b> Each recipient gets a message of their own with a Message-ID of the digest, by which many
 * mailboxes drop a second copy; recipients that have accepted a digest from this object are not sent it again. If a
 * connection breaks, the rest is sent over a new one, at once. If no recipient has accepted the mail, {@link #send}
 * throws, and the engine gives the notices again. Once one has accepted it, a recipient that is refused, or whose
 * mailbox is full, is logged as WARN by its number; one that is not served for now is tried again a few times first.
 *
 * <p>Thread-safe. {@code toString} holds no address and no secret.
 */
public final class MailDigest implements Notifier {

    private static final Map<String, Function<Digest, String>> VARIABLES = Map.of("digest", Digest::subject);

    private final Options options;
    private final Envelope envelope;
    private final TextTemplate<Digest> subject;
    private final DigestSender sender;

    private MailDigest(Options options, Envelope envelope) {
        this.options = options;
        this.envelope = envelope;
        this.subject = new TextTemplate<>(options.subject, VARIABLES);
        this.sender = new DigestSender(options.id, options.server::smtp, envelope.from(), envelope.recipients());
    }

    /**
     * Starts a notifier.
     *
     * @param id its name in the store and the log, and a part of each Message-ID: letters A-Z and a-z, digits,
     *     {@code .}, {@code _} and {@code -}, not at the beginning {@code .} or {@code -}, at most 120 characters
     * @param server the server that takes the messages
     * @return a builder
     */
    public static Builder builder(String id, MailServer server) {
        return new Builder(new Options(id, server));
    }

    @Override
    public String id() {
        return options.id;
    }

    /**
     * Sends the mail to each recipient that has not accepted the same digest from this object before.
     *
     * @throws DeliveryException if no recipient has accepted it, or if one that did not is to be tried again; its
     *     message names no address
     */
    @Override
    public void send(Digest digest) {
        sender.send(digest, HeaderText.withoutControl(subject.expand(digest)).strip());
    }

    @Override
    public String toString() {
        return "mail digest '" + options.id + "' to " + envelope.recipientCount() + " by " + options.server;
    }

    private static final class Options extends MailOptions {

        Options(String id, MailServer server) {
            super(id, server, "{digest}");
        }

        Options(Options other) {
            super(other);
        }
    }

    /**
     * Collects the options of a notifier. Not thread-safe.
     *
     * <p>Addresses are written as for {@link MailDelivery.Builder}, without letters beyond ASCII before the {@code @}.
     * Problems do not repeat an address, they number it. At least one recipient is required; none reads the address of
     * another one.
     */
    public static final class Builder extends AddressedBuilder<Builder> {

        private final Options options;

        private Builder(Options options) {
            super(options);
            this.options = options;
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Sets the subject. The variable {@code {digest}} is {@link Digest#subject}, with up to 50 characters. Default:
         * <code>{digest}</code>; <code>[staging] {digest}</code> tells one engine from another.
         *
         * @param pattern one line
         * @return this builder
         */
        public Builder subject(String pattern) {
            options.subject = requireNonNull(pattern, "pattern");
            return this;
        }

        /**
         * Makes the notifier.
         *
         * @return the notifier, a copy of what was collected
         * @throws InvalidDefinitionException if anything is wrong; all problems are listed
         */
        public MailDigest build() {
            Options copy = new Options(options);
            List<String> problems = new ArrayList<>();
            copy.checkId(problems);
            Optional<Envelope> envelope = copy.asciiEnvelope(false, problems);
            new TextTemplate<>(copy.subject, VARIABLES).checkSubject(problems);
            return new MailDigest(copy, copy.checked("mail digest", envelope, problems));
        }
    }
}
