package io.outfeed.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.file.IfExists;
import io.outfeed.http.FileServer.Request;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** What requests have, and what their answers mean. */
class HttpRequestsTest {

    private static final byte[] CONTENT = "id,name\r\n1,Zoë\r\n".getBytes(UTF_8);

    private FileServer server;

    @BeforeEach
    void start() throws IOException {
        server = new FileServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpDelivery.Builder put() {
        return HttpDelivery.put("lakeside", server.folder()).withoutEncryption();
    }

    private HttpDelivery.Builder post() {
        return HttpDelivery.post("lakeside", server.imports()).withoutEncryption();
    }

    private static OutgoingFile file() throws IOException {
        return TestFiles.file(41, "visits.csv", CONTENT, IfExists.FAIL);
    }

    private static void deliver(Delivery delivery, OutgoingFile file) throws Exception {
        try (DeliverySession session = delivery.open()) {
            assertThat(session.publish(session.prepare(file), file)).isPresent();
        }
    }

    private static String digest(byte[] content) {
        return "sha-256=:" + Base64.getEncoder().encodeToString(HexFormat.of().parseHex(TestFiles.sha256(content)))
                + ":";
    }

    private Request only(String method) {
        List<Request> requests = server.requests(method);
        assertThat(requests).hasSize(1);
        return requests.get(0);
    }

    // ---- what they have

    @Test
    void should_put_the_file_with_its_type_and_its_digest() throws Exception {
        deliver(put().header("X-Source", "vendor").build(), file());

        Request request = only("PUT");
        assertThat(request.path()).isEqualTo("/exports/visits.csv");
        assertThat(request.body()).isEqualTo(CONTENT);
        assertThat(request.header("Content-Type")).isEqualTo("text/csv");
        assertThat(request.header("Content-Digest")).isEqualTo(digest(CONTENT));
        assertThat(request.header("Content-Length")).isEqualTo(Integer.toString(CONTENT.length));
        assertThat(request.header("X-Source")).isEqualTo("vendor");
        assertThat(request.header("User-Agent")).isEqualTo("Outfeed");
    }

    @Test
    void should_post_the_file_with_its_name() throws Exception {
        deliver(post().contentType("text/csv; charset=utf-8").build(), file());

        Request request = only("POST");
        assertThat(request.path()).isEqualTo("/imports?source=vendor-s3cret");
        assertThat(request.body()).isEqualTo(CONTENT);
        assertThat(request.header("Content-Type")).isEqualTo("text/csv; charset=utf-8");
        assertThat(request.header("Content-Disposition")).isEqualTo("attachment; filename=\"visits.csv\"");
        assertThat(request.header("Content-Digest")).isEqualTo(digest(CONTENT));
    }

    @Test
    void should_post_the_file_in_a_form() throws Exception {
        deliver(
                HttpDelivery.postForm("lakeside", server.imports(), "upload")
                        .withoutEncryption()
                        .formField("kind", "Besuche für Zoë")
                        .build(),
                file());

        Request request = only("POST");
        String boundary = request.header("Content-Type").replace("multipart/form-data; boundary=", "");
        assertThat(boundary).matches("outfeed-[0-9a-f-]{36}");
        assertThat(new String(request.body(), UTF_8))
                .isEqualTo(String.join(
                        "\r\n",
                        "--" + boundary,
                        "Content-Disposition: form-data; name=\"kind\"",
                        "",
                        "Besuche für Zoë",
                        "--" + boundary,
                        "Content-Disposition: form-data; name=\"upload\"; filename=\"visits.csv\"",
                        "Content-Type: text/csv",
                        "",
                        "id,name",
                        "1,Zoë",
                        "",
                        "--" + boundary + "--",
                        ""));
        assertThat(request.header("Content-Digest")).isEqualTo(digest(request.body()));
        assertThat(request.header("Content-Length")).isEqualTo(Integer.toString(request.body().length));
    }

    @Test
    void should_log_in_with_what_the_host_supplies_for_each_request() throws Exception {
        List<String> tokens = new ArrayList<>(List.of("reach", "look", "look again", "put", "verify"));
        deliver(put().bearer(() -> tokens.remove(0).toCharArray()).build(), file());
        assertThat(only("PUT").header("Authorization")).isEqualTo("Bearer put");

        deliver(post().basicLogin("outfeed", "pässword"::toCharArray).build(), file());
        assertThat(only("POST").header("Authorization"))
                .isEqualTo("Basic " + Base64.getEncoder().encodeToString("outfeed:pässword".getBytes(UTF_8)));
    }

    @Test
    void should_send_a_secret_in_a_header_of_its_own() throws Exception {
        deliver(
                post().secretHeader("X-Api-Key", "s3cret"::toCharArray)
                        .idempotencyKeyHeader("X-Request-Id")
                        .build(),
                file());

        assertThat(only("POST").header("X-Api-Key")).isEqualTo("s3cret");
        assertThat(only("POST").header("X-Request-Id")).matches("[0-9a-f]{32}");
        assertThat(only("POST").headers()).doesNotContainKey("Idempotency-key");
    }

    @Test
    void should_report_the_bytes_of_the_file_and_no_more() throws Exception {
        byte[] content = new byte[1 << 20];
        OutgoingFile silent = TestFiles.file(41, "visits.csv", content, IfExists.FAIL);
        List<Long> reported = Collections.synchronizedList(new ArrayList<>());
        OutgoingFile file = new OutgoingFile(
                silent.job(), 41, 97, 1, silent.file(), silent.content(), IfExists.FAIL, reported::add);

        deliver(
                HttpDelivery.postForm("lakeside", server.imports(), "upload")
                        .withoutEncryption()
                        .build(),
                file);

        assertThat(reported).isSorted().allSatisfy(bytes -> assertThat(bytes).isBetween(0L, (long) content.length));
        assertThat(reported).first().as("what precedes the file in a form").isEqualTo(0L);
        assertThat(reported).last().isEqualTo((long) content.length);
        assertThat(reported.size()).isGreaterThan(10);
    }

    @Test
    void should_put_a_file_under_a_name_that_a_path_can_have() throws Exception {
        deliver(put().build(), TestFiles.file(41, "2026-27/visits-Zoë 100%.csv", CONTENT, IfExists.FAIL));

        assertThat(only("PUT").path()).isEqualTo("/exports/2026-27/visits-Zo%C3%AB%20100%25.csv");
        assertThat(server.read("2026-27/visits-Zoë 100%.csv")).contains(CONTENT);
    }

    // ---- answers

    @ParameterizedTest
    @CsvFileSource(resources = "answers.txt", delimiter = '|', numLinesToSkip = 1)
    void should_say_what_an_answer_means(String method, int status, FailureCode code, String advice) throws Exception {
        Delivery delivery = method.equals("PUT") ? put().build() : post().build();
        OutgoingFile file = file();
        server.next(method, FileServer.answering(status));
        String doing = method.equals("PUT")
                ? "can't put " + server.folder() + "visits.csv"
                : "can't post visits.csv to http://" + server.at() + "/imports";

        try (DeliverySession session = delivery.open()) {
            PreparedFile prepared = session.prepare(file);
            assertThatThrownBy(() -> session.publish(prepared, file))
                    .isInstanceOfSatisfying(DeliveryException.class, failure -> {
                        assertThat(failure.code()).isEqualTo(code);
                        assertThat(failure.status()).contains(Integer.toString(status));
                        assertThat(failure)
                                .hasMessage(doing + ": " + server.at() + " answered " + status + advice
                                        + " (job=visits-lakeside, run=41)");
                    });
        }
    }

    @Test
    void should_believe_the_host_about_an_answer() throws Exception {
        HttpDelivery.Builder builder = post().answer(202, HttpAnswer.UNKNOWN)
                .answer(422, HttpAnswer.LATER)
                .answer(409, HttpAnswer.OCCUPIED)
                .answer(500, HttpAnswer.TAKEN);
        Delivery delivery = builder.build();
        OutgoingFile file = file();
        server.next("POST", FileServer.answering(422))
                .next("POST", FileServer.answering(409))
                .next("POST", FileServer.answering(500));

        try (DeliverySession session = delivery.open()) {
            PreparedFile prepared = session.prepare(file);
            assertThatThrownBy(() -> session.publish(prepared, file))
                    .isInstanceOfSatisfying(
                            DeliveryException.class,
                            failure -> assertThat(failure.code()).isEqualTo(FailureCode.DESTINATION_UNAVAILABLE));
            assertThatThrownBy(() -> session.publish(prepared.toTouched(), file))
                    .isInstanceOfSatisfying(
                            DeliveryException.class,
                            failure -> assertThat(failure.occupied()).isTrue());
            assertThat(session.publish(prepared.toTouched(), file)).isPresent();
        }
    }

    @Test
    void should_not_follow_a_redirect_nor_repeat_a_sentence_of_the_server() throws Exception {
        server.next("HEAD", FileServer.answering(401));

        assertThatThrownBy(() -> put().build().open()).isInstanceOfSatisfying(DeliveryException.class, failure -> {
            assertThat(failure.code()).isEqualTo(FailureCode.LOGIN_REFUSED);
            assertThat(failure)
                    .hasMessage("can't reach " + server.folder() + ": " + server.at() + " answered 401: check the"
                            + " token, the password or the headers of the delivery (delivery=lakeside)");
        });
    }

    // ---- no answer

    @Test
    void should_say_that_nothing_was_sent_without_a_connection() throws Exception {
        URI unused;
        try (ServerSocket socket = new ServerSocket(0)) {
            unused = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/exports");
        }

        assertThatThrownBy(() -> HttpDelivery.put("lakeside", unused)
                        .withoutEncryption()
                        .build()
                        .open())
                .isInstanceOfSatisfying(DeliveryException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(FailureCode.DESTINATION_UNAVAILABLE);
                    assertThat(failure)
                            .hasMessage("can't reach " + unused + ": can't connect to " + unused.getAuthority()
                                    + ", and nothing was sent (delivery=lakeside)");
                });
    }

    @Test
    void should_say_that_the_secret_is_missing() {
        Delivery none = put().bearer(() -> {
                    throw new IllegalStateException("the vault says: s3cr3t");
                })
                .build();

        assertThatThrownBy(none::open).isInstanceOfSatisfying(DeliveryException.class, failure -> {
            assertThat(failure.code()).isEqualTo(FailureCode.SECRET_UNAVAILABLE);
            assertThat(failure)
                    .hasMessage("can't reach " + server.folder() + ": the secret for Authorization could not be had,"
                            + " and nothing was sent; check its supplier (delivery=lakeside)");
            for (Throwable link = failure; link != null; link = link.getCause()) {
                assertThat(String.valueOf(link.getMessage())).doesNotContain("s3cr3t");
            }
        });
    }

    @Test
    void should_not_send_a_secret_that_would_begin_another_header() {
        Delivery forged = put().bearer("x\r\nX-Admin: true"::toCharArray).build();

        assertThatThrownBy(forged::open)
                .isInstanceOfSatisfying(
                        DeliveryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(FailureCode.SECRET_UNAVAILABLE));
    }

    @Test
    @Timeout(60)
    void should_stop_soon_when_its_thread_is_interrupted() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>(new AssertionError("nothing was thrown"));
        AtomicBoolean flag = new AtomicBoolean();
        server.next("POST", FileServer.stayingSilent());
        Thread delivering = new Thread(() -> {
            try {
                deliver(post().build(), file());
            } catch (Exception e) {
                thrown.set(e);
                flag.set(Thread.currentThread().isInterrupted());
            }
        });
        delivering.start();
        server.awaitSilence();

        delivering.interrupt();
        delivering.join();

        assertThat(thrown.get()).isInstanceOfSatisfying(DeliveryException.class, failure -> {
            assertThat(failure.code()).isEqualTo(FailureCode.STOPPED);
            assertThat(failure)
                    .hasMessage("can't post visits.csv to http://" + server.at()
                            + "/imports: its thread was interrupted (job=visits-lakeside, run=41)");
        });
        assertThat(flag).as("the interrupt is kept").isTrue();
    }

    @Test
    @Timeout(60)
    void should_end_a_request_whose_answer_does_not_come() {
        server.next("HEAD", FileServer.stayingSilent());

        assertThatThrownBy(() ->
                        put().answerTimeout(Duration.ofMillis(300)).build().open())
                .isInstanceOf(DeliveryException.class)
                .hasMessage("can't reach " + server.folder() + ": " + server.at()
                        + " did not answer within PT0.3S (delivery=lakeside)");
        assertThat(Thread.interrupted()).as("an interrupt that no thread made").isFalse();
    }

    /** The status says all: a body that does not end keeps nothing waiting. */
    @Test
    @Timeout(60)
    void should_not_wait_for_the_body_of_an_answer() throws Exception {
        server.next("PUT", FileServer.answeringWithoutEnd(201)).next("DELETE", FileServer.answeringWithoutEnd(200));
        try (DeliverySession session = put().build().open()) {
            assertThat(session.publish(session.prepare(file()), file())).isPresent();
            assertThat(session.delete(server.folder() + "visits.csv", CONTENT.length))
                    .isEqualTo(Deletion.DELETED);
        }
    }

    @Test
    @Timeout(60)
    void should_end_a_request_that_takes_too_long() {
        server.next("HEAD", FileServer.stayingSilent());

        assertThatThrownBy(() ->
                        put().requestTimeout(Duration.ofMillis(300)).build().open())
                .isInstanceOf(DeliveryException.class)
                .hasMessage("can't reach " + server.folder() + ": " + server.at()
                        + " did not answer within PT0.3S (delivery=lakeside)");
    }

    // ---- afterwards

    @Test
    void should_look_at_files_below_its_own_folder_only() throws Exception {
        server.put("visits.csv", CONTENT);
        try (DeliverySession session = put().build().open()) {
            String location = server.folder() + "visits.csv";
            assertThat(session.inspect(location)).isEqualTo(Inspection.present(CONTENT.length));
            assertThat(session.inspect(server.folder() + "other.csv")).isEqualTo(Inspection.missing());
            assertThat(session.sha256(location)).contains(TestFiles.sha256(CONTENT));
            for (String foreign : List.of(
                    "http://other.example/exports/visits.csv",
                    server.folder() + "../visits.csv",
                    server.folder() + "a//visits.csv",
                    server.folder() + "visits.csv?delete=all",
                    server.folder().toString(),
                    "visits.csv")) {
                assertThat(session.inspect(foreign)).as(foreign).isEqualTo(Inspection.notSaid());
                assertThat(session.sha256(foreign)).as(foreign).isEmpty();
                assertThat(session.delete(foreign, CONTENT.length)).as(foreign).isEqualTo(Deletion.NOT_SAID);
                assertThatThrownBy(() -> session.publish(PreparedFile.direct(foreign), file()))
                        .as(foreign)
                        .isInstanceOf(DeliveryException.class)
                        .hasMessageContaining("nothing was touched there");
            }
        }
        assertThat(server.read("visits.csv")).contains(CONTENT);
    }

    @Test
    void should_delete_nothing_where_the_receiver_takes_no_delete() throws Exception {
        server.put("visits.csv", CONTENT);
        Delivery keeping = put().withoutDelete().build();
        try (DeliverySession session = keeping.open()) {
            session.check(file());

            assertThat(session.delete(server.folder() + "visits.csv", CONTENT.length))
                    .isEqualTo(Deletion.NOT_SAID);
        }
        assertThat(server.requests("PUT"))
                .as("a check that could not be removed")
                .isEmpty();
        assertThat(server.read("visits.csv")).contains(CONTENT);
    }

    @Test
    void should_say_that_a_check_could_not_be_removed() throws Exception {
        server.next("DELETE", FileServer.answering(405)).next("DELETE", FileServer.answering(405));
        try (DeliverySession session = put().build().open()) {
            assertThatThrownBy(() -> session.check(TestFiles.file(0, "visits.csv", CONTENT, IfExists.FAIL)))
                    .isInstanceOfSatisfying(DeliveryException.class, failure -> {
                        assertThat(failure.code()).isEqualTo(FailureCode.PERMISSION_DENIED);
                        assertThat(failure)
                                .hasMessage("the check has written " + server.folder()
                                        + ".visits.csv.r0-t97.part, which has no data, and may not remove it: allow"
                                        + " DELETE there, or set withoutDelete (delivery=lakeside)");
                    });
        }
    }
}
