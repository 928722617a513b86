package io.outfeed.mail;

import static java.util.Objects.requireNonNull;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.Protection;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.file.FileNames;
import io.outfeed.mail.internal.message.Envelope;
import io.outfeed.mail.internal.message.HeaderText;
import io.outfeed.mail.internal.message.MailAddress;
import io.outfeed.mail.internal.message.TextTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Delivery by email, as an attachment.
 *
 * <p>Each recipient gets a message of their own. Its headers name the recipients of {@code to} and {@code cc}, and none
 * of {@code bcc}. The attachment is the staged file, byte for byte. That a server accepted a message does not say that
 * it is in the mailbox: a later bounce is sent to the sender.
 *
 * <p>The ledger has what became of each recipient, by its number (those of {@code to} first, then {@code cc} and {@code
 * bcc}) and a hash of its address. A recipient that was accepted does not get the same file of a run again, whatever
 * happens to the others or to the process. If the server refuses a recipient, the others get the file, the {@linkplain
 * io.outfeed.delivery.DeliveryReceipt#refused() receipt} says which one does not have it, and a
 * {@link io.outfeed.event.RecipientsRefusedEvent} reports it once; the next run tries it again. If the server does not
 * serve a recipient for now, the run waits and tries that one only, until the job's {@code retryFor} is over: then it
 * counts as refused. If all recipients are refused, the delivery fails.
 *
 * <p>At least once: mail has no rename, so when an answer is lost it is not known whether the message was accepted, and
 * it is sent to that recipient again: the receipt says that it is repeated. All messages to a recipient about the same
 * file of the same run have the same Message-ID, by which many mailboxes drop the second one.
 *
 * <p>A file that is larger than the server accepts fails before anything is sent.
 * {@link io.outfeed.file.IfExists} has no meaning here, and folders are not shown to the recipient.
 *
 * <p>Thread-safe. {@code toString} holds no address and no secret.
 */
public final class MailDelivery implements Delivery {

    private static final Map<String, Function<OutgoingFile, String>> VARIABLES = Map.of(
            "definition",
            file -> file.file().definition().isEmpty()
                    ? file.job()
                    : file.file().definition(),
            "file",
            file -> file.file().name(),
            "job",
            OutgoingFile::job,
            "rows",
            file -> Long.toString(file.file().rows()),
            "run",
            file -> Long.toString(file.run()));

    private final Options options;
    private final Envelope envelope;
    private final TextTemplate<OutgoingFile> subject;
    private final TextTemplate<OutgoingFile> text;

    private MailDelivery(Options options, Envelope envelope) {
        this.options = options;
        this.envelope = envelope;
        this.subject = new TextTemplate<>(options.subject, VARIABLES);
        this.text = new TextTemplate<>(options.text, VARIABLES);
    }

    /**
     * Starts a delivery.
     *
     * @param id the name of this destination in the ledger: letters A-Z and a-z, digits, {@code .}, {@code _} and
     *     {@code -}, not at the beginning {@code .} or {@code -}, at most 120 characters
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
     * Plain: TLS protects the connection to the first server, not those behind it, and operators of mailboxes can read
     * messages.
     */
    @Override
    public FileNames fileNames() {
        return FileNames.UNICODE;
    }

    @Override
    public Protection protection() {
        return Protection.PLAIN;
    }

    @Override
    public String server() {
        return options.server.toString();
    }

    /** The server, the sender and the recipients, without a secret; another subject or text is no other destination. */
    @Override
    public String fingerprint() {
        return Stream.concat(
                        Stream.of(
                                options.id,
                                options.server.toString(),
                                envelope.from().mailbox()),
                        envelope.recipients().stream().map(MailAddress::mailbox).sorted())
                .collect(Collectors.joining("\n"));
    }

    @Override
    public Set<String> recipients() {
        return envelope.recipients().stream().map(MailAddress::key).collect(Collectors.toSet());
    }

    /** Connects when the first file is prepared or published. */
    @Override
    public DeliverySession open() {
        return new MailSession(this);
    }

    MailServer mailServer() {
        return options.server;
    }

    Envelope envelope() {
        return envelope;
    }

    TextTemplate<OutgoingFile> subject() {
        return subject;
    }

    TextTemplate<OutgoingFile> text() {
        return text;
    }

    @Override
    public String toString() {
        return "mail delivery '" + options.id + "' to " + envelope.recipientCount() + " by " + options.server;
    }

    private static final class Options extends MailOptions {

        private String text = """
                The file {file} of {definition} is attached. Records: {rows}.

                This message was sent automatically (job {job}, run {run}).
                """;

        Options(String id, MailServer server) {
            super(id, server, "{definition}: {file}");
        }

        Options(Options other) {
            super(other);
            text = other.text;
        }
    }

    /**
     * Collects the options of a delivery. Not thread-safe.
     *
     * <p>An address is {@code office@lakeside.example}, {@code The Office <office@lakeside.example>} or {@code "Doe,
     * John" <john@lakeside.example>}. Letters beyond ASCII may be in the name; before the {@code @} only if the server
     * offers SMTPUTF8, else nothing is sent; after it in their {@code xn--} form. Problems do not repeat an address,
     * they number it. At least one of {@code to}, {@code cc} and {@code bcc} is required; every recipient reads the
     * addresses of {@code to} in the header {@code To}.
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
         * Adds recipients of a copy, separated as those of {@link #to(String)}. Every recipient reads their addresses
         * in the header {@code Cc}. Default: none.
         *
         * @param recipients the addresses
         * @return this builder
         */
        public Builder cc(String recipients) {
            return cc(MailAddress.split(recipients));
        }

        /**
         * Adds recipients of a copy, one an element.
         *
         * @param recipients the addresses
         * @return this builder
         */
        public Builder cc(List<String> recipients) {
            options.addresses.cc.addAll(List.copyOf(recipients));
            return this;
        }

        /**
         * Adds recipients whose addresses no recipient reads, separated as those of {@link #to(String)}; one that is
         * among the others too is not hidden. Default: none.
         *
         * @param recipients the addresses
         * @return this builder
         */
        public Builder bcc(String recipients) {
            return bcc(MailAddress.split(recipients));
        }

        /**
         * Adds recipients whose addresses no recipient reads, one an element.
         *
         * @param recipients the addresses
         * @return this builder
         */
        public Builder bcc(List<String> recipients) {
            options.addresses.bcc.addAll(List.copyOf(recipients));
            return this;
        }

        /**
         * Adds the addresses to which answers go, separated as those of {@link #to(String)}. Bounces go to the sender.
         * Default: none, so that answers go to the sender.
         *
         * @param addresses the addresses
         * @return this builder
         */
        public Builder replyTo(String addresses) {
            return replyTo(MailAddress.split(addresses));
        }

        /**
         * Adds the addresses to which answers go, one an element.
         *
         * @param addresses the addresses
         * @return this builder
         */
        public Builder replyTo(List<String> addresses) {
            options.addresses.replyTo.addAll(List.copyOf(addresses));
            return this;
        }

        /**
         * Sets the subject. Variables: {@code {definition}}, {@code {file}}, {@code {job}}, {@code {rows}} and {@code
         * {run}}; the definition of a file that belongs to the whole run is the job. Default: <code>{definition}:
         * {file}</code>.
         *
         * @param pattern one line
         * @return this builder
         */
        public Builder subject(String pattern) {
            options.subject = requireNonNull(pattern, "pattern");
            return this;
        }

        /**
         * Sets the plain text above the attachment, with the variables of {@link #subject}. Default: a line that says
         * what the file is and how many records it has, and one that names job and run.
         *
         * @param pattern one or more lines
         * @return this builder
         */
        public Builder text(String pattern) {
            options.text = requireNonNull(pattern, "pattern");
            return this;
        }

        /**
         * Makes the delivery.
         *
         * @return the delivery, a copy of what was collected
         * @throws InvalidDefinitionException if anything is wrong; all problems are listed
         */
        public MailDelivery build() {
            Options copy = new Options(options);
            List<String> problems = new ArrayList<>();
            copy.checkId(problems);
            Optional<Envelope> envelope = Envelope.parse(copy.addresses, false, problems);
            new TextTemplate<>(copy.subject, VARIABLES).checkSubject(problems);
            if (HeaderText.hasControlInLines(copy.text)) {
                problems.add("text contains a control character that is no line break or tab");
            }
            new TextTemplate<>(copy.text, VARIABLES).check("text", problems);
            return new MailDelivery(copy, copy.checked("mail delivery", envelope, problems));
        }
    }
}
