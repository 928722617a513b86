package io.outfeed.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.document.RunDocument;
import io.outfeed.internal.io.Durable;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.state.Document;
import io.outfeed.internal.state.StepRecord;
import io.outfeed.run.Attempt;
import io.outfeed.run.DailySequence;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunLogEntry;
import io.outfeed.run.RunPhase;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.run.file.FileRemoval;
import io.outfeed.run.file.WatchRecord;
import io.outfeed.run.file.WatchState;
import io.outfeed.source.Position;
import io.outfeed.source.Window;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class FileStoreTest extends FileStoreFixture {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Window WINDOW =
            new Window(Position.of(NOON.minusSeconds(86_400)), Position.of(NOON.minusSeconds(120)));
    private static final JobPositions FIRST = new JobPositions(Map.of("rows", WINDOW.until()), 1, 1);

    private RunBuilder run(long number) {
        return RunBuilder.planned(number, "job", Trigger.SCHEDULED, NOON);
    }

    private static RunFailure failure(String message) {
        return new RunFailure(FailureCode.STORE_UNAVAILABLE, "StoreException", message, Optional.of("at the disk"));
    }

    private ExportRun full(long number, RunStatus status) {
        StagedFile file = new StagedFile("rows", "done", "rows-1.csv", 10, 1234, "0".repeat(64));
        return run(number)
                .fireTime(NOON.minusSeconds(1))
                .endedAt(NOON.plusSeconds(60))
                .status(status)
                .token(97)
                .attempts(List.of(Attempt.begin(1, NOON, RunStatus.PLANNED)), 3)
                .rejected(4)
                .sensitive(true)
                .windows(Map.of("rows", WINDOW, "terms", new Window(Position.of(-1), Position.of(12))))
                .deliveryIds(List.of("a", "b", "c", "d"))
                .sequence(12)
                .dailySequence(new DailySequence(LocalDate.EPOCH, 3))
                .files(List.of(file, new StagedFile("terms", "", "terms.csv", 0, 5, "1".repeat(64))))
                .deliveries(List.of(
                        FileDelivery.pending("a", file.path()),
                        FileDelivery.pending("b", file.path())
                                .toPrepared(PreparedFile.renamed("/out/rows-1.csv", "/out/.rows-1.csv.part")),
                        FileDelivery.pending("c", file.path())
                                .toPrepared(PreparedFile.direct("someone@lakeside.example"))
                                .toPublished(
                                        new DeliveryReceipt("someone@lakeside.example", Publication.ACCEPTED),
                                        NOON.plusSeconds(30)),
                        FileDelivery.pending("d", file.path()).toRemoved()))
                .failure(failure("line one\nline = two: Zürich \uD83D\uDE00"))
                .build();
    }

    private static void assertSame(ExportRun actual, ExportRun expected) {
        assertThat(actual)
                .usingRecursiveComparison()
                .withEqualsForType(Position::equals, Position.class)
                .ignoringFields("values.storedSteps")
                .isEqualTo(expected);
    }

    @Test
    void should_keep_everything_that_a_run_has() {
        ExportRun expected = full(1, RunStatus.PUBLISHING);

        save(lock("job"), expected);
        reopen();

        assertSame(store.run(1).orElseThrow(), expected);
        assertThat(store.unfinishedRuns("job")).singleElement().satisfies(run -> assertSame(run, expected));
    }

    @Test
    void should_keep_what_became_of_delivered_files() {
        List<FileDelivery> steps = new ArrayList<>();
        for (WatchState state : WatchState.values()) {
            steps.add(published()
                    .toWatched(WatchRecord.of(state, Optional.of(NOON), Optional.empty(), 2, 1, Optional.of(NOON))));
        }
        for (FileRemoval.Outcome outcome : FileRemoval.Outcome.values()) {
            steps.add(published()
                    .toWatched(WatchRecord.NONE.toSeen(NOON.plusSeconds(600), Optional.empty()))
                    .toRetired(new FileRemoval(outcome, NOON.plusSeconds(9000))));
        }
        steps.add(published());
        ExportRun expected =
                RunBuilder.of(full(1, RunStatus.COMMITTED)).deliveries(steps).build();

        save(lock("job"), expected);
        reopen();

        assertThat(store.run(1).orElseThrow().deliveries()).isEqualTo(steps);
        assertSame(store.run(1).orElseThrow(), expected);
    }

    private static FileDelivery published() {
        return FileDelivery.pending("a", "done/rows-1.csv")
                .toPrepared(PreparedFile.renamed("/out/rows-1.csv", "/out/.rows-1.csv.part"))
                .toPublished(new DeliveryReceipt("/out/rows-1.csv", Publication.ATOMIC), NOON.plusSeconds(30));
    }

    @Test
    void should_keep_a_run_that_has_nothing_yet() {
        ExportRun expected = run(1).build();

        save(lock("job"), expected);
        reopen();

        assertSame(store.run(1).orElseThrow(), expected);
    }

    @Test
    void should_keep_each_status_and_trigger() {
        JobLock lock = lock("job");
        long number = 0;
        for (Trigger trigger : Trigger.values()) {
            for (RunStatus status : RunStatus.values()) {
                ExportRun expected = RunBuilder.planned(++number, "job", trigger, NOON)
                        .status(status)
                        .build();
                save(lock, expected);
                assertSame(store.run(number).orElseThrow(), expected);
            }
        }
    }

    @Test
    void should_list_runs_newest_first_and_unfinished_ones_oldest_first() {
        JobLock lock = lock("job");
        for (long number = 1; number <= 12; number++) {
            save(
                    lock,
                    run(number)
                            .status(number % 3 == 0 ? RunStatus.PUBLISHING : RunStatus.COMMITTED)
                            .build());
        }

        assertThat(store.runs(RunQuery.ofJob("job").limit(4)).stream().map(ExportRun::number))
                .containsExactly(12L, 11L, 10L, 9L);
        assertThat(store.runs(RunQuery.ofJob("job").limit(100))).hasSize(12);
        assertThat(store.runs(RunQuery.ofJob("other").limit(100))).isEmpty();
        assertThat(store.unfinishedRuns("job").stream().map(ExportRun::number)).containsExactly(3L, 6L, 9L, 12L);
        assertThat(store.unfinishedRuns("other")).isEmpty();
        assertThat(store.run(99)).isEmpty();
    }

    @Test
    void should_move_a_run_that_ends_out_of_the_open_ones() {
        JobLock lock = lock("job");
        save(lock, run(1).status(RunStatus.STAGED).build());
        assertThat(directory.resolve("jobs/job/open/1")).exists();

        save(lock, run(1).status(RunStatus.COMMITTED).build());

        assertThat(directory.resolve("jobs/job/open/1")).doesNotExist();
        assertThat(directory.resolve("jobs/job/runs/1")).exists();
        assertThat(store.unfinishedRuns("job")).isEmpty();
    }

    @Test
    void should_trust_the_end_of_a_run_when_a_crash_left_it_open_too() throws Exception {
        JobLock lock = lock("job");
        save(lock, run(1).status(RunStatus.PUBLISHING).build());
        byte[] open = Files.readAllBytes(directory.resolve("jobs/job/open/1"));
        save(lock, run(1).status(RunStatus.COMMITTED).build());
        Files.write(directory.resolve("jobs/job/open/1"), open);

        assertThat(store.unfinishedRuns("job")).isEmpty();
        assertThat(store.run(1).orElseThrow().status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(store.runs(RunQuery.ofJob("job").limit(10))).hasSize(1);
        reopen();
        assertThat(directory.resolve("jobs/job/open/1")).doesNotExist();
        assertThat(store.run(1).orElseThrow().status()).isEqualTo(RunStatus.COMMITTED);
    }

    @Test
    void should_forget_a_run_for_good_that_was_left_open_too() throws Exception {
        JobLock lock = lock("job");
        save(lock, run(1).status(RunStatus.PUBLISHING).build());
        byte[] open = Files.readAllBytes(directory.resolve("jobs/job/open/1"));
        save(lock, full(1, RunStatus.COMMITTED));
        Files.write(directory.resolve("jobs/job/open/1"), open);

        store.prune("job", NOON.plusSeconds(61), run -> {});

        assertThat(store.run(1)).isEmpty();
        assertThat(store.unfinishedRuns("job")).isEmpty();
    }

    @Test
    void should_forget_a_run_that_a_crash_left_open_too() throws Exception {
        JobLock lock = lock("job");
        save(lock, run(1).status(RunStatus.PUBLISHING).build());
        byte[] open = Files.readAllBytes(directory.resolve("jobs/job/open/1"));
        save(lock, run(1).status(RunStatus.COMMITTED).endedAt(NOON).build());
        Files.write(directory.resolve("jobs/job/open/1"), open);
        reopen();

        store.prune("job", NOON.plusSeconds(1), run -> {});

        assertThat(store.unfinishedRuns("job")).isEmpty();
        assertThat(store.run(1)).isEmpty();
    }

    @Test
    void should_not_find_a_run_unconfirmed_that_a_crash_left_marked() throws Exception {
        JobLock lock = lock("job");
        ExportRun committed = save(lock, full(1, RunStatus.COMMITTED));
        save(lock, RunBuilder.of(committed).unconfirmed(true).build());
        save(lock, RunBuilder.of(committed).unconfirmed(false).build());
        Path marked = directory.resolve("jobs/job/unconfirmed");
        assertThat(marked).isEmptyDirectory();

        Files.createFile(marked.resolve("1"));
        Files.createFile(marked.resolve("2")); // never saved
        reopen();

        assertThat(store.runs(RunQuery.ofJob("job").unconfirmed())).isEmpty();
        assertThat(store.jobRecords(List.of("job")).get(0).unconfirmedRuns()).isZero();
        store.prune("job", NOON.plusSeconds(61), run -> {});
        assertThat(marked.resolve("1")).doesNotExist();
    }

    @Test
    void should_commit_positions_in_one_step() {
        JobLock lock = lock("job");
        assertThat(store.positions("job")).isEqualTo(JobPositions.NONE);

        store.commit(lock, JobPositions.NONE, FIRST);
        reopen();

        assertThat(store.positions("job")).isEqualTo(FIRST);
        assertThat(store.positions("job").position("rows")).contains(WINDOW.until());
        assertThat(store.positions("other")).isEqualTo(JobPositions.NONE);
    }

    @Test
    void should_refuse_to_commit_from_other_positions() {
        JobLock lock = lock("job");
        store.commit(lock, JobPositions.NONE, FIRST);

        assertThatThrownBy(() ->
                        store.commit(lock, JobPositions.NONE, new JobPositions(Map.of("rows", WINDOW.from()), 2, 2)))
                .isInstanceOf(StoreException.class)
                .hasMessage("the positions of job 'job' were moved by run 1 in the meantime: nothing was committed");
        assertThat(store.positions("job")).isEqualTo(FIRST);
    }

    @Test
    void should_give_a_lock_to_one_at_a_time() {
        JobLock first = lock("job");

        assertThat(store.tryLock("job")).isEmpty();
        JobLock other = lock("other");
        assertThat(first).hasToString("lock 1 of job 'job'");
        first.close();
        JobLock second = lock("job");
        first.close(); // again, which must not give back the second one

        assertThat(store.tryLock("job")).isEmpty();
        assertThat(List.of(first.token(), other.token(), second.token())).containsExactly(1L, 2L, 3L);
    }

    @Test
    void should_refuse_the_writes_of_a_lock_that_was_lost() {
        JobLock lost = lock("job");
        lost.close();
        lock("job");

        assertThatThrownBy(() -> save(lost, run(1).build()))
                .isInstanceOf(StoreException.class)
                .hasMessage("the lock of job 'job' was lost: nothing was written, its new owner continues");
        assertThatThrownBy(() -> store.commit(lost, JobPositions.NONE, FIRST))
                .isInstanceOf(StoreException.class)
                .hasMessage("the lock of job 'job' was lost: nothing was written, its new owner continues");
        assertThat(store.run(1)).isEmpty();
        assertThat(store.positions("job")).isEqualTo(JobPositions.NONE);
    }

    @Test
    void should_never_give_a_number_twice() {
        long run = store.newRunNumber();
        long token = lock("job").token();
        reopen();
        long nextRun = store.newRunNumber();
        long nextToken = lock("job").token();

        assertThat(List.of(run, nextRun)).containsExactly(1L, 2L);
        assertThat(List.of(token, nextToken)).containsExactly(1L, 2L);
        assertThat(store.newRunNumber()).isEqualTo(3);
    }

    @Test
    void should_not_give_a_number_twice_even_if_the_counters_were_removed() throws Exception {
        for (int i = 0; i < 41; i++) {
            store.newRunNumber();
        }
        JobLock lock = lock("job");
        store.commit(lock, JobPositions.NONE, new JobPositions(Map.of(), 40, 1));
        save(lock, run(40).token(97).status(RunStatus.COMMITTED).build());
        save(lock, run(41).token(7).build());
        store.close();
        Files.delete(directory.resolve("counters"));

        store = FileStore.open(directory);

        assertThat(store.newRunNumber()).isEqualTo(42);
        assertThat(lock("job").token()).isEqualTo(98);
    }

    @Test
    void should_replace_a_fire_plan_that_is_the_expected_one() {
        FirePlan first = FirePlan.of("daily at 07:00 UTC", Optional.of(NOON));
        FirePlan second = FirePlan.of("daily at 07:00 UTC", Optional.empty());
        assertThat(store.firePlan("job")).isEmpty();

        assertThat(store.replaceFirePlan("job", Optional.of(first), second)).isFalse();
        assertThat(store.replaceFirePlan("job", Optional.empty(), first)).isTrue();
        assertThat(store.replaceFirePlan("job", Optional.empty(), second)).isFalse();
        reopen();
        assertThat(store.firePlan("job")).contains(first);
        assertThat(store.replaceFirePlan("job", Optional.of(first), second)).isTrue();
        assertThat(store.firePlan("job")).contains(second);
    }

    @Test
    void should_ignore_what_an_interrupted_write_has_left() throws Exception {
        JobLock lock = lock("job");
        save(lock, run(1).build());
        store.commit(lock, JobPositions.NONE, FIRST);
        for (String left :
                List.of("counters.tmp", "jobs/job/positions.tmp", "jobs/job/open/1.tmp", "jobs/job/open/2.tmp")) {
            Files.writeString(directory.resolve(left), "half a fi");
        }
        reopen();

        assertThat(store.positions("job")).isEqualTo(FIRST);
        assertThat(store.unfinishedRuns("job")).hasSize(1);
        assertThat(store.runs(RunQuery.ofJob("job").limit(10))).hasSize(1);
        assertThat(directory.resolve("jobs/job/open/1.tmp")).doesNotExist();
        assertThat(directory.resolve("jobs/job/open/2.tmp")).doesNotExist();
        save(lock("job"), run(2).build());
        assertThat(store.runs(RunQuery.ofJob("job").limit(10))).hasSize(2);
    }

    @Test
    void should_name_a_damaged_file_and_never_start_from_scratch() throws Exception {
        JobLock lock = lock("job");
        store.newRunNumber();
        save(lock, run(1).build());
        store.commit(lock, JobPositions.NONE, FIRST);
        store.replaceFirePlan("job", Optional.empty(), FirePlan.of("once", Optional.of(NOON)));

        damage("jobs/job/positions");
        assertDamaged("jobs/job/positions", () -> store.positions("job"));
        assertDamaged("jobs/job/positions", () -> store.commit(lock, JobPositions.NONE, FIRST));
        damage("jobs/job/open/1");
        assertDamaged("jobs/job/open/1", () -> store.unfinishedRuns("job"));
        assertDamaged("jobs/job/open/1", () -> store.run(1));
        damage("jobs/job/fire");
        assertDamaged("jobs/job/fire", () -> store.firePlan("job"));
        damage("counters");
        store.close();
        assertDamaged("counters", () -> FileStore.open(directory));
        assertThat(directory.resolve("jobs/job/positions")).content().isEqualTo("damaged");

        Files.delete(directory.resolve("counters")); // and the directory can be used again
        Files.delete(directory.resolve("jobs/job/positions"));
        Files.delete(directory.resolve("jobs/job/open/1"));
        store = FileStore.open(directory);
        assertThat(store.newRunNumber()).isEqualTo(1);
    }

    private void damage(String file) throws IOException {
        Files.writeString(directory.resolve(file), "damaged");
    }

    private void assertDamaged(String file, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith(
                        directory.resolve(file) + " is damaged (it does not begin as a file of the store");
    }

    @Test
    void should_name_a_file_whose_words_a_newer_version_wrote() {
        Document document = RunDocument.write(run(1).build());
        document.put("status", "QUARANTINED");
        write("jobs/job/runs/1", new StepRecord(0, true, document.lines()).bytes());

        assertThatThrownBy(() -> store.run(1))
                .isInstanceOf(StoreException.class)
                .hasMessage(directory.resolve("jobs/job/runs/1")
                        + " is whole, but says what this version of Outfeed does not know (No enum constant"
                        + " io.outfeed.run.RunStatus.QUARANTINED): run the version that wrote it, or a newer one");
    }

    @Test
    void should_ignore_keys_that_a_newer_version_wrote() {
        Document document = RunDocument.write(run(1).build());
        document.put("overlap", "12");
        write("jobs/job/open/1", new StepRecord(0, true, document.lines()).bytes());

        assertSame(store.run(1).orElseThrow(), run(1).build());
    }

    private void write(String file, byte[] content) {
        try {
            Path path = directory.resolve(file);
            Durable.createDirectories(Durable.directoryOf(path));
            Durable.write(path, content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void should_refuse_writes_when_it_is_closed() {
        JobLock lock = lock("job");
        store.close();
        store.close();

        assertThatThrownBy(() -> save(lock, run(1).build()))
                .isInstanceOf(StoreException.class)
                .hasMessage("the store in " + directory + " is closed: nothing was written");
        assertThatThrownBy(() -> store.commit(lock, JobPositions.NONE, FIRST)).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store.newRunNumber()).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store.tryLock("other")).isInstanceOf(StoreException.class);
        lock.close();
        assertThat(directory.resolve("jobs/job")).doesNotExist();
    }

    @Test
    void should_refuse_a_second_store_in_one_process() throws Exception {
        Path link = Files.createSymbolicLink(temporary.resolve("link"), directory);

        for (Path same : List.of(directory, temporary.resolve("other/../store/."), link)) {
            Files.createDirectories(temporary.resolve("other"));
            assertThatThrownBy(() -> FileStore.open(same))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("another engine uses " + same
                            + ": close it first, or give each engine a directory of its own");
        }
        store.newRunNumber(); // the first still works
    }

    @Test
    void should_refuse_a_directory_that_can_not_be_made() throws Exception {
        Path file = Files.writeString(temporary.resolve("file"), "");

        assertThatThrownBy(() -> FileStore.open(file.resolve("store")))
                .isInstanceOf(StoreException.class)
                .hasMessage("can't use " + file.resolve("store")
                        + ": check that it is a directory that this process may write");
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void should_refuse_a_second_store_in_another_process() throws Exception {
        assertThat(openInAnotherProcess(directory))
                .isEqualTo("refused: another engine uses " + directory
                        + ": close it first, or give each engine a directory of its own");

        assertThatThrownBy(() -> FileStore.open(directory)).isInstanceOf(StoreException.class);
        assertThat(openInAnotherProcess(directory))
                .as("after a second store in this process was refused, which must not give the lock back")
                .startsWith("refused: another engine uses ");

        store.close();
        assertThat(openInAnotherProcess(directory)).isEqualTo("opened");
    }

    private static String openInAnotherProcess(Path directory) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Opener.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String lines = String.join("\n", output.lines().toList());
            assertThat(process.waitFor()).isZero();
            return lines;
        } finally {
            process.destroyForcibly();
        }
    }

    /** Another process that wants the directory. */
    static final class Opener {

        private Opener() {}

        public static void main(String[] arguments) {
            try {
                FileStore.open(Path.of(arguments[0])).close();
                System.out.println("opened");
            } catch (StoreException e) {
                System.out.println("refused: " + e.getMessage());
            }
        }
    }

    @Test
    void should_read_a_run_of_a_version_that_kept_no_log() throws IOException {
        save(
                lock("job"),
                RunBuilder.of(full(1, RunStatus.COMMITTED)).note("old").build());
        Path file = directory.resolve("jobs/job/runs/1");

        assertThat(Files.readString(file)).doesNotContain("log.");
        reopen();
        assertThat(store.run(1).orElseThrow().log()).isEmpty();
    }

    @Test
    void should_keep_a_run_as_a_text() {
        ExportRun expected = RunBuilder.of(full(1, RunStatus.GIVEN_UP))
                .log(List.of(new RunLogEntry(
                        NOON, RunPhase.FAILED, Optional.of("a"), 1, 2, 3, Optional.of(failure("Zürich \uD83D\uDE00")))))
                .build();

        String text = RunStep.whole(expected).text();

        assertThat(text).containsPattern("^[ -~\n]+$").startsWith("# outfeed 2 step=0 whole bytes=");
        assertSame(RunStep.read("job", List.of(text), "row 1"), expected);
        assertThat(RunStep.read("renamed", List.of(text), "row 1").job()).isEqualTo("renamed");
        assertThatThrownBy(() -> RunStep.read("job", List.of(text.replace("status=", "statue=")), "row 1"))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("row 1 is damaged (its checksum is wrong)");
    }

    @Test
    void should_finish_a_purge_that_was_interrupted() throws IOException {
        JobLock lock = lock("job");
        save(lock, full(1, RunStatus.COMMITTED));
        store.close();
        Path removed = directory.resolve("removed/job.1");
        Files.createDirectories(removed.getParent());
        Files.move(directory.resolve("jobs/job"), removed);

        store = FileStore.open(directory);

        assertThat(removed).doesNotExist();
        assertThat(store.jobs()).isEmpty();
        assertThat(store.run(1)).isEmpty();
    }

    @Test
    void should_name_a_damaged_state() throws IOException {
        store.replaceJobState("job", JobState.NONE, JobState.NONE.toFailures(1));
        Files.writeString(directory.resolve("jobs/job/state"), "failuresInARow=0\n");

        assertDamaged("jobs/job/state", () -> store.jobState("job"));
    }
}
