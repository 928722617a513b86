package io.outfeed.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.operation.JobHandle;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names with days of windows that end at midnight of the customer. */
class NamesOfWindowsTest {

    private static final ZoneId LAKESIDE = ZoneId.of("America/New_York");

    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T12:00:00Z"));
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source = Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"));

    @AfterEach
    void close() {
        sandbox.close();
    }

    private ExportDefinition.Builder<Visit> visits(String name) {
        return Visit.export(source, f -> f.name(name))
                .watermark(Watermark.closedDays(Visit::updatedAt, LAKESIDE, Duration.ofMinutes(5)));
    }

    @Test
    void should_name_the_first_window_by_a_word_and_later_ones_by_their_days() {
        JobHandle job = sandbox.add(ExportJob.builder(
                        "visits",
                        visits("{window.from@America/New_York|all:yyyyMMdd}-{window.lastDay@America/New_York}.csv")
                                .build())
                .deliverTo(lakeside)
                .build());

        job.runNow();
        sandbox.advance(Duration.ofDays(1));
        source.put(Visit.of(2, "b", "2026-03-02T15:00:00Z"));
        job.runNow();

        assertThat(lakeside.arrivals())
                .extracting(DeliveredFile::path)
                .containsExactly("all-20260301.csv", "20260302-20260302.csv");
    }

    @Test
    void should_refuse_days_of_windows_without_times() {
        assertThatThrownBy(() -> visits("visits-{window.lastDay}.csv")
                        .watermark(Watermark.sequence(Visit::id, () -> 100L))
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("file.name 'visits-{window.lastDay}.csv' has a date pattern for the window,"
                        + " whose bounds are of kind 'sequence': use {fire} for a time");
    }
}
