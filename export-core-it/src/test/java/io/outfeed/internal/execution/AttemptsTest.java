package io.outfeed.internal.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportEngine;
import io.outfeed.RetryPolicy;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.RunHeldException;
import io.outfeed.error.StoreException;
import io.outfeed.event.RunEvent;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.JobStatus;
import io.outfeed.run.Attempt;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Waiting;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.Position;
import io.outfeed.store.JobLock;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ManualScheduler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One run, many attempts: how often a run is tried, and how its attempts end. */
class AttemptsTest extends DailyJobFixture {

    @TempDir
    private Path directory;

    // ---- an outage

    @Test
    void should_make_one_run_of_an_outage_of_twelve_hours_after_a_daily_fire() {
        sandbox.add(daily().build());
        refuse(riverside, Operation.OPEN, Failure.REFUSED, 18);

        sandbox.advance(Duration.ofHours(7 + 16));

        assertThat(runs()).singleElement().satisfies(run -> {
            assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
            assertThat(run.attemptCount()).isEqualTo(19);
            assertThat(run.attempts()).hasSize(19);
            assertThat(run.failingSince()).contains(START.plus(Duration.ofHours(7)));
        });
        assertThat(sandbox.events(RunEvent.class))
                .filteredOn(RunEvent::alarm)
                .extracting(RunEvent::kind)
                .as("one alarm, at the first failed attempt")
                .containsExactly(RunEvent.Kind.DELAYED);
        assertThat(paths(lakeside)).as("uploaded once").containsExactly("visits-1-20260302.csv");
        assertThat(run(1).deliveries())
                .allSatisfy(step -> assertThat(step.uploads()).isEqualTo(1));
    }

    @Test
    void should_make_one_run_of_an_outage_although_the_job_runs_every_five_minutes() {
        sandbox.add(
                daily().schedule(Schedule.every(Duration.ofMinutes(5), START)).build());
        sandbox.advance(Duration.ofMinutes(1));
        int before = runs().size();
        refuse(lakeside, Operation.OPEN, Failure.REFUSED, 18);

        sandbox.advance(Duration.ofHours(12));

        ExportRun waiting = runs().get(0);
        assertThat(runs()).hasSize(before + 1);
        assertThat(waiting.coveredFires().orElseThrow().count()).isGreaterThan(100);
        sandbox.advance(Duration.ofHours(4));
        assertThat(run(waiting.number()).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(sandbox.store().unfinishedRuns("visits")).isEmpty();
    }

    @Test
    void should_wait_from_one_minute_to_one_hour() {
        sandbox.add(daily().build());
        refuse(lakeside, Operation.OPEN, Failure.REFUSED, 30);

        sandbox.advance(Duration.ofHours(7 + 20));

        List<Attempt> attempts = runs().get(0).attempts();
        for (int i = 1; i < attempts.size(); i++) {
            if (attempts.get(i).number() == attempts.get(i - 1).number() + 1) {
                Duration between = Duration.between(
                        attempts.get(i - 1).endedAt().orElseThrow(),
                        attempts.get(i).startedAt());
                assertThat(between).isBetween(Duration.ofMinutes(1), Duration.ofHours(1));
            }
        }
    }

    @Test
    void should_continue_the_backoff_after_a_restart() {
        sandbox.add(daily().build());
        refuse(lakeside, Operation.OPEN, Failure.REFUSED, 7);
        sandbox.advance(Duration.ofHours(7).plusMinutes(40));
        ExportRun before = runs().get(0);

        sandbox.restart();
        sandbox.advance(Duration.ofSeconds(1));

        assertThat(runs().get(0).waiting()).isEqualTo(before.waiting());
        assertThat(runs().get(0).attemptCount()).isEqualTo(before.attemptCount());
    }

    // ---- the end of attempts

    @Test
    void should_end_an_unpublished_run_after_retryFor_and_start_another_for_the_next_fire() {
        sandbox.add(daily().build());
        refuse(lakeside, Operation.OPEN, Failure.REFUSED, 1_000);

        sandbox.advance(Duration.ofDays(3));

        assertThat(runs()).hasSize(3);
        assertThat(run(1).status()).isEqualTo(RunStatus.FAILED);
        assertThat(run(1).failure()).map(RunFailure::code).contains(FailureCode.DESTINATION_UNAVAILABLE);
        assertThat(summary().failuresInARow()).as("runs, not attempts").isEqualTo(2);
    }

    @Test
    void should_end_an_unpublished_run_after_retryFor_although_no_fire_has_come() {
        sandbox.add(daily().retryFor(Duration.ofHours(2)).build());
        refuse(lakeside, Operation.OPEN, Failure.REFUSED, 1_000);

        sandbox.advance(Duration.ofHours(7 + 4));

        assertThat(runs()).singleElement().satisfies(run -> {
            assertThat(run.status()).isEqualTo(RunStatus.FAILED);
            assertThat(run.endedAt().orElseThrow())
                    .as("the first attempt after two hours")
                    .isBetween(START.plus(Duration.ofHours(9)), START.plus(Duration.ofHours(10)));
        });
    }

    @Test
    void should_fail_at_once_where_only_a_changed_job_can_help() {
        sandbox.add(daily(Visit.export(source, f -> f.name("v.csv"))
                        .fields(f -> f.field("number", visit -> Integer.valueOf(visit.note())))
                        .build())
                .build());

        sandbox.advance(Duration.ofHours(8));

        assertThat(runs()).singleElement().satisfies(run -> {
            assertThat(run.status()).isEqualTo(RunStatus.FAILED);
            assertThat(run.attemptCount()).isEqualTo(1);
            assertThat(run.failure()).map(RunFailure::code).contains(FailureCode.MAPPING_FAILED);
        });
    }

    @Test
    void should_try_refused_logins_once_an_hour() {
        sandbox.add(daily().build());
        refuse(lakeside, Operation.OPEN, Failure.REFUSED_FOR_GOOD, 100);

        sandbox.advance(Duration.ofHours(7 + 5).plusMinutes(30));

        assertThat(run(1).attemptCount()).isEqualTo(6);
        assertThat(run(1).waiting()).map(Waiting::cause).contains(Waiting.Cause.PERSON);
    }

    @Test
    void should_try_again_after_two_crashes() {
        JobHandle job = sandbox.add(daily().build());
        refuse(riverside, Operation.PUBLISH, Failure.REFUSED, 1);
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        crash(2);

        job.runNow();

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(run(1).attempts())
                .extracting(Attempt::outcome)
                .containsExactly(
                        Attempt.Outcome.FAILED,
                        Attempt.Outcome.CRASHED,
                        Attempt.Outcome.CRASHED,
                        Attempt.Outcome.COMPLETED);
    }

    @Test
    void should_end_an_unpublished_run_after_three_crashes_in_a_row() {
        JobHandle job = sandbox.add(daily().build());
        refuse(riverside, Operation.OPEN, Failure.REFUSED, 1);
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        crash(3);

        ExportRun next = job.runNow();

        assertThat(run(1).status()).isEqualTo(RunStatus.FAILED);
        assertThat(run(1).failure()).map(RunFailure::code).contains(FailureCode.CRASHED);
        assertThat(next.number()).isEqualTo(2);
        assertThat(next.status()).isEqualTo(RunStatus.COMMITTED);
    }

    @Test
    void should_hold_a_published_run_after_three_crashes_in_a_row_until_it_is_released() {
        JobHandle job = sandbox.add(daily().build());
        refuse(riverside, Operation.PUBLISH, Failure.REFUSED, 1);
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        refuse(riverside, Operation.OPEN, Failure.REFUSED, 1);
        crash(3);
        assertThat(run(1).publishing()).isTrue();

        assertThatThrownBy(job::runNow).isInstanceOf(RunHeldException.class);

        assertThat(run(1).status()).isEqualTo(RunStatus.HELD);
        assertThat(summary().status()).as("although an attempt has failed").isEqualTo(JobStatus.HELD);
        assertThatThrownBy(() -> sandbox.engine().run(1).discard())
                .as("a receiver may have seen it")
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> sandbox.engine().run(1).release()).isInstanceOf(DeliveryException.class);
        sandbox.advance(Duration.ofHours(1));
        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
    }

    @Test
    void should_count_neither_close_nor_deployments() {
        sandbox.add(daily(Visit.export(source, f -> f.name("v-{sequence}.csv"))
                        .filter(visit -> {
                            Thread.currentThread().interrupt();
                            return true;
                        })
                        .build())
                .build());
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> sandbox.engine().job("visits").runNow())
                    .as("the thread is interrupted")
                    .isNotNull();
            boolean unused = Thread.interrupted();
        }

        assertThat(run(1).attempts()).extracting(Attempt::outcome).containsOnly(Attempt.Outcome.STOPPED);
        assertThat(run(1).failingSince()).isEmpty();
        assertThat(run(1).waiting()).map(Waiting::cause).contains(Waiting.Cause.RESTART);
    }

    // ---- one attempt

    @Test
    void should_log_in_once_in_an_attempt_whose_login_is_refused() {
        lakeside.failNext(Operation.OPEN, FailureCode.LOGIN_REFUSED)
                .failNext(Operation.OPEN, FailureCode.LOGIN_REFUSED);
        try (ExportEngine retrying = ExportEngine.builder()
                .directory(directory)
                .store(sandbox.store())
                .scheduler(new ManualScheduler(sandbox.clock()))
                .clock(sandbox.clock())
                .retryPolicy(new RetryPolicy(3, Duration.ZERO))
                .renameLooks(Duration.ZERO)
                .build()) {
            JobHandle job = retrying.add(daily().build());

            assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
            assertThat(run(1).failure()).map(RunFailure::code).contains(FailureCode.LOGIN_REFUSED);
            assertThat(run(1).waiting()).map(Waiting::cause).contains(Waiting.Cause.PERSON);
            assertThatThrownBy(job::runNow)
                    .as("the second refusal is for the second attempt")
                    .isInstanceOf(DeliveryException.class);
            assertThat(job.runNow().status()).isEqualTo(RunStatus.COMMITTED);
        }
    }

    @Test
    void should_compare_the_positions_with_those_at_which_it_was_staged() {
        JobHandle job = sandbox.add(daily().build());
        refuse(riverside, Operation.PUBLISH, Failure.REFUSED, 1);
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);

        JobPositions staged = run(1).expectedPositions().orElseThrow();
        JobPositions moved = new JobPositions(Map.of("visits", Position.of(START)), 0, 0);
        try (JobLock lock = sandbox.store().tryLock("visits").orElseThrow()) {
            sandbox.store().commit(lock, staged, moved);
        }
        assertThatThrownBy(job::runNow)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.POSITIONS_MOVED));
        assertThat(sandbox.store().positions("visits")).isEqualTo(moved);
    }
}
