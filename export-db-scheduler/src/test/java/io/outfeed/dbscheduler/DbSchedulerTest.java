package io.outfeed.dbscheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.zaxxer.hikari.HikariDataSource;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.StoreException;
import io.outfeed.testing.SettableClock;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a row does to a node, and a node to a row. The clock is the test's; each wait is for an event. */
class DbSchedulerTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant LATER = NOW.plus(Duration.ofHours(1));

    private final SettableClock clock = SettableClock.at(NOW);
    private final AtomicLong nanos = new AtomicLong();
    private final BlockingQueue<String> woken = new LinkedBlockingQueue<>();
    private HikariDataSource database;

    @BeforeEach
    void makeDatabase() throws SQLException {
        database = TestPostgres.newDatabase();
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    private DbScheduler.Builder builder() {
        return DbScheduler.builder(database)
                .migrate()
                .pollingInterval(Duration.ofMillis(10))
                .nanoTime(nanos::get);
    }

    private String next() throws InterruptedException {
        return String.valueOf(woken.poll(1, TimeUnit.MINUTES));
    }

    private List<String> rows() throws SQLException {
        return TestPostgres.list(
                database,
                "select task_instance from scheduled_tasks where not picked order by execution_time,"
                        + " task_instance");
    }

    private void awaitRows(String... jobs) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!rows().equals(List.of(jobs))) {
            assertThat(System.nanoTime()).as("rows " + rows()).isLessThan(end);
        }
    }

    @Test
    void should_order_jobs_of_the_same_time_by_their_priorities() throws Exception {
        try (DbScheduler scheduler = builder().build()) {
            scheduler.start(clock, woken::add);

            scheduler.scheduleAt("last", LATER, Integer.MIN_VALUE);
            scheduler.scheduleAt("first", LATER, Integer.MAX_VALUE);
            scheduler.scheduleAt("third", LATER, 0);
            scheduler.scheduleAt("second", LATER, 1);
            scheduler.scheduleAt("before", LATER.minusMillis(1), Integer.MIN_VALUE);

            awaitRows("before", "first", "second", "third", "last");
            assertThat(TestPostgres.list(
                            database,
                            "select max(execution_time) - min(execution_time) < interval '2 ms' from scheduled_tasks"))
                    .containsExactly("t");
        }
    }

    @Test
    void should_write_the_rows_of_many_jobs_together() throws Exception {
        String[] jobs = IntStream.range(0, 1200).mapToObj("job-%04d"::formatted).toArray(String[]::new);
        try (DbScheduler first = builder().build();
                DbScheduler second = builder().build()) {
            for (int i = 0; i < jobs.length; i++) {
                first.scheduleAt(jobs[i], LATER.plusSeconds(i), 0);
                second.scheduleAt(jobs[i], LATER.plusSeconds(i), 0);
            }

            first.start(clock, woken::add);
            second.start(clock, woken::add);

            awaitRows(jobs);
        }
    }

    @Test
    void should_wake_one_node_at_the_earliest_time_of_all() throws Exception {
        try (DbScheduler first = builder().build();
                DbScheduler second = builder().build()) {
            first.start(clock, job -> {
                first.scheduleAt(job, LATER.plusSeconds(60), 0);
                woken.add("first");
            });
            second.start(clock, job -> {
                second.scheduleAt(job, LATER.plusSeconds(60), 0);
                woken.add("second");
            });
            first.scheduleAt("job", LATER, 0);
            awaitRows("job");
            second.scheduleAt("job", NOW, 0);

            assertThat(next()).isIn("first", "second");
            awaitRows("job");
            clock.advance(Duration.ofHours(1));
            clock.advance(Duration.ofSeconds(61));
            assertThat(next()).isIn("first", "second");
            assertThat(woken).isEmpty();
        }
    }

    @Test
    void should_move_no_row_to_a_later_time_unless_its_job_was_woken() throws Exception {
        try (DbScheduler first = builder().build();
                DbScheduler second = builder().build()) {
            first.start(clock, woken::add);
            second.start(clock, woken::add);
            first.scheduleAt("job", LATER, 0);
            awaitRows("job");

            second.scheduleAt("job", LATER.plusSeconds(60), 0);
            second.scheduleAt("sentinel", LATER.plusSeconds(30), 0);

            awaitRows("job", "sentinel");
        }
    }

    @Test
    void should_add_rows_that_are_missing_and_wake_their_jobs() throws Exception {
        try (DbScheduler scheduler =
                builder().sweepEvery(Duration.ofSeconds(60)).build()) {
            scheduler.start(clock, woken::add);
            scheduler.scheduleAt("lost", LATER, 0);
            scheduler.scheduleAt("kept", LATER, 0);
            awaitRows("kept", "lost");

            TestPostgres.execute(database, "delete from scheduled_tasks where task_instance = 'lost'");
            nanos.addAndGet(Duration.ofSeconds(60).toNanos());

            assertThat(next()).isEqualTo("lost");
            assertThat(woken).isEmpty();
        }
    }

    @Test
    void should_put_back_the_row_of_a_job_that_another_node_has() throws Exception {
        try (DbScheduler other = builder().build();
                DbScheduler scheduler = builder().build()) {
            other.start(clock, woken::add);
            TestPostgres.execute(
                    database,
                    "insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)"
                            + " values ('outfeed', 'job', '2026-03-01T11:00:00Z', false, 1)");
            awaitPutBack();

            scheduler.start(clock, job -> woken.add("the node that has " + job));
            scheduler.scheduleAt("job", NOW, 0);

            String first = null;
            while (first == null) { // each time that the other one is faster it is put back again
                clock.advance(Duration.ofMinutes(1));
                first = woken.poll(100, TimeUnit.MILLISECONDS);
            }
            assertThat(first).isEqualTo("the node that has job");
        }
    }

    private void awaitPutBack() throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (TestPostgres.list(
                        database,
                        "select 1 from scheduled_tasks where not picked and consecutive_failures = 1"
                                + " and execution_time = timestamptz '2026-03-01T12:00:05Z'")
                .isEmpty()) {
            assertThat(System.nanoTime()).isLessThan(end);
        }
    }

    @Test
    void should_write_what_was_scheduled_while_the_database_was_away() throws Exception {
        CutDatabase cut = new CutDatabase(database);
        try (DbScheduler scheduler = DbScheduler.builder(cut.dataSource())
                .migrate()
                .pollingInterval(Duration.ofMillis(10))
                .build()) {
            scheduler.start(clock, woken::add);
            cut.cut();

            scheduler.scheduleAt("job", NOW, 0);
            scheduler.scheduleAt("later", LATER, 0);
            cut.restore();

            assertThat(next()).isEqualTo("job");
            awaitRows("job", "later"); // the job was not scheduled again: another node may have it
        }
    }

    @Test
    void should_remove_the_row_of_a_job_that_was_cancelled() throws Exception {
        try (DbScheduler scheduler = builder().build()) {
            scheduler.start(clock, woken::add);
            scheduler.scheduleAt("job", LATER, 0);
            scheduler.scheduleAt("other", LATER, 0);
            awaitRows("job", "other");

            scheduler.cancel("job");

            awaitRows("other");
        }
    }

    @Test
    void should_keep_the_work_of_the_engine_out_of_the_table() throws Exception {
        try (DbScheduler scheduler = builder().build()) {
            scheduler.start(clock, woken::add);

            scheduler.scheduleAt("*nodes", NOW, 0);
            scheduler.scheduleAt("job", LATER, 0);

            assertThat(next()).isEqualTo("*nodes");
            awaitRows("job");
        }
    }

    @Test
    void should_run_on_a_db_scheduler_of_the_host_and_leave_it_open() throws Exception {
        TestPostgres.execute(database, DbScheduler.ddl().toArray(String[]::new));
        WakeTask task = WakeTask.create();
        var host = com.github.kagkarlsson.scheduler.Scheduler.create(database, task)
                .clock(task.clock())
                .pollingInterval(Duration.ofMillis(10))
                .heartbeatInterval(Duration.ofSeconds(5))
                .build();
        ListAppender<ILoggingEvent> log = log(HostCheck.class);
        try {
            DbScheduler scheduler =
                    DbScheduler.builder(host, task).nanoTime(nanos::get).build();
            host.start();
            scheduler.start(clock, woken::add);
            scheduler.scheduleAt("job", NOW, 0);
            assertThat(next()).isEqualTo("job");

            scheduler.close();

            assertThat(host.getSchedulerState().isShuttingDown()).isFalse();
            assertThat(log.list).isEmpty();
        } finally {
            host.stop();
        }
    }

    @Test
    void should_say_what_to_change_in_a_db_scheduler_of_the_host() {
        ListAppender<ILoggingEvent> log = log(HostCheck.class);
        HostCheck check = new HostCheck(WakeTask.create(), nanos::get);
        check.run();
        assertThat(log.list).isEmpty();

        nanos.addAndGet(Duration.ofSeconds(21).toNanos());
        check.run();
        check.run();

        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "The host's db-scheduler has not looked for dead executions for PT21S: jobs of a node that dies"
                                + " wait that long and more. Start it, with heartbeatInterval(Duration.ofSeconds(5)) or"
                                + " less and missedHeartbeatsLimit(4)",
                        "The host's db-scheduler goes by a clock of its own: jobs fire late or are looked at in vain"
                                + " where it differs from that of the store. Make it with clock(task.clock())");
    }

    private static ListAppender<ILoggingEvent> log(Class<?> type) {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        ((Logger) LoggerFactory.getLogger(type)).addAppender(log);
        return log;
    }

    @Test
    void should_say_what_is_missing() {
        assertThatThrownBy(() -> DbScheduler.builder(database).build())
                .isInstanceOf(StoreException.class)
                .hasMessage("can't read table scheduled_tasks of db-scheduler: if it is missing, run the statements of"
                        + " DbScheduler.ddl(), or let migrate() run them");
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setUrl("jdbc:h2:mem:");
        assertThatThrownBy(() -> DbScheduler.builder(h2).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("DbScheduler needs PostgreSQL, and the data source is of H2: use the default scheduler,"
                        + " which works with every store");
    }

    @Test
    void should_report_all_wrong_settings_together() {
        assertThatThrownBy(() -> builder()
                        .tableName("a b")
                        .workers(0)
                        .pollingInterval(Duration.ZERO)
                        .heartbeat(Duration.ofSeconds(6))
                        .sweepEvery(Duration.ZERO)
                        .closeTimeout(Duration.ofSeconds(-1))
                        .build())
                .isInstanceOfSatisfying(
                        InvalidDefinitionException.class,
                        refused -> assertThat(refused.problems())
                                .containsExactly(
                                        "tableName must be letters, digits and underscores, at most 40, perhaps"
                                                + " behind a schema and a dot",
                                        "workers must be one or more, not 0",
                                        "pollingInterval must be more than zero, not PT0S",
                                        "heartbeat must be more than zero, and at most PT5S, not PT6S",
                                        "sweepEvery must be more than zero, not PT0S",
                                        "closeTimeout must be zero or more, not PT-1S"));
    }
}
