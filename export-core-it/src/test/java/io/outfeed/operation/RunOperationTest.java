package io.outfeed.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportJob;
import io.outfeed.RunGuard;
import io.outfeed.error.AlreadyRunningException;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.RunHeldException;
import io.outfeed.error.StoreException;
import io.outfeed.run.Attempt;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.SkipReason;
import io.outfeed.run.Trigger;
import io.outfeed.run.Waiting;
import io.outfeed.run.file.DeliveryState;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.Position;
import io.outfeed.support.Runs;
import io.outfeed.support.SandboxFixture;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a person can do when something went wrong. */
class RunOperationTest extends SandboxFixture {

    @BeforeEach
    void putSecondVisit() {
        source.put(Visit.of(2, "b", "2026-02-02T00:00:00Z"));
    }

    private ExportJob.Builder job() {
        return ExportJob.builder("visits", Visit.export(source)).deliverTo(lakeside, riverside);
    }

    private RunHandle handle(ExportRun run) {
        return sandbox.engine().run(run.number());
    }

    @Test
    void should_redeliver_the_same_bytes_under_the_same_name() {
        JobHandle job = sandbox.add(job().build());
        ExportRun first = job.runNow();
        lakeside.takeAll();
        riverside.takeAll();
        source.put(Visit.of(1, "changed", "2026-03-01T00:00:00Z"));

        ExportRun again = handle(first).redeliver();

        assertThat(again.trigger()).isEqualTo(Trigger.REDELIVERY);
        assertThat(again.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(again.files()).isEqualTo(first.files());
        assertThat(again.sequence()).isEmpty();
        assertThat(again.note()).isEqualTo("the files of run 1 again");
        assertThat(riverside.file("visits-1.csv").lines()).containsExactly("id,note", "1,a", "2,b");
        assertThat(job.runNow().sequence()).hasValue(2);
    }

    @Test
    void should_leave_the_file_alone_when_it_is_still_there() {
        ExportRun first = sandbox.add(job().build()).runNow();

        assertThatThrownBy(() -> handle(first).redeliver())
                .isInstanceOf(DeliveryException.class)
                .hasMessage("visits-1.csv exists already: let the receiver take it, or give the file a name that is"
                        + " free: with {sequence}, or, where a new store counts from 1 again, with another text"
                        + " before {sequence}; or choose ifExists(REPLACE)");
        assertThat(lakeside.arrivals()).hasSize(1);
        assertThat(sandbox.store().unfinishedRuns("visits")).isEmpty();
    }

    @Test
    void should_read_a_window_again_and_say_how_many_rows_are_missing() {
        JobHandle job = sandbox.add(job().build());
        ExportRun first = job.runNow();
        source.put(Visit.of(1, "changed", "2026-03-02T00:30:00Z"));

        ExportRun again = handle(first).reExport();

        assertThat(again.trigger()).isEqualTo(Trigger.RE_EXPORT);
        assertThat(again.rows()).isEqualTo(1);
        assertThat(again.note()).isEqualTo("the window of run 1 again, with 1 rows fewer, which changed since");
        assertThat(lakeside.file("visits-1-re2.csv").lines()).containsExactly("id,note", "2,b");
        assertThat(lakeside.file("visits-1.csv").lines()).hasSize(3);
        assertThat(job.position("visits")).contains(Position.of(START));
    }

    @Test
    void should_export_a_chosen_window_again() {
        JobHandle job = sandbox.add(job().build());
        job.runNow();

        ExportRun backfill = job.backfill(
                "visits",
                Position.of(Instant.parse("2026-02-01T00:00:00Z")),
                Position.of(Instant.parse("2026-02-02T00:00:00Z")));

        assertThat(backfill.trigger()).isEqualTo(Trigger.BACKFILL);
        assertThat(lakeside.file("visits-1-backfill-2.csv").lines()).containsExactly("id,note", "1,a");
        assertThat(job.position("visits")).contains(Position.of(START));
    }

    @Test
    void should_refuse_a_window_that_was_not_exported() {
        JobHandle job = sandbox.add(job().build());
        job.runNow();

        assertThatThrownBy(() -> job.backfill("visits", Position.of(START), Position.of(START.plusSeconds(1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a backfill covers what has been exported: [timestamp:2026-03-02T00:00:00Z,"
                        + " timestamp:2026-03-02T00:00:01Z) must end at or before the position of export 'visits',"
                        + " timestamp:2026-03-02T00:00:00Z");
        assertThat(Runs.newest(sandbox.engine(), job, 10)).hasSize(1);
    }

    @Test
    void should_send_again_from_a_position_that_an_operator_has_set() {
        JobHandle job = sandbox.add(job().build());
        job.runNow();

        ExportRun reset =
                job.resetPosition("visits", Position.of(Instant.parse("2026-02-02T00:00:00Z")), "lost at the receiver");
        sandbox.advance(Duration.ofMinutes(1));
        ExportRun next = job.runNow();

        assertThat(reset.trigger()).isEqualTo(Trigger.POSITION_RESET);
        assertThat(reset.status()).isEqualTo(RunStatus.EMPTY);
        assertThat(reset.note())
                .isEqualTo("position of 'visits' set from timestamp:2026-03-02T00:00:00Z to"
                        + " timestamp:2026-02-02T00:00:00Z: lost at the receiver");
        assertThat(next.sequence()).hasValue(2);
        assertThat(lakeside.file("visits-2.csv").lines()).containsExactly("id,note", "2,b");
    }

    @Test
    void should_not_set_a_position_of_another_kind() {
        JobHandle job = sandbox.add(job().build());

        assertThatThrownBy(() -> job.resetPosition("visits", Position.of(7), "why not"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the watermark of export 'visits' makes positions of kind 'timestamp', not 'sequence'");
        assertThatThrownBy(() -> job.resetPosition("visits", Position.of(START), " "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("say why the position is reset: it is kept in the history");
    }

    @Test
    void should_not_set_a_position_that_the_watermark_can_not_read() {
        JobHandle job = sandbox.add(job().build());
        job.runNow();

        assertThatThrownBy(() -> job.resetPosition("visits", new Position(Position.TIMESTAMP, "yesterday"), "why not"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "the watermark of export 'visits' can't read the position timestamp:yesterday: write it as the"
                                + " runs of the job have it, or as timestamp:0001-01-01T00:00:00Z");
        assertThat(Runs.newest(sandbox.engine(), job, 10)).hasSize(1);
    }

    @Test
    void should_resume_when_a_destination_is_given_up() {
        JobHandle job = sandbox.add(job().build());
        riverside.failNext(Operation.PUBLISH, Failure.REFUSED_FOR_GOOD);
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        assertThatThrownBy(() -> job.resetPosition("visits", Position.of(START), "to go on"))
                .isInstanceOf(AlreadyRunningException.class)
                .hasMessage("run 1 has published a part of its window: let it finish, or call giveUp(reason) on"
                        + " engine.run(1), then set the position (job=visits)");

        ExportRun givenUp = handle(Runs.newest(sandbox.engine(), job, 1).get(0)).giveUp("the receiver has closed");
        sandbox.advance(Duration.ofHours(1));

        assertThat(givenUp.status()).isEqualTo(RunStatus.GIVEN_UP);
        assertThat(givenUp.note()).isEqualTo("given up: the receiver has closed");
        assertThat(givenUp.deliveries())
                .extracting(FileDelivery::state)
                .containsExactly(DeliveryState.PUBLISHED, DeliveryState.UNKNOWN);
        assertThat(riverside.arrivals()).isEmpty();
        assertThat(job.position("visits")).contains(Position.of(START));
        assertThat(job.runNow().sequence()).hasValue(2);
    }

    @Test
    void should_try_once_an_hour_what_an_operator_must_fix() {
        JobHandle job = sandbox.add(job().schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .build());
        riverside
                .failNext(Operation.PUBLISH, Failure.REFUSED_FOR_GOOD)
                .failNext(Operation.PUBLISH, Failure.REFUSED_FOR_GOOD);

        sandbox.advance(Duration.ofHours(8).minusMinutes(1));
        ExportRun waiting = Runs.newest(sandbox.engine(), job, 1).get(0);
        assertThat(waiting.waiting()).map(Waiting::until).contains(START.plus(Duration.ofHours(8)));
        assertThat(waiting.waiting()).map(Waiting::cause).contains(Waiting.Cause.PERSON);
        sandbox.advance(Duration.ofMinutes(2));
        assertThat(Runs.newest(sandbox.engine(), job, 1).get(0).attemptCount()).isEqualTo(2);
        sandbox.advance(Duration.ofHours(24));

        assertThat(Runs.newest(sandbox.engine(), job, 10))
                .hasSize(2)
                .extracting(ExportRun::status)
                .containsOnly(RunStatus.COMMITTED);
    }

    @Test
    void should_try_one_run_again_after_what_may_pass_with_time() {
        JobHandle job = sandbox.add(job().schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .build());
        lakeside.failNext(Operation.OPEN, Failure.REFUSED).failNext(Operation.OPEN, Failure.REFUSED);

        sandbox.advance(Duration.ofHours(7).plusMinutes(25));

        ExportRun run = Runs.newest(sandbox.engine(), job, 10).get(0);
        assertThat(Runs.newest(sandbox.engine(), job, 10)).hasSize(1);
        assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(run.fireTime()).contains(START.plus(Duration.ofHours(7)));
        assertThat(run.attempts())
                .extracting(Attempt::outcome)
                .containsExactly(Attempt.Outcome.FAILED, Attempt.Outcome.FAILED, Attempt.Outcome.COMPLETED);
        assertThat(job.nextFire()).contains(START.plus(Duration.ofHours(31)));
        assertThat(lakeside.arrivals()).hasSize(1);
    }

    @Test
    void should_hold_a_run_until_an_operator_releases_it() {
        JobHandle job = sandbox.add(job().holdIf(RunGuard.moreRowsThan(1))
                .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .build());

        sandbox.advance(Duration.ofHours(55));

        ExportRun held = Runs.newest(sandbox.engine(), job, 10).get(2);
        assertThat(held.status()).isEqualTo(RunStatus.HELD);
        assertThat(held.note()).isEqualTo("held, since it has 2 rows, more than 1");
        assertThat(Runs.newest(sandbox.engine(), job, 2)).allSatisfy(skipped -> {
            assertThat(skipped.status()).isEqualTo(RunStatus.SKIPPED);
            assertThat(skipped.skipReason()).contains(SkipReason.HELD);
        });
        assertThatThrownBy(job::runNow)
                .isInstanceOfSatisfying(
                        RunHeldException.class, e -> assertThat(e.run()).isEqualTo(1));
        assertThat(lakeside.arrivals()).isEmpty();

        assertThat(handle(held).release().status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(lakeside.file("visits-1.csv").lines()).hasSize(3);
        assertThat(riverside.file("visits-1.csv").lines()).hasSize(3);
    }

    @Test
    void should_export_the_window_of_a_discarded_run_again() {
        JobHandle job = sandbox.add(job().holdIf(RunGuard.moreRowsThan(2)).build());
        source.put(Visit.of(3, "c", "2026-02-03T00:00:00Z"));
        ExportRun held = job.runNow();

        ExportRun discarded = handle(held).discard();
        sandbox.add(job().build());

        assertThat(discarded.status()).isEqualTo(RunStatus.DISCARDED);
        assertThatThrownBy(() -> handle(held).open("visits-1.csv")).isInstanceOf(StoreException.class);
        assertThat(job.runNow().rows()).isEqualTo(3);
        assertThat(lakeside.file("visits-1.csv").lines()).hasSize(4);
    }

    @Test
    void should_hold_a_run_whose_rows_fall() {
        JobHandle job = sandbox.add(job().holdIf(RunGuard.rowsFallBy(50, 2)).build());
        job.runNow();
        for (int day = 0; day < 2; day++) {
            sandbox.advance(Duration.ofDays(1));
            source.put(new Visit(1, "x", sandbox.clock().instant().minusSeconds(1)));
            source.put(new Visit(2, "y", sandbox.clock().instant().minusSeconds(1)));
            assertThat(job.runNow().status()).isEqualTo(RunStatus.COMMITTED);
        }
        sandbox.advance(Duration.ofDays(1));

        ExportRun held = job.runNow();

        assertThat(held.status()).isEqualTo(RunStatus.HELD);
        assertThat(held.note())
                .isEqualTo("held, since it has 0 rows, more than 50 percent below the mean of the last 2 runs");
    }

    @Test
    void should_say_which_runs_a_verb_is_for() {
        ExportRun run = sandbox.add(job().build()).runNow();

        assertThatThrownBy(() -> handle(run).release())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("run 1 is COMMITTED: that can't be done to it (job=visits, run=1)");
        assertThatThrownBy(() -> handle(run).giveUp("no reason")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> handle(run).giveUp("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void should_forget_old_runs_with_their_files() {
        JobHandle job = sandbox.add(job().build());
        ExportRun first = job.runNow();
        sandbox.advance(Duration.ofDays(91));

        job.runNow();

        assertThat(Runs.newest(sandbox.engine(), job, 10))
                .extracting(ExportRun::number)
                .containsExactly(2L);
        assertThatThrownBy(() -> handle(first)).hasMessage("no run 1: it never was, or its history was pruned");
    }
}
