package io.outfeed.jdbc.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.FailureCode;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.StoreException;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.store.FirePlan;
import io.outfeed.store.JobLock;
import io.outfeed.store.RunStep;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class JdbcStoreTest {

    private final DataSource database = JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID(), "", "");

    @Test
    void should_say_what_to_do_when_there_are_no_tables() {
        assertThatThrownBy(() -> JdbcStore.builder(database).build())
                .isInstanceOf(StoreException.class)
                .hasMessage(
                        "the database has no tables of the store: call migrate() on the store's builder, or run what"
                                + " ddl() gives");
    }

    @Test
    void should_use_tables_that_were_created_by_its_ddl() throws SQLException {
        JdbcStore.Builder builder = JdbcStore.builder(database).tablePrefix("feed_");
        for (String statement : builder.ddl()) {
            execute(statement);
        }

        try (JdbcStore store = builder.build()) {
            assertThat(store.newRunNumber()).isEqualTo(1);
        }
        assertThat(number("select count(*) from feed_counter")).isEqualTo(5);
    }

    @Test
    void should_keep_its_tables_when_it_migrates_again() {
        try (JdbcStore store = JdbcStore.builder(database).migrate().build()) {
            store.newRunNumber();
        }
        try (JdbcStore store = JdbcStore.builder(database).migrate().build()) {
            assertThat(store.newRunNumber()).isEqualTo(2);
        }
    }

    @Test
    void should_use_the_schema_that_is_named() throws SQLException {
        execute("create schema feeds");

        JdbcStore.builder(database).schema("feeds").migrate().build().close();

        assertThat(number("select count(*) from feeds.outfeed_counter")).isEqualTo(5);
    }

    @Test
    void should_not_work_on_tables_of_a_newer_version() throws SQLException {
        JdbcStore.builder(database).migrate().build().close();
        execute("update outfeed_schema set version = 99");

        for (JdbcStore.Builder builder :
                List.of(JdbcStore.builder(database), JdbcStore.builder(database).migrate())) {
            assertThatThrownBy(builder::build)
                    .isInstanceOf(StoreException.class)
                    .hasMessage(
                            "the tables of the store have version 99, and this Outfeed knows 1: run the version that"
                                    + " made them, or a newer one");
        }
    }

    @Test
    void should_list_all_that_is_wrong_with_its_settings() {
        assertThatThrownBy(() -> JdbcStore.builder(database)
                        .schema("a b")
                        .tablePrefix("x;")
                        .lease(Duration.ofMillis(10))
                        .retryTimeout(Duration.ofSeconds(-1))
                        .node("n".repeat(101))
                        .build())
                .isInstanceOfSatisfying(
                        InvalidDefinitionException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "schema must be letters, digits and underscores, at most 40",
                                        "tablePrefix must be letters, digits and underscores, at most 40",
                                        "lease must be one second or more, not PT0.01S",
                                        "retryTimeout must be zero or more, not PT-1S",
                                        "node must have at most 100 characters"));
    }

    @Test
    void should_give_up_when_the_database_stays_away() {
        DataSource away = JdbcConnectionPool.create("jdbc:h2:tcp://127.0.0.1:1/none", "", "");

        assertThatThrownBy(() ->
                        JdbcStore.builder(away).retryTimeout(Duration.ZERO).build())
                .isInstanceOf(StoreException.class)
                .hasMessage("can't tell which database this is: the database gave SQLState 90067; check that"
                        + " it is up, and that its"
                        + " tables and this user's rights are as the store's DDL says");
    }

    private DataSource failing(SQLException failure) {
        return (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    throw failure;
                });
    }

    @Test
    void should_say_that_its_thread_was_interrupted_while_it_waited_for_a_connection() {
        DataSource pool = failing(new SQLTransientException("interrupted", new InterruptedException()));

        assertThatThrownBy(() -> JdbcStore.builder(pool).build())
                .isInstanceOf(StoreException.class)
                .hasMessage("can't tell which database this is: its thread was interrupted, and the next attempt"
                        + " continues from what is stored")
                .extracting(thrown -> ((StoreException) thrown).code())
                .isEqualTo(FailureCode.STOPPED);
        assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    }

    @Test
    void should_say_that_its_thread_was_interrupted_while_it_waited_for_the_database() {
        DataSource away = failing(new SQLTransientException("the connection broke", "08006"));
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> JdbcStore.builder(away).build())
                .hasMessageContaining(": its thread was interrupted, and the next attempt continues");
        assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void should_renew_the_locks_that_it_holds() throws SQLException {
        try (JdbcStore store = JdbcStore.builder(database)
                        .migrate()
                        .lease(Duration.ofSeconds(1))
                        .build();
                JobLock held = store.tryLock("visits").orElseThrow()) {
            long first = number("select expires_at from outfeed_lock where job = 'visits'");
            assertThat(held.token()).isEqualTo(1);

            while (number("select expires_at from outfeed_lock where job = 'visits'") == first) {
                Thread.onSpinWait();
            }
        }
        assertThat(number("select expires_at from outfeed_lock where job = 'visits'"))
                .as("released")
                .isZero();
    }

    @Test
    void should_not_claim_a_fire_time_twice() {
        Instant seven = Instant.parse("2026-03-02T07:00:00Z");
        FirePlan today = FirePlan.of("daily", Optional.of(seven));
        FirePlan tomorrow = FirePlan.of("daily", Optional.of(seven.plus(Duration.ofDays(1))));
        FirePlan other = FirePlan.of("weekly", Optional.of(seven.plus(Duration.ofDays(3))));
        try (JdbcStore store = JdbcStore.builder(database).migrate().build()) {
            JobLock lock = store.tryLock("visits").orElseThrow();
            assertThat(store.replaceFirePlan("visits", Optional.empty(), today)).isTrue();
            assertThat(claim(store, lock, today, tomorrow)).isTrue();
            // the clock goes back, and the schedule is changed there and back
            assertThat(store.replaceFirePlan("visits", Optional.of(tomorrow), other))
                    .isTrue();
            assertThat(store.replaceFirePlan("visits", Optional.of(other), today))
                    .isTrue();

            assertThat(claim(store, lock, today, tomorrow)).isFalse();

            assertThat(store.firePlan("visits")).as("the plan advances").contains(tomorrow);
            assertThat(store.runs(RunQuery.all())).hasSize(1);
        }
    }

    @Test
    void should_delete_the_steps_that_the_row_of_an_ended_run_has() throws SQLException {
        String steps = "select count(*) from outfeed_run_step";
        try (JdbcStore store = JdbcStore.builder(database).migrate().build()) {
            JobLock lock = store.tryLock("visits").orElseThrow();
            RunStep step =
                    RunStep.whole(RunBuilder.planned(store.newRunNumber(), "visits", Trigger.SCHEDULED, Instant.EPOCH)
                            .token(lock.token())
                            .build());
            store.append(lock, step);
            step = appendNotes(store, lock, step, 3);
            step = RunStep.next(
                    step.run(),
                    RunBuilder.of(step.run())
                            .status(RunStatus.EMPTY)
                            .endedAt(Instant.EPOCH)
                            .build());
            store.append(lock, step);
            appendNotes(store, lock, step, 2);
            assertThat(number(steps)).isEqualTo(3 + 2);

            store.prune("visits", Instant.EPOCH, run -> {});

            assertThat(number(steps)).isEqualTo(2);
        }
    }

    private static RunStep appendNotes(JdbcStore store, JobLock lock, RunStep first, int count) {
        RunStep step = first;
        for (int i = 0; i < count; i++) {
            step = RunStep.next(
                    step.run(), RunBuilder.of(step.run()).note("step " + i).build());
            assertThat(store.append(lock, step)).isTrue();
        }
        return step;
    }

    private static boolean claim(JdbcStore store, JobLock lock, FirePlan due, FirePlan next) {
        ExportRun run = RunBuilder.planned(store.newRunNumber(), "visits", Trigger.SCHEDULED, Instant.EPOCH)
                .token(lock.token())
                .build();
        return store.claim(lock, new FirePlan.Claim(due, next), RunStep.whole(run));
    }

    private void execute(String statement) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    private long number(String query) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
