package io.outfeed.internal.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.event.DeliveryOverdueEvent;
import io.outfeed.event.ExportListener;
import io.outfeed.schedule.Schedule;
import io.outfeed.support.Runs;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadlinesTest {

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T00:00:00Z"));
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final List<DeliveryOverdueEvent> overdue = new ArrayList<>();

    private ExportEngine start() {
        ExportEngine engine = ExportEngine.builder()
                .directory(directory)
                .store(new InMemoryStore())
                .scheduler(scheduler)
                .clock(clock)
                .retryPolicy(RetryPolicy.none())
                .renameLooks(Duration.ZERO)
                .listener(ExportListener.of(DeliveryOverdueEvent.class, overdue::add))
                .listenerExecutor(Runnable::run)
                .build();
        engine.add(ExportJob.builder("visits", Visit.export(Visit.source()))
                .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .deliverTo(lakeside)
                .expectDeliveredBy(LocalTime.of(8, 0), ZoneOffset.UTC)
                .build());
        engine.start();
        return engine;
    }

    @Test
    void should_be_silent_while_each_day_something_arrives() {
        try (ExportEngine engine = start()) {
            scheduler.advance(Duration.ofDays(5));

            assertThat(Runs.newest(engine, "visits", 10)).hasSize(5);
        }
        assertThat(overdue).isEmpty();
    }

    @Test
    void should_report_once_a_day_that_nothing_was_delivered() {
        for (int i = 0; i < 26; i++) { // once an hour, from 07:00 until 08:00 the next day
            lakeside.failNext(Operation.PREPARE, Failure.REFUSED_FOR_GOOD);
        }
        try (ExportEngine engine = start()) {
            scheduler.advance(Duration.ofDays(4));

            assertThat(Runs.newest(engine, "visits", 10)).hasSize(4);
        }
        assertThat(overdue)
                .containsExactly(
                        new DeliveryOverdueEvent("visits", Instant.parse("2026-03-02T08:00:00Z"), Optional.empty()),
                        new DeliveryOverdueEvent("visits", Instant.parse("2026-03-03T08:00:00Z"), Optional.empty()));
        assertThat(overdue.get(0))
                .hasToString("nothing was delivered by 2026-03-02T08:00:00Z, the last time was never: look at the job's"
                        + " runs (job=visits)");
    }

    @Test
    void should_say_when_it_was_delivered_last() {
        try (ExportEngine engine = start()) {
            scheduler.advance(Duration.ofDays(1));
            lakeside.failNext(Operation.PREPARE, Failure.REFUSED_FOR_GOOD);
            scheduler.advance(Duration.ofDays(1));

            assertThat(Runs.newest(engine, "visits", 10)).hasSize(2);
        }
        assertThat(overdue)
                .containsExactly(new DeliveryOverdueEvent(
                        "visits",
                        Instant.parse("2026-03-03T08:00:00Z"),
                        Optional.of(Instant.parse("2026-03-02T07:00:00Z"))));
    }
}
