package io.outfeed.mail;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.event.ExportEvent;
import io.outfeed.event.ExportListener;
import io.outfeed.file.StagedFile;
import io.outfeed.mail.internal.message.Envelope;
import io.outfeed.mail.internal.message.HeaderText;
import io.outfeed.mail.internal.message.MailAddress;
import io.outfeed.mail.internal.message.MessageIds;
import io.outfeed.mail.internal.message.TextTemplate;
import io.outfeed.mail.internal.notification.Delays;
import io.outfeed.mail.internal.notification.EventKey;
import io.outfeed.mail.internal.notification.EventSummary;
import io.outfeed.mail.internal.notification.FileLinks;
import io.outfeed.mail.internal.notification.Notification;
import io.outfeed.mail.internal.notification.NotificationRecipients;
import io.outfeed.mail.internal.notification.NotificationSender;
import io.outfeed.mail.internal.notification.NotificationText;
import io.outfeed.mail.internal.notification.Outages;
import io.outfeed.run.ExportRun;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sends a mail about each event of runs: to recipients that their files are there, with a link to each. For operators
 * there is {@link MailDigest}: one dead server delays many runs, and is a mail for each of them here, but one notice
 * there, which is also kept until it is sent. A listener: {@code ExportEngine.builder().listener(notifier)}; several
 * with different events may be added.
 *
 * <p>A mail has what happened, the job, and of a run its number, trigger, outcome, windows, rows and bytes. That of a
 * success has name, rows, bytes and link of up to 100 data files; that of a failure its message and what to do. It
 * never has a row or a file. As in the ledger, the message of a failed mapping has the keys of records: send {@link
 * MailEvents#alarms} only to people who may know them.
 *
 * <p><b>A run that is delayed</b> is two mails, however many attempts it needs: one at the first failed attempt, with
 * what happens next, and one at its end. The recipients of the first get the second, also where they get no mails of
 * successes: it says how long the delay was, and how many attempts it took.
 *
 * <p><b>At most once, as events are.</b> If the process crashes between a run's commit and the mail, if the mail server
 * is down, or if more events occur than are queued for a listener, the mail is lost; the store has the truth. Each
 * recipient gets a message of their own with a Message-ID of the event, so that mailboxes drop a second copy; an event
 * that says nothing new, such as one more failed attempt of the same run, is not sent again by the same object.
 *
 * <p>If a connection breaks, the message is sent once more over a new connection, at once; while the server can't be
 * reached, each event opens one connection only. So an event blocks its thread no longer than the timeouts of the
 * {@link MailServer} allow for two connections and a message to each recipient. If the server refuses a recipient, for
 * now or permanently, the others get the mail. What could not be sent is logged as WARN, with numbers instead of
 * addresses. To lose fewer mails, use a relay on this machine that queues messages.
 *
 * <p>Thread-safe. {@code toString} holds no address and no secret.
 */
public final class MailNotifier implements ExportListener {

    private static final Map<String, Function<EventSummary, String>> VARIABLES = Map.of(
            "event", EventSummary::what,
            "files", EventSummary::files,
            "job", EventSummary::job,
            "rows", EventSummary::rows,
            "run", EventSummary::runNumber);

    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*");

    private final Options options;
    private final Envelope envelope;
    private final TextTemplate<EventSummary> subject;
    private final FileLinks links;
    private final Outages outages = new Outages();
    private final NotificationRecipients recipients;
    private final NotificationSender sender;

    private MailNotifier(Options options, Envelope envelope) {
        this.options = options;
        this.envelope = envelope;
        this.subject = new TextTemplate<>(options.subject, VARIABLES);
        this.links = new FileLinks(options.id, options.link, options.linkSchemes);
        this.recipients = new NotificationRecipients(options.id, envelope.recipients(), options.perEvent);
        this.sender = new NotificationSender(options.id, options.server::smtp, envelope.from());
    }

    /**
     * Starts a notifier.
     *
     * @param id its name in the log, and a part of each Message-ID: letters A-Z and a-z, digits, {@code .}, {@code _}
     *     and {@code -}, not at the beginning {@code .} or {@code -}, at most 120 characters; another one for each
     *     notifier
     * @param server the server that takes the messages
     * @return a builder
     */
    public static Builder builder(String id, MailServer server) {
        return new Builder(new Options(id, server));
    }

    /**
     * Sends the mails of the event, if it is one that {@link Builder#events} selects, or the end of a run whose delay
     * it selects. Failures to send are logged.
     */
    @Override
    public void onEvent(ExportEvent event) {
        String since = outages.since(event);
        List<ExportEvent> mailed = Stream.concat(Stream.of(event), Delays.beginning(event).stream())
                .filter(options.events)
                .toList();
        if (mailed.isEmpty()) {
            return;
        }
        EventSummary summary = EventSummary.of(event);
        List<Notification.Recipient> unsent = unsent(summary, mailed, since);
        if (!unsent.isEmpty()) {
            String line = HeaderText.withoutControl(subject.expand(summary)).strip();
            String text = NotificationText.of(summary, links);
            sender.sendOrLog(new Notification(line, text, Optional.empty(), summary.about()), unsent);
        }
    }

    /** The recipients that this object has not sent the same mail before. */
    private List<Notification.Recipient> unsent(EventSummary summary, List<ExportEvent> mailed, String since) {
        String key = options.id + "\n" + EventKey.of(summary, since);
        List<MailAddress> all = recipients.of(summary, mailed);
        List<Notification.Recipient> unsent = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            String messageId = MessageIds.of(summary.idPrefix(), key, envelope.from(), all.get(i));
            if (!sender.hasSent(messageId)) {
                unsent.add(new Notification.Recipient(i + 1, all.get(i), messageId));
            }
        }
        return unsent;
    }

    @Override
    public String toString() {
        return "mail notifier '" + options.id + "' to " + envelope.recipientCount()
                + (options.perEvent == null ? "" : " and those of each event") + " by " + options.server;
    }

    private static final class Options extends MailOptions {

        private @Nullable Function<? super ExportEvent, ? extends List<String>> perEvent;
        private Predicate<? super ExportEvent> events = MailEvents.successes();
        private @Nullable BiFunction<? super ExportRun, ? super StagedFile, URI> link;
        private Set<String> linkSchemes = Set.of("https");

        Options(String id, MailServer server) {
            super(id, server, "{job}: {event}");
        }

        Options(Options other) {
            super(other);
            perEvent = other.perEvent;
            events = other.events;
            link = other.link;
            linkSchemes = other.linkSchemes;
        }
    }

    /**
     * Collects the options of a notifier. Not thread-safe.
     *
     * <p>Addresses are written as for {@link MailDelivery.Builder}, without letters beyond ASCII before the {@code @}.
     * Problems do not repeat an address, they number it. Recipients that are set by their addresses get every mail.
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
         * Sets the recipients of a single event, in addition to those of every mail; one of both is required. Replaces
         * a function set before. What is no address is skipped, and logged.
         *
         * @param recipients called for each event, by the thread that notifies listeners, and at the end of a delayed
         *     run as {@link #events} is: one address an element, none for an event without recipients. What it throws
         *     is logged.
         * @return this builder
         */
        public Builder to(Function<? super ExportEvent, ? extends List<String>> recipients) {
            options.perEvent = requireNonNull(recipients, "recipients");
            return this;
        }

        /**
         * Sets the events that are mailed. Default: {@link MailEvents#successes}. Alarms are for the operators of the
         * host, who are better served by a {@link MailDigest}; {@link MailEvents#alarms} are for the recipients of
         * single jobs, by a notifier of their own.
         *
         * @param events called for each event, by the thread that notifies listeners; at the end of a delayed run it is
         *     called for an event {@link io.outfeed.event.RunEvent.Kind#DELAYED} of this run too: true for one of both
         *     mails the end
         * @return this builder
         */
        public Builder events(Predicate<? super ExportEvent> events) {
            options.events = requireNonNull(events, "events");
            return this;
        }

        /**
         * Sets the link to a file. Default: the links that the destinations of the file give, as {@link
         * io.outfeed.delivery.Delivery#link} has them; none where they give none.
         *
         * @param link called for each data file that a mail of a success lists, by the thread that notifies listeners.
         *     A link needs a scheme of {@link #linkSchemes} and a host, and has no user and password; any other one is
         *     left out of the mail and logged, as is what the function throws. A mail may be forwarded: link to a page
         *     that asks for a login.
         * @return this builder
         */
        public Builder link(BiFunction<? super ExportRun, ? super StagedFile, URI> link) {
            options.link = requireNonNull(link, "link");
            return this;
        }

        /**
         * Sets the schemes that a link of {@link #link} may have. Default: {@code https} only.
         *
         * @param schemes in lower case, such as {@code https} and {@code sftp}; they replace the default
         * @return this builder
         */
        public Builder linkSchemes(String... schemes) {
            options.linkSchemes = new TreeSet<>(List.of(schemes));
            return this;
        }

        /**
         * Sets the subject. Variables: {@code {event}}, {@code {job}} and, empty where there is no run, {@code
         * {files}}, {@code {rows}} and {@code {run}}. Default: <code>{job}: {event}</code>, such as {@code
         * visits-lakeside: succeeded}.
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
        public MailNotifier build() {
            Options copy = new Options(options);
            List<String> problems = new ArrayList<>();
            copy.checkId(problems);
            Optional<Envelope> envelope = copy.asciiEnvelope(copy.perEvent != null, problems);
            new TextTemplate<>(copy.subject, VARIABLES).checkSubject(problems);
            if (copy.linkSchemes.isEmpty()
                    || !copy.linkSchemes.stream()
                            .allMatch(scheme -> SCHEME.matcher(scheme).matches())) {
                problems.add("linkSchemes need one or more names in small letters, such as https");
            }
            return new MailNotifier(copy, copy.checked("mail notifier", envelope, problems));
        }
    }
}
