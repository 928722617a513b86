package io.outfeed.internal.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportJob;
import io.outfeed.error.ExportException;
import io.outfeed.event.JobPausedEvent;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.JobPause;
import io.outfeed.operation.JobStatus;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.Position;
import io.outfeed.support.HookedDelivery;
import io.outfeed.support.HookedDelivery.Point;
import io.outfeed.support.SandboxFixture;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.watermark.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of jobs when a clock that was ahead is corrected while the engine runs. */
class ClockSetBackTest extends SandboxFixture {

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private ExportJob.Builder job() {
        return ExportJob.builder("visits", Visit.export(source)).deliverTo(lakeside);
    }

    private void writeRecord(int id) {
        source.put(Visit.of(id, "a", sandbox.clock().instant().toString()));
    }

    private void setBack() {
        sandbox.clock().advance(DAY.negated());
    }

    private List<String> arrived() {
        return lakeside.arrivals().stream()
                .flatMap(file -> file.lines().stream().skip(1))
                .toList();
    }

    /** The clock passes the position before the next fire time: the next run would not notice. */
    @Test
    void should_pause_a_daily_job_before_the_clock_has_caught_up_with_its_position() {
        JobHandle visits = sandbox.engine()
                .add(job().schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                        .build());
        sandbox.advance(Duration.ofHours(8));
        Instant lastRight =
                Instant.parse(visits.position("visits").orElseThrow().text());
        sandbox.clock().advance(DAY);
        sandbox.advance(MINUTE); // the fire time of tomorrow
        assertThat(runs()).hasSize(2);
        setBack();
        writeRecord(2);

        sandbox.advance(DAY.multipliedBy(2));

        assertThat(runs()).hasSize(2);
        assertThat(visits.summary().status()).isEqualTo(JobStatus.PAUSED);
        JobPause pause = visits.summary().pause().orElseThrow();
        assertThat(pause.by()).isEqualTo(JobPause.By.CLOCK);
        assertThat(pause.reason())
                .contains("call resetPosition(\"visits\", Position.of(Instant.parse(\"" + lastRight + "\")), reason)");
        assertThat(sandbox.events(JobPausedEvent.class)).hasSize(1);
        visits.resetPosition("visits", Position.of(lastRight), "the clock was a day ahead");
        sandbox.advance(DAY);
        assertThat(arrived()).containsExactly("1,a", "2,a");
    }

    @Test
    void should_make_the_next_attempt_without_waiting_for_the_time_of_the_wrong_clock() {
        sandbox.clock().advance(DAY);
        lakeside.failNext(Operation.OPEN, Failure.REFUSED);
        JobHandle visits = sandbox.engine()
                .add(ExportJob.builder(
                                "visits",
                                Visit.export(source, f -> f.name("visits-{sequence}.csv"))
                                        .watermark(Watermark.fullSnapshot())
                                        .build())
                        .deliverTo(lakeside)
                        .build());
        assertThatThrownBy(visits::runNow).isInstanceOf(ExportException.class);
        sandbox.advance(MINUTE.dividedBy(60));
        assertThat(run(1).status()).isEqualTo(RunStatus.WAITING);
        setBack();

        sandbox.advance(HOUR.plus(MINUTE));

        assertThat(run(1).attemptCount()).isEqualTo(2);
    }

    @Test
    void should_hold_a_run_whose_window_ends_ahead_of_the_clock_when_it_is_staged() {
        sandbox.clock().advance(DAY);
        ExportJob setBackWhileMapping = ExportJob.builder(
                        "visits",
                        Visit.export(source, f -> f.name("visits-{sequence}.csv"))
                                .fields(f -> f.field("id", visit -> {
                                    setBack();
                                    return visit.id();
                                }))
                                .build())
                .deliverTo(lakeside)
                .build();
        JobHandle visits = sandbox.engine().add(setBackWhileMapping);

        ExportRun run = visits.runNow();

        assertThat(run.status()).isEqualTo(RunStatus.HELD);
        assertThat(run.note()).startsWith("held, since the clock was set back to 2026-03-02T00:00:00Z after the run");
        assertThat(lakeside.arrivals()).isEmpty();
        sandbox.engine().run(1).discard();
        sandbox.engine().add(job().build());
        writeRecord(2);
        sandbox.clock().advance(HOUR);
        assertThat(visits.runNow().status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(arrived()).containsExactly("1,a", "2,a");
    }

    @Test
    void should_hold_a_run_whose_window_ends_ahead_of_the_clock_at_its_next_attempt() {
        sandbox.clock().advance(DAY);
        lakeside.failNext(Operation.PREPARE, Failure.REFUSED);
        JobHandle visits = sandbox.engine().add(job().build());
        assertThatThrownBy(visits::runNow).isInstanceOf(ExportException.class);
        setBack();

        assertThat(visits.runNow().status()).isEqualTo(RunStatus.HELD);

        sandbox.engine().run(1).release();
        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(arrived()).containsExactly("1,a");
    }

    @Test
    void should_pause_a_job_whose_position_is_ahead_as_soon_as_it_has_committed() {
        sandbox.clock().advance(DAY);
        JobHandle visits = sandbox.engine()
                .add(job().deliverTo(new HookedDelivery(riverside, Point.AFTER_PUBLISH, this::setBack))
                        .build());

        assertThat(visits.runNow().status()).isEqualTo(RunStatus.COMMITTED);

        assertThat(visits.summary().pause().map(JobPause::by)).contains(JobPause.By.CLOCK);
    }

    @Test
    void should_pause_a_job_whose_position_is_ahead_when_it_is_added() {
        sandbox.clock().advance(DAY);
        sandbox.engine().add(job().build()).runNow();
        setBack();

        sandbox.restart();

        JobHandle visits = sandbox.engine().job("visits");
        assertThat(visits.summary().pause().map(JobPause::by)).contains(JobPause.By.CLOCK);
    }

    @Test
    void should_pause_a_job_whose_position_a_release_moves_ahead() {
        sandbox.clock().advance(DAY);
        JobHandle visits = sandbox.engine()
                .add(job().holdIf((run, previous) -> Optional.of("it has few rows"))
                        .build());
        visits.runNow();
        setBack();

        sandbox.engine().run(1).release();

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(visits.summary().pause().map(JobPause::by)).contains(JobPause.By.CLOCK);
    }

    @Test
    void should_pause_a_job_whose_position_is_moved_ahead_when_its_run_is_given_up() {
        sandbox.clock().advance(DAY);
        riverside.failNext(Operation.PUBLISH, Failure.REFUSED);
        JobHandle visits = sandbox.engine().add(job().deliverTo(riverside).build());
        assertThatThrownBy(visits::runNow).isInstanceOf(ExportException.class);
        setBack();

        sandbox.engine().run(1).giveUp("riverside has moved");

        assertThat(run(1).status()).isEqualTo(RunStatus.GIVEN_UP);
        assertThat(visits.summary().pause().map(JobPause::by)).contains(JobPause.By.CLOCK);
    }

    @Test
    void should_pause_a_job_without_a_schedule_before_the_clock_has_caught_up() {
        sandbox.clock().advance(DAY);
        JobHandle visits = sandbox.engine().add(job().build());
        visits.runNow();
        sandbox.advance(MINUTE);
        setBack();

        sandbox.advance(DAY.multipliedBy(2));

        assertThat(visits.summary().pause().map(JobPause::by)).contains(JobPause.By.CLOCK);
    }

    /** An operator who ends that pause later would not know of the position. */
    @Test
    void should_pause_a_job_that_an_operator_has_paused() {
        sandbox.clock().advance(DAY);
        JobHandle visits = sandbox.engine().add(job().build());
        visits.runNow();
        visits.pause("the receiver moves");
        sandbox.advance(MINUTE);
        setBack();

        sandbox.advance(MINUTE);

        JobPause pause = visits.summary().pause().orElseThrow();
        assertThat(pause.by()).isEqualTo(JobPause.By.CLOCK);
        assertThat(pause.reason())
                .endsWith("; an operator had paused it before (the receiver moves): pause it again after that if it"
                        + " still holds");
    }

    @Test
    void should_keep_the_pause_when_an_operator_pauses_the_job_too() {
        sandbox.clock().advance(DAY);
        JobHandle visits = sandbox.engine().add(job().build());
        visits.runNow();
        sandbox.advance(MINUTE);
        setBack();
        sandbox.advance(MINUTE);

        visits.pause("until the clock is right");

        assertThat(visits.summary().pause().map(JobPause::by)).contains(JobPause.By.CLOCK);
    }

    @Test
    void should_not_mind_a_clock_that_is_set_by_seconds() {
        sandbox.clock().advance(DAY);
        JobHandle visits = sandbox.engine().add(job().build());
        visits.runNow();
        sandbox.clock().advance(Duration.ofSeconds(-30));

        sandbox.advance(MINUTE);

        assertThat(visits.runNow().status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(visits.summary().pause()).isEmpty();
    }
}
