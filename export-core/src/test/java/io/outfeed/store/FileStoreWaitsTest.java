package io.outfeed.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.StoreException;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.state.StateDirectory;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.source.Position;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job whose disk does not answer keeps no other job waiting: a write of job {@code job} is held back. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // for a store that waits after all
class FileStoreWaitsTest {

    private static final FirePlan DUE = FirePlan.of("daily", Optional.of(SampleRuns.NOON));
    private static final FirePlan NEXT = FirePlan.of("daily", Optional.of(SampleRuns.NOON.plusSeconds(86_400)));

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    @TempDir
    private Path directory;

    private volatile String heldBack = "none";
    private FileStore store;

    @BeforeEach
    void open() {
        store = FileStore.open(StateDirectory.open(directory, this::beforeWrite));
        for (String job : List.of("job", "other")) {
            store.replaceFirePlan(job, Optional.empty(), DUE);
        }
    }

    private void beforeWrite(Path file) {
        if (file.endsWith(heldBack)) {
            reached.countDown();
            await(released);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void release() {
        released.countDown();
        store.close();
    }

    /** Runs a job as the engine does that finds nothing. Returns the run. */
    private ExportRun run(String job) {
        try (JobLock lock = store.tryLock(job).orElseThrow()) {
            JobPositions before = store.positions(job);
            ExportRun run = RunBuilder.planned(store.newRunNumber(), job, Trigger.SCHEDULED, SampleRuns.NOON)
                    .token(lock.token())
                    .build();
            RunStep step = RunStep.whole(run);
            assertThat(store.claim(lock, new FirePlan.Claim(DUE, NEXT), step)).isTrue();
            RunStep staged = RunStep.next(
                    step.run(),
                    RunBuilder.of(step.run()).status(RunStatus.STAGED).build());
            assertThat(store.append(lock, staged)).isTrue();
            store.commit(lock, before, new JobPositions(Map.of("rows", Position.of(run.number())), run.number(), 0));
            RunStep end = RunStep.next(
                    staged.run(),
                    RunBuilder.of(staged.run())
                            .status(RunStatus.EMPTY)
                            .endedAt(SampleRuns.NOON)
                            .build());
            assertThat(store.append(lock, end)).isTrue();
            return end.run();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"job/open/1", "job/fire", "job/positions", "job/runs/1"})
    void should_let_another_job_run(String file) {
        heldBack = file;
        CompletableFuture<ExportRun> first = CompletableFuture.supplyAsync(() -> run("job"));
        await(reached);

        ExportRun other = run("other");

        assertThat(first).isNotDone();
        assertThat(store.run(other.number()).map(ExportRun::status)).contains(RunStatus.EMPTY);
        assertThat(store.runs(RunQuery.ofJob("other"))).hasSize(1);
        assertThat(store.replaceJobState("other", JobState.NONE, JobState.NONE.toFailures(1)))
                .isTrue();
        assertThat(store.incidents(IncidentQuery.all())).isEmpty();
        assertThat(store.addJobs(List.of(new NewJob("third", DUE, JobState.NONE))))
                .containsExactly("third");
        released.countDown();
        assertThat(first.join().number()).isEqualTo(1);
        assertThat(store.runs(RunQuery.all())).extracting(ExportRun::number).containsExactly(2L, 1L);
    }

    @Test
    void should_wait_for_a_write_before_it_is_closed() {
        heldBack = "job/positions";
        CompletableFuture<ExportRun> first = CompletableFuture.supplyAsync(() -> run("job"));
        await(reached);
        CompletableFuture<Void> closed = CompletableFuture.runAsync(store::close);

        assertThat(closed).isNotDone();
        assertThatThrownBy(() -> FileStore.open(directory))
                .isInstanceOf(StoreException.class)
                .hasMessage("another engine uses " + directory
                        + ": close it first, or give each engine a directory of its own");
        released.countDown();
        closed.join();
        first.handle((run, failure) -> run).join(); // it may have got to its end, or not
        store = FileStore.open(directory);
        assertThat(store.positions("job").run()).isEqualTo(1);
    }
}
