package io.outfeed.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.RecordSource;
import io.outfeed.support.LoggedEvents;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What is logged of a run that does not end when its engine is closed. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LeftBehindTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    @TempDir
    private Path directory;

    @RegisterExtension
    private final LoggedEvents logged = LoggedEvents.from(Level.WARN);

    private final InMemoryStore store = new InMemoryStore();
    private final CountDownLatch reading = new CountDownLatch(1);
    private final AtomicBoolean mayEnd = new AtomicBoolean();

    @AfterEach
    void end() {
        mayEnd.set(true);
        while (store.run(1).orElseThrow().waiting().isEmpty()) {
            Thread.onSpinWait(); // what it logs is not the next test's
        }
    }

    private ExportEngine build() {
        return ExportEngine.builder()
                .directory(directory)
                .store(store)
                .clock(SettableClock.at(NOON))
                .closeTimeout(Duration.ofMillis(1))
                .build();
    }

    private ExportJob.Builder job() {
        ExportDefinition<Visit> visits = Visit.export(Visit.source(), f -> f.name("visits-{sequence}.csv"))
                .source(RecordSource.of(window -> ignoreInterrupts()))
                .build();
        return ExportJob.builder("visits-lakeside", visits).deliverTo(InMemoryDelivery.create("lakeside"));
    }

    private Stream<Visit> ignoreInterrupts() {
        reading.countDown();
        while (!mayEnd.get()) {
            Thread.onSpinWait();
        }
        return Stream.empty();
    }

    @Test
    void should_name_a_scheduled_run() throws Exception {
        ExportEngine closing = build();
        closing.add(job().schedule(Schedule.once(NOON)).build());
        closing.start();
        reading.await();

        closing.close();

        String jobs = "Jobs \\[(\\*\\w+, )*visits-lakeside] still run "; // a sweep of the engine may run too
        assertThat(logged.messages())
                .anyMatch(message -> message.matches(jobs + "after PT0\\.001S: interrupting them"))
                .anyMatch(message ->
                        message.matches(jobs + "PT0\\.001S after they were interrupted: leaving them behind"));
        assertLeftBehind("outfeed-worker-[12]");
    }

    @Test
    void should_name_a_run_on_request() throws Exception {
        ExportEngine closing = build();
        closing.add(job().build()).startNow();
        reading.await();

        closing.close();

        assertThat(logged.messages())
                .contains("An operation on job 'visits-lakeside' still runs after PT0.001S: interrupting it");
        assertLeftBehind("outfeed-request");
    }

    private void assertLeftBehind(String thread) {
        assertThat(logged.list())
                .filteredOn(event -> event.getLoggerName().equals(EngineThreads.class.getName()))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.getFormattedMessage())
                            .matches("The engine is closed and leaves behind run 1 of job 'visits-lakeside', which is"
                                    + " READING since 2026-03-02T12:00:00Z, on thread " + thread
                                    + ": the next engine continues it");
                    assertThat(event.getThrowableProxy().getStackTraceElementProxyArray())
                            .extracting(frame -> frame.getStackTraceElement().getMethodName())
                            .contains("ignoreInterrupts");
                });
    }
}
