package io.outfeed.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.error.ExportException;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.scheduler.Scheduler;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.InMemorySpool;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that is woken for what another one has planned. */
class SharedWakeUpsTest {

    private static final Instant NOW = Instant.parse("2026-03-02T06:59:00Z");

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(NOW);
    private final InMemoryStore store = new InMemoryStore();
    private final InMemorySpool spool = new InMemorySpool();
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source = ListSource.create(Visit::id, Visit::at);

    private record Visit(long id, Instant at) {}

    /** Its wake-ups are for one of several nodes. */
    private static final class SharedScheduler implements Scheduler {

        private final List<Instant> times = new ArrayList<>();
        private Consumer<String> handler = job -> {};

        @Override
        public boolean isShared() {
            return true;
        }

        @Override
        public void start(Clock clock, Consumer<String> woken) {
            handler = woken;
        }

        @Override
        public void scheduleAt(String job, Instant at, int priority) {
            if (!Scheduler.isOfEngine(job)) {
                times.add(at);
            }
        }

        @Override
        public void cancel(String job) {
            times.clear();
        }

        @Override
        public void close() {
            handler = job -> {};
        }
    }

    private ExportEngine node(String name, Scheduler scheduler) {
        ExportDefinition<Visit> visits = ExportDefinition.builder("visits", Visit.class)
                .source(source)
                .recordKey(Visit::id)
                .watermark(Watermark.timestamp(Visit::at, Duration.ZERO))
                .fields(f -> f.field("id", Visit::id))
                .file(f -> f.name("{job}-{sequence}.csv"))
                .build();
        ExportEngine engine = ExportEngine.builder()
                .directory(directory.resolve(name))
                .store(store)
                .spool(spool)
                .clock(clock)
                .scheduler(scheduler)
                .retryPolicy(RetryPolicy.none())
                .renameLooks(Duration.ZERO)
                .build();
        engine.add(ExportJob.builder("job", visits)
                .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .deliverTo(lakeside)
                .build());
        engine.start();
        return engine;
    }

    @Test
    void should_make_the_next_attempt_of_a_run_that_another_node_has_begun() {
        source.put(new Visit(1, NOW.minusSeconds(60)));
        SharedScheduler scheduler = new SharedScheduler();
        try (ExportEngine other = node("other", new ManualScheduler(clock));
                ExportEngine woken = node("woken", scheduler)) {
            clock.advance(Duration.ofMinutes(1));
            scheduler.handler.accept("job"); // and knows the fire of the next day since
            assertThat(lakeside.takeAll()).hasSize(1);
            source.put(new Visit(2, NOW));
            clock.advance(Duration.ofHours(1));
            lakeside.failNext(Operation.OPEN, Failure.REFUSED);
            assertThatThrownBy(() -> other.job("job").runNow()).isInstanceOf(ExportException.class);
            clock.advance(Duration.ofMinutes(5));

            scheduler.handler.accept("job");

            assertThat(store.runs(RunQuery.ofJob("job")))
                    .extracting(ExportRun::status)
                    .containsExactly(RunStatus.COMMITTED, RunStatus.COMMITTED);
            assertThat(woken.job("job").nextFire()).contains(Instant.parse("2026-03-03T07:00:00Z"));
            assertThat(scheduler.times).last().isEqualTo(Instant.parse("2026-03-03T07:00:00Z"));
        }
    }
}
