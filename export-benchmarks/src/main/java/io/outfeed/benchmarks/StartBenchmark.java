package io.outfeed.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.directory.DirectoryDelivery;
import io.outfeed.jdbc.store.JdbcStore;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.RecordSource;
import io.outfeed.watermark.Watermark;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/**
 * The start of an engine with many jobs against that of one without: adding the jobs and starting, with the state in
 * PostgreSQL. Statements are counted by pg_stat_statements, which counts BEGIN and not COMMIT.
 */
public final class StartBenchmark {

    private static final int WARM_UPS = 2;
    private static final int CONNECTIONS = 4;

    /** How long a start took, and how many statements. */
    private record Started(double millis, long statements) {}

    private final DataSource database;
    private final Path home;
    private final ExportDefinition<String> definition = ExportDefinition.builder("visits", String.class)
            .source(RecordSource.ofCollection(window -> List.of("1")))
            .recordKey(visit -> visit)
            .watermark(Watermark.fullSnapshot())
            .fields(f -> f.field("visit", visit -> visit))
            .file(file -> file.name("{job}-{sequence}.csv"))
            .build();

    private StartBenchmark(DataSource database, Path home) {
        this.database = database;
        this.home = home;
    }

    /** Of the arguments: the number of jobs, and the number of rounds. */
    public static void main(String[] args) throws Exception {
        int jobs = Integer.parseInt(args[0]);
        int rounds = Integer.parseInt(args[1]);
        Path home = Files.createTempDirectory("start-benchmark");
        HikariConfig config = new HikariConfig();
        config.setMaximumPoolSize(CONNECTIONS);
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                .setServerConfig("shared_preload_libraries", "pg_stat_statements")
                .start()) {
            config.setDataSource(postgres.getPostgresDatabase());
            try (HikariDataSource database = new HikariDataSource(config)) {
                execute(database, "CREATE EXTENSION pg_stat_statements");
                new StartBenchmark(database, home).run(jobs, rounds);
            }
        } finally {
            CsvBenchmark.delete(home);
        }
    }

    private void run(int number, int rounds) throws SQLException {
        System.out.printf(
                Locale.ROOT,
                "%,d jobs on %d processors, %d interleaved rounds: medians, with the smallest and the largest%n",
                number,
                Runtime.getRuntime().availableProcessors(),
                rounds);
        List<ExportJob> jobs = IntStream.range(0, number).mapToObj(this::job).toList();
        Started first = start("many_", jobs);
        System.out.printf(
                Locale.ROOT,
                "the first start, which stores them: %.0f ms, %d statements%n",
                first.millis(),
                first.statements());
        start("none_", List.of());
        List<Started> none = new ArrayList<>();
        List<Started> many = new ArrayList<>();
        for (int round = -WARM_UPS; round < rounds; round++) {
            Started without = start("none_", List.of());
            Started with = start("many_", jobs);
            if (round >= 0) {
                none.add(without);
                many.add(with);
            }
        }
        print("without jobs", none);
        print("with jobs", many);
        List<Double> ratios = IntStream.range(0, rounds)
                .mapToObj(i -> many.get(i).millis() / none.get(i).millis())
                .toList();
        System.out.printf(
                Locale.ROOT,
                "%-13s %.1f (%.1f to %.1f)%n",
                "ratio",
                CsvBenchmark.median(ratios),
                ratios.stream().mapToDouble(ratio -> ratio).min().orElseThrow(),
                ratios.stream().mapToDouble(ratio -> ratio).max().orElseThrow());
    }

    private static void print(String title, List<Started> starts) {
        List<Double> millis = starts.stream().map(Started::millis).toList();
        System.out.printf(
                Locale.ROOT,
                "%-13s %.0f ms (%.0f to %.0f), %d statements%n",
                title,
                CsvBenchmark.median(millis),
                millis.stream().mapToDouble(each -> each).min().orElseThrow(),
                millis.stream().mapToDouble(each -> each).max().orElseThrow(),
                starts.get(starts.size() - 1).statements());
    }

    private ExportJob job(int number) {
        return ExportJob.builder("visits-of-customer-" + number, definition)
                .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .deliverTo(DirectoryDelivery.to("lakeside", home))
                .build();
    }

    private Started start(String prefix, List<ExportJob> jobs) throws SQLException {
        try (JdbcStore store =
                JdbcStore.builder(database).tablePrefix(prefix).migrate().build()) {
            execute(database, "SELECT pg_stat_statements_reset()");
            long begin = System.nanoTime();
            try (ExportEngine engine = ExportEngine.builder()
                    .directory(home.resolve(prefix))
                    .store(store)
                    .build()) {
                engine.addAll(jobs);
                engine.start();
                double millis = (System.nanoTime() - begin) / 1e6;
                return new Started(millis, statements());
            }
        }
    }

    private long statements() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT sum(calls) FROM pg_stat_statements WHERE query NOT LIKE '%pg_stat_statements%'")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static void execute(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
