package io.outfeed.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.SourceException;
import io.outfeed.jdbc.databases.TestMariaDb;
import io.outfeed.jdbc.databases.TestPostgres;
import io.outfeed.operation.JobCheck;
import io.outfeed.run.ExportRun;
import io.outfeed.watermark.Watermark;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records that no window includes are counted at each run and by the check, with the statement that finds them. */
class MissingWatermarkTest {

    private static final String QUERY =
            "SELECT * FROM visits\n  WHERE tenant = :tenant AND updated_at >= :from AND updated_at < :until";

    record Visit(int id, @Nullable Instant updatedAt) {}

    /** Two with a time, one of another tenant without, and those without a usable time. */
    private static DataSource database(String kind, String... missing) throws SQLException {
        DataSource database;
        String type = "timestamptz";
        if (kind.equals("h2")) {
            JdbcDataSource h2 = new JdbcDataSource();
            h2.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
            database = h2;
            type = "TIMESTAMP WITH TIME ZONE";
        } else if (kind.equals("postgres")) {
            database = TestPostgres.newDatabase();
        } else {
            TestMariaDb.assumeInstalled();
            database = TestMariaDb.newDatabase();
            type = "TIMESTAMP(6) NULL";
        }
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            if (kind.startsWith("m")) {
                statement.execute("SET sql_mode = ''");
            }
            statement.execute("CREATE TABLE visits (id int, tenant varchar(20), updated_at " + type + ")");
            statement.execute("INSERT INTO visits VALUES (1, 'lakeside', '2026-01-01 12:00:00'),"
                    + " (2, 'lakeside', '2026-01-02 12:00:00'), (3, 'hillcrest', NULL)");
            int id = 4;
            for (String value : missing) {
                statement.execute("INSERT INTO visits VALUES (" + id++ + ", 'lakeside', " + value + ")");
            }
        }
        return kind.equals("mysql") ? TestMariaDb.byMySqlDriver(database) : database;
    }

    private static JdbcRecordSource.Builder<Row> source(DataSource database) {
        return JdbcRecordSource.builder(database, Row.class).query(QUERY);
    }

    private static SandboxExport export(JdbcRecordSource<Row> source, Watermark<Row> watermark) {
        return new SandboxExport(
                ExportDefinition.builder("visits", Row.class)
                        .source(source)
                        .recordKey(row -> row.value("id"))
                        .watermark(watermark)
                        .fields(fields -> fields.field("id", row -> row.value("id")))
                        .file(file -> file.name("visits-{sequence}.csv"))
                        .build(),
                job -> job.parameter("tenant", "lakeside"));
    }

    private static String found(int count, String statement) {
        return count + (count == 1 ? " record has" : " records have") + " no usable watermark, and no window includes "
                + (count == 1 ? "it" : "them") + ". They are found by: " + statement;
    }

    private static List<String> problems(JobCheck check) {
        return check.problems().stream()
                .filter(finding -> finding.subject() == JobCheck.Subject.SOURCE)
                .map(finding -> String.valueOf(finding.problem().orElseThrow()))
                .toList();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "postgres | NULL, 'infinity', '-infinity', '0044-03-15 12:00:00 BC' | 4"
                        + " | (updated_at IS NULL OR updated_at < '0001-01-01' OR updated_at = 'infinity')",
                "mariadb  | NULL, '0000-00-00 00:00:00' | 2 | (updated_at IS NULL OR updated_at < '0001-01-01')",
                "mysql    | NULL, '0000-00-00 00:00:00' | 2 | (updated_at IS NULL OR updated_at < '0001-01-01')",
                "h2       | NULL, '-0043-03-15 12:00:00' | 2 | (updated_at IS NULL OR updated_at < '0001-01-01')",
            })
    void should_be_counted_by_each_run_and_by_the_check(String kind, String missing, int count, String condition)
            throws Exception {
        DataSource database = database(kind, missing.split(", "));
        String statement = "SELECT * FROM visits WHERE tenant = :tenant AND " + condition + " AND 1 = 1";
        try (SandboxExport export = export(source(database).build(), JdbcWatermark.timestamp("updated_at"))) {
            assertThat(problems(export.job().check())).containsExactly(found(count, statement));

            ExportRun first = export.job().runNow();
            ExportRun empty = export.job().runNow();

            assertThat(export.lines(1)).containsExactly("id", "1", "2");
            assertThat(first.note()).isEqualTo(found(count, statement));
            assertThat(empty.note()).contains(found(count, statement));
            try (Connection connection = database.getConnection();
                    Statement by = connection.createStatement();
                    ResultSet rows = by.executeQuery("SELECT count(*) FROM ("
                            + statement.replace(":tenant", "'lakeside'") + ") x")) { // as a person would
                rows.next();
                assertThat(rows.getInt(1)).isEqualTo(count);
            }
        }
    }

    @Test
    void should_not_be_mentioned_where_there_are_none() throws Exception {
        try (SandboxExport export =
                export(source(database("postgres")).build(), JdbcWatermark.timestamp("updated_at"))) {
            assertThat(problems(export.job().check())).isEmpty();
            assertThat(export.job().runNow().note()).isEmpty();
        }
    }

    @Test
    void should_be_counted_for_a_watermark_by_the_clock_of_the_host() throws Exception {
        Watermark<Row> watermark = Watermark.timestamp(row -> row.instant("updated_at"), Duration.ofMinutes(2));
        try (SandboxExport export = export(source(database("postgres", "NULL")).build(), watermark)) {
            assertThat(problems(export.job().check()))
                    .singleElement()
                    .asString()
                    .startsWith("1 record has no usable");
            assertThat(export.job().runNow().note()).startsWith("1 record has no usable watermark");
        }
    }

    @ParameterizedTest
    @CsvSource({"postgres, NULL", "postgres, 'infinity'", "mariadb, NULL", "mysql, NULL", "h2, NULL"})
    void should_fail_a_run_that_may_not_leave_any_out(String kind, String missing) throws Exception {
        DataSource database = database(kind, missing.equals("NULL") ? missing : "'" + missing + "'");
        Watermark<Row> watermark = JdbcWatermark.timestamp("updated_at").missing(MissingWatermark.FAIL);
        try (SandboxExport export = export(source(database).build(), watermark)) {
            assertThatThrownBy(() -> export.job().runNow())
                    .isInstanceOf(SourceException.class)
                    .hasMessageStartingWith("1 record has no usable watermark, and no window includes it");

            TestPostgres.execute(database, "DELETE FROM visits WHERE id > 2");
            export.job().runNow();
            assertThat(export.lines(1)).containsExactly("id", "1", "2");
        }
    }

    @ParameterizedTest
    @CsvSource({"postgres, 3", "mariadb, 1", "mysql, 1", "h2, 1"})
    void should_be_exported_with_the_first_window(String kind, int count) throws Exception {
        DataSource database =
                kind.equals("postgres") ? database(kind, "NULL", "'infinity'", "'-infinity'") : database(kind, "NULL");
        Watermark<Row> watermark = JdbcWatermark.timestamp("updated_at").missing(MissingWatermark.WITH_FIRST);
        try (SandboxExport export = export(source(database).fetchSize(1).build(), watermark)) {
            assertThat(problems(export.job().check())).isEmpty();

            ExportRun first = export.job().runNow();
            assertThat(export.lines(1))
                    .hasSize(3 + count)
                    .startsWith("id", "1", "2")
                    .contains("4");
            assertThat(first.note())
                    .startsWith(count + (count == 1 ? " record has" : " records have")
                            + " no usable watermark: this window, the first one, includes ");
            assertThat(export.run(first).reExport().rows()).isEqualTo(2 + count);

            TestPostgres.execute(database, "INSERT INTO visits VALUES (5, 'lakeside', '2026-01-03 12:00:00')");
            assertThat(export.job().runNow().note())
                    .contains(": the first window has included those that there were, and no other does.");
            assertThat(problems(export.job().check())).hasSize(1);
        }
    }

    @Test
    void should_be_exported_with_the_first_window_as_records() throws Exception {
        ExportDefinition<Visit> visits = ExportDefinition.builder("visits", Visit.class)
                .source(JdbcRecordSource.builder(database("postgres", "NULL"), Visit.class)
                        .query(QUERY)
                        .build())
                .recordKey(Visit::id)
                .watermark(
                        JdbcWatermark.timestamp("updated_at", Visit::updatedAt).missing(MissingWatermark.WITH_FIRST))
                .fields(fields -> fields.field("id", Visit::id))
                .file(file -> file.name("visits-{sequence}.csv"))
                .build();
        try (SandboxExport export = new SandboxExport(visits, job -> job.parameter("tenant", "lakeside"))) {
            export.job().runNow();

            assertThat(export.lines(1)).containsExactly("id", "1", "2", "4");
        }
    }

    @Test
    void should_be_found_by_a_query_of_the_host() throws Exception {
        JdbcRecordSource<Row> source = JdbcRecordSource.builder(database("postgres", "NULL", "NULL"), Row.class)
                .query("SELECT * FROM visits WHERE tenant = :tenant AND coalesce(updated_at, NULL) >= :from"
                        + " AND coalesce(updated_at, NULL) < :until")
                .missingQuery("SELECT * FROM visits WHERE tenant = :tenant AND updated_at IS NULL AND id > 4")
                .build();
        try (SandboxExport export = export(source, JdbcWatermark.timestamp("updated_at"))) {
            assertThat(export.job().runNow().note())
                    .isEqualTo(
                            found(1, "SELECT * FROM visits WHERE tenant = :tenant AND updated_at IS NULL AND id > 4"));
        }
    }

    @Test
    void should_refuse_a_policy_where_no_query_is_known() throws Exception {
        JdbcRecordSource<Row> source = JdbcRecordSource.builder(database("postgres"), Row.class)
                .query("SELECT * FROM visits WHERE tenant = :tenant AND coalesce(updated_at, NULL) >= :from"
                        + " AND coalesce(updated_at, NULL) < :until")
                .build();
        Watermark<Row> watermark = JdbcWatermark.timestamp("updated_at").missing(MissingWatermark.FAIL);
        try (SandboxExport export = export(source, watermark)) {
            assertThat(problems(export.job().check()))
                    .singleElement()
                    .asString()
                    .startsWith("missing(FAIL) needs to know which records have no usable watermark");
        }
    }

    @Test
    void should_not_find_other_rows() {
        assertThatThrownBy(() -> source(database("postgres"))
                        .missingQuery("SELECT * FROM visits WHERE updated_at IS NULL AND id > :id")
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        "JDBC source of Row has 2 problems: missingQuery has no :tenant, which query has: it would find"
                                + " other rows; missingQuery has :id, which query has not: it would find other rows");
    }

    @Test
    void should_say_so_where_they_can_not_be_counted() throws Exception {
        JdbcRecordSource<Row> source = source(database("postgres", "NULL"))
                .missingQuery("SELECT * FROM visits WHERE tenant = :tenant AND 1 / (id - id) > 0")
                .build();
        try (SandboxExport export = export(source, JdbcWatermark.timestamp("updated_at"))) {
            assertThat(export.job().runNow().note()).startsWith("records without a usable watermark are not known: ");
            assertThat(export.lines(1)).containsExactly("id", "1", "2");
        }
    }
}
