package io.outfeed.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.schedule.Schedule;
import io.outfeed.scheduler.InJvmScheduler;
import io.outfeed.source.RecordSource;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What is logged of a run that does not end when its engine is closed. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LeftBehindTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    @TempDir
    private Path directory;

    private final Logger logger = (Logger) LoggerFactory.getLogger("io.outfeed");
    private final Logger scheduler = (Logger) LoggerFactory.getLogger(InJvmScheduler.class);
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private final InMemoryStore store = new InMemoryStore();
    private final CountDownLatch reading = new CountDownLatch(1);
    private final AtomicBoolean mayEnd = new AtomicBoolean();

    @BeforeEach
    void listen() {
        appender.start();
        logger.addAppender(appender);
        logger.setLevel(Level.WARN); // the other tests log errors only
        scheduler.setLevel(Level.WARN);
        logger.setAdditive(false);
    }

    @AfterEach
    void end() {
        mayEnd.set(true);
        while (store.run(1).orElseThrow().waiting().isEmpty()) {
            Thread.onSpinWait(); // what it logs is not the next test's
        }
        logger.detachAppender(appender);
        logger.setLevel(null);
        scheduler.setLevel(Level.OFF); // as for the other tests
        logger.setAdditive(true);
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

        assertThat(messages())
                .contains(
                        "Jobs [visits-lakeside] still run after PT0.001S: interrupting them",
                        "Jobs [visits-lakeside] still run PT0.001S after they were interrupted: leaving them behind");
        assertLeftBehind("outfeed-worker-[12]");
    }

    @Test
    void should_name_a_run_on_request() throws Exception {
        ExportEngine closing = build();
        closing.add(job().build()).startNow();
        reading.await();

        closing.close();

        assertThat(messages())
                .contains("An operation on job 'visits-lakeside' still runs after PT0.001S: interrupting it");
        assertLeftBehind("outfeed-request");
    }

    private void assertLeftBehind(String thread) {
        assertThat(appender.list)
                .filteredOn(logged -> logged.getLoggerName().equals(EngineThreads.class.getName()))
                .singleElement()
                .satisfies(logged -> {
                    assertThat(logged.getFormattedMessage())
                            .matches("The engine is closed and leaves behind run 1 of job 'visits-lakeside', which is"
                                    + " READING since 2026-03-02T12:00:00Z, on thread " + thread
                                    + ": the next engine continues it");
                    assertThat(logged.getThrowableProxy().getStackTraceElementProxyArray())
                            .extracting(frame -> frame.getStackTraceElement().getMethodName())
                            .contains("ignoreInterrupts");
                });
    }

    private List<String> messages() {
        return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
