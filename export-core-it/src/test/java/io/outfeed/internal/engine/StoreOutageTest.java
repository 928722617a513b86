package io.outfeed.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.delivery.DeliveredFileWatch;
import io.outfeed.error.StoreException;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.store.ExportStore;
import io.outfeed.support.LoggedEvents;
import io.outfeed.support.Runs;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A store that gives no answer for a while, as a database that restarts: no job may be forgotten over it. */
class StoreOutageTest {

    private static final String JOB = "visits-lakeside";

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T00:00:00Z"));
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final InMemoryStore remembers = new InMemoryStore();
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source = Visit.source();

    @RegisterExtension
    private final LoggedEvents logged = LoggedEvents.from(Level.WARN);

    /** How many answers the store still gives before it is away. */
    private int answers = Integer.MAX_VALUE;

    private ExportStore store() {
        return (ExportStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ExportStore.class}, (proxy, method, arguments) -> {
                    if (answers-- <= 0) {
                        answers = 0;
                        throw new StoreException("the store is away", null);
                    }
                    try {
                        return method.invoke(remembers, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void should_run_what_was_due_when_the_store_is_back_wherever_it_went_away() {
        source.put(Visit.of(1, "a", "2026-03-01T00:00:00Z"));
        try (ExportEngine engine = ExportEngine.builder()
                .directory(directory)
                .store(store())
                .scheduler(scheduler)
                .clock(clock)
                .build()) {
            engine.add(ExportJob.builder(JOB, Visit.export(source))
                    .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                    .watch(DeliveredFileWatch.everyTenMinutes())
                    .deliverTo(lakeside)
                    .build());
            engine.start();

            int days = 40;
            for (int day = 0; day < days; day++) {
                answers = day; // one more each day, until a run gets through
                scheduler.advance(Duration.ofHours(10));
                answers = Integer.MAX_VALUE;
                scheduler.advance(Duration.ofHours(14));
                source.put(Visit.of(
                        day + 2, "b", clock.instant().minus(Duration.ofHours(1)).toString()));
            }

            assertThat(lakeside.arrivals()).hasSize(days);
            assertThat(lakeside.arrivals()).extracting(DeliveredFile::path).doesNotHaveDuplicates();
            assertThat(Runs.newest(engine, JOB, 1000))
                    .extracting(ExportRun::status)
                    .contains(RunStatus.COMMITTED)
                    .doesNotContain(RunStatus.PUBLISHING, RunStatus.STAGED, RunStatus.PLANNED);
        }
    }

    @Test
    void should_warn_once_of_an_outage_that_all_jobs_meet() {
        try (ExportEngine engine = ExportEngine.builder()
                .directory(directory)
                .store(store())
                .scheduler(scheduler)
                .clock(clock)
                .build()) {
            for (int i = 0; i < 20; i++) {
                engine.add(ExportJob.builder(JOB + "-" + i, Visit.export(source))
                        .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                        .watch(DeliveredFileWatch.everyTenMinutes())
                        .deliverTo(InMemoryDelivery.create("lakeside-" + i))
                        .build());
            }
            engine.start();
            scheduler.advance(Duration.ofHours(7).minusMinutes(1));
            answers = 0;
            scheduler.advance(Duration.ofMinutes(10));
            answers = Integer.MAX_VALUE;
        }

        assertThat(logged.list())
                .extracting(event ->
                        event.getLoggerName().substring(event.getLoggerName().lastIndexOf('.') + 1))
                .containsExactly("IncidentSweep");
    }
}
