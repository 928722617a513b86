package io.outfeed.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportJob;
import io.outfeed.RunGuard;
import io.outfeed.StartFrom;
import io.outfeed.error.AlreadyRunningException;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.NoSuchJobException;
import io.outfeed.event.JobPausedEvent;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunLogEntry;
import io.outfeed.run.RunPage;
import io.outfeed.run.RunPhase;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.schedule.Frequency;
import io.outfeed.schedule.Schedule;
import io.outfeed.support.HookedDelivery;
import io.outfeed.support.Runs;
import io.outfeed.support.Visit;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a person sees and steers of jobs. */
class JobOperationTest {

    private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
    private static final Schedule DAILY = Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC);

    private final ExportSandbox sandbox = ExportSandbox.startingAt(START);
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source = Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"));

    @AfterEach
    void close() {
        sandbox.close();
    }

    private ExportJob.Builder job(String name) {
        return ExportJob.builder(
                        name,
                        Visit.export(source, f -> f.name("{job}-{sequence}.csv"))
                                .build())
                .deliverTo(lakeside);
    }

    private JobHandle daily() {
        return sandbox.add(job("visits").schedule(DAILY).build());
    }

    private void failNext() {
        lakeside.failNext(Operation.PREPARE, Failure.REFUSED_FOR_GOOD);
    }

    private static List<String> names(List<JobSummary> jobs) {
        return jobs.stream().map(summary -> summary.job().name()).toList();
    }

    private List<Long> numbers(RunQuery query) {
        return sandbox.engine().runs(query).runs().stream()
                .map(ExportRun::number)
                .toList();
    }

    // ---- pause and resume

    @Test
    void should_not_run_while_paused_and_make_up_once_when_resumed() {
        JobHandle job = daily();
        sandbox.advance(Duration.ofDays(1));

        job.pause("the receiver moves");
        sandbox.advance(Duration.ofDays(3));

        assertThat(Runs.newest(sandbox.engine(), job, 10)).hasSize(1);
        assertThat(job.nextFire()).isEmpty();
        assertThat(job.summary().status()).isEqualTo(JobStatus.PAUSED);
        assertThat(job.summary().pause())
                .contains(new JobPause(
                        JobPause.By.OPERATOR, "the receiver moves", Instant.parse("2026-03-03T00:00:00Z")));

        job.resume();
        sandbox.advance(Duration.ofMinutes(1));

        assertThat(Runs.newest(sandbox.engine(), job, 10)).hasSize(2).first().satisfies(run -> {
            assertThat(run.fireTime()).contains(Instant.parse("2026-03-05T07:00:00Z"));
            assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        });
        assertThat(job.summary().status()).isEqualTo(JobStatus.SUCCESS);
        assertThat(job.nextFire()).contains(Instant.parse("2026-03-06T07:00:00Z"));
        sandbox.advance(Duration.ofDays(1));
        assertThat(Runs.newest(sandbox.engine(), job, 10)).hasSize(3);
    }

    @Test
    void should_stay_paused_over_a_restart_and_a_change() {
        daily().pause("the receiver moves");
        sandbox.restart();
        JobHandle job = sandbox.engine().job("visits");
        sandbox.advance(Duration.ofDays(2));

        sandbox.add(job.job().toBuilder()
                .schedule(Schedule.daily(LocalTime.of(9, 0), ZoneOffset.UTC))
                .build());
        sandbox.advance(Duration.ofDays(2));

        assertThat(Runs.newest(sandbox.engine(), job, 10)).isEmpty();
        assertThat(job.summary().status()).isEqualTo(JobStatus.PAUSED);
        job.resume();
        sandbox.advance(Duration.ofDays(1));
        assertThat(Runs.newest(sandbox.engine(), job, 1).get(0).fireTime())
                .contains(Instant.parse("2026-03-06T09:00:00Z"));
    }

    @Test
    void should_run_when_asked_although_it_is_paused() {
        JobHandle job = daily();
        job.pause("the receiver moves");

        assertThat(job.runNow().status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(job.summary().status()).isEqualTo(JobStatus.PAUSED);
        assertThat(job.summary().lastOutcome().map(ExportRun::number)).contains(1L);
    }

    @Test
    void should_finish_a_started_publication_although_it_is_paused() {
        JobHandle job = daily();
        lakeside.failNext(Operation.PUBLISH, Failure.REFUSED);
        sandbox.advance(Duration.ofHours(7).plusMinutes(1));
        assertThat(job.summary().status()).isEqualTo(JobStatus.DELAYED);

        job.pause("the receiver moves");
        sandbox.advance(Duration.ofHours(1));

        assertThat(Runs.newest(sandbox.engine(), job, 10))
                .singleElement()
                .satisfies(run -> assertThat(run.status()).isEqualTo(RunStatus.COMMITTED));
        assertThat(lakeside.file("visits-1.csv").lines()).hasSize(2);
    }

    @Test
    void should_need_a_reason_and_notify_once() {
        JobHandle job = daily();

        assertThatThrownBy(() -> job.pause(" "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("say why the job is paused: the reason is shown with the pause");
        job.resume();
        job.pause("first");
        job.pause("second");

        assertThat(job.summary().pause().map(JobPause::reason)).contains("first");
        assertThat(sandbox.events(JobPausedEvent.class))
                .singleElement()
                .hasToString("job 'visits' is paused: first; resume() resumes it");
        assertThat(sandbox.events(JobPausedEvent.class).get(0).alarm()).isFalse();
    }

    @Test
    void should_not_run_by_schedule_while_the_code_disables_it() {
        JobHandle job = sandbox.add(
                job("visits").schedule(DAILY).disabled("not agreed yet").build());
        sandbox.advance(Duration.ofDays(2));

        assertThat(Runs.newest(sandbox.engine(), job, 10)).isEmpty();
        assertThat(job.summary().status()).isEqualTo(JobStatus.DISABLED);
        assertThat(job.summary().nextFire()).isEmpty();
        job.resume();
        sandbox.advance(Duration.ofDays(1));
        assertThat(Runs.newest(sandbox.engine(), job, 10)).isEmpty();

        sandbox.add(job.job().toBuilder().enabled().build());
        sandbox.advance(Duration.ofMinutes(1));
        assertThat(Runs.newest(sandbox.engine(), job, 10))
                .singleElement()
                .satisfies(run -> assertThat(run.fireTime()).contains(Instant.parse("2026-03-04T07:00:00Z")));
    }

    // ---- failures in a row

    @Test
    void should_pause_after_so_many_failures_in_a_row() {
        JobHandle job = sandbox.add(job("visits")
                .schedule(DAILY)
                .retryFor(Duration.ZERO)
                .pauseAfterFailures(3)
                .build());
        failNext();
        failNext();
        sandbox.advance(Duration.ofDays(3)); // two failures, and a success
        assertThat(job.summary().failuresInARow()).isZero();
        for (int i = 0; i < 9; i++) {
            failNext();
        }

        sandbox.advance(Duration.ofDays(10));

        assertThat(Runs.newest(sandbox.engine(), job, 100)).hasSize(6);
        JobSummary summary = job.summary();
        assertThat(summary.status()).isEqualTo(JobStatus.PAUSED);
        assertThat(summary.failuresInARow()).isEqualTo(3);
        assertThat(summary.pause())
                .contains(new JobPause(
                        JobPause.By.FAILURES,
                        "3 runs in a row have failed, the last one is run 6",
                        Instant.parse("2026-03-07T07:00:00Z")));
        assertThat(sandbox.events(JobPausedEvent.class)).hasSize(1).allMatch(JobPausedEvent::alarm);
    }

    @Test
    void should_count_from_zero_when_it_is_resumed() {
        JobHandle job = sandbox.add(job("visits")
                .schedule(DAILY)
                .retryFor(Duration.ZERO)
                .pauseAfterFailures(2)
                .build());
        for (int i = 0; i < 3; i++) {
            failNext();
        }
        sandbox.advance(Duration.ofDays(5));
        assertThat(Runs.newest(sandbox.engine(), job, 100)).hasSize(2);

        job.resume();
        sandbox.advance(Duration.ofMinutes(1)); // fails, and may go on

        assertThat(job.summary().status()).isEqualTo(JobStatus.FAILED);
        assertThat(job.summary().failuresInARow()).isEqualTo(1);
        sandbox.advance(Duration.ofDays(1));
        assertThat(job.summary().status()).isEqualTo(JobStatus.SUCCESS);
        assertThat(job.summary().failuresInARow()).isZero();
    }

    @Test
    void should_continue_after_any_failure_by_default() {
        JobHandle job = sandbox.add(
                job("visits").schedule(DAILY).retryFor(Duration.ZERO).build());
        for (int i = 0; i < 20; i++) {
            failNext();
        }

        sandbox.advance(Duration.ofDays(20));

        assertThat(Runs.newest(sandbox.engine(), job, 100)).hasSize(20);
        assertThat(job.summary().failuresInARow()).isEqualTo(20);
        assertThat(job.summary().status()).isEqualTo(JobStatus.FAILED);
    }

    // ---- lists

    @Test
    void should_list_jobs_by_name_frequency_and_status() {
        sandbox.add(job("Zoo-daily").schedule(DAILY).build());
        sandbox.add(job("lakeside-weekly")
                .schedule(Schedule.weekly(DayOfWeek.MONDAY, LocalTime.of(6, 0), ZoneOffset.UTC))
                .build());
        sandbox.add(job("asked-only").description("for the auditors").build()).runNow();
        failNext();
        assertThatThrownBy(sandbox.add(job("failing").retryFor(Duration.ZERO).build())::runNow)
                .isInstanceOf(DeliveryException.class);

        assertThat(names(sandbox.engine().jobs(JobQuery.all())))
                .containsExactly("asked-only", "failing", "lakeside-weekly", "Zoo-daily");
        assertThat(names(sandbox.engine().jobs(JobQuery.all().nameContains("LY"))))
                .containsExactly("asked-only", "lakeside-weekly", "Zoo-daily");
        assertThat(names(sandbox.engine().jobs(JobQuery.all().frequency(Frequency.WEEKLY, Frequency.ONCE))))
                .containsExactly("lakeside-weekly");
        assertThat(names(sandbox.engine().jobs(JobQuery.all().status(JobStatus.YET_TO_EXECUTE))))
                .containsExactly("lakeside-weekly", "Zoo-daily");
        assertThat(names(sandbox.engine().jobs(JobQuery.all().status(JobStatus.FAILED))))
                .containsExactly("failing");
        assertThat(names(sandbox.engine().jobs(JobQuery.all().limit(2)))).containsExactly("asked-only", "failing");
        assertThat(names(sandbox.engine().jobs(JobQuery.all().limit(2).after("failing"))))
                .containsExactly("lakeside-weekly", "Zoo-daily");

        JobSummary asked = sandbox.engine().jobs(JobQuery.all()).get(0);
        assertThat(asked.job().description()).isEqualTo("for the auditors");
        assertThat(asked.frequency()).isEmpty();
        assertThat(asked.lastOutcome().map(ExportRun::status)).contains(RunStatus.COMMITTED);
        assertThat(sandbox.engine().jobs(JobQuery.all()).get(3).nextFire())
                .contains(Instant.parse("2026-03-02T07:00:00Z"));
    }

    @Test
    void should_show_a_held_run() {
        JobHandle job =
                sandbox.add(job("visits").holdIf(RunGuard.moreRowsThan(0)).build());
        assertThat(job.summary().status()).isEqualTo(JobStatus.YET_TO_EXECUTE);

        job.runNow();

        assertThat(job.summary().status()).isEqualTo(JobStatus.HELD);
        assertThat(job.summary().current().map(ExportRun::number)).contains(1L);
        sandbox.engine().run(1).discard();
        assertThat(job.summary().status()).isEqualTo(JobStatus.YET_TO_EXECUTE);
    }

    @Test
    void should_list_runs_page_by_page() {
        JobHandle job = sandbox.add(job("visits").build());
        sandbox.add(job("other").build()).runNow();
        for (int i = 0; i < 5; i++) {
            job.runNow();
        }

        RunPage first = sandbox.engine().runs(RunQuery.ofJob("visits").limit(2));
        job.runNow();
        RunPage second = sandbox.engine().runs(first.next().orElseThrow());
        RunPage third = sandbox.engine().runs(second.next().orElseThrow());

        assertThat(first.runs()).extracting(ExportRun::number).containsExactly(6L, 5L);
        assertThat(second.runs()).extracting(ExportRun::number).containsExactly(4L, 3L);
        assertThat(third.runs()).extracting(ExportRun::number).containsExactly(2L);
        assertThat(third.next()).isEmpty();
        assertThat(numbers(RunQuery.all().trigger(Trigger.SCHEDULED))).isEmpty();
        assertThat(numbers(RunQuery.all().limit(Integer.MAX_VALUE))).containsExactly(7L, 6L, 5L, 4L, 3L, 2L, 1L);
    }

    @Test
    void should_log_each_phase_of_a_run() {
        daily();
        lakeside.failNext(Operation.PUBLISH, Failure.REFUSED);

        sandbox.advance(Duration.ofDays(1));

        List<RunLogEntry> log = sandbox.engine().run(1).run().log();
        assertThat(log)
                .extracting(RunLogEntry::phase)
                .containsExactly(
                        RunPhase.PLANNED,
                        RunPhase.STAGED,
                        RunPhase.PREPARED,
                        RunPhase.FAILED,
                        RunPhase.PUBLISHED,
                        RunPhase.ENDED);
        assertThat(log.get(1)).hasToString("2026-03-02T07:00:00Z STAGED, 1 rows, 14 bytes");
        assertThat(log.get(3).delivery()).contains("lakeside");
        assertThat(log.get(3).failure().map(failure -> failure.type())).contains("DeliveryException");
        assertThat(log.get(4))
                .isEqualTo(new RunLogEntry(
                        log.get(4).at(), RunPhase.PUBLISHED, Optional.of("lakeside"), 1, 14, 1, Optional.empty()));
    }

    @Test
    void should_keep_the_first_and_the_last_failures_of_a_long_trouble() {
        JobHandle job = daily();
        for (int i = 0; i < 1_000; i++) {
            lakeside.failNext(Operation.PUBLISH, Failure.REFUSED);
        }

        sandbox.advance(Duration.ofDays(5));

        ExportRun run = Runs.newest(sandbox.engine(), job, 1).get(0);
        assertThat(run.attemptCount()).isGreaterThan(100);
        assertThat(run.log()).hasSize(100);
        assertThat(run.log().get(10).at()).isBefore(START.plus(Duration.ofDays(1)));
        assertThat(run.log().get(99).at()).isAfter(START.plus(Duration.ofDays(4)));
    }

    // ---- change, copy and removal

    @Test
    void should_keep_history_and_position_when_it_is_changed() {
        JobHandle job = daily();
        sandbox.advance(Duration.ofDays(1));
        source.put(Visit.of(2, "b", "2026-03-02T12:00:00Z"));
        InMemoryDelivery riverside = InMemoryDelivery.create("riverside");

        sandbox.add(ExportJob.builder("visits", job.job().definitions().get(0))
                .deliverTo(riverside)
                .build());
        ExportRun run = job.runNow();

        assertThat(run.sequence()).hasValue(2);
        assertThat(riverside.file("visits-2.csv").lines()).containsExactly("id,note", "2,b");
        assertThat(lakeside.files()).hasSize(1);
        assertThat(Runs.newest(sandbox.engine(), job, 10)).hasSize(2);
        assertThat(job.nextFire()).isEmpty();
    }

    @Test
    void should_copy_a_job_with_positions_of_its_own() {
        JobHandle job = daily();
        job.runNow();
        sandbox.clock().advance(Duration.ofHours(1));
        InMemoryDelivery riverside = InMemoryDelivery.create("riverside");

        JobHandle all = sandbox.add(job.job().toBuilder("visits-riverside", StartFrom.beginning())
                .deliverTo(riverside)
                .build());
        JobHandle fromNow = sandbox.add(job.job().toBuilder("visits-new", StartFrom.now())
                .deliverTo(InMemoryDelivery.create("new"))
                .build());

        assertThat(all.runNow().rows()).isEqualTo(1);
        assertThat(fromNow.runNow().rows()).isZero();
        assertThat(all.job().schedule()).isEqualTo(job.job().schedule());
        assertThat(Runs.newest(sandbox.engine(), job, 10)).hasSize(1);
    }

    @Test
    void should_keep_history_of_a_removed_job_and_continue_when_it_is_added_again() {
        JobHandle job = daily();
        sandbox.advance(Duration.ofDays(1));

        sandbox.engine().remove("visits", History.KEEP);
        sandbox.advance(Duration.ofDays(3));

        assertThat(sandbox.engine().jobs(JobQuery.all())).isEmpty();
        assertThatThrownBy(job::runNow).isInstanceOf(NoSuchJobException.class);
        assertThat(sandbox.engine().orphanedJobs()).containsExactly("visits");
        assertThat(numbers(RunQuery.ofJob("visits"))).containsExactly(1L);
        assertThat(sandbox.engine().run(1).open("visits-1.csv")).isNotEmpty();

        daily();
        assertThat(job.nextFire()).as("nothing is made up for").contains(Instant.parse("2026-03-06T07:00:00Z"));
        assertThat(job.runNow().sequence()).hasValue(2);
    }

    @Test
    void should_start_from_scratch_after_history_was_purged() {
        JobHandle job = daily();
        sandbox.advance(Duration.ofDays(2));
        lakeside.takeAll();
        job.pause("for ever");

        sandbox.engine().remove("visits", History.PURGE);

        assertThat(sandbox.engine().orphanedJobs()).isEmpty();
        assertThat(numbers(RunQuery.all())).isEmpty();
        assertThatThrownBy(() -> sandbox.engine().run(1)).isInstanceOf(NoSuchJobException.class);
        ExportRun again = daily().runNow();
        assertThat(again.number()).isEqualTo(3);
        assertThat(again.sequence()).hasValue(1);
        assertThat(again.rows()).isEqualTo(1);
        assertThat(job.summary().pause()).isEmpty();
    }

    @Test
    void should_purge_a_job_that_is_not_added_any_more() {
        daily().runNow();
        sandbox.restartWithoutJobs();

        sandbox.engine().remove("visits", History.PURGE);

        assertThat(sandbox.engine().orphanedJobs()).isEmpty();
        assertThatThrownBy(() -> sandbox.engine().remove("visits", History.PURGE))
                .isInstanceOf(NoSuchJobException.class);
    }

    @Test
    void should_not_remove_what_has_yet_to_be_ended() {
        JobHandle job = sandbox.add(job("visits").build());
        lakeside.failNext(Operation.PUBLISH, Failure.REFUSED);
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);

        assertThatThrownBy(() -> sandbox.engine().remove("visits", History.PURGE))
                .isInstanceOf(AlreadyRunningException.class)
                .hasMessage(
                        "run 1 of job 'visits': WAITING is not finished: let it finish, or give it up before the job"
                                + " is removed (job=visits, run=1)");
        assertThat(Runs.newest(sandbox.engine(), job, 10)).hasSize(1);
        sandbox.engine().run(1).giveUp("the receiver has closed");
        sandbox.engine().remove("visits", History.KEEP);
        assertThat(sandbox.engine().jobs(JobQuery.all())).isEmpty();
    }

    @Test
    void should_not_remove_a_job_that_runs_and_not_run_it_twice() {
        List<String> refused = new ArrayList<>();
        JobHandle job = sandbox.add(ExportJob.builder("visits", Visit.export(source))
                .deliverTo(new HookedDelivery(lakeside, HookedDelivery.Point.BEFORE_PUBLISH, () -> {
                    assertThatThrownBy(() -> sandbox.engine().remove("visits", History.PURGE))
                            .isInstanceOf(AlreadyRunningException.class)
                            .satisfies(e -> refused.add("" + e.getMessage()));
                    assertThatThrownBy(() -> sandbox.engine().job("visits").runNow())
                            .isInstanceOf(AlreadyRunningException.class);
                    assertThat(sandbox.engine().job("visits").summary().status())
                            .isEqualTo(JobStatus.IN_PROGRESS);
                }))
                .build());

        job.runNow();

        assertThat(refused).containsOnly("job 'visits' has a run in progress: wait until it has ended (job=visits)");
        assertThat(Runs.newest(sandbox.engine(), job, 10)).hasSize(1);
    }

    @Test
    void should_cover_the_window_of_a_failed_run_from_the_last_success() {
        JobHandle job = sandbox.add(job("visits").build());
        ExportRun first = job.runNow();
        sandbox.clock().advance(Duration.ofHours(1));
        source.put(Visit.of(3, "c", "2026-03-02T00:30:00Z"));
        failNext();
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        sandbox.clock().advance(Duration.ofHours(1));

        ExportRun again = job.runNow();

        assertThat(again.windows().get("visits"))
                .satisfies(window -> assertThat(window.from())
                        .isEqualTo(first.windows().values().iterator().next().until()));
        assertThat(again.sequence()).hasValue(2);
        assertThat(lakeside.file("visits-2.csv").lines()).containsExactly("id,note", "3,c");
    }
}
