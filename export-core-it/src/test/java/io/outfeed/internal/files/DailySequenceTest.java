package io.outfeed.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportJob;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.file.FileName;
import io.outfeed.file.IfExists;
import io.outfeed.file.WhenEmpty;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.RunStatus;
import io.outfeed.source.Position;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names with a number that begins anew each day of the customer. */
class DailySequenceTest {

    private static final ZoneId LAKESIDE = ZoneId.of("America/New_York");

    /** Midnight of Lakeside is at 05:00. */
    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T04:00:00Z"));

    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source = Visit.source();
    private long visits;

    @AfterEach
    void close() {
        sandbox.close();
    }

    private static ExportJob.Builder job(ListSource<Visit> source, String name) {
        return ExportJob.builder(
                "visits",
                Visit.export(
                                source,
                                f -> f.name(FileName.of(name).zone(LAKESIDE))
                                        .whenEmpty(WhenEmpty.NO_FILE)
                                        .ifExists(IfExists.FAIL))
                        .build());
    }

    private JobHandle add(String name) {
        return sandbox.add(job(source, name).deliverTo(lakeside).build());
    }

    private void visit() {
        visits++;
        sandbox.advance(Duration.ofMinutes(15));
        source.put(Visit.of(
                visits, "a", sandbox.clock().instant().minusSeconds(600).toString()));
    }

    private List<String> names() {
        return lakeside.arrivals().stream().map(DeliveredFile::path).toList();
    }

    @Test
    void should_count_the_runs_of_each_local_day() {
        JobHandle job = add("visits-{fire:yyyyMMdd}-{sequence.daily:00}-{sequence}.csv");

        for (int run = 0; run < 4; run++) {
            visit();
            job.runNow();
            sandbox.advance(Duration.ofMinutes(15));
        }

        assertThat(names())
                .containsExactly(
                        "visits-20260301-01-1.csv",
                        "visits-20260301-02-2.csv",
                        "visits-20260302-01-3.csv",
                        "visits-20260302-02-4.csv");
    }

    @Test
    void should_leave_no_gap_where_a_run_publishes_nothing() {
        JobHandle job = add("visits-{sequence.daily}.csv");
        visit();
        job.runNow();

        assertThat(job.runNow().status()).isEqualTo(RunStatus.EMPTY);
        visit();
        job.runNow();

        assertThat(names()).containsExactly("visits-1.csv", "visits-2.csv");
    }

    @Test
    void should_go_on_after_positions_are_set() {
        JobHandle job = add("visits-{sequence.daily}.csv");
        visit();
        job.runNow();

        job.resetPosition("visits", Position.of(Instant.parse("2026-03-01T00:00:00Z")), "the receiver lost it");
        job.runNow();

        assertThat(names()).containsExactly("visits-1.csv", "visits-2.csv");
    }

    @Test
    void should_keep_the_number_of_a_run_that_is_exported_again() {
        JobHandle job = add("visits-{sequence.daily}.csv");
        visit();
        long first = job.runNow().number();
        visit();
        job.runNow();

        sandbox.engine().run(first).reExport();
        visit();
        job.runNow();

        assertThat(names()).containsExactly("visits-1.csv", "visits-2.csv", "visits-1-re3.csv", "visits-3.csv");
    }

    @Test
    void should_refuse_names_whose_days_are_of_different_zones() {
        assertThatThrownBy(() -> job(source, "visits-{sequence.daily}.csv")
                        .archive(FileName.of("all-{sequence.daily}.zip"))
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("{sequence.daily} is in names of different zones [America/New_York, Z], and its"
                        + " day is that of one: give the names the same zone");
    }
}
