package io.outfeed.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.file.IfExists;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.slf4j.MDC;

/** What requests that fail become: codes, and what to do. */
class S3FailuresTest {

    /** Much longer than a thread needs to end, and much shorter than the limit of a request. */
    private static final Duration LONG = Duration.ofSeconds(20);

    private final ObjectServer server = ObjectServer.get();
    private final String bucket = server.makeBucket();

    @TempDir
    private Path directory;

    private Gateway gateway;
    private S3Delivery delivery;

    @BeforeEach
    void startGateway() throws IOException {
        gateway = Gateway.to(server);
        delivery = ObjectServer.delivery(bucket, gateway.endpoint()).build();
    }

    @AfterEach
    void closeGateway() throws IOException {
        gateway.close();
    }

    private OutgoingFile file() throws IOException {
        return TestFiles.file(directory, 41, "visits.csv", new byte[] {1, 2, 3}, IfExists.FAIL);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "answers.txt", delimiter = '|', numLinesToSkip = 1)
    void should_say_what_an_answer_means(
            int status, @Nullable String code, @Nullable String header, FailureCode kind, String advice)
            throws Exception {
        String said = code == null ? "" : code;
        OutgoingFile file = file();
        try (DeliverySession session = delivery.open()) {
            PreparedFile prepared = session.prepare(file);
            if (header == null) {
                gateway.on("PUT", "/exports/").answer(status, said);
            } else {
                gateway.on("PUT", "/exports/").answer(status, said, header);
            }

            assertThatThrownBy(() -> session.publish(prepared, file))
                    .isInstanceOfSatisfying(DeliveryException.class, failure -> {
                        assertThat(failure.code()).isEqualTo(kind);
                        assertThat(failure.status()).contains((status + " " + said).strip());
                        assertThat(failure.delivery()).isEqualTo("lakeside");
                        assertThat(failure)
                                .hasMessage("can't write s3://" + bucket + "/exports/visits.csv: "
                                        + gateway.endpoint().getAuthority() + " answered "
                                        + (status + " " + said).strip() + " (request R1)"
                                        + advice.replace("BUCKET", bucket) + " (job=visits-lakeside, run=41)");
                        assertThat(failure).hasStackTraceContaining("Exception (its message is left out");
                    });
        }
    }

    @Test
    void should_not_repeat_the_sentence_of_the_server() throws Exception {
        gateway.on("GET", "list-type").answer(403, "InvalidAccessKeyId");

        assertThatThrownBy(delivery::open).isInstanceOfSatisfying(DeliveryException.class, failure -> {
            assertThat(failure.code()).isEqualTo(FailureCode.LOGIN_REFUSED);
            assertThat(failure)
                    .hasMessage("can't reach s3://" + bucket + "/exports/: "
                            + gateway.endpoint().getAuthority() + " answered 403 InvalidAccessKeyId (request R1): check"
                            + " the access key and its secret (delivery=lakeside)");
            for (Throwable link = failure; link != null; link = link.getCause()) {
                assertThat(String.valueOf(link.getMessage())).doesNotContain("a sentence of the server");
            }
        });
    }

    @Test
    void should_open_where_the_login_may_write_and_not_list() throws Exception {
        gateway.on("GET", "list-type").answer(403, "AccessDenied");
        gateway.on("HEAD", "visits.csv").always().answer(403, "");
        OutgoingFile file = file();

        try (DeliverySession session = delivery.open()) {
            assertThat(session.publish(session.prepare(file), file)).isPresent();
        }

        assertThat(server.read(bucket, "exports/visits.csv")).isPresent();
    }

    @Test
    void should_miss_a_bucket_that_is_not_there() {
        S3Delivery elsewhere = server.delivery("no-such-bucket").build();

        assertThatThrownBy(elsewhere::open).isInstanceOfSatisfying(DeliveryException.class, failure -> {
            assertThat(failure.code()).isEqualTo(FailureCode.DESTINATION_MISSING);
            assertThat(failure.status()).contains("404 NoSuchBucket");
        });
    }

    @Test
    void should_be_refused_with_another_secret() {
        S3Delivery other = S3Delivery.builder("lakeside", bucket)
                .endpointWithoutEncryption(server.endpoint())
                .pathStyle()
                .accessKey(ObjectServer.ACCESS_KEY, "another"::toCharArray)
                .build();

        assertThatThrownBy(other::open)
                .isInstanceOfSatisfying(
                        DeliveryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(FailureCode.LOGIN_REFUSED));
    }

    @Test
    void should_say_that_the_secret_is_missing() {
        S3Delivery none = S3Delivery.builder("lakeside", bucket)
                .endpointWithoutEncryption(server.endpoint())
                .pathStyle()
                .accessKey(ObjectServer.ACCESS_KEY, () -> {
                    throw new IllegalStateException("the vault says: s3cr3t");
                })
                .build();

        assertThatThrownBy(none::open).isInstanceOfSatisfying(DeliveryException.class, failure -> {
            assertThat(failure.code()).isEqualTo(FailureCode.SECRET_UNAVAILABLE);
            assertThat(failure)
                    .hasMessage("can't reach s3://" + bucket + "/: there are no credentials, and nothing was sent;"
                            + " check the provider of the credentials (delivery=lakeside)");
            assertThat(failure).hasStackTraceContaining("IllegalStateException");
            for (Throwable link = failure; link != null; link = link.getCause()) {
                assertThat(String.valueOf(link.getMessage())).doesNotContain("s3cr3t");
            }
        });
    }

    @Test
    void should_say_that_nothing_was_sent_without_a_connection() throws Exception {
        URI unused;
        try (ServerSocket socket = new ServerSocket(0)) {
            unused = URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }

        assertThatThrownBy(() -> ObjectServer.delivery(bucket, unused).build().open())
                .isInstanceOfSatisfying(DeliveryException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(FailureCode.DESTINATION_UNAVAILABLE);
                    assertThat(failure)
                            .hasMessage("can't reach s3://" + bucket + "/exports/: can't connect to "
                                    + unused.getAuthority() + ", and nothing was sent (delivery=lakeside)");
                });
    }

    @Test
    void should_not_speak_to_a_server_that_does_not_prove_its_identity() throws Exception {
        URI notTls = URI.create("https://127.0.0.1:" + server.port());

        assertThatThrownBy(() -> S3Delivery.builder("lakeside", bucket)
                        .endpoint(notTls)
                        .pathStyle()
                        .accessKey(ObjectServer.ACCESS_KEY, ObjectServer.SECRET::toCharArray)
                        .build()
                        .open())
                .isInstanceOf(DeliveryException.class)
                .hasMessageStartingWith("can't reach s3://" + bucket + "/: 127.0.0.1:" + server.port());
    }

    private interface Use {
        Object of(DeliverySession session) throws Exception;
    }

    /** The request, its thread and the timer of its limit end. */
    private void assertStopped(Use use, String message) throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>(new AssertionError("nothing was thrown"));
        AtomicBoolean flag = new AtomicBoolean();
        ThreadGroup group = new ThreadGroup("delivering"); // what is started by its threads belongs to it
        Thread delivering = new Thread(group, () -> {
            try (DeliverySession session = delivery.open()) {
                thrown.set(new AssertionError(String.valueOf(use.of(session))));
            } catch (Exception e) {
                thrown.set(e);
                flag.set(Thread.currentThread().isInterrupted());
            }
        });
        delivering.start();
        gateway.awaitSilence();

        delivering.interrupt();
        delivering.join();

        assertThat(thrown.get()).isInstanceOfSatisfying(DeliveryException.class, failure -> {
            assertThat(failure.code()).isEqualTo(FailureCode.STOPPED);
            assertThat(failure).hasMessage(message);
        });
        assertThat(flag).as("the interrupt is kept").isTrue();
        gateway.close();
        Thread[] left = new Thread[100];
        int count = group.enumerate(left);
        for (Thread thread : Arrays.copyOf(left, count)) {
            thread.join(LONG.toMillis());
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
    }

    @Test
    @Timeout(60)
    void should_stop_soon_when_its_thread_is_interrupted() throws Exception {
        OutgoingFile file = file();
        gateway.on("PUT", "visits.csv").staySilent();

        assertStopped(
                session -> session.publish(session.prepare(file), file),
                "can't write s3://" + bucket + "/exports/visits.csv: its thread was interrupted"
                        + " (job=visits-lakeside, run=41)");
    }

    @Test
    @Timeout(60)
    void should_stop_soon_when_its_thread_is_interrupted_while_an_object_is_read() throws Exception {
        server.put(bucket, "exports/visits.csv", "id");
        gateway.on("GET", "visits.csv").answerFirstByte();

        assertStopped(
                session -> session.sha256("s3://" + bucket + "/exports/visits.csv"),
                "can't read s3://" + bucket + "/exports/visits.csv: its thread was interrupted (delivery=lakeside)");
    }

    @Test
    @Timeout(60)
    void should_end_an_object_that_takes_too_long_to_read() throws Exception {
        server.put(bucket, "exports/visits.csv", "id");
        gateway.on("GET", "visits.csv").answerFirstByte();
        S3Delivery impatient = ObjectServer.delivery(bucket, gateway.endpoint())
                .requestTimeout(Duration.ofSeconds(2))
                .answerTimeout(Duration.ofSeconds(4))
                .build();

        try (DeliverySession session = impatient.open()) {
            assertThatThrownBy(() -> session.sha256("s3://" + bucket + "/exports/visits.csv"))
                    .isInstanceOfSatisfying(
                            DeliveryException.class,
                            failure -> assertThat(failure.code()).isEqualTo(FailureCode.DESTINATION_UNAVAILABLE))
                    .hasMessageStartingWith("can't read s3://" + bucket + "/exports/visits.csv: ");
        }
        assertThat(Thread.interrupted()).as("an interrupt that no thread made").isFalse();
    }

    @Test
    void should_ask_for_credentials_with_the_context_of_the_run() throws Exception {
        Queue<String> jobs = new ConcurrentLinkedQueue<>();
        S3Delivery delivery = S3Delivery.builder("lakeside", bucket)
                .endpointWithoutEncryption(gateway.endpoint())
                .pathStyle()
                .accessKey(ObjectServer.ACCESS_KEY, () -> {
                    jobs.add(String.valueOf(MDC.get("outfeed.job")));
                    return ObjectServer.SECRET.toCharArray();
                })
                .build();
        MDC.put("outfeed.job", "visits-lakeside");
        try (DeliverySession session = delivery.open()) {
            assertThat(session.inspect("s3://" + bucket + "/visits.csv").isMissing())
                    .isTrue();
        } finally {
            MDC.remove("outfeed.job");
        }

        assertThat(jobs).isNotEmpty().containsOnly("visits-lakeside");
    }

    @Test
    @Timeout(60)
    void should_end_a_request_that_takes_too_long() throws Exception {
        S3Delivery impatient = ObjectServer.delivery(bucket, gateway.endpoint())
                .requestTimeout(Duration.ofMillis(500))
                .build();
        gateway.on("GET", "list-type").staySilent();

        assertThatThrownBy(impatient::open).isInstanceOfSatisfying(DeliveryException.class, failure -> {
            assertThat(failure.code()).isEqualTo(FailureCode.DESTINATION_UNAVAILABLE);
            assertThat(failure)
                    .hasMessage("can't reach s3://" + bucket + "/exports/: "
                            + gateway.endpoint().getAuthority() + " did not answer within PT0.5S (delivery=lakeside)");
        });

        assertThat(Thread.interrupted()).as("an interrupt that no thread made").isFalse();
    }

    @Test
    @Timeout(60)
    void should_end_a_request_whose_answer_does_not_come() throws Exception {
        S3Delivery impatient = ObjectServer.delivery(bucket, gateway.endpoint())
                .answerTimeout(Duration.ofMillis(500))
                .build();
        gateway.on("GET", "list-type").staySilent();

        assertThatThrownBy(impatient::open).isInstanceOfSatisfying(DeliveryException.class, failure -> {
            assertThat(failure.code()).isEqualTo(FailureCode.DESTINATION_UNAVAILABLE);
            assertThat(failure)
                    .hasMessage("can't reach s3://" + bucket + "/exports/: "
                            + gateway.endpoint().getAuthority() + " did not answer (delivery=lakeside)");
        });
    }
}
