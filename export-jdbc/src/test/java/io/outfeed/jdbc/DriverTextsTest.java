package io.outfeed.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.outfeed.error.SourceException;
import io.outfeed.jdbc.databases.TestMariaDb;
import io.outfeed.jdbc.databases.TestPostgres;
import io.outfeed.source.Parameters;
import io.outfeed.source.SourceSession;
import io.outfeed.source.Window;
import io.outfeed.watermark.Watermark;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.LoggerFactory;

/** What drivers say about rows, parameters and passwords is in no exception, and in no log but their own. */
@SuppressWarnings("try") // an interrupted close fails the test, as it should
class DriverTextsTest {

    private static final String ROW = "Clara Kanarienvogel";
    private static final String PARAMETER = "tenant-of-clara";
    private static final String PASSWORD = "database-secret";

    /** Loggers that quote values by themselves, at levels for those who look for a fault of the driver. */
    private static final Map<String, String> OF_DRIVERS = Map.of(
            "org.postgresql.", "the driver logs the values that it binds, and what the server answers, at FINEST",
            "org.mariadb.jdbc.", "the driver logs its packets, as hexadecimal digits, at TRACE",
            "io.zonky.test.", "the log of the server, which runs on this machine only for the test");

    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final List<String> written = new ArrayList<>();
    private final List<String> writtenByDrivers = new ArrayList<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level level = root.getLevel();
    private final java.util.logging.Logger julRoot = LogManager.getLogManager().getLogger("");
    private final java.util.logging.Level julLevel = julRoot.getLevel();

    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            addLogged(
                    String.valueOf(entry.getLoggerName()),
                    entry.getMessage()
                            + Arrays.toString(entry.getParameters())
                            + (entry.getThrown() == null ? "" : stackTrace(entry.getThrown())));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    /** Once the server of the database has started, which is not of the host. */
    private void capture() {
        logged.start();
        root.addAppender(logged);
        root.getAppender("CONSOLE").stop();
        root.setLevel(Level.TRACE);
        handler.setLevel(java.util.logging.Level.ALL);
        julRoot.addHandler(handler);
        julRoot.setLevel(java.util.logging.Level.ALL);
    }

    @AfterEach
    void stop() {
        root.detachAppender(logged);
        root.getAppender("CONSOLE").start();
        root.setLevel(level);
        julRoot.removeHandler(handler);
        julRoot.setLevel(julLevel);
    }

    private void addLogged(String logger, String text) {
        boolean ofDriver = OF_DRIVERS.keySet().stream().anyMatch(logger::startsWith);
        (ofDriver ? writtenByDrivers : written).add(logger + ": " + text);
    }

    private static String stackTrace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static DataSource open(String kind) throws SQLException {
        DataSource database = switch (kind) {
            case "postgres" -> TestPostgres.newDatabase();
            case "mariadb" -> TestMariaDb.newDatabase();
            default -> h2();
        };
        TestPostgres.execute(
                database,
                "CREATE TABLE pupils (name VARCHAR(100), tenant VARCHAR(100), grade INT)",
                "INSERT INTO pupils VALUES ('" + ROW + "', '" + PARAMETER + "', 7)");
        if (kind.equals("postgres")) {
            TestPostgres.execute(database, """
                    CREATE FUNCTION refuse(name text) RETURNS int LANGUAGE plpgsql AS
                    $$ BEGIN RAISE EXCEPTION 'no grade of %', name; END $$
                    """);
        }
        return database;
    }

    private static DataSource h2() {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        return database;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postgres | SQLState 22P02 | SELECT name::int FROM pupils",
                "postgres | SQLState 22P02 | SELECT name::json FROM pupils",
                "postgres | SQLState 22007 | SELECT name::date FROM pupils",
                "postgres | SQLState P0001 | SELECT refuse(name) FROM pupils",
                "postgres | SQLState 22P02 | SELECT name FROM pupils WHERE grade = CAST(:tenant AS int)",
                "postgres | SQLState 42883 | SELECT name FROM pupils WHERE grade = :tenant",
                "postgres | SQLState 42703 | SELECT nam FROM pupils WHERE tenant = :tenant",
                "mariadb  | SQLState HY000 | SELECT extractvalue(1, concat('~', name)) FROM pupils",
                "mariadb  | SQLState HY000 | SELECT 1 FROM pupils WHERE extractvalue(1, concat('~', :tenant))",
                "mariadb  | SQLState 42000 | SELECT name FORM pupils WHERE tenant = :tenant",
                "h2       | SQLState 22018 | SELECT CAST(name AS INT) FROM pupils",
                "h2       | SQLState 22018 | SELECT name FROM pupils WHERE grade = CAST(:tenant AS INT)",
                "h2       | SQLState 42000 | SELECT name FORM pupils WHERE tenant = :tenant",
            })
    void should_leave_out_what_a_driver_quotes(String kind, String state, String query) throws Exception {
        if (kind.equals("mariadb")) {
            TestMariaDb.assumeInstalled();
        }
        DataSource database = open(kind);
        capture();
        boolean hasParameter = query.contains(":tenant");
        read(JdbcRecordSource.builder(database, Row.class).query(query).build(), hasParameter);
        read(
                JdbcRecordSource.builder(database, Row.class)
                        .query("SELECT name FROM pupils" + (hasParameter ? " WHERE tenant = :tenant" : ""))
                        .countQuery(query) // a name is no number
                        .build(),
                hasParameter);

        assertNothingQuoted(state);
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "h2"})
    void should_not_quote_the_password_of_a_pool(String kind) throws Exception {
        DataSource database = open(kind);
        capture();
        HikariConfig config = new HikariConfig();
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(250);
        if (database instanceof PGSimpleDataSource postgres) {
            config.setJdbcUrl("jdbc:postgresql://127.0.0.1:1/" + postgres.getDatabaseName() + "?password=" + PASSWORD);
        } else {
            config.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";IFEXISTS=TRUE;password=" + PASSWORD);
        }
        try (HikariDataSource pool = new HikariDataSource(config)) {
            read(
                    JdbcRecordSource.builder(pool, Row.class)
                            .query("SELECT name FROM pupils")
                            .build(),
                    false);
        }

        assertNothingQuoted("can't connect to the database");
    }

    @Test
    void should_leave_out_a_logger_that_quotes_values() throws Exception {
        DataSource database = open("postgres");
        capture();
        String query = "SELECT name::int FROM pupils WHERE tenant = :tenant";
        read(JdbcRecordSource.builder(database, Row.class).query(query).build(), true);

        assertNothingQuoted("SQLState 22P02");
        assertThat(writtenByDrivers).anyMatch(text -> text.startsWith("org.postgresql.") && quotes(text));
    }

    private void read(JdbcRecordSource<Row> source, boolean hasParameter) {
        Watermark<Row> watermark = Watermark.fullSnapshot();
        Parameters parameters = Parameters.of(hasParameter ? Map.of("tenant", PARAMETER) : Map.of());
        Throwable failure = catchThrowable(() -> {
            try (SourceSession<Row> session = source.open(parameters)) {
                Window window = new Window(watermark.beginning(), watermark.until(session, Clock.systemUTC()));
                session.expectedRecords(window);
                try (Stream<Row> rows = session.read(window)) {
                    rows.forEach(row -> written.add(row.toString()));
                }
            }
        });
        assertThat(failure).isInstanceOf(SourceException.class);
        written.add(stackTrace(failure));
    }

    private void assertNothingQuoted(String evidence) {
        for (ILoggingEvent event : List.copyOf(logged.list)) {
            addLogged(
                    event.getLoggerName(),
                    event.getFormattedMessage()
                            + (event.getThrowableProxy() == null
                                    ? ""
                                    : ThrowableProxyUtil.asString(event.getThrowableProxy())));
        }
        assertThat(written).anyMatch(text -> text.contains(evidence));
        assertThat(written.stream().filter(DriverTextsTest::quotes)).isEmpty();
    }

    private static boolean quotes(String text) {
        return Stream.of(ROW, PARAMETER, PASSWORD).anyMatch(text::contains);
    }
}
