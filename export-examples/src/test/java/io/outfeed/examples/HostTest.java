package io.outfeed.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.schedule.Schedule;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

/** How a host tests its own export: no server, no database, no waiting. */
class HostTest {

    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Interaction> source = ListSource.create(Interaction::id, Interaction::updatedAt);

    @Test
    void should_send_what_changed_each_morning() {
        try (ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T00:00:00Z"))) {
            sandbox.add(InteractionsExport.job(
                    InteractionsExport.definition(
                            source, Watermark.timestamp(Interaction::updatedAt, Duration.ofMinutes(2))),
                    Schedule.daily(LocalTime.of(7, 0), ZoneId.of("America/New_York")),
                    lakeside));
            source.put(visit("I-1", "Tour of the campus", "2026-03-01T15:00:00Z"));
            source.put(visit("I-2", "Lunch, then a tour", "2026-03-01T16:00:00Z"));

            sandbox.advance(Duration.ofDays(1));
            source.put(visit("I-2", "  Lunch only ", "2026-03-02T20:00:00Z"));
            sandbox.advance(Duration.ofDays(1));

            assertThat(lakeside.file("interactions-1-20260302T115800.csv").lines())
                    .hasSize(3);
            assertThat(lakeside.file("interactions-2-20260303T115800.csv").lines())
                    .containsExactly(
                            "interaction_id,constituent_id,kind,occurred_on,channel,note,updated_at",
                            "I-2,C-7,V,2026-03-01,CAMPUS,Lunch only,2026-03-02 20:00:00");
        }
    }

    private static Interaction visit(String id, String note, String updatedAt) {
        return new Interaction(
                id, "C-7", Interaction.Kind.VISIT, LocalDate.of(2026, 3, 1), "campus", note, Instant.parse(updatedAt));
    }
}
