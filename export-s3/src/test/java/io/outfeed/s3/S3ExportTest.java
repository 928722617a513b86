package io.outfeed.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.Publication;
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

/** A whole export: records, engine, ledger on disk, server. */
class S3ExportTest {

    private static final Instant SEVEN = Instant.parse("2026-03-01T07:00:00Z");

    record Interaction(String id, String kind, Instant updatedAt) {}

    private final ObjectServer server = ObjectServer.get();
    private final String bucket = server.makeBucket();
    private final SettableClock clock = SettableClock.at(SEVEN);
    private final ListSource<Interaction> interactions = ListSource.create(Interaction::id, Interaction::updatedAt);

    @TempDir
    private Path work;

    private Gateway gateway;

    @BeforeEach
    void startGateway() throws IOException {
        gateway = Gateway.to(server);
        interactions.put(
                new Interaction("i-1", "call", SEVEN.minus(Duration.ofHours(2))),
                new Interaction("i-2", "visit", SEVEN.minus(Duration.ofHours(1))));
    }

    @AfterEach
    void closeGateway() throws IOException {
        gateway.close();
    }

    private S3Delivery.Builder delivery() {
        return ObjectServer.delivery(bucket, gateway.endpoint());
    }

    private ExportEngine engine(S3Delivery delivery) {
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
                .retryPolicy(new RetryPolicy(3, Duration.ofMillis(1)))
                .build();
        engine.add(ExportJob.builder("interactions-lakeside", definition)
                .deliverTo(delivery)
                .build());
        return engine;
    }

    private static Publication publication(ExportRun run) {
        return run.deliveries()
                .get(0)
                .receipt()
                .map(DeliveryReceipt::publication)
                .orElseThrow();
    }

    private void assertHas(String key, String text) {
        assertThat(server.read(bucket, key))
                .hasValueSatisfying(
                        bytes -> assertThat(new String(bytes, UTF_8)).isEqualTo(text));
    }

    @Test
    void should_deliver_everything_first_and_changes_afterwards() {
        try (ExportEngine engine = engine(delivery().build())) {
            JobHandle job = engine.job("interactions-lakeside");

            ExportRun first = job.runNow();
            clock.advance(Duration.ofDays(1));
            interactions.put(new Interaction("i-2", "call", SEVEN.plus(Duration.ofHours(1))));
            ExportRun second = job.runNow();

            assertThat(first.status()).isEqualTo(RunStatus.COMMITTED);
            assertThat(publication(second)).isEqualTo(Publication.ATOMIC);
            assertThat(server.keys(bucket)).containsExactly("exports/interactions-1.csv", "exports/interactions-2.csv");
            assertHas("exports/interactions-1.csv", "interaction_id,kind\r\ni-1,call\r\ni-2,visit\r\n");
            assertHas("exports/interactions-2.csv", "interaction_id,kind\r\ni-2,call\r\n");
            assertThat(job.check().problems()).isEmpty();
            assertThat(server.keys(bucket)).as("after a check").hasSize(2);
        }
    }

    @Test
    void should_settle_a_lost_answer_within_the_run() {
        try (ExportEngine engine = engine(delivery().build())) {
            gateway.on("PUT", "interactions-1.csv").loseAnswer();

            ExportRun run = engine.job("interactions-lakeside").runNow();

            assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
            assertThat(publication(run)).isEqualTo(Publication.INFERRED);
            assertThat(run.unconfirmed()).isFalse();
            assertThat(gateway.lines("PUT")).hasSize(1);
        }
    }

    @Test
    void should_settle_a_lost_answer_to_the_end_of_an_upload() {
        try (ExportEngine engine = engine(delivery().multipartFrom(1).build())) {
            gateway.on("POST", "uploadId").loseAnswer();

            ExportRun run = engine.job("interactions-lakeside").runNow();

            assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
            assertThat(publication(run)).isEqualTo(Publication.INFERRED);
            assertThat(run.unconfirmed()).isFalse();
            assertThat(gateway.lines("uploadId").stream().filter(line -> line.startsWith("POST")))
                    .as("requests to complete")
                    .hasSize(1);
            assertThat(server.uploads(bucket)).isEmpty();
        }
    }

    @Test
    void should_say_what_is_not_proved() {
        try (ExportEngine engine = engine(
                delivery().conditionalWrites(ConditionalWrites.NOT_SUPPORTED).build())) {
            assertThat(publication(engine.job("interactions-lakeside").runNow()))
                    .isEqualTo(Publication.DIRECT);
        }
    }

    @Test
    void should_find_by_a_check_that_conditions_are_ignored() {
        try (ExportEngine engine = engine(delivery().build())) {
            gateway.on("PUT", "outfeed-check-")
                    .first(() -> gateway.on("PUT", "outfeed-check-").answer(200, ""));

            assertThat(engine.job("interactions-lakeside").check().problems())
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.toString()).contains("If-None-Match"));
        }
    }
}
