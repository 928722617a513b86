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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a scheduled run costs a database that has source and store: it reads some rows, and delivers a file to a
 * directory. Counted by pg_stat_statements, which counts BEGIN and not COMMIT.
 */
class StatementsPerRunTest {

    /** How many there may be. */
    private static final int MOST = 30;

    /** How often, a part of the statement that no other one has, and what it is for. */
    private static final String STATEMENTS = """
            1 | update outfeed_lock set owner = $1       | take the lock of the job
            2 | update outfeed_counter                   | a fencing token; a run number
            1 | from outfeed_renamed_job                 | no other node has renamed the job
            1 | where job in ($1) and ended_at is null   | no run is open
            2 | j.failures_in_a_row                      | not paused, the layout and the directory; no failures
            1 | select j.fire_schedule                   | a fire is due
            1 | from outfeed_incident                    | nothing keeps the job from trying
            1 | daily_sequence from outfeed_job          | from where to read
            1 | order by run_number desc limit           | temporary files that the run before has left
            2 | BEGIN                                    | of the claim with the new run; of the source
            1 | insert into outfeed_fire                 | claim the fire time
            1 | update outfeed_job set fire_schedule     | plan the next one
            1 | insert into outfeed_run (                | PLANNED
            1 | SET TRANSACTION ISOLATION LEVEL          | the source: one snapshot
            1 | SELECT set_config                        | the source: takes it, in UTC, and says when it began
            1 | SELECT * FROM (                          | the source: the columns of the query
            1 | SELECT count(*) FROM (                   | the source: records that no window includes
            1 | SELECT pg_catalog.current_setting        | the source: the bounds of the window, for COPY
            1 | COPY (                                   | the source: the rows
            1 | and job = $8 and (whole_index            | STAGED
            2 | insert into outfeed_run_step             | an upload is announced; a request is about to be sent
            3 | or cancel_reason is null                 | uploaded and PUBLISHING; published; COMMITTED
            1 | update outfeed_job set run_number        | the commit: the positions move
            1 | update outfeed_lock set owner = $4       | release the lock
            """;

    @TempDir
    Path directory;

    private final SettableClock clock = SettableClock.at(Instant.now()
            .truncatedTo(ChronoUnit.HOURS)
            .minus(Duration.ofHours(1))
            .plusSeconds(30));
    private final ManualScheduler scheduler = new ManualScheduler(clock);

    /** Of a run with one file of 1 MiB or less. */
    private static final String WITH_SPOOL = STATEMENTS + """
            1 | insert into outfeed_spool                | the bytes of the file
            """;

    @Test
    void should_need_few_statements_for_a_run() throws Exception {
        assertThat(count(STATEMENTS, (engine, store) -> {})).isLessThanOrEqualTo(MOST);
    }

    @Test
    void should_need_one_more_for_a_file_in_the_spool() throws Exception {
        assertThat(count(WITH_SPOOL, (engine, store) -> engine.spool(store.spool())))
                .isLessThanOrEqualTo(MOST + 1);
    }

    /** Returns how many statements a run takes, which are those of a table. */
    private long count(String table, BiConsumer<ExportEngine.Builder, JdbcStore> options) throws Exception {
        DataSource database = TestPostgres.newDatabase();
        TestPostgres.execute(
                database,
                "CREATE EXTENSION pg_stat_statements",
                "CREATE TABLE visit (id int PRIMARY KEY, updated_at timestamptz NOT NULL)",
                "INSERT INTO visit SELECT n, now() - interval '1 hour' FROM generate_series(1, 10) n");
        HikariConfig config = new HikariConfig();
        config.setDataSource(database);
        try (HikariDataSource pool = new HikariDataSource(config);
                JdbcStore store = JdbcStore.builder(pool).migrate().build();
                ExportEngine engine = engine(store, options)) {
            engine.add(job(pool));
            engine.start();
            scheduler.advance(Duration.ofHours(1));
            assertThat(store.run(1).orElseThrow().status()).isEqualTo(RunStatus.COMMITTED);
            scheduler.advance(Duration.ofSeconds(16)); // what is done each minute is done
            TestPostgres.execute(
                    database,
                    "INSERT INTO visit SELECT n, now() - interval '10 minutes' FROM generate_series(11, 20) n",
                    "SELECT pg_stat_statements_reset()");

            scheduler.advance(Duration.ofSeconds(1));

            Map<String, Long> expected = expected(table);
            Map<String, Long> statements = statements(database, expected.keySet());
            assertThat(store.run(2).orElseThrow().status()).isEqualTo(RunStatus.COMMITTED);
            assertThat(statements).isEqualTo(expected);
            return statements.values().stream().mapToLong(calls -> calls).sum();
        }
    }

    private ExportEngine engine(JdbcStore store, BiConsumer<ExportEngine.Builder, JdbcStore> options) {
        ExportEngine.Builder engine = ExportEngine.builder()
                .directory(directory.resolve("engine"))
                .store(store)
                .clock(clock)
                .scheduler(scheduler);
        options.accept(engine, store);
        return engine.build();
    }

    private ExportJob job(DataSource database) throws IOException {
        JdbcRecordSource<Row> source = JdbcRecordSource.builder(database, Row.class)
                .query("SELECT * FROM visit WHERE updated_at >= :from AND updated_at < :until ORDER BY id")
                .build();
        return ExportJob.builder(
                        "visits",
                        ExportDefinition.builder("visits", Row.class)
                                .source(source)
                                .recordKey(row -> row.value("id"))
                                .watermark(JdbcWatermark.timestamp("updated_at"))
                                .fields(source.columns())
                                .file(file -> file.name("visits-{sequence}.csv"))
                                .build())
                .schedule(Schedule.every(Duration.ofHours(1), Instant.EPOCH.plusSeconds(47)))
                .deliverTo(DirectoryDelivery.to("out", Files.createDirectories(directory.resolve("out"))))
                .build();
    }

    private static Map<String, Long> expected(String table) {
        Map<String, Long> expected = new TreeMap<>();
        table.lines()
                .map(line -> line.split("\\|"))
                .forEach(parts -> expected.put(parts[1].strip(), Long.valueOf(parts[0].strip())));
        return expected;
    }

    /** How often each of the expected statements was executed, and any other one. */
    private static Map<String, Long> statements(DataSource database, Set<String> parts) throws SQLException {
        Map<String, Long> calls = new TreeMap<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT query, calls FROM pg_stat_statements"
                        + " WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())"
                        + " AND query !~ 'pg_stat_statements_reset|^SET application_name'")) {
            while (rows.next()) {
                String query = rows.getString(1);
                String part = parts.stream()
                        .filter(query::startsWith)
                        .findFirst()
                        .or(() -> parts.stream().filter(query::contains).findFirst())
                        .orElse(query);
                calls.merge(part, rows.getLong(2), Long::sum);
            }
        }
        return calls;
    }
}
