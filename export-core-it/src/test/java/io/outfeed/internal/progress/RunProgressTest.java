package io.outfeed.internal.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ChangeDetection;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.delivery.Delivery;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.SourceException;
import io.outfeed.event.RunEvent;
import io.outfeed.operation.JobQuery;
import io.outfeed.operation.JobStatus;
import io.outfeed.operation.JobSummary;
import io.outfeed.operation.RunProgress;
import io.outfeed.operation.RunProgress.Step;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.source.RecordSource;
import io.outfeed.support.Steps;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a run in flight shows of itself, while its thread is stopped wherever the test wants. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RunProgressTest {

    private static final Instant START = Instant.parse("2026-03-02T12:00:00Z");
    private static final Callable<OptionalLong> NOT_KNOWN = OptionalLong::empty;

    /** A run of the visits 1 to 3 has a file of {@code id,note}, {@code 1,a}, {@code 2,b} and {@code 3,c}. */
    private static final long BYTES = 9 + 3 * 5;

    private final SettableClock clock = SettableClock.at(START);
    private final InMemoryStore store = new InMemoryStore();
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final InMemoryDelivery riverside = InMemoryDelivery.create("riverside");
    private final ExecutorService runs = Executors.newCachedThreadPool();
    private final Steps steps = new Steps();
    private final List<Optional<RunProgress>> atTheEnd = Collections.synchronizedList(new ArrayList<>());

    @SuppressWarnings("NullAway.Init") // by start
    private ExportEngine engine;

    @TempDir
    private Path home;

    @BeforeEach
    void start() {
        engine = ExportEngine.builder()
                .directory(home)
                .store(store)
                .clock(clock)
                .scheduler(new ManualScheduler(clock))
                .retryPolicy(new RetryPolicy(3, Duration.ZERO))
                .renameLooks(Duration.ZERO)
                .listener(event -> {
                    if (event instanceof RunEvent run && run.run().status().ended()) {
                        atTheEnd.add(engine.run(run.run().number()).progress());
                    }
                })
                .listenerExecutor(Runnable::run)
                .build();
    }

    @AfterEach
    void close() throws InterruptedException {
        runs.shutdownNow(); // of a test that failed in the middle
        assertThat(runs.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        engine.close();
    }

    private static Visit visit(long id) {
        return new Visit(id, "abcdefghij".substring((int) id - 1, (int) id), START.minusSeconds(id));
    }

    private static ExportDefinition.Builder<Visit> export(String name, RecordSource<Visit> source) {
        return ExportDefinition.builder(name, Visit.class)
                .source(source)
                .recordKey(Visit::id)
                .watermark(Watermark.timestamp(Visit::updatedAt, Duration.ZERO))
                .fields(f -> f.field("id", Visit::id).field("note", Visit::note))
                .file(f -> f.name("{definition}-{sequence}.csv"));
    }

    /** What gives the visits 1 to 3 at once. */
    private static ExportDefinition.Builder<Visit> threeVisits(String name) {
        return export(name, Visit.source().put(visit(1), visit(2), visit(3)));
    }

    private ExportJob.Builder stepped() {
        return ExportJob.builder("visits", threeVisits("visits").build()).deliverTo(steps.delivery(lakeside));
    }

    private Future<ExportRun> run(ExportJob job) {
        engine.add(job);
        return runs.submit(() -> engine.job(job.name()).runNow());
    }

    /** Runs a job whose source waits before each record, at the step "read". */
    private Future<ExportRun> runStepwise(Callable<OptionalLong> expected, Delivery delivery) {
        ExportDefinition<Visit> visits =
                export("visits", steps.source("read", expected)).build();
        return run(ExportJob.builder("visits", visits).deliverTo(delivery).build());
    }

    private RunProgress progress() {
        return engine.run(1).progress().orElseThrow();
    }

    private static RunProgress reading(String definition, long read, long written, int percent) {
        return new RunProgress(
                "visits",
                1,
                Step.READING,
                START,
                Optional.of(definition),
                Optional.empty(),
                Optional.empty(),
                read,
                written,
                0, // the writer holds so little back
                0,
                percent < 0 ? OptionalInt.empty() : OptionalInt.of(percent));
    }

    private static RunProgress sending(Step step, String path, String delivery, long sent, int percent) {
        return sending(START, step, path, delivery, 3, BYTES, sent, percent);
    }

    private static RunProgress sending(
            Instant since, Step step, String path, String delivery, long read, long bytes, long sent, int percent) {
        return new RunProgress(
                "visits",
                1,
                step,
                since,
                Optional.empty(),
                Optional.of(delivery),
                Optional.of(path),
                read,
                bytes == 0 ? 0 : 3 * bytes / BYTES,
                bytes,
                sent,
                OptionalInt.of(percent));
    }

    private void assertEnded(Future<ExportRun> run) throws Exception {
        assertThat(run.get().status()).isEqualTo(RunStatus.COMMITTED);
        assertNothingToSee();
    }

    private void assertNothingToSee() {
        assertNoProgress();
        assertThat(atTheEnd).isNotEmpty().containsOnly(Optional.empty());
    }

    private void assertNoProgress() {
        assertThat(engine.run(1).progress()).isEmpty();
        assertThat(engine.job("visits").summary().progress()).isEmpty();
    }

    // ---- reading

    @Test
    void should_report_what_was_read_and_written() throws Exception {
        ExportDefinition<Visit> visits = export("visits", steps.source("read", () -> OptionalLong.of(3)))
                .filter(visit -> visit.id() != 2)
                .build();
        Future<ExportRun> run =
                run(ExportJob.builder("visits", visits).deliverTo(lakeside).build());

        steps.await("read");
        assertThat(progress()).isEqualTo(reading("visits", 0, 0, 0)).hasToString("reading visits, 0 %");
        steps.give(visit(1));
        steps.await("read");
        assertThat(progress()).isEqualTo(reading("visits", 1, 1, 33));
        steps.give(visit(2));
        steps.await("read");
        assertThat(progress()).isEqualTo(reading("visits", 2, 1, 66));
        steps.give(visit(3));
        steps.await("read");
        assertThat(progress()).isEqualTo(reading("visits", 3, 2, 100));
        steps.give(visit(4)); // more than was expected
        steps.await("read");
        assertThat(progress()).isEqualTo(reading("visits", 4, 3, 100));
        assertThat(engine.job("visits").summary().progress()).contains(reading("visits", 4, 3, 100));
        steps.end();

        assertEnded(run);
    }

    @Test
    void should_count_bytes_while_a_file_is_written() throws Exception {
        Future<ExportRun> run = runStepwise(NOT_KNOWN, steps.delivery(lakeside));

        steps.await("read");
        for (int id = 1; id <= 10; id++) {
            steps.give(new Visit(id, "n".repeat(100_000), START.minusSeconds(1)));
            steps.await("read");
        }
        assertThat(progress().bytesStaged()).isBetween(800_000L, 1_000_100L);
        steps.end();

        steps.await("upload visits-1.csv to lakeside");
        assertThat(progress().bytesStaged())
                .isEqualTo(engine.run(1).run().bytes())
                .isGreaterThan(1_000_000);
        steps.resume();
        steps.await("publish visits-1.csv to lakeside");
        steps.resume();
        assertEnded(run);
    }

    @Test
    void should_give_no_percentage_of_what_is_not_known() throws Exception {
        List<Callable<OptionalLong>> unknown = List.of(NOT_KNOWN, () -> OptionalLong.of(0), () -> {
            throw new IllegalStateException("no statistics");
        });
        for (Callable<OptionalLong> expected : unknown) {
            Future<ExportRun> run = runStepwise(expected, lakeside);
            steps.await("read");
            steps.give(new Visit(1, "a", clock.instant().minusMillis(1)));
            steps.await("read");

            assertThat(engine.job("visits").summary().progress())
                    .hasValueSatisfying(
                            progress -> assertThat(progress.percent()).isEmpty());

            steps.end();
            assertThat(run.get().rows()).isEqualTo(1);
            clock.advance(Duration.ofSeconds(1)); // the next window
        }
    }

    @Test
    void should_start_from_zero_with_each_definition() throws Exception {
        ExportDefinition<Visit> visits = export("visits", steps.source("visits", () -> OptionalLong.of(1)))
                .build();
        ExportDefinition<Visit> calls =
                export("calls", steps.source("calls", () -> OptionalLong.of(2))).build();
        Future<ExportRun> run = run(ExportJob.builder("visits", visits)
                .definition(calls)
                .deliverTo(lakeside)
                .build());

        steps.await("visits");
        steps.give(visit(1));
        steps.await("visits");
        assertThat(progress()).isEqualTo(reading("visits", 1, 1, 100));
        clock.advance(Duration.ofMinutes(1));
        steps.end();
        steps.await("calls");
        steps.give(visit(2));
        steps.await("calls");

        assertThat(progress().definition()).contains("calls");
        assertThat(progress().since()).isEqualTo(START.plusSeconds(60));
        assertThat(progress().rowsRead()).isEqualTo(2);
        assertThat(progress().percent()).hasValue(50);
        steps.end();
        assertEnded(run);
    }

    @Test
    void should_distinguish_rows_read_and_written() throws Exception {
        ExportDefinition<Visit> visits = export("visits", steps.source("read", () -> OptionalLong.of(3)))
                .latestPerKey()
                .build();
        Future<ExportRun> run = run(ExportJob.builder("visits", visits)
                .holdIf((staged, before) -> {
                    steps.stop("staged");
                    return Optional.empty();
                })
                .deliverTo(lakeside)
                .build());

        for (Visit visit : List.of(visit(1), new Visit(1, "older", START.minusSeconds(9)), visit(2))) {
            steps.await("read");
            steps.give(visit);
        }
        steps.await("read");
        assertThat(progress()).isEqualTo(reading("visits", 3, 0, 100));
        clock.advance(Duration.ofMinutes(1));
        steps.end();
        steps.await("staged");

        assertThat(progress())
                .isEqualTo(new RunProgress(
                        "visits",
                        1,
                        Step.WRITING,
                        START.plusSeconds(60),
                        Optional.of("visits"),
                        Optional.empty(),
                        Optional.empty(),
                        3,
                        2,
                        9 + 2 * 5,
                        0,
                        OptionalInt.empty()))
                .hasToString("writing visits");
        steps.resume();
        assertEnded(run);
    }

    @Test
    void should_read_all_and_write_what_changed() throws Exception {
        List<Visit> all = new ArrayList<>(List.of(visit(1), visit(2), visit(3)));
        ExportDefinition<Visit> visits = export("visits", RecordSource.ofCollection(window -> all))
                .watermark(Watermark.fullSnapshot())
                .changes(ChangeDetection.keyedBy("id"))
                .build();
        engine.add(ExportJob.builder("visits", visits).deliverTo(lakeside).build())
                .runNow();
        all.set(1, new Visit(2, "changed", START));
        Future<ExportRun> run = run(ExportJob.builder("visits", visits)
                .deliverTo(steps.delivery(lakeside))
                .build());

        steps.await("upload visits-2.csv to lakeside");
        RunProgress progress = engine.run(2).progress().orElseThrow();
        assertThat(progress.rowsRead()).isEqualTo(3);
        assertThat(progress.rowsWritten()).isEqualTo(1);

        steps.resume();
        steps.await("publish visits-2.csv to lakeside");
        steps.resume();
        assertEnded(run);
    }

    @Test
    void should_know_how_many_records_a_collection_has_and_read_it_once() throws Exception {
        List<Integer> reads = new ArrayList<>();
        Collection<Visit> visits = List.of(visit(1), visit(2), visit(3));
        ExportDefinition<Visit> definition = export("visits", RecordSource.ofCollection(window -> {
                    reads.add(1);
                    return visits;
                }))
                .filter(visit -> {
                    steps.stop("filter");
                    return true;
                })
                .build();
        Future<ExportRun> run =
                run(ExportJob.builder("visits", definition).deliverTo(lakeside).build());

        for (int percent : List.of(33, 66, 100)) {
            steps.await("filter");
            assertThat(progress().percent()).hasValue(percent);
            steps.resume();
        }
        assertEnded(run);
        assertThat(reads).hasSize(1);
    }

    @Test
    void should_know_how_many_records_a_list_has_in_the_window() throws Exception {
        ListSource<Visit> source = Visit.source().put(visit(1), visit(2), new Visit(3, "later", START.plusSeconds(1)));
        ExportDefinition<Visit> definition = export("visits", source)
                .filter(visit -> {
                    steps.stop("filter");
                    return true;
                })
                .build();
        Future<ExportRun> run =
                run(ExportJob.builder("visits", definition).deliverTo(lakeside).build());

        for (int percent : List.of(50, 100)) {
            steps.await("filter");
            assertThat(progress().percent()).hasValue(percent);
            steps.resume();
        }
        assertEnded(run);
    }

    // ---- sending

    @Test
    void should_report_which_file_is_sent_where_and_how_far() throws Exception {
        ExportJob job = ExportJob.builder("visits", threeVisits("visits").build())
                .definition(threeVisits("calls").build())
                .deliverTo(steps.delivery(lakeside), steps.delivery(riverside))
                .build();
        Future<ExportRun> run = run(job);
        Step uploading = Step.UPLOADING;

        steps.await("upload visits-1.csv to lakeside");
        assertThat(progress()).isEqualTo(two(uploading, "visits-1.csv", "lakeside", 0, 0));
        steps.sent(6);
        steps.await("sent");
        assertThat(progress()).isEqualTo(two(uploading, "visits-1.csv", "lakeside", 6, 6)); // of 96 bytes
        steps.sent(BYTES + 1);
        steps.await("sent");
        assertThat(progress()).isEqualTo(two(uploading, "visits-1.csv", "lakeside", 24, 25));
        steps.resume();
        clock.advance(Duration.ofMinutes(1));

        steps.await("upload calls-1.csv to lakeside");
        assertThat(progress()).isEqualTo(two(uploading, "calls-1.csv", "lakeside", 24, 25));
        steps.resume(); // and it has reported nothing
        steps.await("upload visits-1.csv to riverside");
        assertThat(progress())
                .isEqualTo(two(uploading, "visits-1.csv", "riverside", 48, 50))
                .hasToString("uploading visits-1.csv to riverside, 50 %");
        steps.sent(-5);
        steps.await("sent");
        assertThat(progress()).isEqualTo(two(uploading, "visits-1.csv", "riverside", 48, 50));
        steps.resume();
        steps.await("upload calls-1.csv to riverside");
        assertThat(progress()).isEqualTo(two(uploading, "calls-1.csv", "riverside", 72, 75));
        steps.resume();

        int percent = 0;
        for (String delivery : List.of("lakeside", "riverside")) {
            for (String path : List.of("visits-1.csv", "calls-1.csv")) {
                steps.await("publish " + path + " to " + delivery);
                assertThat(progress())
                        .isEqualTo(sending(
                                START.plusSeconds(60), Step.PUBLISHING, path, delivery, 6, 2 * BYTES, 96, percent));
                percent += 25;
                steps.resume();
            }
        }
        assertEnded(run);
    }

    private static RunProgress two(Step step, String path, String delivery, long sent, int percent) {
        return sending(START, step, path, delivery, 6, 2 * BYTES, sent, percent);
    }

    @Test
    void should_not_go_back_nor_count_twice_when_it_tries_again() throws Exception {
        Future<ExportRun> run = run(stepped().build());
        String upload = "upload visits-1.csv to lakeside";

        steps.await(upload);
        steps.sent(12);
        steps.await("sent");
        steps.fail(DeliveryException.retryable("lakeside", "the connection broke", null));
        steps.await(upload);
        assertThat(progress()).isEqualTo(sending(Step.UPLOADING, "visits-1.csv", "lakeside", 12, 50));
        steps.sent(6); // from the beginning again
        steps.await("sent");
        assertThat(progress()).isEqualTo(sending(Step.UPLOADING, "visits-1.csv", "lakeside", 12, 50));
        steps.sent(18);
        steps.await("sent");
        assertThat(progress()).isEqualTo(sending(Step.UPLOADING, "visits-1.csv", "lakeside", 18, 75));
        steps.resume();

        steps.await("publish visits-1.csv to lakeside");
        assertThat(progress()).isEqualTo(sending(Step.PUBLISHING, "visits-1.csv", "lakeside", 24, 0));
        steps.resume();
        assertEnded(run);
    }

    @Test
    void should_show_what_is_sent_by_publishing_it() throws Exception {
        InMemoryDelivery office = InMemoryDelivery.withoutRename("office");
        Future<ExportRun> run =
                run(ExportJob.builder("visits", threeVisits("visits").build())
                        .deliverTo(steps.delivery(office))
                        .build());

        steps.await("upload visits-1.csv to office");
        steps.resume();
        steps.await("publish visits-1.csv to office");
        assertThat(progress()).isEqualTo(sending(Step.PUBLISHING, "visits-1.csv", "office", 0, 0));
        steps.sent(6);
        steps.await("sent");
        assertThat(progress()).isEqualTo(sending(Step.PUBLISHING, "visits-1.csv", "office", 6, 25));
        steps.resume();
        assertEnded(run);
    }

    @Test
    void should_show_the_copies_of_a_run_that_is_committed() throws Exception {
        Future<ExportRun> run =
                run(ExportJob.builder("visits", threeVisits("visits").build())
                        .deliverTo(riverside)
                        .copyTo(steps.delivery(lakeside))
                        .build());

        steps.await("upload visits-1.csv to lakeside");
        assertThat(progress()).isEqualTo(sending(Step.COPYING, "visits-1.csv", "lakeside", 24, 0));
        JobSummary summary = engine.job("visits").summary();
        assertThat(summary.status()).isEqualTo(JobStatus.SUCCESS);
        assertThat(summary).hasToString("job 'visits': success, copying visits-1.csv to lakeside, 0 %");
        steps.sent(12);
        steps.await("sent");
        assertThat(progress()).isEqualTo(sending(Step.COPYING, "visits-1.csv", "lakeside", 36, 50));
        steps.resume();
        steps.await("publish visits-1.csv to lakeside");
        assertThat(progress()).isEqualTo(sending(Step.COPYING, "visits-1.csv", "lakeside", 48, 100));
        steps.resume();
        assertEnded(run);
    }

    @Test
    void should_show_a_run_that_is_redelivered() throws Exception {
        engine.add(ExportJob.builder("visits", threeVisits("visits").build())
                        .deliverTo(lakeside)
                        .build())
                .runNow();
        lakeside.takeAll();
        engine.add(stepped().build());
        Future<ExportRun> again = runs.submit(() -> engine.run(1).redeliver());

        steps.await("upload visits-1.csv to lakeside");
        assertThat(engine.run(1).progress()).isEmpty();
        assertThat(engine.run(2).progress()).hasValueSatisfying(progress -> {
            assertThat(progress.rowsRead()).isZero();
            assertThat(progress.rowsWritten()).isEqualTo(3);
            assertThat(progress.bytesStaged()).isEqualTo(BYTES);
        });
        steps.resume();
        steps.await("publish visits-1.csv to lakeside");
        steps.resume();
        assertEnded(again);
    }

    @Test
    void should_show_a_test_record() throws Exception {
        engine.add(stepped().build());
        Future<ExportRun> test = runs.submit(() -> engine.job("visits").sendTestRecord("visits", "2"));

        steps.await("upload test-1-visits-1.csv to lakeside");
        assertThat(progress())
                .isEqualTo(new RunProgress(
                        "visits",
                        1,
                        Step.UPLOADING,
                        START,
                        Optional.empty(),
                        Optional.of("lakeside"),
                        Optional.of("test-1-visits-1.csv"),
                        1,
                        1,
                        9 + 5,
                        0,
                        OptionalInt.of(0)));
        steps.resume();
        steps.await("publish test-1-visits-1.csv to lakeside");
        steps.resume();
        assertEnded(test);
    }

    // ---- failures, restarts, many runs

    @Test
    void should_forget_a_run_that_failed_in_the_source() throws Exception {
        Future<ExportRun> run = runStepwise(NOT_KNOWN, lakeside);

        steps.await("read");
        assertThat(progress()).isEqualTo(reading("visits", 0, 0, -1));
        steps.fail(new IllegalStateException("the database is gone"));

        assertThatThrownBy(run::get).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(SourceException.class);
        assertNoProgress();
    }

    @Test
    void should_forget_a_run_that_failed_at_a_destination() throws Exception {
        Future<ExportRun> run = run(stepped().build());

        steps.await("upload visits-1.csv to lakeside");
        steps.fail(DeliveryException.permanent("lakeside", "no space", null));

        assertThatThrownBy(run::get).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(DeliveryException.class);
        assertNoProgress();
    }

    @Test
    void should_forget_a_run_that_waits_for_its_next_attempt_and_show_how_it_is_finished() throws Exception {
        ExportJob job = ExportJob.builder("visits", threeVisits("visits").build())
                .definition(threeVisits("calls").build())
                .deliverTo(steps.delivery(lakeside))
                .build();
        Future<ExportRun> run = run(job);
        steps.await("upload visits-1.csv to lakeside");
        steps.resume();
        steps.await("upload calls-1.csv to lakeside");
        steps.resume();
        steps.await("publish visits-1.csv to lakeside");
        steps.fail(DeliveryException.permanent("lakeside", "no permission", null));
        assertThatThrownBy(run::get).isInstanceOf(ExecutionException.class);
        assertThat(engine.run(1).run().publishing()).isTrue();
        assertThat(engine.run(1).progress()).isEmpty();

        engine.close();
        start();
        clock.advance(Duration.ofMinutes(10));
        Instant since = clock.instant();
        Future<ExportRun> next = run(job);

        steps.await("publish visits-1.csv to lakeside");
        assertThat(progress())
                .isEqualTo(sending(since, Step.PUBLISHING, "visits-1.csv", "lakeside", 0, 2 * BYTES, 0, 0));
        steps.resume();
        steps.await("publish calls-1.csv to lakeside");
        assertThat(progress())
                .isEqualTo(sending(since, Step.PUBLISHING, "calls-1.csv", "lakeside", 0, 2 * BYTES, 0, 50));
        steps.gone();
        steps.await("upload calls-1.csv to lakeside");
        steps.sent(12);
        steps.await("sent");
        assertThat(progress())
                .isEqualTo(sending(since, Step.UPLOADING, "calls-1.csv", "lakeside", 0, 2 * BYTES, 12, 75));
        steps.resume();
        steps.await("publish calls-1.csv to lakeside");
        assertThat(progress())
                .isEqualTo(sending(since, Step.PUBLISHING, "calls-1.csv", "lakeside", 0, 2 * BYTES, 24, 100));
        steps.resume();

        steps.await("upload visits-2.csv to lakeside"); // the next window
        assertThat(engine.run(1).progress()).isEmpty();
        assertThat(engine.job("visits").summary().progress().map(RunProgress::run))
                .contains(2L);
        steps.fail(DeliveryException.permanent("lakeside", "enough", null));
        assertThatThrownBy(next::get).isInstanceOf(ExecutionException.class);
        assertNothingToSee();
    }

    @Test
    void should_show_publishing_again_after_an_upload_in_between_has_failed() throws Exception {
        Future<ExportRun> run =
                run(ExportJob.builder("visits", threeVisits("visits").build())
                        .deliverTo(steps.delivery(lakeside), steps.delivery(riverside))
                        .build());
        for (String delivery : List.of("lakeside", "riverside")) {
            steps.await("upload visits-1.csv to " + delivery);
            steps.resume();
        }
        steps.await("publish visits-1.csv to lakeside");
        steps.gone();
        steps.await("upload visits-1.csv to lakeside");
        assertThat(progress().step()).isEqualTo(Step.UPLOADING);
        steps.fail(DeliveryException.permanent("lakeside", "no space", null));

        steps.await("publish visits-1.csv to riverside");
        assertThat(progress()).isEqualTo(sending(Step.PUBLISHING, "visits-1.csv", "riverside", 48, 0));

        steps.resume();
        assertThatThrownBy(run::get).isInstanceOf(ExecutionException.class);
        assertThat(engine.run(1).progress()).isEmpty();
    }

    @Test
    void should_not_mix_two_jobs() throws Exception {
        Steps others = new Steps();
        Future<ExportRun> visits = run(ExportJob.builder(
                        "visits",
                        export("visits", steps.source("read", () -> OptionalLong.of(2)))
                                .build())
                .deliverTo(lakeside)
                .build());
        steps.await("read"); // so that its run has the number 1
        Future<ExportRun> calls =
                run(ExportJob.builder("calls", threeVisits("calls").build())
                        .deliverTo(others.delivery(riverside))
                        .build());
        others.await("upload calls-1.csv to riverside");

        steps.give(visit(1));
        steps.await("read");
        others.sent(6);
        others.await("sent");

        assertThat(progress()).isEqualTo(reading("visits", 1, 1, 50));
        assertThat(engine.run(2).progress())
                .hasValueSatisfying(progress -> assertThat(progress.bytesSent()).isEqualTo(6));
        assertThat(engine.jobs(JobQuery.all()))
                .extracting(JobSummary::toString)
                .containsExactly(
                        "job 'calls': in progress, uploading calls-1.csv to riverside, 25 %",
                        "job 'visits': in progress, reading visits, 50 %");
        others.resume();
        others.await("publish calls-1.csv to riverside");
        others.resume();
        assertThat(calls.get().rows()).isEqualTo(3);
        assertThat(progress()).isEqualTo(reading("visits", 1, 1, 50));
        steps.end();
        assertEnded(visits);
    }

    @Test
    void should_be_empty_where_another_engine_executes_the_run() throws Exception {
        Future<ExportRun> run = run(stepped().build());
        steps.await("upload visits-1.csv to lakeside");

        try (ExportEngine other = ExportEngine.builder()
                .directory(home.resolve("other"))
                .store(store)
                .scheduler(new ManualScheduler(clock))
                .build()) {
            other.add(stepped().build());

            assertThat(other.run(1).progress()).isEmpty();
            assertThat(other.run(1).run().status()).isEqualTo(RunStatus.STAGED);
            assertThat(other.job("visits").summary())
                    .satisfies(summary -> assertThat(summary.progress()).isEmpty())
                    .hasToString("job 'visits': in progress");
        }
        steps.resume();
        steps.await("publish visits-1.csv to lakeside");
        steps.resume();
        assertEnded(run);
    }

    @Test
    void should_be_seen_while_the_source_is_opened() throws Exception {
        ExportDefinition<Visit> visits = export("visits", parameters -> {
                    steps.stop("open");
                    return window -> Stream.of(visit(1));
                })
                .build();
        Future<ExportRun> run =
                run(ExportJob.builder("visits", visits).deliverTo(lakeside).build());

        steps.await("open");
        assertThat(engine.job("visits").summary().progress()).hasValueSatisfying(progress -> {
            assertThat(progress.step()).isEqualTo(Step.PLANNING);
            assertThat(progress).hasToString("planning");
        });
        steps.resume();
        assertEnded(run);
    }
}
