package io.outfeed.internal.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.error.ExportException;
import io.outfeed.event.JobPausedEvent;
import io.outfeed.operation.History;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.JobPause;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.Position;
import io.outfeed.source.SourceSession;
import io.outfeed.support.HookedDelivery;
import io.outfeed.support.HookedDelivery.Point;
import io.outfeed.support.SandboxFixture;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.watermark.Watermark;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The clock was ahead for longer than its lead, and is corrected: it has caught up with the positions of that time, and
 * records that the right clock of a database has dated lie behind them.
 */
class ClockCaughtUpTest extends SandboxFixture {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration LEAD = Duration.ofHours(2);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private Duration ahead = Duration.ZERO;
    private long records = 1;

    private ExportDefinition.Builder<Visit> definition() {
        return Visit.export(source, f -> f.name("visits-{run}.csv"));
    }

    private ExportJob.Builder job() {
        return job(definition().build());
    }

    private ExportJob.Builder job(ExportDefinition<Visit> definition) {
        return ExportJob.builder("visits", definition).deliverTo(lakeside);
    }

    private JobHandle addHourly() {
        return sandbox.add(job().schedule(Schedule.every(HOUR, START)).build());
    }

    private void setForward() {
        sandbox.clock().advance(LEAD);
        ahead = LEAD;
    }

    private void setBack() {
        sandbox.clock().advance(ahead.negated());
        ahead = Duration.ZERO;
    }

    /** Writes a record each half hour, with the right time. */
    private void passHours(int hours) {
        for (int half = 0; half < 2 * hours; half++) {
            sandbox.advance(HOUR.dividedBy(2));
            writeRecord();
        }
    }

    private void passHoursAhead(int hours) {
        setForward();
        passHours(hours);
        setBack();
    }

    private void passHoursAndRun(JobHandle visits, int hours) {
        passHours(hours);
        sandbox.advance(MINUTE);
        assertThat(visits.runNow().status()).isEqualTo(RunStatus.COMMITTED);
    }

    private void writeRecord() {
        source.put(new Visit(++records, "note", sandbox.clock().instant().minus(ahead)));
    }

    private Set<String> arrived() {
        Set<String> ids = new TreeSet<>();
        lakeside.arrivals()
                .forEach(file ->
                        file.lines().stream().skip(1).forEach(row -> ids.add(row.substring(0, row.indexOf(',')))));
        return ids;
    }

    private static Instant position(JobHandle visits) {
        return Instant.parse(visits.position("visits").orElseThrow().text());
    }

    private static Optional<JobPause.By> pausedBy(JobHandle visits) {
        return visits.summary().pause().map(JobPause::by);
    }

    private void assertPausedAt(JobHandle visits, Instant position) {
        assertThat(pausedBy(visits)).contains(JobPause.By.CLOCK);
        assertThat(visits.summary().pause().orElseThrow().reason())
                .contains("call resetPosition(\"visits\", Position.of(Instant.parse(\"" + position + "\")), reason)");
    }

    @Test
    void should_pause_a_job_and_lose_no_record_after_the_position_was_set_back() {
        JobHandle visits = addHourly();
        passHours(3);
        Instant lastRight = position(visits);
        passHoursAhead(5);
        sandbox.advance(MINUTE);

        assertPausedAt(visits, lastRight);
        assertThat(sandbox.events(JobPausedEvent.class)).singleElement().matches(JobPausedEvent::alarm);

        passHours(4);
        visits.resetPosition("visits", Position.of(lastRight), "the clock was two hours ahead");
        passHoursAndRun(visits, 2);
        assertThat(arrived()).hasSize((int) records);
        assertThat(pausedBy(visits)).isEmpty();
    }

    /** Its only run of that time is hours ago, and the position is not ahead of the clock. */
    @Test
    void should_pause_a_daily_job_hours_after_its_run() {
        JobHandle visits = sandbox.add(job().schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .build());
        passHours(24);
        Instant lastRight = position(visits);
        passHoursAhead(12);
        sandbox.advance(MINUTE);

        assertPausedAt(visits, lastRight);
    }

    @Test
    void should_name_a_position_before_a_long_time_of_the_wrong_clock() {
        JobHandle visits = addHourly();
        passHours(1);
        Instant lastRight = position(visits);
        passHoursAhead(50);
        sandbox.advance(MINUTE);

        assertPausedAt(visits, lastRight);
    }

    /** The clock is wrong by the same time again. */
    @Test
    void should_not_go_back_behind_an_earlier_reset() {
        JobHandle visits = addHourly();
        passHours(1);
        passHoursAhead(2);
        sandbox.advance(MINUTE);
        visits.resetPosition("visits", Position.of(START), "the clock was two hours ahead");
        passHours(3);
        Instant lastRight = position(visits);
        passHoursAhead(5);
        sandbox.advance(MINUTE);

        assertPausedAt(visits, lastRight);
    }

    @Test
    void should_find_the_runs_of_an_engine_that_was_restarted_meanwhile() {
        addHourly();
        passHours(3);
        Instant lastRight = position(sandbox.engine().job("visits"));
        setForward();
        passHours(3);
        sandbox.restart();
        passHours(3);
        setBack();

        sandbox.advance(MINUTE);

        assertPausedAt(sandbox.engine().job("visits"), lastRight);
    }

    @Test
    void should_pause_a_job_all_of_whose_runs_the_wrong_clock_has_planned() {
        ahead = LEAD;
        JobHandle visits = addHourly();
        Instant beginning =
                Watermark.timestamp(Visit::updatedAt, Duration.ZERO).beginning().toInstant();
        passHours(5);
        setBack();

        sandbox.advance(MINUTE);

        assertPausedAt(visits, beginning);
    }

    /** A machine that was asleep: its clock is right at once, and the monotonic time has stood still. */
    @Test
    void should_not_mind_a_suspended_machine() {
        JobHandle visits = addHourly();
        passHours(3);
        sandbox.clock().advance(Duration.ofHours(8));
        passHoursAndRun(visits, 3);

        assertThat(pausedBy(visits)).isEmpty();
        assertThat(arrived()).hasSize((int) records);
    }

    @Test
    void should_name_the_same_position_although_the_machine_was_suspended_meanwhile() {
        JobHandle visits = addHourly();
        passHours(3);
        Instant lastRight = position(visits);
        setForward();
        passHours(3);
        sandbox.clock().advance(Duration.ofHours(8)); // asleep
        passHours(3);
        setBack();

        sandbox.advance(MINUTE);

        assertPausedAt(visits, lastRight);
    }

    /** The origin of the clock is later than at first although it was ahead then. */
    @Test
    void should_name_an_earlier_position_if_the_machine_was_suspended_longer_than_the_clock_was_ahead() {
        ahead = LEAD;
        JobHandle visits = addHourly();
        passHours(1);
        sandbox.clock().advance(Duration.ofHours(8)); // asleep
        passHours(3);
        setBack();

        sandbox.advance(MINUTE);

        assertPausedAt(
                visits,
                Watermark.timestamp(Visit::updatedAt, Duration.ZERO).beginning().toInstant());
    }

    @Test
    void should_not_mind_a_clock_that_is_slewed_all_the_time() {
        JobHandle visits = sandbox.add(job().schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .build());
        for (int hours = 0; hours < 50; hours++) {
            passHours(1);
            sandbox.clock().advance(Duration.ofSeconds(-3));
        }

        assertThat(pausedBy(visits)).isEmpty();
        passHoursAndRun(visits, 1);
    }

    @Test
    void should_leave_alone_what_has_not_run_meanwhile() {
        JobHandle visits = addHourly();
        passHours(3);
        setForward();
        sandbox.advance(Duration.ofSeconds(1)); // two fire times are due
        setBack();
        passHours(1);
        visits.resetPosition("visits", Position.of(START), "the clock was ahead");
        JobHandle idle = sandbox.add(ExportJob.builder("idle", definition().build())
                .deliverTo(riverside)
                .build());
        idle.runNow();
        passHours(1);
        passHoursAhead(5);
        sandbox.advance(MINUTE);

        assertThat(pausedBy(visits)).contains(JobPause.By.CLOCK);
        assertThat(pausedBy(idle)).isEmpty();
        assertThat(idle.runNow().status()).isEqualTo(RunStatus.COMMITTED);
    }

    /** The day had ended by the right clock too. */
    @Test
    void should_leave_alone_a_run_of_days_that_had_ended() {
        JobHandle visits = sandbox.add(job(definition()
                        .watermark(Watermark.closedDays(Visit::updatedAt, ZoneOffset.UTC, MINUTE))
                        .build())
                .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .build());
        passHours(24);
        passHoursAhead(24);

        passHours(24);

        assertThat(pausedBy(visits)).isEmpty();
        visits.runNow();
        assertThat(arrived()).hasSizeGreaterThan(90);
    }

    @Test
    void should_pause_a_job_of_days_that_had_not_ended() {
        JobHandle visits = sandbox.add(job(definition()
                        .watermark(Watermark.closedDays(Visit::updatedAt, ZoneOffset.UTC, MINUTE))
                        .build())
                .schedule(Schedule.daily(LocalTime.of(1, 0), ZoneOffset.UTC))
                .build());
        passHours(20);
        Instant lastRight = position(visits);
        passHoursAhead(12);
        sandbox.advance(MINUTE);

        assertPausedAt(visits, lastRight);
    }

    /** As the time of a database, or transaction ids: such a watermark does not tell a time of the engine's clock. */
    @Test
    void should_leave_alone_watermarks_that_do_not_read_the_engines_clock() {
        Watermark<Visit> own = Watermark.timestamp(Visit::updatedAt, Duration.ZERO);
        JobHandle visits = sandbox.add(job(definition()
                        .watermark(new Watermark<>() {
                            @Override
                            public String kind() {
                                return own.kind();
                            }

                            @Override
                            public Position beginning() {
                                return own.beginning();
                            }

                            @Override
                            public Position until(SourceSession<Visit> session, Clock clock) {
                                return Position.of(clock.instant().minus(ahead));
                            }

                            @Override
                            public Optional<Position> positionOf(Visit visit) throws Exception {
                                return own.positionOf(visit);
                            }

                            @Override
                            public int compare(Position left, Position right) {
                                return own.compare(left, right);
                            }
                        })
                        .build())
                .schedule(Schedule.every(HOUR, START))
                .build());
        passHours(3);
        passHoursAhead(5);

        passHours(2);

        assertThat(pausedBy(visits)).isEmpty();
        visits.runNow();
        assertThat(arrived()).hasSizeGreaterThanOrEqualTo((int) records - 1);
    }

    @Test
    void should_not_pause_again_what_a_person_has_resumed() {
        JobHandle visits = addHourly();
        passHours(3);
        passHoursAhead(5);
        sandbox.advance(MINUTE);
        assertThat(pausedBy(visits)).contains(JobPause.By.CLOCK);

        passHours(3); // the position is not ahead any more
        visits.resume();
        addHourly(); // edited
        passHours(2);

        assertThat(pausedBy(visits)).isEmpty();
        assertThat(run(runs().get(0).number()).status()).isEqualTo(RunStatus.COMMITTED);
    }

    @Test
    void should_stay_paused_when_the_job_is_removed_and_added_again() {
        JobHandle visits = addHourly();
        passHours(3);
        passHoursAhead(5);
        sandbox.advance(MINUTE);
        assertThat(pausedBy(visits)).contains(JobPause.By.CLOCK);

        passHours(3); // the position is not ahead any more
        sandbox.engine().remove("visits", History.KEEP);
        addHourly();

        assertThat(pausedBy(visits)).contains(JobPause.By.CLOCK);
    }

    /** Its bytes wait for the destination until the clock has passed the end of the window. */
    @Test
    void should_not_publish_what_was_staged_meanwhile() {
        JobHandle visits = addHourly();
        passHours(3);
        Instant lastRight = position(visits);
        setForward();
        lakeside.failNext(Operation.OPEN, Failure.REFUSED);
        sandbox.advance(MINUTE);
        assertThat(runs().get(0).status()).isEqualTo(RunStatus.WAITING);
        setBack();
        sandbox.advance(MINUTE);

        assertPausedAt(visits, lastRight);

        sandbox.restart();
        passHours(5);
        JobHandle again = sandbox.engine().job("visits");
        again.resetPosition("visits", Position.of(lastRight), "the clock was two hours ahead");
        passHoursAndRun(again, 2);
        assertThat(arrived()).hasSize((int) records);
    }

    @Test
    void should_hold_a_run_that_was_staged_meanwhile_when_it_takes_longer_than_the_clock_was_ahead() {
        setForward();
        JobHandle visits = sandbox.add(job(definition()
                        .fields(f -> f.field("id", visit -> {
                            letTimePassUntil(
                                    sandbox.clock().instant().plus(LEAD).plus(HOUR));
                            setBack();
                            return visit.id();
                        }))
                        .build())
                .build());

        assertThat(visits.runNow().status()).isEqualTo(RunStatus.HELD);
    }

    /** A commit after the clock has caught up does not look as if the position was ahead. */
    @Test
    void should_pause_a_job_whose_run_commits_after_the_clock_has_caught_up() {
        setForward();
        JobHandle visits = sandbox.add(job().deliverTo(new HookedDelivery(riverside, Point.AFTER_PUBLISH, () -> {
                    letTimePassUntil(sandbox.clock().instant().plus(LEAD).plus(HOUR));
                    setBack();
                }))
                .build());

        assertThat(visits.runNow().status()).isEqualTo(RunStatus.COMMITTED);

        assertThat(pausedBy(visits)).contains(JobPause.By.CLOCK);
    }

    @Test
    void should_pause_a_job_whose_held_run_is_released_after_the_clock_has_caught_up() {
        setForward();
        JobHandle visits = sandbox.add(
                job().holdIf((run, previous) -> Optional.of("it has few rows")).build());
        visits.runNow();
        passHours(5);
        setBack();

        sandbox.engine().run(1).release();

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(pausedBy(visits)).contains(JobPause.By.CLOCK);
    }

    /** A run is in progress: the scheduler can't advance. */
    private void letTimePassUntil(Instant instant) {
        sandbox.advance(Duration.between(sandbox.clock().instant(), instant));
    }

    @Test
    void should_refuse_to_run_a_paused_job() {
        JobHandle visits = addHourly();
        passHours(1);
        passHoursAhead(5);
        sandbox.advance(MINUTE);

        assertThatThrownBy(visits::runNow)
                .isInstanceOf(ExportException.class)
                .hasMessageStartingWith("the clock was set back to 2026-03-02T06:00:00Z, and was ahead when runs of"
                        + " export 'visits' were planned: records that were written meanwhile lie behind its position,"
                        + " or the clock is wrong now. Nothing is exported, and the job is paused: if the clock is"
                        + " right now, call resetPosition(\"visits\", ");
    }
}
