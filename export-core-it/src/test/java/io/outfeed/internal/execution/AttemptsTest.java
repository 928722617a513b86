package io.outfeed.internal.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.OverlapPolicy;
import io.outfeed.RetryPolicy;
import io.outfeed.delivery.Delivery;
import io.outfeed.error.AlreadyRunningException;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.RunHeldException;
import io.outfeed.error.StoreException;
import io.outfeed.event.RunEvent;
import io.outfeed.file.WhenEmpty;
import io.outfeed.internal.ledger.AttemptLog;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.operation.Cancellation;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.JobQuery;
import io.outfeed.operation.JobStatus;
import io.outfeed.operation.JobSummary;
import io.outfeed.run.Attempt;
import io.outfeed.run.CoveredFires;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.SkipReason;
import io.outfeed.run.Waiting;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.Position;
import io.outfeed.store.FirePlan;
import io.outfeed.store.JobLock;
import io.outfeed.store.RunStep;
import io.outfeed.support.HookedDelivery;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One run, many attempts: what becomes of a run while something keeps it from its end. */
class AttemptsTest {

    private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

    @TempDir
    private Path directory;

    private final ExportSandbox sandbox = ExportSandbox.startingAt(START);
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final InMemoryDelivery riverside = InMemoryDelivery.create("riverside");
    private final ListSource<Visit> source = Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"));

    @AfterEach
    void close() {
        sandbox.close();
    }

    private ExportJob.Builder daily() {
        return daily(Visit.export(source, f -> f.name("visits-{sequence}-{fire:yyyyMMdd}.csv"))
                .build());
    }

    private ExportJob.Builder daily(ExportDefinition<Visit> visits) {
        return ExportJob.builder("visits", visits)
                .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .deliverTo(lakeside, riverside);
    }

    private static void refuse(InMemoryDelivery delivery, Operation operation, Failure failure, int times) {
        for (int i = 0; i < times; i++) {
            delivery.failNext(operation, failure);
        }
    }

    private List<ExportRun> runs() {
        return sandbox.engine().runs(RunQuery.ofJob("visits").limit(100)).runs();
    }

    private ExportRun run(long number) {
        return sandbox.engine().run(number).run();
    }

    private JobSummary summary() {
        return sandbox.engine().job("visits").summary();
    }

    private void write(long id, String note) {
        source.put(new Visit(id, note, sandbox.clock().instant()));
    }

    private static List<String> paths(InMemoryDelivery delivery) {
        return delivery.arrivals().stream().map(DeliveredFile::path).toList();
    }

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

    // ---- fires while a run waits

    @Test
    void should_plan_the_same_run_anew_after_a_fire_and_follow_it() {
        sandbox.add(daily().retryFor(Duration.ofDays(3)).build());
        refuse(riverside, Operation.OPEN, Failure.REFUSED, 33); // more than a day
        sandbox.advance(Duration.ofHours(8));
        assertThat(lakeside.temporaryNames()).as("it waits there").hasSize(1);
        write(2, "b");

        sandbox.advance(Duration.ofHours(23).plusMinutes(30)); // the fire at 07:00 has joined
        assertThat(runs()).hasSize(1);
        assertThat(run(1).coveredFires())
                .contains(new CoveredFires(START.plus(Duration.ofHours(7)), START.plus(Duration.ofHours(31)), 2));
    }

    @Test
    void should_count_a_fire_once_that_had_joined_when_the_process_ended_before_it_was_claimed() {
        sandbox.add(daily().retryFor(Duration.ofDays(3)).build());
        refuse(riverside, Operation.OPEN, Failure.REFUSED, 60);
        sandbox.advance(Duration.ofHours(8));
        FirePlan unclaimed = sandbox.store().firePlan("visits").orElseThrow();
        sandbox.advance(Duration.ofHours(24));
        Optional<FirePlan> claimed = sandbox.store().firePlan("visits");
        assertThat(sandbox.store().replaceFirePlan("visits", claimed, unclaimed))
                .isTrue();

        sandbox.restart();
        sandbox.advance(Duration.ofHours(1));

        assertThat(run(1).coveredFires()).map(CoveredFires::count).contains(2L);
        assertThat(sandbox.store().firePlan("visits")).isEqualTo(claimed);
    }

    @Test
    void should_deliver_the_later_window_under_the_same_number_and_sequence() {
        sandbox.add(daily().retryFor(Duration.ofDays(3)).build());
        refuse(riverside, Operation.OPEN, Failure.REFUSED, 33);
        sandbox.advance(Duration.ofHours(8));
        write(2, "b");

        sandbox.advance(Duration.ofHours(40));

        ExportRun first = run(1);
        assertThat(first.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(first.fireTime()).contains(START.plus(Duration.ofHours(31)));
        assertThat(first.sequence()).hasValue(1);
        assertThat(paths(lakeside)).containsExactly("visits-1-20260303.csv");
        assertThat(lakeside.file("visits-1-20260303.csv").lines()).containsExactly("id,note", "1,a", "2,b");
        assertThat(lakeside.temporaryNames()).as("the first upload").isEmpty();
        assertThat(first.litter()).isEmpty();
    }

    @Test
    void should_end_empty_when_nothing_is_left_to_deliver_after_it_was_planned_anew() {
        sandbox.add(daily(Visit.export(
                                source, f -> f.name("visits-{sequence}.csv").whenEmpty(WhenEmpty.NO_FILE))
                        .filter(visit -> !visit.note().equals("hidden"))
                        .build())
                .retryFor(Duration.ofDays(3))
                .build());
        refuse(riverside, Operation.OPEN, Failure.REFUSED, 33);
        sandbox.advance(Duration.ofHours(8));
        source.put(Visit.of(1, "hidden", "2026-02-01T00:00:00Z"));

        sandbox.advance(Duration.ofHours(36));
        assertThat(run(1).status()).isEqualTo(RunStatus.EMPTY);
        assertThat(run(1).sequence()).isEmpty();
        assertThat(lakeside.arrivals()).isEmpty();
        write(3, "c");
        sandbox.advance(Duration.ofDays(1));
        assertThat(paths(lakeside)).as("the sequence is unused").containsExactly("visits-1.csv");
    }

    @Test
    void should_not_apply_the_overlap_policy_to_a_run_that_waits() {
        sandbox.add(daily().schedulePolicy(p -> p.overlaps(OverlapPolicy.SKIP))
                .retryFor(Duration.ofDays(3))
                .build());
        refuse(lakeside, Operation.OPEN, Failure.REFUSED, 60);

        sandbox.advance(Duration.ofHours(32));

        assertThat(runs()).singleElement().satisfies(run -> {
            assertThat(run.status()).isEqualTo(RunStatus.WAITING);
            assertThat(run.coveredFires()).map(CoveredFires::count).contains(2L);
        });
    }

    @Test
    void should_keep_its_bytes_and_deliver_only_what_is_missing_if_no_fire_came() {
        sandbox.add(daily().build());
        refuse(riverside, Operation.OPEN, Failure.REFUSED, 2);
        sandbox.advance(Duration.ofHours(7));
        write(2, "b");
        source.put(Visit.of(1, "changed", "2026-02-01T00:00:00Z"));

        sandbox.advance(Duration.ofHours(1));

        assertThat(riverside.file("visits-1-20260302.csv").lines()).containsExactly("id,note", "1,a");
        assertThat(run(1).deliveries())
                .allSatisfy(step -> assertThat(step.uploads()).isEqualTo(1));
    }

    @Test
    void should_finish_a_published_run_first_and_run_once_for_the_fires_since() {
        sandbox.add(daily().build());
        refuse(riverside, Operation.PUBLISH, Failure.REFUSED, 90);
        sandbox.advance(Duration.ofHours(7));
        assertThat(run(1).publishing()).isTrue();
        for (int day = 1; day <= 3; day++) {
            write(day + 1, "day " + day);
            sandbox.advance(Duration.ofDays(1));
        }

        sandbox.advance(Duration.ofHours(20));

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(run(1).coveredFires()).map(CoveredFires::count).contains(1L);
        assertThat(runs()).hasSize(2);
        assertThat(run(2).coveredFires()).map(CoveredFires::count).contains(3L);
        assertThat(riverside.file("visits-2-20260305.csv").lines())
                .containsExactly("id,note", "2,day 1", "3,day 2", "4,day 3");
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

    /** Attempts in a row that the end of the process has ended; the last one is on record as in progress. */
    private void crash(int attempts) {
        Instant now = sandbox.clock().instant();
        try (JobLock lock = sandbox.store().tryLock("visits").orElseThrow()) {
            for (int i = 0; i < attempts; i++) {
                ExportRun before = run(1);
                ExportRun ended = AttemptLog.end(before, now, Attempt.Outcome.CRASHED, Optional.empty());
                RunStatus status = before.publishing() ? RunStatus.PUBLISHING : RunStatus.STAGED;
                ExportRun begun =
                        AttemptLog.begin(RunBuilder.of(ended).status(status).build(), now);
                assertThat(sandbox.store().append(lock, RunStep.next(before, begun)))
                        .isTrue();
            }
        }
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

    // ---- changed meanwhile

    @Test
    void should_plan_an_unpublished_run_anew_when_the_job_has_changed() {
        sandbox.add(daily().build());
        refuse(riverside, Operation.OPEN, Failure.REFUSED, 2);
        sandbox.advance(Duration.ofHours(7));

        sandbox.add(daily(Visit.export(source, f -> f.name("visits-{sequence}-{fire:yyyyMMdd}.csv"))
                        .fields(f -> f.field("identity", Visit::id))
                        .build())
                .build());
        sandbox.advance(Duration.ofHours(1));

        assertThat(runs()).hasSize(1);
        assertThat(riverside.file("visits-1-20260302.csv").lines()).containsExactly("identity", "1");
        assertThat(lakeside.file("visits-1-20260302.csv").lines()).containsExactly("identity", "1");
        assertThat(lakeside.temporaryNames()).isEmpty();
    }

    @Test
    void should_send_its_own_bytes_when_the_job_has_changed_after_a_part_was_published() {
        sandbox.add(daily().build());
        refuse(riverside, Operation.PUBLISH, Failure.REFUSED, 1);
        sandbox.advance(Duration.ofHours(7));

        sandbox.add(daily(Visit.export(source, f -> f.name("visits-{sequence}-{fire:yyyyMMdd}.csv"))
                        .fields(f -> f.field("identity", Visit::id))
                        .build())
                .build());
        sandbox.advance(Duration.ofHours(1));

        assertThat(riverside.file("visits-1-20260302.csv").lines()).containsExactly("id,note", "1,a");
    }

    @Test
    void should_keep_the_bytes_of_a_released_run_whatever_has_changed() {
        sandbox.add(
                daily().holdIf((staged, before) -> Optional.of("look at it")).build());
        sandbox.advance(Duration.ofHours(7));
        refuse(riverside, Operation.OPEN, Failure.REFUSED, 40);
        sandbox.add(daily(Visit.export(source, f -> f.name("visits-{sequence}-{fire:yyyyMMdd}.csv"))
                        .fields(f -> f.field("identity", Visit::id))
                        .build())
                .retryFor(Duration.ofDays(3))
                .build());
        assertThatThrownBy(() -> sandbox.engine().run(1).release()).isInstanceOf(DeliveryException.class);

        sandbox.advance(Duration.ofHours(40)); // with a fire in between

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(run(1).released()).isTrue();
        assertThat(riverside.file("visits-1-20260302.csv").lines()).containsExactly("id,note", "1,a");
        assertThat(run(2).coveredFires()).map(CoveredFires::count).contains(1L);
    }

    @Test
    void should_skip_fires_while_a_run_is_held() {
        sandbox.add(
                daily().holdIf((staged, before) -> Optional.of("look at it")).build());

        sandbox.advance(Duration.ofHours(7 + 24));

        assertThat(runs().get(0).skipReason()).contains(SkipReason.HELD);
        assertThat(summary().status()).isEqualTo(JobStatus.HELD);
    }

    // ---- operations on a run that waits

    @Test
    void should_make_the_next_attempt_by_runNow() {
        JobHandle job = sandbox.add(daily().build());
        refuse(riverside, Operation.OPEN, Failure.REFUSED, 1);
        sandbox.advance(Duration.ofHours(7));

        ExportRun run = job.runNow();

        assertThat(run.number()).isEqualTo(1);
        assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(run.attemptCount()).isEqualTo(2);
    }

    @Test
    void should_export_the_rest_by_runNow_when_a_published_run_is_finished() {
        JobHandle job = sandbox.add(daily().build());
        refuse(riverside, Operation.PUBLISH, Failure.REFUSED, 1);
        sandbox.advance(Duration.ofHours(7));
        write(2, "b");
        sandbox.clock().advance(Duration.ofSeconds(1));

        ExportRun next = job.runNow();

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(next.number()).isEqualTo(2);
        assertThat(next.rows()).isEqualTo(1);
        assertThat(riverside.arrivals())
                .extracting(DeliveredFile::run, DeliveredFile::lines)
                .containsExactly(tuple(1L, List.of("id,note", "1,a")), tuple(2L, List.of("id,note", "2,b")));
    }

    @Test
    void should_cancel_a_run_that_waits_and_export_its_window_next_time() {
        sandbox.add(daily().build());
        refuse(riverside, Operation.OPEN, Failure.REFUSED, 1);
        sandbox.advance(Duration.ofHours(7));

        assertThat(sandbox.engine().run(1).cancel("not today")).isEqualTo(Cancellation.CANCELLED);

        assertThat(run(1).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(lakeside.temporaryNames()).isEmpty();
        assertThat(sandbox.engine().run(1).cancel("again")).isEqualTo(Cancellation.TOO_LATE);
        sandbox.advance(Duration.ofDays(1));
        assertThat(lakeside.file("visits-1-20260303.csv").lines()).containsExactly("id,note", "1,a");
    }

    @Test
    void should_cancel_a_run_in_progress_before_its_first_file_is_visible() {
        ExportEngine engine = sandbox.engine();
        HookedDelivery cancelling = new HookedDelivery(
                lakeside,
                HookedDelivery.Point.AFTER_PREPARE,
                () -> assertThat(engine.run(1).cancel("stop")).isEqualTo(Cancellation.REQUESTED));
        JobHandle job = sandbox.add(ExportJob.builder("visits", Visit.export(source))
                .deliverTo(cancelling, riverside)
                .build());

        ExportRun run = job.runNow();

        assertThat(run.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(run.deliveries())
                .extracting(FileDelivery::uploads)
                .as("it notices before the next upload")
                .containsExactly(1, 0);
        assertThat(lakeside.arrivals()).isEmpty();
        assertThat(lakeside.temporaryNames()).isEmpty();
        assertThat(job.position("visits")).isEmpty();
    }

    @Test
    void should_cancel_a_run_in_progress_that_has_uploaded_everything() {
        ExportEngine engine = sandbox.engine();
        HookedDelivery cancelling = new HookedDelivery(
                lakeside,
                HookedDelivery.Point.AFTER_PREPARE,
                () -> assertThat(engine.run(1).cancel("stop")).isEqualTo(Cancellation.REQUESTED));
        JobHandle job = sandbox.add(ExportJob.builder("visits", Visit.export(source))
                .deliverTo(cancelling)
                .build());

        assertThat(job.runNow().status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(lakeside.arrivals()).isEmpty();
    }

    @Test
    void should_cancel_a_run_whose_process_has_ended_before_it_noticed() {
        sandbox.add(daily().build());
        refuse(riverside, Operation.OPEN, Failure.REFUSED, 1);
        sandbox.advance(Duration.ofHours(7));
        crash(1);
        assertThat(sandbox.store().requestCancel(1, "stop")).isTrue();

        sandbox.restart();
        sandbox.advance(Duration.ofSeconds(1));

        assertThat(run(1).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(run(1).attemptCount()).as("no further attempt").isEqualTo(2);
        assertThat(riverside.arrivals()).isEmpty();
        assertThat(lakeside.temporaryNames()).isEmpty();
    }

    @Test
    void should_be_too_late_to_cancel_when_a_file_may_be_visible() {
        ExportEngine engine = sandbox.engine();
        HookedDelivery cancelling = new HookedDelivery(
                lakeside,
                HookedDelivery.Point.BEFORE_PUBLISH,
                () -> assertThat(engine.run(1).cancel("stop")).isEqualTo(Cancellation.TOO_LATE));
        JobHandle job = sandbox.add(ExportJob.builder("visits", Visit.export(source))
                .deliverTo(cancelling)
                .build());

        assertThat(job.runNow().status()).isEqualTo(RunStatus.COMMITTED);
    }

    @Test
    void should_discard_an_unpublished_run_when_a_position_is_set_and_refuse_it_after_a_part_was_published() {
        JobHandle job = sandbox.add(daily().build());
        refuse(riverside, Operation.OPEN, Failure.REFUSED, 1);
        sandbox.advance(Duration.ofHours(7));

        job.resetPosition("visits", Position.of(START), "the receiver has the rest");

        assertThat(run(1).status()).isEqualTo(RunStatus.DISCARDED);
        assertThat(lakeside.temporaryNames()).isEmpty();
        refuse(riverside, Operation.PUBLISH, Failure.REFUSED, 1);
        write(2, "b");
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        assertThatThrownBy(() -> job.resetPosition("visits", Position.of(START), "again"))
                .isInstanceOf(AlreadyRunningException.class);
    }

    // ---- delivery window

    @Test
    void should_publish_within_the_delivery_window_and_be_neither_failed_nor_delayed_before() {
        sandbox.add(daily().deliverBetween(LocalTime.of(9, 0), LocalTime.of(10, 0), ZoneOffset.UTC)
                .build());

        sandbox.advance(Duration.ofHours(8));

        assertThat(run(1).waiting())
                .contains(new Waiting(START.plus(Duration.ofHours(9)), Waiting.Cause.DELIVERY_WINDOW));
        assertThat(run(1).attempts()).extracting(Attempt::outcome).containsExactly(Attempt.Outcome.POSTPONED);
        assertThat(summary().status()).isEqualTo(JobStatus.IN_PROGRESS);
        assertThat(summary().delay()).isEmpty();
        assertThat(run(1).publishing()).isFalse();
        assertThat(lakeside.arrivals()).isEmpty();
        sandbox.advance(Duration.ofHours(1));
        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(run(1).failingSince()).isEmpty();
        assertThat(sandbox.events(RunEvent.class)).noneMatch(RunEvent::alarm);
    }

    @Test
    void should_not_begin_at_another_destination_when_the_window_has_closed() {
        HookedDelivery slow = new HookedDelivery(
                lakeside,
                HookedDelivery.Point.AFTER_PUBLISH,
                () -> sandbox.clock().advance(Duration.ofHours(2)));
        sandbox.add(ExportJob.builder("visits", Visit.export(source))
                .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .deliverTo(slow, riverside)
                .deliverBetween(LocalTime.of(7, 0), LocalTime.of(8, 0), ZoneOffset.UTC)
                .build());

        sandbox.advance(Duration.ofHours(7));

        assertThat(paths(lakeside)).containsExactly("visits-1.csv");
        assertThat(riverside.arrivals()).isEmpty();
        assertThat(run(1).waiting()).map(Waiting::cause).contains(Waiting.Cause.DELIVERY_WINDOW);
        sandbox.advance(Duration.ofHours(24));
        assertThat(paths(riverside)).startsWith("visits-1.csv");
    }

    private ExportJob.Builder fromSevenToEight(Delivery delivery) {
        return ExportJob.builder("visits", Visit.export(source))
                .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .controlFiles(c -> c.doneFile("{file}.done"))
                .deliverTo(delivery)
                .deliverBetween(LocalTime.of(7, 0), LocalTime.of(8, 0), ZoneOffset.UTC);
    }

    @Test
    void should_finish_a_destination_that_was_begun_when_the_window_closes() {
        sandbox.add(fromSevenToEight(new HookedDelivery(
                        lakeside,
                        HookedDelivery.Point.AFTER_PUBLISH,
                        () -> sandbox.clock().advance(Duration.ofHours(2))))
                .build());

        sandbox.advance(Duration.ofHours(7));

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(paths(lakeside)).containsExactly("visits-1.csv", "visits-1.csv.done");
    }

    @Test
    void should_finish_it_in_a_later_attempt_too() {
        sandbox.add(fromSevenToEight(new HookedDelivery(lakeside, HookedDelivery.Point.AFTER_PUBLISH, () -> {
                    sandbox.clock().advance(Duration.ofHours(2));
                    lakeside.failNext(Operation.PUBLISH, Failure.REFUSED);
                }))
                .build());
        sandbox.advance(Duration.ofHours(7));
        assertThat(run(1).waiting()).map(Waiting::cause).contains(Waiting.Cause.BACKOFF);

        sandbox.advance(Duration.ofHours(3));

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(paths(lakeside)).containsExactly("visits-1.csv", "visits-1.csv.done");
    }

    @Test
    void should_not_show_a_job_as_delayed_that_only_waits_for_its_window_after_a_failure() {
        sandbox.add(daily().deliverBetween(LocalTime.of(9, 0), LocalTime.of(10, 0), ZoneOffset.UTC)
                .build());
        refuse(lakeside, Operation.OPEN, Failure.REFUSED, 1);
        sandbox.advance(Duration.ofHours(7));
        assertThat(summary().status()).isEqualTo(JobStatus.DELAYED);

        sandbox.advance(Duration.ofMinutes(30));

        assertThat(run(1).waiting()).map(Waiting::cause).contains(Waiting.Cause.DELIVERY_WINDOW);
        assertThat(summary().status()).isEqualTo(JobStatus.IN_PROGRESS);
        assertThat(summary().delay()).isEmpty();
    }

    // ---- truth for operators

    @Test
    void should_show_a_job_that_owes_a_file_as_delayed_with_since_cause_and_next_step() {
        sandbox.add(daily().build());
        refuse(riverside, Operation.PUBLISH, Failure.REFUSED_FOR_GOOD, 60);

        sandbox.advance(Duration.ofDays(2));

        JobSummary summary = summary();
        assertThat(summary.status()).isEqualTo(JobStatus.DELAYED);
        assertThat(sandbox.engine().jobs(JobQuery.all().status(JobStatus.DELAYED)))
                .hasSize(1);
        assertThat(summary.delay()).hasValueSatisfying(delay -> {
            assertThat(delay.run()).isEqualTo(1);
            assertThat(delay.since()).isEqualTo(START.plus(Duration.ofHours(7)));
            assertThat(delay.failure().code()).isEqualTo(FailureCode.DESTINATION_REFUSED);
            assertThat(delay.next()).map(Waiting::cause).contains(Waiting.Cause.PERSON);
        });
        assertThat(summary.nextFire()).as("never in the past").contains(START.plus(Duration.ofHours(2 * 24 + 7)));
    }

    @Test
    void should_not_show_a_disabled_job_as_delayed_whose_run_has_published_nothing() {
        sandbox.add(daily().build());
        refuse(riverside, Operation.OPEN, Failure.REFUSED, 2);
        sandbox.advance(Duration.ofHours(7));

        sandbox.add(daily().disabled("the contract has ended").build());
        sandbox.advance(Duration.ofDays(2));

        assertThat(summary().status()).isEqualTo(JobStatus.DISABLED);
        assertThat(run(1).status()).isEqualTo(RunStatus.WAITING);
        assertThat(run(1).attemptCount()).isEqualTo(1);
        sandbox.add(daily().build());
        sandbox.advance(Duration.ofDays(1));
        assertThat(run(1).status().ended()).isTrue();
    }

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
