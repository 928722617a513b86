package io.outfeed.internal.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.file.WhenEmpty;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.RecordSource;
import io.outfeed.support.Runs;
import io.outfeed.support.Visit;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A run on request that found nothing says whether the watermark keeps newer records back. */
class NewerRecordsTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
    private static final Duration SETTLE_TIME = Duration.ofMinutes(2);

    private final ExportSandbox sandbox = ExportSandbox.startingAt(NOON);
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source = Visit.source();

    @AfterEach
    void close() {
        sandbox.close();
    }

    private ExportDefinition.Builder<Visit> export(WhenEmpty whenEmpty, Watermark<Visit> watermark) {
        return Visit.export(source, f -> f.name("visits-{run}.csv").whenEmpty(whenEmpty))
                .watermark(watermark);
    }

    private static Watermark<Visit> settled() {
        return Watermark.timestamp(Visit::updatedAt, SETTLE_TIME);
    }

    private ExportRun runNow(ExportDefinition.Builder<Visit> definition) {
        return sandbox.add(ExportJob.builder("visits", definition.build())
                        .deliverTo(lakeside)
                        .build())
                .runNow();
    }

    @Test
    void should_say_when_a_record_can_be_exported_that_is_not_settled_yet() {
        source.put(new Visit(1, "a", NOON.minusSeconds(30)));

        ExportRun run = runNow(export(WhenEmpty.NO_FILE, settled()));

        assertThat(run.status()).isEqualTo(RunStatus.EMPTY);
        assertThat(run.note())
                .isEqualTo("'visits' has records after the window, which are not settled yet: a run after"
                        + " 2026-03-02T12:02:00Z exports them");

        sandbox.advance(SETTLE_TIME.plusSeconds(1));
        ExportRun later = runNow(export(WhenEmpty.NO_FILE, settled()));
        assertThat(later.rows()).isEqualTo(1);
        assertThat(later.note()).isEmpty();
    }

    @Test
    void should_say_it_too_of_a_file_with_a_header_only() {
        source.put(new Visit(1, "a", NOON.minusSeconds(30)));

        ExportRun run = runNow(export(WhenEmpty.HEADER_ONLY, settled()));

        assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(run.note())
                .isEqualTo("'visits' has records after the window, which are not settled yet: a run after"
                        + " 2026-03-02T12:02:00Z exports them");
    }

    @Test
    void should_know_when_a_day_is_closed() {
        source.put(new Visit(1, "a", NOON.minusSeconds(30)));

        ExportRun run = runNow(
                export(WhenEmpty.NO_FILE, Watermark.closedDays(Visit::updatedAt, ZoneOffset.ofHours(1), SETTLE_TIME)));

        assertThat(run.note())
                .isEqualTo("'visits' has records after the window, which are not settled yet: a run after"
                        + " 2026-03-02T23:02:00Z exports them");
    }

    @Test
    void should_know_no_time_for_a_sequence() {
        ExportDefinition.Builder<Visit> definition = export(WhenEmpty.NO_FILE, Watermark.sequence(Visit::id, () -> 1L))
                .source(RecordSource.of(window -> Stream.of(new Visit(1, "a", NOON))
                        .filter(visit -> visit.id()
                                        >= Long.parseLong(window.from().text())
                                && visit.id() < Long.parseLong(window.until().text()))));

        assertThat(runNow(definition).note())
                .isEqualTo("'visits' has records after the window, which are not settled yet: a later run exports"
                        + " them");
    }

    @Test
    void should_say_nothing_where_there_is_nothing_newer() {
        source.put(new Visit(1, "a", NOON.plusSeconds(30)));

        assertThat(runNow(export(WhenEmpty.NO_FILE, settled())).note()).isEmpty();
    }

    @Test
    void should_say_nothing_of_records_that_the_filter_leaves_out() {
        source.put(new Visit(1, "a", NOON.minusSeconds(30)));

        assertThat(runNow(export(WhenEmpty.NO_FILE, settled()).filter(visit -> visit.id() > 1))
                        .note())
                .isEmpty();
    }

    @Test
    void should_say_nothing_of_a_run_with_rows_or_by_schedule() {
        source.put(new Visit(1, "a", NOON.minusSeconds(30)), new Visit(2, "b", NOON.minusSeconds(300)));
        assertThat(runNow(export(WhenEmpty.NO_FILE, settled())).note()).isEmpty();

        sandbox.add(ExportJob.builder(
                        "scheduled",
                        export(WhenEmpty.NO_FILE, Watermark.timestamp(Visit::updatedAt, Duration.ofHours(5)))
                                .build())
                .schedule(Schedule.once(NOON.plusSeconds(60)))
                .build());
        sandbox.advance(Duration.ofMinutes(2));
        ExportRun scheduled = Runs.newest(sandbox.engine(), "scheduled", 1).get(0);
        assertThat(scheduled.status()).isEqualTo(RunStatus.EMPTY);
        assertThat(scheduled.note()).isEmpty();
    }

    @Test
    void should_not_fail_if_the_source_fails_the_second_time() {
        AtomicInteger opened = new AtomicInteger();
        RecordSource<Visit> failing = parameters -> {
            if (opened.incrementAndGet() > 1) {
                throw new IllegalStateException("closed for today");
            }
            return source.open(parameters);
        };

        ExportRun run = runNow(export(WhenEmpty.NO_FILE, settled()).source(failing));

        assertThat(run.status()).isEqualTo(RunStatus.EMPTY);
        assertThat(run.note()).isEmpty();
        assertThat(opened).hasValue(2);
    }
}
