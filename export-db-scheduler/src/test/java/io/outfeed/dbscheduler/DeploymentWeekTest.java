package io.outfeed.dbscheduler;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.jdbc.store.JdbcStore;
import io.outfeed.run.CoveredFires;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.store.FirePlan;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemorySpool;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A week in which two versions of a host run on one database, and nodes of both come and go three times a day: no fire
 * is lost, and none is doubled. Once a day a node dies in the middle of a run, before its file is published or after
 * it, and is started again. The clock is the test's; each wait is for a state of the store.
 */
@Tag("slow")
class DeploymentWeekTest {

    private static final Instant START = Instant.parse("2026-03-02T00:30:00Z");
    private static final Duration STEP = Duration.ofHours(4);
    private static final List<String> JOBS = List.of("both", "old", "new");
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration HEARTBEAT = Duration.ofMillis(500);

    /** For how long a node puts back the row of a job that it does not have. */
    private static final Duration PUT_BACK = Duration.ofSeconds(5);

    /** Fires at every full hour that four divides. */
    private static final Schedule EVERY_4_HOURS =
            Schedule.every(Duration.ofHours(4), Instant.parse("2026-03-02T00:00:00Z"));

    /** The same job in the next version: an hour later. */
    private static final Schedule EVERY_4_HOURS_LATER =
            Schedule.every(Duration.ofHours(4), Instant.parse("2026-03-02T01:00:00Z"));

    private record Visit(long id, Instant at) {}

    /** A version of the host. */
    private enum Version {
        OLD,
        NEW
    }

    /** Where a node dies in a run. */
    private enum Death {
        WHILE_MAPPING,
        AFTER_PUBLISHING
    }

    /** A process of the host. */
    private record Node(Version version, CutDatabase connection, JdbcStore store, ExportEngine engine) {}

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(START);
    private final ListSource<Visit> source = ListSource.create(Visit::id, Visit::at);
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final InMemorySpool spool = new InMemorySpool();
    private final List<Node> nodes = new ArrayList<>();
    private final Object events = new Object();

    /** When the job of both versions was added, and with which schedule. */
    private final Map<Instant, Schedule> added = new HashMap<>();

    /** Where the next node dies that gets there. */
    private final AtomicReference<@Nullable Death> death = new AtomicReference<>();

    /** The job whose run a dead node has left; empty if there is none. */
    private volatile String leftJob = "";

    private HikariDataSource database;
    private JdbcStore store;
    private int deaths;
    private int started;
    private long visits;

    @BeforeEach
    void makeDatabase() throws Exception {
        database = TestPostgres.newDatabase();
        store = JdbcStore.builder(database).migrate().build();
    }

    @AfterEach
    void close() {
        nodes.forEach(DeploymentWeekTest::close);
        store.close();
        database.close();
    }

    /** Cuts the node off if it is to die here. */
    private void reach(Death point, String job, CutDatabase connection) {
        if (death.compareAndSet(point, null)) {
            leftJob = job;
            connection.cut();
        }
    }

    /** The destination as a node has it that may die when it has published a file. */
    private Delivery delivery(String job, CutDatabase connection) {
        return observed(
                Delivery.class,
                lakeside,
                "open",
                session -> observed(DeliverySession.class, (DeliverySession) session, "publish", receipt -> {
                    reach(Death.AFTER_PUBLISHING, job, connection);
                    return receipt;
                }));
    }

    private static <T> T observed(Class<T> type, T target, String observed, UnaryOperator<Object> after) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        Object answer = method.invoke(target, arguments);
                        return method.getName().equals(observed) ? after.apply(answer) : answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private ExportJob job(String name, Version version, Schedule schedule, CutDatabase connection) {
        ExportDefinition<Visit> definition = ExportDefinition.builder(name, Visit.class)
                .source(source)
                .recordKey(Visit::id)
                .watermark(Watermark.timestamp(Visit::at, Duration.ZERO))
                .fields(f -> {
                    f.field("id", visit -> {
                        reach(Death.WHILE_MAPPING, name, connection);
                        return visit.id();
                    });
                    if (version == Version.NEW) {
                        f.field("at", Visit::at);
                    }
                })
                .file(f -> f.name("{job}-{sequence}.csv"))
                .build();
        return ExportJob.builder(name, definition)
                .schedule(schedule)
                .deliverTo(delivery(name, connection))
                .build();
    }

    /** The jobs of a version: one of both, whose schedule differs, one that only the old has, one that is new. */
    private List<ExportJob> jobs(Version version, CutDatabase connection) {
        return version == Version.OLD
                ? List.of(
                        job("both", version, EVERY_4_HOURS, connection), job("old", version, EVERY_4_HOURS, connection))
                : List.of(
                        job("both", version, EVERY_4_HOURS_LATER, connection),
                        job("new", version, EVERY_4_HOURS, connection));
    }

    private static List<String> names(Version version) {
        return version == Version.OLD ? List.of("both", "old") : List.of("both", "new");
    }

    private void start(Version version) {
        String name = version + "-" + ++started;
        CutDatabase connection = new CutDatabase(database);
        JdbcStore ofNode = JdbcStore.builder(connection.dataSource())
                .node(name)
                .lease(Duration.ofSeconds(1))
                .retryTimeout(Duration.ZERO)
                .build();
        ExportEngine engine = ExportEngine.builder()
                .directory(directory.resolve(name))
                .store(ofNode)
                .spool(spool)
                .clock(clock)
                .scheduler(DbScheduler.builder(connection.dataSource())
                        .migrate()
                        .pollingInterval(Duration.ofMillis(20))
                        .heartbeat(HEARTBEAT)
                        .closeTimeout(Duration.ofSeconds(10))
                        .build())
                .retryPolicy(RetryPolicy.none())
                .renameLooks(Duration.ZERO)
                .listener(event -> {
                    synchronized (events) {
                        events.notifyAll();
                    }
                })
                .build();
        added.put(clock.instant(), version == Version.OLD ? EVERY_4_HOURS : EVERY_4_HOURS_LATER);
        engine.addAll(jobs(version, connection));
        engine.start();
        nodes.add(new Node(version, connection, ofNode, engine));
    }

    /** The oldest node leaves: in order, or because its process dies. */
    private void leave(boolean dies) {
        Node node = nodes.remove(0);
        if (dies) {
            node.connection().cut();
        }
        close(node);
    }

    private static void close(Node node) {
        node.engine().close();
        node.store().close();
    }

    /** Starts the nodes again, in the same version, that have died in a run. */
    private void restartDead() {
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).connection().isCut()) {
                deaths++;
                Node dead = nodes.remove(i);
                start(dead.version());
                nodes.add(i, nodes.remove(nodes.size() - 1));
                close(dead);
            }
        }
    }

    /** Lets time pass until nothing is due on the nodes that there are. */
    private void advanceTo(Instant time) throws InterruptedException {
        while (clock.instant().isBefore(time)) {
            source.put(new Visit(++visits, clock.instant()));
            Instant next = JOBS.stream()
                    .filter(this::hasNode)
                    .flatMap(job -> next(job).stream())
                    .filter(at -> at.isBefore(time))
                    .min(Comparator.naturalOrder())
                    .orElse(time);
            if (next.isAfter(clock.instant())) {
                clock.set(next.plusMillis(1)); // rows are later by less, in the order of priorities
            }
            awaitNothingDue();
        }
    }

    private boolean hasNode(String job) {
        return nodes.stream().anyMatch(node -> names(node.version()).contains(job));
    }

    private Optional<Instant> next(String job) {
        return store.firePlan(job).flatMap(FirePlan::next);
    }

    private boolean isSettled(String job) {
        return !hasNode(job)
                || (next(job).filter(at -> !at.isAfter(clock.instant())).isEmpty()
                        && store.unfinishedRuns(job).isEmpty());
    }

    private boolean isIdle(String job) {
        return job.equals(leftJob) || store.unfinishedRuns(job).isEmpty();
    }

    /**
     * A node that does not have a job puts its row back for some seconds, which pass; so does the time after which the
     * others take over the run of a node that has died.
     */
    private void awaitNothingDue() throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!JOBS.stream().allMatch(this::isSettled)) {
            assertThat(System.nanoTime())
                    .as("waiting for the runs at %s", clock.instant())
                    .isLessThan(end);
            synchronized (events) {
                events.wait(20);
            }
            restartDead();
            if (JOBS.stream().allMatch(this::isIdle)) { // else it would be too slow
                clock.advance(PUT_BACK);
            }
        }
        leftJob = "";
    }

    @Test
    void should_lose_and_double_no_fire_while_versions_come_and_go() throws Exception {
        start(Version.OLD);
        start(Version.OLD);
        Instant lastOld = START;
        for (int change = 1; change <= 21; change++) { // three a day
            if (change % 3 == 2) {
                death.set(change % 2 == 0 ? Death.WHILE_MAPPING : Death.AFTER_PUBLISHING);
            }
            advanceTo(START.plus(Duration.ofHours(8L * change)));
            boolean last = change > 18; // the deployment is finished: no node of the old version starts any more
            start(last || change % 3 != 0 ? Version.NEW : Version.OLD);
            leave(change % 4 == 1);
            if (nodes.stream().anyMatch(node -> node.version() == Version.OLD)) {
                lastOld = clock.instant();
            }
        }
        advanceTo(START.plus(Duration.ofDays(7)).plus(STEP));

        assertThat(deaths).isEqualTo(7);
        checkEachFireOnce("new", EVERY_4_HOURS);
        checkEachFireOnce("old", EVERY_4_HOURS);
        checkBoth();
        List<ExportRun> old = runs("old");
        Instant left = lastOld.plus(Duration.ofHours(8)); // the next change, after which no node has the job
        assertThat(old).allMatch(run -> run.startedAt().isBefore(left));
        assertThat(old.get(0).startedAt()).isAfter(left.minus(Duration.ofHours(9)));
        assertThat(store.positions("old").run()).isEqualTo(old.get(0).number());
        assertThat(lakeside.arrivals().stream().map(file -> file.path())).doesNotHaveDuplicates();
        assertThat(lakeside.arrivals().stream().map(file -> file.lines().get(0)).distinct())
                .as("runs of both versions")
                .containsExactlyInAnyOrder("id", "id,at");
    }

    /** Newest first; all that were for fires, and have ended well. */
    private List<ExportRun> runs(String job) {
        List<ExportRun> runs = store.runs(RunQuery.ofJob(job).limit(1_000));
        assertThat(runs)
                .as(job)
                .allMatch(run -> run.status() == RunStatus.COMMITTED || run.status() == RunStatus.EMPTY);
        return runs;
    }

    private List<CoveredFires> covered(String job) {
        return runs(job).stream()
                .flatMap(run -> run.coveredFires().stream())
                .sorted(Comparator.comparing(CoveredFires::first))
                .toList();
    }

    private void checkEachFireOnce(String job, Schedule schedule) {
        List<CoveredFires> covered = covered(job);
        assertThat(covered).as(job).hasSizeGreaterThan(20);
        for (int i = 1; i < covered.size(); i++) {
            assertThat(covered.get(i).first())
                    .as("%s, after %s", job, covered.get(i - 1))
                    .isEqualTo(schedule.next(covered.get(i - 1).last()).orElseThrow());
        }
    }

    /** The fires of the schedule that was added last, at any time. */
    private void checkBoth() {
        List<Instant> changes = added.keySet().stream().sorted().toList();
        List<Instant> expected = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            Instant until = i + 1 < changes.size() ? changes.get(i + 1) : clock.instant();
            Schedule schedule = requireNonNull(added.get(changes.get(i)));
            Stream.iterate(
                            schedule.next(changes.get(i)).orElseThrow(),
                            at -> !at.isAfter(until),
                            at -> schedule.next(at).orElseThrow())
                    .forEach(expected::add);
        }
        assertThat(covered("both").stream().map(CoveredFires::first)).containsExactlyElementsOf(expected);
    }
}
