package io.outfeed.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.error.SourceException;
import io.outfeed.jdbc.databases.TestPostgres;
import io.outfeed.jdbc.internal.postgres.TransactionId;
import io.outfeed.source.Parameters;
import io.outfeed.source.Position;
import io.outfeed.source.SourceSession;
import io.outfeed.source.Window;
import io.outfeed.watermark.Watermark;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("try") // an interrupted close fails the test, as it should
class PostgresWatermarkTest {

    private static final Parameters NONE = Parameters.of(Map.of());
    private static final Clock UNUSED = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    @SuppressWarnings("NullAway.Init")
    private DataSource database;

    @BeforeEach
    void makeTable() throws SQLException {
        database = TestPostgres.newDatabase();
        TestPostgres.execute(
                database,
                "CREATE TABLE items (id bigint PRIMARY KEY, updated_at timestamptz NOT NULL DEFAULT now())",
                PostgresWatermark.transactionIdDdl("public.items", "id", "chg"));
    }

    private static JdbcRecordSource<Row> byTransaction(DataSource database) {
        return JdbcRecordSource.builder(database, Row.class)
                .query("SELECT * FROM items WHERE chg >= :from AND chg < :until")
                .build();
    }

    private static JdbcRecordSource<Row> byTime(DataSource database) {
        return JdbcRecordSource.builder(database, Row.class)
                .query("SELECT * FROM items WHERE updated_at >= :from AND updated_at < :until")
                .build();
    }

    private static List<Long> ids(SourceSession<Row> session, Position from, Position until) throws Exception {
        try (Stream<Row> rows = session.read(new Window(from, until))) {
            return rows.map(row -> row.number("id")).sorted().toList();
        }
    }

    @Test
    void should_end_before_the_oldest_open_transaction_and_read_it_in_the_next_window() throws Exception {
        Watermark<Row> watermark = PostgresWatermark.transactionId("chg");
        TestPostgres.execute(database, "INSERT INTO items VALUES (1)");
        Position first;
        try (Connection open = database.getConnection();
                Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute("INSERT INTO items VALUES (2)");
            TestPostgres.execute(database, "INSERT INTO items VALUES (3)"); // later, and committed first
            try (SourceSession<Row> session = byTransaction(database).open(NONE)) {
                first = watermark.until(session, UNUSED);
                assertThat(ids(session, watermark.beginning(), first)).containsExactly(1L);
            }
            open.commit();
        }
        try (SourceSession<Row> session = byTransaction(database).open(NONE)) {
            Position second = watermark.until(session, UNUSED);
            assertThat(watermark.compare(first, second)).isNegative();
            assertThat(ids(session, first, second)).containsExactly(2L, 3L);
            assertThat(session.notes()).isEmpty();
        }
    }

    @Test
    void should_set_the_transaction_id_with_each_write_even_if_the_application_sets_it() throws Exception {
        TestPostgres.execute(
                database,
                "INSERT INTO items (id, chg) VALUES (1, '3')",
                "UPDATE items SET chg = '3'",
                "DO $$ BEGIN ASSERT (SELECT chg > '3' FROM items); END $$");
    }

    @Test
    void should_name_what_holds_the_window_back() throws Exception {
        Watermark<Row> watermark = PostgresWatermark.transactionId("chg", Duration.ZERO);
        try (Connection open = database.getConnection();
                Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute("SET LOCAL application_name = 'nightly'");
            statement.execute("INSERT INTO items VALUES (2)");
            try (SourceSession<Row> session = byTransaction(database).open(NONE)) {
                ids(session, watermark.beginning(), watermark.until(session, UNUSED));

                assertThat(session.notes())
                        .singleElement()
                        .asString()
                        .matches("the window ends early: transaction \\d+ of process \\d+ \\(application"
                                + " 'nightly'\\) has been"
                                + " open for PT.*S, and what was written since can't be exported"
                                + " before it ends");
            }
        }
    }

    @Test
    void should_name_a_prepared_transaction() throws Exception {
        Watermark<Row> watermark = PostgresWatermark.transactionId("chg", Duration.ZERO);
        TestPostgres.execute(database, "BEGIN; INSERT INTO items VALUES (2); PREPARE TRANSACTION 'of-two'");
        try (SourceSession<Row> session = byTransaction(database).open(NONE)) {
            assertThat(ids(session, watermark.beginning(), watermark.until(session, UNUSED)))
                    .isEmpty();

            assertThat(session.notes())
                    .singleElement()
                    .asString()
                    .matches("the window ends early: prepared transaction \\d+, 'of-two' has been open for .*");
        } finally {
            TestPostgres.execute(database, "ROLLBACK PREPARED 'of-two'");
        }
    }

    @Test
    void should_reject_a_position_of_another_database() throws Exception {
        Watermark<Row> watermark = PostgresWatermark.transactionId("chg");
        try (SourceSession<Row> session = byTransaction(database).open(NONE)) {
            Position until = watermark.until(session, UNUSED);
            Position restored =
                    new Position(until.kind(), "3@" + TransactionId.of(until).database() + "1");

            assertThatThrownBy(() -> session.read(new Window(restored, until)))
                    .isInstanceOfSatisfying(
                            SourceException.class,
                            e -> assertThat(e.retryable()).isFalse())
                    .hasMessageStartingWith("position " + restored + " was made by database system "
                            + TransactionId.of(until).database() + "1, and this is "
                            + TransactionId.of(until).database() + " (system/timeline): it was restored")
                    .hasMessageEndingWith(
                            "such as postgresql-xid8:3 if no transaction was lost, or the watermark's beginning,"
                                    + " postgresql-xid8:0, which exports all records");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"yesterday", "", "-7", "7@", "7@12/1#", "7#5", "7@12/1#5+", "@12/1", "18446744073709551616"})
    void should_refuse_a_position_that_is_no_transaction_id(String text) throws Exception {
        ExportDefinition<Row> items = ExportDefinition.builder("items", Row.class)
                .source(byTransaction(database))
                .recordKey(row -> row.value("id"))
                .watermark(PostgresWatermark.transactionId("chg"))
                .fields(fields -> fields.field("id", row -> row.value("id")))
                .file(file -> file.name("items-{sequence}.csv"))
                .build();
        try (SandboxExport export = new SandboxExport(items)) {
            assertThatThrownBy(() ->
                            export.job().resetPosition("items", new Position("postgresql-xid8", text), "restored"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the watermark of export 'items' can't read the position postgresql-xid8:" + text
                            + ": write it as the runs of the job have it, or as postgresql-xid8:0");
            TestPostgres.execute(database, "INSERT INTO items VALUES (1)");
            export.job().runNow();

            assertThat(export.lines(1)).containsExactly("id", "1");
        }
    }

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "Items         | 'Items' is no plain name of a table: PostgreSQL reads capital letters as small ones"
                        + " unless they are quoted: write 'items', or quotes around its parts",
                "MyApp.items   | 'MyApp.items' is no plain name of a table: PostgreSQL reads capital letters as small"
                        + " ones unless they are quoted: write 'myapp.items', or quotes around its parts",
                "a-b           | 'a-b' is no plain name of a table: write small letters, digits and underscores, or"
                        + " quotes around its parts",
            })
    void should_refuse_a_name_that_postgresql_would_read_as_another(String table, String problem) {
        assertThatThrownBy(() -> PostgresWatermark.transactionIdDdl(table, "id", "chg"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(problem);
    }

    @Test
    void should_need_no_privileges_for_transaction_ids_and_say_which_the_oldest_transaction_needs() throws Exception {
        TestPostgres.execute(
                database,
                "CREATE ROLE plain_" + System.identityHashCode(this) + " LOGIN",
                "GRANT SELECT ON items TO plain_" + System.identityHashCode(this),
                "INSERT INTO items VALUES (1)");
        DataSource plain = TestPostgres.as("plain_" + System.identityHashCode(this), database);
        Watermark<Row> exact = PostgresWatermark.transactionId("chg");
        try (SourceSession<Row> session = byTransaction(plain).open(NONE)) {
            assertThat(ids(session, exact.beginning(), exact.until(session, UNUSED)))
                    .containsExactly(1L);
        }
        Watermark<Row> oldest = PostgresWatermark.oldestTransaction("updated_at");
        try (SourceSession<Row> session = byTime(plain).open(NONE)) {
            assertThatThrownBy(() -> oldest.until(session, UNUSED))
                    .isInstanceOf(SourceException.class)
                    .hasMessage(
                            "the role of the export does not see the transactions of others: GRANT pg_read_all_stats"
                                    + " to it");
        }
    }

    @Test
    void should_end_a_margin_before_the_oldest_transaction_began() throws Exception {
        Watermark<Row> watermark =
                PostgresWatermark.oldestTransaction("updated_at").settleTime(Duration.ofSeconds(1));
        try (Connection open = database.getConnection();
                Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute("INSERT INTO items VALUES (2)");
            Instant began;
            try (var rows = statement.executeQuery("SELECT now()")) {
                rows.next();
                began = rows.getObject(1, java.time.OffsetDateTime.class).toInstant();
            }
            try (SourceSession<Row> session = byTime(database).open(NONE)) {
                assertThat(watermark.until(session, UNUSED)).isEqualTo(Position.of(began.minusSeconds(1)));
            }
        }
    }

    @Test
    void should_refuse_a_column_without_a_zone() throws Exception {
        TestPostgres.execute(database, "ALTER TABLE items ALTER updated_at TYPE timestamp");
        try (SourceSession<Row> session = byTime(database).open(NONE)) {
            assertThatThrownBy(() -> JdbcWatermark.timestamp("updated_at").until(session, UNUSED))
                    .isInstanceOf(SourceException.class)
                    .hasMessageStartingWith("the watermark's column 'updated_at' is a timestamp without time zone");
            assertThatThrownBy(() -> session.read(new Window(Position.of(Instant.EPOCH), Position.of(Instant.EPOCH))))
                    .isInstanceOf(SourceException.class)
                    .hasMessageStartingWith("the query compares :from with a timestamp without time zone");
        }
    }

    @Test
    void should_read_a_column_without_a_zone_whose_offset_is_declared() throws Exception {
        TestPostgres.execute(
                database,
                "ALTER TABLE items ALTER updated_at TYPE timestamp",
                "INSERT INTO items VALUES (1, '2026-03-01 07:00'), (2, '2026-03-01 07:00:00.000001')");
        JdbcRecordSource<Row> source = JdbcRecordSource.builder(database, Row.class)
                .query("SELECT * FROM items WHERE updated_at >= :from AND updated_at < :until")
                .offsetOfLocalTimes(ZoneOffset.ofHours(-5))
                .build();
        Position noon = Position.of(Instant.parse("2026-03-01T12:00:00Z"));
        Position later = Position.of(Instant.parse("2026-03-01T12:00:00.0000001Z"));
        try (SourceSession<Row> session = source.open(NONE);
                Stream<Row> rows = session.read(new Window(noon, later))) {
            assertThat(rows.map(row -> row.instant("updated_at"))).containsExactly(noon.toInstant());
        }
    }

    @Test
    void should_end_with_a_day_that_is_over() throws Exception {
        Watermark<Row> watermark = JdbcWatermark.timestamp("updated_at").closedDays(ZoneOffset.ofHours(-5));
        try (SourceSession<Row> session = byTime(database).open(NONE)) {
            Instant until = watermark.until(session, UNUSED).toInstant();

            assertThat(until.atOffset(ZoneOffset.ofHours(-5)).toLocalTime()).isEqualTo(java.time.LocalTime.MIDNIGHT);
            assertThat(until).isBetween(Instant.now().minus(Duration.ofHours(25)), Instant.now());
        }
    }

    @Test
    void should_reject_a_source_that_is_no_jdbc_source() {
        SourceSession<Row> other = window -> Stream.empty();

        assertThatThrownBy(() -> PostgresWatermark.<Row>transactionId("chg").until(other, UNUSED))
                .isInstanceOf(SourceException.class)
                .hasMessageStartingWith("the watermark (transaction id 'chg') asks the database of a JdbcRecordSource");
    }

    private ExportDefinition<Row> export(JdbcRecordSource<Row> source, Watermark<Row> watermark) {
        return ExportDefinition.builder("items", Row.class)
                .source(source)
                .recordKey(row -> row.value("id"))
                .watermark(watermark)
                .fields(fields -> fields.field("id", row -> row.value("id")))
                .file(file -> file.name("items-{sequence}.csv"))
                .build();
    }

    /** As pg_dump and pg_restore do into another cluster: the trigger is made after the rows are there. */
    private void restoreAhead(String table, String rows) throws SQLException {
        TestPostgres.execute(
                database,
                "ALTER TABLE " + table + " DISABLE TRIGGER USER",
                "INSERT INTO " + table + " (id, chg) VALUES " + rows,
                "ALTER TABLE " + table + " ENABLE TRIGGER USER");
    }

    @Test
    void should_refuse_rows_of_a_restore_until_their_transaction_ids_are_rewritten() throws Exception {
        TestPostgres.execute(database, "INSERT INTO items VALUES (1), (2)");
        restoreAhead("items", "(3, '9000000000'), (4, '9000000001')");
        try (SandboxExport export =
                new SandboxExport(export(byTransaction(database), PostgresWatermark.transactionId("chg")))) {
            String problem = "2 records have a transaction id that this database has not given yet: they were restored"
                    + " from another one, and no window includes them before their ids come. Let them have new ids, and"
                    + " call resetPosition if they are to be sent from an earlier position: UPDATE items SET chg ="
                    + " pg_current_xact_id() WHERE chg >= pg_snapshot_xmax(pg_current_snapshot())";
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> export.job().runNow())
                        .isInstanceOf(SourceException.class)
                        .hasMessage(problem);
                assertThat(export.job().check().problems())
                        .singleElement()
                        .satisfies(finding -> assertThat(
                                        finding.problem().orElseThrow().message())
                                .isEqualTo(problem));
                export.job().resetPosition("items", new Position("postgresql-xid8", "0"), "restored"); // does not help
            }

            TestPostgres.execute(database, problem.substring(problem.indexOf("UPDATE ")));
            export.job().runNow();

            assertThat(export.lines(1)).containsExactlyInAnyOrder("id", "1", "2", "3", "4");
        }
    }

    @Test
    void should_print_what_rewrites_the_transaction_ids_of_a_restored_table() throws Exception {
        TestPostgres.execute(
                database,
                "CREATE SCHEMA \"MyApp\"",
                "CREATE TABLE \"MyApp\".\"Items\" (id bigint PRIMARY KEY)",
                PostgresWatermark.transactionIdDdl("\"MyApp\".\"Items\"", "id", "chg"),
                "INSERT INTO \"MyApp\".\"Items\" VALUES (1)");
        restoreAhead("\"MyApp\".\"Items\"", "(2, '9000000000')");

        TestPostgres.execute(database, PostgresWatermark.restoredIdsSql("\"MyApp\".\"Items\"", "chg"));

        JdbcRecordSource<Row> source = JdbcRecordSource.builder(database, Row.class)
                .query("SELECT * FROM \"MyApp\".\"Items\" WHERE chg >= :from AND chg < :until")
                .build();
        Watermark<Row> watermark = PostgresWatermark.transactionId("chg");
        try (SourceSession<Row> session = source.open(NONE)) {
            assertThat(ids(session, watermark.beginning(), watermark.until(session, UNUSED)))
                    .containsExactly(1L, 2L);
        }
    }

    @Test
    void should_not_take_the_ids_of_open_transactions_for_those_of_a_restore() throws Exception {
        try (Connection open = database.getConnection();
                Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute("INSERT INTO items VALUES (1)");
            TestPostgres.execute(database, "INSERT INTO items VALUES (2)"); // seen, and behind the bound
            Watermark<Row> watermark = PostgresWatermark.transactionId("chg");
            try (SourceSession<Row> session = byTransaction(database).open(NONE)) {
                assertThat(ids(session, watermark.beginning(), watermark.until(session, UNUSED)))
                        .isEmpty();
            }
        }
    }

    @Test
    void should_refuse_the_oldest_transaction_while_a_role_hides_its_own() throws Exception {
        String role = "hidden_" + System.identityHashCode(this);
        TestPostgres.execute(
                database,
                "CREATE ROLE " + role + " LOGIN",
                "ALTER ROLE " + role + " SET track_activities = off",
                "GRANT ALL ON items TO " + role);
        Watermark<Row> watermark = PostgresWatermark.oldestTransaction("updated_at");
        try (Connection hidden = TestPostgres.as(role, database).getConnection();
                Statement statement = hidden.createStatement()) {
            hidden.setAutoCommit(false);
            statement.execute("INSERT INTO items VALUES (1)");
            try (SourceSession<Row> session = byTime(database).open(NONE)) {
                assertThatThrownBy(() -> watermark.until(session, UNUSED))
                        .isInstanceOf(SourceException.class)
                        .hasMessage(
                                "transactions of the roles [" + role + "] are not seen, since track_activities is off"
                                        + " for them, and records that they write would be lost: run ALTER ROLE ... SET"
                                        + " track_activities = on, and let them connect anew");
            }
        }
        TestPostgres.execute(database, "ALTER ROLE " + role + " SET track_activities = on");
        try (SourceSession<Row> session = byTime(database).open(NONE)) {
            assertThat(watermark.until(session, UNUSED).instant()).isPresent();
        }
    }
}
