package io.outfeed.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.SourceException;
import io.outfeed.jdbc.databases.TestPostgres;
import io.outfeed.source.Parameters;
import io.outfeed.source.Position;
import io.outfeed.source.SourceSession;
import io.outfeed.source.Window;
import io.outfeed.watermark.Watermark;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("try") // an interrupted close fails the test, as it should
class JdbcRecordSourceTest {

    private static final Parameters LAKESIDE = Parameters.of(Map.of("tenant", "lakeside"));
    private static final Parameters NONE = Parameters.of(Map.of());

    enum Kind {
        CALL,
        VISIT
    }

    record Visit(int visitId, Kind kind, @Nullable LocalDate heldOn, UUID token, boolean open) {}

    @SuppressWarnings("NullAway.Init")
    private DataSource database;

    @BeforeEach
    void makeTable() throws SQLException {
        database = TestPostgres.newDatabase();
        TestPostgres.execute(
                database,
                "CREATE TABLE visits (visit_id int, tenant text, kind text, held_on date, token uuid, open bool)",
                "INSERT INTO visits VALUES (1, 'lakeside', 'CALL', NULL, '00000000-0000-0001-0000-000000000002', true),"
                        + " (2, 'hillcrest', 'VISIT', '2026-03-01', '00000000-0000-0001-0000-000000000003', false)");
    }

    private static Window everything() throws Exception {
        Watermark<Object> watermark = Watermark.fullSnapshot();
        return new Window(watermark.beginning(), watermark.until(window -> Stream.empty(), Clock.systemUTC()));
    }

    private <T> List<T> read(JdbcRecordSource<T> source, Parameters parameters) throws Exception {
        try (SourceSession<T> session = source.open(parameters);
                Stream<T> records = session.read(everything())) {
            return records.toList();
        }
    }

    private JdbcRecordSource.Builder<Row> rows(String query) {
        return JdbcRecordSource.builder(database, Row.class).query(query);
    }

    @Test
    void should_make_records_by_their_constructor() throws Exception {
        JdbcRecordSource<Visit> source = JdbcRecordSource.builder(database, Visit.class)
                .query("SELECT * FROM visits WHERE tenant = :tenant")
                .build();

        assertThat(read(source, LAKESIDE)).containsExactly(new Visit(1, Kind.CALL, null, new UUID(1, 2), true));
    }

    @Test
    void should_list_components_and_columns_that_do_not_match() {
        JdbcRecordSource<Visit> source = JdbcRecordSource.builder(database, Visit.class)
                .query("SELECT visit_id, kind, token AS t FROM visits")
                .build();

        assertThatThrownBy(() -> source.open(NONE))
                .isInstanceOf(SourceException.class)
                .hasMessage("Visit does not fit the query: 'heldOn' has no column, 'token' has no column, 'open' has no"
                        + " column; the record has [visitId, kind, heldOn, token, open], the query has"
                        + " [visit_id, kind, t]:"
                        + " rename columns with AS, or map rows with a function");
    }

    @Test
    void should_bind_the_parameters_of_a_job() throws Exception {
        JdbcRecordSource<Row> source =
                rows("SELECT * FROM visits WHERE tenant = :tenant").build();

        assertThat(read(source, Parameters.of(Map.of("tenant", "x' OR 'a' = 'a"))))
                .isEmpty();
    }

    @Test
    void should_bind_lists_and_other_types() throws Exception {
        JdbcRecordSource<Row> source = rows("SELECT * FROM visits WHERE tenant IN (:tenants) AND visit_id < :below")
                .parameter("tenants", text -> List.of(text.split(",")))
                .parameter("below", Integer::valueOf)
                .build();

        assertThat(read(source, Parameters.of(Map.of("tenants", "lakeside,hillcrest,x", "below", "3"))))
                .extracting(row -> row.integer("VISIT_ID"))
                .containsExactly(1, 2);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "tenant IN (:tenants)                  | 0",
                "tenant in(  :tenants )                | 0",
                "visit_id < 2 OR tenant IN (:tenants)  | 1",
                "tenant NOT IN (:tenants)              |",
                "tenant not  in (:tenants)             |",
                "tenant = ANY (ARRAY[(:tenants)])      |",
                "tenant IN ('x', :tenants)             |",
                "tenant IN (:tenants) AND kind NOT IN (:tenants) |",
            })
    void should_take_an_empty_list_only_where_it_means_nothing(String condition, @Nullable Integer found)
            throws Exception {
        JdbcRecordSource<Row> source = rows("SELECT * FROM visits WHERE " + condition)
                .parameter("tenants", text -> List.of())
                .build();
        Parameters parameters = Parameters.of(Map.of("tenants", ""));

        if (found == null) {
            assertThatThrownBy(() -> source.open(parameters))
                    .isInstanceOf(InvalidDefinitionException.class)
                    .hasMessage("JDBC source of Row has 1 problem: the function of parameter 'tenants' gives an empty"
                            + " list, which only IN (:tenants) takes: all other conditions would find nothing, NOT IN"
                            + " too");
        } else {
            assertThat(read(source, parameters)).hasSize(found);
        }
    }

    @Test
    void should_reject_a_list_with_a_null() {
        JdbcRecordSource<Row> source = rows("SELECT * FROM visits WHERE tenant NOT IN (:tenants)")
                .parameter("tenants", text -> java.util.Arrays.asList("x", null))
                .build();

        assertThatThrownBy(() -> source.open(Parameters.of(Map.of("tenants", ""))))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("JDBC source of Row has 1 problem: the function of parameter 'tenants' gives a list with a"
                        + " null, which equals nothing");
    }

    @Test
    void should_list_parameters_that_do_not_fit() {
        JdbcRecordSource<Row> source = rows("SELECT * FROM visits WHERE tenant = :tenant AND visit_id < :below")
                .ignoreParameter("school")
                .build();

        assertThatThrownBy(() -> source.open(Parameters.of(Map.of("campus", "east", "tenant", "x", "school", "y"))))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("JDBC source of Row has 2 problems: the query has the parameter :below, which the"
                        + " job has not: add"
                        + " .parameter(\"below\", ...) to it; the job has the parameter 'campus',"
                        + " which the query does not"
                        + " use: add a condition such as \"campus = :campus\", or"
                        + " .ignoreParameter(\"campus\") to the"
                        + " source");
    }

    @ParameterizedTest(name = "{0} | {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "SELECT * FROM visits | SELECT * FROM visits WHERE tenant = :tenant AND visit_id IN (:keys)"
                        + " | query has no :tenant, which findByKey has: it would read the records of others too; add a"
                        + " condition such as \"tenant = :tenant\", or .ignoreParameter(\"tenant\", QUERY) if"
                        + " it reads no"
                        + " more without",
                "SELECT * FROM visits WHERE tenant = :tenant | SELECT * FROM visits WHERE visit_id IN (:keys)"
                        + " | findByKey has no :tenant, which query has: it would find the records of others too; add a"
                        + " condition such as \"tenant = :tenant\", or .ignoreParameter(\"tenant\","
                        + " FIND_BY_KEY) if it finds"
                        + " no more without",
            })
    void should_check_each_query_by_itself_for_the_parameters(String query, String findByKey, String problem) {
        assertThatThrownBy(() -> rows(query).findByKey(findByKey).build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("JDBC source of Row has 1 problem: " + problem);
    }

    @Test
    void should_let_one_query_ignore_a_parameter_that_the_other_has() throws Exception {
        TestPostgres.execute(database, "CREATE VIEW of_lakeside AS SELECT * FROM visits WHERE tenant = 'lakeside'");
        JdbcRecordSource<Row> unique = rows("SELECT * FROM visits WHERE tenant = :tenant")
                .findByKey("SELECT * FROM visits WHERE visit_id IN (:keys)", Integer::valueOf)
                .ignoreParameter("tenant", JdbcRecordSource.Query.FIND_BY_KEY)
                .build();
        JdbcRecordSource<Row> view = rows("SELECT * FROM of_lakeside")
                .findByKey("SELECT * FROM visits WHERE tenant = :tenant AND visit_id IN (:keys)", Integer::valueOf)
                .ignoreParameter("tenant", JdbcRecordSource.Query.QUERY)
                .build();

        for (JdbcRecordSource<Row> source : List.of(unique, view)) {
            assertThat(read(source, LAKESIDE))
                    .extracting(row -> row.integer("visit_id"))
                    .containsExactly(1);
            try (SourceSession<Row> session = source.open(LAKESIDE);
                    Stream<Row> found = session.find(java.util.Set.of("1")).orElseThrow()) {
                assertThat(found).hasSize(1);
            }
        }
    }

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "tenant | QUERY       | parameter 'tenant' is used by query, and ignoreParameter says that it is not",
                "tenant | FIND_BY_KEY | parameter 'tenant' is used by findByKey, and ignoreParameter says that"
                        + " it is not",
                "tenant |             | parameter 'tenant' is used, and ignoreParameter says that it is not",
            })
    void should_reject_a_parameter_that_is_ignored_and_used(
            String name, JdbcRecordSource.@Nullable Query in, String problem) {
        JdbcRecordSource.Builder<Row> source = rows("SELECT * FROM visits WHERE tenant = :tenant")
                .findByKey("SELECT * FROM visits WHERE tenant = :tenant AND visit_id IN (:keys)");

        assertThatThrownBy(() -> (in == null ? source.ignoreParameter(name) : source.ignoreParameter(name, in)).build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("JDBC source of Row has 1 problem: " + problem);
    }

    @Test
    void should_reject_a_parameter_that_a_missing_query_ignores() {
        assertThatThrownBy(() -> rows("SELECT * FROM visits")
                        .ignoreParameter("tenant", JdbcRecordSource.Query.FIND_BY_KEY)
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("JDBC source of Row has 1 problem: findByKey is missing, and ignoreParameter(\"tenant\","
                        + " FIND_BY_KEY) is for it");
    }

    @Test
    void should_list_what_is_wrong_when_it_is_built() {
        assertThatThrownBy(() -> JdbcRecordSource.builder(database, String.class)
                        .query("SELECT ':from' FROM visits WHERE at < :until AND id IN (:keys)")
                        .findByKey("SELECT 'x")
                        .fetchSize(0)
                        .queryTimeout(Duration.ZERO)
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageStartingWith(
                        "JDBC source of String has 6 problems: query has no :from: a window has two ends")
                .hasMessageContaining("query has :keys, which belongs into findByKey")
                .hasMessageContaining("findByKey can't be read: the literal that begins at character 8 has no end")
                .hasMessageContaining("mapper is missing: only a record class and Row need none")
                .hasMessageContaining("fetchSize 0 is not 1 or more")
                .hasMessageContaining("queryTimeout PT0S is not between 1 second and 1 day");
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "SELECT count(*) FROM visits | 2",
                "SELECT 7.9::float8, 'estimated' | 7",
                "SELECT 0 | 0",
                "SELECT -1::float4 /* never analyzed */ |",
                "SELECT NULL::bigint |",
                "SELECT 1 WHERE false |",
            })
    void should_expect_the_number_of_records_that_a_count_query_gives(String countQuery, @Nullable Long expected)
            throws Exception {
        try (SourceSession<Row> session =
                rows("SELECT * FROM visits").countQuery(countQuery).build().open(NONE)) {
            assertThat(session.expectedRecords(everything()))
                    .isEqualTo(expected == null ? OptionalLong.empty() : OptionalLong.of(expected));
        }
    }

    @Test
    void should_expect_no_number_of_records_without_a_count_query() throws Exception {
        try (SourceSession<Row> session = rows("SELECT * FROM visits").build().open(NONE)) {
            assertThat(session.expectedRecords(everything())).isEmpty();
        }
    }

    @Test
    void should_reject_a_count_query_of_other_rows() {
        assertThatThrownBy(() -> rows("SELECT * FROM visits WHERE tenant = :tenant AND visit_id < :below")
                        .countQuery("SELECT count(*) FROM visits WHERE tenant = :tenants AND visit_id < :below")
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        "JDBC source of Row has 2 problems: countQuery has no :tenant, which query has: it would count"
                                + " other rows; countQuery has :tenants, which query has not: it would"
                                + " count other rows");
        assertThatThrownBy(() ->
                        rows("SELECT * FROM visits").countQuery("SELECT 'x").build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("countQuery can't be read: the literal that begins at character 8 has no end");
    }

    @Test
    void should_not_take_a_parameter_for_used_that_only_a_count_has() {
        assertThatThrownBy(() -> rows("SELECT * FROM visits")
                        .countQuery("SELECT count(*) FROM visits WHERE tenant = :tenant")
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        "JDBC source of Row has 1 problem: countQuery has :tenant, which query has not: it would count"
                                + " other rows");
    }

    @Test
    void should_read_although_counting_took_too_long() throws Exception {
        JdbcRecordSource<Row> source = rows("SELECT * FROM visits")
                .countQuery("SELECT count(*) FROM visits, pg_sleep(600)")
                .queryTimeout(Duration.ofSeconds(1))
                .build();

        try (SourceSession<Row> session = source.open(NONE)) {
            Window window = everything();
            assertThatThrownBy(() -> session.expectedRecords(window))
                    .isInstanceOf(SourceException.class)
                    .hasMessageStartingWith("countQuery failed: the database took longer than PT1S to answer");
            try (Stream<Row> records = session.read(window)) {
                assertThat(records).hasSize(2);
            }
        }
    }

    @Test
    void should_say_why_reading_failed_after_counting_took_too_long() throws Exception {
        JdbcRecordSource<Row> source = rows("SELECT 1 / (visit_id - 1) FROM visits")
                .countQuery("SELECT count(*) FROM visits, pg_sleep(600)")
                .queryTimeout(Duration.ofSeconds(1))
                .build();

        try (SourceSession<Row> session = source.open(NONE)) {
            Window window = everything();
            assertThatThrownBy(() -> session.expectedRecords(window)).isInstanceOf(SourceException.class);
            assertThatThrownBy(() -> session.read(window).toList())
                    .isInstanceOf(SourceException.class)
                    .hasMessage("the query failed (SQLState 22012)");
        }
    }

    @Test
    void should_refuse_a_window_that_the_query_does_not_read() throws Exception {
        try (SourceSession<Row> session = rows("SELECT * FROM visits").build().open(NONE)) {
            Position now = Position.of(Instant.EPOCH);
            assertThatThrownBy(() -> session.read(new Window(now, now)))
                    .isInstanceOf(SourceException.class)
                    .hasMessageStartingWith("the query has neither :from nor :until");
        }
    }

    @Test
    void should_say_why_the_database_rejects_a_query() {
        assertThatThrownBy(() -> rows("SELECT * FROM vists").build().open(NONE))
                .isInstanceOfSatisfying(
                        SourceException.class, e -> assertThat(e.retryable()).isFalse())
                .hasMessageContaining("relation \"vists\" does not exist")
                .hasMessageEndingWith("(SQLState 42P01)");
    }

    @Test
    void should_leave_out_what_may_quote_a_row() {
        assertThatThrownBy(() -> read(rows("SELECT kind::int FROM visits").build(), NONE))
                .isInstanceOf(SourceException.class)
                .hasMessage("the query failed (SQLState 22P02)")
                .satisfies(e -> assertThat(String.valueOf(e.getCause()))
                        .contains("org.postgresql.util.PSQLException")
                        .doesNotContain("CALL"));
    }

    @Test
    void should_name_the_column_of_a_mapper_that_has_another_type() {
        JdbcRecordSource<Integer> source = JdbcRecordSource.builder(database, Integer.class)
                .query("SELECT visit_id, kind FROM visits")
                .mapper(row -> java.util.Objects.requireNonNull(row.integer("kind")))
                .build();

        assertThatThrownBy(() -> read(source, NONE))
                .isInstanceOf(SourceException.class)
                .hasMessage("a row can't be mapped: column 'kind' is text, not a whole number of 32 bits");
    }

    @Test
    void should_give_the_connection_back_as_it_was() throws Exception {
        try (Connection connection = database.getConnection()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            JdbcRecordSource<Row> source = JdbcRecordSource.builder(keeping(connection), Row.class)
                    .query("SELECT 1 / (visit_id - 2) AS x FROM visits")
                    .build();

            assertThatThrownBy(() -> read(source, NONE)).isInstanceOf(SourceException.class);

            assertThat(connection.getAutoCommit()).isTrue();
            assertThat(connection.isReadOnly()).isFalse();
            assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
        }
    }

    @Test
    void should_reject_a_query_that_writes() throws Exception {
        TestPostgres.execute(database, "CREATE SEQUENCE numbers");

        assertThatThrownBy(() -> read(rows("SELECT nextval('numbers')").build(), NONE))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("SQLState 25006");
    }

    @Test
    void should_end_a_query_that_takes_too_long() {
        assertThatThrownBy(() -> read(
                        rows("SELECT pg_sleep(600)::text")
                                .queryTimeout(Duration.ofSeconds(1))
                                .build(),
                        NONE))
                .isInstanceOf(SourceException.class)
                .hasMessage("the query failed: the database took longer than PT1S to answer: look for an index that is"
                        + " missing, or raise queryTimeout");
    }

    @Test
    void should_end_a_query_whose_thread_is_interrupted() throws Exception {
        SourceSession<Row> session = rows("SELECT pg_sleep(600)::text").build().open(NONE);
        try (session) {
            Window window = everything();
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> session.read(window))
                    .isInstanceOf(SourceException.class)
                    .hasMessage("the query failed: it was interrupted");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static DataSource keeping(Connection connection) {
        Connection shared = (Connection) Proxy.newProxyInstance(
                JdbcRecordSourceTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) ->
                        method.getName().equals("close") ? null : method.invoke(connection, arguments));
        return (DataSource) Proxy.newProxyInstance(
                JdbcRecordSourceTest.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, args) -> shared);
    }

    // ---- the fingerprint

    @Test
    void should_have_the_same_fingerprint_for_the_same_declaration() throws SQLException {
        String fingerprint = rows("SELECT 1").build().fingerprint();

        assertThat(rows("SELECT 1").build().fingerprint()).isEqualTo(fingerprint);
        assertThat(JdbcRecordSource.builder(TestPostgres.newDatabase(), Visit.class)
                        .query("SELECT 1")
                        .build()
                        .fingerprint())
                .as("of another data source and record type")
                .isEqualTo(fingerprint);
    }

    @Test
    void should_have_another_fingerprint_for_another_declaration() {
        assertThat(Stream.of(
                                rows("SELECT 1"),
                                rows("SELECT 2"),
                                rows("SELECT 1").countQuery("SELECT 3"),
                                rows("SELECT 1").findByKey("SELECT 3 WHERE 3 IN (:keys)"),
                                rows("SELECT 1").offsetOfLocalTimes(ZoneOffset.UTC),
                                rows("SELECT 1").fetchSize(7),
                                rows("SELECT 1").queryTimeout(Duration.ofSeconds(7)))
                        .map(builder -> builder.build().fingerprint()))
                .doesNotHaveDuplicates();
    }

    @Test
    void should_have_no_connection_in_its_fingerprint() {
        DataSource noisy = (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> "s3cret");

        assertThat(JdbcRecordSource.builder(noisy, Row.class)
                        .query("SELECT 1")
                        .build()
                        .fingerprint())
                .doesNotContain("s3cret");
    }
}
