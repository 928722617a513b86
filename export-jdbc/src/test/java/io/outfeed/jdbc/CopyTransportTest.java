package io.outfeed.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.outfeed.ExportDefinition;
import io.outfeed.error.SourceException;
import io.outfeed.jdbc.JdbcRecordSource.Transport;
import io.outfeed.jdbc.databases.TestPgBouncer;
import io.outfeed.jdbc.databases.TestPostgres;
import io.outfeed.source.Parameters;
import io.outfeed.source.SourceSession;
import io.outfeed.source.Window;
import io.outfeed.watermark.Watermark;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A window is read by COPY where it can be had; whichever way it is read, it is the same and fails alike. */
@SuppressWarnings("try") // an interrupted close fails the test, as it should
class CopyTransportTest {

    private static final Parameters NONE = Parameters.of(Map.of());

    /** What a row says of the statement that reads it. */
    private static final String STATEMENT = "SELECT split_part(current_query(), ' ', 1) AS statement";

    @SuppressWarnings("NullAway.Init")
    private PGSimpleDataSource database;

    @BeforeEach
    void makeDatabase() throws SQLException {
        database = (PGSimpleDataSource) TestPostgres.newDatabase();
    }

    private static Window everything() throws Exception {
        Watermark<Object> watermark = Watermark.fullSnapshot();
        return new Window(watermark.beginning(), watermark.until(window -> Stream.empty(), Clock.systemUTC()));
    }

    private static List<Row> read(JdbcRecordSource<Row> source, Parameters parameters) throws Exception {
        try (SourceSession<Row> session = source.open(parameters);
                Stream<Row> rows = session.read(everything())) {
            return rows.toList();
        }
    }

    private static JdbcRecordSource.Builder<Row> source(DataSource database, String query) {
        return JdbcRecordSource.builder(database, Row.class).query(query);
    }

    private static List<String> statements(JdbcRecordSource.Builder<Row> source) throws Exception {
        return read(source.build(), NONE).stream()
                .map(row -> String.valueOf(row.string("statement")))
                .toList();
    }

    private PGSimpleDataSource with(String options) {
        PGSimpleDataSource other = new PGSimpleDataSource();
        other.setUrl(database.getUrl() + "?user=postgres&" + options);
        return other;
    }

    // ---- which transport is used

    @ParameterizedTest
    @CsvSource({"AUTO, COPY", "COPY, COPY", "CURSOR, /*"})
    void should_read_by_the_transport_that_is_set(Transport transport, String statement) throws Exception {
        assertThat(statements(source(database, STATEMENT).transport(transport))).containsExactly(statement);
    }

    @Test
    void should_read_by_copy_with_the_connection_of_a_pool() throws Exception {
        try (HikariDataSource pool = pool()) {
            assertThat(statements(source(pool, STATEMENT))).containsExactly("COPY");
        }
    }

    @Test
    void should_read_by_copy_without_parameters_in_simple_query_mode() throws Exception {
        assertThat(statements(source(with("preferQueryMode=simple"), STATEMENT)))
                .containsExactly("COPY");
    }

    @Test
    void should_read_by_copy_through_pgbouncer_in_its_transaction_mode() throws Exception {
        TestPgBouncer.assumeInstalled();
        try (TestPgBouncer bouncer = TestPgBouncer.start(database, "prepareThreshold=0")) {
            JdbcRecordSource<Row> source = source(bouncer.dataSource(), STATEMENT + ", :word AS word")
                    .transport(Transport.COPY)
                    .build();
            for (String word : List.of("a", "b", "c", "d")) { // each by another server
                assertThat(read(source, Parameters.of(Map.of("word", word))))
                        .extracting(row -> row.string("statement") + row.string("word"))
                        .containsExactly("COPY" + word);
            }
        }
    }

    @Test
    void should_read_columns_of_one_name_by_copy() throws Exception {
        List<Row> rows = read(
                source(database, STATEMENT + ", '10.0.0.1'::inet AS a, 2 AS a")
                        .transport(Transport.COPY)
                        .build(),
                NONE);

        assertThat(rows).extracting(Row::columns).containsExactly(List.of("statement", "a", "a"));
        assertThat(rows).extracting(row -> row.string("statement")).containsExactly("COPY");
    }

    /** What keeps COPY from a source, and what a source says that is to use it. */
    private enum Obstacle {
        STATEMENT_TIMEOUT("statement_timeout is set, which is for all rows of COPY, and for each fetch of a cursor") {
            @Override
            DataSource connect(PGSimpleDataSource database) {
                return with(database, "options=-c%20statement_timeout=60000");
            }
        },
        SIMPLE_QUERY_MODE("the driver does not tell the types of parameters in its simple query mode") {
            @Override
            DataSource connect(PGSimpleDataSource database) {
                return with(database, "preferQueryMode=simple");
            }
        },
        ENCODING("the encoding of the connection is not UTF-8") {
            @Override
            DataSource connect(PGSimpleDataSource database) {
                PGSimpleDataSource other = new PGSimpleDataSource() {
                    @Override
                    public Connection getConnection() throws SQLException {
                        Connection connection = super.getConnection();
                        try (Statement statement = connection.createStatement()) {
                            statement.execute("SET client_encoding TO LATIN1");
                        }
                        return connection;
                    }
                };
                other.setUrl(database.getUrl() + "?user=postgres&allowEncodingChanges=true");
                return other;
            }
        },
        HIDDEN_CONNECTION("the connection is not one of the driver org.postgresql, or the pool does not give it") {
            @Override
            DataSource connect(PGSimpleDataSource database) {
                return wrapping(database, method -> method.equals("isWrapperFor") ? false : null);
            }
        },
        REFUSING_CONNECTION("the connection is not one of the driver org.postgresql, or the pool does not give it") {
            @Override
            DataSource connect(PGSimpleDataSource database) {
                return wrapping(database, method -> {
                    if (method.equals("isWrapperFor")) {
                        throw new SQLException("not supported");
                    }
                    return null;
                });
            }
        },
        OTHER_DATABASE("only PostgreSQL has it") {
            @Override
            DataSource connect(PGSimpleDataSource database) {
                JdbcDataSource h2 = new JdbcDataSource();
                h2.setURL("jdbc:h2:mem:" + UUID.randomUUID());
                return h2;
            }
        };

        private final String reason;

        Obstacle(String reason) {
            this.reason = reason;
        }

        abstract DataSource connect(PGSimpleDataSource database);

        private static PGSimpleDataSource with(PGSimpleDataSource database, String options) {
            PGSimpleDataSource other = new PGSimpleDataSource();
            other.setUrl(database.getUrl() + "?user=postgres&" + options);
            return other;
        }
    }

    @ParameterizedTest
    @EnumSource(Obstacle.class)
    void should_read_by_a_cursor_where_copy_is_not_to_be_had(Obstacle obstacle) throws Exception {
        DataSource other = obstacle.connect(database);
        String query = "SELECT :word AS word";
        Parameters parameters = Parameters.of(Map.of("word", "it's"));

        assertThat(read(source(other, query).build(), parameters))
                .extracting(row -> row.string("word"))
                .containsExactly("it's");
    }

    @ParameterizedTest
    @EnumSource(Obstacle.class)
    void should_say_why_copy_is_not_to_be_had_when_the_source_is_opened(Obstacle obstacle) {
        DataSource other = obstacle.connect(database);
        JdbcRecordSource<Row> source =
                source(other, "SELECT :word AS word").transport(Transport.COPY).build();

        assertThatThrownBy(() -> source.open(Parameters.of(Map.of("word", "it's"))))
                .isInstanceOfSatisfying(
                        SourceException.class, e -> assertThat(e.retryable()).isFalse())
                .hasMessage("transport(COPY) can't read the query: " + obstacle.reason + "; AUTO or CURSOR can");
    }

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "AUTO   |                                       | ok (read by COPY)",
                "COPY   |                                       | ok (read by COPY)",
                "CURSOR |                                       | ok (read by a cursor)",
                "AUTO   | options=-c%20statement_timeout=60000  | ok (read by a cursor, not by COPY: statement_timeout"
                        + " is set, which is for all rows of COPY, and for each fetch of a cursor)",
                "COPY   | options=-c%20statement_timeout=60000  | transport(COPY) can't read the query:"
                        + " statement_timeout is set, which is for all rows of COPY, and for each fetch of a cursor;"
                        + " AUTO or CURSOR can",
            })
    void should_tell_by_a_check_how_a_source_is_read(Transport transport, @Nullable String options, String finding)
            throws Exception {
        ExportDefinition<Row> definition = ExportDefinition.builder("visits", Row.class)
                .source(source(with(options == null ? "" : options), "SELECT 1 AS id")
                        .transport(transport)
                        .build())
                .recordKey(row -> row.value("id"))
                .watermark(Watermark.fullSnapshot())
                .fields(fields -> fields.field("id", row -> row.value("id")))
                .file(file -> file.name("visits-{sequence}.csv"))
                .build();
        try (SandboxExport export = new SandboxExport(definition)) {
            assertThat(export.job().check().findings().get(0)).hasToString("SOURCE visits: " + finding);
        }
    }

    @Test
    void should_read_more_values_than_a_statement_sets_by_a_cursor() throws Exception {
        String numbers =
                IntStream.rangeClosed(1, 1_001).mapToObj(Integer::toString).collect(Collectors.joining(","));
        Function<Transport, JdbcRecordSource<Row>> made = transport -> source(
                        database, STATEMENT + ", n FROM generate_series(1, 9) n WHERE n IN (:numbers)")
                .parameter(
                        "numbers",
                        text -> Stream.of(text.split(",")).map(Integer::valueOf).toList())
                .transport(transport)
                .build();

        assertThat(read(
                        made.apply(Transport.AUTO),
                        Parameters.of(Map.of("numbers", numbers.replaceAll(",[^,]*$", "")))))
                .hasSize(9)
                .allSatisfy(row -> assertThat(row.string("statement")).isEqualTo("COPY"));
        assertThat(read(made.apply(Transport.AUTO), Parameters.of(Map.of("numbers", numbers))))
                .hasSize(9)
                .allSatisfy(row -> assertThat(row.string("statement")).isEqualTo("/*"));
        assertThatThrownBy(() -> read(made.apply(Transport.COPY), Parameters.of(Map.of("numbers", numbers))))
                .hasMessage("transport(COPY) can't read the query: the query has more than 1000 values of parameters;"
                        + " AUTO or CURSOR can");
    }

    @Test
    void should_read_by_a_cursor_what_the_server_rejects_for_copy() throws Exception {
        TestPostgres.execute(
                database,
                "CREATE ROLE limited LOGIN",
                "REVOKE EXECUTE ON FUNCTION pg_catalog.format(text, VARIADIC \"any\") FROM PUBLIC");
        DataSource limited = TestPostgres.as("limited", database);
        String query = STATEMENT + ", '10.0.0.1'::inet AS address";

        assertThat(read(source(limited, query).build(), NONE)).singleElement().satisfies(row -> {
            assertThat(row.string("statement")).isEqualTo("/*");
            assertThat(row.string("address")).isEqualTo("10.0.0.1");
        });
        assertThatThrownBy(() ->
                        read(source(limited, query).transport(Transport.COPY).build(), NONE))
                .isInstanceOf(SourceException.class)
                .hasMessage("transport(COPY) can't read the query: the server rejects it (SQLState 42501); AUTO or"
                        + " CURSOR can");
    }

    private static DataSource wrapping(DataSource database, Answers answers) {
        return (DataSource) Proxy.newProxyInstance(
                CopyTransportTest.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, none) -> {
                    Connection connection = database.getConnection();
                    return Proxy.newProxyInstance(
                            CopyTransportTest.class.getClassLoader(),
                            new Class<?>[] {Connection.class},
                            (wrapper, called, arguments) -> {
                                Object answer = answers.answer(called.getName());
                                try {
                                    return answer == null ? called.invoke(connection, arguments) : answer;
                                } catch (InvocationTargetException e) {
                                    throw e.getCause();
                                }
                            });
                });
    }

    /** What a connection answers in the place of the driver's; null to ask that. */
    private interface Answers {
        @Nullable
        Object answer(String method) throws SQLException;
    }

    // ---- parameters

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '~',
            value = {
                "word = :word",
                "word = :word AND '? :word ''' <> :word",
                "word = :word -- ? :word '",
                "word = /* ? :word ' */ :word",
                "word = :word AND $$ ? :word ' $$ <> $x$ $1 ? $x$",
                "word = :word AND E'\\' ? :word' <> ''",
                "word = :word AND \"?\" = 7",
                "word = :word AND docs ? 'a' AND docs ?| ARRAY['a', 'b'] AND NOT docs ?? 'b'",
                "word::varchar = :word::text",
                "word IN (:words) AND word = :word",
                "word = ANY (ARRAY[(:word)])",
                "word NOT IN ('x', 'y') AND word || :word = :word || word",
                "n IN (:none) OR word = :word",
                "n = :n AND big = :big AND exact = :exact AND share = :share AND word = :word",
                "open = :open AND day = :day AND at = :at AND token = :token AND word = :word",
                "at <= :at::timestamptz AND day + :n = day + 7 AND position(:word IN word) = 1",
                "word = :word LIMIT :n OFFSET (:n - 7)",
                "word = CAST(:word AS varchar(99))",
                "word = :word ORDER BY :n, :word",
                "word = :word;",
            })
    void should_bind_parameters_alike(String condition) throws Exception {
        TestPostgres.execute(
                database,
                "CREATE TABLE items (word text, n int, big bigint, exact numeric, share float8, open bool, day date,"
                        + " at timestamptz, token uuid, docs jsonb, \"?\" int)",
                "INSERT INTO items VALUES (E'it''s \"$1\" \\\\ ? :n ä€😀 $$ -- /*\\t', 7, 9223372036854775807,"
                        + " 0.10, 0.1, true, '2026-03-01', '2026-03-01 12:00:00.000001Z',"
                        + " '123e4567-e89b-12d3-a456-426614174000',"
                        + " '{\"a\": 1}', 7), ('x', 8, 0, 0, 0, false, '2026-01-01', '2026-01-01Z',"
                        + " '00000000-0000-0000-0000-000000000000', '{}', 8)");
        Map<String, Function<String, ?>> conversions = Map.of(
                "n", Integer::valueOf,
                "big", Long::valueOf,
                "exact", BigDecimal::new,
                "share", Double::valueOf,
                "open", Boolean::valueOf,
                "day", LocalDate::parse,
                "at", text -> OffsetDateTime.ofInstant(Instant.parse(text), ZoneOffset.ofHours(5)),
                "token", UUID::fromString,
                "words", text -> List.of(text, "y"),
                "none", text -> List.of());
        String word = "it's \"$1\" \\ ? :n ä€😀 $$ -- /*\t";
        Map<String, String> values = Map.of(
                "word", word,
                "n", "7",
                "big", "9223372036854775807",
                "exact", "0.1",
                "share", "0.1",
                "open", "true",
                "day", "2026-03-01",
                "at", "2026-03-01T12:00:00.000001Z",
                "token", "123e4567-e89b-12d3-a456-426614174000");
        String text = word;
        for (Transport transport : List.of(Transport.CURSOR, Transport.COPY)) {
            JdbcRecordSource.Builder<Row> source = source(database, STATEMENT + ", word FROM items WHERE " + condition)
                    .transport(transport);
            Map<String, String> used = new java.util.HashMap<>();
            for (String name : conversions.keySet()) {
                if (condition.replaceAll("'[^']*'", "").matches("(?s).*:" + name + "\\b.*")) {
                    source.parameter(name, conversions.get(name));
                    used.put(name, values.getOrDefault(name, word));
                }
            }
            used.put("word", text);

            assertThat(read(source.build(), Parameters.of(used)))
                    .as(transport.name())
                    .singleElement()
                    .satisfies(row -> assertThat(row.string("word")).isEqualTo(word));
        }
    }

    // ---- the end of a reading

    private HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database);
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(Duration.ofSeconds(5).toMillis());
        return new HikariDataSource(config);
    }

    @ParameterizedTest
    @EnumSource(names = {"CURSOR", "COPY"})
    void should_give_the_connection_back_after_some_rows(Transport transport) throws Exception {
        try (HikariDataSource pool = pool()) {
            JdbcRecordSource<Row> source = source(
                            pool, "SELECT n, repeat('x', 1000) AS x FROM (SELECT generate_series(1, 100000000) AS n) s")
                    .transport(transport)
                    .build();
            int backend = backend(pool);
            for (int i = 1; i < 4; i++) {
                try (SourceSession<Row> session = source.open(NONE);
                        Stream<Row> rows = session.read(everything())) {
                    assertThat(rows.limit(i * 10L)).hasSize(i * 10);
                }
                assertThat(backend(pool)).as("the connection is used again").isEqualTo(backend);
            }
            assertThat(running()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CURSOR", "COPY"})
    void should_give_the_connection_back_if_the_stream_is_not_closed(Transport transport) throws Exception {
        try (HikariDataSource pool = pool()) {
            JdbcRecordSource<Row> source = source(pool, "SELECT generate_series(1, 100000000) AS n")
                    .transport(transport)
                    .build();
            int backend = backend(pool);
            try (SourceSession<Row> session = source.open(NONE)) {
                assertThat(session.read(everything()).iterator().next().integer("n"))
                        .isEqualTo(1);
            }

            assertThat(backend(pool)).isEqualTo(backend);
            assertThat(running()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CURSOR", "COPY"})
    void should_give_the_connection_back_after_a_row_that_can_not_be_made(Transport transport) throws Exception {
        try (HikariDataSource pool = pool()) {
            JdbcRecordSource<Row> source = source(
                            pool, "SELECT 1 / (500000 - n) AS x FROM generate_series(1, 9999999) n")
                    .fetchSize(1_000)
                    .transport(transport)
                    .build();
            int backend = backend(pool);

            assertThatThrownBy(() -> read(source, NONE))
                    .isInstanceOfSatisfying(
                            SourceException.class,
                            e -> assertThat(e.retryable()).isFalse())
                    .hasMessage("the query broke off (SQLState 22012)");
            assertThat(backend(pool)).isEqualTo(backend);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CURSOR", "COPY"})
    void should_take_another_connection_after_the_server_has_cut_one(Transport transport) throws Exception {
        try (HikariDataSource pool = pool()) {
            JdbcRecordSource<Row> source = source(
                            pool, "SELECT n, repeat('x', 1000) AS x FROM generate_series(1, 9999999) n")
                    .fetchSize(1_000)
                    .transport(transport)
                    .build();
            int backend = backend(pool);

            assertThatThrownBy(() -> {
                        try (SourceSession<Row> session = source.open(NONE);
                                Stream<Row> rows = session.read(everything())) {
                            Iterator<Row> each = rows.iterator();
                            each.next();
                            TestPostgres.execute(database, "SELECT pg_terminate_backend(" + backend + ")");
                            each.forEachRemaining(row -> {});
                        }
                    })
                    .isInstanceOfSatisfying(
                            SourceException.class,
                            e -> assertThat(e.retryable()).isTrue())
                    .hasMessageStartingWith("the query broke off: ");
            assertThat(backend(pool)).isNotEqualTo(backend);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CURSOR", "COPY"})
    void should_end_a_row_that_takes_too_long(Transport transport) throws Exception {
        try (HikariDataSource pool = pool()) {
            JdbcRecordSource<Row> source = hanging(pool, transport);

            assertThatThrownBy(() -> read(source, NONE))
                    .isInstanceOfSatisfying(
                            SourceException.class,
                            e -> assertThat(e.retryable()).isTrue())
                    .hasMessage("the query broke off: the database took longer than PT1S to answer: look for an index"
                            + " that is missing, or raise queryTimeout");
            assertThat(running()).isEmpty();
            backend(pool);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CURSOR", "COPY"})
    void should_end_a_row_whose_thread_is_interrupted(Transport transport) throws Exception {
        try (HikariDataSource pool = pool()) {
            SourceSession<Row> session = hanging(pool, transport).open(NONE);
            try (session;
                    Stream<Row> rows = session.read(everything())) {
                Iterator<Row> each = rows.iterator();
                each.next();
                Thread.currentThread().interrupt();

                assertThatThrownBy(() -> each.forEachRemaining(row -> {}))
                        .isInstanceOf(SourceException.class)
                        .hasMessage("the query broke off: it was interrupted");
                assertThat(Thread.interrupted()).isTrue();
            }
            assertThat(running()).isEmpty();
            backend(pool);
        }
    }

    /** Two rows, of which the second never comes. */
    private static JdbcRecordSource<Row> hanging(DataSource database, Transport transport) {
        return source(
                        database,
                        "SELECT n, repeat('x', 20000) AS x, CASE WHEN n = 2 THEN pg_sleep(600) END::text AS late"
                                + " FROM generate_series(1, 3) n")
                .fetchSize(1)
                .queryTimeout(Duration.ofSeconds(1))
                .transport(transport)
                .build();
    }

    /** The statements that the server is running for others. */
    private List<String> running() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT string_agg(query, ';') FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()")) {
            rows.next();
            String queries = rows.getString(1);
            return queries == null ? List.of() : List.of(queries);
        }
    }

    private static int backend(DataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT pg_backend_pid()")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
