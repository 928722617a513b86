package io.outfeed.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.operation.JobPause;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.run.file.FileRemoval;
import io.outfeed.store.FirePlan;
import io.outfeed.store.JobLock;
import io.outfeed.store.JobRecord;
import io.outfeed.store.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What is listed of jobs and runs. */
abstract class StoreQueriesContract extends StoreFixture {

    private static final Set<RunStatus> OUTCOMES =
            EnumSet.of(RunStatus.COMMITTED, RunStatus.EMPTY, RunStatus.FAILED, RunStatus.GIVEN_UP);

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
        void should_be_known_by_nothing_else() {
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
                    save(lock, run);
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
        void should_filter_by_each_criterion() throws Exception {
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
                                && OUTCOMES.contains(run.status()));
                restart();
            }
        }

        @Test
        void should_list_no_run_that_does_not_match() {
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

            save(lock, RunBuilder.of(run).status(RunStatus.FAILED).build());

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
                save(lock, run);
                if (steps.contains(remains)) {
                    expected.add(0, run.number());
                }
            }
            RunQuery query = RunQuery.ofJob("job").filesRemain().limit(Integer.MAX_VALUE);

            assertThat(numbers(store.runs(query))).isEqualTo(expected);
            restart();
            assertThat(numbers(store.runs(query))).isEqualTo(expected);
        }

        private ExportRun unconfirmed(JobLock lock, RunStatus status) {
            return save(lock, run(lock).status(status).unconfirmed(true).build());
        }

        @Test
        void should_find_the_unconfirmed_runs_until_they_are_acknowledged() throws Exception {
            JobLock lock = lock("job");
            saved(lock, RunStatus.COMMITTED);
            ExportRun first = unconfirmed(lock, RunStatus.COMMITTED);
            ExportRun acknowledged = unconfirmed(lock, RunStatus.COMMITTED);
            ExportRun becomes = saved(lock, RunStatus.PUBLISHING);
            ExportRun waiting = unconfirmed(lock, RunStatus.WAITING);
            ExportRun other = unconfirmed(lock("other"), RunStatus.FAILED);
            save(lock, RunBuilder.of(acknowledged).unconfirmed(false).build());
            save(lock, RunBuilder.of(becomes).unconfirmed(true).build());
            RunQuery query = RunQuery.ofJob("job").unconfirmed();

            for (int round = 0; round < 2; round++) {
                assertThat(numbers(store.runs(query)))
                        .containsExactly(waiting.number(), becomes.number(), first.number());
                assertThat(numbers(store.runs(query.limit(1)))).containsExactly(waiting.number());
                assertThat(numbers(store.runs(query.below(waiting.number()))))
                        .containsExactly(becomes.number(), first.number());
                assertThat(numbers(store.runs(query.status(RunStatus.COMMITTED))))
                        .containsExactly(first.number());
                assertThat(numbers(store.runs(query.status(RunStatus.WAITING)))).containsExactly(waiting.number());
                assertThat(numbers(store.runs(RunQuery.all().unconfirmed())))
                        .containsExactly(other.number(), waiting.number(), becomes.number(), first.number());
                restart();
            }
        }

        @Test
        void should_not_find_an_unconfirmed_run_that_was_forgotten() {
            JobLock lock = lock("job");
            ExportRun run = ended(lock, Duration.ZERO, Duration.ZERO);
            save(lock, RunBuilder.of(run).unconfirmed(true).build());

            store.prune("job", NOON.plusSeconds(1), forgotten -> {});

            assertThat(store.runs(RunQuery.all().unconfirmed())).isEmpty();
            assertThat(store.jobRecords(List.of("job")).get(0).unconfirmedRuns())
                    .isZero();
        }
    }

    @Nested
    class JobRecords {

        @Test
        void should_be_empty_for_jobs_that_are_not_known() {
            assertThat(store.jobRecords(List.of())).isEmpty();
            assertThat(store.jobRecords(List.of("b", "a")))
                    .containsExactly(JobRecord.unknown("b"), JobRecord.unknown("a"));
        }

        @Test
        void should_hold_what_a_list_shows() throws Exception {
            JobState paused = JobState.NONE.toPaused(new JobPause(JobPause.By.OPERATOR, "maintenance", NOON));
            FirePlan plan = FirePlan.of("daily", Optional.of(NOON));
            store.replaceJobState("job", JobState.NONE, paused);
            store.replaceFirePlan("job", Optional.empty(), plan);
            JobLock lock = lock("job");
            committed(lock, run(lock).status(RunStatus.COMMITTED).build());
            ExportRun failed = save(
                    lock, run(lock).status(RunStatus.FAILED).unconfirmed(true).build());
            ExportRun held = saved(lock, RunStatus.HELD);
            saved(lock, RunStatus.SKIPPED);
            ExportRun publishing = saved(lock, RunStatus.PUBLISHING);
            save(lock, RunBuilder.of(publishing).unconfirmed(true).build());
            save(
                    lock,
                    RunBuilder.planned(store.newRunNumber(), "job", Trigger.TEST, NOON)
                            .status(RunStatus.COMMITTED)
                            .build());
            JobLock otherLock = lock("other");
            ExportRun other =
                    committed(otherLock, run(otherLock).status(RunStatus.EMPTY).build());
            restart();

            List<JobRecord> records = store.jobRecords(List.of("other", "never-known", "job"));

            assertThat(records).extracting(JobRecord::job).containsExactly("other", "never-known", "job");
            assertThat(records.get(0).lastOutcome().map(ExportRun::number)).contains(other.number());
            assertThat(records.get(0).unfinished()).isEmpty();
            assertThat(records.get(0).positions()).isEqualTo(store.positions("other"));
            assertThat(records.get(0).positions()).isNotEqualTo(JobPositions.NONE);
            assertThat(records.get(0).unconfirmedRuns()).isZero();
            assertThat(records.get(1).lastOutcome()).isEmpty();
            JobRecord job = records.get(2);
            assertThat(job.state()).isEqualTo(paused);
            assertThat(job.plan()).contains(plan);
            assertThat(job.positions()).isEqualTo(store.positions("job"));
            assertThat(job.lastOutcome().map(StoreFixture::everything)).contains(everything(failed));
            assertThat(job.unconfirmedRuns()).isEqualTo(2);
            assertThat(numbers(job.unfinished())).containsExactly(held.number(), publishing.number());
        }
    }
}
