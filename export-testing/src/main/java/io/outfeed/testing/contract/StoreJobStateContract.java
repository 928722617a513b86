package io.outfeed.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.backfill.Backfill;
import io.outfeed.backfill.BackfillProgress;
import io.outfeed.delivery.RecipientDelivery;
import io.outfeed.error.FailureCode;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.operation.History;
import io.outfeed.operation.JobPause;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunLayout;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.source.Position;
import io.outfeed.store.ExportStore;
import io.outfeed.store.FirePlan;
import io.outfeed.store.JobDeadline;
import io.outfeed.store.JobLock;
import io.outfeed.store.JobState;
import io.outfeed.store.RunStep;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What is kept of a job: its positions, its next fire and whether it is paused. */
abstract class StoreJobStateContract extends StoreFixture {

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
                assertRefused(FailureCode.POSITIONS_MOVED, () -> store.commit(lock, wrong, positions(8)));
                assertThat(store.positions("job")).isEqualTo(current);
            }

            store.commit(lock, current, positions(8));
            assertThat(store.positions("job")).isEqualTo(positions(8));
        }

        @Test
        void should_be_restored_whatever_they_are() throws Exception {
            JobLock lock = lock("job");
            store.restorePositions(lock, positions(7));
            assertThat(store.positions("job")).isEqualTo(positions(7));

            store.restorePositions(lock, positions(6));

            assertThat(store.positions("job")).isEqualTo(positions(6));
            lock.close();
            restart();
            assertThat(store.positions("job")).isEqualTo(positions(6));
            lock("job").close();
            assertRefused(FailureCode.LOCK_LOST, () -> store.restorePositions(lock, positions(8)));
            assertThat(store.positions("job")).isEqualTo(positions(6));
        }

        @Test
        void should_not_move_from_positions_where_there_are_none() {
            JobLock lock = lock("job");

            assertRefused(FailureCode.POSITIONS_MOVED, () -> store.commit(lock, positions(1), positions(2)));

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
        void should_be_replaced_with_the_step_of_the_run_that_claims_a_fire() throws Exception {
            store.replaceFirePlan("job", Optional.empty(), today);
            JobLock lock = lock("job");
            ExportRun run = run(lock).fireTime(NOON).build();

            assertThat(claim(lock, today, tomorrow, run)).isTrue();

            restart();
            assertThat(store.firePlan("job")).contains(tomorrow);
            assertKept(run);
        }

        @Test
        void should_write_no_step_when_the_fire_was_claimed_before() {
            FirePlan later = plan("daily at 07:00 UTC", NOON.plus(Duration.ofDays(2)));
            store.replaceFirePlan("job", Optional.empty(), today);
            JobLock lock = lock("job");
            ExportRun first = run(lock).build();
            claim(lock, today, tomorrow, first);
            ExportRun second = run(lock).build();

            assertThat(claim(lock, today, tomorrow, second)).isFalse();
            assertThat(claim(
                            lock,
                            today,
                            later,
                            RunBuilder.of(first).note("again").build()))
                    .isFalse();
            assertThat(claim(lock, plan("daily at 08:00 UTC", NOON.plus(Duration.ofDays(1))), later, second))
                    .isFalse();

            assertThat(store.firePlan("job")).contains(tomorrow);
            assertThat(numbers(store.runs(RunQuery.ofJob("job")))).containsExactly(first.number());
            assertKept(first);
        }

        @Test
        void should_not_be_claimed_without_the_lock_of_the_job() {
            store.replaceFirePlan("job", Optional.empty(), today);
            JobLock lost = lock("job");
            ExportRun run = run(lost).build();
            lost.close();
            lock("job");

            assertRefused(FailureCode.LOCK_LOST, () -> claim(lost, today, tomorrow, run));
            assertThatThrownBy(() -> claim(lock("other"), today, tomorrow, run))
                    .isInstanceOf(IllegalArgumentException.class);

            assertThat(store.firePlan("job")).contains(today);
            assertThat(store.run(run.number())).isEmpty();
        }

        @Test
        void should_not_be_claimed_for_a_run_that_has_other_steps() {
            store.replaceFirePlan("job", Optional.empty(), today);
            JobLock lock = lock("job");
            ExportRun run = saved(lock, RunStatus.PLANNED);
            save(lock, RunBuilder.of(run).note("changed").build());

            assertRefused(() -> store.claim(lock, new FirePlan.Claim(today, tomorrow), RunStep.next(run, run)));

            assertThat(store.firePlan("job")).contains(today);
        }

        private boolean claim(JobLock lock, FirePlan due, FirePlan next, ExportRun run) {
            RunStep step = store.run(run.number())
                    .map(before -> RunStep.next(before, run))
                    .orElseGet(() -> RunStep.whole(run));
            return store.claim(lock, new FirePlan.Claim(due, next), step);
        }

        @Test
        void should_let_exactly_one_replace_a_plan() throws Exception {
            int fires = 100;
            CyclicBarrier bothHaveSeenIt = new CyclicBarrier(2);
            List<Callable<List<Boolean>>> nodes = new ArrayList<>();
            for (ExportStore node : List.of(store, secondNode())) {
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
    class JobStates {

        private final JobPause pause = new JobPause(JobPause.By.OPERATOR, "until the " + STRANGE, NOON);

        private final RecipientDelivery refused = refused(1, "9f86");

        private RecipientDelivery refused(int number, String key) {
            return RecipientDelivery.pending(number, key)
                    .toSending()
                    .toRefused(new RecipientDelivery.Refusal(FailureCode.DESTINATION_MISSING, "550 5.1.1"));
        }

        private RecipientDelivery repeated(int number, String key) {
            return new RecipientDelivery(
                    number,
                    key,
                    RecipientDelivery.State.REFUSED,
                    true,
                    refused(number, key).refusal());
        }

        private final BackfillProgress backfill = BackfillProgress.begin(
                Backfill.of("visits", NOON.minus(Duration.ofDays(365)), NOON)
                        .inChunksOf(Period.ofMonths(1), ZoneId.of("Europe/Amsterdam")),
                NOON);

        private RunLayout layout(String definition, String header) {
            return new RunLayout(
                    definition,
                    List.of(new RunLayout.Column("id", "id", "0a1b"), new RunLayout.Column("on", header, "2c3d")),
                    Map.of("the format", "4e5f"),
                    OptionalLong.empty(),
                    List.of());
        }

        @Test
        void should_be_none_at_first() {
            assertThat(store.jobState("job")).isEqualTo(JobState.NONE);
        }

        @Test
        void should_be_kept_for_each_job() throws Exception {
            JobState paused =
                    JobState.NONE.toPaused(pause).toFailures(3).toDeadline(new JobDeadline(NOON.plusNanos(1), false));
            JobState failed = JobState.of(
                    Optional.of(new JobPause(JobPause.By.FAILURES, "it failed ".repeat(200), NOON)),
                    1_000_000,
                    Map.of("lakeside", "0a1b-2c3d", "lakeside.2", "4e5f-6071"),
                    Map.of("office", List.of(refused(2, "9f86"), repeated(13, STRANGE)), "office.2", List.of(refused)),
                    Optional.of(new JobDeadline(NOON, true)),
                    Map.of("visits", layout("visits", "Besuch am 1.5.\n"), "donors", layout("donors", "Name")),
                    Optional.of(backfill.toRun(Long.MAX_VALUE)
                            .toDelivered()
                            .toRun(41)
                            .toStopped(STRANGE)));

            assertThat(store.replaceJobState("job", JobState.NONE, paused)).isTrue();
            assertThat(store.replaceJobState("other", JobState.NONE, failed)).isTrue();

            restart();
            assertThat(store.jobState("job")).isEqualTo(paused);
            assertThat(store.jobState("other")).isEqualTo(failed);
            assertThat(store.jobState("third")).isEqualTo(JobState.NONE);
            assertThat(store.replaceJobState("other", failed, failed.toNoDeadline()))
                    .isTrue();
            assertThat(store.jobState("other").deadline()).isEmpty();
        }

        @Test
        void should_be_replaced_only_where_they_are_the_expected_ones() {
            JobState paused = JobState.NONE
                    .toPaused(pause)
                    .toDirectory("lakeside", "0a1b-2c3d")
                    .toBackfill(backfill)
                    .toRefusedRecipients(Map.of("office", List.of(refused)));
            store.replaceJobState("job", JobState.NONE, paused);

            for (JobState wrong : List.of(
                    JobState.NONE,
                    paused.toFailures(1),
                    paused.toNoDirectory("lakeside"),
                    paused.toDeadline(new JobDeadline(NOON, false)),
                    paused.toBackfill(backfill.toDelivered()),
                    paused.toBackfill(backfill.toRun(1)),
                    paused.toBackfill(BackfillProgress.begin(backfill.backfill(), NOON.plusNanos(1))),
                    paused.toDirectory("lakeside", "0a1b-2c3e"),
                    paused.toDirectory("elsewhere", "0a1b-2c3d"),
                    paused.toRefusedRecipients(Map.of()),
                    paused.toRefusedRecipients(Map.of("office.2", List.of(refused))),
                    paused.toRefusedRecipients(Map.of("office", List.of(refused.toNumber(2)))),
                    paused.toRefusedRecipients(Map.of("office", List.of(refused(1, "9f87")))),
                    JobState.NONE.toPaused(new JobPause(JobPause.By.FAILURES, pause.reason(), NOON)),
                    JobState.NONE.toPaused(new JobPause(JobPause.By.OPERATOR, "other", NOON)),
                    JobState.NONE.toPaused(
                            new JobPause(JobPause.By.OPERATOR, pause.reason(), NOON.plus(1, ChronoUnit.MICROS))))) {
                assertThat(store.replaceJobState("job", wrong, JobState.NONE.toFailures(7)))
                        .as("" + wrong)
                        .isFalse();
                assertThat(store.jobState("job")).isEqualTo(paused);
            }
            JobState resumed = JobState.NONE
                    .toDirectory("lakeside", "0a1b-2c3d")
                    .toBackfill(backfill)
                    .toRefusedRecipients(Map.of("office", List.of(refused)));
            assertThat(store.replaceJobState("job", paused, paused.toResumed())).isTrue();
            assertThat(store.jobState("job")).isEqualTo(resumed);
            assertThat(store.replaceJobState("job", resumed, JobState.NONE)).isTrue();
            assertThat(store.jobState("job")).isEqualTo(JobState.NONE);
            assertThat(store.replaceJobState("job", JobState.NONE, paused)).isTrue();
        }

        @Test
        void should_keep_the_order_of_directories() throws Exception {
            JobState known = JobState.NONE;
            for (int i = 12; i > 0; i--) {
                known = known.toDirectory("place-" + i, "0a1b");
            }
            store.replaceJobState("job", JobState.NONE, known);

            restart();

            assertThat(store.jobState("job").directories().keySet())
                    .containsExactlyElementsOf(known.directories().keySet());
        }

        /** The positions and the destinations are those of a job that is added again. */
        @Test
        void should_keep_of_a_removed_job_what_belongs_to_its_history() {
            JobPause byClock = new JobPause(JobPause.By.CLOCK, "the clock was ahead", NOON);
            JobState full = JobState.NONE
                    .toFailures(3)
                    .toDirectory("lakeside", "0a1b-2c3d")
                    .toDeadline(new JobDeadline(NOON, true));
            store.replaceJobState("job", JobState.NONE, full.toPaused(byClock));
            store.replaceJobState("other", JobState.NONE, full.toPaused(pause));

            store.removeJob(lock("job"), History.KEEP, run -> {});
            store.removeJob(lock("other"), History.KEEP, run -> {});

            JobState directory = JobState.NONE.toDirectory("lakeside", "0a1b-2c3d");
            assertThat(store.jobState("job")).isEqualTo(directory.toPaused(byClock));
            assertThat(store.jobState("other")).isEqualTo(directory);
        }

        @Test
        void should_keep_nothing_of_a_purged_job() {
            JobState known = JobState.NONE.toDirectory("lakeside", "0a1b-2c3d");
            store.replaceJobState("job", JobState.NONE, known);

            store.removeJob(lock("job"), History.PURGE, run -> {});

            assertThat(store.jobState("job")).isEqualTo(JobState.NONE);
        }

        /**
         * In a round each node makes nine changes, however late the other goes on: a node whose answer got lost has to
         * know its change again after as many.
         */
        @Test
        void should_lose_no_change_of_many_nodes() throws Exception {
            int rounds = 5;
            int changes = 9;
            List<Callable<Boolean>> nodes = new ArrayList<>();
            for (ExportStore node : List.of(store, secondNode())) {
                nodes.add(() -> {
                    for (int i = 0; i < changes; i++) {
                        JobState before = node.jobState("job");
                        while (!node.replaceJobState("job", before, before.toFailures(before.failuresInARow() + 1))) {
                            before = node.jobState("job");
                        }
                    }
                    return true;
                });
            }

            for (int round = 0; round < rounds; round++) {
                AtOnce.run(nodes);
            }

            assertThat(store.jobState("job").failuresInARow()).isEqualTo(rounds * 2 * changes);
        }

        @Test
        void should_need_no_lock_and_make_no_job_known() {
            lock("job");

            assertThat(store.replaceJobState("job", JobState.NONE, JobState.NONE.toPaused(pause)))
                    .isTrue();

            assertThat(store.jobs()).isEmpty();
        }
    }
}
