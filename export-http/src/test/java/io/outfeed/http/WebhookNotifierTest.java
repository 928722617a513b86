package io.outfeed.http;

import static io.outfeed.http.TestIncidents.awkward;
import static io.outfeed.http.TestIncidents.digest;
import static io.outfeed.http.TestIncidents.over;
import static io.outfeed.http.TestIncidents.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.notification.Notice;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a webhook is sent, and what becomes of each answer. */
class WebhookNotifierTest {

    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    @TempDir
    Path directory;

    // ---- the request

    @Test
    void should_post_the_digest_as_json() throws Exception {
        try (Receiver receiver = Receiver.answering(200)) {
            webhook(receiver).build().send(digest());

            Receiver.Request request = receiver.only();
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.path()).isEqualTo("/services/hook-s3cret?token=hook-s3cret");
            assertThat(request.header("Content-Type")).isEqualTo("application/json");
            assertThat(request.header("Webhook-Id")).isEqualTo("d1");
            assertThat(request.headers()).doesNotContainKey("Webhook-Signature");
            assertThat(request.body()).isEqualTo("""
                    {
                      "id": "d1",
                      "at": "2026-03-02T12:12:00Z",
                      "subject": "sftp.lakeside.example:22 can't be reached, 2 jobs",
                      "notices": [
                        {
                          "kind": "OPENED",
                          "headline": "sftp.lakeside.example:22 can't be reached, 2 jobs",
                          "facts": [
                            {"label": "Since", "text": "2026-03-02 12:00 UTC, for 12 min"},
                            {"label": "Failure", "text": "can't connect to sftp.lakeside.example:22"},
                            {"label": "Next", "text": "one job tries again at 2026-03-02 13:00 UTC for all"},
                            {"label": "Jobs", "text": "visits-1, visits-2"},
                            {"label": "Seen", "text": "7 times, last at 2026-03-02 12:10 UTC"},
                            {"label": "Code", "text": "DESTINATION_UNAVAILABLE"}
                          ],
                          "incident": {
                            "id": "i1",
                            "scope": {"kind": "SERVER", "name": "sftp.lakeside.example:22"},
                            "code": "DESTINATION_UNAVAILABLE",
                            "step": "CONNECT",
                            "status": "OPEN",
                            "message": "can't connect to sftp.lakeside.example:22",
                            "openedAt": "2026-03-02T12:00:00Z",
                            "lastSignAt": "2026-03-02T12:10:00Z",
                            "signs": 7,
                            "jobCount": 2,
                            "jobs": ["visits-1", "visits-2"],
                            "moreJobs": false,
                            "nextTryAt": "2026-03-02T13:00:00Z"
                          }
                        }
                      ]
                    }""");
        }
    }

    @Test
    void should_be_read_by_another_parser() throws Exception {
        assumeTrue(isPythonInstalled(), "skipped: python3 is not installed");
        try (Receiver receiver = Receiver.answering(200)) {
            webhook(receiver)
                    .build()
                    .send(digest(
                            new Notice(Notice.Kind.OPENED, awkward()),
                            new Notice(Notice.Kind.REMINDER, server(400)),
                            new Notice(Notice.Kind.ENDED, over())));

            assertThat(python(receiver.only().body(), """
                            notices = body['notices']
                            print(ascii(notices[0]['incident']['scope']['name']))
                            print(ascii(notices[0]['incident']['message']))
                            print(ascii(notices[0]['headline']))
                            print(notices[1]['incident']['jobCount'], len(notices[1]['incident']['jobs']))
                            print(notices[2]['incident']['status'], notices[2]['incident']['end'])
                            print([notice['kind'] for notice in notices])
                            """))
                    .containsExactly(
                            "'<!channel> & \"S\\xf6hne\"\\n\\u202e'",
                            "'<b>1 & 2</b> \\\\ \\u2028\\x00\\U0001f680'",
                            "'job <!channel> & \"S\\xf6hne\"?? has a destination that can\\'t be reached'",
                            "400 100",
                            "ENDED {'at': '2026-03-03T02:00:00Z', 'how': 'ACKNOWLEDGED', 'reason': 'it\\'s \"back\"',"
                                    + " 'waitingJobs': 1}",
                            "['OPENED', 'REMINDER', 'ENDED']");
        }
    }

    @Test
    void should_post_a_text_for_slack() throws Exception {
        try (Receiver receiver = Receiver.answering(200)) {
            webhook(receiver)
                    .slackText()
                    .build()
                    .send(digest(new Notice(Notice.Kind.OPENED, awkward()), new Notice(Notice.Kind.ENDED, over())));

            assertThat(receiver.only().body())
                    .isEqualTo("{\"text\": \""
                            + "*job &lt;!channel&gt; &amp; \\\"Söhne\\\"?? has a destination that can't be reached*\\n"
                            + "Since: 2026-03-02 12:00 UTC, for 12 min\\n"
                            + "Failure: &lt;b&gt;1 &amp; 2&lt;/b&gt; \\\\ ??\ud83d\ude80\\n"
                            + "Next: nothing, unless it lasts\\n"
                            + "Seen: 7 times, last at 2026-03-02 12:10 UTC\\n"
                            + "Code: DESTINATION_UNAVAILABLE\\n"
                            + "\\n"
                            + "*Over: sftp.lakeside.example:22 can't be reached, 2 jobs*\\n"
                            + "Lasted: 14 h 0 min, from 2026-03-02 12:00 UTC to 2026-03-03 02:00 UTC\\n"
                            + "Ended: by a person: it's \\\"back\\\"\\n"
                            + "Now: 1 of 2 jobs still has an open run\\n"
                            + "Failure was: can't connect to sftp.lakeside.example:22\\n"
                            + "Jobs: visits-1, visits-2\\n"
                            + "Seen: 7 times, last at 2026-03-02 12:10 UTC\\n"
                            + "Code: DESTINATION_UNAVAILABLE\"}");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 9, 10, 40, 1000})
    void should_post_one_message_to_slack_however_many_notices_there_are(int notices) throws Exception {
        try (Receiver receiver = Receiver.answering(200)) {
            webhook(receiver)
                    .slackText()
                    .build()
                    .send(digest(Collections.nCopies(notices, new Notice(Notice.Kind.OPENED, server(400)))
                            .toArray(Notice[]::new)));

            String body = receiver.only().body();
            int told = body.split("\\*sftp", -1).length - 1;
            assertThat(body.length()).isLessThanOrEqualTo(4_100);
            assertThat(body.substring(9).replace("\\n", "\n").length()).isLessThanOrEqualTo(4_000);
            assertThat(body).startsWith("{\"text\": \"*sftp").contains("\\nFailure: ");
            if (told < notices) {
                assertThat(body).endsWith("*\\nand " + (notices - told) + " more\"}");
            } else {
                assertThat(body).doesNotContain("\\nand ");
            }
        }
    }

    // ---- the signature

    @Test
    void should_sign_what_it_sends() throws Exception {
        try (Receiver receiver = Receiver.answering(200)) {
            long before = Instant.now().getEpochSecond();
            webhook(receiver).secret(SECRET).build().send(digest());
            webhook(receiver).secret(SECRET::toCharArray).slackText().build().send(digest());

            assertThat(receiver.requests()).hasSize(2).allSatisfy(request -> {
                long timestamp = Long.parseLong(request.header("Webhook-Timestamp"));
                assertThat(timestamp).isBetween(before, Instant.now().getEpochSecond());
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(Base64.getDecoder().decode(SECRET.substring(6)), "HmacSHA256"));
                mac.update(("d1." + timestamp + "." + request.body()).getBytes(StandardCharsets.UTF_8));
                assertThat(request.header("Webhook-Signature"))
                        .isEqualTo("v1," + Base64.getEncoder().encodeToString(mac.doFinal()));
            });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "whsec_",
                "s3cret",
                "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa",
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa-_",
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
            })
    void should_refuse_what_is_no_secret(String secret) throws Exception {
        try (Receiver receiver = Receiver.answering(200)) {
            assertThatThrownBy(() -> webhook(receiver).secret(secret))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a secret is whsec_ and 24 to 64 random bytes in Base64");

            WebhookNotifier webhook =
                    webhook(receiver).secret(secret::toCharArray).build();
            DeliveryException refused = refusal(webhook);

            assertThat(refused)
                    .hasMessage("nothing was sent, since the secret has another form: a secret is whsec_ and 24 to 64"
                            + " random bytes in Base64 (digest=d1)");
            assertThat(refused.code()).isEqualTo(FailureCode.SECRET_UNAVAILABLE);
            assertThat(receiver.requests()).isEmpty();
        }
    }

    @Test
    void should_send_nothing_without_its_secret() throws Exception {
        try (Receiver receiver = Receiver.answering(200)) {
            DeliveryException refused = refusal(webhook(receiver)
                    .secret(() -> {
                        throw new IllegalStateException("the vault has " + SECRET);
                    })
                    .build());

            assertThat(refused).hasMessage("nothing was sent, since the secret could not be had (digest=d1)");
            assertThat(refused.retryable()).isTrue();
            assertThat(refused).hasStackTraceContaining("its message is left out");
            assertThat(stackTrace(refused)).doesNotContain(SECRET);
            assertThat(receiver.requests()).isEmpty();
        }
    }

    // ---- answers

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204, 299})
    void should_count_as_sent_if_it_is_accepted(int status) throws Exception {
        try (Receiver receiver = Receiver.answering(status)) {
            assertThatCode(() -> webhook(receiver).build().send(digest())).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            301 | DESTINATION_REFUSED     | , a redirect, which is not followed: give the notifier the new address
            302 | DESTINATION_REFUSED     | , a redirect, which is not followed: give the notifier the new address
            304 | DESTINATION_REFUSED     | , a redirect, which is not followed: give the notifier the new address
            307 | DESTINATION_REFUSED     | , a redirect, which is not followed: give the notifier the new address
            308 | DESTINATION_REFUSED     | , a redirect, which is not followed: give the notifier the new address
            400 | DESTINATION_REFUSED     | : check that the receiver takes the JSON of this notifier
            401 | LOGIN_REFUSED           | : check the secret of the notifier
            403 | PERMISSION_DENIED       | : check what the webhook may post
            404 | DESTINATION_MISSING     | : the webhook is not there; give the notifier the address of another one
            405 | DESTINATION_REFUSED     | : check that the receiver takes the JSON of this notifier
            408 | DESTINATION_UNAVAILABLE | , and may accept it later
            410 | DESTINATION_MISSING     | : the webhook is not there; give the notifier the address of another one
            413 | DESTINATION_REFUSED     | : check that the receiver takes the JSON of this notifier
            429 | DESTINATION_UNAVAILABLE | , and may accept it later
            500 | DESTINATION_UNAVAILABLE | , and may accept it later
            502 | DESTINATION_UNAVAILABLE | , and may accept it later
            503 | DESTINATION_UNAVAILABLE | , and may accept it later
            599 | DESTINATION_UNAVAILABLE | , and may accept it later
            """)
    void should_throw_if_it_is_not_accepted(int status, FailureCode code, String advice) throws Exception {
        try (Receiver receiver = new Receiver(exchange -> {
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=x");
            Receiver.answer(exchange, status);
        })) {
            DeliveryException refused = refusal(webhook(receiver).secret(SECRET).build());

            assertThat(refused).hasMessage(receiver.at() + " answered " + status + advice + " (digest=d1)");
            assertThat(refused.code()).isEqualTo(code);
            assertThat(refused.status()).contains(Integer.toString(status));
            assertThat(refused.delivery()).isEqualTo("chat");
            assertThat(stackTrace(refused)).doesNotContain("hook-s3cret", SECRET);
            assertThat(receiver.requests())
                    .as("neither redirected nor repeated")
                    .hasSize(1);
        }
    }

    @Test
    void should_have_the_same_id_when_a_digest_is_given_again() throws Exception {
        try (Receiver receiver = Receiver.answering(503)) {
            WebhookNotifier webhook = webhook(receiver).build();

            refusal(webhook);
            refusal(webhook);

            assertThat(receiver.requests())
                    .extracting(request -> request.header("Webhook-Id"))
                    .containsExactly("d1", "d1");
            assertThat(receiver.requests().get(0).body())
                    .isEqualTo(receiver.requests().get(1).body());
        }
    }

    @Test
    void should_not_read_the_body_of_an_answer() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (Receiver receiver = new Receiver(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try {
                while (true) { // until the client closes the connection
                    exchange.getResponseBody().write(new byte[8192]);
                }
            } catch (IOException e) {
                closed.countDown();
            }
        })) {
            assertThatCode(() -> webhook(receiver).build().send(digest())).doesNotThrowAnyException();
            closed.await();
        }
    }

    // ---- no answer

    @Test
    void should_wait_for_a_slow_server_as_long_as_its_timeout_only() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (Receiver receiver = new Receiver(exchange -> await(end))) {
            DeliveryException refused =
                    refusal(webhook(receiver).timeout(Duration.ofMillis(300)).build());

            assertThat(refused)
                    .hasMessage(receiver.at()
                            + " did not answer within PT0.3S: it may have the notices all the same (digest=d1)");
            assertThat(refused.code()).isEqualTo(FailureCode.DESTINATION_UNAVAILABLE);
        } finally {
            end.countDown();
        }
    }

    @Test
    void should_throw_if_the_connection_breaks() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, Receiver.loopback().getAddress())) {
            Thread server = new Thread(() -> dropOne(socket));
            server.start();
            String at = "127.0.0.1:" + socket.getLocalPort();

            DeliveryException refused =
                    refusal(WebhookNotifier.builder("chat", URI.create("http://" + at + "/hook-s3cret"))
                            .build());
            server.join();

            assertThat(refused).hasMessage(at + " did not answer: it may have the notices all the same (digest=d1)");
            assertThat(refused.code()).isEqualTo(FailureCode.DESTINATION_UNAVAILABLE);
            assertThat(stackTrace(refused)).doesNotContain("hook-s3cret");
        }
    }

    @Test
    void should_throw_if_there_is_no_server() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, Receiver.loopback().getAddress())) {
            port = socket.getLocalPort();
        }

        DeliveryException refused =
                refusal(WebhookNotifier.builder("chat", URI.create("http://127.0.0.1:" + port + "/hook-s3cret"))
                        .build());

        assertThat(refused.code()).isEqualTo(FailureCode.DESTINATION_UNAVAILABLE);
        assertThat(refused).hasMessage("can't connect to 127.0.0.1:" + port + ": nothing was sent (digest=d1)");
        assertThat(stackTrace(refused)).doesNotContain("hook-s3cret");
    }

    @Test
    void should_end_when_its_thread_is_interrupted() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (Receiver receiver = new Receiver(exchange -> {
            arrived.countDown();
            await(end);
        })) {
            CompletableFuture<DeliveryException> thrown = new CompletableFuture<>();
            CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
            WebhookNotifier webhook = webhook(receiver).build();
            Thread sender = new Thread(() -> {
                thrown.complete(refusal(webhook));
                interrupted.complete(Thread.currentThread().isInterrupted());
            });
            sender.start();
            arrived.await();
            sender.interrupt();

            assertThat(thrown.join()).hasMessage("it was interrupted while it waited for the answer (digest=d1)");
            assertThat(thrown.join().code()).isEqualTo(FailureCode.STOPPED);
            assertThat(interrupted.join()).isTrue();
        } finally {
            end.countDown();
        }
    }

    @Test
    void should_send_nothing_if_its_thread_is_interrupted_already() throws Exception {
        try (Receiver receiver = Receiver.answering(200)) {
            WebhookNotifier webhook = webhook(receiver).build();
            try {
                Thread.currentThread().interrupt();
                assertThat(refusal(webhook))
                        .hasMessage("it was interrupted before anything was sent (digest=d1)")
                        .extracting(DeliveryException::code)
                        .isEqualTo(FailureCode.STOPPED);
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }
            assertThat(receiver.requests()).isEmpty();
        }
    }

    // ---- the builder

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://hooks.example/s3cret        | the address must be https; http is for localhost, 127.x.x.x and [::1]
            http://127.0.0.1.evil.example/     | the address must be https; http is for localhost, 127.x.x.x and [::1]
            http://localhost.evil.example/     | the address must be https; http is for localhost, 127.x.x.x and [::1]
            ftp://hooks.example/s3cret         | the address must be https
            file:///s3cret                     | the address has no host; the address must be https
            /s3cret                            | the address has no host; the address must be https
            https://u:s3cret@hooks.example/    | the address has a user: sign requests with a secret instead
            https://hooks.example/#s3cret      | the address has a fragment, which is not sent
            """)
    void should_refuse_an_address_that_is_not_safe(URI address, String problem) {
        assertThatThrownBy(() -> WebhookNotifier.builder("chat", address).build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageMatching("webhook 'chat' has [12] problems?: \\Q" + problem + "\\E");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://hooks.slack.com/services/T0/B0/x",
                "HTTPS://hooks.example:8443/x?y=z",
                "http://localhost:8080/x",
                "http://127.0.0.1/x",
                "http://[::1]:8080/x"
            })
    void should_accept_an_address_that_is_safe(URI address) {
        assertThat(WebhookNotifier.builder("chat", address).build().id()).isEqualTo("chat");
    }

    @Test
    void should_report_all_problems_at_once() {
        assertThatThrownBy(() -> WebhookNotifier.builder("ch at", URI.create("/s3cret"))
                        .timeout(Duration.ZERO)
                        .connectTimeout(Duration.ofDays(1))
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("webhook has 5 problems: the id needs 1 to 120 letters A-Z and a-z, digits, '.', '_' and"
                        + " '-', and must not begin with '.' or '-'; the address has no host; the address must be"
                        + " https; connectTimeout is PT24H, it must be from a millisecond to an hour; timeout is PT0S,"
                        + " it must be from a millisecond to an hour");
    }

    @Test
    void should_show_the_server_only() {
        assertThat(WebhookNotifier.builder("chat", URI.create("https://hooks.slack.com/services/T0/s3cret?k=s3cret"))
                        .secret(SECRET)
                        .build())
                .hasToString("webhook 'chat' to hooks.slack.com");
    }

    private static WebhookNotifier.Builder webhook(Receiver receiver) {
        return WebhookNotifier.builder("chat", receiver.uri());
    }

    private static DeliveryException refusal(WebhookNotifier webhook) {
        return catchThrowableOfType(DeliveryException.class, () -> webhook.send(digest()));
    }

    private static String stackTrace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    private static void dropOne(ServerSocket listener) {
        try (Socket socket = listener.accept()) {
            socket.getInputStream().read();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the receiver was closed
        }
    }

    private static boolean isPythonInstalled() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private List<String> python(String json, String script) throws Exception {
        Path file = Files.writeString(directory.resolve("body.json"), json);
        Path output = directory.resolve("output");
        Process python = new ProcessBuilder(
                        "python3",
                        "-c",
                        "import json, sys\nbody = json.load(open(sys.argv[1], encoding='utf-8'))\n" + script,
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(python.waitFor()).as(Files.readString(output)).isZero();
        return Files.readAllLines(output);
    }
}
