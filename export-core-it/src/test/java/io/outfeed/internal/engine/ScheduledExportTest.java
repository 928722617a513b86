package io.outfeed.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportJob;
import io.outfeed.file.WhenEmpty;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.Position;
import io.outfeed.support.Runs;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScheduledExportTest {

    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T00:00:00Z"));
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source = Visit.source();

    @AfterEach
    void close() {
        sandbox.close();
    }

    private ExportJob.Builder daily() {
        return ExportJob.builder("visits-lakeside", Visit.export(source))
                .schedule(Schedule.daily(LocalTime.of(7, 0), NEW_YORK))
                .deliverTo(lakeside);
    }

    @Test
    void should_deliver_everything_first_and_then_what_changed() {
        source.put(Visit.of(1, "a", "2026-02-01T00:00:00Z"), Visit.of(2, "b", "2026-03-01T00:00:00Z"));
        JobHandle job = sandbox.add(daily().build());

        sandbox.advance(Duration.ofDays(1));
        source.put(Visit.of(2, "b, changed", "2026-03-03T01:00:00Z"));
        sandbox.advance(Duration.ofDays(1));

        assertThat(lakeside.arrivals())
                .extracting(DeliveredFile::text)
                .containsExactly("id,note\r\n1,a\r\n2,b\r\n", "id,note\r\n2,\"b, changed\"\r\n");
        assertThat(lakeside.arrivals()).extracting(DeliveredFile::path).containsExactly("visits-1.csv", "visits-2.csv");
        assertThat(job.position("visits")).contains(Position.of(Instant.parse("2026-03-03T12:00:00Z")));
        assertThat(Runs.newest(sandbox.engine(), job, 10))
                .extracting(ExportRun::status)
                .containsOnly(RunStatus.COMMITTED);
        assertThat(Runs.newest(sandbox.engine(), job, 1).get(0).fireTime())
                .contains(Instant.parse("2026-03-03T12:00:00Z"));
    }

    @Test
    void should_not_run_a_fire_again_whose_publication_was_finished_later() {
        source.put(Visit.of(1, "a", "2026-03-01T00:00:00Z"));
        JobHandle job = sandbox.add(daily().build());
        lakeside.failNext(InMemoryDelivery.Operation.PUBLISH, InMemoryDelivery.Failure.REFUSED);

        sandbox.advance(Duration.ofHours(13));

        assertThat(lakeside.arrivals()).extracting(DeliveredFile::path).containsExactly("visits-1.csv");
        assertThat(Runs.newest(sandbox.engine(), job, 10))
                .extracting(ExportRun::status)
                .containsExactly(RunStatus.COMMITTED);
    }

    @Test
    void should_deliver_a_header_when_nothing_is_new() {
        sandbox.add(daily().build());

        sandbox.advance(Duration.ofDays(1));

        assertThat(lakeside.file("visits-1.csv").text()).isEqualTo("id,note\r\n");
    }

    @Test
    void should_commit_without_a_file_when_nothing_is_new_and_no_file_is_wanted() {
        ExportJob job = ExportJob.builder(
                        "visits-lakeside",
                        Visit.export(
                                        source,
                                        f -> f.name("visits-{sequence}.csv").whenEmpty(WhenEmpty.NO_FILE))
                                .build())
                .deliverTo(lakeside)
                .build();
        JobHandle handle = sandbox.add(job);

        ExportRun empty = handle.runNow();
        source.put(Visit.of(1, "a", "2026-03-02T00:00:00Z"));
        sandbox.advance(Duration.ofMinutes(1));
        ExportRun full = handle.runNow();

        assertThat(empty.status()).isEqualTo(RunStatus.EMPTY);
        assertThat(empty.sequence()).isEmpty();
        assertThat(full.sequence()).hasValue(1);
        assertThat(full.number()).isEqualTo(2);
        assertThat(full.trigger()).isEqualTo(Trigger.MANUAL);
        assertThat(lakeside.arrivals()).extracting(DeliveredFile::path).containsExactly("visits-1.csv");
    }

    @Test
    void should_make_up_for_misfires_once() {
        sandbox.add(daily().build());
        sandbox.advance(Duration.ofDays(1));

        sandbox.clock().advance(Duration.ofDays(5));
        sandbox.restart();
        sandbox.advance(Duration.ZERO);

        assertThat(lakeside.arrivals()).hasSize(2);
        assertThat(Runs.newest(sandbox.engine(), "visits-lakeside", 1).get(0).fireTime())
                .contains(Instant.parse("2026-03-07T12:00:00Z"));
    }

    @Test
    void should_not_fire_what_lies_behind_when_the_schedule_is_changed() {
        sandbox.add(daily().build());
        sandbox.advance(Duration.ofHours(20));
        assertThat(lakeside.arrivals()).hasSize(1);

        JobHandle job = sandbox.add(
                daily().schedule(Schedule.daily(LocalTime.of(8, 0), NEW_YORK)).build());
        sandbox.advance(Duration.ZERO);

        assertThat(lakeside.arrivals()).hasSize(1);
        assertThat(job.nextFire()).contains(Instant.parse("2026-03-03T13:00:00Z"));
    }

    @Test
    void should_not_fire_twice_when_the_clock_goes_back() {
        sandbox.add(daily().build());
        sandbox.advance(Duration.ofHours(13));
        assertThat(lakeside.arrivals()).hasSize(1);

        sandbox.clock().advance(Duration.ofHours(-2));
        sandbox.advance(Duration.ofHours(3));

        assertThat(lakeside.arrivals()).hasSize(1);
    }

    @Test
    void should_run_once_and_never_again() {
        JobHandle job = sandbox.add(daily().schedule(Schedule.once(Instant.parse("2026-03-02T09:00:00Z")))
                .build());

        sandbox.advance(Duration.ofDays(3));
        sandbox.restart();
        sandbox.advance(Duration.ofDays(3));

        assertThat(lakeside.arrivals()).hasSize(1);
        assertThat(job.nextFire()).isEmpty();
    }

    @Test
    void should_keep_the_files_of_a_job_without_deliveries() throws Exception {
        source.put(Visit.of(1, "a", "2026-02-01T00:00:00Z"));
        JobHandle job = sandbox.add(
                ExportJob.builder("visits-kept", Visit.export(source)).build());

        ExportRun run = job.runNow();

        assertThat(sandbox.engine().run(run.number()).open("visits-1.csv").readAllBytes())
                .asString()
                .isEqualTo("id,note\r\n1,a\r\n");
    }
}
