package io.outfeed.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.error.StoreException;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.operation.History;
import io.outfeed.operation.JobPause;
import io.outfeed.run.DeliveryState;
import io.outfeed.run.ExportRun;
import io.outfeed.run.FileDelivery;
import io.outfeed.run.FileRemoval;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunLogEntry;
import io.outfeed.run.RunPhase;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.source.Position;
import io.outfeed.source.Window;
import io.outfeed.store.ExportStore;
import io.outfeed.store.FirePlan;
import io.outfeed.store.JobLock;
import io.outfeed.store.JobPositions;
import io.outfeed.store.JobRecord;
import io.outfeed.store.JobState;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What the engine relies on in an {@link ExportStore}. Times are kept to the microsecond at least, texts of any characters
 * but NUL.
 *
 * <pre>{@code
 * class MyStoreTest extends ExportStoreContract {
 *     @Override
 *     protected ExportStore open() {
 *         return new MyStore(emptyDatabase);
 *     }
 * }
 * }</pre>
 */
public abstract class ExportStoreContract {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");

    /** What formats of files and tables like to lose. */
    private static final String STRANGE =
            " leading, # ! = : \\ \\n ' \" % ; -- \t tab\nsecond line\r\nZürich \uD83D\uDE00 ";

    private static final Window WINDOW =
            new Window(Position.of(NOON.minus(Duration.ofDays(1))), Position.of(NOON.minus(Duration.ofMinutes(2))));

    private final List<ExportStore> opened = new ArrayList<>();
    private ExportStore store;

    /** Made by JUnit, for each test. */
    protected ExportStoreContract() {}

    /**
     * Opens a store that remembers nothing. Called once for each test, which closes it.
     *
     * @return the store
     * @throws Exception if that fails; so does the test
     */
    protected abstract ExportStore open() throws Exception;

    /**
     * Closes a store and opens what it has kept, as a restart of the host does. Override it for a store that is durable;
     * by default the store stays open.
     *
     * @param before the store
     * @return a store that remembers the same; the test closes it
     * @throws Exception if that fails; so does the test
     */
    protected ExportStore reopen(ExportStore before) throws Exception {
        return before;
    }

    /**
     * Opens what another node of the host would use at the same time. Override it for a store that nodes share; by default
     * it is the store itself.
     *
     * @param first the store of the first node, which stays open
     * @return a store that sees the same; the test closes it
     * @throws Exception if that fails; so does the test
     */
    protected ExportStore secondNode(ExportStore first) throws Exception {
        return first;
    }

    /**
     * Takes a lock away from its owner, as the store does when the owner seems dead. Override it for a store that can do
     * this; by default nothing happens, and the tests of it are skipped.
     *
     * @param lock a lock that is held
     * @return whether the lock was taken away
     * @throws Exception if that fails; so does the test
     */
    protected boolean breakLock(JobLock lock) throws Exception {
        return false;
    }

    @BeforeEach
    void openStore() throws Exception {
        store = opened(open());
    }

    @AfterEach
    void closeStores() {
        opened.forEach(ExportStore::close);
    }

    private ExportStore opened(ExportStore another) {
        opened.add(another);
        return another;
    }

    /** After this the field is what a restarted host would see. */
    private void restart() throws Exception {
        store = opened(reopen(store));
    }

    private JobLock lock(String job) {
        return store.tryLock(job).orElseThrow(() -> new AssertionError("the lock of '" + job + "' is not free"));
    }

    private RunBuilder run(JobLock lock) {
        return RunBuilder.planned(store.newRunNumber(), lock.job(), Trigger.SCHEDULED, NOON)
                .token(lock.token());
    }

    private ExportRun saved(JobLock lock, RunStatus status) {
        ExportRun run = run(lock).status(status).build();
        store.save(lock, run);
        return run;
    }

    private ExportRun ended(JobLock lock, Duration startedAfterNoon, Duration endedAfterNoon) {
        ExportRun run = RunBuilder.planned(
                        store.newRunNumber(), lock.job(), Trigger.SCHEDULED, NOON.plus(startedAfterNoon))
                .token(lock.token())
                .status(RunStatus.COMMITTED)
                .endedAt(NOON.plus(endedAfterNoon))
                .build();
        store.save(lock, run);
        return run;
    }

    private static JobPositions positions(long run) {
        return new JobPositions(Map.of("visits", Position.of(run)), run, run);
    }

    private static List<Long> numbers(List<ExportRun> runs) {
        return runs.stream().map(ExportRun::number).toList();
    }

    private void assertKept(ExportRun expected) {
        assertThat(store.run(expected.number()).map(ExportStoreContract::everything))
                .contains(everything(expected));
    }

    /** All that a run says of itself, in words that a failed assertion can show. */
    private static Map<String, String> everything(ExportRun run) {
        Map<String, String> values = new TreeMap<>();
        for (Method method : ExportRun.class.getMethods()) {
            if (method.getDeclaringClass() == ExportRun.class
                    && method.getParameterCount() == 0
                    && !Modifier.isStatic(method.getModifiers())
                    && !Set.of("toString", "toBuilder", "deliveries").contains(method.getName())) {
                try {
                    values.put(method.getName(), String.valueOf(method.invoke(run)));
                } catch (ReflectiveOperationException e) {
                    throw new LinkageError(e.getMessage(), e);
                }
            }
        }
        values.put(
                "deliveries",
                run.deliveries().stream().map(ExportStoreContract::everything).toList() + "");
        return values;
    }

    private static List<Object> everything(FileDelivery step) {
        return List.of(step.delivery(), step.path(), step.state(), step.prepared(), step.receipt(), step.publishedAt());
    }

    private static void assertRefused(ThrowingCallable write) {
        assertThatThrownBy(write).isInstanceOf(StoreException.class);
    }

    @Nested
    class RunNumbers {

        @Test
        void should_begin_at_one_or_more_and_grow() {
            long first = store.newRunNumber();
            long second = store.newRunNumber();
            long third = store.newRunNumber();

            assertThat(first).isPositive();
            assertThat(List.of(first, second, third)).isSorted().doesNotHaveDuplicates();
        }

        @Test
        void should_not_be_given_again_after_a_restart_though_nothing_was_saved() throws Exception {
            long before = store.newRunNumber();

            restart();

            assertThat(store.newRunNumber()).isGreaterThan(before);
        }

        @Test
        void should_not_be_given_again_after_their_runs_were_forgotten() throws Exception {
            JobLock lock = lock("job");
            ExportRun run = ended(lock, Duration.ZERO, Duration.ZERO);
            store.prune("job", NOON.plusSeconds(1), forgotten -> {});
            assertThat(store.run(run.number())).isEmpty();

            assertThat(store.newRunNumber()).isGreaterThan(run.number());
            lock.close();
            restart();
            assertThat(store.newRunNumber()).isGreaterThan(run.number() + 1);
        }

        @Test
        void should_differ_in_all_threads_of_all_nodes() throws Exception {
            ExportStore second = opened(secondNode(store));
            List<Callable<List<Long>>> tasks = new ArrayList<>();
            for (ExportStore node : List.of(store, second, store, second)) {
                tasks.add(() -> IntStream.range(0, 25)
                        .mapToObj(i -> node.newRunNumber())
                        .toList());
            }

            List<List<Long>> given = AtOnce.run(tasks);

            assertThat(given).allSatisfy(numbers -> assertThat(numbers).isSorted());
            assertThat(given.stream().flatMap(List::stream)).hasSize(100).doesNotHaveDuplicates();
        }
    }

    @Nested
    class Locks {

        @Test
        void should_be_given_to_one_at_a_time() throws Exception {
            ExportStore second = opened(secondNode(store));
            JobLock lock = lock("job");

            assertThat(lock.job()).isEqualTo("job");
            assertThat(store.tryLock("job")).isEmpty();
            assertThat(second.tryLock("job")).isEmpty();

            lock.close();
            assertThat(second.tryLock("job")).isPresent();
            assertThat(store.tryLock("job")).isEmpty();
        }

        @Test
        void should_be_of_one_job_each() {
            lock("job");

            assertThat(store.tryLock("other")).isPresent();
        }

        @Test
        void should_have_tokens_that_grow_over_all_jobs_and_restarts() throws Exception {
            List<Long> tokens = new ArrayList<>();
            for (String job : List.of("job", "other", "job", "third", "other")) {
                try (JobLock lock = lock(job)) {
                    tokens.add(lock.token());
                }
            }
            restart();
            try (JobLock lock = lock("job")) {
                tokens.add(lock.token());
            }

            assertThat(tokens.get(0)).isPositive();
            assertThat(tokens).isSorted().doesNotHaveDuplicates();
        }

        @Test
        void should_be_given_back_once() {
            JobLock first = lock("job");
            first.close();
            first.close();
            JobLock second = lock("job");

            first.close();

            assertThat(store.tryLock("job")).as("the lock of the second owner").isEmpty();
            saved(second, RunStatus.PLANNED);
        }

        @Test
        void should_be_won_by_exactly_one_of_many_threads() throws Exception {
            ExportStore second = opened(secondNode(store));
            for (int round = 0; round < 5; round++) {
                List<Callable<Optional<JobLock>>> tasks = new ArrayList<>();
                for (ExportStore node : List.of(store, second, store, second)) {
                    tasks.add(() -> node.tryLock("job"));
                }

                List<JobLock> won =
                        AtOnce.run(tasks).stream().flatMap(Optional::stream).toList();

                assertThat(won).hasSize(1);
                won.get(0).close();
            }
        }

        @Test
        void should_write_nothing_when_they_were_given_back() {
            JobLock lock = lock("job");
            ExportRun run = saved(lock, RunStatus.STAGED);
            ExportRun unknown = run(lock).build();
            lock.close();

            assertWritesNothing(lock, run, unknown);
        }

        @Test
        void should_write_nothing_when_somebody_else_has_the_job() {
            JobLock lost = lock("job");
            ExportRun run = saved(lost, RunStatus.STAGED);
            ExportRun unknown = run(lost).build();
            lost.close();
            JobLock owner = lock("job");

            assertWritesNothing(lost, run, unknown);

            store.save(owner, unknown);
            store.commit(owner, JobPositions.NONE, positions(2));
            assertKept(unknown);
            assertThat(store.positions("job")).isEqualTo(positions(2));
        }

        @Test
        void should_write_nothing_when_they_were_taken_away() throws Exception {
            JobLock lost = lock("job");
            ExportRun run = saved(lost, RunStatus.STAGED);
            ExportRun unknown = run(lost).build();
            assumeTrue(breakLock(lost), "skipped: this store takes no lock away");
            JobLock owner = lock("job");

            assertThat(owner.token()).isGreaterThan(lost.token());
            assertWritesNothing(lost, run, unknown);
            lost.close();
            assertThat(store.tryLock("job")).as("the lock of the new owner").isEmpty();
            store.commit(owner, JobPositions.NONE, positions(2));
            assertThat(store.positions("job")).isEqualTo(positions(2));
        }

        private void assertWritesNothing(JobLock lost, ExportRun run, ExportRun unknown) {
            assertRefused(() -> store.save(
                    lost, RunBuilder.of(run).status(RunStatus.PUBLISHING).build()));
            assertRefused(() -> store.save(lost, unknown));
            assertRefused(() -> store.commit(lost, JobPositions.NONE, positions(1)));
            assertKept(run);
            assertThat(store.run(unknown.number())).isEmpty();
            assertThat(store.runs("job", 10)).hasSize(1);
            assertThat(store.positions("job")).isEqualTo(JobPositions.NONE);
        }
    }

    @Nested
    class Runs {

        @Test
        void should_keep_everything() throws Exception {
            StagedFile visits = new StagedFile("visits", "2026-27", "visits-12.csv", 10, 1234, "0".repeat(64));
            StagedFile donors = new StagedFile("donors", "", "donors.csv", 0, 5_000_000_000L, "a".repeat(64));
            Map<String, Window> windows = new LinkedHashMap<>();
            windows.put("visits", WINDOW);
            windows.put("donors", new Window(Position.of(Long.MIN_VALUE), Position.of(Long.MAX_VALUE)));
            windows.put("custom", new Window(new Position("custom", STRANGE), new Position("custom", "z")));
            List<FileDelivery> steps = everyState(visits);
            JobLock lock = lock("job");
            ExportRun expected = run(lock)
                    .fireTime(NOON.minusSeconds(1))
                    .endedAt(NOON.plusSeconds(60))
                    .status(RunStatus.GIVEN_UP)
                    .attempts(3)
                    .rejected(4)
                    .sensitive(true)
                    .windows(windows)
                    .deliveryIds(steps.stream().map(FileDelivery::delivery).toList())
                    .sequence(12)
                    .files(List.of(visits, donors))
                    .deliveries(steps)
                    .failure(new RunFailure("DeliveryException", STRANGE + "and on ".repeat(1000)))
                    .rejected(3)
                    .note(STRANGE)
                    .log(everyPhase())
                    .build();

            store.save(lock, expected);

            assertKept(expected);
            assertThat(store.run(expected.number()).orElseThrow().windows().keySet())
                    .as("in the order of the job")
                    .containsExactly("visits", "donors", "custom");
            assertThat(store.runs("job", 1).stream().map(ExportStoreContract::everything))
                    .containsExactly(everything(expected));
            restart();
            assertKept(expected);
        }

        /** An entry of each phase, with and without what it may have. */
        private List<RunLogEntry> everyPhase() {
            List<RunLogEntry> log = new ArrayList<>();
            for (RunPhase phase : RunPhase.values()) {
                log.add(new RunLogEntry(NOON, phase, Optional.empty(), 0, 0, 0, Optional.empty()));
                log.add(new RunLogEntry(
                        NOON.plusSeconds(1),
                        phase,
                        Optional.of("lakeside"),
                        10,
                        5_000_000_000L,
                        3,
                        Optional.of(new RunFailure("DeliveryException", STRANGE))));
            }
            return log;
        }

        /** A delivery in each state, with and without what it may have. */
        private List<FileDelivery> everyState(StagedFile file) {
            PreparedFile renamed = PreparedFile.renamed("/out/visits-12.csv", "/out/" + STRANGE);
            PreparedFile direct = PreparedFile.direct("registrar@lakeside.example");
            List<FileDelivery> steps = new ArrayList<>();
            FileDelivery pending = FileDelivery.pending("pending", file.path());
            steps.add(pending);
            steps.add(FileDelivery.pending("renamed", file.path()).toPrepared(renamed));
            steps.add(FileDelivery.pending("direct", file.path()).toPrepared(direct));
            for (Publication publication : Publication.values()) {
                steps.add(FileDelivery.pending("published-" + publication, file.path())
                        .toPrepared(renamed)
                        .toPublished(new DeliveryReceipt("/out/visits-12.csv", publication), NOON.plusSeconds(30)));
            }
            steps.add(FileDelivery.pending("unknown", file.path())
                    .toPrepared(renamed)
                    .toUnknown());
            steps.add(FileDelivery.pending("unknown-pending", file.path()).toUnknown());
            steps.add(FileDelivery.pending("removed", file.path())
                    .toPrepared(renamed)
                    .toRemoved());
            steps.add(FileDelivery.pending("removed-pending", file.path()).toRemoved());
            assertThat(steps.stream().map(FileDelivery::state)).contains(DeliveryState.values());
            return steps;
        }

        @Test
        void should_keep_that_a_run_has_nothing_yet() throws Exception {
            JobLock lock = lock("job");
            ExportRun expected = run(lock).build();

            store.save(lock, expected);

            assertKept(expected);
            restart();
            assertKept(expected);
        }

        @Test
        void should_keep_each_status_and_trigger() {
            JobLock lock = lock("job");
            List<ExportRun> expected = new ArrayList<>();
            for (RunStatus status : RunStatus.values()) {
                expected.add(run(lock).status(status).build());
            }
            for (Trigger trigger : Trigger.values()) {
                expected.add(RunBuilder.planned(store.newRunNumber(), "job", trigger, NOON)
                        .build());
            }

            expected.forEach(run -> store.save(lock, run));

            assertThat(expected).allSatisfy(ExportStoreContract.this::assertKept);
        }

        @Test
        void should_be_replaced_by_what_is_saved_later() throws Exception {
            JobLock lock = lock("job");
            ExportRun run = run(lock).build();
            for (RunStatus status : List.of(
                    RunStatus.PLANNED,
                    RunStatus.STAGED,
                    RunStatus.PUBLISHING,
                    RunStatus.COMMITTED,
                    RunStatus.PUBLISHING, // no engine goes back, but what was saved last is what counts
                    RunStatus.GIVEN_UP)) {
                ExportRun next = RunBuilder.of(run)
                        .status(status)
                        .note("now " + status)
                        .attempts(run.attempts() + 1)
                        .build();

                store.save(lock, next);

                assertKept(next);
                assertThat(store.runs("job", 10)).hasSize(1);
                assertThat(store.unfinishedRuns("job")).hasSize(status.ended() ? 0 : 1);
            }
            restart();
            assertThat(store.run(run.number()).orElseThrow().status()).isEqualTo(RunStatus.GIVEN_UP);
            assertThat(store.unfinishedRuns("job")).isEmpty();
        }

        @Test
        void should_be_listed_newest_first_up_to_the_limit() throws Exception {
            JobLock lock = lock("job");
            List<Long> saved = new ArrayList<>();
            for (int i = 0; i < 12; i++) { // more than nine, so that numbers are not ordered as texts
                saved.add(
                        0,
                        saved(lock, i % 3 == 0 ? RunStatus.PUBLISHING : RunStatus.COMMITTED)
                                .number());
            }
            restart();

            assertThat(numbers(store.runs("job", 5))).isEqualTo(saved.subList(0, 5));
            assertThat(numbers(store.runs("job", 12))).isEqualTo(saved);
            assertThat(numbers(store.runs("job", Integer.MAX_VALUE))).isEqualTo(saved);
        }

        @Test
        void should_be_listed_oldest_first_while_they_are_unfinished() throws Exception {
            JobLock lock = lock("job");
            List<Long> unfinished = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                for (RunStatus status : RunStatus.values()) {
                    ExportRun run = saved(lock, status);
                    if (!status.ended()) {
                        unfinished.add(run.number());
                    }
                }
            }
            restart();

            assertThat(numbers(store.unfinishedRuns("job"))).isEqualTo(unfinished);
        }

        @Test
        void should_be_unknown_until_they_are_saved() {
            assertThat(store.run(store.newRunNumber())).isEmpty();
            assertThat(store.runs("job", 10)).isEmpty();
            assertThat(store.unfinishedRuns("job")).isEmpty();
        }

        @Test
        void should_be_seen_by_their_job_only() {
            ExportRun run = saved(lock("job"), RunStatus.STAGED);
            ExportRun other = saved(lock("job-2"), RunStatus.STAGED);

            assertThat(numbers(store.runs("job", 10))).containsExactly(run.number());
            assertThat(numbers(store.runs("job-2", 10))).containsExactly(other.number());
            assertThat(numbers(store.unfinishedRuns("job"))).containsExactly(run.number());
            assertThat(numbers(store.unfinishedRuns("job-2"))).containsExactly(other.number());
            assertThat(store.runs("jo", 10)).isEmpty();
            assertKept(run);
            assertKept(other);
        }
    }

    @Nested
    class Positions {

        @Test
        void should_be_none_at_first() {
            assertThat(store.positions("job")).isEqualTo(JobPositions.NONE);
        }

        @Test
        void should_move_together() throws Exception {
            JobPositions first = new JobPositions(
                    Map.of(
                            "visits", WINDOW.until(),
                            "donors", Position.of(Long.MAX_VALUE),
                            "custom", new Position("custom", STRANGE)),
                    41,
                    12);
            JobPositions second = new JobPositions(Map.of("visits", WINDOW.from()), 42, 12);
            JobLock lock = lock("job");

            store.commit(lock, JobPositions.NONE, first);
            assertThat(store.positions("job")).isEqualTo(first);
            assertThat(store.positions("other")).isEqualTo(JobPositions.NONE);

            store.commit(lock, first, second);
            assertThat(store.positions("job")).isEqualTo(second);
            lock.close();
            restart();
            assertThat(store.positions("job")).isEqualTo(second);
        }

        @Test
        void should_not_move_from_where_they_are_not() {
            Position at = Position.of(7);
            JobPositions current = new JobPositions(Map.of("visits", at), 7, 7);
            JobLock lock = lock("job");
            store.commit(lock, JobPositions.NONE, current);

            for (JobPositions wrong : List.of(
                    JobPositions.NONE,
                    positions(6),
                    new JobPositions(current.positions(), 6, 7),
                    new JobPositions(current.positions(), 7, 6),
                    new JobPositions(Map.of(), 7, 7),
                    new JobPositions(Map.of("visits", at, "donors", at), 7, 7),
                    new JobPositions(Map.of("donors", at), 7, 7),
                    new JobPositions(Map.of("visits", new Position("custom", at.text())), 7, 7))) {
                assertRefused(() -> store.commit(lock, wrong, positions(8)));
                assertThat(store.positions("job")).isEqualTo(current);
            }

            store.commit(lock, current, positions(8));
            assertThat(store.positions("job")).isEqualTo(positions(8));
        }

        @Test
        void should_not_begin_where_nothing_is() {
            JobLock lock = lock("job");

            assertRefused(() -> store.commit(lock, positions(1), positions(2)));

            assertThat(store.positions("job")).isEqualTo(JobPositions.NONE);
        }
    }

    @Nested
    class FirePlans {

        private final FirePlan today = plan("daily at 07:00 UTC", NOON);
        private final FirePlan tomorrow = plan("daily at 07:00 UTC", NOON.plus(Duration.ofDays(1)));

        private static FirePlan plan(String schedule, Instant next) {
            return FirePlan.of(schedule, Optional.of(next));
        }

        @Test
        void should_be_none_at_first() {
            assertThat(store.firePlan("job")).isEmpty();
            assertThat(store.replaceFirePlan("job", Optional.of(today), tomorrow))
                    .isFalse();
            assertThat(store.firePlan("job")).isEmpty();
        }

        @Test
        void should_be_kept_for_each_job() throws Exception {
            FirePlan over = FirePlan.of("once " + STRANGE + "at 07:00, ".repeat(200), Optional.empty());

            assertThat(store.replaceFirePlan("job", Optional.empty(), today)).isTrue();
            assertThat(store.replaceFirePlan("other", Optional.empty(), over)).isTrue();

            restart();
            assertThat(store.firePlan("job")).contains(today);
            assertThat(store.firePlan("other")).contains(over);
        }

        @Test
        void should_be_replaced_only_where_they_are_the_expected_ones() {
            store.replaceFirePlan("job", Optional.empty(), today);

            assertThat(store.replaceFirePlan("job", Optional.empty(), tomorrow)).isFalse();
            assertThat(store.replaceFirePlan("job", Optional.of(tomorrow), tomorrow))
                    .isFalse();
            assertThat(store.replaceFirePlan("job", Optional.of(plan("daily at 08:00 UTC", NOON)), tomorrow))
                    .isFalse();
            assertThat(store.replaceFirePlan(
                            "job", Optional.of(FirePlan.of("daily at 07:00 UTC", Optional.empty())), tomorrow))
                    .isFalse();
            assertThat(store.firePlan("job")).contains(today);

            assertThat(store.replaceFirePlan("job", Optional.of(today), tomorrow))
                    .isTrue();
            assertThat(store.replaceFirePlan("job", Optional.of(today), tomorrow))
                    .isFalse();
            assertThat(store.firePlan("job")).contains(tomorrow);
        }

        @Test
        void should_end() {
            FirePlan over = FirePlan.of("once", Optional.empty());
            store.replaceFirePlan("job", Optional.empty(), today);

            assertThat(store.replaceFirePlan("job", Optional.of(today), over)).isTrue();
            assertThat(store.firePlan("job")).contains(over);
            assertThat(store.replaceFirePlan("job", Optional.of(over), today)).isTrue();
            assertThat(store.firePlan("job")).contains(today);
        }

        @Test
        void should_let_exactly_one_claim_a_due_fire() throws Exception {
            int fires = 100;
            CyclicBarrier bothHaveSeenIt = new CyclicBarrier(2);
            List<Callable<List<Boolean>>> nodes = new ArrayList<>();
            for (ExportStore node : List.of(store, opened(secondNode(store)))) {
                nodes.add(() -> {
                    List<Boolean> won = new ArrayList<>();
                    for (int fire = 1; fire <= fires; fire++) {
                        Optional<FirePlan> due = node.firePlan("job");
                        bothHaveSeenIt.await(1, TimeUnit.MINUTES);
                        won.add(node.replaceFirePlan("job", due, plan("every second", NOON.plusSeconds(fire))));
                        bothHaveSeenIt.await(1, TimeUnit.MINUTES);
                    }
                    return won;
                });
            }

            List<List<Boolean>> won = AtOnce.run(nodes);

            for (int fire = 0; fire < fires; fire++) {
                assertThat(List.of(won.get(0).get(fire), won.get(1).get(fire)))
                        .as("fire " + fire)
                        .containsExactlyInAnyOrder(true, false);
            }
            assertThat(store.firePlan("job")).contains(plan("every second", NOON.plusSeconds(fires)));
        }
    }

    @Nested
    class Pruning {

        private final List<Long> forgotten = new ArrayList<>();

        private void prune(Instant endedBefore) {
            store.prune("job", endedBefore, run -> {
                assertKept(run); // it is forgotten afterwards
                forgotten.add(run.number());
            });
        }

        @Test
        void should_forget_the_oldest_first() throws Exception {
            JobLock lock = lock("job");
            List<Long> all = new ArrayList<>();
            for (int day = 1; day <= 12; day++) {
                all.add(ended(lock, Duration.ofDays(day), Duration.ofDays(day)).number());
            }

            prune(NOON.plus(Duration.ofDays(11)));

            assertThat(forgotten).isEqualTo(all.subList(0, 10));
            assertThat(numbers(store.runs("job", 100))).containsExactly(all.get(11), all.get(10));
            assertThat(forgotten)
                    .allSatisfy(number -> assertThat(store.run(number)).isEmpty());
            lock.close();
            restart();
            assertThat(numbers(store.runs("job", 100))).containsExactly(all.get(11), all.get(10));
        }

        @Test
        void should_forget_only_what_ended_before_the_time() {
            JobLock lock = lock("job");
            ExportRun before = ended(lock, Duration.ZERO, Duration.ofSeconds(59));
            ExportRun at = ended(lock, Duration.ofSeconds(1), Duration.ofSeconds(60));

            prune(NOON.plusSeconds(60));

            assertThat(forgotten).containsExactly(before.number());
            assertKept(at);
        }

        @Test
        void should_pass_over_a_run_that_began_earlier_and_ended_later() {
            JobLock lock = lock("job");
            ExportRun slow = ended(lock, Duration.ZERO, Duration.ofDays(3));
            ExportRun quick = ended(lock, Duration.ofHours(1), Duration.ofHours(2));

            prune(NOON.plus(Duration.ofDays(1)));

            assertThat(forgotten).containsExactly(quick.number());
            assertKept(slow);
        }

        @Test
        void should_keep_what_has_not_ended() {
            JobLock lock = lock("job");
            ExportRun open = saved(lock, RunStatus.PUBLISHING);
            ExportRun held = run(lock)
                    .status(RunStatus.HELD)
                    .endedAt(NOON.plusSeconds(1))
                    .build();
            store.save(lock, held);
            ExportRun ended = ended(lock, Duration.ofSeconds(1), Duration.ofSeconds(2));

            prune(NOON.plus(Duration.ofDays(1)));

            assertThat(forgotten).containsExactly(ended.number());
            assertThat(numbers(store.unfinishedRuns("job"))).containsExactly(open.number(), held.number());
        }

        @Test
        void should_stop_where_the_callback_throws() {
            JobLock lock = lock("job");
            ExportRun first = ended(lock, Duration.ofSeconds(1), Duration.ofSeconds(1));
            ExportRun second = ended(lock, Duration.ofSeconds(2), Duration.ofSeconds(2));
            ExportRun third = ended(lock, Duration.ofSeconds(3), Duration.ofSeconds(3));

            assertThatThrownBy(() -> store.prune("job", NOON.plusSeconds(60), run -> {
                        if (run.number() == second.number()) {
                            throw new IllegalStateException("the files can't be removed");
                        }
                    }))
                    .hasStackTraceContaining("the files can't be removed");

            assertThat(store.run(first.number())).isEmpty();
            assertKept(second);
            assertKept(third);
            prune(NOON.plusSeconds(60));
            assertThat(forgotten).containsExactly(second.number(), third.number());
        }

        @Test
        void should_leave_everything_else() {
            JobLock lock = lock("job");
            ExportRun run = ended(lock, Duration.ZERO, Duration.ZERO);
            ExportRun other = ended(lock("other"), Duration.ZERO, Duration.ZERO);
            JobPositions positions = positions(run.number());
            FirePlan plan = FirePlan.of("daily", Optional.of(NOON));
            store.commit(lock, JobPositions.NONE, positions);
            store.replaceFirePlan("job", Optional.empty(), plan);

            prune(NOON.plusSeconds(1));
            store.prune("never-known", NOON, unexpected -> forgotten.add(unexpected.number()));

            assertThat(forgotten).containsExactly(run.number());
            assertKept(other);
            assertThat(store.positions("job")).isEqualTo(positions);
            assertThat(store.firePlan("job")).contains(plan);
            assertThat(store.tryLock("job")).as("the lock that is held").isEmpty();
            saved(lock, RunStatus.PLANNED);
        }
    }

    @Nested
    class Jobs {

        @Test
        void should_be_known_by_their_runs_and_positions() throws Exception {
            assertThat(store.jobs()).isEmpty();

            saved(lock("with-open-run"), RunStatus.PUBLISHING);
            saved(lock("with-ended-run"), RunStatus.COMMITTED);
            store.commit(lock("a-job-with-positions"), JobPositions.NONE, positions(1));

            assertThat(store.jobs()).containsExactly("a-job-with-positions", "with-ended-run", "with-open-run");
            restart();
            assertThat(store.jobs()).containsExactly("a-job-with-positions", "with-ended-run", "with-open-run");
        }

        @Test
        void should_not_be_known_by_anything_else() {
            lock("locked");
            store.replaceFirePlan("planned", Optional.empty(), FirePlan.of("daily", Optional.of(NOON)));
            ended(lock("forgotten"), Duration.ZERO, Duration.ZERO);
            store.prune("forgotten", NOON.plusSeconds(1), run -> {});

            assertThat(store.jobs()).isEmpty();
        }
    }

    @Nested
    class RunQueries {

        private final List<ExportRun> saved = new ArrayList<>();

        /** Every trigger and status of two jobs, a day apart. */
        private void saveAll() {
            JobLock job = lock("job");
            JobLock other = lock("other");
            for (Trigger trigger : Trigger.values()) {
                for (RunStatus status : RunStatus.values()) {
                    JobLock lock = saved.size() % 3 == 0 ? other : job;
                    ExportRun run = RunBuilder.planned(
                                    store.newRunNumber(), lock.job(), trigger, NOON.plus(Duration.ofDays(saved.size())))
                            .token(lock.token())
                            .status(status)
                            .build();
                    store.save(lock, run);
                    saved.add(0, run);
                }
            }
            job.close();
            other.close();
        }

        private void assertLists(RunQuery query, Predicate<ExportRun> expected) {
            assertThat(numbers(store.runs(query.limit(1000))))
                    .as("" + query)
                    .isNotEmpty()
                    .hasSizeLessThan(saved.size())
                    .isEqualTo(numbers(saved.stream().filter(expected).toList()));
        }

        @Test
        void should_list_runs_of_all_jobs_newest_first() throws Exception {
            saveAll();

            assertThat(numbers(store.runs(RunQuery.all().limit(1000)))).isEqualTo(numbers(saved));
            restart();
            assertThat(numbers(store.runs(RunQuery.all().limit(5)))).isEqualTo(numbers(saved.subList(0, 5)));
            assertThat(numbers(store.runs(RunQuery.all()))).isEqualTo(numbers(saved.subList(0, 50)));
        }

        @Test
        void should_filter_by_everything() throws Exception {
            saveAll();
            Instant day7 = NOON.plus(Duration.ofDays(7));

            for (int round = 0; round < 2; round++) {
                assertLists(RunQuery.ofJob("other"), run -> run.job().equals("other"));
                assertLists(
                        RunQuery.all().status(RunStatus.HELD, RunStatus.FAILED),
                        run -> run.status() == RunStatus.HELD || run.status() == RunStatus.FAILED);
                assertLists(
                        RunQuery.all().status(RunStatus.HELD, RunStatus.PUBLISHING),
                        run -> run.status() == RunStatus.HELD || run.status() == RunStatus.PUBLISHING);
                assertLists(
                        RunQuery.all().trigger(Trigger.TEST, Trigger.MANUAL),
                        run -> run.trigger() == Trigger.TEST || run.trigger() == Trigger.MANUAL);
                assertLists(
                        RunQuery.all().startedFrom(day7),
                        run -> !run.startedAt().isBefore(day7));
                assertLists(
                        RunQuery.all().startedBefore(day7),
                        run -> run.startedAt().isBefore(day7));
                assertLists(
                        RunQuery.ofJob("job").outcomes(),
                        run -> run.job().equals("job")
                                && run.trigger().movesPositions()
                                && run.status().ended()
                                && run.status() != RunStatus.DROPPED);
                restart();
            }
        }

        @Test
        void should_know_no_run_that_does_not_pass() {
            assertThat(store.runs(RunQuery.all())).isEmpty();
            saveAll();

            assertThat(store.runs(RunQuery.ofJob("jo"))).isEmpty();
            assertThat(store.runs(RunQuery.ofJob("never-known").status(RunStatus.HELD)))
                    .isEmpty();
            assertThat(store.runs(RunQuery.all().startedBefore(NOON))).isEmpty();
        }

        @Test
        void should_page_while_runs_come_and_go() {
            saveAll();
            RunQuery query = RunQuery.ofJob("job")
                    .trigger(Trigger.SCHEDULED, Trigger.BACKFILL)
                    .limit(3);
            List<Long> expected =
                    numbers(saved.stream().filter(query.limit(1000)::matches).toList());
            List<Long> seen = new ArrayList<>();
            JobLock lock = lock("job");

            List<ExportRun> page = store.runs(query);
            while (!page.isEmpty()) {
                assertThat(page.size()).isLessThanOrEqualTo(3);
                seen.addAll(numbers(page));
                saved(lock, RunStatus.COMMITTED); // newer than all pages
                long last = seen.get(seen.size() - 1);
                page = store.runs(query.below(last));
            }

            assertThat(seen).hasSizeGreaterThan(6).isEqualTo(expected);
            assertThat(store.runs(query.below(1))).isEmpty();
        }

        @Test
        void should_page_below_a_run_that_was_forgotten() {
            JobLock lock = lock("job");
            List<Long> all = new ArrayList<>();
            for (int day = 1; day <= 4; day++) {
                all.add(ended(lock, Duration.ofDays(day), Duration.ofDays(day)).number());
            }
            store.prune("job", NOON.plus(Duration.ofDays(3)), run -> {});

            assertThat(store.runs(RunQuery.ofJob("job").below(all.get(1)))).isEmpty();
            assertThat(numbers(store.runs(RunQuery.ofJob("job").below(all.get(3)))))
                    .containsExactly(all.get(2));
        }

        @Test
        void should_see_a_change_of_a_run_in_the_next_query() {
            JobLock lock = lock("job");
            ExportRun run = saved(lock, RunStatus.PLANNED);
            RunQuery failed = RunQuery.ofJob("job").status(RunStatus.FAILED);
            assertThat(store.runs(failed)).isEmpty();

            store.save(lock, RunBuilder.of(run).status(RunStatus.FAILED).build());

            assertThat(numbers(store.runs(failed))).containsExactly(run.number());
        }

        @Test
        void should_find_the_runs_whose_files_remain() throws Exception {
            StagedFile file = new StagedFile("visits", "", "visits-12.csv", 10, 1234, "0".repeat(64));
            PreparedFile prepared = PreparedFile.renamed("/out/visits-12.csv", "/out/.visits-12.csv");
            FileDelivery pending = FileDelivery.pending("lakeside", file.path());
            FileDelivery mailed =
                    pending.toPublished(new DeliveryReceipt("registrar@lakeside.example", Publication.ACCEPTED), NOON);
            FileDelivery remains = pending.toPrepared(prepared)
                    .toPublished(new DeliveryReceipt("/out/visits-12.csv", Publication.ATOMIC), NOON);
            FileDelivery deleted = remains.toRetired(new FileRemoval(FileRemoval.Outcome.DELETED, NOON));
            JobLock lock = lock("job");
            List<Long> expected = new ArrayList<>();
            for (List<FileDelivery> steps : List.of(
                    List.<FileDelivery>of(),
                    List.of(pending, mailed),
                    List.of(remains),
                    List.of(deleted),
                    List.of(mailed, deleted, remains))) {
                ExportRun run = run(lock)
                        .status(RunStatus.COMMITTED)
                        .files(List.of(file))
                        .deliveries(steps)
                        .build();
                store.save(lock, run);
                if (steps.contains(remains)) {
                    expected.add(0, run.number());
                }
            }
            RunQuery query = RunQuery.ofJob("job").filesRemain().limit(Integer.MAX_VALUE);

            assertThat(numbers(store.runs(query))).isEqualTo(expected);
            restart();
            assertThat(numbers(store.runs(query))).isEqualTo(expected);
        }
    }

    @Nested
    class JobStates {

        private final JobPause pause = new JobPause(JobPause.By.OPERATOR, "until the " + STRANGE, NOON);

        @Test
        void should_be_none_at_first() {
            assertThat(store.jobState("job")).isEqualTo(JobState.NONE);
        }

        @Test
        void should_be_kept_for_each_job() throws Exception {
            JobState paused = JobState.NONE.toPaused(pause).toFailures(3);
            JobState failed = JobState.of(
                    Optional.of(new JobPause(JobPause.By.FAILURES, "it failed ".repeat(200), NOON)), 1_000_000);

            assertThat(store.replaceJobState("job", JobState.NONE, paused)).isTrue();
            assertThat(store.replaceJobState("other", JobState.NONE, failed)).isTrue();

            restart();
            assertThat(store.jobState("job")).isEqualTo(paused);
            assertThat(store.jobState("other")).isEqualTo(failed);
            assertThat(store.jobState("third")).isEqualTo(JobState.NONE);
        }

        @Test
        void should_be_replaced_only_where_they_are_the_expected_ones() {
            JobState paused = JobState.NONE.toPaused(pause);
            store.replaceJobState("job", JobState.NONE, paused);

            for (JobState wrong : List.of(
                    JobState.NONE,
                    paused.toFailures(1),
                    JobState.NONE.toPaused(new JobPause(JobPause.By.FAILURES, pause.reason(), NOON)),
                    JobState.NONE.toPaused(new JobPause(JobPause.By.OPERATOR, "other", NOON)),
                    JobState.NONE.toPaused(
                            new JobPause(JobPause.By.OPERATOR, pause.reason(), NOON.plus(1, ChronoUnit.MICROS))))) {
                assertThat(store.replaceJobState("job", wrong, JobState.NONE.toFailures(7)))
                        .as("" + wrong)
                        .isFalse();
                assertThat(store.jobState("job")).isEqualTo(paused);
            }
            assertThat(store.replaceJobState("job", paused, paused.toResumed())).isTrue();
            assertThat(store.jobState("job")).isEqualTo(JobState.NONE);
            assertThat(store.replaceJobState("job", JobState.NONE, paused)).isTrue();
        }

        @Test
        void should_lose_no_change_of_many_nodes() throws Exception {
            List<Callable<Integer>> nodes = new ArrayList<>();
            for (ExportStore node : List.of(store, opened(secondNode(store)))) {
                nodes.add(() -> {
                    for (int i = 0; i < 25; i++) {
                        JobState before = node.jobState("job");
                        while (!node.replaceJobState("job", before, before.toFailures(before.failuresInARow() + 1))) {
                            before = node.jobState("job");
                        }
                    }
                    return 25;
                });
            }

            AtOnce.run(nodes);

            assertThat(store.jobState("job").failuresInARow()).isEqualTo(50);
        }

        @Test
        void should_need_no_lock_and_make_no_job_known() {
            lock("job");

            assertThat(store.replaceJobState("job", JobState.NONE, JobState.NONE.toPaused(pause)))
                    .isTrue();

            assertThat(store.jobs()).isEmpty();
        }
    }

    @Nested
    class JobRecords {

        @Test
        void should_be_empty_for_jobs_that_are_not_known() {
            assertThat(store.jobRecords(List.of())).isEmpty();
            assertThat(store.jobRecords(List.of("b", "a")))
                    .containsExactly(
                            new JobRecord("b", JobState.NONE, Optional.empty(), Optional.empty(), List.of()),
                            new JobRecord("a", JobState.NONE, Optional.empty(), Optional.empty(), List.of()));
        }

        @Test
        void should_hold_what_a_list_shows() throws Exception {
            JobState paused = JobState.NONE.toPaused(new JobPause(JobPause.By.OPERATOR, "maintenance", NOON));
            FirePlan plan = FirePlan.of("daily", Optional.of(NOON));
            store.replaceJobState("job", JobState.NONE, paused);
            store.replaceFirePlan("job", Optional.empty(), plan);
            JobLock lock = lock("job");
            saved(lock, RunStatus.COMMITTED);
            ExportRun failed = saved(lock, RunStatus.FAILED);
            ExportRun held = saved(lock, RunStatus.HELD);
            saved(lock, RunStatus.DROPPED);
            ExportRun publishing = saved(lock, RunStatus.PUBLISHING);
            store.save(
                    lock,
                    RunBuilder.planned(store.newRunNumber(), "job", Trigger.TEST, NOON)
                            .status(RunStatus.COMMITTED)
                            .build());
            ExportRun other = saved(lock("other"), RunStatus.EMPTY);
            restart();

            List<JobRecord> records = store.jobRecords(List.of("other", "never-known", "job"));

            assertThat(records).extracting(JobRecord::job).containsExactly("other", "never-known", "job");
            assertThat(records.get(0).lastOutcome().map(ExportRun::number)).contains(other.number());
            assertThat(records.get(0).unfinished()).isEmpty();
            assertThat(records.get(1).lastOutcome()).isEmpty();
            JobRecord job = records.get(2);
            assertThat(job.state()).isEqualTo(paused);
            assertThat(job.plan()).contains(plan);
            assertThat(job.lastOutcome().map(ExportStoreContract::everything)).contains(everything(failed));
            assertThat(numbers(job.unfinished())).containsExactly(held.number(), publishing.number());
        }
    }

    @Nested
    class Removal {

        private final List<Long> forgotten = new ArrayList<>();

        private record Filled(JobLock lock, ExportRun ended, ExportRun open) {}

        private Filled fill(String job) {
            JobLock lock = lock(job);
            ExportRun ended = saved(lock, RunStatus.COMMITTED);
            ExportRun open = saved(lock, RunStatus.STAGED);
            store.commit(lock, JobPositions.NONE, positions(ended.number()));
            store.replaceFirePlan(job, Optional.empty(), FirePlan.of("daily", Optional.of(NOON)));
            store.replaceJobState(job, JobState.NONE, JobState.NONE.toFailures(2));
            return new Filled(lock, ended, open);
        }

        private void remove(JobLock lock, History history) {
            store.removeJob(lock, history, run -> {
                assertKept(run);
                forgotten.add(run.number());
            });
        }

        @Test
        void should_keep_history() throws Exception {
            Filled job = fill("job");

            remove(job.lock(), History.KEEP);

            assertThat(forgotten).isEmpty();
            job.lock().close();
            restart();
            assertThat(store.firePlan("job")).isEmpty();
            assertThat(store.jobState("job")).isEqualTo(JobState.NONE);
            assertThat(store.positions("job")).isEqualTo(positions(job.ended().number()));
            assertKept(job.ended());
            assertKept(job.open());
            assertThat(store.jobs()).containsExactly("job");
        }

        @Test
        void should_purge_history() throws Exception {
            Filled job = fill("job");
            Filled other = fill("job-2");
            other.lock().close();
            store.runs(RunQuery.all().status(RunStatus.COMMITTED));

            remove(job.lock(), History.PURGE);

            assertThat(forgotten)
                    .containsExactlyInAnyOrder(job.ended().number(), job.open().number());
            assertThat(store.tryLock("job")).as("the lock that is held").isEmpty();
            for (int round = 0; round < 2; round++) {
                assertThat(store.firePlan("job")).isEmpty();
                assertThat(store.jobState("job")).isEqualTo(JobState.NONE);
                assertThat(store.positions("job")).isEqualTo(JobPositions.NONE);
                assertThat(store.run(job.ended().number())).isEmpty();
                assertThat(store.run(job.open().number())).isEmpty();
                assertThat(store.unfinishedRuns("job")).isEmpty();
                assertThat(store.jobs()).containsExactly("job-2");
                assertThat(numbers(store.runs(RunQuery.all())))
                        .containsExactly(other.open().number(), other.ended().number());
                assertThat(store.positions("job-2"))
                        .isEqualTo(positions(other.ended().number()));
                job.lock().close();
                restart();
            }
        }

        @Test
        void should_begin_anew_with_other_numbers() throws Exception {
            Filled job = fill("job");
            remove(job.lock(), History.PURGE);
            job.lock().close();
            restart();

            try (JobLock again = lock("job")) {
                ExportRun first = saved(again, RunStatus.COMMITTED);
                store.commit(again, JobPositions.NONE, positions(first.number()));

                assertThat(again.token()).isGreaterThan(job.lock().token());
                assertThat(first.number()).isGreaterThan(job.open().number());
                assertThat(numbers(store.runs(RunQuery.ofJob("job")))).containsExactly(first.number());
            }
        }

        @Test
        void should_be_repeatable_after_the_callback_has_thrown() {
            Filled job = fill("job");

            assertThatThrownBy(() -> store.removeJob(job.lock(), History.PURGE, run -> {
                        throw new IllegalStateException("the files can't be removed");
                    }))
                    .hasStackTraceContaining("the files can't be removed");
            remove(job.lock(), History.PURGE);

            assertThat(forgotten)
                    .containsExactlyInAnyOrder(job.ended().number(), job.open().number());
            assertThat(store.jobs()).isEmpty();
            remove(job.lock(), History.PURGE);
            remove(job.lock(), History.KEEP);
        }

        @Test
        void should_be_refused_without_the_lock() {
            Filled job = fill("job");
            JobLock lost = job.lock();
            lost.close();

            assertRefused(() -> remove(lost, History.PURGE));
            lock("job");
            assertRefused(() -> remove(lost, History.KEEP));

            assertKept(job.ended());
            assertThat(store.firePlan("job")).isPresent();
            assertThat(store.jobState("job")).isEqualTo(JobState.NONE.toFailures(2));
        }
    }

    @Nested
    class ManyThreads {

        @Test
        void should_run_jobs_at_the_same_time() throws Exception {
            ExportStore second = opened(secondNode(store));
            List<Callable<List<Long>>> tasks = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                ExportStore node = i % 2 == 0 ? store : second;
                String job = "job-" + i;
                tasks.add(
                        () -> Stream.generate(() -> runOnce(node, job)).limit(5).toList());
            }

            List<List<Long>> done = AtOnce.run(tasks);

            restart();
            assertThat(done.stream().flatMap(List::stream)).hasSize(20).doesNotHaveDuplicates();
            for (int i = 0; i < 4; i++) {
                List<Long> ofJob = done.get(i);
                assertThat(numbers(store.runs("job-" + i, 10)).stream().sorted())
                        .isEqualTo(ofJob);
                assertThat(store.unfinishedRuns("job-" + i)).isEmpty();
                assertThat(store.positions("job-" + i)).isEqualTo(positions(ofJob.get(4)));
            }
        }

        private static long runOnce(ExportStore node, String job) {
            try (JobLock lock = node.tryLock(job).orElseThrow()) {
                ExportRun run = RunBuilder.planned(node.newRunNumber(), job, Trigger.MANUAL, NOON)
                        .token(lock.token())
                        .build();
                node.save(lock, run);
                node.commit(lock, node.positions(job), positions(run.number()));
                node.save(lock, RunBuilder.of(run).status(RunStatus.COMMITTED).build());
                return run.number();
            }
        }

        @Test
        void should_show_each_write_as_a_whole() throws Exception {
            ExportStore second = opened(secondNode(store));
            JobLock lock = lock("job");
            AtomicBoolean written = new AtomicBoolean();
            ExportRun run = saved(lock, RunStatus.PLANNED);
            Callable<List<String>> writer = () -> {
                try {
                    JobPositions current = JobPositions.NONE;
                    for (int i = 1; i <= 25; i++) {
                        JobPositions next = positions(i);
                        store.commit(lock, current, next);
                        RunStatus status = i % 2 == 0 ? RunStatus.STAGED : RunStatus.COMMITTED;
                        store.save(
                                lock,
                                RunBuilder.of(run)
                                        .status(status)
                                        .note("" + status)
                                        .build());
                        current = next;
                    }
                    return List.of();
                } finally {
                    written.set(true);
                }
            };
            Callable<List<String>> reader = () -> {
                List<String> torn = new ArrayList<>();
                while (!written.get()) {
                    JobPositions seen = second.positions("job");
                    if (!seen.equals(seen.run() == 0 ? JobPositions.NONE : positions(seen.run()))) {
                        torn.add("" + seen);
                    }
                    Optional<ExportRun> seenRun = second.run(run.number());
                    if (seenRun.isEmpty()) {
                        torn.add("no run");
                    } else if (!seenRun.get().note().isEmpty()
                            && !seenRun.get().note().equals("" + seenRun.get().status())) {
                        torn.add(seenRun.get() + " with note " + seenRun.get().note());
                    }
                }
                return torn;
            };

            List<List<String>> torn = AtOnce.run(List.of(writer, reader));

            assertThat(torn.get(1)).isEmpty();
        }
    }
}
