package io.outfeed.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.IfVanished;
import io.outfeed.delivery.Publication;
import io.outfeed.error.DeliveryException;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole export: records, engine, ledger on disk, receiver. */
class HttpExportTest {

    private static final Instant SEVEN = Instant.parse("2026-03-01T07:00:00Z");

    record Interaction(String id, String kind, Instant updatedAt) {}

    private final SettableClock clock = SettableClock.at(SEVEN);
    private final ListSource<Interaction> interactions = ListSource.create(Interaction::id, Interaction::updatedAt);

    @TempDir
    private Path work;

    private FileServer server;

    @BeforeEach
    void start() throws IOException {
        server = new FileServer();
        interactions.put(
                new Interaction("i-1", "call", SEVEN.minus(Duration.ofHours(2))),
                new Interaction("i-2", "visit", SEVEN.minus(Duration.ofHours(1))));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private ExportEngine engine(Delivery delivery, IfVanished ifVanished, int attempts) {
        ExportDefinition<Interaction> definition = ExportDefinition.builder("interactions", Interaction.class)
                .source(interactions)
                .recordKey(Interaction::id)
                .watermark(Watermark.timestamp(Interaction::updatedAt, Duration.ofMinutes(2)))
                .fields(f -> f.field("interaction_id", Interaction::id).field("kind", Interaction::kind))
                .file(f -> f.name("interactions-{sequence}.csv"))
                .build();
        ExportEngine engine = ExportEngine.builder()
                .directory(work)
                .clock(clock)
                .retryPolicy(new RetryPolicy(attempts, Duration.ofMillis(1)))
                .build();
        engine.add(ExportJob.builder("interactions-lakeside", definition)
                .deliverTo(delivery)
                .ifVanished(ifVanished)
                .build());
        return engine;
    }

    private Delivery put() {
        return HttpDelivery.put("lakeside", server.folder()).withoutEncryption().build();
    }

    private HttpDelivery.Builder post() {
        return HttpDelivery.post("lakeside", server.imports()).withoutEncryption();
    }

    private static DeliveryReceipt receipt(ExportRun run) {
        return run.deliveries().get(0).receipt().orElseThrow();
    }

    @Test
    void should_deliver_everything_first_and_changes_afterwards() {
        try (ExportEngine engine = engine(put(), IfVanished.ASSUME_TAKEN, 3)) {
            JobHandle job = engine.job("interactions-lakeside");

            ExportRun first = job.runNow();
            clock.advance(Duration.ofDays(1));
            interactions.put(new Interaction("i-2", "call", SEVEN.plus(Duration.ofHours(1))));
            ExportRun second = job.runNow();

            assertThat(first.status()).isEqualTo(RunStatus.COMMITTED);
            assertThat(receipt(second))
                    .isEqualTo(new DeliveryReceipt(server.folder() + "interactions-2.csv", Publication.DIRECT));
            assertThat(server.read("interactions-1.csv"))
                    .contains("interaction_id,kind\r\ni-1,call\r\ni-2,visit\r\n".getBytes(UTF_8));
            assertThat(server.read("interactions-2.csv"))
                    .contains("interaction_id,kind\r\ni-2,call\r\n".getBytes(UTF_8));
            assertThat(job.check().problems()).isEmpty();
        }
    }

    @Test
    void should_settle_a_lost_answer_to_a_put_within_the_run() {
        server.next("PUT", FileServer.losingTheAnswer());
        try (ExportEngine engine = engine(put(), IfVanished.ASSUME_TAKEN, 3)) {
            ExportRun run = engine.job("interactions-lakeside").runNow();

            assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
            assertThat(receipt(run).publication()).isEqualTo(Publication.INFERRED);
            assertThat(run.unconfirmed()).isFalse();
            assertThat(server.requests("PUT")).hasSize(1);
        }
    }

    @Test
    void should_not_post_twice_and_say_that_it_is_not_known() {
        server.next("POST", FileServer.losingTheAnswer());
        try (ExportEngine engine = engine(post().build(), IfVanished.ASSUME_TAKEN, 3)) {
            ExportRun run = engine.job("interactions-lakeside").runNow();

            assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
            assertThat(receipt(run).publication()).isEqualTo(Publication.ASSUMED);
            assertThat(run.unconfirmed()).isTrue();
            assertThat(server.requests("POST")).hasSize(1);
        }
    }

    @Test
    void should_post_once_more_where_the_job_says_so() {
        server.next("POST", FileServer.losingTheAnswer());
        try (ExportEngine engine = engine(post().build(), IfVanished.SEND_AGAIN, 3)) {
            ExportRun run = engine.job("interactions-lakeside").runNow();

            assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
            assertThat(receipt(run).publication()).isEqualTo(Publication.ACCEPTED);
            assertThat(receipt(run).repeated()).isTrue();
            assertThat(server.requests("POST")).hasSize(2);
        }
    }

    @Test
    void should_post_again_to_a_receiver_that_is_idempotent() {
        server.next("POST", FileServer.losingTheAnswer()).next("POST", FileServer.answering(502));
        try (ExportEngine engine = engine(post().idempotent().build(), IfVanished.ASSUME_TAKEN, 3)) {
            ExportRun run = engine.job("interactions-lakeside").runNow();

            assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
            assertThat(receipt(run).publication()).isEqualTo(Publication.ACCEPTED);
            assertThat(receipt(run).repeated()).isFalse();
            assertThat(run.unconfirmed()).isFalse();
            assertThat(server.requests("POST").stream().map(request -> request.header("Idempotency-Key")))
                    .hasSize(3)
                    .containsOnly(server.requests("POST").get(0).header("Idempotency-Key"));
        }
    }

    /** What the ledger has outlives the process: nothing was sent in its first life, as it knows. */
    @Test
    void should_post_in_a_second_life_what_was_refused_in_the_first() {
        server.next("POST", FileServer.answering(503));
        try (ExportEngine engine = engine(post().build(), IfVanished.ASSUME_TAKEN, 1)) {
            JobHandle job = engine.job("interactions-lakeside");
            assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        }
        clock.advance(Duration.ofHours(1));

        try (ExportEngine engine = engine(post().build(), IfVanished.ASSUME_TAKEN, 1)) {
            ExportRun run = engine.job("interactions-lakeside").runNow();

            assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
            assertThat(receipt(run).publication()).isEqualTo(Publication.ACCEPTED);
            assertThat(receipt(run).repeated()).isFalse();
        }
    }

    @Test
    void should_not_post_in_a_second_life_what_may_have_arrived_in_the_first() {
        server.next("POST", FileServer.losingTheAnswer());
        try (ExportEngine engine = engine(post().build(), IfVanished.ASSUME_TAKEN, 1)) {
            JobHandle job = engine.job("interactions-lakeside");
            assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        }
        clock.advance(Duration.ofHours(1));

        try (ExportEngine engine = engine(post().build(), IfVanished.ASSUME_TAKEN, 1)) {
            JobHandle job = engine.job("interactions-lakeside");
            ExportRun next = job.runNow();

            ExportRun interrupted = engine.run(1).run();
            assertThat(receipt(interrupted).publication()).isEqualTo(Publication.ASSUMED);
            assertThat(interrupted.unconfirmed()).isTrue();
            assertThat(next.number()).as("the run that follows").isEqualTo(2);
            assertThat(server.requests("POST").stream().map(request -> request.header("Content-Disposition")))
                    .containsExactly(
                            "attachment; filename=\"interactions-1.csv\"",
                            "attachment; filename=\"interactions-2.csv\"");
        }
    }
}
