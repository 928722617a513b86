package io.outfeed.benchmarks;

import io.outfeed.benchmarks.PostgresExports.Approach;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Writes a table of a PostgreSQL server on this machine to a CSV file, in turns, and prints medians of the ratios to a
 * cursor that reads all values and discards them. The files must be the same, byte for byte: they are compared by
 * SHA-256, off the clock.
 *
 * <p>Outfeed is measured as a host has it, by a job without deliveries: source, record key, mapping, file, SHA-256,
 * fsync, and the state in its store, by both transports. Spring Batch and Camel do what their guides show, and
 * commons-csv is used in a loop by hand; their files are hashed and flushed too. The driver's own COPY has the texts of
 * the server, and is not compared.
 */
final class PostgresBenchmark {

    private static final int WARM_UPS = 2;

    /** Where an export runs. */
    private enum Jvm {
        /** All in one, after rounds that do not count. */
        WARM,
        /** Each in one of its own; what the start of the JVM takes does not count. */
        COLD
    }

    private final EmbeddedPostgres postgres;
    private final PostgresExports exports;
    private final Path home;
    private final Jvm jvm;

    private PostgresBenchmark(EmbeddedPostgres postgres, Path home, Jvm jvm) {
        this.postgres = postgres;
        this.exports = new PostgresExports(postgres.getPostgresDatabase());
        this.home = home;
        this.jvm = jvm;
    }

    /** Of the arguments: the number of records, the number of rounds, and warm or cold. */
    public static void main(String[] args) throws Exception {
        int records = Integer.parseInt(args[0]);
        int rounds = Integer.parseInt(args[1]);
        Jvm jvm = Jvm.valueOf(args[2].toUpperCase(Locale.ROOT));
        Path home = Files.createTempDirectory("postgres-benchmark");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
            PostgresBenchmark benchmark = new PostgresBenchmark(postgres, home, jvm);
            benchmark.exports.createTable(records);
            System.out.printf(
                    Locale.ROOT,
                    "%,d records of 20 columns on %d processors, %d interleaved rounds, JVM %s: medians of the ratios,"
                            + " with the smallest and the largest%n",
                    records,
                    Runtime.getRuntime().availableProcessors(),
                    rounds,
                    args[2]);
            benchmark.run(rounds);
        } finally {
            CsvBenchmark.delete(home);
        }
    }

    private void run(int rounds) throws Exception {
        Map<Approach, Ratios> ratios = new EnumMap<>(Approach.class);
        for (Approach approach : Approach.values()) {
            ratios.put(approach, new Ratios(approach.title));
        }
        List<Double> seconds = new ArrayList<>();
        for (int round = jvm == Jvm.WARM ? -WARM_UPS : 0; round < rounds; round++) {
            double base = 0;
            Set<String> files = new HashSet<>();
            for (Approach approach : Approach.values()) {
                Path directory = Files.createDirectory(home.resolve("round"));
                WrittenFile written =
                        jvm == Jvm.WARM ? exports.write(approach, directory) : inJvmOfItsOwn(approach, directory);
                CsvBenchmark.delete(directory);
                if (approach.isCompared()) {
                    files.add(written.sha256());
                }
                if (approach == Approach.CURSOR) {
                    base = written.nanos();
                }
                if (round >= 0) {
                    ratios.getOrDefault(approach, new Ratios("")).add(written.nanos() / base);
                }
            }
            if (files.size() != 1) {
                throw new IOException("the files differ");
            }
            if (round >= 0) {
                seconds.add(base / 1e9);
            }
        }
        System.out.printf(Locale.ROOT, "the cursor takes %.2f s%n", CsvBenchmark.median(seconds));
        ratios.values().forEach(System.out::println);
    }

    private WrittenFile inJvmOfItsOwn(Approach approach, Path directory) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        PostgresExports.class.getName(),
                        postgres.getJdbcUrl("postgres", "postgres"),
                        approach.name(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = process.inputReader()) {
            String[] answer = output.lines()
                    .filter(line -> line.startsWith(PostgresExports.WRITTEN))
                    .findFirst()
                    .orElseThrow(() -> new IOException(approach + " has failed"))
                    .split(" ", -1);
            return new WrittenFile(Long.parseLong(answer[1]), Long.parseLong(answer[2]), answer[3]);
        }
    }
}
