package io.outfeed.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.outfeed.error.SourceException;
import io.outfeed.jdbc.databases.TestMariaDb;
import io.outfeed.jdbc.databases.TestPgBouncer;
import io.outfeed.jdbc.databases.TestPostgres;
import io.outfeed.source.Parameters;
import io.outfeed.source.Position;
import io.outfeed.source.SourceSession;
import io.outfeed.source.Window;
import io.outfeed.watermark.Watermark;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A source reads a snapshot on whatever connections a host has, and gives each back as it was. */
@SuppressWarnings("try") // an interrupted close fails the test, as it should
class HostConnectionsTest {

    private static final Parameters PARAMETERS = Parameters.of(Map.of("kinds", "a,b"));

    @SuppressWarnings("NullAway.Init")
    private DataSource postgres;

    @BeforeEach
    void makeTable() throws SQLException {
        postgres = TestPostgres.newDatabase();
        TestPostgres.execute(
                postgres,
                "CREATE SCHEMA \"MyApp\"",
                "CREATE TABLE \"MyApp\".\"Items\" (id bigint PRIMARY KEY, kind text, at timestamptz)",
                PostgresWatermark.transactionIdDdl("\"MyApp\".\"Items\"", "id", "chg"),
                "INSERT INTO \"MyApp\".\"Items\" SELECT n, 'a', now() - interval '1 hour' FROM"
                        + " generate_series(1, 25) n",
                "INSERT INTO \"MyApp\".\"Items\" VALUES (26, 'c', now() - interval '1 hour')");
    }

    private static JdbcRecordSource<Row> items(DataSource database, String column) {
        return JdbcRecordSource.builder(database, Row.class)
                .query("""
                        SELECT *, current_setting('transaction_isolation') AS isolation,
                            current_setting('transaction_read_only') AS read_only
                        FROM "MyApp"."Items" WHERE kind IN (:kinds) AND %1$s >= :from AND %1$s < :until
                        """.formatted(column))
                .countQuery("SELECT count(*) FROM \"MyApp\".\"Items\" WHERE kind IN (:kinds) AND " + column
                        + " >= :from AND " + column + " < :until")
                .findByKey("SELECT * FROM \"MyApp\".\"Items\" WHERE kind IN (:kinds) AND id IN (:keys)", Long::valueOf)
                .parameter("kinds", text -> List.of(text.split(",")))
                .fetchSize(10)
                .build();
    }

    /** Reads by each watermark, and then again: the second session has the connection that the first gave back. */
    private static void assertReads(DataSource database) throws Exception {
        for (int i = 0; i < 2; i++) {
            assertReads(items(database, "chg"), PostgresWatermark.transactionId("chg"));
            assertReads(items(database, "at"), PostgresWatermark.oldestTransaction("at"));
            assertReads(items(database, "at"), JdbcWatermark.timestamp("at"));
        }
    }

    private static void assertReads(JdbcRecordSource<Row> source, Watermark<Row> watermark) throws Exception {
        try (SourceSession<Row> session = source.open(PARAMETERS)) {
            Position until = watermark.until(session, Clock.systemUTC());
            Window window = new Window(watermark.beginning(), until);
            assertThat(session.expectedRecords(window)).hasValue(25);
            try (Stream<Row> records = session.read(window)) {
                assertThat(records.toList())
                        .hasSize(25)
                        .allSatisfy(row -> assertThat(row.string("isolation")).isEqualTo("repeatable read"))
                        .allSatisfy(row -> assertThat(row.string("read_only")).isEqualTo("on"))
                        .allSatisfy(row -> assertThat(watermark.positionOf(row)).isPresent());
            }
        }
        try (SourceSession<Row> session = source.open(PARAMETERS);
                Stream<Row> found = session.find(Set.of("7", "26")).orElseThrow()) {
            assertThat(found).extracting(row -> row.number("id")).containsExactly(7L);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prepareThreshold=5",
                "prepareThreshold=0",
                "prepareThreshold=-1",
                "preferQueryMode=simple",
                "preferQueryMode=extendedForPrepared",
                "preferQueryMode=extendedCacheEverything",
                "currentSchema=%22MyApp%22",
                "readOnlyMode=always",
                "readOnlyMode=ignore",
                "binaryTransfer=false",
                "stringtype=unspecified",
                "autosave=always",
                "defaultRowFetchSize=3",
            })
    void should_read_with_a_driver_that_is_set_to(String option) throws Exception {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(((PGSimpleDataSource) postgres).getUrl() + "?" + option);
        database.setUser("postgres");

        assertReads(database);
    }

    @ParameterizedTest
    @ValueSource(strings = {"prepareThreshold=0", "preferQueryMode=simple"})
    void should_read_through_pgbouncer_in_its_transaction_mode(String option) throws Exception {
        TestPgBouncer.assumeInstalled();
        try (TestPgBouncer bouncer = TestPgBouncer.start(postgres, option);
                Connection first = bouncer.dataSource().getConnection();
                Connection second = bouncer.dataSource().getConnection()) {
            assertReads(bouncer.dataSource());

            for (Connection other : List.of(first, second, first, second, first)) { // whichever server it gets
                assertThat(other.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
            }
        }
    }

    @Test
    void should_say_which_setting_the_driver_needs_behind_pgbouncer() throws Exception {
        TestPgBouncer.assumeInstalled();
        try (TestPgBouncer bouncer = TestPgBouncer.start(postgres, "prepareThreshold=1")) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10; i++) {
                            assertReads(bouncer.dataSource());
                        }
                    })
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining(": behind a pooler that gives each transaction another connection, such as"
                            + " PgBouncer, the driver must not prepare statements: set prepareThreshold=0 in the"
                            + " address of the database");
        }
    }

    @ParameterizedTest(name = "{0}, {1}, read-only {2}, auto-commit {3}")
    @CsvSource({
        "postgres, TRANSACTION_READ_COMMITTED,  false, true",
        "postgres, TRANSACTION_READ_COMMITTED,  true,  true",
        "postgres, TRANSACTION_READ_COMMITTED,  false, false",
        "postgres, TRANSACTION_READ_COMMITTED,  true,  false",
        "postgres, TRANSACTION_REPEATABLE_READ, true,  false",
        "postgres, TRANSACTION_SERIALIZABLE,    false, true",
        "postgres, TRANSACTION_SERIALIZABLE,    true,  false",
        "mariadb,  TRANSACTION_READ_COMMITTED,  false, true",
        "mariadb,  TRANSACTION_READ_COMMITTED,  true,  true",
        "mariadb,  TRANSACTION_REPEATABLE_READ, false, false",
        "mariadb,  TRANSACTION_READ_COMMITTED,  true,  false",
        "mariadb,  TRANSACTION_SERIALIZABLE,    true,  false",
        "mysql,    TRANSACTION_READ_COMMITTED,  false, true",
        "mysql,    TRANSACTION_READ_COMMITTED,  true,  true",
        "mysql,    TRANSACTION_REPEATABLE_READ, false, false",
        "mysql,    TRANSACTION_READ_COMMITTED,  true,  false",
        "mysql,    TRANSACTION_SERIALIZABLE,    true,  false",
        "h2,       TRANSACTION_READ_COMMITTED,  false, true",
        "h2,       TRANSACTION_SERIALIZABLE,    false, false",
    })
    void should_read_with_a_pool_whose_connections_are(
            String kind, String isolation, boolean readOnly, boolean autoCommit) throws Exception {
        DataSource database = kind.equals("postgres") ? postgres : otherDatabase(kind);
        try (HikariDataSource pool = pool(database, config -> {
            config.setTransactionIsolation(isolation);
            config.setReadOnly(readOnly);
            config.setAutoCommit(autoCommit);
        })) {
            if (kind.equals("postgres")) {
                assertReads(pool);
            } else {
                assertReadsVisits(pool);
            }

            try (Connection connection = pool.getConnection()) { // there is only one
                assertThat(connection.getAutoCommit()).isEqualTo(autoCommit);
                assertThat(connection.isReadOnly()).isEqualTo(readOnly);
                assertThat(connection.getTransactionIsolation())
                        .isEqualTo(Connection.class.getField(isolation).getInt(null));
            }
        }
    }

    @ParameterizedTest(name = "{0} | {1}")
    @CsvSource({
        "preferQueryMode=simple, the query compares :from with a timestamp without time zone",
        "prepareThreshold=5,     the query compares :from with a timestamp without time zone",
    })
    void should_refuse_a_timestamp_without_zone_whatever_the_driver_tells(String option, String problem)
            throws Exception {
        TestPostgres.execute(postgres, "CREATE TABLE local (at timestamp)");
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(((PGSimpleDataSource) postgres).getUrl() + "?user=postgres&" + option);
        JdbcRecordSource<Row> source = JdbcRecordSource.builder(database, Row.class)
                .query("SELECT 1 FROM local WHERE at >= :from AND at < :until;")
                .build();
        Position now = Position.of(Instant.EPOCH);

        try (SourceSession<Row> session = source.open(Parameters.of(Map.of()))) {
            assertThatThrownBy(() -> session.read(new Window(now, now)))
                    .isInstanceOf(SourceException.class)
                    .hasMessageStartingWith(problem);
        }
    }

    @Test
    void should_say_what_to_do_where_simple_query_mode_tells_no_types() throws Exception {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(((PGSimpleDataSource) postgres).getUrl() + "?user=postgres&preferQueryMode=simple");
        JdbcRecordSource<Row> source = JdbcRecordSource.builder(database, Row.class)
                .query("SELECT * FROM \"MyApp\".\"Items\" WHERE :kinds IS NOT NULL AND at >= :from AND at < :until")
                .build();

        assertThatThrownBy(() -> source.open(PARAMETERS))
                .isInstanceOf(SourceException.class)
                .hasMessage("in the driver's simple query mode the types with which the query compares :from and :until"
                        + " can't be told: give each of its other parameters a type, such as CAST(:tenant AS text), or"
                        + " remove preferQueryMode from the address of the database (SQLState 42P18)");
    }

    private static HikariDataSource pool(DataSource database, Consumer<HikariConfig> settings) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database);
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(Duration.ofSeconds(5).toMillis());
        settings.accept(config);
        return new HikariDataSource(config);
    }

    private static DataSource otherDatabase(String kind) throws SQLException {
        DataSource database;
        if (kind.equals("h2")) {
            JdbcDataSource h2 = new JdbcDataSource();
            h2.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
            database = h2;
        } else {
            TestMariaDb.assumeInstalled();
            database = TestMariaDb.newDatabase();
        }
        TestPostgres.execute(
                database,
                "CREATE TABLE visits (id INT PRIMARY KEY, kind VARCHAR(9), at TIMESTAMP NOT NULL)",
                "INSERT INTO visits VALUES (1, 'a', '2026-03-01 12:00:00'), (2, 'c', '2026-03-01 12:00:00')");
        return kind.equals("mysql") ? TestMariaDb.byMySqlDriver(database) : database;
    }

    private static void assertReadsVisits(DataSource database) throws Exception {
        JdbcRecordSource<Row> source = JdbcRecordSource.builder(database, Row.class)
                .query("SELECT * FROM visits WHERE kind IN (:kinds)")
                .countQuery("SELECT count(*) FROM visits WHERE kind IN (:kinds)")
                .findByKey("SELECT * FROM visits WHERE kind IN (:kinds) AND id IN (:keys)", Integer::valueOf)
                .parameter("kinds", text -> List.of(text.split(",")))
                .build();
        Watermark<Row> watermark = Watermark.fullSnapshot();
        for (int i = 0; i < 2; i++) {
            try (SourceSession<Row> session = source.open(PARAMETERS)) {
                Window window = new Window(watermark.beginning(), watermark.until(session, Clock.systemUTC()));
                assertThat(session.expectedRecords(window)).hasValue(1);
                try (Stream<Row> records = session.read(window)) {
                    assertThat(records).extracting(row -> row.integer("id")).containsExactly(1);
                }
            }
        }
    }

    @Test
    void should_roll_back_what_a_connection_without_auto_commit_was_left_in() throws Exception {
        try (HikariDataSource pool = pool(postgres, config -> {
            config.setAutoCommit(false);
            config.setConnectionInitSql("SELECT 1"); // opens a transaction
        })) {
            assertReads(pool);
        }
    }
}
