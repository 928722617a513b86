package io.outfeed.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.error.FailureCode;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.SourceException;
import io.outfeed.file.transform.FileTransform;
import io.outfeed.file.transform.Gzip;
import io.outfeed.file.transform.Zip;
import io.outfeed.operation.Cancellation;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunStatus;
import io.outfeed.source.RecordSource;
import io.outfeed.support.Runs;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs whose files are compressed on a second thread: the same files, and no thread is left, however they end. */
@Timeout(180)
class PipelinedFilesTest {

    /** 2 MB. */
    private static final int ROWS = 20_000;

    /** Long after the second thread was started. */
    private static final int MIDDLE = 15_000;

    /** Much longer than a thread needs to end, and less than an idle one is kept. */
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    /** What a source does before it gives a record. */
    private interface Hook {

        void before(int row) throws Exception;
    }

    private record Line(int id, String text) {

        private static Line of(int id) {
            StringBuilder text = new StringBuilder();
            Random random = new Random(id);
            for (int i = 0; i < 95; i++) {
                text.append((char) ('a' + random.nextInt(20)));
            }
            return new Line(id, text.toString());
        }
    }

    /** The threads that compress for the runs of a test, which belong to its group. */
    private final ThreadGroup group = new ThreadGroup("runs of a test");

    private final Set<Thread> seen = new LinkedHashSet<>();

    private synchronized void lookForThreads() {
        Thread[] all = new Thread[100];
        int count = group.enumerate(all);
        for (int i = 0; i < count; i++) {
            if (all[i].getName().equals("outfeed-compressor")) {
                seen.add(all[i]);
            }
        }
    }

    private void assertNoneIsLeft() throws InterruptedException {
        lookForThreads();
        for (Thread thread : seen) {
            thread.join(LONG.toMillis());
        }
        assertThat(seen).filteredOn(Thread::isAlive).isEmpty();
    }

    private <R> FutureTask<R> start(Callable<R> call) {
        FutureTask<R> task = new FutureTask<>(call);
        new Thread(group, task, "run").start();
        return task;
    }

    private ExportEngine engine(int threads) {
        return ExportEngine.builder()
                .directory(directory.resolve("engine-" + threads))
                .retryPolicy(RetryPolicy.none())
                .renameLooks(Duration.ZERO)
                .compressorThreads(threads)
                .build();
    }

    private ExportJob.Builder job(String name, FileTransform transform, int rows, Hook hook, InMemoryDelivery to) {
        RecordSource<Line> source = RecordSource.of(window -> IntStream.range(0, rows)
                .peek(row -> {
                    if (row % 500 == 0) {
                        lookForThreads();
                    }
                    call(hook, row);
                })
                .mapToObj(Line::of));
        ExportDefinition<Line> definition = ExportDefinition.builder("lines", Line.class)
                .source(source)
                .recordKey(Line::id)
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.field("id", Line::id).field("text", Line::text))
                .file(f -> f.name("lines.csv"))
                .build();
        return ExportJob.builder(name, definition).transforms(transform).deliverTo(to);
    }

    private JobHandle add(ExportEngine engine, FileTransform transform, Hook hook) {
        return engine.add(job("lines", transform, ROWS, hook, InMemoryDelivery.create("lakeside"))
                .build());
    }

    private static void call(Hook hook, int row) {
        try {
            hook.before(row);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void nothing(int row) {
        assertThat(row).isNotNegative();
    }

    static List<FileTransform> compressions() {
        return List.of(Gzip.defaults(), Gzip.level(1), Zip.defaults());
    }

    @ParameterizedTest
    @MethodSource("compressions")
    void should_deliver_the_same_file(FileTransform transform) throws Exception {
        List<byte[]> files = new ArrayList<>();
        for (int threads = 0; threads <= 1; threads++) {
            InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
            try (ExportEngine engine = engine(threads)) {
                JobHandle job = engine.add(job("lines", transform, ROWS, PipelinedFilesTest::nothing, lakeside)
                        .build());
                ExportRun run = start(job::runNow).get();

                assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
                byte[] file = lakeside.file("lines.csv" + transform.ending()).bytes();
                assertThat(run.files().get(0).bytes()).isEqualTo(file.length);
                files.add(file);
            }
            assertThat(seen).hasSize(threads);
        }

        assertThat(files.get(1)).isEqualTo(files.get(0));
        assertNoneIsLeft();
    }

    @Test
    void should_start_no_thread_for_a_small_file() throws Exception {
        InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
        try (ExportEngine engine = engine(1)) {
            JobHandle job = engine.add(job("lines", Gzip.defaults(), 2500, PipelinedFilesTest::nothing, lakeside)
                    .build());
            ExportRun run = start(job::runNow).get();
            assertThat(run.files().get(0).plain())
                    .hasValueSatisfying(plain -> assertThat(plain.bytes()).isBetween(200_000L, 256L * 1024));
            lookForThreads();
        }

        assertThat(seen).isEmpty();
    }

    @Test
    void should_leave_no_thread_when_the_source_fails() throws Exception {
        try (ExportEngine engine = engine(1)) {
            JobHandle job = add(engine, Gzip.defaults(), row -> {
                if (row == MIDDLE) {
                    throw new IllegalStateException("the source is gone");
                }
            });

            assertThatThrownBy(() -> start(job::runNow).get()).hasCauseInstanceOf(SourceException.class);
        }

        assertThat(seen).hasSize(1);
        assertNoneIsLeft();
    }

    @Test
    void should_leave_no_thread_when_the_run_is_cancelled() throws Exception {
        try (ExportEngine engine = engine(1)) {
            JobHandle job = add(engine, Zip.defaults(), row -> {
                if (row == MIDDLE) {
                    assertThat(engine.run(1).cancel("stop it")).isNotEqualTo(Cancellation.TOO_LATE);
                }
            });

            assertThat(start(job::runNow).get().status()).isEqualTo(RunStatus.CANCELLED);
        }

        assertThat(seen).hasSize(1);
        assertNoneIsLeft();
    }

    @Test
    void should_keep_an_interrupt_for_the_source() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (ExportEngine engine = engine(1)) {
            JobHandle job = add(engine, Gzip.defaults(), row -> {
                if (row == MIDDLE / 2) {
                    Thread.currentThread().interrupt();
                } else if (row == MIDDLE) {
                    never.await();
                }
            });

            assertThatThrownBy(() -> start(job::runNow).get()).hasCauseInstanceOf(SourceException.class);
            assertThat(Runs.newest(engine, job, 1).get(0).failure())
                    .map(RunFailure::code)
                    .hasValue(FailureCode.STOPPED);
        }

        assertThat(seen).hasSize(1);
        assertNoneIsLeft();
    }

    @Test
    void should_share_a_thread_between_runs() throws Exception {
        InMemoryDelivery alone = InMemoryDelivery.create("alone");
        InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
        InMemoryDelivery riverside = InMemoryDelivery.create("riverside");
        CyclicBarrier together = new CyclicBarrier(2);
        Hook meet = row -> {
            if (row % 5000 == 0) {
                together.await();
            }
        };
        try (ExportEngine engine = engine(1)) {
            engine.add(job("alone", Gzip.defaults(), ROWS, PipelinedFilesTest::nothing, alone)
                            .build())
                    .runNow();
            JobHandle first = engine.add(
                    job("first", Gzip.defaults(), ROWS, meet, lakeside).build());
            JobHandle second = engine.add(
                    job("second", Gzip.defaults(), ROWS, meet, riverside).build());
            FutureTask<ExportRun> firstRun = start(first::runNow);
            FutureTask<ExportRun> secondRun = start(second::runNow);

            assertThat(firstRun.get().status()).isEqualTo(RunStatus.COMMITTED);
            assertThat(secondRun.get().status()).isEqualTo(RunStatus.COMMITTED);
        }

        byte[] expected = alone.file("lines.csv.gz").bytes();
        assertThat(lakeside.file("lines.csv.gz").bytes()).isEqualTo(expected);
        assertThat(riverside.file("lines.csv.gz").bytes()).isEqualTo(expected);
        assertThat(seen).hasSizeLessThanOrEqualTo(1);
        assertNoneIsLeft();
    }

    @Test
    void should_refuse_a_number_below_zero() {
        assertThatThrownBy(() -> engine(-1))
                .isInstanceOfSatisfying(
                        InvalidDefinitionException.class,
                        refused -> assertThat(refused.problems())
                                .containsExactly("compressorThreads must be zero or more, not -1"));
    }
}
