package io.outfeed.mail;

import static java.util.Objects.requireNonNull;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.Protection;
import io.outfeed.error.InvalidDefinitionException;
import jakarta.mail.internet.InternetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Delivery by email, as an attachment.
 *
 * <p>Each recipient gets a message of their own and does not see the others. The attachment is the staged file, byte for
 * byte. That a server accepted a message does not say that it is in the mailbox: a later bounce goes to the sender's
 * mailbox.
 *
 * <p>At least once: mail has no rename, so when an answer is lost nothing tells whether the message was accepted, and it
 * is sent again. All messages of a recipient for the same file of the same run have the same Message-ID, by which many
 * mailboxes drop the second one. If some recipients were served and others not, this object remembers whom a retry must
 * leave out; after a restart of the process, or with another object, they get the file once more.
 *
 * <p>A recipient whom the server refuses does not keep the others from getting the file; the delivery then fails, for good
 * if nobody is left whom trying again may reach. A file that is larger than what the server says it takes fails before
 * anything is sent. {@link io.outfeed.file.IfExists} has no meaning here, and folders are not shown to the recipient.
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

    private final String id;
    private final MailServer server;
    private final InternetAddress from;
    private final List<InternetAddress> recipients;
    private final MailPattern<OutgoingFile> subject;
    private final MailPattern<OutgoingFile> text;
    private final AcceptedMessages accepted = new AcceptedMessages();

    private MailDelivery(Builder builder, InternetAddress from, List<InternetAddress> recipients) {
        this.id = builder.id;
        this.server = builder.server;
        this.from = from;
        this.recipients = List.copyOf(recipients);
        this.subject = new MailPattern<>(builder.subject, VARIABLES);
        this.text = new MailPattern<>(builder.text, VARIABLES);
    }

    /**
     * Begins a delivery.
     *
     * @param id what the ledger calls this destination: letters A-Z and a-z, digits, {@code .}, {@code _} and {@code -}, not
     *     at the beginning {@code .} or {@code -}, at most 120 characters
     * @param server the server that takes the messages
     * @return a builder
     */
    public static Builder builder(String id, MailServer server) {
        return new Builder(id, server);
    }

    @Override
    public String id() {
        return id;
    }

    /**
     * Plain: TLS protects the way to the first server, not the servers behind it, and whoever runs a mailbox reads what is in
     * it.
     */
    @Override
    public Protection protection() {
        return Protection.PLAIN;
    }

    /** Connects when the first file is prepared or published. */
    @Override
    public DeliverySession open() {
        return new MailSession(this);
    }

    MailServer server() {
        return server;
    }

    InternetAddress from() {
        return from;
    }

    List<InternetAddress> recipients() {
        return recipients;
    }

    MailPattern<OutgoingFile> subject() {
        return subject;
    }

    MailPattern<OutgoingFile> text() {
        return text;
    }

    AcceptedMessages accepted() {
        return accepted;
    }

    @Override
    public String toString() {
        int count = recipients.size();
        return "mail delivery '" + id + "' to " + count + (count == 1 ? " recipient" : " recipients") + " by " + server;
    }

    /**
     * Collects the options of a delivery. Not thread-safe.
     *
     * <p>An address is {@code office@lakeside.example} or {@code The Office <office@lakeside.example>}. Letters beyond ASCII
     * may be in the name, not in the address. Problems do not repeat an address, they number it.
     */
    public static final class Builder {

        private final String id;
        private final MailServer server;
        private final Correspondents correspondents = new Correspondents();
        private String subject = "{definition}: {file}";
        private String text = """
                The file {file} of {definition} is attached. Records: {rows}.

                This message was sent automatically (job {job}, run {run}).
                """;

        private Builder(String id, MailServer server) {
            this.id = requireNonNull(id, "id");
            this.server = requireNonNull(server, "server");
        }

        /**
         * Sets the sender, to whom bounces go too. Mandatory.
         *
         * @param from one address
         * @return this builder
         */
        public Builder from(String from) {
            correspondents.from(requireNonNull(from, "from"));
            return this;
        }

        /**
         * Adds recipients, parted by commas. At least one is mandatory. A name with a comma needs {@link #to(List)}.
         *
         * @param recipients such as {@code a@lakeside.example, b@lakeside.example}
         * @return this builder
         */
        public Builder to(String recipients) {
            return to(Correspondents.split(recipients));
        }

        /**
         * Adds recipients, one an element: {@code Doe, John <j@lakeside.example>} is one.
         *
         * @param recipients the addresses
         * @return this builder
         */
        public Builder to(List<String> recipients) {
            correspondents.to(recipients);
            return this;
        }

        /**
         * Sets the subject. Variables: {@code {definition}}, {@code {file}}, {@code {job}}, {@code {rows}} and {@code {run}}; the
         * definition of a file that belongs to the whole run is the job.
         * Default: <code>{definition}: {file}</code>.
         *
         * @param pattern one line
         * @return this builder
         */
        public Builder subject(String pattern) {
            this.subject = requireNonNull(pattern, "pattern");
            return this;
        }

        /**
         * Sets the plain text above the attachment, with the variables of {@link #subject}. Default: a line that says what
         * the file is and how many records it has, and one that names job and run.
         *
         * @param pattern one or more lines
         * @return this builder
         */
        public Builder text(String pattern) {
            this.text = requireNonNull(pattern, "pattern");
            return this;
        }

        /**
         * Makes the delivery.
         *
         * @return the delivery, a copy of what was collected
         * @throws InvalidDefinitionException if anything is wrong; all problems are listed
         */
        public MailDelivery build() {
            List<String> problems = new ArrayList<>();
            boolean idIsSafe = HeaderText.nameProblem(id).isEmpty();
            HeaderText.nameProblem(id).ifPresent(problem -> problems.add("the id " + problem));
            InternetAddress sender = correspondents.sender(problems);
            if (correspondents.nobody()) {
                problems.add("to is missing: there is no recipient");
            }
            List<InternetAddress> recipients = correspondents.recipients(problems);
            new MailPattern<>(subject, VARIABLES).checkSubject(problems);
            if (HeaderText.hasControlBesideLines(text)) {
                problems.add("text contains a control character that is no line break or tab");
            }
            new MailPattern<>(text, VARIABLES).check("text", problems);
            if (sender == null || !problems.isEmpty()) {
                throw new InvalidDefinitionException(
                        idIsSafe ? "mail delivery '" + id + "'" : "mail delivery", problems);
            }
            return new MailDelivery(this, sender, recipients);
        }
    }
}
