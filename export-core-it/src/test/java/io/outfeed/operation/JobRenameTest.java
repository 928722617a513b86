package io.outfeed.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.outfeed.ChangeDetection;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RunGuard;
import io.outfeed.StartFrom;
import io.outfeed.delivery.DeliveredFileWatch;
import io.outfeed.error.AlreadyRunningException;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.ExportException;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.NoSuchJobException;
import io.outfeed.event.DeliveryOverdueEvent;
import io.outfeed.event.MisfireEvent;
import io.outfeed.internal.ledger.AttemptLog;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.run.ExportRun;
import io.outfeed.run.Trigger;
import io.outfeed.run.file.FileRemoval;
import io.outfeed.run.file.Litter;
import io.outfeed.schedule.Schedule;
import io.outfeed.store.JobLock;
import io.outfeed.store.RunStep;
import io.outfeed.support.HookedDelivery;
import io.outfeed.support.Runs;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A job gets another name, and everything that is kept under its name. */
class JobRenameTest {

    private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    private final ExportSandbox sandbox = ExportSandbox.startingAt(START);
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source = Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"));

    @AfterEach
    void close() {
        sandbox.close();
    }

    private ExportDefinition.Builder<Visit> visits() {
        return Visit.export(source, f -> f.name("{job}-{sequence}.csv"));
    }

    private ExportJob.Builder job(String name) {
        return ExportJob.builder(name, visits().build()).deliverTo(lakeside);
    }

    private static Schedule dailyAt(int hour) {
        return Schedule.daily(LocalTime.of(hour, 0), ZoneOffset.UTC);
    }

    private JobHandle daily() {
        return sandbox.add(job("old").schedule(dailyAt(7)).build());
    }

    private JobHandle rename() {
        return rename("old", "new");
    }

    private JobHandle rename(String from, String to) {
        return sandbox.engine().rename(from, sandbox.engine().job(from).job().renamed(to));
    }

    private List<String> arrivals() {
        return lakeside.arrivals().stream().map(DeliveredFile::path).toList();
    }

    private List<String> added() {
        return sandbox.engine().jobs(JobQuery.all()).stream()
                .map(summary -> summary.job().name())
                .toList();
    }

    private List<Long> numbers(String job) {
        return Runs.newest(sandbox.engine(), job, 10).stream()
                .map(ExportRun::number)
                .toList();
    }

    private ExportRun run(long number) {
        return sandbox.engine().run(number).run();
    }

    // ---- what stays

    @Test
    void should_continue_under_the_new_name() {
        JobHandle old = daily();
        sandbox.advance(DAY);
        source.put(Visit.of(2, "b", "2026-03-02T12:00:00Z"));

        JobHandle renamed = rename();

        assertThat(renamed.nextFire()).contains(Instant.parse("2026-03-03T07:00:00Z"));
        assertThat(renamed.position("visits")).isPresent();
        assertThat(renamed.summary().status()).isEqualTo(JobStatus.SUCCESS);
        assertThat(added()).containsExactly("new");
        assertThat(sandbox.engine().jobs(JobQuery.all().nameContains("old"))).isEmpty();
        assertThat(sandbox.engine().orphanedJobs()).isEmpty();
        assertThat(numbers("new")).containsExactly(1L);
        assertThat(numbers("old")).isEmpty();
        assertThat(run(1).job()).isEqualTo("new");
        sandbox.advance(DAY);

        assertThat(arrivals()).containsExactly("old-1.csv", "new-2.csv");
        assertThat(lakeside.file("new-2.csv").lines()).containsExactly("id,note", "2,b");
        assertThat(Runs.newest(sandbox.engine(), renamed, 1).get(0).fireTime())
                .contains(Instant.parse("2026-03-03T07:00:00Z"));
        assertThatThrownBy(old::runNow)
                .isInstanceOf(NoSuchJobException.class)
                .hasMessage("job 'old' was renamed to 'new', and nothing was done: use the new name (job=old)");
        assertThatThrownBy(() -> sandbox.engine().job("old")).isInstanceOf(NoSuchJobException.class);
    }

    @Test
    void should_continue_after_a_restart() {
        daily();
        sandbox.advance(DAY);
        rename();

        sandbox.restart();
        sandbox.advance(DAY);

        assertThat(arrivals()).containsExactly("old-1.csv", "new-2.csv");
    }

    @Test
    void should_run_for_a_fire_that_was_due_when_it_was_renamed() {
        daily();
        sandbox.clock().advance(Duration.ofHours(7));

        JobHandle renamed = rename();
        sandbox.advance(HOUR);

        assertThat(arrivals()).containsExactly("new-1.csv");
        assertThat(run(1).fireTime()).contains(Instant.parse("2026-03-02T07:00:00Z"));
        assertThat(renamed.nextFire()).contains(Instant.parse("2026-03-03T07:00:00Z"));
    }

    @Test
    void should_report_a_due_fire_that_a_changed_schedule_no_longer_has() {
        daily();
        sandbox.clock().advance(Duration.ofHours(7));

        sandbox.engine().rename("old", job("new").schedule(dailyAt(9)).build());
        sandbox.advance(Duration.ofHours(2));

        assertThat(sandbox.events(MisfireEvent.class))
                .extracting(MisfireEvent::job, MisfireEvent::outcome)
                .containsExactly(tuple("new", MisfireEvent.Outcome.SCHEDULE_CHANGED));
        assertThat(run(1).fireTime()).contains(Instant.parse("2026-03-02T09:00:00Z"));
    }

    @Test
    void should_stay_paused() {
        daily().pause("the receiver moves");

        JobHandle renamed = rename();
        sandbox.advance(DAY);

        assertThat(renamed.summary().status()).isEqualTo(JobStatus.PAUSED);
        assertThat(arrivals()).isEmpty();
        renamed.resume();
        sandbox.advance(HOUR);
        assertThat(arrivals()).containsExactly("new-1.csv");
    }

    @Test
    void should_count_failures_in_a_row_on() {
        JobHandle job = sandbox.add(
                job("old").retryFor(Duration.ZERO).pauseAfterFailures(2).build());
        fail(job);

        JobHandle renamed = rename();
        assertThat(renamed.summary().failuresInARow()).isEqualTo(1);
        fail(renamed);

        assertThat(renamed.summary().pause()).map(JobPause::by).contains(JobPause.By.FAILURES);
    }

    private void fail(JobHandle job) {
        lakeside.failNext(Operation.PREPARE, Failure.REFUSED_FOR_GOOD);
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
    }

    @Test
    void should_deliver_only_what_has_changed() {
        ExportDefinition<Visit> snapshots = visits().watermark(Watermark.fullSnapshot())
                .changes(ChangeDetection.keyedBy("id"))
                .build();
        sandbox.add(ExportJob.builder("old", snapshots).deliverTo(lakeside).build())
                .runNow();
        source.put(Visit.of(2, "b", "2026-02-01T00:00:00Z"));

        rename().runNow();

        assertThat(lakeside.file("new-2.csv").lines()).containsExactly("change,id,note", "A,2,b");
    }

    @Test
    void should_find_late_records_by_those_that_were_seen_under_the_old_name() {
        ExportDefinition<Visit> late = visits().lookback(DAY).build();
        sandbox.add(ExportJob.builder("old", late).deliverTo(lakeside).build()).runNow();
        sandbox.clock().advance(HOUR);
        source.put(Visit.of(2, "late", "2026-03-01T23:00:00Z"));

        rename().runNow();

        assertThat(lakeside.file("new-2.csv").lines()).containsExactly("id,note", "2,late");
    }

    @Test
    void should_watch_and_delete_the_files_that_were_delivered_under_the_old_name() {
        sandbox.add(job("old")
                        .watch(DeliveredFileWatch.everyTenMinutes())
                        .retention(Duration.ofDays(90))
                        .build())
                .runNow();
        rename();
        sandbox.advance(HOUR);
        lakeside.take("old-1.csv");

        sandbox.advance(HOUR);
        assertThat(arrivals()).as("copied again").containsExactly("old-1.csv", "old-1.csv");

        sandbox.advance(Duration.ofDays(89));
        assertThat(lakeside.files()).hasSize(1);
        sandbox.advance(DAY);
        assertThat(lakeside.files()).isEmpty();
        assertThat(run(1).deliveries().get(0).removal())
                .map(FileRemoval::outcome)
                .contains(FileRemoval.Outcome.DELETED);
    }

    @Test
    void should_remove_the_litter_of_runs_under_the_old_name() {
        InMemoryDelivery riverside = InMemoryDelivery.create("riverside");
        JobHandle job = sandbox.add(job("old").deliverTo(riverside).build());
        riverside.failNext(Operation.PREPARE, Failure.REFUSED);
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        lakeside.failNext(Operation.OPEN, Failure.REFUSED);
        sandbox.engine().run(1).cancel("stop it");
        assertThat(run(1).litter()).extracting(Litter::delivery).contains("lakeside");

        rename().runNow();

        assertThat(lakeside.temporaryNames()).isEmpty();
        assertThat(run(2).litter()).isEmpty();
    }

    @Test
    void should_send_again_and_find_what_was_delivered_under_the_old_name() throws Exception {
        sandbox.add(job("old").build()).runNow();
        JobHandle renamed = rename();

        assertThat(sandbox.engine().run(1).open("old-1.csv")).hasContent("id,note\r\n1,a\r\n");
        assertThat(renamed.findRecord("visits", "1").hits()).hasSize(1);
        lakeside.takeAll();
        ExportRun again = sandbox.engine().run(1).redeliver();

        assertThat(again.job()).isEqualTo("new");
        assertThat(again.trigger()).isEqualTo(Trigger.REDELIVERY);
        assertThat(arrivals()).containsExactly("old-1.csv", "old-1.csv");
    }

    @Test
    void should_know_when_it_was_delivered_last() {
        sandbox.add(job("old")
                .schedule(dailyAt(7))
                .expectDeliveredBy(LocalTime.of(8, 0), ZoneOffset.UTC)
                .build());
        sandbox.advance(Duration.ofMinutes(450)); // 07:30

        rename();
        sandbox.advance(HOUR);

        assertThat(sandbox.events(DeliveryOverdueEvent.class)).isEmpty();
        sandbox.engine().job("new").pause("the receiver moves");
        sandbox.advance(DAY);
        assertThat(sandbox.events(DeliveryOverdueEvent.class))
                .containsExactly(new DeliveryOverdueEvent(
                        "new",
                        Instant.parse("2026-03-03T08:00:00Z"),
                        Optional.of(Instant.parse("2026-03-02T07:00:00Z"))));
    }

    @Test
    void should_change_the_job_too() {
        daily();
        sandbox.advance(DAY);

        ExportDefinition<Visit> more = ExportDefinition.builder("more", Visit.class)
                .source(source)
                .recordKey(Visit::id)
                .watermark(Watermark.timestamp(Visit::updatedAt, Duration.ZERO))
                .fields(f -> f.field("id", Visit::id))
                .file(f -> f.name("more-{sequence}.csv"))
                .build();
        JobHandle renamed = sandbox.engine()
                .rename(
                        "old",
                        job("new").definition(more).startFrom(StartFrom.now()).build());
        renamed.runNow();

        assertThat(lakeside.file("new-2.csv").lines()).as("position of before").containsExactly("id,note");
        assertThat(lakeside.file("more-2.csv").lines()).as("starts from now").containsExactly("id");
        assertThat(renamed.job().schedule()).isEmpty();
        sandbox.advance(DAY.multipliedBy(2));
        assertThat(numbers("new")).as("has no schedule any more").hasSize(3);
    }

    // ---- jobs that are not added, engines that are not started

    @Test
    void should_rename_what_only_the_store_knows() {
        daily();
        sandbox.advance(DAY);
        sandbox.restartWithoutJobs();

        sandbox.engine().rename("old", job("new").schedule(dailyAt(7)).build());
        sandbox.advance(DAY);

        assertThat(sandbox.engine().orphanedJobs()).isEmpty();
        assertThat(arrivals()).containsExactly("old-1.csv", "new-2.csv");
    }

    @Test
    void should_rename_a_job_that_has_never_run() {
        sandbox.add(job("old").build());

        rename().runNow();

        assertThat(arrivals()).containsExactly("new-1.csv");
    }

    @Test
    void should_only_add_what_was_renamed_so_before() {
        daily();
        sandbox.advance(DAY);
        rename();
        sandbox.restartWithoutJobs();

        sandbox.engine().rename("old", job("new").schedule(dailyAt(7)).build());
        sandbox.engine().rename("old", job("new").schedule(dailyAt(8)).build());
        sandbox.advance(DAY);

        assertThat(arrivals()).containsExactly("old-1.csv", "new-2.csv");
        assertThat(run(2).fireTime()).contains(Instant.parse("2026-03-03T08:00:00Z"));
    }

    @Test
    void should_continue_from_a_store_of_files_when_it_is_renamed_before_the_start(@TempDir Path directory) {
        SettableClock clock = SettableClock.at(START);
        try (ExportEngine engine = engine(directory, clock)) {
            engine.add(job("old").schedule(dailyAt(7)).build()).runNow();
            engine.job("old").pause("the name changes");
        }
        source.put(Visit.of(2, "b", "2026-03-02T12:00:00Z"));
        try (ExportEngine engine = engine(directory, clock)) {
            engine.rename("old", job("new").schedule(dailyAt(7)).build());
        }
        ManualScheduler scheduler = new ManualScheduler(clock);
        try (ExportEngine engine = engine(directory, clock, scheduler)) {
            assertThatThrownBy(() -> engine.add(job("old").build())).isInstanceOf(InvalidDefinitionException.class);
            JobHandle renamed = engine.add(job("new").schedule(dailyAt(7)).build());
            engine.start();
            scheduler.advance(DAY);
            assertThat(renamed.summary().status()).isEqualTo(JobStatus.PAUSED);
            renamed.resume();
            scheduler.advance(HOUR);

            assertThat(arrivals()).containsExactly("old-1.csv", "new-2.csv");
            assertThat(lakeside.file("new-2.csv").lines()).containsExactly("id,note", "2,b");
            assertThat(Runs.newest(engine, "new", 10))
                    .extracting(ExportRun::number)
                    .containsExactly(2L, 1L);
        }
    }

    private static ExportEngine engine(Path directory, SettableClock clock) {
        return engine(directory, clock, new ManualScheduler(clock));
    }

    private static ExportEngine engine(Path directory, SettableClock clock, ManualScheduler scheduler) {
        return ExportEngine.builder()
                .directory(directory)
                .clock(clock)
                .scheduler(scheduler)
                .build();
    }

    // ---- the old name

    @Test
    void should_refuse_the_old_name_until_it_is_purged() {
        daily();
        sandbox.advance(DAY);
        rename();

        assertThatThrownBy(() -> sandbox.add(job("old").build()))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("job 'old' has 1 problem: it was renamed to 'new', which has its positions and runs: use"
                        + " that name; remove(\"old\", History.PURGE) makes the old name free for a new job");
        assertThatThrownBy(() -> sandbox.engine().remove("old", History.KEEP))
                .isInstanceOf(NoSuchJobException.class)
                .hasMessageStartingWith("job 'old' was renamed to 'new', and nothing was done");
        sandbox.restart();
        assertThatThrownBy(() -> sandbox.add(job("old").build())).isInstanceOf(InvalidDefinitionException.class);

        sandbox.engine().remove("old", History.PURGE);

        lakeside.takeAll();
        ExportRun anew = sandbox.add(job("old").build()).runNow();
        assertThat(anew.sequence()).hasValue(1);
        assertThat(anew.rows()).isEqualTo(1);
        assertThat(numbers("new")).containsExactly(1L);
        assertThat(sandbox.engine().job("new").runNow().sequence()).hasValue(2);
        assertThatThrownBy(() -> sandbox.engine().remove("never-known", History.PURGE))
                .isInstanceOf(NoSuchJobException.class);
    }

    @Test
    void should_get_its_old_name_back_once_that_is_purged() {
        sandbox.add(job("old").build()).runNow();
        rename();
        sandbox.engine().remove("old", History.PURGE);

        assertThat(rename("new", "old").runNow().sequence()).hasValue(2);

        assertThat(arrivals()).containsExactly("old-1.csv", "old-2.csv");
        assertThatThrownBy(() -> sandbox.add(job("new").build())).isInstanceOf(InvalidDefinitionException.class);
    }

    // ---- refusals

    private enum Name {
        SAME("old", "new", "job 'new' has that name already: add(job) changes the rest of a job"),
        UNKNOWN("unknown", "new", "no job 'unknown': add it with engine.add(...) (job=unknown)"),
        RENAMED_OTHERWISE(
                "first",
                "third",
                "job 'first' was renamed to 'second', and nothing was done: add it under its new name"
                        + " (job=first)"),
        ADDED(
                "old",
                "new",
                "job 'new' has 1 problem: the engine has a job of that name: choose another name, or remove"
                        + " that job first"),
        STORED(
                "old",
                "stored",
                "job 'stored' has 1 problem: the store has runs or positions of a job of that name:"
                        + " choose another name"),
        ADDED_IN_OTHER_CASE("old", "New", "job 'New' has 1 problem: job 'new' differs only in the case of letters"),
        STORED_IN_OTHER_CASE(
                "old", "Stored", "job 'Stored' has 1 problem: job 'stored' differs only in the case of letters"),
        OWN_IN_OTHER_CASE("old", "Old", "job 'Old' has 1 problem: job 'old' differs only in the case of letters"),
        STORED_OWN_IN_OTHER_CASE(
                "stored", "Stored", "job 'Stored' has 1 problem: job 'stored' differs only in the case of letters"),
        FORMER(
                "old",
                "first",
                "job 'first' has 1 problem: it was renamed to 'second', which has its positions and runs:"
                        + " use that name; remove(\"first\", History.PURGE) makes the old name free for a new job");

        private final String from;
        private final String to;
        private final String message;

        Name(String from, String to, String message) {
            this.from = from;
            this.to = to;
            this.message = message;
        }
    }

    @ParameterizedTest
    @EnumSource
    void should_refuse_names(Name refused) {
        for (String name : List.of("first", "stored", "old")) {
            sandbox.add(job(name).build()).runNow();
        }
        rename("first", "second");
        sandbox.engine().remove("second", History.KEEP);
        sandbox.engine().remove("stored", History.KEEP);
        sandbox.add(job("new").build());
        String from = refused == Name.SAME ? refused.to : refused.from;
        ExportJob to = job(refused.to).build();

        assertThatThrownBy(() -> sandbox.engine().rename(from, to)).hasMessage(refused.message);

        assertThat(added()).containsExactly("new", "old");
        assertThat(sandbox.store().jobs()).containsExactly("old", "second", "stored");
        assertThat(Stream.of("old", "new", "stored").map(sandbox.store()::renamedTo))
                .containsOnly(Optional.empty());
        assertThat(sandbox.engine().job("old").runNow().sequence()).hasValue(2);
    }

    static Stream<Arguments> openRuns() {
        Consumer<JobRenameTest> waiting = test -> {
            test.lakeside.failNext(Operation.PREPARE, Failure.REFUSED);
            assertThatThrownBy(test.sandbox.engine().job("old")::runNow).isInstanceOf(DeliveryException.class);
        };
        Consumer<JobRenameTest> publishing = test -> {
            test.lakeside.failNext(Operation.PUBLISH, Failure.REFUSED);
            assertThatThrownBy(test.sandbox.engine().job("old")::runNow).isInstanceOf(DeliveryException.class);
        };
        Consumer<JobRenameTest> held = test -> {
            test.sandbox.add(test.job("old").holdIf(RunGuard.moreRowsThan(0)).build());
            test.sandbox.engine().job("old").runNow();
        };
        Consumer<JobRenameTest> interrupted = test -> {
            InMemoryStore store = test.sandbox.store();
            try (JobLock lock = store.tryLock("old").orElseThrow()) {
                ExportRun planned = RunBuilder.planned(store.newRunNumber(), "old", Trigger.MANUAL, START)
                        .build();
                store.append(lock, RunStep.whole(AttemptLog.begin(planned, START)));
            }
        };
        return Stream.of(
                Arguments.of("waits", waiting, "WAITING is not finished: let it finish, or cancel it"),
                Arguments.of(
                        "is published in part", publishing, "WAITING is not finished: let it finish, or give it up"),
                Arguments.of("is held", held, "HELD is not finished: release it, or discard it"),
                Arguments.of("was interrupted", interrupted, "PLANNED is not finished: let it finish, or cancel it"));
    }

    @ParameterizedTest(name = "which {0}")
    @MethodSource("openRuns")
    void should_refuse_a_job_with_a_run(String what, Consumer<JobRenameTest> begin, String message) {
        sandbox.add(job("old").build());
        begin.accept(this);
        ExportJob to = job("new").build();

        assertThatThrownBy(() -> sandbox.engine().rename("old", to))
                .isInstanceOf(AlreadyRunningException.class)
                .hasMessage("run 1 of job 'old': " + message + " before the job is renamed (job=old, run=1)");
        assertThat(added()).containsExactly("old");
        sandbox.restartWithoutJobs();
        assertThatThrownBy(() -> sandbox.engine().rename("old", to))
                .isInstanceOf(AlreadyRunningException.class)
                .hasMessageContaining("is not finished: add the job again, then ");

        assertThat(added()).isEmpty();
        assertThat(sandbox.store().renamedTo("old")).isEmpty();
        assertThat(run(1).job()).isEqualTo("old");
    }

    @Test
    void should_refuse_a_job_that_runs_under_either_name() {
        List<String> refused = new ArrayList<>();
        ExportJob job = ExportJob.builder("old", visits().build())
                .deliverTo(new HookedDelivery(
                        lakeside, HookedDelivery.Point.BEFORE_PUBLISH, () -> refused.add(refusal(() -> rename()))))
                .build();
        sandbox.add(job).runNow();
        sandbox.engine()
                .rename(
                        "old",
                        ExportJob.builder("new", visits().build())
                                .deliverTo(new HookedDelivery(
                                        lakeside,
                                        HookedDelivery.Point.BEFORE_PUBLISH,
                                        () -> refused.add(refusal(() ->
                                                sandbox.engine().job("new").runNow()))))
                                .build())
                .runNow();

        assertThat(refused)
                .containsExactly(
                        "job 'old' has a run in progress: wait until it has ended (job=old)",
                        "job 'new' has a run in progress: wait until it has ended (job=new)");
        assertThat(arrivals()).containsExactly("old-1.csv", "new-2.csv");
    }

    private static String refusal(Runnable operation) {
        try {
            operation.run();
            return "not refused";
        } catch (ExportException e) {
            return "" + e.getMessage();
        }
    }

    @Test
    void should_be_refused_when_the_engine_is_closed() {
        daily();
        ExportEngine engine = sandbox.engine();
        engine.close();

        assertThatThrownBy(() -> engine.rename("old", job("new").build())).isInstanceOf(IllegalStateException.class);

        assertThat(sandbox.store().renamedTo("old")).isEmpty();
    }
}
