package io.outfeed.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.operation.History;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.source.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are damaged, older than others, or gone: no job starts from scratch, and only its own job stops. */
class FileStoreDamageTest extends FileStoreFixture {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private static JobPositions positions(long run) {
        return new JobPositions(Map.of("rows", Position.of(run)), run, run);
    }

    /** Commits runs of a job, as the engine does. Returns their numbers. */
    private List<Long> commit(String job, int runs) {
        try (JobLock lock = lock(job)) {
            return IntStream.range(0, runs)
                    .mapToObj(i -> {
                        long number = store.newRunNumber();
                        store.commit(lock, store.positions(job), positions(number));
                        save(lock, number, Trigger.SCHEDULED, RunStatus.COMMITTED);
                        return number;
                    })
                    .toList();
        }
    }

    private void save(JobLock lock, long number, Trigger trigger, RunStatus status) {
        ExportRun run = RunBuilder.planned(number, lock.job(), trigger, NOON)
                .token(lock.token())
                .status(status)
                .build();
        save(lock, run);
    }

    private Path file(String first, String... more) {
        return directory.resolve(Path.of(first, more));
    }

    private static void assertRefused(FailureCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    // ---- positions

    @Test
    void should_refuse_to_begin_anew_when_the_positions_of_committed_runs_are_missing() throws Exception {
        commit("job", 2);
        Files.delete(file("jobs", "job", "positions"));

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> store.positions("job"))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.STORE_DAMAGED))
                    .hasMessage(file("jobs", "job", "positions")
                            + " is missing, although run 2 has moved the positions of job 'job': nothing is exported,"
                            + " since records would be sent again; restore the file, or call resetPosition() with the"
                            + " end of the window of run 2");
            reopen();
        }
    }

    @Test
    void should_refuse_positions_that_are_older_than_a_committed_run() throws Exception {
        commit("job", 2);
        byte[] old = Files.readAllBytes(file("jobs", "job", "positions"));
        commit("job", 1);
        Files.write(file("jobs", "job", "positions"), old);

        for (int i = 0; i < 2; i++) {
            assertRefused(FailureCode.STORE_DAMAGED, () -> store.positions("job"));
            reopen();
        }
    }

    @Test
    void should_continue_from_positions_that_were_restored() throws Exception {
        commit("job", 2);
        Files.delete(file("jobs", "job", "positions"));
        try (JobLock lock = lock("job")) {
            assertRefused(FailureCode.STORE_DAMAGED, () -> store.commit(lock, JobPositions.NONE, positions(3)));

            store.restorePositions(lock, positions(2));
        }

        assertThat(commit("job", 1)).containsExactly(3L);
        reopen();
        assertThat(store.positions("job")).isEqualTo(positions(3));
    }

    @ParameterizedTest
    @EnumSource(
            value = RunStatus.class,
            names = {"COMMITTED", "EMPTY", "GIVEN_UP"},
            mode = EnumSource.Mode.EXCLUDE)
    void should_miss_no_positions_of_runs_that_have_moved_none(RunStatus status) {
        try (JobLock lock = lock("job")) {
            save(lock, store.newRunNumber(), Trigger.SCHEDULED, status);
            save(lock, store.newRunNumber(), Trigger.TEST, RunStatus.COMMITTED);
        }
        reopen();

        assertThat(store.positions("job")).isEqualTo(JobPositions.NONE);
    }

    @Test
    void should_miss_the_positions_that_were_set_by_hand() {
        try (JobLock lock = lock("job")) {
            save(lock, store.newRunNumber(), Trigger.POSITION_RESET, RunStatus.EMPTY);
        }

        assertRefused(FailureCode.STORE_DAMAGED, () -> store.positions("job"));
    }

    @Test
    void should_begin_anew_after_a_purge() {
        commit("job", 2);
        try (JobLock lock = lock("job")) {
            store.removeJob(lock, History.PURGE, run -> {});
        }

        assertThat(store.positions("job")).isEqualTo(JobPositions.NONE);
    }

    // ---- counters

    @Test
    void should_reuse_no_number_and_no_token_when_older_counters_were_restored() throws Exception {
        commit("job", 1);
        reopen(); // gives back what was reserved
        byte[] old = Files.readAllBytes(file("counters"));
        commit("job", 2);
        long token;
        try (JobLock lock = lock("job")) {
            token = lock.token();
            save(lock, store.newRunNumber(), Trigger.SCHEDULED, RunStatus.PLANNED);
        }
        store.close();
        Files.write(file("counters"), old);

        store = FileStore.open(directory);

        assertThat(store.newRunNumber()).isEqualTo(5);
        try (JobLock lock = lock("job")) {
            assertThat(lock.token()).isGreaterThan(token);
        }
    }

    // ---- a directory that vanishes

    private enum Loss {
        REMOVED {
            @Override
            void happenTo(Path directory) throws IOException {
                Files.move(directory, directory.resolveSibling("elsewhere"));
            }
        },
        REPLACED {
            @Override
            void happenTo(Path directory) throws IOException {
                REMOVED.happenTo(directory);
                Files.createDirectories(directory.resolve("jobs"));
                Files.createFile(directory.resolve("lock"));
            }
        },
        EMPTIED {
            @Override
            void happenTo(Path directory) throws IOException {
                Files.move(directory.resolve("jobs"), directory.resolveSibling("elsewhere"));
            }
        };

        abstract void happenTo(Path directory) throws IOException;
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void should_refuse_every_use_once_the_directory_is_gone(Loss loss) throws Exception {
        commit("job", 2);
        try (JobLock lock = lock("job")) {
            loss.happenTo(directory);

            assertThatThrownBy(() -> store.positions("job"))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.STORE_MISSING))
                    .hasMessage("the store in " + directory + " was removed or replaced while the engine has it open:"
                            + " nothing is exported any more; put the directory back, or restore it from a backup,"
                            + " then start a new engine");
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> store.newRunNumber(),
                    () -> store.tryLock("other"),
                    () -> store.unfinishedRuns("job"),
                    () -> store.runs(RunQuery.all()),
                    () -> store.jobs(),
                    () -> store.jobRecords(List.of("job")),
                    () -> store.firePlan("job"),
                    () -> store.jobState("job"),
                    () -> store.restorePositions(lock, positions(1)),
                    () -> store.replaceFirePlan("job", Optional.empty(), FirePlan.of("daily", Optional.of(NOON))),
                    () -> save(lock, 3, Trigger.SCHEDULED, RunStatus.PLANNED))) {
                assertRefused(FailureCode.STORE_MISSING, call);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void should_notice_at_a_write_that_the_directory_is_gone(boolean replaced) throws Exception {
        (replaced ? Loss.REPLACED : Loss.REMOVED).happenTo(directory);

        assertRefused(FailureCode.STORE_MISSING, () -> store.newRunNumber());

        if (!replaced) {
            assertThat(directory).doesNotExist();
        }
        assertThat(directory.resolve("counters")).doesNotExist();
    }

    // ---- damage of one job

    @ParameterizedTest
    @ValueSource(strings = {"positions", "fire", "state", "open/4"})
    void should_tell_the_damage_of_a_job_beside_others(String damaged) throws Exception {
        commit("well", 1);
        commit("sick", 2);
        store.replaceFirePlan("sick", Optional.empty(), FirePlan.of("daily", Optional.of(NOON)));
        store.replaceJobState("sick", JobState.NONE, JobState.NONE.toFailures(1));
        try (JobLock lock = lock("sick")) {
            save(lock, store.newRunNumber(), Trigger.SCHEDULED, RunStatus.PLANNED);
        }
        flipByte(file("jobs", "sick").resolve(damaged));

        reopen();

        List<JobRecord> records = store.jobRecords(List.of("sick", "well"));
        assertThat(records.get(0).damage()).hasValueSatisfying(problem -> {
            assertThat(problem.code()).isEqualTo(FailureCode.STORE_DAMAGED);
            assertThat(problem.message()).contains(file("jobs", "sick").resolve(damaged) + " is damaged");
        });
        assertThat(records.get(1).damage()).isEmpty();
        assertThat(records.get(1).lastOutcome()).isPresent();
    }

    @Test
    void should_leave_a_damaged_run_out_of_lists_of_all_jobs() throws Exception {
        commit("well", 1);
        commit("sick", 2);
        flipByte(file("jobs", "sick", "runs", "3"));
        reopen();

        assertThat(store.runs(RunQuery.all())).extracting(ExportRun::number).containsExactly(2L, 1L);
        assertThat(store.runs(RunQuery.all().status(RunStatus.COMMITTED)))
                .extracting(ExportRun::number)
                .containsExactly(2L, 1L);
        assertRefused(FailureCode.STORE_DAMAGED, () -> store.runs(RunQuery.ofJob("sick")));
        assertRefused(FailureCode.STORE_DAMAGED, () -> store.positions("sick"));
        assertThat(store.positions("well")).isEqualTo(positions(1));
    }

    private static void flipByte(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        content[content.length - 3] ^= 1;
        Files.write(file, content);
    }
}
