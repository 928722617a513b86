package io.outfeed.mail;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.DeliveryException;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.event.DestinationEvent;
import io.outfeed.event.ExportEvent;
import io.outfeed.event.ExportListener;
import io.outfeed.file.StagedFile;
import io.outfeed.run.ExportRun;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people by email what has happened: recipients that their files are there, with a link to each, or operators that
 * something needs them. A listener: {@code ExportEngine.builder().listener(notifier)}; several with different events may
 * listen.
 *
 * <p>A mail says what happened, the job, and of a run its number, trigger, outcome, windows, rows and bytes. That of a
 * success has name, rows, bytes and link of up to 100 data files; that of a failure its message and what to do. It never has
 * a row or a file. As in the ledger, the message of a failed mapping names the keys of records: tell {@link
 * MailEvents#alarms} to those only who may know them.
 *
 * <p><b>At most once, as events are.</b> A crash between a run's commit and the mail, a mail server that is away, or more
 * events than wait for a listener, and the mail is lost; the store has the truth. Each recipient gets a message of their own
 * with a Message-ID of the event, so that mailboxes drop a second copy; what says nothing new, such as one more failed
 * attempt of the same run, is not sent again by the same object.
 *
 * <p>A message that a broken connection has interrupted is sent once more over a new connection, at once; while a server
 * can't be reached, each event tries it once. So an event takes its thread no longer than the limits of the {@link MailServer}
 * allow for two connections and a message a recipient. Whom the server refuses, also for now, keeps nobody else from the
 * mail. What could not be sent is a WARN, which numbers recipients and names none. A relay on this machine that keeps
 * messages until they can be sent is the way to lose fewer.
 *
 * <p>Thread-safe. {@code toString} holds no address and no secret.
 */
public final class MailNotifier implements ExportListener {

    private static final Logger log = LoggerFactory.getLogger(MailNotifier.class);

    private static final Map<String, Function<EventText, String>> VARIABLES = Map.of(
            "event", EventText::what,
            "files", EventText::files,
            "job", EventText::job,
            "rows", EventText::rows,
            "run", EventText::runNumber);

    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*");

    private final String id;
    private final MailServer server;
    private final InternetAddress from;
    private final List<InternetAddress> always;
    private final @Nullable Function<? super ExportEvent, ? extends List<String>> perEvent;
    private final Predicate<? super ExportEvent> events;
    private final MailPattern<EventText> subject;
    private final FileLinks links;
    private final AcceptedMessages accepted = new AcceptedMessages();

    /** Since when a destination has not worked: its next failure is news again. */
    private final Map<String, Instant> outages = new ConcurrentHashMap<>();

    private volatile boolean reachable = true;

    private MailNotifier(Builder builder, InternetAddress from, List<InternetAddress> always) {
        this.id = builder.id;
        this.server = builder.server;
        this.from = from;
        this.always = List.copyOf(always);
        this.perEvent = builder.perEvent;
        this.events = builder.events;
        this.subject = new MailPattern<>(builder.subject, VARIABLES);
        this.links = new FileLinks(id, builder.link, builder.linkSchemes);
    }

    /**
     * Begins a notifier.
     *
     * @param id what the log calls it, a part of each Message-ID: letters A-Z and a-z, digits, {@code .}, {@code _} and
     *     {@code -}, not at the beginning {@code .} or {@code -}, at most 120 characters; another one for each notifier
     * @param server the server that takes the messages
     * @return a builder
     */
    public static Builder builder(String id, MailServer server) {
        return new Builder(id, server);
    }

    /** Sends the mails of the event, if it is one to tell of. What goes wrong with the server is in the log. */
    @Override
    public void onEvent(ExportEvent event) {
        String since = since(event);
        if (!events.test(event)) {
            return;
        }
        EventText text = EventText.of(event);
        Deque<Letter> letters = new ArrayDeque<>();
        List<InternetAddress> recipients = recipients(event, text);
        for (int i = 0; i < recipients.size(); i++) {
            String messageId = MessageIds.of(text.idPrefix(), id + "\n" + text.key(since), from, recipients.get(i));
            if (!accepted.contains(messageId)) {
                letters.add(new Letter(i + 1, recipients.get(i), messageId));
            }
        }
        if (!letters.isEmpty()) {
            String line = HeaderText.withoutControl(subject.expand(text)).strip();
            send(letters, new Contents(line, text.body(links), text.about()));
        }
    }

    /** A message to one recipient. */
    private record Letter(int number, InternetAddress recipient, String messageId) {}

    /** What all recipients get. */
    private record Contents(String subject, String body, String about) {}

    private String since(ExportEvent event) {
        if (event instanceof DestinationEvent of) {
            Instant now = Instant.now();
            Instant since = of.problem().isPresent()
                    ? outages.computeIfAbsent(of.delivery(), delivery -> now)
                    : outages.remove(of.delivery());
            return (since == null ? now : since).toString();
        }
        return "";
    }

    private List<InternetAddress> recipients(ExportEvent event, EventText text) {
        Map<String, InternetAddress> recipients = new LinkedHashMap<>();
        always.forEach(address -> recipients.put(MailAddress.withoutCase(address), address));
        if (perEvent != null) {
            List<String> problems = new ArrayList<>();
            Correspondents.recipients(hostsRecipients(perEvent, event, text), problems)
                    .forEach(address -> recipients.putIfAbsent(MailAddress.withoutCase(address), address));
            if (!problems.isEmpty()) {
                log.warn(
                        "Notifier '{}': of the recipients of '{}' some get no mail: {}{}",
                        id,
                        EventText.oneLine(text.what()),
                        String.join("; ", problems),
                        text.about());
            }
        }
        return List.copyOf(recipients.values());
    }

    private List<String> hostsRecipients(
            Function<? super ExportEvent, ? extends List<String>> function, ExportEvent event, EventText text) {
        try {
            return List.copyOf(function.apply(event));
        } catch (RuntimeException e) { // those who get each mail get this one
            log.warn(
                    "Notifier '{}': the recipients of '{}' could not be had{}",
                    id,
                    EventText.oneLine(text.what()),
                    text.about(),
                    e);
            return List.of();
        }
    }

    private void send(Deque<Letter> letters, Contents contents) {
        Answers answers = new Answers(letters.size());
        DeliveryException failure = null;
        int connections = reachable ? 2 : 1;
        do {
            try {
                sendAll(letters, contents, answers);
                failure = null;
            } catch (DeliveryException e) {
                failure = e;
            }
            connections--;
        } while (failure != null && failure.retryable() && connections > 0);
        reachable = failure == null || !failure.retryable();
        answers.notSent(letters.size());
        if (!answers.allAccepted()) {
            log.warn(
                    "Notifier '{}': the mail '{}' {}{}; it is not sent again{}",
                    id,
                    contents.subject(),
                    answers,
                    failure == null ? "" : ": " + failure.getMessage(),
                    failure == null ? contents.about() : "",
                    failure == null ? null : failure.getCause());
        }
    }

    /** Takes those out of the list of whom the server has said something. */
    private void sendAll(Deque<Letter> letters, Contents contents, Answers answers) {
        try (MailConnection connection = MailConnection.open(server, id, contents.about())) {
            while (!letters.isEmpty()) {
                if (Thread.currentThread().isInterrupted()) {
                    throw DeliveryException.permanent(id, "interrupted" + contents.about(), null);
                }
                Letter letter = letters.remove();
                Optional<Reply> reply;
                try {
                    reply = connection.send(message(connection, letter, contents), letter.recipient());
                } catch (DeliveryException e) {
                    letters.add(letter); // behind the others: it may be what breaks the connection
                    throw e;
                }
                reply.ifPresentOrElse(
                        refusal -> answers.add(letter.number(), refusal), () -> accepted.add(letter.messageId()));
            }
        }
    }

    private OutgoingMessage message(MailConnection connection, Letter letter, Contents contents) {
        return MailConnection.withLibrary(() -> {
            try {
                return OutgoingMessage.plain(
                        connection.session(),
                        letter.messageId(),
                        from,
                        letter.recipient(),
                        contents.subject(),
                        contents.body());
            } catch (MessagingException e) {
                // no cause: it names the address
                throw DeliveryException.permanent(id, "a message could not be built" + contents.about(), null);
            }
        });
    }

    @Override
    public String toString() {
        int count = always.size();
        return "mail notifier '" + id + "' to " + count + (count == 1 ? " recipient" : " recipients")
                + (perEvent == null ? "" : " and those of each event") + " by " + server;
    }

    /**
     * Collects the options of a notifier. Not thread-safe.
     *
     * <p>Addresses are written as for {@link MailDelivery.Builder}. Problems do not repeat an address, they number it.
     */
    public static final class Builder {

        private final String id;
        private final MailServer server;
        private final Correspondents correspondents = new Correspondents();
        private @Nullable Function<? super ExportEvent, ? extends List<String>> perEvent;
        private Predicate<? super ExportEvent> events = MailEvents.successes();
        private @Nullable BiFunction<? super ExportRun, ? super StagedFile, URI> link;
        private Set<String> linkSchemes = Set.of("https");
        private String subject = "{job}: {event}";

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
         * Adds recipients of every mail, parted by commas. A name with a comma needs {@link #to(List)}.
         *
         * @param recipients such as {@code a@lakeside.example, b@lakeside.example}
         * @return this builder
         */
        public Builder to(String recipients) {
            return to(Correspondents.split(recipients));
        }

        /**
         * Adds recipients of every mail, one an element: {@code Doe, John <j@lakeside.example>} is one.
         *
         * @param recipients the addresses
         * @return this builder
         */
        public Builder to(List<String> recipients) {
            correspondents.to(recipients);
            return this;
        }

        /**
         * Sets who gets the mail of an event beside those who get every one; one of both is mandatory. Replaces a function set
         * before. Addresses that are none are left out, and the log says so.
         *
         * @param recipients asked for each event, by the thread that tells of it: one address an element, none for an event
         *     that is nobody's. What it throws is logged.
         * @return this builder
         */
        public Builder to(Function<? super ExportEvent, ? extends List<String>> recipients) {
            this.perEvent = requireNonNull(recipients, "recipients");
            return this;
        }

        /**
         * Sets of which events a mail is sent. Default: {@link MailEvents#successes}. Alarms are for those who run the host:
         * let a notifier of its own tell them {@link MailEvents#alarms}.
         *
         * @param events called for each event, by the thread that tells of it; a choice of {@link MailEvents}, or any other
         * @return this builder
         */
        public Builder events(Predicate<? super ExportEvent> events) {
            this.events = requireNonNull(events, "events");
            return this;
        }

        /**
         * Sets where a person finds a file. Default: files have no links.
         *
         * @param link called for each data file that a mail of a success lists, by the thread that tells of it. A link needs a
         *     scheme of {@link #linkSchemes} and a host, and has no user and password; without a link that is one, or if it
         *     throws, the mail goes out all the same, and the log says so. Whoever has the mail has the link: let it lead to
         *     a login.
         * @return this builder
         */
        public Builder link(BiFunction<? super ExportRun, ? super StagedFile, URI> link) {
            this.link = requireNonNull(link, "link");
            return this;
        }

        /**
         * Sets which links may stand in a mail. Default: {@code https} only.
         *
         * @param schemes in small letters, such as {@code https} and {@code sftp}; they replace the default
         * @return this builder
         */
        public Builder linkSchemes(String... schemes) {
            this.linkSchemes = new TreeSet<>(List.of(schemes));
            return this;
        }

        /**
         * Sets the subject. Variables: {@code {event}}, {@code {job}} and, empty where there is no run, {@code {files}}, {@code
         * {rows}} and {@code {run}}. Default: <code>{job}: {event}</code>, such as {@code visits-lakeside: succeeded}.
         *
         * @param pattern one line
         * @return this builder
         */
        public Builder subject(String pattern) {
            this.subject = requireNonNull(pattern, "pattern");
            return this;
        }

        /**
         * Makes the notifier.
         *
         * @return the notifier, a copy of what was collected
         * @throws InvalidDefinitionException if anything is wrong; all problems are listed
         */
        public MailNotifier build() {
            List<String> problems = new ArrayList<>();
            Optional<String> idProblem = HeaderText.nameProblem(id);
            idProblem.ifPresent(problem -> problems.add("the id " + problem));
            InternetAddress sender = correspondents.sender(problems);
            if (correspondents.nobody() && perEvent == null) {
                problems.add("to is missing: there is no recipient");
            }
            List<InternetAddress> recipients = correspondents.recipients(problems);
            new MailPattern<>(subject, VARIABLES).checkSubject(problems);
            if (linkSchemes.isEmpty()
                    || !linkSchemes.stream()
                            .allMatch(scheme -> SCHEME.matcher(scheme).matches())) {
                problems.add("linkSchemes need one or more names in small letters, such as https");
            }
            if (sender == null || !problems.isEmpty()) {
                throw new InvalidDefinitionException(
                        idProblem.isEmpty() ? "mail notifier '" + id + "'" : "mail notifier", problems);
            }
            return new MailNotifier(this, sender, recipients);
        }
    }
}
