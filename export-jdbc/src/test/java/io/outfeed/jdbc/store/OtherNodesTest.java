package io.outfeed.jdbc.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.error.ExportException;
import io.outfeed.error.NoSuchJobException;
import io.outfeed.jdbc.databases.TestPostgres;
import io.outfeed.jdbc.internal.schema.StoreDialect;
import io.outfeed.operation.History;
import io.outfeed.run.Attempt;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.schedule.Schedule;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What one node does reaches another one within a lease, also when the first one dies or stops after it. */
class OtherNodesTest {

    private static final Instant START = Instant.parse("2026-03-02T06:30:00Z");
    private static final Instant NEVER = Instant.parse("2030-01-01T00:00:00Z");
    private static final Duration LEASE = Duration.ofMinutes(1);

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(START);
    private final ListSource<Visit> source = ListSource.create(Visit::id, Visit::at);
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private HikariDataSource database;
    private UnreachableDatabase firstDatabase;
    private UnreachableDatabase secondDatabase;
    private TestNode first;
    private TestNode second;
    private boolean firstDies;

    private record Visit(long id, Instant at) {}

    private TestNode node(String name, UnreachableDatabase database) {
        JdbcStore store = JdbcStore.builder(database.dataSource())
                .migrate()
                .lease(LEASE)
                .node(name)
                .retryTimeout(Duration.ZERO)
                .build();
        return new TestNode(store, directory, clock);
    }

    @BeforeEach
    void start() throws SQLException {
        HikariConfig pool = new HikariConfig();
        pool.setDataSource(TestPostgres.newDatabase());
        pool.setMaximumPoolSize(4);
        database = new HikariDataSource(pool);
        firstDatabase = new UnreachableDatabase(database);
        secondDatabase = new UnreachableDatabase(database);
        first = node("first", firstDatabase);
        second = node("second", secondDatabase);
        source.put(new Visit(1, START.minus(LEASE)));
    }

    @AfterEach
    void close() {
        firstDatabase.away(false);
        first.close();
        second.close();
        database.close();
    }

    private void startWith(ExportJob job) {
        for (TestNode node : List.of(first, second)) {
            node.engine.add(job);
            node.engine.start();
            node.scheduler.runDue();
        }
    }

    private ExportJob.Builder job() {
        return job("visits");
    }

    private ExportJob.Builder job(String name) {
        ExportDefinition<Visit> definition = ExportDefinition.builder("visits", Visit.class)
                .source(source)
                .recordKey(Visit::id)
                .watermark(Watermark.timestamp(Visit::at, Duration.ZERO))
                .fields(f -> f.field("id", this::read))
                .file(f -> f.name("{job}-{sequence}.csv"))
                .build();
        return ExportJob.builder(name, definition).deliverTo(lakeside);
    }

    /** Dies once while it reads: it reaches nothing any more, and leaves its locks behind. */
    private long read(Visit visit) {
        if (firstDies) {
            firstDies = false;
            firstDatabase.away(true);
            throw new IllegalStateException("the node is dead");
        }
        return visit.id();
    }

    private void expireLeases() throws SQLException {
        TestPostgres.execute(database, "update outfeed_lock set expires_at = 1 where expires_at > 0");
    }

    private List<ExportRun> runs() {
        return second.store.runs(RunQuery.ofJob("visits"));
    }

    private void runOnFirst(Trigger trigger) {
        firstDies = true;
        if (trigger == Trigger.SCHEDULED) {
            clock.set(START.plus(Duration.ofMinutes(30)));
            first.scheduler.runDue();
        } else {
            assertThatThrownBy(() -> first.engine.job("visits").runNow()).isInstanceOf(ExportException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SCHEDULED", "MANUAL"})
    void should_take_over_the_run_of_a_node_that_died_when_its_lease_has_expired(Trigger trigger) throws Exception {
        startWith(job().schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .build());
        runOnFirst(trigger);
        second.scheduler.advance(LEASE);
        assertThat(runs()).extracting(ExportRun::status).containsExactly(RunStatus.PLANNED);

        expireLeases();
        second.scheduler.advance(LEASE);

        ExportRun run = runs().get(0);
        assertThat(run.trigger()).isEqualTo(trigger);
        assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(run.attempts())
                .extracting(Attempt::outcome)
                .containsExactly(Attempt.Outcome.CRASHED, Attempt.Outcome.COMPLETED);
        assertThat(lakeside.arrivals()).hasSize(1);
    }

    @Test
    void should_take_over_a_run_that_waits_when_its_node_has_stopped() {
        startWith(job().schedule(Schedule.once(NEVER)).build());
        lakeside.failNext(Operation.PREPARE, Failure.REFUSED);
        assertThatThrownBy(() -> first.engine.job("visits").runNow()).isInstanceOf(ExportException.class);
        first.close();

        second.scheduler.advance(LEASE.multipliedBy(2)); // the backoff is a minute and a bit

        assertThat(runs()).extracting(ExportRun::status).containsExactly(RunStatus.COMMITTED);
    }

    @Test
    void should_run_a_fire_time_that_the_owner_of_the_lock_has_left_when_it_stopped() {
        startWith(job().schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .build());
        try (var held = first.store.tryLock("visits").orElseThrow()) {
            second.scheduler.advance(Duration.ofMinutes(31));
            assertThat(runs()).as("while the first node has the lock: %s", held).isEmpty();
        }
        first.close();

        second.scheduler.advance(LEASE);

        assertThat(runs()).extracting(ExportRun::status).containsExactly(RunStatus.COMMITTED);
    }

    @Test
    void should_run_at_the_time_that_another_node_has_changed_before_it_stopped() {
        startWith(job().schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .build());
        Schedule changed = Schedule.daily(LocalTime.of(9, 0), ZoneOffset.UTC);
        first.engine.add(job().schedule(changed).build());
        first.close();

        second.scheduler.advance(LEASE);
        assertThat(second.engine.job("visits").job().schedule()).contains(changed);

        second.scheduler.advance(Duration.ofHours(3));
        assertThat(runs())
                .extracting(run -> run.fireTime().orElseThrow())
                .containsExactly(Instant.parse("2026-03-02T09:00:00Z"));
        assertThat(second.engine.job("visits").nextFire()).contains(Instant.parse("2026-03-03T09:00:00Z"));
    }

    @Test
    void should_run_no_more_when_another_node_has_taken_the_schedule_away() {
        startWith(job().schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .build());
        first.engine.add(job().build());

        second.scheduler.advance(Duration.ofHours(3));

        assertThat(second.engine.job("visits").nextFire()).isEmpty();
        assertThat(runs()).isEmpty();
    }

    @Test
    void should_leave_a_job_to_nodes_that_know_its_schedule() {
        startWith(job().schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .build());
        Instant nine = Instant.parse("2026-03-02T09:00:00Z");
        first.engine.add(job().schedule(new Schedule() {
                    @Override
                    public Optional<Instant> next(Instant after) {
                        return Optional.of(nine).filter(after::isBefore);
                    }

                    @Override
                    public String description() {
                        return "at the first bell";
                    }
                })
                .build());

        second.scheduler.advance(Duration.ofHours(3));
        assertThat(runs()).isEmpty();
        first.scheduler.runDue();
        assertThat(runs()).extracting(run -> run.fireTime().orElseThrow()).containsExactly(nine);
    }

    @Test
    void should_run_at_once_what_was_due_when_another_node_resumes_a_job() {
        startWith(job().schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .build());
        first.engine.job("visits").pause("maintenance");
        second.scheduler.advance(Duration.ofHours(1));
        assertThat(runs()).isEmpty();

        first.engine.job("visits").resume();
        first.close();
        second.scheduler.advance(LEASE);

        assertThat(runs())
                .extracting(run -> run.fireTime().orElseThrow())
                .containsExactly(Instant.parse("2026-03-02T07:00:00Z"));
    }

    @ParameterizedTest
    @EnumSource
    void should_forget_a_job_that_another_node_has_removed(History history) {
        startWith(job().build());
        first.engine.job("visits").runNow();
        first.engine.remove("visits", history);

        second.scheduler.advance(LEASE);

        assertThatThrownBy(() -> second.engine.job("visits")).isInstanceOf(NoSuchJobException.class);
    }

    @ParameterizedTest
    @EnumSource
    void should_keep_a_job_that_was_added_again_after_another_node_had_removed_it(History history) {
        startWith(job().build());
        first.engine.remove("visits", history);
        second.engine.add(job().build());

        second.scheduler.advance(LEASE);

        assertThat(second.engine.job("visits").runNow().status()).isEqualTo(RunStatus.COMMITTED);
    }

    @Test
    void should_forget_the_old_name_of_a_job_that_another_node_has_renamed() {
        startWith(job().build());
        first.engine.rename("visits", job("renamed").build());

        second.scheduler.advance(LEASE);

        assertThatThrownBy(() -> second.engine.job("visits")).isInstanceOf(NoSuchJobException.class);
    }

    // ---- what it costs

    @Test
    void should_read_one_statement_for_each_lease_however_many_jobs_there_are() {
        for (int number = 0; number < 50; number++) {
            second.engine.add(
                    job("job-" + number).schedule(Schedule.once(NEVER)).build());
        }
        second.engine.start();
        second.scheduler.runDue();
        int before = secondDatabase.connections();

        second.scheduler.advance(Duration.ofMinutes(9)); // incidents are read every ten minutes

        assertThat(secondDatabase.connections() - before).isEqualTo(9);
    }

    @Test
    void should_follow_a_change_once() {
        startWith(job().schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .build());
        first.engine.add(job().schedule(Schedule.once(NEVER)).build());
        second.scheduler.advance(LEASE);
        int before = secondDatabase.connections();

        second.scheduler.advance(LEASE.multipliedBy(5));

        assertThat(secondDatabase.connections() - before).isEqualTo(5);
    }

    @Test
    void should_read_by_indexes() throws SQLException {
        TestPostgres.execute(
                database,
                "insert into outfeed_lock select 'job-' || n, '', n, 0 from generate_series(1, 20000) n",
                "insert into outfeed_change select 'job-' || n, n from generate_series(1, 20000) n",
                "update outfeed_lock set expires_at = 1 where token < 5",
                "analyze outfeed_lock",
                "analyze outfeed_change");
        List<String> plan = new ArrayList<>();
        String statement = ChangeTable.since(StoreDialect.POSTGRESQL).replace("#", "outfeed_");
        try (Connection connection = database.getConnection();
                PreparedStatement explain = connection.prepareStatement("explain " + statement)) {
            explain.setLong(1, 19_990);
            try (ResultSet rows = explain.executeQuery()) {
                while (rows.next()) {
                    plan.add(rows.getString(1));
                }
            }
        }

        assertThat(plan)
                .anyMatch(line -> line.contains("outfeed_lock_held"))
                .anyMatch(line -> line.contains("outfeed_change_number"))
                .noneMatch(line -> line.contains("Seq Scan on outfeed_lock"))
                .noneMatch(line -> line.contains("Seq Scan on outfeed_change"));
    }
}
