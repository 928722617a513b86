package io.outfeed.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.delivery.RecipientDelivery;
import io.outfeed.delivery.RecipientDelivery.Refusal;
import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.file.FileRole;
import io.outfeed.file.IfExists;
import io.outfeed.file.PlainBytes;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.operation.History;
import io.outfeed.run.Attempt;
import io.outfeed.run.CoveredFires;
import io.outfeed.run.DailySequence;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunLogEntry;
import io.outfeed.run.RunPhase;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.SkipReason;
import io.outfeed.run.Trigger;
import io.outfeed.run.Waiting;
import io.outfeed.run.file.DeliveryState;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.run.file.Litter;
import io.outfeed.run.file.PublicationRequest;
import io.outfeed.run.file.Sidecar;
import io.outfeed.source.Position;
import io.outfeed.source.Window;
import io.outfeed.store.ExportStore;
import io.outfeed.store.FirePlan;
import io.outfeed.store.JobLock;
import io.outfeed.store.RunStep;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The ledger of runs: their numbers, what is kept of each, its steps, requests to cancel it, and which are pruned. */
abstract class StoreRunsContract extends StoreFixture {

    /** A delivery in each state, with and without what it may have. */
    private static List<FileDelivery> everyState(StagedFile file) {
        PreparedFile renamed = PreparedFile.renamed("/out/visits-12.csv", "/out/" + STRANGE);
        PreparedFile direct = PreparedFile.direct("registrar@lakeside.example");
        List<FileDelivery> steps = new ArrayList<>();
        FileDelivery pending = FileDelivery.pending("pending", file.path());
        steps.add(pending);
        steps.add(FileDelivery.pending("uploading", file.path()).toUploading(3));
        steps.add(FileDelivery.pending("again", file.path())
                .toUploading(3)
                .toPending()
                .toUploading(4));
        steps.add(FileDelivery.pending("gone", file.path()).toUploading(3).toPending());
        for (PublicationRequest.Answer answer : PublicationRequest.Answer.values()) {
            FileDelivery uploaded = FileDelivery.pending("requested-" + answer, file.path())
                    .toUploading(3)
                    .toPrepared(renamed);
            Inspection said = Inspection.present(12, Optional.of(NOON), Optional.of(STRANGE));
            for (Inspection.Presence presence : Inspection.Presence.values()) {
                Inspection found = new Inspection(presence, 0, Optional.empty(), Optional.empty());
                steps.add(uploaded.toRequested(new PublicationRequest(NOON, said, found, answer)));
                steps.add(uploaded.toRequested(new PublicationRequest(NOON, found, said, answer)));
            }
        }
        steps.add(FileDelivery.pending("taken", file.path()).toUploading(3).toTaken(2));
        steps.add(FileDelivery.pending("again", file.path())
                .toUploading(3)
                .toPrepared(renamed)
                .toRepeated()
                .toUploading(4));
        steps.add(FileDelivery.pending("renamed", file.path()).toPrepared(renamed));
        steps.add(FileDelivery.pending("direct", file.path()).toPrepared(direct));
        for (Publication publication : Publication.values()) {
            steps.add(FileDelivery.pending("published-" + publication, file.path())
                    .toPrepared(renamed)
                    .toPublished(new DeliveryReceipt("/out/visits-12.csv", publication), NOON.plusSeconds(30)));
        }
        List<RecipientDelivery> recipients = recipients();
        FileDelivery sending = FileDelivery.pending("sending", file.path()).toPrepared(direct);
        for (RecipientDelivery recipient : recipients) {
            sending = sending.toRecipient(recipient);
        }
        steps.add(sending);
        steps.add(FileDelivery.pending("sent", file.path())
                .toPrepared(direct)
                .toPublished(new DeliveryReceipt("mail:sent (5)", Publication.ACCEPTED, recipients), NOON));
        steps.add(
                FileDelivery.pending("unknown", file.path()).toPrepared(renamed).toUnknown());
        steps.add(FileDelivery.pending("unknown-pending", file.path()).toUnknown());
        steps.add(
                FileDelivery.pending("removed", file.path()).toPrepared(renamed).toRemoved());
        steps.add(FileDelivery.pending("removed-pending", file.path()).toRemoved());
        assertThat(steps.stream().map(FileDelivery::state)).contains(DeliveryState.values());
        return steps;
    }

    /** Returns a recipient in each state, one of which may have the file twice. */
    private static List<RecipientDelivery> recipients() {
        Refusal full = new Refusal(FailureCode.DESTINATION_FULL, "452 4.2.2");
        RecipientDelivery first = RecipientDelivery.pending(1, "0a1b").toSending();
        List<RecipientDelivery> recipients = List.of(
                first.toSending().toAccepted(),
                RecipientDelivery.pending(2, "2c3d"),
                RecipientDelivery.pending(3, "4e5f").toSending(),
                RecipientDelivery.pending(4, "6071").toDeferred(full),
                RecipientDelivery.pending(12, STRANGE).toRefused(full));
        assertThat(recipients.stream().map(RecipientDelivery::state)).contains(RecipientDelivery.State.values());
        assertThat(recipients.stream().filter(RecipientDelivery::repeated)).hasSize(1);
        return recipients;
    }

    @Nested
    class RunNumbers {

        @Test
        void should_start_at_one_or_more_and_grow() {
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
            ExportStore second = secondNode();
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
    class Runs {

        @Test
        void should_keep_everything() throws Exception {
            StagedFile visits = new StagedFile(
                    FileRole.DATA,
                    "visits",
                    "2026-27",
                    "visits-12.csv",
                    10,
                    1234,
                    "0".repeat(64),
                    Map.of("fee", new BigDecimal("-1.50"), "a.b", BigDecimal.ZERO),
                    Optional.of(new PlainBytes(5_000_000_002L, "e".repeat(64), true, true)));
            StagedFile donors = new StagedFile(
                    FileRole.ARCHIVE,
                    "donors",
                    "",
                    "donors.csv",
                    0,
                    5_000_000_000L,
                    "a".repeat(64),
                    Map.of(),
                    Optional.of(new PlainBytes(0, "f".repeat(64), false, false)));
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
                    .publishing(true)
                    .released(true)
                    .unconfirmed(true)
                    .coveredFires(new CoveredFires(NOON.minusSeconds(3600), NOON.minusSeconds(1), 7))
                    .attempts(everyOutcome(), 30)
                    .failingSince(NOON.plusSeconds(2))
                    .expectedPositions(
                            new JobPositions(Map.of("visits", Position.of(NOON), "custom", strange()), 3, 11))
                    .fingerprint("fields 12ab")
                    .clockOrigin(NOON.minusMillis(1))
                    .litter(List.of(
                            new Litter("lakeside", 5, STRANGE, 7, 1, NOON),
                            new Litter("b", 6, "visits.csv", 8, 2, NOON)))
                    .rejected(4)
                    .sensitive(true)
                    .existing(IfExists.KEEP_BOTH)
                    .windows(windows)
                    .deliveryIds(steps.stream().map(FileDelivery::delivery).toList())
                    .sequence(12)
                    .dailySequence(new DailySequence(LocalDate.EPOCH, 3))
                    .files(List.of(visits, donors))
                    .sidecars(List.of(
                            new Sidecar(Sidecar.Kind.SEEN, "visits", 16, "b".repeat(64)),
                            new Sidecar(Sidecar.Kind.DELIVERED, "donors", 5_000_000_001L, "c".repeat(64)),
                            new Sidecar(Sidecar.Kind.REJECTS, "donors", 0, "d".repeat(64))))
                    .spoolToken(41)
                    .deliveries(steps)
                    .failure(failure(STRANGE + "and on ".repeat(1000)))
                    .rejected(3)
                    .note(STRANGE)
                    .log(everyPhase())
                    .build();

            save(lock, expected);

            assertKept(expected);
            assertThat(store.run(expected.number()).orElseThrow().windows().keySet())
                    .as("in the order of the job")
                    .containsExactly("visits", "donors", "custom");
            assertThat(store.runs(RunQuery.ofJob("job").limit(1)).stream().map(StoreFixture::everything))
                    .containsExactly(everything(expected));
            restart();
            assertKept(expected);
        }

        private static RunFailure failure(String text) {
            return new RunFailure(
                    FailureCode.DESTINATION_UNAVAILABLE, "DeliveryException", text, Optional.of("at " + STRANGE));
        }

        private static Position strange() {
            return new Position("custom", STRANGE);
        }

        /** An attempt of each outcome, with and without what it may have. */
        private List<Attempt> everyOutcome() {
            List<Attempt> attempts = new ArrayList<>();
            for (Attempt.Outcome outcome : Attempt.Outcome.values()) {
                Attempt begun = Attempt.begin(attempts.size() + 1, NOON, RunStatus.PLANNED);
                attempts.add(begun);
                attempts.add(begun.end(NOON, RunStatus.STAGED, outcome, Optional.empty()));
                attempts.add(begun.end(NOON, RunStatus.PUBLISHING, outcome, Optional.of(failure(STRANGE))));
            }
            return attempts;
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
                        Optional.of(failure(STRANGE))));
            }
            return log;
        }

        @Test
        void should_keep_a_run_that_has_nothing_yet() throws Exception {
            JobLock lock = lock("job");
            ExportRun expected = run(lock).build();

            save(lock, expected);

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
            for (Waiting.Cause cause : Waiting.Cause.values()) {
                expected.add(run(lock).waiting(new Waiting(NOON, cause)).build());
            }
            for (SkipReason reason : SkipReason.values()) {
                expected.add(run(lock).skipped(reason).build());
            }
            for (Trigger trigger : Trigger.values()) {
                expected.add(RunBuilder.planned(store.newRunNumber(), "job", trigger, NOON)
                        .build());
            }

            expected.forEach(run -> save(lock, run));

            assertThat(expected).allSatisfy(StoreRunsContract.this::assertKept);
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
                    RunStatus.PUBLISHING, // no engine goes back, but the last write counts
                    RunStatus.GIVEN_UP)) {
                ExportRun next = RunBuilder.of(run)
                        .status(status)
                        .note("now " + status)
                        .rejected(run.rejected() + 1)
                        .build();

                save(lock, next);

                assertKept(next);
                assertThat(store.runs(RunQuery.ofJob("job").limit(10))).hasSize(1);
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

            assertThat(numbers(store.runs(RunQuery.ofJob("job").limit(5)))).isEqualTo(saved.subList(0, 5));
            assertThat(numbers(store.runs(RunQuery.ofJob("job").limit(12)))).isEqualTo(saved);
            assertThat(numbers(store.runs(RunQuery.ofJob("job").limit(Integer.MAX_VALUE))))
                    .isEqualTo(saved);
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
            assertThat(store.runs(RunQuery.ofJob("job").limit(10))).isEmpty();
            assertThat(store.unfinishedRuns("job")).isEmpty();
        }

        @Test
        void should_be_seen_by_their_job_only() {
            ExportRun run = saved(lock("job"), RunStatus.STAGED);
            ExportRun other = saved(lock("job-2"), RunStatus.STAGED);

            assertThat(numbers(store.runs(RunQuery.ofJob("job").limit(10)))).containsExactly(run.number());
            assertThat(numbers(store.runs(RunQuery.ofJob("job-2").limit(10)))).containsExactly(other.number());
            assertThat(numbers(store.unfinishedRuns("job"))).containsExactly(run.number());
            assertThat(numbers(store.unfinishedRuns("job-2"))).containsExactly(other.number());
            assertThat(store.runs(RunQuery.ofJob("jo").limit(10))).isEmpty();
            assertKept(run);
            assertKept(other);
        }
    }

    @Nested
    class Steps {

        private final StagedFile file = new StagedFile("visits", "", "visits-12.csv", 10, 1234, "0".repeat(64));

        private ExportRun append(JobLock lock, RunStep step) {
            assertThat(store.append(lock, step)).isTrue();
            return step.run();
        }

        private ExportRun noted(ExportRun run, String note) {
            return RunBuilder.of(run).note(note).build();
        }

        /** A run that has two steps. */
        private ExportRun twoSteps(JobLock lock) {
            ExportRun first = append(lock, RunStep.whole(run(lock).build()));
            return append(lock, RunStep.change(first, noted(first, "second")));
        }

        private void assertStored(ExportRun expected) {
            assertKept(expected);
            assertThat(store.run(expected.number()).map(ExportRun::steps)).contains(expected.steps());
        }

        @Test
        void should_follow_each_other() throws Exception {
            JobLock lock = lock("job");
            ExportRun run = append(lock, RunStep.whole(run(lock).build()));
            assertThat(run.steps()).isEqualTo(1);
            assertStored(run);
            List<ExportRun> next = new ArrayList<>();
            next.add(RunBuilder.of(run)
                    .status(RunStatus.STAGED)
                    .files(List.of(file))
                    .deliveries(everyState(file))
                    .failure(new RunFailure(FailureCode.UNEXPECTED, "StoreException", STRANGE, Optional.empty()))
                    .note(STRANGE)
                    .build());
            next.add(RunBuilder.of(next.get(0)).failure(null).note("").build());
            next.add(RunBuilder.of(next.get(1)).deliveries(List.of()).build());
            next.add(next.get(2));
            for (ExportRun after : next) {
                run = append(lock, RunStep.change(run, after));
                assertStored(run);
                assertKept(after);
            }
            assertThat(run.steps()).isEqualTo(5);
            assertThat(store.runs(RunQuery.ofJob("job")).stream().map(ExportRun::steps))
                    .containsExactly(5);
            lock.close();
            restart();
            assertStored(run);
            JobLock again = lock("job");
            assertStored(append(again, RunStep.change(run, noted(run, "after the restart"))));
        }

        @Test
        void should_be_replaced_by_one_that_has_the_whole_run() throws Exception {
            JobLock lock = lock("job");
            ExportRun run = twoSteps(lock);

            run = append(lock, RunStep.whole(noted(run, "whole")));
            assertThat(run.steps()).isEqualTo(3);
            assertStored(run);
            run = append(lock, RunStep.change(run, noted(run, "changed")));
            assertStored(run);
            run = append(lock, RunStep.whole(noted(run, "whole again")));
            assertStored(run);
            restart();
            assertStored(run);
        }

        @Test
        void should_be_possible_after_the_end_of_a_run() throws Exception {
            JobLock lock = lock("job");
            ExportRun run = twoSteps(lock);
            run = append(
                    lock,
                    RunStep.whole(RunBuilder.of(run)
                            .status(RunStatus.COMMITTED)
                            .endedAt(NOON)
                            .build()));
            run = append(lock, RunStep.change(run, noted(run, "watched")));
            run = append(lock, RunStep.change(run, noted(run, "watched again")));

            assertStored(run);
            assertThat(store.unfinishedRuns("job")).isEmpty();
            lock.close();
            restart();
            assertStored(run);
            run = append(lock("job"), RunStep.whole(noted(run, "compact")));
            assertStored(run);
            assertThat(numbers(store.runs(RunQuery.ofJob("job")))).containsExactly(run.number());
        }

        @Test
        void should_be_read_for_each_run_of_a_list() throws Exception {
            JobLock lock = lock("job");
            JobLock other = lock("other");
            List<ExportRun> saved = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                ExportRun run = twoSteps(i % 3 == 0 ? other : lock);
                saved.add(0, append(i % 3 == 0 ? other : lock, RunStep.change(run, noted(run, "run " + i))));
            }
            restart();

            assertThat(store.runs(RunQuery.all().limit(7)).stream().map(StoreFixture::everything))
                    .isEqualTo(saved.subList(0, 7).stream()
                            .map(StoreFixture::everything)
                            .toList());
            assertThat(store.unfinishedRuns("other"))
                    .extracting(ExportRun::note)
                    .containsExactly("run 0", "run 3", "run 6", "run 9");
            assertThat(store.jobRecords(List.of("other")).get(0).unfinished())
                    .extracting(ExportRun::steps)
                    .containsExactly(3, 3, 3, 3);
        }

        @Test
        void should_be_accepted_again_when_the_answer_was_lost() throws Exception {
            ExportStore second = secondNode();
            JobLock lock = lock("job");
            RunStep first = RunStep.whole(run(lock).build());
            RunStep change = RunStep.change(first.run(), noted(first.run(), "second"));
            RunStep publishing = RunStep.change(
                    change.run(),
                    RunBuilder.of(change.run()).status(RunStatus.PUBLISHING).build());
            RunStep end = RunStep.whole(RunBuilder.of(publishing.run())
                    .status(RunStatus.COMMITTED)
                    .endedAt(NOON)
                    .build());
            for (RunStep step : List.of(first, change, publishing, end)) {
                append(lock, step);

                append(lock, step);

                assertStored(step.run());
                assertThat(second.run(step.number()).map(ExportRun::steps)).contains(step.index() + 1);
            }
            lock.close();
            restart();
            append(lock("job"), end);
            assertStored(end.run());
        }

        @Test
        void should_be_refused_where_they_do_not_follow() {
            JobLock lock = lock("job");
            ExportRun unknown = run(lock).build();
            ExportRun first = append(lock, RunStep.whole(run(lock).build()));
            ExportRun second = append(lock, RunStep.change(first, noted(first, "second")));
            ExportRun ahead = RunStep.change(second, noted(second, "third")).run();
            ExportRun aheadOfUnknown = RunStep.whole(unknown).run();

            for (RunStep step : List.of(
                    RunStep.change(first, noted(first, "another second")),
                    RunStep.whole(noted(first, "another second")),
                    RunStep.whole(RunBuilder.planned(first.number(), "job", Trigger.SCHEDULED, NOON)
                            .build()),
                    RunStep.change(ahead, noted(ahead, "fourth")),
                    RunStep.whole(ahead),
                    RunStep.change(aheadOfUnknown, noted(aheadOfUnknown, "second")),
                    RunStep.whole(aheadOfUnknown))) {
                assertThatThrownBy(() -> store.append(lock, step))
                        .as("" + step)
                        .isInstanceOf(StoreException.class)
                        .hasMessageEndingWith("(job=job, run=" + step.number() + ")");
            }

            assertStored(second);
            assertThat(store.run(unknown.number())).isEmpty();
        }

        @Test
        void should_be_refused_under_the_lock_of_another_job() {
            JobLock lock = lock("job");
            ExportRun run = twoSteps(lock);
            JobLock other = lock("other");

            assertThatThrownBy(() -> store.append(other, RunStep.change(run, noted(run, "third"))))
                    .isInstanceOf(IllegalArgumentException.class);

            assertStored(run);
        }
    }

    @Nested
    class Cancels {

        private RunStep publishing(ExportRun run) {
            return RunStep.next(
                    run, RunBuilder.of(run).status(RunStatus.PUBLISHING).build());
        }

        @Test
        void should_be_stored_without_the_lock() throws Exception {
            ExportRun run = saved(lock("job"), RunStatus.STAGED);
            ExportRun other = saved(lock("other"), RunStatus.STAGED);
            assertThat(store.cancelRequested(run.number())).isEmpty();

            assertThat(secondNode().requestCancel(run.number(), STRANGE)).isTrue();

            assertThat(store.cancelRequested(run.number())).contains(STRANGE);
            assertThat(store.cancelRequested(other.number())).isEmpty();
            assertKept(run);
            restart();
            assertThat(store.cancelRequested(run.number())).contains(STRANGE);
            assertThat(numbers(store.unfinishedRuns("job"))).containsExactly(run.number());
        }

        @Test
        void should_keep_the_first_reason() {
            ExportRun run = saved(lock("job"), RunStatus.WAITING);

            assertThat(store.requestCancel(run.number(), "first")).isTrue();
            assertThat(store.requestCancel(run.number(), "second")).isTrue();

            assertThat(store.cancelRequested(run.number())).contains("first");
        }

        @Test
        void should_be_too_late_for_runs_that_publish_or_have_ended() {
            JobLock lock = lock("job");
            List<Long> late = new ArrayList<>(List.of(store.newRunNumber()));
            for (RunStatus status : RunStatus.values()) {
                if (status == RunStatus.PUBLISHING || status.ended()) {
                    late.add(saved(lock, status).number());
                }
            }
            ExportRun waiting =
                    run(lock).publishing(true).status(RunStatus.WAITING).build();
            late.add(save(lock, waiting).number());

            for (long run : late) {
                assertThat(store.requestCancel(run, "too late"))
                        .as("run " + run)
                        .isFalse();
                assertThat(store.cancelRequested(run)).as("run " + run).isEmpty();
            }
            append(
                    lock,
                    waiting,
                    RunBuilder.of(waiting).status(RunStatus.PUBLISHING).build());
        }

        private void append(JobLock lock, ExportRun before, ExportRun after) {
            ExportRun stored = store.run(before.number()).orElseThrow();
            assertThat(store.append(lock, RunStep.next(stored, after))).isTrue();
        }

        @Test
        void should_keep_a_run_from_publishing_and_from_nothing_else() throws Exception {
            JobLock lock = lock("job");
            ExportRun run = saved(lock, RunStatus.PLANNED);
            store.requestCancel(run.number(), "not needed");
            ExportRun staged =
                    save(lock, RunBuilder.of(run).status(RunStatus.STAGED).build());

            assertThat(store.append(lock, publishing(staged))).isFalse();
            assertThat(store.append(lock, publishing(staged))).isFalse();
            assertKept(staged);
            assertThat(store.run(run.number()).map(ExportRun::steps)).contains(staged.steps());

            ExportRun cancelled = save(
                    lock,
                    RunBuilder.of(staged)
                            .status(RunStatus.CANCELLED)
                            .endedAt(NOON)
                            .build());
            assertKept(cancelled);
            assertThat(store.cancelRequested(run.number())).isEmpty();
            restart();
            assertThat(store.cancelRequested(run.number())).isEmpty();
            assertKept(cancelled);
        }

        @Test
        void should_not_affect_other_runs() {
            JobLock lock = lock("job");
            store.requestCancel(saved(lock, RunStatus.STAGED).number(), "not needed");
            ExportRun other = saved(lock, RunStatus.STAGED);

            assertThat(store.append(lock, publishing(other))).isTrue();
        }

        @Test
        void should_be_forgotten_with_the_job() throws Exception {
            JobLock lock = lock("job");
            ExportRun run = saved(lock, RunStatus.STAGED);
            store.requestCancel(run.number(), "not needed");

            store.removeJob(lock, History.PURGE, forgotten -> {});

            assertThat(store.cancelRequested(run.number())).isEmpty();
            assertThat(store.requestCancel(run.number(), "again")).isFalse();
        }

        @Test
        void should_come_before_or_after_the_publication() throws Exception {
            ExportStore second = secondNode();
            JobLock lock = lock("job");
            for (int round = 0; round < 20; round++) {
                ExportRun run = saved(lock, RunStatus.STAGED);
                RunStep step = publishing(run);

                List<Boolean> done = AtOnce.run(List.of(
                        () -> store.append(lock, step), () -> second.requestCancel(run.number(), "not needed")));

                assertThat(done).containsExactlyInAnyOrder(true, false);
                assertThat(store.run(run.number()).orElseThrow().publishing()).isEqualTo(done.get(0));
                assertThat(store.cancelRequested(run.number()).isPresent()).isEqualTo(done.get(1));
            }
        }
    }

    @Nested
    class Pruning {

        private final List<Long> forgotten = new ArrayList<>();

        private void prune(Instant endedBefore) {
            store.prune("job", endedBefore, run -> {
                assertKept(run); // it is removed afterwards
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
            assertThat(numbers(store.runs(RunQuery.ofJob("job").limit(100)))).containsExactly(all.get(11), all.get(10));
            assertThat(forgotten)
                    .allSatisfy(number -> assertThat(store.run(number)).isEmpty());
            lock.close();
            restart();
            assertThat(numbers(store.runs(RunQuery.ofJob("job").limit(100)))).containsExactly(all.get(11), all.get(10));
        }

        /** As what a watch has found, or that a file was removed. */
        @Test
        void should_keep_what_came_after_the_end_of_a_younger_run() throws Exception {
            JobLock lock = lock("job");
            ExportRun run = saved(lock, RunStatus.PLANNED);
            for (int step = 0; step < 3; step++) {
                run = save(lock, RunBuilder.of(run).note("step " + step).build());
            }
            run = save(
                    lock,
                    RunBuilder.of(run)
                            .status(RunStatus.COMMITTED)
                            .endedAt(NOON.plus(Duration.ofDays(2)))
                            .build());
            run = save(lock, RunBuilder.of(run).note("after its end").build());

            for (int round = 0; round < 2; round++) {
                prune(NOON.plus(Duration.ofDays(1)));
                assertKept(run);
                run = save(lock, RunBuilder.of(run).note("after that").build());
                assertKept(run);
            }
            assertThat(forgotten).isEmpty();
            lock.close();
            restart();
            assertKept(run);
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
        void should_keep_a_run_that_started_earlier_and_ended_later() {
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
            save(lock, held);
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
        void should_keep_everything_else() {
            JobLock lock = lock("job");
            ExportRun run = committed(lock, endedRun(lock, Duration.ZERO, Duration.ZERO));
            ExportRun other = ended(lock("other"), Duration.ZERO, Duration.ZERO);
            JobPositions positions = positions(run.number());
            FirePlan plan = FirePlan.of("daily", Optional.of(NOON));
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
}
