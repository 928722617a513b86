package io.outfeed.internal.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportJob;
import io.outfeed.error.ExportException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.event.JobPausedEvent;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.JobPause;
import io.outfeed.operation.JobQuery;
import io.outfeed.operation.JobStatus;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.Position;
import io.outfeed.support.SandboxFixture;
import io.outfeed.support.Visit;
import io.outfeed.watermark.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The clock is wrong while runs commit, and is corrected: what is written since must not stay behind the position. */
class PositionsAheadTest extends SandboxFixture {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    private long records = 1;

    private ExportJob.Builder job() {
        return ExportJob.builder("visits", Visit.export(source)).deliverTo(lakeside);
    }

    private void writeRecord() {
        source.put(new Visit(++records, "note", sandbox.clock().instant()));
    }

    private void passHours(int hours) {
        for (int hour = 0; hour < hours; hour++) {
            writeRecord();
            sandbox.advance(HOUR);
        }
    }

    private Set<String> arrived() {
        Set<String> ids = new TreeSet<>();
        lakeside.arrivals()
                .forEach(file ->
                        file.lines().stream().skip(1).forEach(row -> ids.add(row.substring(0, row.indexOf(',')))));
        return ids;
    }

    @Test
    void should_stop_at_once_and_lose_no_record_after_the_position_was_set_back() {
        JobHandle visits =
                sandbox.engine().add(job().schedule(Schedule.every(HOUR, START)).build());
        passHours(3);
        Instant lastRight = START.plus(HOUR.multipliedBy(3));
        sandbox.clock().advance(DAY);
        writeRecord();
        sandbox.advance(HOUR); // a run commits
        sandbox.clock().advance(DAY.negated());
        int before = lakeside.arrivals().size();

        assertThatThrownBy(visits::runNow)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.POSITION_AHEAD))
                .hasMessageContaining("the position timestamp:2026-03-03T")
                .hasMessageContaining(
                        "is ahead of the clock, which says " + sandbox.clock().instant())
                .hasMessageContaining(
                        "call resetPosition(\"visits\", Position.of(Instant.parse(\"" + lastRight + "\")), reason)");

        passHours(48); // the clock passes the position
        assertThat(lakeside.arrivals()).hasSize(before);
        assertThat(sandbox.engine().jobs(JobQuery.all())).singleElement().satisfies(summary -> {
            assertThat(summary.status()).isEqualTo(JobStatus.PAUSED);
            assertThat(summary.pause().map(JobPause::by)).contains(JobPause.By.CLOCK);
        });
        assertThat(sandbox.events(JobPausedEvent.class)).singleElement().matches(JobPausedEvent::alarm);
        assertThatThrownBy(visits::runNow) // it is not ahead any more, and records lie behind it all the same
                .isInstanceOfSatisfying(
                        ExportException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.POSITION_AHEAD));

        visits.resetPosition("visits", Position.of(lastRight), "the clock was a day ahead");
        passHours(2);

        assertThat(arrived()).hasSize((int) records);
        assertThat(sandbox.engine().jobs(JobQuery.all()).get(0).status()).isEqualTo(JobStatus.SUCCESS);
    }

    @Test
    void should_name_the_position_before_the_first_of_several_runs_ahead() {
        JobHandle visits = sandbox.engine().add(job().build());
        sandbox.clock().advance(HOUR);
        visits.runNow();
        sandbox.clock().advance(DAY);
        visits.runNow();
        sandbox.clock().advance(HOUR);
        visits.runNow();
        visits.sendTestRecord("visits", "1");
        sandbox.clock().advance(DAY.negated());

        assertThatThrownBy(visits::runNow)
                .hasMessageContaining("Position.of(Instant.parse(\"" + START.plus(HOUR) + "\"))");
        assertThat(runs().get(0).trigger()).isEqualTo(Trigger.MANUAL);
        assertThat(runs().get(0).status()).isEqualTo(RunStatus.FAILED);
    }

    @Test
    void should_continue_from_where_it_is_when_a_person_resumes_the_job() {
        JobHandle visits = sandbox.engine().add(job().build());
        sandbox.clock().advance(HOUR);
        visits.runNow();
        sandbox.clock().advance(HOUR.negated());
        assertThatThrownBy(visits::runNow).isInstanceOf(StoreException.class);
        sandbox.clock().advance(HOUR.multipliedBy(2));

        visits.resume();

        assertThat(visits.runNow().status()).isEqualTo(RunStatus.COMMITTED);
    }

    @Test
    void should_wait_for_some_seconds() {
        JobHandle visits = sandbox.engine().add(job().build());
        sandbox.clock().advance(HOUR);
        visits.runNow();
        sandbox.clock().advance(Duration.ofSeconds(-30));

        assertThatThrownBy(visits::runNow)
                .isInstanceOfSatisfying(
                        ExportException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.SOURCE_UNAVAILABLE));
        ExportRun waiting = runs().get(0);
        assertThat(waiting.status()).isEqualTo(RunStatus.WAITING);
        sandbox.clock().advance(Duration.ofSeconds(31));

        assertThat(visits.runNow().number()).isEqualTo(waiting.number());
        assertThat(sandbox.events(JobPausedEvent.class)).isEmpty();
    }

    @Test
    void should_find_days_ahead_too() {
        JobHandle visits = sandbox.engine()
                .add(ExportJob.builder(
                                "visits",
                                Visit.export(source, f -> f.name("visits-{sequence}.csv"))
                                        .watermark(
                                                Watermark.closedDays(Visit::updatedAt, ZoneOffset.UTC, Duration.ZERO))
                                        .build())
                        .deliverTo(lakeside)
                        .build());
        visits.runNow();
        sandbox.clock().advance(DAY.multipliedBy(2));
        visits.runNow();
        sandbox.clock().advance(DAY.multipliedBy(-2));

        assertThatThrownBy(visits::runNow)
                .isInstanceOfSatisfying(
                        ExportException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.POSITION_AHEAD));
    }

    @Test
    void should_export_full_snapshots_whatever_the_clock_says() {
        JobHandle visits = sandbox.engine()
                .add(ExportJob.builder(
                                "visits",
                                Visit.export(source, f -> f.name("visits-{sequence}.csv"))
                                        .watermark(Watermark.fullSnapshot())
                                        .build())
                        .deliverTo(lakeside)
                        .build());
        sandbox.clock().advance(DAY);
        visits.runNow();
        sandbox.clock().advance(DAY.negated());

        assertThat(visits.runNow().status()).isEqualTo(RunStatus.COMMITTED);
    }
}
