package io.outfeed.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.model.StoreFailures;
import io.outfeed.operation.History;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A store whose thread is interrupted: it does what it is to do, or says that it was interrupted. */
class InterruptedStoreTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    private interface Operation {
        void on(FileStore store, JobLock lock);
    }

    @TempDir
    private Path directory;

    private FileStore store;
    private JobLock lock;

    @BeforeEach
    void open() {
        store = FileStore.open(directory);
        lock = store.tryLock("job").orElseThrow();
        store.commit(lock, JobPositions.NONE, new JobPositions(Map.of(), 1, 1));
        assertThat(store.append(lock, RunStep.whole(run(1, RunStatus.COMMITTED))))
                .isTrue();
        assertThat(store.append(lock, RunStep.whole(run(2, RunStatus.PLANNED)))).isTrue();
        store.close();
        store = FileStore.open(directory); // it has nothing in memory
        lock = store.tryLock("job").orElseThrow();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static ExportRun run(long number, RunStatus status) {
        RunBuilder run = RunBuilder.planned(number, "job", Trigger.MANUAL, NOON).status(status);
        return (status.ended() ? run.endedAt(NOON) : run).build();
    }

    static Stream<Arguments> operations() {
        return Stream.of(
                operation("lock", (store, lock) -> store.tryLock("other")),
                operation("number", (store, lock) -> store.newRunNumber()),
                operation("new run", (store, lock) -> store.append(lock, RunStep.whole(run(3, RunStatus.PLANNED)))),
                operation("step", (store, lock) -> {
                    ExportRun before = store.run(2).orElseThrow();
                    store.append(
                            lock,
                            RunStep.next(before, RunBuilder.of(before).note("a").build()));
                }),
                operation("run", (store, lock) -> store.run(2)),
                operation("runs", (store, lock) -> store.runs(RunQuery.ofJob("job"))),
                operation("unfinished runs", (store, lock) -> store.unfinishedRuns("job")),
                operation("positions", (store, lock) -> store.positions("job")),
                operation(
                        "commit",
                        (store, lock) ->
                                store.commit(lock, new JobPositions(Map.of(), 1, 1), new JobPositions(Map.of(), 2, 2))),
                operation("fire plan", (store, lock) -> store.firePlan("job")),
                operation(
                        "new fire plan",
                        (store, lock) -> store.replaceFirePlan(
                                "job", Optional.empty(), FirePlan.of("daily", Optional.of(NOON)))),
                operation("state", (store, lock) -> store.jobState("job")),
                operation("cancel", (store, lock) -> store.requestCancel(2, "a reason")),
                operation("prune", (store, lock) -> store.prune("job", Instant.MAX, pruned -> {})),
                operation("purge", (store, lock) -> store.removeJob(lock, History.PURGE, purged -> {})));
    }

    private static Arguments operation(String name, Operation operation) {
        return Arguments.of(name, operation);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void should_not_send_a_person_to_the_disk(String name, Operation operation) {
        Thread.currentThread().interrupt();

        Throwable thrown = catchThrowable(() -> operation.on(store, lock));

        assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
        if (thrown != null) {
            assertThat(thrown)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(": its thread was interrupted, and the next attempt continues")
                    .hasMessageNotContaining("check");
            assertThat(((StoreException) thrown).code()).isEqualTo(FailureCode.STOPPED);
        }
    }

    static Stream<Exception> interrupts() {
        return Stream.of(
                new InterruptedException(),
                new ClosedByInterruptException(),
                new FileLockInterruptionException(),
                new InterruptedIOException());
    }

    @ParameterizedTest
    @MethodSource("interrupts")
    void should_tell_interrupts_from_other_failures(Exception interrupt) {
        assertThat(StoreFailures.ofFile("can't read a", "check b", new IOException(interrupt))
                        .code())
                .isEqualTo(FailureCode.STOPPED);
    }

    @Test
    void should_take_no_timeout_for_an_interrupt() {
        assertThat(StoreFailures.ofFile("can't read a", "check b", new SocketTimeoutException()))
                .hasMessage("can't read a: check b")
                .extracting(StoreException::code)
                .isEqualTo(FailureCode.STORE_UNAVAILABLE);
    }
}
