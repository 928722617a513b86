package io.outfeed.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.error.ExportException;
import io.outfeed.error.FailureCode;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.file.Litter;
import io.outfeed.support.HookedDelivery;
import io.outfeed.support.HookedDelivery.Point;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run whose destination does not answer is interrupted: the destination is not contacted again to clean up. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class SilentDestinationTest {

    private static final String JOB = "visits-lakeside";

    private enum By {
        INTERRUPT,
        TIME_LIMIT
    }

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T12:00:00Z"));
    private final InMemoryStore store = new InMemoryStore();
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> visits = Visit.source();
    private final CountDownLatch silent = new CountDownLatch(1);
    private final AtomicInteger connections = new AtomicInteger();

    /** A request is not tried again: it ends, and is cleaned up at once. */
    @ParameterizedTest(name = "at {0}, by {1}")
    @CsvSource({
        "BEFORE_PREPARE, INTERRUPT, 1",
        "BEFORE_PREPARE, TIME_LIMIT, 1",
        "AFTER_PREPARE, INTERRUPT, 1",
        "AFTER_PREPARE, TIME_LIMIT, 1",
        "OPEN, INTERRUPT, 0",
        "OPEN, TIME_LIMIT, 0",
    })
    void should_be_contacted_once(String point, By by, int uploads) throws Exception {
        visits.put(Visit.of(1, "a", "2026-03-02T10:00:00Z"));
        try (ExportEngine engine = engine()) {
            JobHandle job = engine.add(job(lakeside, by));
            job.runNow();
            lakeside.takeAll(); // the name is free

            engine.add(job(silentAt(point), by));
            Thread running = new Thread(
                    () -> assertThatThrownBy(() -> engine.run(1).redeliver()).isInstanceOf(ExportException.class));
            running.start();
            silent.await();
            if (by == By.INTERRUPT) {
                running.interrupt();
            }
            running.join();

            ExportRun failed = store.run(2).orElseThrow();
            assertThat(failed.status()).isEqualTo(RunStatus.FAILED);
            assertThat(failed.failure().orElseThrow().code())
                    .isEqualTo(by == By.INTERRUPT ? FailureCode.STOPPED : FailureCode.TIME_LIMIT_EXCEEDED);
            assertThat(connections).as("connections").hasValue(1);
            assertThat(failed.litter())
                    .extracting(Litter::path)
                    .hasSize(uploads)
                    .allMatch("visits-1.csv"::equals);

            visits.put(Visit.of(2, "b", "2026-03-02T11:30:00Z"));
            clock.advance(Duration.ofHours(1));
            assertThat(job.runNow().litter())
                    .as("removed by the next run, which reaches the destination")
                    .isEmpty();
            assertThat(lakeside.temporaryNames()).isEmpty();
        }
    }

    private Delivery silentAt(String point) {
        Delivery counted = new Delivery() {
            @Override
            public String id() {
                return lakeside.id();
            }

            @Override
            public DeliverySession open() throws Exception {
                if (connections.incrementAndGet() == 1 && point.equals("OPEN")) {
                    answerNothing();
                }
                return lakeside.open();
            }
        };
        return point.equals("OPEN") ? counted : new HookedDelivery(counted, Point.valueOf(point), this::answerNothing);
    }

    private void answerNothing() {
        silent.countDown();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private ExportEngine engine() {
        return ExportEngine.builder()
                .directory(directory)
                .store(store)
                .scheduler(new ManualScheduler(clock))
                .clock(clock)
                .retryPolicy(new RetryPolicy(3, Duration.ofHours(1)))
                .build();
    }

    private ExportJob job(Delivery delivery, By by) {
        ExportJob.Builder job = ExportJob.builder(JOB, Visit.export(visits)).deliverTo(delivery);
        return by == By.TIME_LIMIT ? job.maxDuration(Duration.ofMillis(500)).build() : job.build();
    }
}
