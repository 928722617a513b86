package io.outfeed.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Publication;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.sftp.fixture.MinaServer;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole export: records, engine, ledger on disk, server. */
class SftpExportTest {

    private static final Instant SEVEN = Instant.parse("2026-03-01T07:00:00Z");

    record Interaction(String id, String kind, Instant updatedAt) {}

    @TempDir
    private Path root;

    @TempDir
    private Path work;

    @Test
    void should_deliver_everything_first_and_changes_afterwards() throws Exception {
        Files.createDirectory(root.resolve("exports"));
        SettableClock clock = SettableClock.at(SEVEN);
        ListSource<Interaction> interactions = ListSource.create(Interaction::id, Interaction::updatedAt);
        interactions.put(
                new Interaction("i-1", "call", SEVEN.minus(Duration.ofHours(2))),
                new Interaction("i-2", "visit", SEVEN.minus(Duration.ofHours(1))));
        ExportDefinition<Interaction> definition = ExportDefinition.builder("interactions", Interaction.class)
                .source(interactions)
                .recordKey(Interaction::id)
                .watermark(Watermark.timestamp(Interaction::updatedAt, Duration.ofMinutes(2)))
                .fields(f -> f.field("interaction_id", Interaction::id).field("kind", Interaction::kind))
                .file(f -> f.name("interactions-{sequence}.csv"))
                .build();

        try (MinaServer server = MinaServer.start(root);
                ExportEngine engine =
                        ExportEngine.builder().directory(work).clock(clock).build()) {
            engine.add(ExportJob.builder("interactions-lakeside", definition)
                    .deliverTo(server.delivery().build())
                    .build());

            ExportRun first = engine.job("interactions-lakeside").runNow();
            clock.advance(Duration.ofDays(1));
            interactions.put(new Interaction("i-2", "call", SEVEN.plus(Duration.ofHours(1))));
            ExportRun second = engine.job("interactions-lakeside").runNow();

            assertThat(first.status()).isEqualTo(RunStatus.COMMITTED);
            assertThat(second.deliveries())
                    .singleElement()
                    .satisfies(step -> assertThat(step.receipt().orElseThrow().publication())
                            .isEqualTo(Publication.ATOMIC));
            assertThat(server.files()).containsExactly("exports/interactions-1.csv", "exports/interactions-2.csv");
            assertThat(root.resolve("exports/interactions-1.csv"))
                    .hasContent("interaction_id,kind\r\ni-1,call\r\ni-2,visit\r\n");
            assertThat(root.resolve("exports/interactions-2.csv")).hasContent("interaction_id,kind\r\ni-2,call\r\n");
        }
    }
}
