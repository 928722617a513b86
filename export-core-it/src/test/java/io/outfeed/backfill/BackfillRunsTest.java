package io.outfeed.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.backfill.BackfillProgress.Status;
import io.outfeed.delivery.Delivery;
import io.outfeed.operation.Cancellation;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.JobStatus;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.Position;
import io.outfeed.support.FaultPlan;
import io.outfeed.support.FaultPlan.Fault;
import io.outfeed.support.HookedDelivery;
import io.outfeed.support.HookedDelivery.Point;
import io.outfeed.support.SandboxFixture;
import io.outfeed.support.SimulatedHost;
import io.outfeed.support.SimulatedProcess;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The chunks of a backfill, beside the runs of the schedule. */
class BackfillRunsTest extends SandboxFixture {

    private static final Instant FEBRUARY = Instant.parse("2026-02-01T00:00:00Z");
    private static final Backfill FOUR_DAYS =
            Backfill.of("visits", FEBRUARY, FEBRUARY.plus(Duration.ofDays(4))).inChunksOf(Duration.ofDays(1));

    @BeforeEach
    void putVisits() {
        for (int day = 0; day < 4; day++) {
            source.put(Visit.of(day + 1, "day " + day, "2026-02-0" + (day + 1) + "T12:00:00Z"));
        }
    }

    private ExportJob.Builder visits(Delivery... deliveries) {
        return ExportJob.builder("visits", Visit.export(source))
                .schedule(Schedule.daily(LocalTime.of(6, 0), ZoneOffset.UTC))
                .deliverTo(deliveries);
    }

    /** The job, whose second field fails without a note. */
    private ExportJob.Builder visitsWithNotes() {
        return ExportJob.builder(
                        "visits",
                        ExportDefinition.builder("visits", Visit.class)
                                .source(source)
                                .recordKey(Visit::id)
                                .watermark(Watermark.timestamp(Visit::updatedAt, Duration.ZERO))
                                .fields(f -> f.field("id", Visit::id).field("note", BackfillRunsTest::note))
                                .file(f -> f.name("visits-{sequence}.csv"))
                                .build())
                .schedule(Schedule.daily(LocalTime.of(6, 0), ZoneOffset.UTC))
                .deliverTo(lakeside);
    }

    private static String note(Visit visit) {
        if (visit.note().isEmpty()) {
            throw new IllegalArgumentException("no note");
        }
        return visit.note();
    }

    /** Adds the job, and lets it export everything once. */
    private JobHandle addAndRun(ExportJob.Builder job) {
        JobHandle handle = sandbox.add(job.build());
        assertThat(handle.runNow().status()).isEqualTo(RunStatus.COMMITTED);
        return handle;
    }

    private List<ExportRun> chunks() {
        return runs().stream()
                .filter(run -> run.trigger() == Trigger.BACKFILL_CHUNK)
                .toList();
    }

    private static BackfillProgress progress(JobHandle job) {
        return job.backfillProgress().orElseThrow();
    }

    private List<String> backfilled() {
        return lakeside.arrivals().stream()
                .map(arrival -> arrival.text())
                .filter(text -> text.lines().count() == 2) // a header and a visit
                .map(text -> text.lines().skip(1).findFirst().orElseThrow())
                .toList();
    }

    @Test
    void should_export_each_chunk_in_a_run_and_a_file_of_its_own() {
        JobHandle job = addAndRun(visits(lakeside));

        BackfillProgress begun = job.startBackfill(FOUR_DAYS);

        assertThat(begun.toString())
                .isEqualTo("backfill of 'visits' [timestamp:2026-02-01T00:00:00Z, timestamp:2026-02-05T00:00:00Z)"
                        + " in chunks of PT24H: IN_PROGRESS, 0 of 4 chunks");
        sandbox.advance(Duration.ZERO);
        assertThat(progress(job).status()).isEqualTo(Status.COMPLETED);
        assertThat(progress(job).done()).isEqualTo(4);
        assertThat(progress(job).window()).isEmpty();
        assertThat(chunks()).hasSize(4).allSatisfy(run -> {
            assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
            assertThat(run.deliveries()).hasSize(1);
            assertThat(run.files().get(0).path()).endsWith("-backfill-" + run.number() + ".csv");
        });
        assertThat(backfilled()).containsExactly("1,day 0", "2,day 1", "3,day 2", "4,day 3");
        assertThat(job.position("visits")).contains(Position.of(START));
        assertThat(job.summary().status()).isEqualTo(JobStatus.SUCCESS);
        assertThat(job.summary().lastOutcome().orElseThrow().number()).isEqualTo(1);
        sandbox.advance(Duration.ofDays(2));
        assertThat(chunks()).hasSize(4);
    }

    @Test
    void should_run_what_is_due_between_two_chunks() {
        JobHandle job = addAndRun(visits(lakeside));
        Delivery delivery = new HookedDelivery(lakeside, Point.BEFORE_PUBLISH, () -> {
            sandbox.clock().set(START.plus(Duration.ofHours(7))); // the chunk takes until the schedule has fired
            source.put(Visit.of(9, "new", "2026-03-02T01:00:00Z"));
        });
        sandbox.add(visits(delivery).build());

        job.startBackfill(FOUR_DAYS);
        sandbox.advance(Duration.ZERO);
        sandbox.advance(Duration.ZERO); // from the time at which the chunk has ended

        assertThat(runs().stream().map(ExportRun::trigger))
                .containsExactly(
                        Trigger.BACKFILL_CHUNK,
                        Trigger.BACKFILL_CHUNK,
                        Trigger.BACKFILL_CHUNK,
                        Trigger.SCHEDULED,
                        Trigger.BACKFILL_CHUNK,
                        Trigger.MANUAL);
        assertThat(runs()).allMatch(run -> run.status() == RunStatus.COMMITTED);
        assertThat(progress(job).status()).isEqualTo(Status.COMPLETED);
    }

    @Test
    void should_begin_when_the_run_in_progress_has_ended() {
        JobHandle job = addAndRun(visits(lakeside));
        Delivery delivery = new HookedDelivery(lakeside, Point.BEFORE_PUBLISH, () -> {
            if (job.backfillProgress().isEmpty()) {
                job.startBackfill(FOUR_DAYS);
            }
        });
        sandbox.add(visits(delivery).build());
        source.put(Visit.of(9, "new", "2026-03-02T01:00:00Z"));

        sandbox.advance(Duration.ofHours(7)); // the next fire is on the next day

        assertThat(progress(job).status()).isEqualTo(Status.COMPLETED);
        assertThat(runs().get(4).trigger()).isEqualTo(Trigger.SCHEDULED);
    }

    @Test
    void should_try_a_chunk_again_in_the_same_run_while_the_schedule_goes_on() {
        JobHandle job = addAndRun(visits(lakeside));
        failNext(30); // some six hours of attempts

        job.startBackfill(FOUR_DAYS);
        sandbox.advance(Duration.ZERO);

        ExportRun waiting = chunks().get(0);
        assertThat(waiting.status()).isEqualTo(RunStatus.WAITING);
        assertThat(progress(job).run()).hasValue(waiting.number());
        assertThat(job.summary().status()).isEqualTo(JobStatus.DELAYED);
        source.put(Visit.of(9, "new", "2026-03-02T01:00:00Z"));
        sandbox.advance(Duration.ofHours(7));
        assertThat(runs().get(0).trigger()).isEqualTo(Trigger.SCHEDULED);
        assertThat(job.summary().current().orElseThrow().trigger()).isEqualTo(Trigger.SCHEDULED);
        sandbox.advance(Duration.ofHours(40));
        assertThat(progress(job).status()).isEqualTo(Status.COMPLETED);
        assertThat(chunks()).hasSize(4).allMatch(run -> run.status() == RunStatus.COMMITTED);
        assertThat(run(waiting.number()).attemptCount()).isGreaterThan(1);
        assertThat(backfilled()).containsExactlyInAnyOrder("9,new", "1,day 0", "2,day 1", "3,day 2", "4,day 3");
    }

    private void failNext(int times) {
        for (int i = 0; i < times; i++) {
            lakeside.failNext(Operation.OPEN, Failure.REFUSED);
        }
    }

    @Test
    void should_stop_where_only_a_changed_job_can_help_and_continue_there() {
        JobHandle job = addAndRun(visits(lakeside));
        source.put(Visit.of(2, "", "2026-02-02T12:00:00Z"));
        sandbox.add(visitsWithNotes().build());

        job.startBackfill(FOUR_DAYS);
        sandbox.advance(Duration.ZERO);

        ExportRun failed = chunks().get(0);
        assertThat(failed.status()).isEqualTo(RunStatus.FAILED);
        assertThat(progress(job).toString())
                .endsWith("STOPPED, 1 of 4 chunks (run " + failed.number() + " ended as FAILED: MAPPING_FAILED)");
        assertThat(job.summary().needsAttention()).isTrue();
        sandbox.advance(Duration.ofDays(1));
        assertThat(chunks()).hasSize(2);

        sandbox.add(visits(lakeside).build());
        assertThat(job.resumeBackfill().status()).isEqualTo(Status.IN_PROGRESS);
        sandbox.advance(Duration.ZERO);
        assertThat(progress(job).status()).isEqualTo(Status.COMPLETED);
        assertThat(chunks()).hasSize(5);
        assertThat(backfilled()).containsExactly("1,day 0", "2,", "3,day 2", "4,day 3");
    }

    @Test
    void should_end_after_the_chunk_in_progress_when_it_is_cancelled() {
        JobHandle job = addAndRun(visits(lakeside));
        sandbox.add(visits(new HookedDelivery(lakeside, Point.BEFORE_PUBLISH, () -> job.cancelBackfill("not needed")))
                .build());

        job.startBackfill(FOUR_DAYS);
        sandbox.advance(Duration.ofDays(1));

        assertThat(progress(job).status()).isEqualTo(Status.CANCELLED);
        assertThat(progress(job).done()).isEqualTo(1);
        assertThat(progress(job).run()).isEmpty();
        assertThat(progress(job).note()).isEqualTo("not needed");
        assertThat(chunks()).hasSize(1).allMatch(run -> run.status() == RunStatus.COMMITTED);
    }

    @Test
    void should_end_a_chunk_that_waits_when_it_is_cancelled() {
        JobHandle job = addAndRun(visits(lakeside));
        failNext(1);
        job.startBackfill(FOUR_DAYS);
        sandbox.advance(Duration.ZERO);

        job.cancelBackfill("not needed");
        sandbox.advance(Duration.ofHours(2));

        assertThat(chunks()).hasSize(1).allMatch(run -> run.status() == RunStatus.CANCELLED);
        assertThat(progress(job).run()).isEmpty();
        job.startBackfill(FOUR_DAYS);
        sandbox.advance(Duration.ofHours(2));
        assertThat(progress(job).status()).isEqualTo(Status.COMPLETED);
    }

    @Test
    void should_finish_a_chunk_that_is_published_in_part_when_it_is_cancelled() {
        JobHandle job = addAndRun(visits(lakeside, riverside));
        for (int i = 0; i < 3; i++) {
            riverside.failNext(Operation.PUBLISH, Failure.REFUSED);
        }
        job.startBackfill(FOUR_DAYS);
        sandbox.advance(Duration.ZERO);
        assertThat(chunks().get(0).publishing()).isTrue();

        job.cancelBackfill("not needed");
        sandbox.advance(Duration.ofHours(5));

        assertThat(chunks()).hasSize(1).allMatch(run -> run.status() == RunStatus.COMMITTED);
        assertThat(progress(job).done()).isEqualTo(1);
        assertThat(lakeside.arrivals()).hasSize(2);
        assertThat(riverside.arrivals()).hasSize(2);
    }

    @Test
    void should_stop_when_the_run_of_a_chunk_is_cancelled() {
        JobHandle job = addAndRun(visits(lakeside));
        failNext(1);
        job.startBackfill(FOUR_DAYS);
        sandbox.advance(Duration.ZERO);

        assertThat(sandbox.engine().run(chunks().get(0).number()).cancel("wrong day"))
                .isEqualTo(Cancellation.CANCELLED);
        sandbox.advance(Duration.ofHours(2));

        assertThat(progress(job).status()).isEqualTo(Status.STOPPED);
        assertThat(progress(job).note()).isEqualTo("run 2 ended as CANCELLED");
        assertThat(chunks()).hasSize(1);
    }

    @Test
    void should_wait_while_the_job_is_paused() {
        JobHandle job = addAndRun(visits(lakeside));
        job.pause("maintenance");
        job.startBackfill(FOUR_DAYS);

        sandbox.advance(Duration.ofDays(1));
        assertThat(chunks()).isEmpty();

        job.resume();
        sandbox.advance(Duration.ZERO);
        assertThat(progress(job).status()).isEqualTo(Status.COMPLETED);
    }

    @Test
    void should_continue_after_a_restart() {
        JobHandle job = addAndRun(visits(lakeside));
        failNext(2);
        job.startBackfill(FOUR_DAYS);
        sandbox.advance(Duration.ZERO);

        sandbox.restart();
        sandbox.advance(Duration.ofHours(2));

        assertThat(progress(sandbox.engine().job("visits")).status()).isEqualTo(Status.COMPLETED);
        assertThat(chunks()).hasSize(4);
    }

    @Test
    void should_leave_workers_to_other_jobs() {
        List<String> during = new ArrayList<>();
        JobHandle job = addAndRun(visits(lakeside));
        JobHandle other = sandbox.add(ExportJob.builder("other", Visit.export(source))
                .deliverTo(riverside)
                .build());
        other.runNow();
        JobHandle due = sandbox.add(ExportJob.builder("due", Visit.export(source))
                .schedule(Schedule.daily(LocalTime.of(1, 0), ZoneOffset.UTC))
                .deliverTo(InMemoryDelivery.create("hillside"))
                .build());
        sandbox.add(visits(new HookedDelivery(lakeside, Point.BEFORE_PUBLISH, () -> {
                    other.startBackfill(FOUR_DAYS);
                    sandbox.advance(Duration.ofHours(2));
                    during.add(progress(other).done() + " chunks of other, due "
                            + due.summary().status());
                }))
                .build());

        job.startBackfill(FOUR_DAYS);
        sandbox.advance(Duration.ZERO);

        sandbox.advance(Duration.ZERO);
        assertThat(during).containsExactly("0 chunks of other, due SUCCESS");
        assertThat(progress(job).status()).isEqualTo(Status.COMPLETED);
        assertThat(progress(other).status()).isEqualTo(Status.COMPLETED);
    }

    @Test
    void should_refuse_what_can_not_be_exported_again() {
        JobHandle job = addAndRun(visits(lakeside));

        assertThatThrownBy(() -> job.startBackfill(Backfill.of("visits", FEBRUARY, START.plusSeconds(1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a backfill covers what has been exported: [timestamp:2026-02-01T00:00:00Z,"
                        + " timestamp:2026-03-02T00:00:01Z) must end at or before the position of export 'visits',"
                        + " timestamp:2026-03-02T00:00:00Z");
        assertThatThrownBy(job::resumeBackfill)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no backfill of job 'visits' is stopped");
        assertThatThrownBy(() -> job.cancelBackfill(" "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("say why the backfill is cancelled: the reason is shown with it");

        job.startBackfill(FOUR_DAYS);
        assertThatThrownBy(() -> job.startBackfill(FOUR_DAYS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the last backfill of job 'visits' is not over: " + progress(job)
                        + "; wait until it has ended, or cancel it");
        sandbox.advance(Duration.ZERO);
        assertThatThrownBy(() -> job.cancelBackfill("too late"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no backfill of job 'visits' is in progress or stopped: the last one is COMPLETED");
    }

    /** A crash, or a failure, at each step of a backfill: each chunk is delivered once, by one run. */
    @ParameterizedTest
    @EnumSource(Fault.class)
    void should_deliver_each_chunk_once_whatever_goes_wrong(Fault fault, @TempDir Path directory) {
        int at = 0;
        while (true) {
            FaultPlan plan = new FaultPlan(fault, at);
            InMemoryStore store = new InMemoryStore();
            InMemoryDelivery delivery = InMemoryDelivery.create("lakeside");
            SettableClock clock = SettableClock.at(START);
            SimulatedHost host = new SimulatedHost(directory.resolve("" + at), clock, RetryPolicy.none());
            host.live(store, visits(delivery).build(), 1, JobHandle::runNow);
            boolean[] asked = new boolean[1];
            try {
                host.live(plan.wrap(store), visits(plan.wrap(delivery)).build(), 2, handle -> {
                    if (!asked[0]) {
                        asked[0] = true;
                        handle.startBackfill(FOUR_DAYS);
                    }
                });
            } catch (SimulatedProcess.Crash crash) {
                store.breakLock("visits");
            }
            host.live(store, visits(delivery).build(), 3, handle -> {
                if (handle.backfillProgress().isEmpty()) { // the crash came before it was stored
                    handle.startBackfill(FOUR_DAYS);
                }
            });
            if (!plan.happened()) {
                break;
            }
            String what = fault + " at step " + at + ", " + plan.steps().get(at);
            assertThat(store.jobState("visits").backfill().orElseThrow().status())
                    .as(what)
                    .isEqualTo(Status.COMPLETED);
            assertThat(delivery.arrivals().stream()
                            .filter(arrival -> arrival.path().contains("-backfill-"))
                            .flatMap(arrival -> arrival.lines().stream().skip(1)))
                    .as(what)
                    .containsExactly("1,day 0", "2,day 1", "3,day 2", "4,day 3");
            assertThat(store.unfinishedRuns("visits")).as(what).isEmpty();
            at++;
        }
        assertThat(at).isGreaterThanOrEqualTo(12);
    }
}
