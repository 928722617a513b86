package io.outfeed.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.directory.DirectoryDelivery;
import io.outfeed.error.ExportException;
import io.outfeed.jdbc.databases.TestPostgres;
import io.outfeed.operation.JobHandle;
import io.outfeed.watermark.Watermark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Six writers with short and long transactions, savepoints and rollbacks, and an exporter that is interrupted and
 * started again in the middle. What the exact watermarks exported is compared with what was committed; a plain
 * timestamp watermark in the same rounds must lose something, or the test proves nothing.
 *
 * <p>More rounds: {@code -Doutfeed.stress.rounds=200}.
 */
@Tag("slow")
@Isolated
class PostgresStressTest {

    private static final int ROUNDS = Integer.getInteger("outfeed.stress.rounds", 20);
    private static final int WRITERS = 6;

    /** How often an exporter runs all jobs before it is interrupted. */
    private static final int CYCLES = 2;

    private static final String EXACT = "transaction-id";
    private static final String OLDEST = "oldest-transaction";
    private static final String NAIVE = "naive";

    record Item(long id, long version, Instant updatedAt) {}

    /** What is wrong with what was exported. */
    record Outcome(long exported, long lost, long stale, long repeated, long neverCommitted) {}

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path home;

    private final Set<Long> committed = ConcurrentHashMap.newKeySet();
    private final AtomicLong versions = new AtomicLong();
    private final AtomicLong ids = new AtomicLong();
    private final AtomicInteger interrupted = new AtomicInteger();
    private final AtomicInteger runs = new AtomicInteger();

    @Test
    void should_lose_and_repeat_nothing() throws Exception {
        DataSource database = TestPostgres.newDatabase();
        TestPostgres.execute(
                database,
                "CREATE TABLE items (id bigint PRIMARY KEY, version bigint NOT NULL, updated_at timestamptz NOT NULL)",
                "CREATE INDEX items_by_change ON items (updated_at)",
                PostgresWatermark.transactionIdDdl("items", "id", "chg"));
        Map<String, ExportJob> jobs = new LinkedHashMap<>();
        jobs.put(EXACT, job(database, EXACT, "chg", PostgresWatermark.transactionId("chg")));
        jobs.put(
                OLDEST,
                job(
                        database,
                        OLDEST,
                        "updated_at",
                        PostgresWatermark.oldestTransaction("updated_at", Item::updatedAt)
                                .settleTime(Duration.ofMillis(300))));
        jobs.put(
                NAIVE,
                job(
                        database,
                        NAIVE,
                        "updated_at",
                        JdbcWatermark.timestamp("updated_at", Item::updatedAt).settleTime(Duration.ZERO)));

        ExecutorService pool = Executors.newFixedThreadPool(WRITERS);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                round(pool, database, jobs, round);
            }
        } finally {
            pool.shutdownNow();
        }
        Instant end = Instant.now();
        try (ExportEngine engine = engine()) {
            for (ExportJob job : jobs.values()) {
                JobHandle handle = engine.add(job);
                // The last of them ends a margin before the clock.
                while (handle.runNow().windows().values().stream()
                        .anyMatch(window -> window.until()
                                .instant()
                                .filter(until -> until.isBefore(end))
                                .isPresent())) {
                    runs.incrementAndGet();
                }
            }
        }

        Map<Long, Long> truth = truth(database);
        Outcome exact = outcome(EXACT, truth);
        Outcome oldest = outcome(OLDEST, truth);
        Outcome naive = outcome(NAIVE, truth);
        System.out.printf(
                "stress: %d rounds, %d rows, %d versions committed, %d runs, %d interrupted%n  %s %s%n "
                        + " %s %s%n  %s %s%n",
                ROUNDS,
                truth.size(),
                committed.size(),
                runs.get(),
                interrupted.get(),
                EXACT,
                exact,
                OLDEST,
                oldest,
                NAIVE,
                naive);
        assertThat(exact).isEqualTo(new Outcome(exact.exported(), 0, 0, 0, 0));
        assertThat(oldest).isEqualTo(new Outcome(oldest.exported(), 0, 0, 0, 0));
        assertThat(naive.lost() + naive.stale()).as("lost by a plain timestamp").isPositive();
        assertThat(interrupted).hasPositiveValue();
        assertThat(exact.exported()).isGreaterThan(truth.size());
    }

    private ExportJob job(DataSource database, String name, String column, Watermark<Item> watermark)
            throws IOException {
        ExportDefinition<Item> definition = ExportDefinition.builder(name, Item.class)
                .source(JdbcRecordSource.builder(database, Item.class)
                        .query("SELECT id, version, updated_at FROM items WHERE " + column + " >= :from AND " + column
                                + " < :until")
                        .build())
                .recordKey(Item::id)
                .watermark(watermark)
                .fields(f -> f.field("id", Item::id).field("version", Item::version))
                .file(f -> f.name("{sequence:000000}.csv"))
                .build();
        return ExportJob.builder(name, definition)
                .deliverTo(DirectoryDelivery.to(name, Files.createDirectories(home.resolve(name))))
                .build();
    }

    private ExportEngine engine() {
        return ExportEngine.builder().directory(home.resolve("engine")).build();
    }

    /** Writers write while the exporter runs; in the middle it is interrupted, and another one takes over. */
    private void round(ExecutorService pool, DataSource database, Map<String, ExportJob> jobs, int round)
            throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        List<Future<Boolean>> writers = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            Random random = new Random(round * 100L + writer);
            boolean slow = writer == 0;
            writers.add(pool.submit(() -> write(database, random, slow, stop)));
        }
        Exporter first = new Exporter(jobs);
        first.cycles.await();
        first.thread.interrupt();
        first.thread.join();
        Exporter second = new Exporter(jobs);
        second.cycles.await();
        stop.set(true);
        second.stop.set(true);
        second.thread.join();
        for (Future<Boolean> writer : writers) {
            assertThat(writer.get()).isTrue();
        }
        assertThat(first.failure).hasNullValue();
        assertThat(second.failure).hasNullValue();
    }

    /** An engine that runs all jobs again and again, until it is stopped or interrupted. */
    private final class Exporter {

        private final AtomicBoolean stop = new AtomicBoolean();
        private final CountDownLatch cycles = new CountDownLatch(CYCLES);
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private final Thread thread;

        Exporter(Map<String, ExportJob> jobs) {
            thread = new Thread(() -> run(jobs));
            thread.start();
        }

        private void run(Map<String, ExportJob> jobs) {
            try (ExportEngine engine = engine()) {
                List<JobHandle> handles =
                        jobs.values().stream().map(engine::add).toList();
                while (!stop.get()) {
                    for (JobHandle handle : handles) {
                        handle.runNow();
                        runs.incrementAndGet();
                    }
                    cycles.countDown();
                }
            } catch (ExportException e) {
                if (Thread.currentThread().isInterrupted()) {
                    interrupted.incrementAndGet();
                } else {
                    failure.set(e);
                }
            } catch (RuntimeException | Error e) {
                failure.set(e);
            } finally {
                while (cycles.getCount() > 0) { // releases the test after a failure
                    cycles.countDown();
                }
            }
        }
    }

    /**
     * @param slow whether its transactions take longer than the margin of the watermark that asks for the oldest one
     */
    private boolean write(DataSource database, Random random, boolean slow, AtomicBoolean stop) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            while (!stop.get()) {
                transaction(connection, random, slow ? 600 : random.nextInt(10) == 0 ? 60 : random.nextInt(8));
            }
        }
        return true;
    }

    private void transaction(Connection connection, Random random, int millis) throws SQLException {
        Set<Long> written = new HashSet<>();
        try {
            for (int i = 0; i <= random.nextInt(3); i++) {
                change(connection, random, written);
            }
            Savepoint savepoint = connection.setSavepoint();
            Set<Long> undone = new HashSet<>();
            change(connection, random, undone);
            if (random.nextBoolean()) {
                connection.rollback(savepoint);
            } else {
                written.addAll(undone);
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT pg_sleep(" + millis / 1000.0 + ")");
            }
            if (random.nextInt(6) == 0) {
                connection.rollback();
                return;
            }
            committed.addAll(written); // an export may read it before commit() returns
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            if (!"40P01".equals(e.getSQLState())) { // two that waited for one another
                throw e;
            }
        }
    }

    private void change(Connection connection, Random random, Set<Long> written) throws SQLException {
        long version = versions.incrementAndGet();
        long known = ids.get();
        boolean insert = known < 20 || random.nextInt(3) == 0;
        try (PreparedStatement statement = connection.prepareStatement(
                insert
                        ? "INSERT INTO items (version, updated_at, id) VALUES (?, now(), ?)"
                        : "UPDATE items SET version = ?, updated_at = now() WHERE id = ?")) {
            statement.setLong(1, version);
            statement.setLong(2, insert ? ids.incrementAndGet() : 1 + random.nextLong(known));
            if (statement.executeUpdate() == 1) {
                written.add(version);
            }
        }
    }

    private static Map<Long, Long> truth(DataSource database) throws SQLException {
        Map<Long, Long> truth = new HashMap<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id, version FROM items")) {
            while (rows.next()) {
                truth.put(rows.getLong(1), rows.getLong(2));
            }
        }
        return truth;
    }

    private Outcome outcome(String job, Map<Long, Long> truth) throws IOException {
        Map<Long, Set<Long>> exported = new HashMap<>();
        long rows = 0;
        long repeated = 0;
        long neverCommitted = 0;
        try (Stream<Path> files = Files.list(home.resolve(job))) {
            for (Path file : files.toList()) {
                List<String> lines = Files.readAllLines(file);
                for (String line : lines.subList(1, lines.size())) {
                    String[] cells = line.split(",", -1);
                    long version = Long.parseLong(cells[1]);
                    rows++;
                    repeated += exported.computeIfAbsent(Long.valueOf(cells[0]), id -> new HashSet<>())
                                    .add(version)
                            ? 0
                            : 1;
                    neverCommitted += committed.contains(version) ? 0 : 1;
                }
            }
        }
        long lost =
                truth.keySet().stream().filter(id -> !exported.containsKey(id)).count();
        long stale = truth.entrySet().stream()
                .filter(item -> exported.containsKey(item.getKey()))
                .filter(item -> !exported.getOrDefault(item.getKey(), Set.of()).contains(item.getValue()))
                .count();
        return new Outcome(rows, lost, stale, repeated, neverCommitted);
    }
}
