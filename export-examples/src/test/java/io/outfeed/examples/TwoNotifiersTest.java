package io.outfeed.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.examples.servers.Mailbox;
import io.outfeed.http.WebhookNotifier;
import io.outfeed.mail.MailDigest;
import io.outfeed.mail.MailSecurity;
import io.outfeed.mail.MailServer;
import io.outfeed.notification.Notifier;
import io.outfeed.schedule.Schedule;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One engine with a mail and a webhook for its operators: what each of them is told of an outage. */
class TwoNotifiersTest {

    private static final String FIRST_SIGN = "lakeside can't be reached, 1 job";
    private static final String AWAY = "lakeside can't be reached, 3 jobs";
    private static final String OVER = "Over: lakeside can't be reached, 3 jobs";
    private static final String NO_CHAT = "notifier chat can't be reached";
    private static final String CHAT_OVER = "Over: notifier chat can't be reached";
    private static final String NO_MAIL = "notifier operators can't be reached";
    private static final String MAIL_OVER = "Over: notifier operators can't be reached";

    private record Visit(long id, Instant updatedAt) {}

    /** A folder at a server that a test lets be away. */
    private record Folder(InMemoryDelivery files, String server, Set<String> away) implements Delivery {

        @Override
        public String id() {
            return files.id();
        }

        @Override
        public DeliverySession open() {
            if (away.contains(server)) {
                throw DeliveryException.of(FailureCode.DESTINATION_UNAVAILABLE, id(), "the server is away", null);
            }
            return files.open();
        }
    }

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T06:00:00Z"));
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final ListSource<Visit> visits = ListSource.create(Visit::id, Visit::updatedAt);
    private final Set<String> away = new HashSet<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile int answer = 204;
    private Mailbox mailbox;
    private HttpServer channel;
    private @Nullable ExportEngine engine;

    @BeforeEach
    void start() throws IOException {
        mailbox = new Mailbox();
        channel = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        channel.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            int status = answer;
            if (status == 204) {
                requests.add(body);
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        channel.start();
    }

    @AfterEach
    void stop() {
        if (engine != null) {
            engine.close();
        }
        channel.stop(0);
        mailbox.close();
    }

    @Test
    void should_tell_both_the_same_once() {
        start(mail(), webhook());

        away.add("lakeside");
        scheduler.advance(Duration.ofHours(4));
        assertThat(headlines(mailed())).containsExactly(FIRST_SIGN);
        assertThat(mailed().get(0)).contains("\n  Failure: the server is away").contains("\n  Next: ");
        assertThat(posted()).isEqualTo(mailed());

        away.clear();
        scheduler.advance(Duration.ofHours(2));
        assertThat(headlines(mailed())).containsExactly(FIRST_SIGN, OVER);
        assertThat(posted()).isEqualTo(mailed());
    }

    /** Of what has begun at the same moment either may come first. */
    @Test
    void should_tell_the_webhook_when_it_is_back_and_neither_twice() {
        start(mail(), webhook());
        away.add("lakeside");
        answer = 503;
        scheduler.advance(Duration.ofHours(4));
        assertThat(headlines(mailed())).containsExactlyInAnyOrder(FIRST_SIGN, NO_CHAT);
        assertThat(posted()).isEmpty();

        answer = 204;
        scheduler.advance(Duration.ofHours(2));
        assertThat(headlines(mailed())).containsExactlyInAnyOrder(FIRST_SIGN, NO_CHAT, CHAT_OVER);
        assertThat(headlines(posted())).containsExactlyInAnyOrder(AWAY, NO_CHAT, CHAT_OVER);

        away.clear();
        scheduler.advance(Duration.ofHours(4));
        assertThat(headlines(mailed())).containsExactlyInAnyOrder(FIRST_SIGN, NO_CHAT, CHAT_OVER, OVER);
        assertThat(headlines(posted())).containsExactlyInAnyOrder(AWAY, NO_CHAT, CHAT_OVER, OVER);
    }

    @Test
    void should_tell_the_mailbox_when_it_is_back_and_neither_twice() {
        start(mail(), webhook());
        away.add("lakeside");
        mailbox.on("CONNECT", "421 4.3.2 shutting down");
        scheduler.advance(Duration.ofHours(4));
        assertThat(headlines(posted())).containsExactlyInAnyOrder(FIRST_SIGN, NO_MAIL);
        assertThat(mailed()).isEmpty();

        mailbox.on("CONNECT", "220 mail.example");
        scheduler.advance(Duration.ofHours(2));
        assertThat(headlines(posted())).containsExactlyInAnyOrder(FIRST_SIGN, NO_MAIL, MAIL_OVER);
        assertThat(headlines(mailed())).containsExactlyInAnyOrder(AWAY, NO_MAIL, MAIL_OVER);

        away.clear();
        scheduler.advance(Duration.ofHours(4));
        assertThat(headlines(posted())).containsExactlyInAnyOrder(FIRST_SIGN, NO_MAIL, MAIL_OVER, OVER);
        assertThat(headlines(mailed())).containsExactlyInAnyOrder(AWAY, NO_MAIL, MAIL_OVER, OVER);
    }

    @Test
    void should_tell_each_only_what_it_was_selected_for() {
        start(
                mail().forJobs(job -> job.startsWith("lakeside")),
                webhook().forIncidents(incident -> incident.scope().name().equals("hillside")));

        away.add("lakeside");
        away.add("hillside");
        scheduler.advance(Duration.ofHours(4));
        away.clear();
        scheduler.advance(Duration.ofHours(4));

        assertThat(headlines(mailed())).containsExactly(FIRST_SIGN, OVER);
        assertThat(headlines(posted()))
                .containsExactly("hillside can't be reached, 1 job", "Over: hillside can't be reached, 3 jobs");
    }

    // ---- the engine and what it tells

    private Notifier mail() {
        MailServer server = MailServer.builder("127.0.0.1")
                .port(mailbox.port())
                .security(MailSecurity.PLAIN_LOOPBACK_ONLY)
                .build();
        return MailDigest.builder("operators", server)
                .from("exports@vendor.example")
                .to("operators@vendor.example")
                .build();
    }

    private Notifier webhook() {
        URI address = URI.create("http://127.0.0.1:" + channel.getAddress().getPort() + "/outfeed");
        return WebhookNotifier.builder("chat", address).build();
    }

    private void start(Notifier first, Notifier second) {
        ExportEngine started = ExportEngine.builder()
                .directory(directory)
                .store(new InMemoryStore())
                .scheduler(scheduler)
                .clock(clock)
                .retryPolicy(RetryPolicy.none())
                .listenerExecutor(Runnable::run)
                .notifier(first)
                .notifier(second)
                .build();
        engine = started;
        for (String server : List.of("lakeside", "hillside")) {
            for (int i = 1; i <= 3; i++) {
                started.add(job(server, i));
            }
        }
        started.start();
    }

    private ExportJob job(String server, int number) {
        String name = server + "-" + number;
        ExportDefinition<Visit> definition = ExportDefinition.builder("visits", Visit.class)
                .source(visits)
                .recordKey(Visit::id)
                .watermark(Watermark.timestamp(Visit::updatedAt, Duration.ZERO))
                .fields(f -> f.field("id", Visit::id))
                .file(f -> f.name("visits-{sequence}.csv"))
                .build();
        return ExportJob.builder(name, definition)
                .schedule(Schedule.daily(LocalTime.of(7, number), ZoneOffset.UTC))
                .deliverTo(new Folder(InMemoryDelivery.create(name), server, away))
                .build();
    }

    /** What each mail says of its notices, in plain text. */
    private List<String> mailed() {
        return mailbox.messages().stream().map(TwoNotifiersTest::text).toList();
    }

    private static String text(String message) {
        try {
            MimeMessage parsed = new MimeMessage(null, new ByteArrayInputStream(message.getBytes(ISO_8859_1)));
            BodyPart text = ((Multipart) parsed.getContent()).getBodyPart(0);
            String said = text.getContent().toString().replace("\r\n", "\n");
            return said.substring(0, said.indexOf("\nThis message was sent automatically"));
        } catch (MessagingException e) {
            throw new AssertionError(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The headlines and facts of each request, as plain text would have them. */
    private List<String> posted() {
        return requests.stream().map(TwoNotifiersTest::facts).toList();
    }

    private static String facts(String json) {
        StringBuilder text = new StringBuilder();
        Matcher member = Pattern.compile("\"(headline|label|text)\": \"((?:[^\"\\\\]|\\\\.)*)\"")
                .matcher(json);
        while (member.find()) {
            String value = member.group(2).replace("\\\"", "\"");
            switch (member.group(1)) {
                case "headline" ->
                    text.append(text.isEmpty() ? "" : "\n").append(value).append('\n');
                case "label" -> text.append("  ").append(value).append(": ");
                default -> text.append(value).append('\n');
            }
        }
        return text.toString();
    }

    private static List<String> headlines(List<String> digests) {
        return digests.stream()
                .flatMap(String::lines)
                .filter(line -> !line.isEmpty() && !line.startsWith("  "))
                .toList();
    }
}
