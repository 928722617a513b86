package io.outfeed.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.backfill.Backfill;
import io.outfeed.backfill.BackfillProgress;
import io.outfeed.field.Fields;
import io.outfeed.operation.History;
import io.outfeed.operation.JobQuery;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.scheduler.Scheduler;
import io.outfeed.store.ExportStore;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemorySpool;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What nodes do together that share a store and, perhaps, a scheduler: each fire is run once, a node that dies is taken
 * over, and what one node does to a job counts on all.
 *
 * <p>The clock of the engines is the test's. Each wait is for a state of the store; the limit of a minute only ends a
 * test that has failed.
 */
public abstract class ClusterContract {

    private static final Instant START = Instant.parse("2026-03-02T06:00:30Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** Where the nodes are, and the time that they go by. */
    public interface Cluster {

        /**
         * Makes the store and the scheduler of another node.
         *
         * @param name the name of the node
         * @param clock the clock of its engine
         * @return the node
         * @throws Exception if that fails; so does the test
         */
        Node node(String name, SettableClock clock) throws Exception;

        /**
         * Lets time pass on all nodes: moves the clock, and lets the schedulers notice it.
         *
         * @param clock the clock
         * @param duration by how much
         */
        void advance(SettableClock clock, Duration duration);

        /**
         * Returns after which time another node has taken over the runs of one that is dead: six heartbeats where
         * heartbeats tell it.
         *
         * @return the time, by the clock of the engines
         */
        Duration takenOverWithin();

        /**
         * Ends the leases of all locks that have an owner: by the clock of the database that time has passed.
         *
         * @throws Exception if that fails; so does the test
         */
        void expireLeases() throws Exception;

        /**
         * Closes what the nodes share, after them.
         *
         * @throws Exception if that fails; so does the test
         */
        void close() throws Exception;
    }

    /** A node. */
    public interface Node {

        /**
         * Returns the store of the node, which others share.
         *
         * @return always the same
         */
        ExportStore store();

        /**
         * Returns the scheduler of the node.
         *
         * @return always the same, not started
         */
        Scheduler scheduler();

        /**
         * Cuts the node off from what it shares with others, as if its process had ended: every call fails, at once.
         */
        void die();

        /**
         * Closes the store of the node, after its engine.
         *
         * @throws Exception if that fails; so does the test
         */
        void close() throws Exception;
    }

    private record Visit(long id, Instant at) {}

    /** A node with its engine. */
    private record Member(Node node, ExportEngine engine) {}

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(START);
    private final ListSource<Visit> source = ListSource.create(Visit::id, Visit::at);
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final InMemorySpool spool = new InMemorySpool();
    private final List<Member> members = new ArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private final Object events = new Object();
    private volatile String blocked = "";
    private long visits;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Cluster cluster;

    /** Made by JUnit, for each test. */
    protected ClusterContract() {}

    /**
     * Makes a cluster without nodes. Called once for each test, which closes it.
     *
     * @return the cluster
     * @throws Exception if that fails; so does the test
     */
    protected abstract Cluster cluster() throws Exception;

    @BeforeEach
    void makeCluster() throws Exception {
        cluster = cluster();
    }

    @AfterEach
    void closeCluster() throws Exception {
        released.countDown();
        for (Member member : members) {
            member.engine().close();
            member.node().close();
        }
        cluster.close();
    }

    private Member start(String name, ExportJob... jobs) throws Exception {
        Node node = cluster.node(name, clock);
        ExportEngine engine = ExportEngine.builder()
                .directory(directory.resolve(name))
                .store(node.store())
                .spool(spool)
                .clock(clock)
                .scheduler(node.scheduler())
                .retryPolicy(RetryPolicy.none())
                .renameLooks(Duration.ZERO)
                .closeTimeout(Duration.ofSeconds(10))
                .listener(event -> signal())
                .build();
        Member member = new Member(node, engine);
        members.add(member);
        engine.addAll(List.of(jobs));
        engine.start();
        return member;
    }

    private ExportJob job(String name, Schedule schedule) {
        return job(name, schedule, fields -> {});
    }

    private ExportJob job(String name, Schedule schedule, Consumer<Fields.Builder<Visit>> more) {
        ExportDefinition<Visit> definition = ExportDefinition.builder("visits", Visit.class)
                .source(source)
                .recordKey(Visit::id)
                .watermark(Watermark.timestamp(Visit::at, Duration.ZERO))
                .fields(f -> more.accept(f.field("id", visit -> read(name, visit))))
                .file(f -> f.name("{job}-{sequence}.csv"))
                .build();
        return ExportJob.builder(name, definition)
                .schedule(schedule)
                .deliverTo(lakeside)
                .build();
    }

    private static Schedule everyMinute() {
        return Schedule.every(MINUTE, START.minusSeconds(30));
    }

    /** The first read of a job that is blocked waits until the test ends. */
    private long read(String job, Visit visit) {
        if (job.equals(blocked)) {
            blocked = "";
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return visit.id();
    }

    private void advance(Duration duration) {
        source.put(new Visit(++visits, clock.instant()));
        cluster.advance(clock, duration);
    }

    private List<ExportRun> runs(String job) {
        return members.get(members.size() - 1)
                .node()
                .store()
                .runs(RunQuery.ofJob(job).limit(1_000));
    }

    private boolean hasEnded(String job, int runs) {
        List<ExportRun> all = runs(job);
        return all.size() >= runs && all.stream().allMatch(run -> run.status().ended());
    }

    private void signal() {
        synchronized (events) {
            events.notifyAll();
        }
    }

    /** Looks again when an engine has an event, and now and then. */
    private void await(String what, BooleanSupplier reached) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!reached.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waiting for " + what).isLessThan(end);
            synchronized (events) {
                events.wait(50);
            }
        }
    }

    /** The fire times of all runs, none twice and none left out, whichever run covers them. */
    private void assertEachFireOnce(String job) {
        List<Instant> fires = runs(job).stream()
                .flatMap(run -> run.coveredFires().stream())
                .flatMap(covered ->
                        Stream.iterate(covered.first(), at -> !at.isAfter(covered.last()), at -> at.plus(MINUTE)))
                .sorted()
                .toList();
        assertThat(fires).as(job).isNotEmpty();
        Instant last = fires.get(fires.size() - 1);
        assertThat(fires)
                .as(job)
                .containsExactlyElementsOf(Stream.iterate(fires.get(0), at -> !at.isAfter(last), at -> at.plus(MINUTE))
                        .toList());
    }

    @Test
    void should_run_each_fire_once() throws Exception {
        List<String> names = List.of("a", "b", "c", "d", "e");
        ExportJob[] jobs = names.stream().map(name -> job(name, everyMinute())).toArray(ExportJob[]::new);
        start("first", jobs);
        start("second", jobs);
        start("third", jobs);

        for (int minute = 1; minute <= 5; minute++) {
            int runs = minute;
            advance(MINUTE);
            for (String name : names) {
                await("run " + minute + " of " + name, () -> hasEnded(name, runs));
            }
        }

        for (String name : names) {
            assertThat(runs(name)).as(name).hasSize(5);
            assertEachFireOnce(name);
        }
    }

    @Test
    void should_take_over_what_a_dead_node_was_running() throws Exception {
        ExportJob job = job("job", everyMinute());
        Member first = start("first", job);
        blocked = "job";
        advance(MINUTE);
        await("the run to begin", () -> blocked.isEmpty());
        long number = runs("job").get(0).number();
        start("second", job);

        first.node().die();
        cluster.expireLeases();
        cluster.advance(clock, cluster.takenOverWithin());

        await("the run to be taken over", () -> hasEnded("job", 1));
        assertThat(runs("job")).singleElement().satisfies(run -> {
            assertThat(run.number()).isEqualTo(number);
            assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        });
        assertThat(lakeside.arrivals()).hasSize(1);
    }

    @Test
    void should_continue_the_backfill_of_a_dead_node() throws Exception {
        ExportJob job = job("job", Schedule.every(Duration.ofDays(1), START.plus(Duration.ofHours(10))));
        Member first = start("first", job);
        for (int minute = 0; minute < 4; minute++) {
            advance(MINUTE);
        }
        first.engine().job("job").runNow();
        blocked = "job";
        first.engine()
                .job("job")
                .startBackfill(Backfill.of("visits", START, START.plus(MINUTE.multipliedBy(4)))
                        .inChunksOf(MINUTE));
        await("the first chunk to begin", () -> {
            cluster.advance(clock, Duration.ofMillis(1));
            return blocked.isEmpty();
        });
        Member second = start("second", job);

        first.node().die();
        cluster.expireLeases();
        cluster.advance(clock, cluster.takenOverWithin());

        await("the backfill to be completed", () -> {
            cluster.advance(clock, Duration.ofMillis(1));
            return second.node()
                    .store()
                    .jobState("job")
                    .backfill()
                    .filter(progress -> progress.status() == BackfillProgress.Status.COMPLETED)
                    .isPresent();
        });
        assertThat(lakeside.arrivals().stream()
                        .filter(file -> file.path().contains("-backfill-"))
                        .map(file -> file.lines().get(1)))
                .containsExactly("1", "2", "3", "4");
        assertThat(runs("job")).hasSize(5).allMatch(run -> run.status() == RunStatus.COMMITTED);
    }

    @Test
    void should_follow_a_schedule_that_a_node_has_changed_before_it_died() throws Exception {
        Schedule later = Schedule.every(Duration.ofDays(1), START.plus(Duration.ofHours(10)));
        Member first = start("first", job("job", later));
        Member second = start("second", job("job", later));

        first.engine().add(job("job", everyMinute()));
        first.node().die();
        advance(cluster.takenOverWithin());
        await(
                "the schedule to be known",
                () -> second.engine()
                        .job("job")
                        .nextFire()
                        .filter(fire -> fire.isBefore(clock.instant().plus(MINUTE.multipliedBy(2))))
                        .isPresent());
        advance(MINUTE.multipliedBy(2));

        await("a run by the new schedule", () -> hasEnded("job", 1));
        assertEachFireOnce("job");
    }

    @Test
    void should_pause_and_resume_a_job_on_all_nodes() throws Exception {
        ExportJob job = job("job", everyMinute());
        ExportJob other = job("other", everyMinute());
        Member first = start("first", job, other);
        Member second = start("second", job, other);

        first.engine().job("job").pause("the receiver moves");
        for (int minute = 1; minute <= 3; minute++) {
            int runs = minute;
            advance(MINUTE);
            await("run " + minute + " of the other job", () -> hasEnded("other", runs));
        }
        assertThat(runs("job")).isEmpty();

        second.engine().job("job").resume();
        advance(MINUTE);
        await("the run after the pause", () -> hasEnded("job", 1));
        assertThat(runs("job")).hasSize(1);
    }

    @Test
    void should_forget_a_job_that_another_node_has_removed() throws Exception {
        ExportJob job = job("job", everyMinute());
        ExportJob other = job("other", everyMinute());
        Member first = start("first", job, other);
        Member second = start("second", job, other);

        first.engine().remove("job", History.KEEP);
        for (int minute = 1; minute <= 3; minute++) {
            int runs = minute;
            advance(MINUTE);
            await("run " + minute + " of the other job", () -> hasEnded("other", runs));
        }

        await(
                "the job to be forgotten",
                () -> second.engine().jobs(JobQuery.all()).stream()
                        .noneMatch(known -> known.job().name().equals("job")));
        assertThat(runs("job")).isEmpty();
    }

    @Test
    void should_run_a_job_that_only_one_node_has() throws Exception {
        ExportJob old = job("old", everyMinute());
        ExportJob added = job("new", everyMinute());
        start("first", old);
        start("second", old, added);

        advance(MINUTE);
        await("a run on the node that has the job", () -> {
            advance(Duration.ofSeconds(5)); // one that has not may have put it back
            return hasEnded("new", 1) && hasEnded("old", 1);
        });

        assertEachFireOnce("new");
        assertEachFireOnce("old");
    }

    @Test
    void should_run_each_fire_once_while_nodes_have_different_columns() throws Exception {
        start("old", job("job", everyMinute()));
        start("new", job("job", everyMinute(), fields -> fields.field("day", visit -> "monday")));

        for (int minute = 1; minute <= 4; minute++) {
            int runs = minute;
            advance(MINUTE);
            await("run " + minute, () -> hasEnded("job", runs));
        }

        assertThat(runs("job")).hasSize(4);
        assertEachFireOnce("job");
        List<String> rows = new ArrayList<>();
        for (int sequence = 1; sequence <= 4; sequence++) {
            List<String> lines = lakeside.file("job-" + sequence + ".csv").lines();
            String more = lines.get(0).equals("id") ? "" : ",monday";
            assertThat(lines.get(0)).isIn("id", "id,day");
            rows.addAll(lines.subList(1, lines.size()));
            assertThat(lines.subList(1, lines.size()))
                    .as("rows below %s", lines.get(0))
                    .allMatch(row -> row.endsWith(more) && row.contains(",") == !more.isEmpty());
        }
        assertThat(rows).extracting(row -> row.replaceAll(",.*", "")).containsExactly("1", "2", "3", "4");
    }

    @Test
    void should_plan_a_run_anew_that_a_node_of_the_other_version_had_begun() throws Exception {
        Member old = start("old", job("job", everyMinute()));
        blocked = "job";
        advance(MINUTE);
        await("the run to begin", () -> blocked.isEmpty());
        start("new", job("job", everyMinute(), fields -> fields.field("day", visit -> "monday")));

        old.node().die();
        cluster.expireLeases();
        cluster.advance(clock, cluster.takenOverWithin());

        await("the run to be taken over", () -> hasEnded("job", 1));
        assertThat(lakeside.arrivals()).hasSize(1);
        assertThat(lakeside.file("job-1.csv").lines()).containsExactly("id,day", "1,monday");
    }
}
