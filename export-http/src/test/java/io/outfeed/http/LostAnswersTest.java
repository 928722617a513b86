package io.outfeed.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.delivery.RecipientDelivery;
import io.outfeed.delivery.RecipientLog;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.file.IfExists;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests whose answers get lost, and those that break off. */
class LostAnswersTest {

    private static final byte[] CONTENT = "id\r\n1\r\n".getBytes(UTF_8);
    private static final byte[] OTHER = "id\r\n2\r\n".getBytes(UTF_8);

    private final RecipientLog recipients = RecipientLog.inMemory();
    private FileServer server;

    @BeforeEach
    void start() throws IOException {
        server = new FileServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private OutgoingFile file(IfExists ifExists) throws IOException {
        return TestFiles.file(41, "visits.csv", CONTENT, ifExists, recipients);
    }

    private static Optional<DeliveryReceipt> publish(Delivery delivery, OutgoingFile file, boolean touched)
            throws Exception {
        try (DeliverySession session = delivery.open()) {
            PreparedFile prepared = session.prepare(TestFiles.file(41, "visits.csv", CONTENT, IfExists.REPLACE));
            return session.publish(touched ? prepared.toTouched() : prepared, file);
        }
    }

    private static Optional<Publication> publication(Optional<DeliveryReceipt> receipt) {
        return receipt.map(DeliveryReceipt::publication);
    }

    private Delivery put() {
        return HttpDelivery.put("lakeside", server.folder()).withoutEncryption().build();
    }

    private HttpDelivery.Builder post() {
        return HttpDelivery.post("lakeside", server.imports()).withoutEncryption();
    }

    private void assertBreaksOff(Delivery delivery, OutgoingFile file) {
        assertThatThrownBy(() -> publish(delivery, file, false))
                .isInstanceOfSatisfying(DeliveryException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(FailureCode.DESTINATION_UNAVAILABLE);
                    assertThat(failure.retryable()).isTrue();
                });
    }

    // ---- PUT

    @ParameterizedTest
    @EnumSource(IfExists.class)
    void should_recognize_a_file_that_was_put_and_not_put_it_again(IfExists ifExists) throws Exception {
        server.next("PUT", FileServer.losingTheAnswer());
        assertBreaksOff(put(), file(ifExists));

        Optional<DeliveryReceipt> receipt = publish(put(), file(ifExists), true);

        assertThat(publication(receipt)).contains(Publication.INFERRED);
        assertThat(server.requests("PUT")).hasSize(1);
        assertThat(server.read("visits.csv")).contains(CONTENT);
    }

    @ParameterizedTest
    @EnumSource(IfExists.class)
    void should_recognize_a_file_when_something_between_sent_the_request_twice(IfExists ifExists) throws Exception {
        Delivery conditional = HttpDelivery.put("lakeside", server.folder())
                .withoutEncryption()
                .conditionalWrites()
                .build();
        server.next("PUT", FileServer.answeringTheSecondTime());

        assertThat(publication(publish(conditional, file(ifExists), false))).contains(Publication.INFERRED);
        assertThat(server.requests("PUT")).hasSize(1);
    }

    @Test
    void should_close_a_file_of_which_the_receiver_takes_a_part() throws Exception {
        Path descriptors = Path.of("/proc/self/fd");
        assumeThat(descriptors).as("lists what this process has open").isDirectory();
        OutgoingFile large = TestFiles.file(41, "visits.csv", new byte[16 << 20], IfExists.FAIL);
        for (int i = 0; i < 20; i++) {
            server.next("PUT", FileServer.answeringEarly(413));
            assertThatThrownBy(() -> publish(put(), large, false)).isInstanceOf(DeliveryException.class);
        }

        try (Stream<Path> open = Files.list(descriptors)) {
            assertThat(open.map(LostAnswersTest::target)).doesNotContain(large.content());
        }
    }

    private static Path target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor);
        } catch (IOException e) { // it has been closed since
            return descriptor;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6})
    void should_overwrite_a_part_of_the_file(int stored) throws Exception {
        server.put("visits.csv", Arrays.copyOf(CONTENT, stored));

        Optional<DeliveryReceipt> receipt = publish(put(), file(IfExists.FAIL), true);

        assertThat(publication(receipt)).contains(Publication.DIRECT);
        assertThat(server.read("visits.csv")).contains(CONTENT);
    }

    @Test
    void should_put_a_file_again_of_which_nothing_is_there() throws Exception {
        server.next("PUT", FileServer.breakingOff());
        assertBreaksOff(put(), file(IfExists.FAIL));

        assertThat(publication(publish(put(), file(IfExists.FAIL), true))).contains(Publication.DIRECT);

        assertThat(server.read("visits.csv")).contains(CONTENT);
    }

    @Test
    void should_not_overwrite_a_file_of_others_after_a_lost_answer() throws Exception {
        server.put("visits.csv", OTHER);

        assertThatThrownBy(() -> publish(put(), file(IfExists.FAIL), true))
                .isInstanceOfSatisfying(DeliveryException.class, failure -> {
                    assertThat(failure.occupied()).isTrue();
                    assertThat(failure)
                            .hasMessage(server.folder()
                                    + "visits.csv exists already: let the receiver take it, or"
                                    + " give the file a name that is free: with {sequence}, or,"
                                    + " where a new store counts from 1 again, with another text"
                                    + " before {sequence}; or choose ifExists(REPLACE)"
                                    + " (job=visits-lakeside, run=41)");
                });

        assertThat(server.read("visits.csv")).contains(OTHER);
    }

    /** A file that is this one and goes on is of others. */
    @Test
    void should_not_overwrite_a_longer_file_that_begins_alike() throws Exception {
        byte[] longer = "id\r\n1\r\n2\r\n".getBytes(UTF_8);
        server.put("visits.csv", longer);

        assertThatThrownBy(() -> publish(put(), file(IfExists.KEEP_BOTH), true))
                .isInstanceOfSatisfying(
                        DeliveryException.class,
                        failure -> assertThat(failure.occupied()).isTrue());

        assertThat(server.read("visits.csv")).contains(longer);
    }

    @Test
    void should_replace_a_file_of_others_if_that_is_the_choice() throws Exception {
        server.put("visits.csv", OTHER);

        assertThat(publication(publish(put(), file(IfExists.REPLACE), true))).contains(Publication.DIRECT);

        assertThat(server.read("visits.csv")).contains(CONTENT);
    }

    @Test
    void should_put_it_again_where_it_may_not_be_read_back() throws Exception {
        server.put("visits.csv", CONTENT);
        server.next("GET", FileServer.answering(403));

        assertThat(publication(publish(put(), file(IfExists.FAIL), true))).contains(Publication.DIRECT);

        assertThat(server.requests("PUT")).hasSize(1);
    }

    @Test
    void should_notice_that_the_server_has_kept_less_than_it_says() throws Exception {
        server.next("PUT", (exchange, own) -> {
            own.put("visits.csv", new byte[] {1});
            FileServer.answering(201).apply(exchange, own);
        });

        assertThatThrownBy(() -> publish(put(), file(IfExists.FAIL), false))
                .isInstanceOf(DeliveryException.class)
                .hasMessage(server.at() + " has acknowledged " + server.folder() + "visits.csv, and has 1 bytes instead"
                        + " of 7 (job=visits-lakeside, run=41)");

        assertThat(publication(publish(put(), file(IfExists.REPLACE), true))).contains(Publication.DIRECT);
        assertThat(server.read("visits.csv")).contains(CONTENT);
    }

    // ---- POST

    @Test
    void should_not_post_again_what_may_have_arrived() throws Exception {
        server.next("POST", FileServer.losingTheAnswer());
        assertBreaksOff(post().build(), file(IfExists.FAIL));

        assertThat(publish(post().build(), file(IfExists.FAIL), true)).isEmpty();

        assertThat(server.requests("POST")).hasSize(1);
    }

    @Test
    void should_not_post_again_after_an_answer_that_says_nothing() throws Exception {
        server.next("POST", FileServer.answering(500));
        assertThatThrownBy(() -> publish(post().build(), file(IfExists.FAIL), false))
                .isInstanceOf(DeliveryException.class)
                .hasMessage("can't post visits.csv to http://" + server.at() + "/imports: " + server.at()
                        + " answered 500, and may have the file all the same (job=visits-lakeside, run=41)");

        assertThat(publish(post().build(), file(IfExists.FAIL), true)).isEmpty();

        assertThat(server.requests("POST")).hasSize(1);
    }

    /** The engine makes the file anew where the job says so, and the receipt tells. */
    @Test
    void should_post_again_when_the_engine_decides_so() throws Exception {
        server.next("POST", FileServer.losingTheAnswer());
        assertBreaksOff(post().build(), file(IfExists.FAIL));

        Optional<DeliveryReceipt> receipt = publish(post().build(), file(IfExists.FAIL), false);

        assertThat(publication(receipt)).contains(Publication.ACCEPTED);
        assertThat(receipt.map(DeliveryReceipt::repeated)).contains(true);
        assertThat(server.requests("POST")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 408, 413, 429, 503})
    void should_post_again_what_was_refused(int status) throws Exception {
        server.next("POST", FileServer.answering(status));
        assertThatThrownBy(() -> publish(post().build(), file(IfExists.FAIL), false))
                .isInstanceOf(DeliveryException.class);

        Optional<DeliveryReceipt> receipt = publish(post().build(), file(IfExists.FAIL), true);

        assertThat(publication(receipt)).contains(Publication.ACCEPTED);
        assertThat(receipt.map(DeliveryReceipt::repeated)).contains(false);
        assertThat(receipt.orElseThrow().recipients())
                .singleElement()
                .satisfies(recipient -> assertThat(recipient)
                        .isEqualTo(RecipientDelivery.pending(1, "receiver")
                                .toSending()
                                .toAccepted()));
    }

    @Test
    void should_post_again_a_file_that_was_not_sent_as_a_whole() throws Exception {
        byte[] large = new byte[20 << 20];
        OutgoingFile file = TestFiles.file(41, "visits.csv", large, IfExists.FAIL, recipients);
        server.next("POST", FileServer.storing(1_000));
        assertBreaksOff(post().build(), file);

        Optional<DeliveryReceipt> receipt = publish(post().build(), file, true);

        assertThat(receipt.map(DeliveryReceipt::repeated)).contains(false);
        assertThat(server.requests("POST"))
                .last()
                .satisfies(request -> assertThat(request.body()).isEqualTo(large));
    }

    @Test
    void should_post_again_with_the_same_key_to_a_receiver_that_is_idempotent() throws Exception {
        server.next("POST", FileServer.losingTheAnswer()).next("POST", FileServer.answering(409));
        Delivery delivery = post().idempotent().build();
        assertBreaksOff(delivery, file(IfExists.FAIL));
        assertBreaksOff(delivery, file(IfExists.FAIL)); // the first one is still in progress

        Optional<DeliveryReceipt> receipt = publish(delivery, file(IfExists.FAIL), true);

        assertThat(receipt.map(DeliveryReceipt::repeated)).contains(false);
        assertThat(server.requests("POST").stream().map(request -> request.header("Idempotency-Key")))
                .hasSize(3)
                .allMatch(key -> key.matches("[0-9a-f]{32}"))
                .containsOnly(server.requests("POST").get(0).header("Idempotency-Key"));
    }

    /** The server may close an idle connection just when a file is sent: what became of it would not be known. */
    @Test
    void should_post_each_file_over_a_connection_of_its_own() throws Exception {
        OutgoingFile second = TestFiles.file(41, "second.csv", CONTENT, IfExists.FAIL);
        try (DeliverySession session = post().build().open()) {
            assertThat(session.publish(session.prepare(file(IfExists.FAIL)), file(IfExists.FAIL)))
                    .isPresent();
            assertThat(session.publish(session.prepare(second), second)).isPresent();
        }

        assertThat(server.connections("POST"))
                .hasSize(2)
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(server.connections("HEAD"));
    }

    @Test
    void should_have_another_key_for_another_run_path_and_delivery() throws Exception {
        Delivery other =
                HttpDelivery.post("other", server.imports()).withoutEncryption().build();
        publishNew(post().build(), TestFiles.file(41, "visits.csv", CONTENT, IfExists.FAIL));
        publishNew(post().build(), TestFiles.file(42, "visits.csv", CONTENT, IfExists.FAIL));
        publishNew(post().build(), TestFiles.file(41, "2026/visits.csv", CONTENT, IfExists.FAIL));
        publishNew(other, TestFiles.file(41, "visits.csv", CONTENT, IfExists.FAIL));

        assertThat(server.requests("POST").stream().map(request -> request.header("Idempotency-Key")))
                .hasSize(4)
                .doesNotHaveDuplicates();
    }

    private static void publishNew(Delivery delivery, OutgoingFile file) throws Exception {
        assertThat(publish(delivery, file, false)).isPresent();
    }
}
