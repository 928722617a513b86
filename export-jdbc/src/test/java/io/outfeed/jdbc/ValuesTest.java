package io.outfeed.jdbc;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.RejectPolicy;
import io.outfeed.jdbc.JdbcRecordSource.Transport;
import io.outfeed.jdbc.databases.TestMariaDb;
import io.outfeed.jdbc.databases.TestPostgres;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RejectedRecord;
import io.outfeed.source.Parameters;
import io.outfeed.source.SourceSession;
import io.outfeed.source.Window;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.watermark.Watermark;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * What the values of each type become in a file, by each driver, as texts and by the binary protocol of each database,
 * in two default zones of the JVM: values.txt.
 */
@SuppressWarnings("try") // an interrupted close fails the test, as it should
class ValuesTest {

    private static final List<String> ZONES = List.of("America/St_Johns", "Asia/Kolkata");

    /** A line of the table, by one driver. */
    record Case(String driver, int number, String type, String value, String text) {

        @Override
        public String toString() {
            return driver + ": " + type + " " + value + " -> " + text;
        }
    }

    private static final Map<String, List<String>> DRIVERS = Map.of(
            "postgres", List.of("postgres", "postgres-pool", "postgres-copy"),
            "mysql", List.of("mariadb", "mariadb-binary", "mysql", "mysql-binary"),
            "mysql-text", List.of("mariadb", "mysql"),
            "mysql-binary", List.of("mariadb-binary", "mysql-binary"),
            "mysql-without-mariadb-binary", List.of("mariadb", "mysql", "mysql-binary"),
            "mariadb-binary", List.of("mariadb-binary"),
            "h2", List.of("h2"));

    /** The texts by driver and zone, then by line. */
    private static final Map<String, Map<Integer, String>> TEXTS = new HashMap<>();

    private static final List<Case> CASES = readCases();

    private static List<Case> readCases() {
        try (InputStream in = ValuesTest.class.getResourceAsStream("values.txt")) {
            List<String> lines = new String(requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            List<Case> cases = new ArrayList<>();
            for (int i = 0; i < lines.size(); i++) {
                if (!lines.get(i).startsWith("%")) {
                    String[] cells = lines.get(i).split(" \\| ", 4);
                    for (String driver : requireNonNull(DRIVERS.get(cells[0]), lines.get(i))) {
                        cases.add(new Case(driver, i + 1, cells[1], cells[2], cells[3]));
                    }
                }
            }
            return cases;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Stream<Case> cases() {
        return CASES.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void should_become_the_same_text_in_each_zone(Case line) throws Exception {
        if (line.driver().startsWith("m")) {
            TestMariaDb.assumeInstalled();
        }
        for (String zone : ZONES) {
            assertThat(textsIn(zone, line.driver()).get(line.number())).as(zone).isEqualTo(line.text());
        }
    }

    @Test
    void should_be_the_cases_of_all_drivers() {
        Map<String, Long> counts = CASES.stream().collect(Collectors.groupingBy(Case::driver, Collectors.counting()));

        assertThat(counts)
                .hasSize(8)
                .allSatisfy((driver, count) -> assertThat(count).isGreaterThan(30));
    }

    @ParameterizedTest(name = "{0} in {1}")
    @CsvSource({
        "postgres, Asia/Kolkata, CAST(timestamptz '2026-03-01 23:00:00+00' AS date)",
        "postgres, America/St_Johns, CAST(timestamptz '2026-03-01 01:00:00+00' AS date)",
        "mariadb,  Asia/Kolkata, CAST(FROM_UNIXTIME(1772406000) AS date)",
        "mysql,    America/St_Johns, CAST(FROM_UNIXTIME(1772326800) AS date)",
        "h2,       Asia/Kolkata, CAST(TIMESTAMP WITH TIME ZONE '2026-03-01 23:00:00+00' AS date)",
        "h2,       America/St_Johns, CAST(TIMESTAMP WITH TIME ZONE '2026-03-01 01:00:00+00' AS date)",
    })
    void should_be_computed_in_utc_by_the_database(String driver, String zone, String expression) throws Exception {
        if (driver.startsWith("m")) {
            TestMariaDb.assumeInstalled();
        }
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        try {
            JdbcRecordSource<Row> source = JdbcRecordSource.builder(makeTables(driver), Row.class)
                    .query("SELECT " + expression + " AS v")
                    .build();
            Watermark<Row> watermark = Watermark.fullSnapshot();
            try (SourceSession<Row> session = source.open(Parameters.of(Map.of()));
                    Stream<Row> rows = session.read(
                            new Window(watermark.beginning(), watermark.until(session, Clock.systemUTC())))) {
                assertThat(rows).extracting(row -> row.string("v")).containsExactly("2026-03-01");
            }
        } finally {
            TimeZone.setDefault(before);
        }
    }

    private static synchronized Map<Integer, String> textsIn(String zone, String driver) throws Exception {
        String name = driver + " in " + zone;
        if (!TEXTS.containsKey(name)) {
            TimeZone before = TimeZone.getDefault();
            TimeZone.setDefault(TimeZone.getTimeZone(zone));
            try {
                TEXTS.put(name, texts(driver));
            } finally {
                TimeZone.setDefault(before);
            }
        }
        return requireNonNull(TEXTS.get(name));
    }

    private static Map<Integer, String> texts(String driver) throws Exception {
        DataSource database = makeTables(driver);
        try {
            return texts(driver, database);
        } finally {
            if (database instanceof HikariDataSource pool) {
                pool.close();
            }
        }
    }

    private static Map<Integer, String> texts(String driver, DataSource database) throws Exception {
        List<Case> lines =
                CASES.stream().filter(line -> line.driver().equals(driver)).toList();
        InMemoryDelivery delivery = InMemoryDelivery.create("files");
        Map<Integer, String> texts = new HashMap<>();
        try (ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T00:00:00Z"))) {
            for (Case line : lines) {
                String name = "v" + line.number();
                JobHandle job = sandbox.add(
                        ExportJob.builder(name, definition(name, database, line.number(), transport(driver)))
                                .deliverTo(delivery)
                                .build());
                boolean prepared = driver.equals("postgres-pool"); // and reads otherwise from the second time on
                if (prepared) {
                    job.runNow();
                }
                ExportRun run = job.runNow();
                List<RejectedRecord> rejects =
                        sandbox.engine().run(run.number()).rejects();
                texts.put(
                        line.number(),
                        rejects.isEmpty()
                                ? cell(delivery.file(name + (prepared ? "-2.csv" : "-1.csv"))
                                        .lines()
                                        .get(1))
                                : "reject: " + rejects.get(0).reason());
            }
        }
        return texts;
    }

    /** COPY where the table is for it, and a cursor for all others: AUTO would take COPY for some of them. */
    private static Transport transport(String driver) {
        return driver.equals("postgres-copy") ? Transport.COPY : Transport.CURSOR;
    }

    private static String cell(String line) {
        String text = line.substring("1,".length());
        return text.isEmpty() ? "()" : text;
    }

    private static ExportDefinition<Row> definition(String name, DataSource database, int number, Transport transport) {
        return ExportDefinition.builder(name, Row.class)
                .source(JdbcRecordSource.builder(database, Row.class)
                        .query("SELECT 1 AS id, v FROM t" + number)
                        .transport(transport)
                        .build())
                .recordKey(row -> row.value("id"))
                .watermark(Watermark.fullSnapshot())
                .fields(fields -> fields.field("id", row -> row.value("id")).field("v", row -> row.value("v")))
                .rejectPolicy(RejectPolicy.skipUpTo(1))
                .file(file -> file.name(name + "-{sequence}.csv"))
                .build();
    }

    private static DataSource makeTables(String driver) throws SQLException {
        DataSource database;
        if (driver.equals("h2")) {
            JdbcDataSource h2 = new JdbcDataSource();
            h2.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
            database = h2;
        } else {
            database = driver.startsWith("postgres") ? TestPostgres.newDatabase() : TestMariaDb.newDatabase();
        }
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            if (driver.startsWith("postgres")) {
                statement.execute("CREATE TYPE mood AS ENUM ('sad')");
                statement.execute("CREATE TYPE pair AS (a int, b text)");
                statement.execute("CREATE DOMAIN shortname AS varchar(9)");
                statement.execute("CREATE DOMAIN weekday AS int");
                statement.execute("SET TIME ZONE 'UTC'");
            } else if (driver.startsWith("m")) {
                statement.execute("SET sql_mode = 'ALLOW_INVALID_DATES'");
            }
            for (Case line : CASES) {
                if (line.driver().equals(driver)) {
                    statement.execute("CREATE TABLE t" + line.number() + " (v " + line.type() + ")");
                    statement.execute("INSERT INTO t" + line.number() + " VALUES (" + line.value() + ")");
                }
            }
        }
        return switch (driver) {
            case "mysql" -> TestMariaDb.byMySqlDriver(database);
            case "mysql-binary" -> TestMariaDb.byMySqlDriver(database, "&useServerPrepStmts=true");
            case "mariadb-binary" -> TestMariaDb.withOptions(database, "&useServerPrepStmts=true");
            case "postgres-pool" -> { // prepared, and so binary
                HikariConfig pool = new HikariConfig();
                pool.setJdbcUrl(((PGSimpleDataSource) database).getUrl() + "?user=postgres&prepareThreshold=1");
                pool.setMaximumPoolSize(1);
                yield new HikariDataSource(pool);
            }
            default -> database;
        };
    }
}
