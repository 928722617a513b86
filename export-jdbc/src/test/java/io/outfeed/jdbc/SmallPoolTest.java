package io.outfeed.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.error.FailureCode;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.SourceException;
import io.outfeed.event.RunEvent;
import io.outfeed.jdbc.databases.TestPostgres;
import io.outfeed.jdbc.store.JdbcStore;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.watermark.Watermark;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What runs and the store need of the host's pool. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class SmallPoolTest {

    private static final int JOBS = 20;
    private static final int WORKERS = 4;

    @TempDir
    Path directory;

    private DataSource database;
    private final AtomicInteger reading = new AtomicInteger();
    private final AtomicInteger mostReading = new AtomicInteger();

    @BeforeEach
    void makeDatabase() throws SQLException {
        database = TestPostgres.newDatabase();
        TestPostgres.execute(
                database,
                "CREATE TABLE visit (id int PRIMARY KEY)",
                "INSERT INTO visit SELECT n FROM generate_series(1, 3) n");
    }

    private static HikariDataSource pool(DataSource database, int size, Duration timeout) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database);
        config.setMaximumPoolSize(size);
        config.setConnectionTimeout(timeout.toMillis());
        return new HikariDataSource(config);
    }

    private ExportDefinition<Row> definition(String name, DataSource pool, RowMapper<Row> mapper) {
        return ExportDefinition.builder(name, Row.class)
                .source(JdbcRecordSource.builder(pool, Row.class)
                        .query("SELECT * FROM visit ORDER BY id")
                        .mapper(mapper)
                        .build())
                .recordKey(row -> row.value("id"))
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.field("id", row -> row.value("id")))
                .file(f -> f.name("{job}-{definition}-{sequence}.csv"))
                .build();
    }

    /** Counts the runs that read at once; each waits until there are as many as expected. */
    private RowMapper<Row> meeting(int expected, CountDownLatch met) {
        return row -> {
            if (Integer.valueOf(1).equals(row.integer("id"))) {
                mostReading.accumulateAndGet(reading.incrementAndGet(), Math::max);
                if (reading.get() >= expected) {
                    met.countDown();
                }
                met.await();
            } else if (Integer.valueOf(3).equals(row.integer("id"))) {
                reading.decrementAndGet();
            }
            return row;
        };
    }

    @ParameterizedTest(name = "a pool of {0}, {1} for source and store: {2} runs read at once")
    @CsvSource({
        " 2, one, 1",
        " 4, one, 3",
        "10, one, 4",
        " 2, two, 2",
        " 4, two, 4",
        "10, two, 4",
    })
    void should_complete_all_runs_on_a_pool(int size, String pools, int expected) throws Exception {
        CountDownLatch met = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(JOBS);
        Set<String> done = ConcurrentHashMap.newKeySet();
        try (HikariDataSource ofSource = pool(database, size, Duration.ofSeconds(20));
                HikariDataSource ofStore =
                        pools.equals("one") ? ofSource : pool(database, size, Duration.ofSeconds(20));
                JdbcStore store = JdbcStore.builder(ofStore).migrate().build();
                ExportEngine engine = ExportEngine.builder()
                        .directory(directory)
                        .store(store)
                        .workers(WORKERS)
                        .listener(event -> {
                            if (event instanceof RunEvent of
                                    && of.run().status().ended()
                                    && done.add(of.run().job())) {
                                ended.countDown();
                            }
                        })
                        .build()) {
            ExportDefinition<Row> definition = definition("visits", ofSource, meeting(expected, met));
            for (int job = 0; job < JOBS; job++) {
                engine.add(ExportJob.builder("job" + job, definition)
                        .schedule(Schedule.every(
                                Duration.ofHours(1), Instant.now().plusMillis(700)))
                        .deliverTo(InMemoryDelivery.create("out" + job))
                        .build());
            }
            engine.start();
            met.await();
            assertThat(store.tryLock("another").isPresent())
                    .as("the store has a connection while runs read")
                    .isTrue();
            ended.await();

            assertThat(mostReading).hasValue(expected);
            assertThat(engine.runs(RunQuery.all().limit(JOBS + 1)).runs())
                    .hasSize(JOBS)
                    .allSatisfy(run -> assertThat(run.status()).isEqualTo(RunStatus.COMMITTED))
                    .allSatisfy(run -> assertThat(run.attemptCount()).isEqualTo(1));
        }
    }

    @Test
    void should_refuse_to_start_where_the_store_would_have_no_connection() {
        try (HikariDataSource pool = pool(database, 1, Duration.ofMillis(300));
                JdbcStore store = JdbcStore.builder(pool).migrate().build();
                ExportEngine engine = engine(store)) {
            engine.add(job("visits", definition("visits", pool, row -> row)));

            assertThatThrownBy(engine::start)
                    .isInstanceOf(InvalidDefinitionException.class)
                    .hasMessageMatching("the engine has 1 problem: the pool HikariDataSource is too small: job 'visits'"
                            + " reads with a connection and the store has to wait until they are given back, since the"
                            + " pool gives no other one \\(no connection: HikariPool-\\d+ - Connection is not"
                            + " available, request timed out after .*\\): raise its maximum size to 2 or more");
            assertThat(engine.runs(RunQuery.all()).runs())
                    .as("nothing was started")
                    .isEmpty();
            pool.setMaximumPoolSize(2);
            engine.start();
        }
    }

    @Test
    void should_refuse_a_job_with_more_definitions_than_the_pool_has_connections() {
        try (HikariDataSource pool = pool(database, 3, Duration.ofMillis(300));
                JdbcStore store = JdbcStore.builder(pool).migrate().build();
                ExportEngine engine = engine(store)) {
            engine.start();
            ExportDefinition<Row> first = definition("first", pool, row -> row);
            ExportDefinition<Row> second = definition("second", pool, row -> row);
            ExportDefinition<Row> third = definition("third", pool, row -> row);

            assertThatThrownBy(() -> engine.add(job("visits", first, second, third)))
                    .isInstanceOf(InvalidDefinitionException.class)
                    .hasMessageContaining("raise its maximum size to 4 or more");

            assertThat(engine.add(job("visits", first, second)).runNow().status())
                    .isEqualTo(RunStatus.COMMITTED);
        }
    }

    @Test
    void should_start_although_the_database_of_a_source_is_away() {
        DataSource away = proxy(DataSource.class, database, (method, result) -> {
            if (method.equals("getConnection")) {
                throw new SQLTransientConnectionException("away", "08001");
            }
            return result;
        });
        try (HikariDataSource pool = pool(database, 2, Duration.ofSeconds(20));
                JdbcStore store = JdbcStore.builder(pool).migrate().build();
                ExportEngine engine = engine(store)) {
            JobHandle job = engine.add(job("visits", definition("visits", away, row -> row)));

            engine.start();

            assertThatThrownBy(job::runNow)
                    .isInstanceOfSatisfying(
                            SourceException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.SOURCE_UNAVAILABLE));
        }
    }

    private ExportEngine engine(JdbcStore store) {
        return ExportEngine.builder().directory(directory).store(store).build();
    }

    private static ExportJob job(String name, ExportDefinition<?>... definitions) {
        ExportJob.Builder job = ExportJob.builder(name, definitions[0]).deliverTo(InMemoryDelivery.create("out"));
        Stream.of(definitions).skip(1).forEach(job::definition);
        return job.build();
    }

    @Test
    void should_never_ask_for_a_connection_while_a_thread_has_one() {
        Set<String> asked = ConcurrentHashMap.newKeySet();
        DataSource watched = watched(database, asked);
        try (JdbcStore store = JdbcStore.builder(watched).migrate().build();
                ExportEngine engine = ExportEngine.builder()
                        .directory(directory.resolve("first"))
                        .store(store)
                        .spool(store.spool())
                        .build();
                ExportEngine other = ExportEngine.builder()
                        .directory(directory.resolve("second"))
                        .store(store)
                        .spool(store.spool())
                        .build()) {
            ExportDefinition<Row> definition = definition("visits", watched, row -> row);
            engine.start();
            JobHandle job = engine.add(job("visits", definition));
            ExportRun run = job.runNow();
            other.add(job("visits", definition));
            other.run(run.number()).redeliver();
            job.check();
            job.preview("visits", "1");
            job.sendTestRecord("visits", "1");
            job.resetPosition("visits", Watermark.fullSnapshot().beginning(), "a test");
            engine.run(run.number()).reExport();
        }
        assertThat(asked).isEmpty();
    }

    /** Remembers where a thread asks for a connection while it has one. */
    private static DataSource watched(DataSource database, Set<String> asked) {
        ThreadLocal<Set<Object>> held = ThreadLocal.withInitial(HashSet::new);
        return proxy(DataSource.class, database, (method, result) -> {
            if (!(result instanceof Connection connection)) {
                return result;
            }
            if (!held.get().isEmpty()) {
                asked.add(Stream.of(new Throwable().getStackTrace())
                        .map(StackTraceElement::toString)
                        .filter(line -> line.contains("io.outfeed"))
                        .collect(Collectors.joining("\n")));
            }
            held.get().add(connection);
            return proxy(Connection.class, connection, (called, answer) -> {
                if (called.equals("close")) {
                    held.get().remove(connection);
                }
                return answer;
            });
        });
    }

    private interface After {
        Object changed(String method, Object result) throws SQLException;
    }

    private static <T> T proxy(Class<T> type, T target, After after) {
        return type.cast(Proxy.newProxyInstance(
                SmallPoolTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return after.changed(method.getName(), method.invoke(target, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
