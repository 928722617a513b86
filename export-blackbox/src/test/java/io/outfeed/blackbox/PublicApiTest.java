package io.outfeed.blackbox;

import static io.outfeed.field.Transformations.maxLength;
import static io.outfeed.field.Transformations.strip;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.schedule.Schedule;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** A host's export, written in a host's module. */
class PublicApiTest {

    private enum Kind {
        CALL,
        VISIT
    }

    private record Interaction(int id, Kind kind, String note, Instant updatedAt) {}

    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");

    private final ListSource<Interaction> source = ListSource.create(Interaction::id, Interaction::updatedAt);

    private final ExportDefinition<Interaction> interactions = ExportDefinition.builder(
                    "interactions", Interaction.class)
            .source(source)
            .recordKey(Interaction::id)
            .watermark(Watermark.timestamp(Interaction::updatedAt, Duration.ofMinutes(2)))
            .fields(f -> f.field("interaction_id", Interaction::id)
                    .matchCodes(
                            "kind",
                            Interaction::kind,
                            c -> c.code(Kind.CALL, "C").code(Kind.VISIT, "V"))
                    .field("note", Interaction::note, strip().andThen(maxLength(20)))
                    .skip("internal_note", "not part of the agreement"))
            .file(f -> f.name("interactions-{sequence}-{window.until:yyyyMMdd'T'HHmmss}.csv"))
            .build();

    private final ExportJob job = ExportJob.builder("interactions-lakeside", interactions)
            .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
            .deliverTo(lakeside)
            .build();

    @Test
    void should_deliver_exactly_these_bytes() {
        source.put(
                new Interaction(
                        1, Kind.CALL, " asked about \"credits\", twice ", Instant.parse("2026-03-01T05:00:00Z")),
                new Interaction(2, Kind.VISIT, "café", Instant.parse("2026-03-01T06:57:59Z")),
                new Interaction(3, Kind.CALL, "not settled yet", Instant.parse("2026-03-01T06:58:00Z")));

        try (ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-01T06:00:00Z"))) {
            sandbox.add(job);

            sandbox.advance(Duration.ofDays(1));
        }

        assertThat(lakeside.arrivals())
                .extracting(DeliveredFile::path)
                .containsExactly("interactions-1-20260301T065800.csv");
        assertThat(lakeside.file("interactions-1-20260301T065800.csv").bytes()).isEqualTo("""
                        interaction_id,kind,note\r
                        1,C,"asked about ""credits"\r
                        2,V,café\r
                        """.getBytes(UTF_8));
    }

    @Test
    void should_send_the_next_file_what_changed_since() {
        source.put(new Interaction(1, Kind.CALL, "first", Instant.parse("2026-03-01T05:00:00Z")));

        try (ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-01T06:00:00Z"))) {
            sandbox.add(job);
            sandbox.advance(Duration.ofHours(2));
            source.put(new Interaction(2, Kind.VISIT, "second", Instant.parse("2026-03-01T09:00:00Z")));
            sandbox.advance(Duration.ofDays(1));

            assertThat(sandbox.engine()
                            .runs(RunQuery.ofJob("interactions-lakeside").limit(10))
                            .runs())
                    .extracting(ExportRun::trigger, ExportRun::status, ExportRun::rows)
                    .containsOnly(tuple(Trigger.SCHEDULED, RunStatus.COMMITTED, 1L));
        }

        assertThat(lakeside.file("interactions-2-20260302T065800.csv").lines())
                .containsExactly("interaction_id,kind,note", "2,V,second");
    }
}
