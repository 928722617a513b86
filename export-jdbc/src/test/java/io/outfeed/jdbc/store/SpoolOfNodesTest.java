package io.outfeed.jdbc.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.jdbc.databases.TestPostgres;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Waiting;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes with a database, a spool in it, and directories of their own, on a pool of two connections. */
class SpoolOfNodesTest {

    private static final Instant START = Instant.parse("2026-03-02T06:30:00Z");

    /** Rows of one file, which has several parts. */
    private static final int ROWS = 30_000;

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(START);
    private final ListSource<Visit> source = ListSource.create(Visit::id, Visit::at);
    private final InMemoryDelivery mails = InMemoryDelivery.withoutRename("mails");
    private HikariDataSource pool;
    private UnreachableDatabase spoolDatabase;
    private TestNode first;
    private TestNode second;

    private record Visit(long id, String note, Instant at) {}

    @BeforeEach
    void start() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setDataSource(TestPostgres.newDatabase());
        config.setMaximumPoolSize(2);
        pool = new HikariDataSource(config);
        spoolDatabase = new UnreachableDatabase(pool);
        first = node("first");
        second = node("second");
    }

    private TestNode node(String name) {
        JdbcStore store = JdbcStore.builder(pool).migrate().node(name).build();
        JdbcStore ofSpool = JdbcStore.builder(spoolDatabase.dataSource())
                .retryTimeout(Duration.ZERO)
                .build();
        TestNode node = new TestNode(
                store,
                directory.resolve(name),
                clock,
                options -> options.spool(ofSpool.spool()).keepHistory(Duration.ofDays(30)));
        node.engine.add(ExportJob.builder(
                        "visits",
                        ExportDefinition.builder("visits", Visit.class)
                                .source(source)
                                .recordKey(Visit::id)
                                .watermark(Watermark.timestamp(Visit::at, Duration.ZERO))
                                .lookback(Duration.ofHours(1))
                                .fields(f -> f.field("id", Visit::id).field("note", Visit::note))
                                .file(f -> f.name("visits-{sequence}.csv"))
                                .build())
                .deliverTo(mails)
                .build());
        return node;
    }

    @AfterEach
    void close() {
        first.close();
        second.close();
        pool.close();
    }

    private void putRows(String note) {
        for (long id = 0; id < ROWS; id++) {
            source.put(new Visit(id, note + " ".repeat(50) + id, START.minusSeconds(600)));
        }
    }

    private void failToPublish() {
        putRows("first");
        mails.failNext(Operation.PUBLISH, Failure.REFUSED);
        assertThatThrownBy(() -> first.engine.job("visits").runNow()).isInstanceOf(DeliveryException.class);
        putRows("changed since");
    }

    private long number(String query) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private void execute(String change) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(change)).isEqualTo(1);
        }
    }

    private ExportRun run(long number) {
        return first.store.run(number).orElseThrow();
    }

    @Test
    void should_finish_on_one_node_what_another_one_was_publishing() throws SQLException {
        failToPublish();
        assertThat(number("select count(*) from outfeed_spool where name = 'visits-1.csv'"))
                .as("parts")
                .isGreaterThan(1);

        second.engine.job("visits").runNow();

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(mails.file("visits-1.csv").lines())
                .hasSize(ROWS + 1)
                .element(1)
                .asString()
                .startsWith("0,first");
        assertThat(run(2).note()).as("late records were looked for").isEmpty();
    }

    @Test
    void should_send_nothing_of_a_damaged_part() throws SQLException {
        failToPublish();
        execute("update outfeed_spool set content = set_byte(content, 1000, 7)"
                + " where name = 'visits-1.csv' and part = 0");

        assertThatThrownBy(() -> second.engine.job("visits").runNow())
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.BYTES_CHANGED));

        assertThat(mails.arrivals()).isEmpty();
    }

    @Test
    void should_send_nothing_of_a_file_that_lacks_a_part() throws SQLException {
        failToPublish();
        execute("delete from outfeed_spool where name = 'visits-1.csv' and part = 0");

        assertThatThrownBy(() -> second.engine.job("visits").runNow())
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.SPOOL_UNAVAILABLE))
                .hasMessage("can't read visits-1.csv from the spool: part 1 of 2 of visits-1.csv of run 1 is not in the"
                        + " database any more (job=visits, run=1)");

        assertThat(mails.arrivals()).isEmpty();
    }

    @Test
    void should_wait_while_the_database_of_the_spool_is_away() {
        failToPublish();
        spoolDatabase.away(true);

        assertThatThrownBy(() -> second.engine.job("visits").runNow())
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.SPOOL_UNAVAILABLE))
                .hasMessageStartingWith("can't read visits-1.csv from the spool: can't read the last part of"
                        + " visits-1.csv of run 1: the database gave SQLState ");

        assertThat(run(1).waiting()).map(Waiting::cause).contains(Waiting.Cause.BACKOFF);
        assertThat(mails.arrivals()).isEmpty();
    }

    @Test
    void should_remove_the_rows_of_runs_that_are_pruned() throws SQLException {
        putRows("first");
        first.engine.job("visits").runNow();
        for (int month = 0; month < 2; month++) {
            clock.advance(Duration.ofDays(31));
            second.engine.job("visits").runNow();
        }

        assertThat(first.store.run(1)).isEmpty();
        assertThat(number("select count(*) from outfeed_spool where run_number = 1"))
                .isZero();
        assertThat(number("select count(*) from outfeed_spool where run_number = 3"))
                .isPositive();
    }
}
