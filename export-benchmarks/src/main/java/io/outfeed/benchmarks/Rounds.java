package io.outfeed.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A benchmark whose approaches export the same records in turns.
 *
 * @param home a directory for its files, which is deleted afterwards
 * @param records how many records each approach exports
 * @param number how often each approach is measured, after those rounds that warm the JVM up
 */
record Rounds(Path home, int records, int number) {

    private static final int WARM_UPS = 2;

    /** Measures all approaches. */
    interface Benchmark {

        void run(Rounds rounds) throws Exception;
    }

    /**
     * Runs a benchmark, and prints first what it does.
     *
     * @param args the number of records, and the number of rounds
     * @param printed what the figures are
     */
    static void run(String[] args, String printed, Benchmark benchmark) throws Exception {
        Rounds rounds = new Rounds(
                Files.createTempDirectory("benchmark"), Integer.parseInt(args[0]), Integer.parseInt(args[1]));
        System.out.printf(
                Locale.ROOT,
                "%,d records of %d fields on %d processors, %d interleaved rounds: %s%n",
                rounds.records,
                MixedRows.HEADERS.size(),
                Runtime.getRuntime().availableProcessors(),
                rounds.number,
                printed);
        try {
            benchmark.run(rounds);
        } finally {
            CsvBenchmark.delete(rounds.home);
        }
    }

    /** Returns the number of the first round: those below 0 are not counted. */
    int first() {
        return -WARM_UPS;
    }

    /** Makes the directory of one approach in one round. */
    Path directory() throws IOException {
        return Files.createDirectory(home.resolve("round"));
    }
}
