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
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables that are replaced within a database: its transaction ids go on, and the rows have those of the past. */
@SuppressWarnings("try") // an interrupted close fails the test, as it should
class RestoredTableTest {

    private static final Parameters NONE = Parameters.of(Map.of());
    private static final Clock UNUSED = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    private static final String ITEMS = "SELECT id, chg FROM items WHERE chg >= :from AND chg < :until";

    private final Watermark<Row> watermark = PostgresWatermark.transactionId("chg");

    @SuppressWarnings("NullAway.Init")
    private DataSource database;

    @BeforeEach
    void makeTable() throws SQLException {
        database = TestPostgres.newDatabase();
        TestPostgres.execute(
                database,
                "CREATE TABLE items (id bigint PRIMARY KEY)",
                PostgresWatermark.transactionIdDdl("items", "id", "chg"),
                "INSERT INTO items VALUES (1), (2)");
    }

    private static JdbcRecordSource<Row> source(DataSource database, String query) {
        return JdbcRecordSource.builder(database, Row.class).query(query).build();
    }

    private SandboxExport export(String query) {
        return new SandboxExport(ExportDefinition.builder("items", Row.class)
                .source(source(database, query))
                .recordKey(row -> row.value("id"))
                .watermark(watermark)
                .fields(fields -> fields.field("id", row -> row.value("id")))
                .file(file -> file.name("items-{sequence}.csv"))
                .build());
    }

    /** As pg_dump and pg_restore --clean do: the rows are there before the trigger. */
    private void restore(String table) throws SQLException {
        TestPostgres.execute(
                database,
                "CREATE TABLE dump AS SELECT * FROM " + table,
                "DROP TABLE " + table + " CASCADE",
                "DROP FUNCTION IF EXISTS " + table + "_set_chg",
                "CREATE TABLE " + table + " (id bigint PRIMARY KEY)",
                PostgresWatermark.transactionIdDdl(table, "id", "chg"),
                "ALTER TABLE " + table + " DISABLE TRIGGER USER",
                "INSERT INTO " + table + " SELECT * FROM dump",
                "ALTER TABLE " + table + " ENABLE TRIGGER USER",
                "DROP TABLE dump");
    }

    private String oid(String table) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT '" + table + "'::regclass::oid::text")) {
            rows.next();
            return rows.getString(1);
        }
    }

    private Position until(String query) throws Exception {
        try (SourceSession<Row> session = source(database, query).open(NONE)) {
            return watermark.until(session, UNUSED);
        }
    }

    private List<Long> ids(String query, Position from) throws Exception {
        try (SourceSession<Row> session = source(database, query).open(NONE);
                Stream<Row> rows = session.read(new Window(from, watermark.until(session, UNUSED)))) {
            return rows.map(row -> row.number("id")).sorted().toList();
        }
    }

    private void assertRefused(String query, Position from, String tables) {
        assertThatThrownBy(() -> ids(query, from))
                .isInstanceOfSatisfying(
                        SourceException.class, e -> assertThat(e.retryable()).isFalse())
                .hasMessage(problem(from, tables));
    }

    private static String problem(Position from, String tables) {
        return "position " + from + " is of other tables than those that the query reads now, " + tables
                + ": one was dropped and restored, or replaced, and its records may have transaction ids of before that"
                + " position, which no window includes. Find out from where on records have to be exported, and call"
                + " resetPosition with it, such as postgresql-xid8:"
                + TransactionId.of(from).xid()
                + " if no record was lost, or the watermark's beginning, postgresql-xid8:0, which exports all records";
    }

    @Test
    void should_stop_after_a_table_was_restored_until_told_from_where_to_export() throws Exception {
        try (SandboxExport export = export(ITEMS)) {
            export.job().runNow();
            Position before = export.job().position("items").orElseThrow();
            assertThat(TransactionId.of(before).tables()).containsExactly(oid("items"));
            restore("items");

            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> export.job().runNow())
                        .isInstanceOf(SourceException.class)
                        .hasMessage(problem(before, "items (" + oid("items") + ")"));
            }
            export.job().resetPosition("items", new Position("postgresql-xid8", "0"), "items was restored");
            export.job().runNow();

            assertThat(export.lines(2)).containsExactlyInAnyOrder("id", "1", "2");
            assertThat(TransactionId.of(export.job().position("items").orElseThrow())
                            .tables())
                    .containsExactly(oid("items"));
        }
    }

    @Test
    void should_go_on_from_a_position_that_names_no_table() throws Exception {
        TransactionId before = TransactionId.of(until(ITEMS));
        restore("items");
        TestPostgres.execute(database, "INSERT INTO items VALUES (3)");

        for (String text : List.of(before.xid(), before.xid() + "@" + before.database())) {
            assertThat(ids(ITEMS, new Position("postgresql-xid8", text))).containsExactly(3L);
        }
    }

    @Test
    void should_stop_once_another_table_has_the_name() throws Exception {
        Position before = until(ITEMS);
        TestPostgres.execute(
                database,
                "CREATE TABLE other AS SELECT * FROM items",
                "ALTER TABLE items RENAME TO items_2026",
                "ALTER TABLE other RENAME TO items");

        assertRefused(ITEMS, before, "items (" + oid("items") + ")");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "VACUUM FULL items                                       | 3",
                "ALTER TABLE items RENAME TO things; CREATE VIEW items AS SELECT * FROM things | 3",
                "ALTER TABLE items ADD COLUMN name text DEFAULT random() | 3",
                // the trigger has given the rows new ids
                "CREATE TABLE d AS TABLE items; TRUNCATE items; INSERT INTO items TABLE d; DROP TABLE d | 1 2 3",
            })
    void should_go_on_while_it_is_the_same_table(String change, String expected) throws Exception {
        Position before = until(ITEMS);
        TestPostgres.execute(database, change.split(";"));
        TestPostgres.execute(database, "INSERT INTO items VALUES (3)");

        assertThat(ids(ITEMS, before))
                .isEqualTo(Stream.of(expected.split(" ")).map(Long::valueOf).toList());
    }

    @Test
    void should_see_the_tables_behind_views() throws Exception {
        String view = "CREATE VIEW inner_items AS SELECT * FROM items;"
                + " CREATE VIEW export_items AS SELECT id, chg AS changed FROM inner_items";
        String query = "SELECT id FROM export_items WHERE changed >= :from AND changed < :until";
        TestPostgres.execute(database, view);
        Position before = until(query);
        assertThat(TransactionId.of(before).tables()).containsExactly(oid("items"));

        TestPostgres.execute(database, "DROP VIEW export_items, inner_items", view, "INSERT INTO items VALUES (3)");
        assertThat(ids(query, before)).as("a view has no records of its own").containsExactly(3L);

        restore("items");
        TestPostgres.execute(database, view);
        assertRefused(query, before, "items (" + oid("items") + ")");
    }

    @Test
    void should_take_partitions_for_their_table() throws Exception {
        TestPostgres.execute(
                database,
                "CREATE TABLE visits (id bigint, chg xid8 DEFAULT pg_current_xact_id()) PARTITION BY RANGE (id)",
                "CREATE TABLE visits_low PARTITION OF visits FOR VALUES FROM (0) TO (10) PARTITION BY RANGE (id)",
                "CREATE TABLE visits_0 PARTITION OF visits_low FOR VALUES FROM (0) TO (5)",
                "CREATE TABLE visits_5 PARTITION OF visits_low FOR VALUES FROM (5) TO (10)",
                "INSERT INTO visits (id) VALUES (1), (7)");
        String query = "SELECT id, chg FROM visits WHERE chg >= :from AND chg < :until";
        Position before = until(query);
        assertThat(TransactionId.of(before).tables()).containsExactly(oid("visits"));
        Position ofOne = until(query.replace("visits", "visits_0"));
        assertThat(TransactionId.of(ofOne).tables()).containsExactly(oid("visits_0"));

        TestPostgres.execute(
                database,
                "DROP TABLE visits_0",
                "CREATE TABLE visits_0 PARTITION OF visits_low FOR VALUES FROM (0) TO (5)",
                "CREATE TABLE visits_10 PARTITION OF visits FOR VALUES FROM (10) TO (20)",
                "INSERT INTO visits (id) VALUES (3), (11)");

        assertThat(ids(query, before)).containsExactly(3L, 11L);
        assertRefused(query.replace("visits", "visits_0"), ofOne, "visits_0 (" + oid("visits_0") + ")");
    }

    @Test
    void should_compare_the_tables_of_a_join_that_have_transaction_ids() throws Exception {
        TestPostgres.execute(
                database,
                "CREATE TABLE clubs (item bigint PRIMARY KEY)",
                "CREATE TABLE prices (id bigint PRIMARY KEY)",
                PostgresWatermark.transactionIdDdl("prices", "id", "chg"),
                "INSERT INTO prices VALUES (1), (2), (3)");
        String query = "SELECT i.id FROM items i LEFT JOIN clubs c ON c.item = i.id JOIN prices p USING (id)"
                + " WHERE greatest(i.chg, p.chg) >= :from AND greatest(i.chg, p.chg) < :until";
        Position before = until(query);
        assertThat(TransactionId.of(before).tables()).containsExactly(oid("items"), oid("prices"));

        TestPostgres.execute(
                database,
                "DROP TABLE clubs",
                "CREATE TABLE clubs (item bigint PRIMARY KEY)",
                "INSERT INTO items VALUES (3)");
        assertThat(ids(query, before)).as("it has no ids").containsExactly(3L);

        Position ofItems = until(ITEMS);
        assertThat(ids(ITEMS, before)).as("one table less").containsExactly(3L);
        assertThat(ids(query, ofItems)).as("one table more").isEmpty();

        restore("prices");
        assertRefused(query, before, "items (" + oid("items") + "), prices (" + oid("prices") + ")");
    }

    /** The snapshot of the run is older than the table, and its rows are not seen. */
    @Test
    void should_try_again_if_the_table_was_made_while_the_run_began() throws Exception {
        Position before = until(ITEMS);
        DataSource late = beforeTheFirstQuery(() -> restore("items"));

        try (SourceSession<Row> session = source(late, ITEMS).open(NONE)) {
            assertThatThrownBy(() -> watermark.until(session, UNUSED))
                    .isInstanceOfSatisfying(
                            SourceException.class,
                            e -> assertThat(e.retryable()).isTrue())
                    .hasMessage("a table or an index that the query reads was made while this run began: the next"
                            + " attempt reads it");
        }

        assertRefused(ITEMS, before, "items (" + oid("items") + ")");
    }

    private interface Change {
        void make() throws SQLException;
    }

    /** A data source whose connections change the database once they have their snapshot. */
    private DataSource beforeTheFirstQuery(Change change) {
        return (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> connection((Connection) method.invoke(database, arguments), change));
    }

    private static Connection connection(Connection real, Change change) {
        AtomicBoolean changed = new AtomicBoolean(); // later the session has locked the table
        return (Connection) Proxy.newProxyInstance(
                RestoredTableTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("prepareStatement") && !changed.getAndSet(true)) {
                        change.make();
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
