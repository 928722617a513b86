package io.outfeed.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.operation.History;
import io.outfeed.operation.JobPause;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunStatus;
import io.outfeed.store.ExportStore;
import io.outfeed.store.FirePlan;
import io.outfeed.store.JobDeadline;
import io.outfeed.store.JobLock;
import io.outfeed.store.JobRecord;
import io.outfeed.store.JobState;
import io.outfeed.store.LoadedJobs;
import io.outfeed.store.NewJob;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Many jobs at once: those that are new, those that were renamed, and those that a job source has. */
abstract class StoreJobsContract extends StoreFixture {

    private static final FirePlan DAILY = FirePlan.of("daily at " + STRANGE, Optional.of(NOON));

    private static NewJob daily(String name) {
        return new NewJob(name, DAILY, JobState.NONE);
    }

    @Nested
    class NewJobs {

        private final NewJob idle = new NewJob("idle", FirePlan.of("", Optional.empty()), JobState.NONE);
        private final NewJob expected =
                new NewJob("expected", DAILY, JobState.NONE.toDeadline(new JobDeadline(NOON.minusSeconds(1), false)));
        private final NewJob overdue =
                new NewJob("overdue", DAILY, JobState.NONE.toDeadline(new JobDeadline(NOON, true)));
        private final NewJob paused = new NewJob(
                "paused",
                DAILY,
                JobState.NONE
                        .toPaused(new JobPause(JobPause.By.OPERATOR, STRANGE, NOON))
                        .toFailures(3));

        private void assertHas(NewJob job) {
            assertThat(store.firePlan(job.job())).contains(job.plan());
            assertThat(store.jobState(job.job())).isEqualTo(job.state());
        }

        @Test
        void should_have_their_plan_and_state() throws Exception {
            List<NewJob> all = List.of(daily("job"), idle, expected, overdue, paused);

            assertThat(store.addJobs(List.of())).isEmpty();
            assertThat(store.addJobs(all)).containsExactlyInAnyOrder("job", "idle", "expected", "overdue", "paused");

            all.forEach(this::assertHas);
            restart();
            all.forEach(this::assertHas);
            assertThat(store.jobs()).isEmpty();
            assertThat(store.jobRecords(List.of("paused", "expected")))
                    .extracting(JobRecord::state)
                    .containsExactly(paused.state(), expected.state());
        }

        @Test
        void should_leave_alone_what_is_known() throws Exception {
            FirePlan hourly = FirePlan.of("hourly", Optional.of(NOON));
            JobState failed = JobState.NONE.toFailures(1);
            store.replaceFirePlan("planned", Optional.empty(), hourly);
            store.replaceJobState("failed", JobState.NONE, failed);
            store.addJobs(List.of(daily("job")));

            assertThat(store.addJobs(List.of(daily("planned"), daily("failed"), daily("job"), daily("new"))))
                    .containsExactlyInAnyOrder("job", "new");

            restart();
            assertThat(store.firePlan("planned")).contains(hourly);
            assertThat(store.jobState("failed")).isEqualTo(failed);
            assertThat(store.firePlan("failed")).isEmpty();
            assertHas(daily("job"));
        }

        @Test
        void should_be_changed_as_others() throws Exception {
            store.addJobs(List.of(daily("job"), expected, idle));
            FirePlan next = FirePlan.of(DAILY.schedule(), Optional.of(NOON.plusSeconds(86_400)));
            JobState failed = expected.state().toFailures(1);

            assertThat(store.replaceFirePlan("job", Optional.of(DAILY), next)).isTrue();
            assertThat(store.replaceFirePlan("job", Optional.of(DAILY), next)).isFalse();
            assertThat(store.replaceJobState("expected", JobState.NONE, failed)).isFalse();
            assertThat(store.replaceJobState("expected", expected.state(), failed))
                    .isTrue();
            JobLock lock = lock("idle");
            committed(lock, run(lock).status(RunStatus.COMMITTED).build());

            restart();
            assertThat(store.firePlan("job")).contains(next);
            assertThat(store.firePlan("expected")).contains(DAILY);
            assertThat(store.jobState("expected")).isEqualTo(failed);
            assertThat(store.jobs()).containsExactly("idle");
            assertThat(store.addJobs(List.of(daily("job")))).isEmpty();
        }

        @Test
        void should_be_removed_as_others() throws Exception {
            store.addJobs(List.of(daily("kept"), daily("purged"), daily("job")));

            store.removeJob(lock("kept"), History.KEEP, run -> {});
            store.removeJob(lock("purged"), History.PURGE, run -> {});

            for (int round = 0; round < 2; round++) {
                assertThat(store.firePlan("kept")).isEmpty();
                assertThat(store.firePlan("purged")).isEmpty();
                assertHas(daily("job"));
                restart();
            }
            assertThat(store.addJobs(List.of(daily("kept"), daily("purged"))))
                    .containsExactlyInAnyOrder("kept", "purged");
        }

        @Test
        void should_be_renamed_as_others() throws Exception {
            store.addJobs(List.of(expected, daily("target"), daily("job")));

            store.renameJob(lock("expected"), "target");

            for (int round = 0; round < 2; round++) {
                assertHas(new NewJob("target", expected.plan(), expected.state()));
                assertThat(store.firePlan("expected")).isEmpty();
                assertThat(store.jobState("expected")).isEqualTo(JobState.NONE);
                assertHas(daily("job"));
                assertThat(store.addJobs(List.of(expected))).isEmpty();
                restart();
            }
        }

        @Test
        void should_be_thousands() throws Exception {
            List<NewJob> jobs =
                    IntStream.range(0, 6_500).mapToObj(i -> daily("job-" + i)).toList();
            List<String> names = jobs.stream().map(NewJob::job).toList();
            store.addJobs(jobs.subList(3_000, 3_001));

            assertThat(store.addJobs(jobs)).hasSameElementsAs(names);

            restart();
            assertThat(store.jobRecords(names)).extracting(JobRecord::job).isEqualTo(names);
            assertThat(store.jobRecords(names)).extracting(JobRecord::plan).containsOnly(Optional.of(DAILY));
            assertThat(store.renamedTo(names)).isEmpty();
        }

        @Test
        void should_be_planned_by_one_of_two_nodes() throws Exception {
            assertPlannedByOne();
        }

        /** Of a removed job a store may have a row, which another node fills too. */
        @Test
        void should_be_planned_by_one_of_two_nodes_after_they_were_removed() throws Exception {
            for (int i = 0; i < 50; i++) {
                store.addJobs(List.of(daily("job-" + i)));
                try (JobLock lock = lock("job-" + i)) {
                    store.removeJob(lock, History.KEEP, run -> {});
                }
            }
            assertPlannedByOne();
        }

        private void assertPlannedByOne() throws Exception {
            ExportStore second = secondNode();
            FirePlan other = FirePlan.of("hourly", Optional.of(NOON));
            List<NewJob> daily = new ArrayList<>();
            List<NewJob> hourly = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                daily.add(daily("job-" + i));
                hourly.add(new NewJob("job-" + i, other, JobState.NONE));
            }

            List<Set<String>> added = AtOnce.run(List.of(() -> store.addJobs(daily), () -> second.addJobs(hourly)));

            Set<String> all = new HashSet<>(added.get(0));
            all.addAll(added.get(1));
            assertThat(all).hasSize(50);
            assertThat(added.get(0).size() + added.get(1).size()).isEqualTo(50);
            added.get(0).forEach(job -> assertThat(store.firePlan(job)).contains(DAILY));
            added.get(1).forEach(job -> assertThat(store.firePlan(job)).contains(other));
        }
    }

    @Nested
    class RenamedJobs {

        @Test
        void should_be_found_together() throws Exception {
            for (String job : List.of("a", "b", "c")) {
                JobLock lock = lock(job);
                store.commit(lock, JobPositions.NONE, positions(1));
                lock.close();
            }
            store.renameJob(lock("a"), "a2");
            store.renameJob(lock("a2"), "a3");
            store.renameJob(lock("b"), "b2");

            restart();
            assertThat(store.renamedTo(List.of("a", "a2", "b", "c", "never-known")))
                    .isEqualTo(Map.of("a", "a3", "a2", "a3", "b", "b2"));
            assertThat(store.renamedTo(List.of())).isEmpty();
        }
    }

    @Nested
    class JobSources {

        @Test
        void should_have_no_jobs_at_first() {
            assertThat(store.loadedJobs("customers")).isEqualTo(LoadedJobs.NONE);
        }

        @Test
        void should_keep_their_jobs_by_version() throws Exception {
            LoadedJobs first = LoadedJobs.NONE.next(Set.of("a", "b"));
            LoadedJobs second = first.next(Set.of());
            LoadedJobs third = second.next(Set.of("c"));

            assertThat(store.replaceLoadedJobs("customers", LoadedJobs.NONE, first))
                    .isTrue();
            assertThat(store.replaceLoadedJobs("partners", LoadedJobs.NONE, third))
                    .isTrue();
            assertThat(store.replaceLoadedJobs("customers", LoadedJobs.NONE, second))
                    .isFalse();
            restart();
            assertThat(store.loadedJobs("customers")).isEqualTo(first);
            assertThat(store.replaceLoadedJobs("customers", first, second)).isTrue();
            restart();
            assertThat(store.loadedJobs("customers")).isEqualTo(second);
            assertThat(store.replaceLoadedJobs("customers", first, third)).isFalse();
            assertThat(store.replaceLoadedJobs("customers", second, third)).isTrue();
            assertThat(store.loadedJobs("customers")).isEqualTo(third);
            assertThat(store.loadedJobs("partners")).isEqualTo(third);
        }

        @Test
        void should_have_ten_thousand_jobs() throws Exception {
            Set<String> names = new HashSet<>();
            for (int i = 0; i < 10_000; i++) {
                names.add("visits-of-customer-" + i);
            }
            LoadedJobs loaded = LoadedJobs.NONE.next(names);

            store.replaceLoadedJobs("customers", LoadedJobs.NONE, loaded);

            restart();
            assertThat(store.loadedJobs("customers")).isEqualTo(loaded);
        }

        @Test
        void should_be_changed_by_one_of_two_nodes() throws Exception {
            ExportStore second = secondNode();
            LoadedJobs one = LoadedJobs.NONE.next(Set.of("one"));
            LoadedJobs two = LoadedJobs.NONE.next(Set.of("two"));

            List<Boolean> replaced = AtOnce.run(List.of(
                    () -> store.replaceLoadedJobs("customers", LoadedJobs.NONE, one),
                    () -> second.replaceLoadedJobs("customers", LoadedJobs.NONE, two)));

            assertThat(replaced).containsExactlyInAnyOrder(true, false);
            assertThat(store.loadedJobs("customers")).isEqualTo(replaced.get(0) ? one : two);
        }
    }
}
