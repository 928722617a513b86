package io.outfeed.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.error.AlreadyRunningException;
import io.outfeed.error.ExportException;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.RunHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.run.Waiting;
import io.outfeed.source.RecordSource;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class CloseDuringRequestTest {

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T12:00:00Z"));
    private final InMemoryStore store = new InMemoryStore();
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final CountDownLatch reading = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private ExportEngine engine(Duration closeTimeout) {
        return ExportEngine.builder()
                .directory(directory)
                .store(store)
                .scheduler(new ManualScheduler(clock))
                .clock(clock)
                .closeTimeout(closeTimeout)
                .build();
    }

    private JobHandle add(ExportEngine engine) {
        ExportDefinition<Visit> visits = Visit.export(Visit.source(), f -> f.name("visits-{sequence}.csv"))
                .source(RecordSource.of(window -> {
                    reading.countDown();
                    mayEnd.await();
                    return Stream.of(Visit.of(1, "a", "2026-03-02T10:00:00Z"));
                }))
                .build();
        return engine.add(
                ExportJob.builder("visits", visits).deliverTo(lakeside).build());
    }

    @Test
    void should_give_the_run_at_once_and_execute_it_on_another_thread() throws InterruptedException {
        ExportEngine engine = engine(Duration.ofHours(1));
        JobHandle job = add(engine);

        RunHandle run = job.startNow();

        assertThat(run.run().status()).isEqualTo(RunStatus.PLANNED);
        assertThat(run.run().trigger()).isEqualTo(Trigger.MANUAL);
        reading.await();
        assertThat(run.progress()).isPresent();
        assertThatThrownBy(job::startNow).isInstanceOf(AlreadyRunningException.class);
        mayEnd.countDown();
        engine.close();
        assertThat(store.run(1).orElseThrow().status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(lakeside.file("visits-1.csv").lines()).containsExactly("id,note", "1,a");
    }

    @Test
    void should_wait_for_a_run_on_the_thread_of_its_caller() throws Exception {
        ExportEngine engine = engine(Duration.ofHours(1));
        JobHandle job = add(engine);
        Future<ExportRun> run = threads.submit(job::runNow);
        reading.await();

        Future<?> closing = threads.submit(engine::close);
        while (isOpen(engine)) {
            Thread.onSpinWait();
        }
        assertThat(closing.isDone()).isFalse();
        mayEnd.countDown();

        closing.get();
        assertThat(store.run(1).orElseThrow().status())
                .as("when close() returns")
                .isEqualTo(RunStatus.COMMITTED);
        assertThat(run.get().status()).isEqualTo(RunStatus.COMMITTED);
    }

    private static boolean isOpen(ExportEngine engine) {
        try {
            engine.add(ExportJob.builder("other", Visit.export(Visit.source())).build());
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    @Test
    void should_interrupt_a_run_that_takes_longer_and_leave_it_to_the_next_engine() throws Exception {
        ExportEngine engine = engine(Duration.ofMillis(1));
        JobHandle job = add(engine);
        Future<ExportRun> run = threads.submit(job::runNow);
        reading.await();

        engine.close();

        assertThatThrownBy(run::get).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(ExportException.class);
        assertThat(store.run(1).orElseThrow().waiting()).map(Waiting::cause).contains(Waiting.Cause.RESTART);
        mayEnd.countDown();
        try (ExportEngine next = engine(Duration.ofHours(1))) {
            ExportRun continued = add(next).runNow();
            assertThat(continued.number()).isEqualTo(1);
            assertThat(continued.status()).isEqualTo(RunStatus.COMMITTED);
        }
    }

    @Test
    void should_refuse_requests_when_it_is_closed() {
        ExportEngine engine = engine(Duration.ofHours(1));
        JobHandle job = add(engine);
        engine.close();

        assertThatIllegalStateException().isThrownBy(job::startNow).withMessageContaining("the engine is closed");
        assertThatIllegalStateException().isThrownBy(job::runNow).withMessageContaining("the engine is closed");
    }

    @Test
    void should_not_wait_for_the_operation_that_closes_it() {
        ExportEngine engine = engine(Duration.ofHours(1));
        JobHandle job = engine.add(ExportJob.builder(
                        "visits",
                        Visit.export(Visit.source(), f -> f.name("visits-{sequence}.csv"))
                                .source(RecordSource.of(window -> {
                                    engine.close();
                                    return Stream.empty();
                                }))
                                .build())
                .build());

        job.runNow();

        assertThat(store.run(1).orElseThrow().status().ended()).isTrue();
    }
}
