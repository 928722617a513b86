package io.outfeed.benchmarks;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.file.WhenEmpty;
import io.outfeed.operation.JobHandle;
import io.outfeed.source.RecordSource;
import io.outfeed.watermark.Watermark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Runs two jobs that find nothing, on a file store, one after the other and at once, in turns, and prints the ratio of
 * the times. The runs wait for the disk most of the time: below 1 they do not wait for each other.
 */
final class StoreWaitsBenchmark {

    private static final int WARM_UPS = 2;
    private static final int RUNS = 50;

    private StoreWaitsBenchmark() {}

    /** Of the arguments: the number of rounds. */
    public static void main(String[] args) throws Exception {
        int rounds = Integer.parseInt(args[0]);
        Path home = Files.createTempDirectory("store-waits-benchmark");
        try (ExportEngine engine = ExportEngine.builder().directory(home).build()) {
            List<JobHandle> jobs = List.of(job(engine, "one"), job(engine, "other"));
            Ratios ratios = new Ratios("at once / in turn");
            Ratios millis = new Ratios("milliseconds a run");
            for (int round = -WARM_UPS; round < rounds; round++) {
                double inTurn = seconds(() -> jobs.forEach(StoreWaitsBenchmark::run));
                double atOnce = seconds(() -> CompletableFuture.allOf(jobs.stream()
                                .map(job -> CompletableFuture.runAsync(() -> run(job)))
                                .toArray(CompletableFuture[]::new))
                        .join());
                if (round >= 0) {
                    ratios.add(atOnce / inTurn);
                    millis.add(inTurn * 1000 / RUNS / jobs.size());
                }
            }
            System.out.printf(
                    Locale.ROOT,
                    "%d runs of each of two jobs on %d processors, %d interleaved rounds%n%s%n%s%n",
                    RUNS,
                    Runtime.getRuntime().availableProcessors(),
                    rounds,
                    ratios,
                    millis);
        } finally {
            CsvBenchmark.delete(home);
        }
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private static void run(JobHandle job) {
        for (int i = 0; i < RUNS; i++) {
            job.runNow();
        }
    }

    private static JobHandle job(ExportEngine engine, String name) {
        ExportDefinition<String> nothing = ExportDefinition.builder(name, String.class)
                .source(RecordSource.of(window -> Stream.empty()))
                .recordKey(record -> record)
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.field("record", record -> record))
                .file(f -> f.name(name + ".csv").whenEmpty(WhenEmpty.NO_FILE))
                .build();
        return engine.add(ExportJob.builder(name, nothing).build());
    }
}
