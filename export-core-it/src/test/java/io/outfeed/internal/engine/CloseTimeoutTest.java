package io.outfeed.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.file.WhenEmpty;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Waiting;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.RecordSource;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a run that is in progress when the host ends. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class CloseTimeoutTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(NOON.minusMillis(1));
    private final InMemoryStore store = new InMemoryStore();
    private final CountDownLatch started = new CountDownLatch(1);

    private interface Reading {
        void untilItMayEnd() throws InterruptedException;
    }

    private ExportEngine.Builder engine() {
        return ExportEngine.builder().directory(directory).store(store).clock(clock);
    }

    /** A job whose run is in progress when this returns. */
    private void run(ExportEngine engine, Reading reading) throws InterruptedException {
        ExportDefinition<String> visits = ExportDefinition.builder("visits", String.class)
                .source(RecordSource.of(window -> {
                    started.countDown();
                    reading.untilItMayEnd();
                    return Stream.empty();
                }))
                .recordKey(visit -> visit)
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.field("visit", visit -> visit))
                .file(f -> f.name("visits.csv").whenEmpty(WhenEmpty.NO_FILE))
                .build();
        engine.start();
        engine.add(ExportJob.builder("visits", visits)
                .schedule(Schedule.once(NOON))
                .build());
        clock.set(NOON);
        started.await();
    }

    private RunStatus outcome() {
        return store.run(1).orElseThrow().status();
    }

    @Test
    void should_interrupt_a_run_that_takes_longer() throws InterruptedException {
        ExportEngine engine = engine().closeTimeout(Duration.ofMillis(1)).build();
        run(engine, new CountDownLatch(1)::await);

        engine.close();

        while (outcome() == RunStatus.PLANNED) {
            Thread.onSpinWait();
        }
        assertThat(store.run(1).orElseThrow().waiting())
                .as("the next engine continues it")
                .map(Waiting::cause)
                .contains(Waiting.Cause.RESTART);
    }

    @Test
    void should_wait_for_a_run_that_ends_in_time() throws InterruptedException {
        ExportEngine engine = engine().closeTimeout(Duration.ofHours(1)).build();
        run(engine, () -> {
            while (!isClosed(engine)) {
                Thread.onSpinWait();
            }
        });

        engine.close();

        assertThat(outcome()).isEqualTo(RunStatus.EMPTY);
    }

    /** A closed engine takes no job. */
    private static boolean isClosed(ExportEngine engine) {
        try {
            engine.add(ExportJob.builder("other", Visit.export(Visit.source())).build());
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    @Test
    void should_not_take_a_negative_limit() {
        assertThatThrownBy(() -> engine().closeTimeout(Duration.ofSeconds(-1)).build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("closeTimeout must be zero or more, not PT-1S");
    }
}
