package io.outfeed.internal.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportJob;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.event.RunEvent;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.source.Position;
import io.outfeed.source.Window;
import io.outfeed.support.Visit;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Records that become visible behind the position, since their settle time was too short. */
class LateArrivalsTest {

    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T12:00:00Z"));
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source =
            Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"), Visit.of(2, "b", "2026-03-02T11:30:00Z"));

    @AfterEach
    void close() {
        sandbox.close();
    }

    private JobHandle add(Duration lookback) {
        return sandbox.add(ExportJob.builder(
                        "visits",
                        Visit.export(source, f -> f.name("visits-{sequence}.csv"))
                                .lookback(lookback)
                                .build())
                .deliverTo(lakeside)
                .build());
    }

    private ExportRun runInAnHour(JobHandle job) {
        sandbox.advance(Duration.ofHours(1));
        return job.runNow();
    }

    /** The numbers of the runs that have found late records. */
    private List<Long> runsWithLateRecords() {
        return sandbox.events(RunEvent.class).stream()
                .filter(event -> event.kind() == RunEvent.Kind.LATE_RECORDS)
                .map(event -> event.run().number())
                .toList();
    }

    @Test
    void should_export_a_late_record_once_and_say_what_would_have_caught_it() {
        JobHandle job = add(Duration.ofHours(3));
        job.runNow();
        source.put(Visit.of(3, "late", "2026-03-02T11:45:00Z"), Visit.of(4, "in time", "2026-03-02T12:30:00Z"));

        ExportRun second = runInAnHour(job);
        runInAnHour(job);

        assertThat(lakeside.file("visits-2.csv").lines()).containsExactly("id,note", "3,late", "4,in time");
        assertThat(second.note())
                .isEqualTo("1 record of 'visits' came late, behind the position: a settle time of PT1H15M1S would have"
                        + " caught it");
        assertThat(second.windows())
                .containsValue(new Window(
                        Position.of(Instant.parse("2026-03-02T12:00:00Z")),
                        Position.of(Instant.parse("2026-03-02T13:00:00Z"))));
        assertThat(lakeside.file("visits-3.csv").lines()).containsExactly("id,note");
        assertThat(runsWithLateRecords()).containsExactly(2L);
    }

    @Test
    void should_read_no_further_back_than_the_lookback() {
        JobHandle job = add(Duration.ofMinutes(10));
        job.runNow();
        source.put(Visit.of(3, "too late", "2026-03-02T11:45:00Z"), Visit.of(4, "late", "2026-03-02T11:55:00Z"));

        runInAnHour(job);

        assertThat(lakeside.file("visits-2.csv").lines()).containsExactly("id,note", "4,late");
    }

    @Test
    void should_export_a_record_that_was_changed_with_its_new_version_only() {
        JobHandle job = add(Duration.ofHours(3));
        job.runNow();
        source.put(Visit.of(2, "b, changed", "2026-03-02T12:10:00Z"));

        runInAnHour(job);

        assertThat(lakeside.file("visits-2.csv").lines()).containsExactly("id,note", "2,\"b, changed\"");
        assertThat(runsWithLateRecords()).isEmpty();
    }

    @Test
    void should_still_know_what_was_seen_after_a_restart_and_failed_runs() {
        JobHandle job = add(Duration.ofHours(6));
        job.runNow();
        lakeside.failNext(Operation.PREPARE, Failure.REFUSED);
        sandbox.advance(Duration.ofHours(1));
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        sandbox.restart();
        source.put(Visit.of(3, "late", "2026-03-02T11:45:00Z"));

        runInAnHour(sandbox.engine().job("visits")); // the next attempt, with the bytes of the first
        runInAnHour(sandbox.engine().job("visits"));

        assertThat(lakeside.file("visits-2.csv").lines()).containsExactly("id,note");
        assertThat(lakeside.file("visits-3.csv").lines()).containsExactly("id,note", "3,late");
    }

    @Test
    void should_read_nothing_behind_a_position_that_was_set_by_hand() {
        JobHandle job = add(Duration.ofHours(6));
        job.runNow();
        job.resetPosition("visits", Position.of(Instant.parse("2026-03-02T12:00:00Z")), "to try");

        runInAnHour(job);
        source.put(Visit.of(3, "late", "2026-03-02T12:30:00Z"));
        runInAnHour(job);

        assertThat(lakeside.file("visits-2.csv").lines()).containsExactly("id,note");
        assertThat(lakeside.file("visits-3.csv").lines()).containsExactly("id,note", "3,late");
    }

    @Test
    void should_export_nothing_twice_when_the_lookback_grows() {
        add(Duration.ofMinutes(10)).runNow();
        JobHandle further = add(Duration.ofHours(6));

        runInAnHour(further);
        source.put(Visit.of(3, "late", "2026-03-02T11:55:00Z"));
        runInAnHour(further);

        assertThat(lakeside.file("visits-2.csv").lines()).containsExactly("id,note");
        assertThat(lakeside.file("visits-3.csv").lines()).containsExactly("id,note", "3,late");
        assertThat(runsWithLateRecords()).containsExactly(3L);
    }

    @Test
    void should_report_where_a_new_lookback_could_find_nothing_yet() {
        sandbox.add(ExportJob.builder("visits", Visit.export(source))
                        .deliverTo(lakeside)
                        .build())
                .runNow();
        JobHandle audited = add(Duration.ofHours(6));

        ExportRun second = runInAnHour(audited);
        ExportRun third = runInAnHour(audited);

        assertThat(second.note())
                .isEqualTo("records of 'visits' that came late were not looked for this time: run 1 has not kept"
                        + " what it has seen, since lookback is new, or since it has set the position");
        assertThat(third.note()).isEmpty();
        assertThat(lakeside.file("visits-2.csv").lines()).containsExactly("id,note");
        assertThat(lakeside.file("visits-3.csv").lines()).containsExactly("id,note");
    }

    @Test
    void should_be_for_timestamps_only() {
        assertThatThrownBy(() -> Visit.export(source, f -> f.name("visits.csv"))
                        .watermark(Watermark.fullSnapshot())
                        .lookback(Duration.ofHours(1))
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("export 'visits' has 1 problem: lookback is for timestamp watermarks: remove it, or use"
                        + " Watermark.timestamp");
    }
}
