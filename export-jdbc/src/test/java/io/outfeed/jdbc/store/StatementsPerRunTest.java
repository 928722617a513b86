package io.outfeed.jdbc.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.directory.DirectoryDelivery;
import io.outfeed.jdbc.JdbcRecordSource;
import io.outfeed.jdbc.JdbcWatermark;
import io.outfeed.jdbc.Row;
import io.outfeed.jdbc.databases.TestPostgres;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatementsPerRunTest {

    @TempDir
    Path directory;

    @Test
    void should_need_few_statements() throws Exception {
        DataSource database = TestPostgres.newDatabase();
        TestPostgres.execute(
                database,
                "CREATE EXTENSION pg_stat_statements",
                "CREATE TABLE visit (id int PRIMARY KEY, updated_at timestamptz NOT NULL)",
                "INSERT INTO visit SELECT n, now() - interval '1 hour' FROM generate_series(1, 10) n");
        HikariConfig config = new HikariConfig();
        config.setDataSource(database);
        config.setMaximumPoolSize(10);
        SettableClock clock =
                SettableClock.at(Instant.now().truncatedTo(ChronoUnit.HOURS).plusSeconds(30));
        ManualScheduler scheduler = new ManualScheduler(clock);
        try (HikariDataSource pool = new HikariDataSource(config);
                JdbcStore store = JdbcStore.builder(pool).migrate().build();
                ExportEngine engine = ExportEngine.builder()
                        .directory(directory.resolve("engine"))
                        .store(store)
                        .clock(clock)
                        .scheduler(scheduler)
                        .build()) {
            JdbcRecordSource<Row> source = JdbcRecordSource.builder(pool, Row.class)
                    .query("SELECT * FROM visit WHERE updated_at >= :from AND updated_at < :until ORDER BY id")
                    .build();
            engine.add(ExportJob.builder(
                            "visits",
                            ExportDefinition.builder("visits", Row.class)
                                    .source(source)
                                    .recordKey(row -> row.value("id"))
                                    .watermark(JdbcWatermark.timestamp("updated_at"))
                                    .fields(source.columns())
                                    .file(file -> file.name("visits-{sequence}.csv"))
                                    .build())
                    .schedule(Schedule.every(Duration.ofHours(1), Instant.EPOCH))
                    .deliverTo(DirectoryDelivery.to(
                            "out", java.nio.file.Files.createDirectories(directory.resolve("out"))))
                    .build());
            engine.start();
            scheduler.advance(Duration.ofHours(1));
            assertThat(store.run(1).orElseThrow().status()).isEqualTo(RunStatus.COMMITTED);
            scheduler.advance(Duration.ofMinutes(59));
            TestPostgres.execute(
                    database,
                    "INSERT INTO visit SELECT n, now() - interval '1 minute' FROM generate_series(11, 20) n",
                    "SELECT pg_stat_statements_reset()");
            scheduler.advance(Duration.ofMinutes(1));
            List<String> all = list(database);
            all.forEach(System.out::println);
            System.out.println(store.run(2).orElseThrow());
        }
    }

    private static List<String> list(DataSource database) throws SQLException {
        List<String> all = new ArrayList<>();
        long sum = 0;
        try (Connection c = database.getConnection();
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery(
                        "SELECT calls, rows, query FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid ORDER BY query")) {
            while (r.next()) {
                all.add("STMT " + r.getLong(1) + " " + r.getLong(2) + " " + r.getString(3));
                sum += r.getLong(1);
            }
        }
        all.add("STMT SUM " + sum);
        return all;
    }
}
