package io.outfeed.benchmarks;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.file.StagedFile;
import io.outfeed.file.transform.Gzip;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Exports the same records to a file by gzip, with no thread but that of the run and with one more, in turns and in one
 * JVM, and prints the ratios of the latter to the former: by one run at a time, and by two runs at once. The files must
 * be the same byte for byte: the hashes of what was staged are compared.
 */
final class CompressionBenchmark {

    /** What is compared. */
    private record Setting(int runs, int level) {

        @Override
        public String toString() {
            return (runs == 1 ? "one run" : runs + " runs at once") + ", gzip " + level;
        }
    }

    /** What it took, and what was written. */
    private record Result(double seconds, String sha256) {}

    private final Rounds rounds;
    private final MixedRows rows;

    private CompressionBenchmark(Rounds rounds) {
        this.rounds = rounds;
        this.rows = MixedRows.typed(rounds.records());
    }

    /** Of the arguments: the number of records, and the number of rounds. */
    public static void main(String[] args) throws Exception {
        Rounds.run(args, "ratios to one thread", rounds -> new CompressionBenchmark(rounds).run());
    }

    private void run() throws Exception {
        for (int runs = 1; runs <= 2; runs++) {
            for (int level : List.of(1, 3, 6)) {
                Setting setting = new Setting(runs, level);
                Ratios ratios = new Ratios(setting.toString());
                for (int round = rounds.first(); round < rounds.number(); round++) {
                    Result alone = export(setting, 0);
                    Result beside = export(setting, 1);
                    if (!beside.sha256.equals(alone.sha256)) {
                        throw new IOException(setting + " has written other bytes");
                    }
                    if (round >= 0) {
                        ratios.add(beside.seconds / alone.seconds);
                    }
                }
                System.out.println(ratios);
            }
        }
    }

    private Result export(Setting setting, int threads) throws Exception {
        Path directory = rounds.directory();
        ExecutorService workers = Executors.newFixedThreadPool(setting.runs);
        try (ExportEngine engine = ExportEngine.builder()
                .directory(directory)
                .compressorThreads(threads)
                .build()) {
            List<JobHandle> jobs = new ArrayList<>();
            for (int i = 0; i < setting.runs; i++) {
                jobs.add(engine.add(job("records-" + i, setting.level)));
            }
            long start = System.nanoTime();
            List<Future<ExportRun>> runs = new ArrayList<>();
            for (JobHandle job : jobs) {
                runs.add(workers.submit(job::runNow));
            }
            String sha256 = "";
            for (Future<ExportRun> run : runs) {
                StagedFile file = run.get().files().get(0);
                sha256 += file.sha256();
            }
            return new Result((System.nanoTime() - start) / 1e9, sha256);
        } finally {
            workers.shutdown();
            CsvBenchmark.delete(directory);
        }
    }

    private ExportJob job(String name, int level) {
        return ExportJob.builder(name, rows.definition())
                .transforms(Gzip.level(level))
                .build();
    }
}
