package io.outfeed.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.operation.History;
import io.outfeed.operation.JobPause;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.store.ExportStore;
import io.outfeed.store.FirePlan;
import io.outfeed.store.JobLock;
import io.outfeed.store.JobState;
import io.outfeed.store.RunStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Locks: what they permit and refuse, the removal and renaming of a job under its lock, and concurrent use. */
abstract class StoreLocksContract extends StoreFixture {

    @Nested
    class Locks {

        @Test
        void should_have_one_owner_at_a_time() throws Exception {
            ExportStore second = secondNode();
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
        void should_be_released_once() {
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
            ExportStore second = secondNode();
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
        void should_write_nothing_after_their_release() {
            JobLock lock = lock("job");
            ExportRun run = saved(lock, RunStatus.STAGED);
            ExportRun unknown = run(lock).build();
            lock.close();

            assertWritesNothing(lock, run, unknown);
        }

        @Test
        void should_write_nothing_when_another_owner_has_the_job() {
            JobLock lost = lock("job");
            ExportRun run = saved(lost, RunStatus.STAGED);
            ExportRun unknown = run(lost).build();
            lost.close();
            JobLock owner = lock("job");

            assertWritesNothing(lost, run, unknown);

            save(owner, unknown);
            store.commit(owner, JobPositions.NONE, positions(2));
            assertKept(unknown);
            assertThat(store.positions("job")).isEqualTo(positions(2));
        }

        @Test
        void should_write_nothing_when_they_were_taken_away() throws Exception {
            JobLock lost = lock("job");
            ExportRun run = saved(lost, RunStatus.STAGED);
            ExportRun unknown = run(lost).build();
            assumeTrue(implementation().breakLock(lost), "skipped: this store takes no lock away");
            JobLock owner = lock("job");

            assertThat(owner.token()).isGreaterThan(lost.token());
            assertWritesNothing(lost, run, unknown);
            lost.close();
            assertThat(store.tryLock("job")).as("the lock of the new owner").isEmpty();
            store.commit(owner, JobPositions.NONE, positions(2));
            assertThat(store.positions("job")).isEqualTo(positions(2));
        }

        private void assertWritesNothing(JobLock lost, ExportRun run, ExportRun unknown) {
            assertRefused(
                    FailureCode.LOCK_LOST,
                    () -> save(
                            lost,
                            RunBuilder.of(run).status(RunStatus.PUBLISHING).build()));
            assertRefused(FailureCode.LOCK_LOST, () -> save(lost, unknown));
            assertRefused(FailureCode.LOCK_LOST, () -> store.commit(lost, JobPositions.NONE, positions(1)));
            assertKept(run);
            assertThat(store.run(unknown.number())).isEmpty();
            assertThat(store.runs(RunQuery.ofJob("job").limit(10))).hasSize(1);
            assertThat(store.positions("job")).isEqualTo(JobPositions.NONE);
        }
    }

    @Nested
    class Removal {

        private final List<Long> forgotten = new ArrayList<>();

        private record Filled(JobLock lock, ExportRun ended, ExportRun open) {}

        private Filled fill(String job) {
            JobLock lock = lock(job);
            ExportRun ended =
                    committed(lock, run(lock).status(RunStatus.COMMITTED).build());
            ExportRun open = saved(lock, RunStatus.STAGED);
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
        void should_start_again_with_new_numbers() throws Exception {
            Filled job = fill("job");
            remove(job.lock(), History.PURGE);
            job.lock().close();
            restart();

            try (JobLock again = lock("job")) {
                ExportRun first =
                        committed(again, run(again).status(RunStatus.COMMITTED).build());

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

            assertRefused(FailureCode.LOCK_LOST, () -> remove(lost, History.PURGE));
            lock("job");
            assertRefused(FailureCode.LOCK_LOST, () -> remove(lost, History.KEEP));

            assertKept(job.ended());
            assertThat(store.firePlan("job")).isPresent();
            assertThat(store.jobState("job")).isEqualTo(JobState.NONE.toFailures(2));
        }
    }

    @Nested
    class Renaming {

        private final FirePlan plan = FirePlan.of("daily", Optional.of(NOON));
        private final JobState paused = JobState.NONE.toPaused(new JobPause(JobPause.By.OPERATOR, "maintenance", NOON));

        /** A job that has all that a store keeps of one, with two runs that have ended. */
        private List<ExportRun> fill(JobLock lock) {
            ExportRun first = committed(lock, endedRun(lock, Duration.ZERO, Duration.ofSeconds(1)));
            ExportRun second = committed(lock, endedRun(lock, Duration.ofSeconds(2), Duration.ofSeconds(3)));
            ExportRun watched = save(lock, RunBuilder.of(second).note("watched").build());
            store.replaceFirePlan(lock.job(), Optional.empty(), plan);
            store.replaceJobState(lock.job(), JobState.NONE, paused);
            return List.of(first, watched);
        }

        private void assertHasAll(String job, List<ExportRun> runs) {
            long last = runs.get(1).number();
            assertThat(store.positions(job)).isEqualTo(positions(last));
            assertThat(store.firePlan(job)).contains(plan);
            assertThat(store.jobState(job)).isEqualTo(paused);
            assertThat(numbers(store.runs(RunQuery.ofJob(job))))
                    .containsExactly(last, runs.get(0).number());
            assertThat(store.runs(RunQuery.ofJob(job).status(RunStatus.COMMITTED)))
                    .extracting(ExportRun::job, ExportRun::note)
                    .containsExactly(tuple(job, "watched"), tuple(job, ""));
            assertThat(store.run(last).map(ExportRun::job)).contains(job);
            assertThat(store.jobRecords(List.of(job)).get(0).lastOutcome().map(ExportRun::number))
                    .contains(last);
            assertThat(store.jobs()).contains(job);
        }

        private void assertHasNothing(String job) {
            assertThat(store.positions(job)).isEqualTo(JobPositions.NONE);
            assertThat(store.firePlan(job)).isEmpty();
            assertThat(store.jobState(job)).isEqualTo(JobState.NONE);
            assertThat(store.runs(RunQuery.ofJob(job))).isEmpty();
            assertThat(store.runs(RunQuery.ofJob(job).status(RunStatus.COMMITTED)))
                    .isEmpty();
            assertThat(store.jobs()).doesNotContain(job);
        }

        private List<ExportRun> rename(String job, String to) {
            JobLock lock = lock(job);
            List<ExportRun> runs = fill(lock);
            store.renameJob(lock, to);
            return runs;
        }

        @Test
        void should_move_all_to_the_new_name() throws Exception {
            ExportStore second = secondNode();
            List<ExportRun> runs = rename("job", "new");

            for (int round = 0; round < 2; round++) {
                assertHasAll("new", runs);
                assertHasNothing("job");
                assertThat(store.renamedTo("job")).contains("new");
                assertThat(store.renamedTo("new")).isEmpty();
                assertThat(store.renamedTo("never-known")).isEmpty();
                assertThat(second.renamedTo("job")).contains("new");
                second = store;
                restart();
            }
        }

        @Test
        void should_let_the_job_continue_under_the_new_name() throws Exception {
            List<ExportRun> runs = rename("job", "new");
            JobLock lock = lock("new");
            ExportRun before = store.run(runs.get(0).number()).orElseThrow();

            ExportRun changed =
                    save(lock, RunBuilder.of(before).note("watched, too").build());
            ExportRun next = saved(lock, RunStatus.STAGED);
            store.commit(lock, store.positions("new"), positions(next.number()));

            restart();
            assertKept(changed);
            assertThat(numbers(store.unfinishedRuns("new"))).containsExactly(next.number());
            assertThat(store.positions("new")).isEqualTo(positions(next.number()));
        }

        @Test
        void should_take_the_lock_away() {
            JobLock lock = lock("job");
            List<ExportRun> runs = fill(lock);
            ExportRun unknown = run(lock).build();
            store.renameJob(lock, "new");

            assertRefused(() -> store.append(lock, RunStep.whole(unknown)));
            assertRefused(() -> store.append(
                    lock,
                    RunStep.next(
                            runs.get(1), RunBuilder.of(runs.get(1)).note("late").build())));
            assertRefused(() -> store.commit(lock, JobPositions.NONE, positions(9)));
            assertRefused(() -> store.renameJob(lock, "newer"));
            assertRefused(() -> store.removeJob(lock, History.PURGE, run -> {}));
            lock.close();

            assertHasAll("new", runs);
            assertHasNothing("job");
            assertThat(store.tryLock("new")).isPresent();
        }

        @Test
        void should_refuse_every_write_under_the_old_name() throws Exception {
            List<ExportRun> runs = rename("job", "new");
            restart();
            JobLock lock = lock("job");

            assertThatThrownBy(() -> store.append(lock, RunStep.whole(run(lock).build())))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("job 'job' was renamed to 'new': nothing was written; use the new name, or purge the"
                            + " old one before it is used again");
            assertRefused(() -> store.commit(lock, JobPositions.NONE, positions(9)));
            assertRefused(() -> store.replaceFirePlan("job", Optional.empty(), plan));
            assertRefused(() -> store.replaceJobState("job", JobState.NONE, paused));
            assertRefused(() -> store.renameJob(lock, "other"));

            assertHasNothing("job");
            assertHasAll("new", runs);
            assertThat(store.renamedTo("job")).contains("new");
        }

        @Test
        void should_free_the_old_name_when_it_is_purged() throws Exception {
            List<ExportRun> runs = rename("job", "new");
            JobLock lock = lock("job");
            store.removeJob(lock, History.KEEP, run -> {});
            assertThat(store.renamedTo("job")).contains("new");

            store.removeJob(lock, History.PURGE, run -> {
                throw new AssertionError("purged " + run);
            });

            assertThat(store.renamedTo("job")).isEmpty();
            ExportRun first = saved(lock, RunStatus.STAGED);
            assertThat(store.replaceFirePlan("job", Optional.empty(), plan)).isTrue();
            restart();
            assertKept(first);
            assertHasAll("new", runs);
        }

        @Test
        void should_keep_the_tombstone_when_the_new_name_is_purged() throws Exception {
            rename("job", "new");

            store.removeJob(lock("new"), History.PURGE, run -> {});

            restart();
            assertThat(store.renamedTo("job")).contains("new");
            assertHasNothing("new");
        }

        @Test
        void should_name_the_last_of_many_names() throws Exception {
            List<ExportRun> runs = rename("first", "second");
            store.renameJob(lock("second"), "third");

            restart();
            assertThat(store.renamedTo("first")).contains("third");
            assertThat(store.renamedTo("second")).contains("third");
            assertHasAll("third", runs);
            JobLock lock = lock("third");
            assertRefused(() -> store.renameJob(lock, "first"));
            try (JobLock old = lock("first")) {
                store.removeJob(old, History.PURGE, run -> {});
            }
            store.renameJob(lock, "first");
            assertHasAll("first", runs);
            assertThat(store.renamedTo("second")).contains("first");
        }

        @Test
        void should_replace_the_plan_and_the_state_of_the_new_name() throws Exception {
            store.replaceFirePlan("new", Optional.empty(), FirePlan.of("weekly", Optional.empty()));
            store.replaceJobState("new", JobState.NONE, JobState.NONE.toFailures(7));

            List<ExportRun> runs = rename("job", "new");

            restart();
            assertHasAll("new", runs);
        }

        @Test
        void should_be_refused_where_the_new_name_is_in_use() throws Exception {
            JobLock lock = lock("job");
            List<ExportRun> runs = fill(lock);
            try (JobLock other = lock("runs")) {
                ended(other, Duration.ZERO, Duration.ZERO);
            }
            try (JobLock other = lock("positions")) {
                store.commit(other, JobPositions.NONE, positions(1));
            }
            rename("tombstone", "renamed");
            assertThat(secondNode().tryLock("locked")).isPresent();

            for (String to : List.of("runs", "positions", "tombstone", "renamed", "locked")) {
                assertThatThrownBy(() -> store.renameJob(lock, to))
                        .as(to)
                        .isInstanceOf(StoreException.class)
                        .hasMessageStartingWith("can't rename job 'job' to '" + to + "': that ");
            }
            assertThatThrownBy(() -> store.renameJob(lock, "job")).isInstanceOf(IllegalArgumentException.class);

            assertHasAll("job", runs);
            assertThat(store.renamedTo("job")).isEmpty();
            assertThat(store.renamedTo("tombstone")).contains("renamed");
            store.renameJob(lock, "free");
            assertHasAll("free", runs);
        }

        @Test
        void should_be_refused_while_a_run_has_not_ended() {
            JobLock lock = lock("job");
            ExportRun open = saved(lock, RunStatus.WAITING);

            assertThatThrownBy(() -> store.renameJob(lock, "new"))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("can't rename job 'job' to 'new': it has unfinished runs: wait for their end, or end"
                            + " them");

            assertKept(open);
            assertThat(store.renamedTo("job")).isEmpty();
        }
    }

    @Nested
    class ManyThreads {

        @Test
        void should_run_jobs_at_the_same_time() throws Exception {
            ExportStore second = secondNode();
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
                assertThat(numbers(store.runs(RunQuery.ofJob("job-" + i).limit(10))).stream()
                                .sorted())
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
                save(node, lock, run);
                node.commit(lock, node.positions(job), positions(run.number()));
                save(node, lock, RunBuilder.of(run).status(RunStatus.COMMITTED).build());
                return run.number();
            }
        }

        @Test
        void should_show_each_write_as_a_whole() throws Exception {
            ExportStore second = secondNode();
            JobLock lock = lock("job");
            AtomicBoolean written = new AtomicBoolean();
            ExportRun run = saved(lock, RunStatus.PLANNED);
            Callable<List<String>> writer = () -> {
                try {
                    JobPositions current = JobPositions.NONE;
                    for (int i = 1; i <= 25; i++) {
                        JobPositions next = positions(i);
                        store.commit(lock, current, next);
                        save(
                                lock,
                                RunBuilder.of(run).status(status(i)).rejected(i).build());
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
                    } else if (seenRun.get().status() != status(seenRun.get().rejected())) {
                        torn.add(seenRun.get() + " with " + seenRun.get().rejected() + " rejects");
                    }
                }
                return torn;
            };

            List<List<String>> torn = AtOnce.run(List.of(writer, reader));

            assertThat(torn.get(1)).isEmpty();
        }

        /** The status that is written together with a number of rejects. */
        private static RunStatus status(int rejected) {
            if (rejected == 0) {
                return RunStatus.PLANNED;
            }
            return rejected % 2 == 0 ? RunStatus.STAGED : RunStatus.COMMITTED;
        }
    }
}
