package io.outfeed.jdbc.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.MisfirePolicy;
import io.outfeed.OverlapPolicy;
import io.outfeed.error.ExportException;
import io.outfeed.jdbc.databases.TestPostgres;
import io.outfeed.run.CoveredFires;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A node is suspended before one of its transactions, each in turn, until its leases have expired and another node has
 * done all that was due; or it loses the database for as long. Then it continues, and believes what was true before: no
 * fire time may be run again, and none may be lost.
 */
@Tag("slow")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SuspendedNodeTest {

    private static final Instant START = Instant.parse("2026-03-02T06:30:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    private static int worlds;

    private static HikariDataSource database;

    @TempDir
    private Path directory;

    @BeforeAll
    static void connect() throws SQLException {
        HikariConfig pool = new HikariConfig();
        pool.setDataSource(TestPostgres.newDatabase());
        pool.setMaximumPoolSize(4);
        database = new HikariDataSource(pool);
    }

    @AfterAll
    static void disconnect() {
        database.close();
    }

    /** What the first node is at. */
    private enum Work {
        /** A run for a fire time. */
        SCHEDULED,
        /** The next attempt of a run that waits, which covers a later fire time. */
        JOINED,
        /** Fire times that are skipped, since they are too late. */
        SKIPPED,
        /** A run during which a fire time comes due that the job's overlap policy skips. */
        OVERLAPPED,
        /** A run on request. */
        MANUAL
    }

    /** What keeps the first node from its next transaction. */
    private enum Cause {
        SUSPENDED,
        DATABASE_LOST
    }

    static Stream<Arguments> worlds() {
        return Stream.of(Work.values())
                .flatMap(work -> Stream.of(Cause.values()).map(cause -> Arguments.of(work, cause)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("worlds")
    void should_neither_repeat_nor_lose_a_fire_time(Work work, Cause cause) throws Exception {
        int transaction = 0;
        boolean suspended = true;
        while (suspended) {
            try (World world = new World(work, cause, directory.resolve(Integer.toString(transaction)))) {
                suspended = world.stopFirstNodeBefore(++transaction);
                world.check(transaction);
            }
        }
        assertThat(transaction).as("transactions of %s", work).isGreaterThan(10);
    }

    /** The records are written by the test; each has the time at which it was. */
    private record Visit(long id, Instant at) {}

    private static final class World implements AutoCloseable {

        private final Work work;
        private final Cause cause;
        private final String prefix = "w" + ++worlds + "_";
        private final SettableClock clock = SettableClock.at(START);
        private final ListSource<Visit> source = ListSource.create(Visit::id, Visit::at);
        private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
        private final UnreachableDatabase firstDatabase = new UnreachableDatabase(database);
        private final TestNode first;
        private final TestNode second;
        private long visits;

        private World(Work work, Cause cause, Path directory) {
            this.work = work;
            this.cause = cause;
            first = node("first", firstDatabase.dataSource(), directory);
            second = node("second", database, directory);
        }

        private TestNode node(String name, DataSource database, Path directory) {
            JdbcStore store = JdbcStore.builder(database)
                    .tablePrefix(prefix)
                    .migrate()
                    .node(name)
                    .retryTimeout(Duration.ZERO)
                    .build();
            TestNode node = new TestNode(store, directory, clock);
            node.engine.add(job());
            node.engine.start();
            return node;
        }

        private ExportJob job() {
            ExportDefinition<Visit> definition = ExportDefinition.builder("visits", Visit.class)
                    .source(source)
                    .recordKey(Visit::id)
                    .watermark(Watermark.timestamp(Visit::at, Duration.ZERO))
                    .fields(f -> f.field("id", this::read))
                    .file(f -> f.name("{sequence}.csv"))
                    .build();
            return ExportJob.builder("visits", definition)
                    .schedule(Schedule.every(HOUR, Instant.EPOCH))
                    .schedulePolicy(policy -> policy.overlaps(
                                    work == Work.OVERLAPPED ? OverlapPolicy.SKIP : OverlapPolicy.COALESCE)
                            .misfires(
                                    work == Work.SKIPPED
                                            ? MisfirePolicy.runOnceWithin(Duration.ofMinutes(5))
                                            : MisfirePolicy.runOnce()))
                    .deliverTo(lakeside)
                    .build();
        }

        /** The first run of an overlapped job takes so long that a fire time comes due meanwhile. */
        private long read(Visit visit) {
            if (work == Work.OVERLAPPED
                    && visit.id() == 1
                    && clock.instant().isBefore(START.plus(HOUR.multipliedBy(2)))) {
                clock.advance(HOUR);
            }
            return visit.id();
        }

        private void write() {
            source.put(new Visit(++visits, clock.instant()));
        }

        /** Returns whether the first node had so many transactions. */
        private boolean stopFirstNodeBefore(int transaction) throws Exception {
            write();
            if (work == Work.JOINED) {
                lakeside.failNext(Operation.PREPARE, Failure.REFUSED);
                first.scheduler.advance(HOUR.dividedBy(2));
            }
            clock.advance(work == Work.MANUAL ? Duration.ofMinutes(10) : HOUR);
            firstDatabase.beforeConnection(transaction, this::letSecondNodeTakeOver);
            try {
                if (work == Work.MANUAL) {
                    first.engine.job("visits").runNow();
                } else {
                    first.scheduler.runDue();
                }
            } catch (ExportException e) { // of the request: what became of it is in the store
                assertThat(work).isEqualTo(Work.MANUAL);
            }
            firstDatabase.away(false);
            boolean stopped = firstDatabase.wasReached();
            write();
            clock.advance(Duration.ofMinutes(1));
            first.scheduler.advance(HOUR.multipliedBy(3));
            second.scheduler.runDue();
            return stopped;
        }

        private void letSecondNodeTakeOver() throws SQLException {
            TestPostgres.execute(database, "update " + prefix + "lock set expires_at = 1 where expires_at > 0");
            write();
            second.scheduler.runDue();
            clock.advance(Duration.ofMinutes(2)); // a backoff
            second.scheduler.runDue();
            firstDatabase.away(cause == Cause.DATABASE_LOST);
        }

        private void check(int transaction) {
            String when = work + ", " + cause + " before transaction " + transaction;
            List<String> rows = lakeside.arrivals().stream()
                    .map(DeliveredFile::lines)
                    .flatMap(lines -> lines.stream().skip(1))
                    .toList();
            assertThat(rows)
                    .as("rows: %s", when)
                    .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, visits)
                            .mapToObj(Long::toString)
                            .toList());
            List<ExportRun> runs = second.store.runs(RunQuery.ofJob("visits").limit(Integer.MAX_VALUE));
            assertThat(runs).as("runs: %s", when).allMatch(run -> run.status().ended());
            List<Instant> fires = new ArrayList<>();
            runs.stream()
                    .filter(run -> run.status() != RunStatus.FAILED)
                    .flatMap(run -> run.coveredFires().stream())
                    .flatMap(World::times)
                    .forEach(fires::add);
            assertThat(fires)
                    .as("fire times of runs: %s", when)
                    .containsExactlyInAnyOrderElementsOf(
                            Stream.iterate(Instant.parse("2026-03-02T07:00:00Z"), at -> at.plus(HOUR))
                                    .takeWhile(at -> !at.isAfter(clock.instant()))
                                    .toList());
        }

        private static Stream<Instant> times(CoveredFires fires) {
            return Stream.iterate(fires.first(), at -> at.plus(HOUR)).takeWhile(at -> !at.isAfter(fires.last()));
        }

        @Override
        public void close() {
            first.close();
            second.close();
        }
    }
}
