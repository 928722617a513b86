package io.outfeed.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.mail.servers.ScriptedMailServer;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunFailure;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that accepts a connection and answers no more: an interrupt ends the delivery, long before its limits. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SilentMailServerTest {

    private static final Instant SEVEN = Instant.parse("2026-03-01T07:00:00Z");

    /** Longer than this test may take. */
    private static final Duration LONG = Duration.ofMinutes(10);

    record Interaction(String id, Instant updatedAt) {}

    @TempDir
    private Path directory;

    private ScriptedMailServer mail;

    @BeforeEach
    void start() throws Exception {
        mail = new ScriptedMailServer();
    }

    @AfterEach
    void stop() throws Exception {
        mail.close();
    }

    private MailDelivery office(MailSecurity security) {
        MailServer server = MailServers.to(mail)
                .security(security)
                .connectTimeout(LONG)
                .readTimeout(LONG)
                .writeTimeout(LONG)
                .build();
        return MailDelivery.builder("office", server)
                .from("exports@vendor.example")
                .to("a@x.example")
                .build();
    }

    @ParameterizedTest(name = "{1} after {0}, {2}")
    @CsvSource(delimiter = '|', textBlock = """
            CONNECT  | (silence)                  | STARTTLS | it was interrupted while it connected to
            EHLO     | (silence)                  | STARTTLS | it was interrupted while it connected to
            STARTTLS | (silence)                  | STARTTLS | it was interrupted while it connected to
            STARTTLS | 220 go ahead, no handshake | STARTTLS | it was interrupted while it connected to
            CONNECT  | (silence)                  | TLS      | it was interrupted while it connected to
            AUTH     | (silence)                  | STARTTLS | it was interrupted while it logged in to
            MAIL     | (silence)                  | STARTTLS | it was interrupted while it sent to
            DATA     | (silence)                  | STARTTLS | it was interrupted while it sent to
            DATA     | 354 go ahead, not reading  | STARTTLS | it was interrupted while it sent to
            .        | (silence)                  | STARTTLS | it was interrupted while it sent to
            """)
    void should_end_when_it_is_interrupted(String command, String answer, MailSecurity security, String message)
            throws Exception {
        mail.on(command, answer);
        OutgoingFile file = TestFiles.outgoing(directory, "interactions-12.csv", new byte[20_000_000]);
        MailDelivery office = office(security);
        AtomicReference<DeliveryException> failure = new AtomicReference<>();
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        Thread delivering = new Thread(() -> {
            try (DeliverySession session = office.open()) {
                failure.set(catchThrowableOfType(
                        DeliveryException.class, () -> session.publish(session.prepare(file), file)));
                interrupted.set(Thread.currentThread().isInterrupted());
            }
        });
        delivering.start();
        mail.awaitSilence();

        delivering.interrupt();
        delivering.join();

        assertThat(failure.get())
                .hasMessageStartingWith(message)
                .extracting(thrown -> thrown.code())
                .isEqualTo(FailureCode.STOPPED);
        assertThat(interrupted).as("the interrupt is kept").hasValue(true);
    }

    @Test
    void should_end_when_the_run_takes_too_long() {
        mail.on("CONNECT", ScriptedMailServer.SILENCE);
        InMemoryStore store = new InMemoryStore();
        try (ExportEngine engine = engine(store, LONG)) {
            engine.add(job().maxDuration(Duration.ofMillis(300)).build());

            assertThatThrownBy(() -> engine.job("interactions").runNow()).isInstanceOf(DeliveryException.class);
        }

        assertThat(failure(store).code()).isEqualTo(FailureCode.TIME_LIMIT_EXCEEDED);
    }

    @Test
    void should_end_when_the_engine_is_closed() throws Exception {
        mail.on("CONNECT", ScriptedMailServer.SILENCE);
        InMemoryStore store = new InMemoryStore();
        try (ExportEngine engine = engine(store, Duration.ofMillis(1))) {
            engine.add(job().build()).startNow();
            mail.awaitSilence();
        }
        while (store.run(1).orElseThrow().waiting().isEmpty()) {
            Thread.onSpinWait(); // close() waits for its short limit only
        }

        assertThat(failure(store).code()).isEqualTo(FailureCode.STOPPED);
    }

    private static RunFailure failure(InMemoryStore store) {
        ExportRun run = store.run(1).orElseThrow();
        return run.attempts().get(0).failure().orElseThrow();
    }

    private ExportEngine engine(InMemoryStore store, Duration closeTimeout) {
        return ExportEngine.builder()
                .directory(directory.resolve("outfeed"))
                .store(store)
                .closeTimeout(closeTimeout)
                .build();
    }

    private ExportJob.Builder job() {
        ListSource<Interaction> interactions = ListSource.create(Interaction::id, Interaction::updatedAt);
        interactions.put(new Interaction("i-1", SEVEN));
        ExportDefinition<Interaction> definition = ExportDefinition.builder("interactions", Interaction.class)
                .source(interactions)
                .recordKey(Interaction::id)
                .watermark(Watermark.timestamp(Interaction::updatedAt, Duration.ofMinutes(2)))
                .fields(f -> f.field("interaction_id", Interaction::id))
                .file(f -> f.name("interactions-{sequence}.csv"))
                .build();
        return ExportJob.builder("interactions", definition).deliverTo(office(MailSecurity.STARTTLS));
    }
}
