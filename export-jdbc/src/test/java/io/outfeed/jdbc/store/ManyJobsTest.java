package io.outfeed.jdbc.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.audit.AuditQuery;
import io.outfeed.delivery.DeliveredFileWatch;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.jdbc.databases.TestPostgres;
import io.outfeed.job.JobRow;
import io.outfeed.job.JobSource;
import io.outfeed.operation.JobQuery;
import io.outfeed.operation.JobStatus;
import io.outfeed.run.RunQuery;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.RecordSource;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand jobs, and the statements that PostgreSQL counts while they are added and scheduled. */
class ManyJobsTest {

    private static final int JOBS = 10_000;
    private static final int MOST_STATEMENTS = 60;

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T00:00:00Z"));
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ExportDefinition<String> definition = ExportDefinition.builder("visits", String.class)
            .source(RecordSource.ofCollection(window -> List.of("1")))
            .recordKey(visit -> visit)
            .watermark(Watermark.fullSnapshot())
            .fields(f -> f.field("visit", visit -> visit))
            .file(file -> file.name("{job}-{sequence}.csv"))
            .build();

    private HikariDataSource database;

    @BeforeEach
    void count() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setDataSource(TestPostgres.newDatabase());
        config.setMaximumPoolSize(4);
        database = new HikariDataSource(config);
        TestPostgres.execute(database, "CREATE EXTENSION pg_stat_statements");
    }

    @AfterEach
    void close() {
        database.close();
    }

    private ExportJob job(int number) {
        return ExportJob.builder("visits-of-customer-" + number, definition)
                .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .watch(DeliveredFileWatch.everyTenMinutes())
                .retention(Duration.ofDays(90))
                .deliverTo(lakeside)
                .build();
    }

    private static List<ExportJob> jobs(IntFunction<ExportJob> job) {
        return IntStream.range(0, JOBS).mapToObj(job).toList();
    }

    private ExportEngine.Builder engine(JdbcStore store) {
        return ExportEngine.builder()
                .directory(directory)
                .store(store)
                .clock(clock)
                .expectDeliveredWithin(Duration.ofHours(2))
                .scheduler(new ManualScheduler(clock));
    }

    /** Checks how many statements PostgreSQL executes during an action. */
    private void assertStatements(int most, Runnable action) throws SQLException {
        TestPostgres.execute(database, "SELECT pg_stat_statements_reset()");
        action.run();
        Map<String, Long> calls = new TreeMap<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet counted = statement.executeQuery("SELECT left(s.query, 100), s.calls"
                        + " FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid"
                        + " WHERE d.datname = current_database() AND s.query NOT LIKE '%pg_stat_statements%'"
                        + " AND s.query NOT LIKE 'SET %'")) { // of a connection that the pool opens
            while (counted.next()) {
                calls.merge(counted.getString(1), counted.getLong(2), Long::sum);
            }
        }
        assertThat(calls.values().stream().mapToLong(Long::longValue).sum())
                .as("%s", calls)
                .isLessThanOrEqualTo(most);
    }

    @Test
    void should_be_added_and_found_again_with_few_statements() throws Exception {
        List<ExportJob> all = jobs(this::job);
        try (JdbcStore store = JdbcStore.builder(database).migrate().build()) {
            try (ExportEngine engine = engine(store).build()) {
                assertStatements(MOST_STATEMENTS, () -> {
                    engine.addAll(all);
                    engine.start();
                });
                assertThat(engine.job("visits-of-customer-9999").nextFire())
                        .contains(Instant.parse("2026-03-02T07:00:00Z"));
                engine.job("visits-of-customer-1").runNow();
            }
            try (ExportEngine engine = engine(store).build()) {
                engine.start();
                assertStatements(MOST_STATEMENTS, () -> engine.addAll(all));
                assertThat(engine.job("visits-of-customer-9999").nextFire())
                        .contains(Instant.parse("2026-03-02T07:00:00Z"));
            }
        }
    }

    @Test
    void should_be_listed_with_three_statements() throws Exception {
        try (JdbcStore store = JdbcStore.builder(database).migrate().build();
                ExportEngine engine = engine(store).build()) {
            engine.addAll(jobs(this::job));
            engine.start();
            engine.job("visits-of-customer-1").runNow();
            JobQuery all = JobQuery.all();

            assertStatements(3, () -> assertThat(engine.jobs(all.limit(41))).hasSize(41));
            assertStatements(
                    3,
                    () -> assertThat(engine.jobs(
                                    all.after("visits-of-customer-5").limit(41)))
                            .hasSize(41));
            assertStatements(
                    3,
                    () -> assertThat(engine.jobs(all.status(JobStatus.SUCCESS).limit(41)))
                            .hasSize(1));
            assertStatements(
                    3, () -> assertThat(engine.jobs(all.needingAttention())).isEmpty());
            assertStatements(1, () -> engine.runs(RunQuery.ofJob("visits-of-customer-1")));
            assertStatements(1, () -> engine.incidents(IncidentQuery.open()));
            assertStatements(1, () -> engine.audit(AuditQuery.all()));
        }
    }

    @Test
    void should_be_loaded_with_few_statements() throws Exception {
        List<JobRow> rows = IntStream.range(0, JOBS)
                .mapToObj(i -> new JobRow("visits-of-customer-" + i, "1", () -> job(i)))
                .toList();
        JobSource customers = new JobSource() {
            @Override
            public String id() {
                return "customers";
            }

            @Override
            public List<JobRow> load() {
                return rows;
            }
        };
        try (JdbcStore store = JdbcStore.builder(database).migrate().build();
                ExportEngine engine =
                        engine(store).jobs(customers, Duration.ofMinutes(1)).build()) {
            assertStatements(MOST_STATEMENTS, engine::start);
            assertStatements(10, engine::reloadJobs); // nothing has changed
        }
    }
}
