package io.outfeed.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.MisfirePolicy;
import io.outfeed.OverlapPolicy;
import io.outfeed.error.FailureCode;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.SourceException;
import io.outfeed.event.ExportListener;
import io.outfeed.event.MisfireEvent;
import io.outfeed.event.RunEvent;
import io.outfeed.internal.ledger.AttemptLog;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.run.Attempt;
import io.outfeed.run.CoveredFires;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.SkipReason;
import io.outfeed.run.Trigger;
import io.outfeed.schedule.ExplainedFire;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.RecordSource;
import io.outfeed.store.JobLock;
import io.outfeed.store.RunStep;
import io.outfeed.support.Runs;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of fires that come late, or while a run is in progress, or whose run was interrupted. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class MisfireTest {

    private static final Schedule DAILY = Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC);

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T00:00:00Z"));
    private final InMemoryStore store = new InMemoryStore();
    private final List<MisfireEvent> misfires = new ArrayList<>();
    private final List<String> sequence = new ArrayList<>();
    private Runnable whileReading = () -> {};
    private ManualScheduler scheduler;
    private ExportEngine engine;

    @BeforeEach
    void start() {
        scheduler = new ManualScheduler(clock);
        engine = ExportEngine.builder()
                .directory(directory)
                .store(store)
                .scheduler(scheduler)
                .clock(clock)
                .listenerExecutor(Runnable::run)
                .listener(ExportListener.of(RunEvent.class, event -> {
                    if (event.kind() == RunEvent.Kind.SUCCEEDED) {
                        sequence.add(event.run().job());
                    }
                }))
                .listener(ExportListener.of(MisfireEvent.class, misfires::add))
                .build();
        engine.start();
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private ExportJob.Builder job(String name) {
        RecordSource<String> source = RecordSource.of(window -> {
            whileReading.run();
            return Stream.of("a");
        });
        return ExportJob.builder(
                name,
                ExportDefinition.builder("visits", String.class)
                        .source(source)
                        .recordKey(visit -> visit)
                        .watermark(Watermark.fullSnapshot())
                        .fields(f -> f.field("visit", visit -> visit))
                        .file(f -> f.name("visits-{run}.csv"))
                        .build());
    }

    private ExportJob.Builder daily() {
        return job("visits").schedule(DAILY);
    }

    private void restartAfter(Duration down, ExportJob job) {
        engine.close();
        clock.advance(down);
        start();
        engine.add(job);
        scheduler.runDue();
    }

    private List<ExportRun> runs() {
        return store.runs(RunQuery.ofJob("visits").limit(100));
    }

    private static Instant at(String text) {
        return Instant.parse(text);
    }

    private static Optional<CoveredFires> fires(String first, String last, long count) {
        return Optional.of(new CoveredFires(at(first), at(last), count));
    }

    @Test
    void should_cover_all_misfires_by_one_run_and_report_them() {
        engine.add(daily().build());

        restartAfter(Duration.ofDays(5), daily().build());

        assertThat(runs()).singleElement().satisfies(run -> {
            assertThat(run.fireTime()).contains(at("2026-03-06T07:00:00Z"));
            assertThat(run.coveredFires())
                    .contains(new CoveredFires(at("2026-03-02T07:00:00Z"), at("2026-03-06T07:00:00Z"), 5));
        });
        assertThat(misfires)
                .containsExactly(new MisfireEvent(
                        "visits",
                        at("2026-03-02T07:00:00Z"),
                        at("2026-03-05T07:00:00Z"),
                        4,
                        MisfireEvent.Outcome.COVERED))
                .asString()
                .isEqualTo("[4 fires from 2026-03-02T07:00:00Z to 2026-03-05T07:00:00Z are covered by the run of a"
                        + " later one (job=visits)]");
    }

    @Test
    void should_say_nothing_of_one_fire_that_is_late() {
        engine.add(daily().build());

        restartAfter(Duration.ofHours(20), daily().build());

        assertThat(runs())
                .singleElement()
                .satisfies(run ->
                        assertThat(run.coveredFires()).map(CoveredFires::count).contains(1L));
        assertThat(misfires).isEmpty();
    }

    @Test
    void should_make_up_within_a_window_only() {
        ExportJob job = daily().schedulePolicy(p -> p.misfires(MisfirePolicy.runOnceWithin(Duration.ofHours(3))))
                .build();
        engine.add(job);

        restartAfter(Duration.ofHours(10), job);
        assertThat(runs()).extracting(ExportRun::status).containsExactly(RunStatus.COMMITTED);
        restartAfter(Duration.ofDays(2).plusMinutes(1), job);

        assertThat(runs()).extracting(ExportRun::status).containsExactly(RunStatus.SKIPPED, RunStatus.COMMITTED);
        assertThat(runs().get(0).skipReason()).contains(SkipReason.TOO_LATE);
        assertThat(runs().get(0).coveredFires())
                .contains(new CoveredFires(at("2026-03-03T07:00:00Z"), at("2026-03-04T07:00:00Z"), 2));
        assertThat(misfires)
                .containsExactly(new MisfireEvent(
                        "visits",
                        at("2026-03-03T07:00:00Z"),
                        at("2026-03-04T07:00:00Z"),
                        2,
                        MisfireEvent.Outcome.TOO_LATE));
        assertThat(engine.job("visits").nextFire()).contains(at("2026-03-05T07:00:00Z"));
    }

    @Test
    void should_skip_misfires_but_run_late_by_minutes() {
        ExportJob job =
                daily().schedulePolicy(p -> p.misfires(MisfirePolicy.skip())).build();
        engine.add(job);

        restartAfter(Duration.ofHours(7).plusMinutes(10), job);
        restartAfter(Duration.ofDays(1).plusMillis(1), job);

        assertThat(runs()).extracting(ExportRun::status).containsExactly(RunStatus.SKIPPED, RunStatus.COMMITTED);
        assertThat(runs().get(0).skipReason()).contains(SkipReason.TOO_LATE);
    }

    @Test
    void should_cover_what_comes_while_a_run_is_in_progress() {
        whileReading = () -> {
            whileReading = () -> {};
            clock.advance(Duration.ofMinutes(12));
        };
        engine.add(job("visits")
                .schedule(Schedule.every(Duration.ofMinutes(5), at("2026-03-02T07:00:00Z")))
                .build());

        clock.set(at("2026-03-02T07:00:00Z"));
        scheduler.runDue();
        scheduler.runDue();

        assertThat(runs())
                .extracting(ExportRun::fireTime)
                .containsExactly(Optional.of(at("2026-03-02T07:10:00Z")), Optional.of(at("2026-03-02T07:00:00Z")));
        assertThat(misfires)
                .containsExactly(new MisfireEvent(
                        "visits",
                        at("2026-03-02T07:05:00Z"),
                        at("2026-03-02T07:05:00Z"),
                        1,
                        MisfireEvent.Outcome.COVERED));
    }

    @Test
    void should_skip_fires_while_a_run_is_in_progress_by_policy() {
        whileReading = () -> clock.advance(Duration.ofMinutes(12));
        engine.add(job("visits")
                .schedule(Schedule.every(Duration.ofMinutes(5), at("2026-03-02T07:00:00Z")))
                .schedulePolicy(p -> p.overlaps(OverlapPolicy.SKIP))
                .build());
        clock.set(at("2026-03-02T07:00:00Z"));
        scheduler.runDue();

        engine.job("visits").runNow();

        assertThat(runs())
                .extracting(ExportRun::skipReason, ExportRun::coveredFires)
                .containsExactly(
                        tuple(
                                Optional.of(SkipReason.RUNNING),
                                fires("2026-03-02T07:15:00Z", "2026-03-02T07:20:00Z", 2)),
                        tuple(Optional.empty(), Optional.empty()),
                        tuple(
                                Optional.of(SkipReason.RUNNING),
                                fires("2026-03-02T07:05:00Z", "2026-03-02T07:10:00Z", 2)),
                        tuple(Optional.empty(), fires("2026-03-02T07:00:00Z", "2026-03-02T07:00:00Z", 1)));
        assertThat(misfires).extracting(MisfireEvent::outcome).containsOnly(MisfireEvent.Outcome.RUNNING);
        assertThat(engine.job("visits").nextFire()).contains(at("2026-03-02T07:25:00Z"));
    }

    @Test
    void should_report_a_due_fire_that_a_changed_schedule_no_longer_has() {
        engine.add(daily().build());

        restartAfter(
                Duration.ofHours(8),
                daily().schedule(Schedule.daily(LocalTime.of(9, 0), ZoneOffset.UTC))
                        .build());

        assertThat(runs()).isEmpty();
        assertThat(misfires)
                .containsExactly(new MisfireEvent(
                        "visits",
                        at("2026-03-02T07:00:00Z"),
                        at("2026-03-02T07:00:00Z"),
                        1,
                        MisfireEvent.Outcome.SCHEDULE_CHANGED));
        assertThat(engine.job("visits").nextFire()).contains(at("2026-03-02T09:00:00Z"));
    }

    /** Leaves a run in the store as a crash does: its attempt is in progress. */
    private void interrupt(String fire, int crashes) {
        try (JobLock lock = store.tryLock("visits").orElseThrow()) {
            ExportRun run = RunBuilder.planned(store.newRunNumber(), "visits", Trigger.SCHEDULED, clock.instant())
                    .fireTime(at(fire))
                    .coveredFires(fires(fire, fire, 1).orElseThrow())
                    .build();
            for (int i = 1; i < crashes; i++) {
                run = AttemptLog.end(
                        AttemptLog.begin(run, clock.instant()),
                        clock.instant(),
                        Attempt.Outcome.CRASHED,
                        Optional.empty());
            }
            store.append(lock, RunStep.whole(AttemptLog.begin(run, clock.instant())));
        }
    }

    @Test
    void should_continue_an_interrupted_run() {
        ExportJob job =
                daily().schedule(Schedule.once(at("2026-03-02T07:00:00Z"))).build();
        engine.add(job);
        scheduler.advance(Duration.ofHours(7));
        assertThat(runs()).hasSize(1);
        interrupt("2026-03-02T07:00:00Z", 1);

        restartAfter(Duration.ofDays(3), job);

        assertThat(runs()).hasSize(2);
        ExportRun run = runs().get(0);
        assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(run.fireTime()).contains(at("2026-03-02T07:00:00Z"));
        assertThat(run.attempts())
                .extracting(Attempt::outcome)
                .containsExactly(Attempt.Outcome.CRASHED, Attempt.Outcome.COMPLETED);
        assertThat(run.attempts().get(0).failure()).map(RunFailure::code).contains(FailureCode.CRASHED);
    }

    @Test
    void should_end_a_run_whose_attempts_take_the_process_down() {
        engine.add(daily().build());
        scheduler.advance(Duration.ofHours(7));
        interrupt("2026-03-02T07:00:00Z", 3);

        restartAfter(Duration.ofMinutes(1), daily().build());

        assertThat(runs()).hasSize(2);
        assertThat(runs().get(0).status()).isEqualTo(RunStatus.FAILED);
        assertThat(runs().get(0).failure()).map(RunFailure::code).contains(FailureCode.CRASHED);
    }

    @Test
    void should_start_after_a_delay_that_is_always_the_same() {
        List<Duration> delays = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            engine.add(job("job-" + i)
                    .schedule(DAILY)
                    .schedulePolicy(p -> p.jitter(Duration.ofMinutes(10)))
                    .build());
        }

        scheduler.advance(Duration.ofHours(7).minusMillis(1));
        assertThat(sequence).isEmpty();
        scheduler.advance(Duration.ofMinutes(10));
        for (int i = 0; i < 20; i++) {
            ExportRun run = Runs.newest(engine, "job-" + i, 1).get(0);
            assertThat(run.fireTime()).contains(at("2026-03-02T07:00:00Z"));
            delays.add(Duration.between(run.fireTime().orElseThrow(), run.startedAt()));
        }
        scheduler.advance(Duration.ofDays(1));

        assertThat(delays)
                .allSatisfy(delay -> assertThat(delay).isBetween(Duration.ZERO, Duration.ofMinutes(10)))
                .doesNotHaveDuplicates();
        assertThat(delays.stream().filter(delay -> delay.compareTo(Duration.ofMinutes(5)) < 0))
                .hasSizeBetween(5, 15);
        for (int i = 0; i < 20; i++) {
            ExportRun run = Runs.newest(engine, "job-" + i, 1).get(0);
            assertThat(run.startedAt()).isEqualTo(at("2026-03-03T07:00:00Z").plus(delays.get(i)));
        }
    }

    @Test
    void should_start_with_the_highest_priority_of_those_due_at_the_same_time() {
        engine.add(job("a").schedule(DAILY).schedulePolicy(p -> p.priority(-1)).build());
        engine.add(job("b").schedule(DAILY).build());
        engine.add(job("c").schedule(DAILY).schedulePolicy(p -> p.priority(7)).build());
        engine.add(job("d").schedule(Schedule.daily(LocalTime.of(6, 59), ZoneOffset.UTC))
                .schedulePolicy(p -> p.priority(-7))
                .build());

        scheduler.advance(Duration.ofHours(7));

        assertThat(sequence).containsExactly("d", "c", "b", "a");
    }

    @Test
    void should_interrupt_a_run_that_takes_too_long() {
        whileReading = () -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        };
        engine.add(daily().maxDuration(Duration.ofMillis(1)).build());

        assertThatThrownBy(() -> engine.job("visits").runNow()).isInstanceOf(SourceException.class);
        assertThat(Thread.interrupted()).as("no interrupt stays").isFalse();
        scheduler.advance(Duration.ofHours(7));

        assertThat(runs()).singleElement().satisfies(run -> {
            assertThat(run.status()).isEqualTo(RunStatus.WAITING);
            assertThat(run.attemptCount()).isGreaterThan(7);
            RunFailure failure = run.failure().orElseThrow();
            assertThat(failure.code()).isEqualTo(FailureCode.TIME_LIMIT_EXCEEDED);
            assertThat(failure.message())
                    .isEqualTo("interrupted, since it took longer than PT0.001S: the log has where it was; raise"
                            + " maxDuration, or find out what it waits for");
            assertThat(failure.origin())
                    .as("what the interrupt has made of it")
                    .hasValueSatisfying(origin -> assertThat(origin).contains("Interrupt"));
        });
        whileReading = () -> {};
        engine.add(daily().build());
        scheduler.advance(Duration.ofHours(1));
        assertThat(runs().get(0).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(runs().get(0).fireTime()).contains(at("2026-03-02T07:00:00Z"));
    }

    @Test
    void should_explain_the_next_fires_of_a_job() {
        ZoneId newYork = ZoneId.of("America/New_York");
        engine.add(
                daily().schedule(Schedule.daily(LocalTime.of(2, 30), newYork)).build());
        clock.set(at("2026-03-07T12:00:00Z"));

        assertThat(engine.job("visits").explain(2))
                .as("the one that is due first")
                .extracting(ExplainedFire::toString)
                .containsExactly(
                        "2026-03-02 02:30 America/New_York = 2026-03-02T07:30:00Z",
                        "2026-03-03 02:30 America/New_York = 2026-03-03T07:30:00Z");
        scheduler.runDue();
        assertThat(engine.job("visits").explain(1))
                .extracting(ExplainedFire::toString)
                .containsExactly("2026-03-08 03:00 America/New_York = 2026-03-08T07:00:00Z"
                        + " (gap: 02:30 does not exist, moved to 03:00)");
        engine.add(job("by-hand").build());
        assertThat(engine.job("by-hand").explain(1)).isEmpty();
    }

    @Test
    void should_refuse_options_that_mean_nothing() {
        ExportJob.Builder job =
                daily().schedulePolicy(p -> p.jitter(Duration.ofHours(25))).maxDuration(Duration.ZERO);

        assertThatThrownBy(job::build)
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("job 'visits' has 2 problems: jitter must be zero to one day, not PT25H;"
                        + " maxDuration must be more than zero, not PT0S");
        assertThatThrownBy(() -> MisfirePolicy.runOnceWithin(Duration.ofHours(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limit must be zero or more, not PT-1H");
    }

    @Test
    void should_compare_policies_by_their_limits() {
        assertThat(MisfirePolicy.skip())
                .isEqualTo(MisfirePolicy.runOnceWithin(Duration.ofMinutes(10)))
                .hasSameHashCodeAs(MisfirePolicy.runOnceWithin(Duration.ofMinutes(10)))
                .hasToString("run once within PT10M")
                .isNotEqualTo(MisfirePolicy.runOnce());
        assertThat(MisfirePolicy.runOnce()).isEqualTo(MisfirePolicy.runOnce()).hasToString("run once");
    }
}
