package io.outfeed.internal.event;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.RunGuard;
import io.outfeed.error.DeliveryException;
import io.outfeed.event.DeliveredFilesEvent;
import io.outfeed.event.ExportEvent;
import io.outfeed.event.ExportListener;
import io.outfeed.event.RunEvent;
import io.outfeed.operation.JobHandle;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListenersTest {

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T00:00:00Z"));
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source = Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"));
    private final List<String> heard = new ArrayList<>();
    private final List<ExportEvent> alarms = new ArrayList<>();
    private @Nullable ExportEngine started;

    @BeforeEach
    void start() {
        ExportEngine engine = ExportEngine.builder()
                .directory(directory)
                .store(new InMemoryStore())
                .scheduler(scheduler)
                .clock(clock)
                .retryPolicy(RetryPolicy.none())
                .renameLooks(Duration.ZERO)
                .listener(event -> {
                    throw new LinkageError("a listener that fails");
                })
                .listener(ExportListener.of(
                        RunEvent.class,
                        event -> heard.add(event.kind() + " " + event.run().number())))
                .listener(ExportListener.of(
                        DeliveredFilesEvent.class,
                        event -> heard.add(event.kind() + " at " + event.delivery() + ": "
                                + event.files().get(0).receipt().orElseThrow().location())))
                .listener(ExportListener.alarms(alarms::add))
                .listenerExecutor(Runnable::run)
                .build();
        engine.start();
        started = engine;
    }

    private ExportEngine engine() {
        return requireNonNull(started);
    }

    @AfterEach
    void close() {
        engine().close();
    }

    private ExportJob.Builder job() {
        return ExportJob.builder("visits", Visit.export(source)).deliverTo(lakeside);
    }

    @Test
    void should_be_notified_of_a_success_although_another_listener_fails() {
        engine().add(job().build()).runNow();

        assertThat(heard)
                .containsExactly("PLANNED 1", "STAGED 1", "DELIVERED at lakeside: visits-1.csv", "SUCCEEDED 1");
        assertThat(alarms).isEmpty();
    }

    @Test
    void should_be_notified_once_of_attempts_that_fail_and_of_the_end() {
        JobHandle job = engine().add(job().build());
        lakeside.failNext(Operation.PUBLISH, Failure.REFUSED).failNext(Operation.PUBLISH, Failure.REFUSED);

        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        assertThat(scheduler.advance(Duration.ofMinutes(20))).isEqualTo(2);

        assertThat(heard)
                .containsExactly(
                        "PLANNED 1", "STAGED 1", "DELAYED 1", "DELIVERED at lakeside: visits-1.csv", "SUCCEEDED 1");
        assertThat(alarms).hasSize(1);
    }

    @Test
    void should_be_notified_of_failed_and_held_runs() {
        JobHandle job = engine().add(job().holdIf(RunGuard.moreRowsThan(0)).build());
        job.runNow();
        engine().run(1).discard();
        lakeside.failNext(Operation.PREPARE, Failure.REFUSED);
        engine().add(job().retryFor(Duration.ZERO).build());

        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);

        assertThat(heard)
                .containsExactly("PLANNED 1", "STAGED 1", "HELD 1", "DISCARDED 1", "PLANNED 2", "STAGED 2", "FAILED 2");
        assertThat(alarms)
                .extracting(ExportEvent::toString)
                .containsExactly(
                        "run 1 of job 'visits' is held (held, since it has 1 rows, more than 0)",
                        "run 2 of job 'visits' has failed: PREPARE is refused, as the test wanted");
    }

    @Test
    void should_be_notified_of_redelivered_empty_and_paused() {
        JobHandle job = engine().add(job().build());
        job.runNow();
        heard.clear();
        lakeside.take("visits-1.csv");

        engine().run(1).redeliver();
        job.pause("the receiver is away");

        assertThat(heard)
                .containsExactly("PLANNED 2", "STAGED 2", "DELIVERED at lakeside: visits-1.csv", "REDELIVERED 2");
        assertThat(alarms).isEmpty();
    }

    @Test
    void should_be_notified_in_order_of_its_own_actions() {
        List<String> order = new ArrayList<>();
        ExportEngine other = ExportEngine.builder()
                .directory(directory.resolve("other"))
                .clock(clock)
                .scheduler(new ManualScheduler(clock))
                .listener(ExportListener.of(RunEvent.class, event -> {
                    order.add("begin " + event.kind());
                    if (event.kind() == RunEvent.Kind.PLANNED) {
                        order.add("run has " + event.run().log().size() + " lines");
                    }
                    order.add("end " + event.kind());
                }))
                .listenerExecutor(Runnable::run)
                .build();
        try (other) {
            other.add(job().build()).runNow();
        }

        assertThat(order)
                .containsExactly(
                        "begin PLANNED",
                        "run has 1 lines",
                        "end PLANNED",
                        "begin STAGED",
                        "end STAGED",
                        "begin SUCCEEDED",
                        "end SUCCEEDED");
    }

    @Test
    void should_delay_no_run_and_be_notified_at_the_end_when_it_is_slow() throws Exception {
        CountDownLatch runsAreDone = new CountDownLatch(1);
        List<RunEvent.Kind> slow = new CopyOnWriteArrayList<>();
        List<String> threads = new CopyOnWriteArrayList<>();
        ExportEngine other = ExportEngine.builder()
                .directory(directory.resolve("other"))
                .clock(clock)
                .scheduler(new ManualScheduler(clock))
                .listener(ExportListener.of(RunEvent.class, event -> {
                    threads.add(Thread.currentThread().getName());
                    awaitQuietly(runsAreDone);
                    slow.add(event.kind());
                }))
                .build();
        try (other) {
            JobHandle job = other.add(job().build());
            job.runNow();
            job.runNow();

            assertThat(slow).isEmpty();
            runsAreDone.countDown();
        }

        assertThat(slow)
                .containsExactly(
                        RunEvent.Kind.PLANNED,
                        RunEvent.Kind.STAGED,
                        RunEvent.Kind.SUCCEEDED,
                        RunEvent.Kind.PLANNED,
                        RunEvent.Kind.STAGED,
                        RunEvent.Kind.SUCCEEDED);
        assertThat(threads).containsOnly("outfeed-listener");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
