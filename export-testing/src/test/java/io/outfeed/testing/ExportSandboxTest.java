package io.outfeed.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.event.DestinationEvent;
import io.outfeed.event.ExportEvent;
import io.outfeed.event.RunEvent;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.watermark.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExportSandboxTest {

    private static final Instant START = Instant.parse("2026-03-01T06:00:00Z");

    private final ListSource<Visit> source = ListSource.create(Visit::id, Visit::at);
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");

    private record Visit(long id, Instant at) {}

    private ExportJob job() {
        source.put(new Visit(1, START.minusSeconds(60)));
        ExportDefinition<Visit> visits = ExportDefinition.builder("visits", Visit.class)
                .source(source)
                .recordKey(Visit::id)
                .watermark(Watermark.timestamp(Visit::at, Duration.ZERO))
                .fields(f -> f.field("id", Visit::id))
                .file(f -> f.name("visits-{sequence}.csv"))
                .build();
        return ExportJob.builder("visits", visits)
                .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .deliverTo(lakeside)
                .build();
    }

    @Test
    void should_try_again_at_once_if_it_is_asked_to() {
        try (ExportSandbox sandbox =
                ExportSandbox.startingAt(START, engine -> engine.retryPolicy(new RetryPolicy(3, Duration.ZERO)))) {
            sandbox.add(job());
            lakeside.failNext(Operation.PREPARE, Failure.REFUSED).failNext(Operation.PREPARE, Failure.REFUSED);

            sandbox.advance(Duration.ofHours(1));

            assertThat(sandbox.engine().run(1).run().status()).isEqualTo(RunStatus.COMMITTED);
            assertThat(sandbox.engine().run(1).run().attemptCount()).isEqualTo(1);
        }
    }

    @Test
    void should_check_destinations_if_it_is_asked_to() {
        try (ExportSandbox sandbox =
                ExportSandbox.startingAt(START, engine -> engine.checkDestinationsEvery(Duration.ofMinutes(30)))) {
            sandbox.add(job());
            sandbox.advance(Duration.ZERO);
            lakeside.failNext(Operation.OPEN, Failure.REFUSED);

            sandbox.advance(Duration.ofMinutes(30));

            assertThat(sandbox.events(DestinationEvent.class))
                    .extracting(DestinationEvent::delivery)
                    .containsExactly("lakeside");
        }
    }

    @Test
    void should_notify_more_listeners_before_and_after_a_restart() {
        List<ExportEvent> events = new ArrayList<>();
        try (ExportSandbox sandbox = ExportSandbox.startingAt(START, engine -> engine.listener(events::add))) {
            sandbox.add(job());
            sandbox.advance(Duration.ofHours(1));
            sandbox.restart();
            sandbox.advance(Duration.ofDays(1));

            assertThat(events).isEqualTo(sandbox.events()).hasSizeGreaterThan(4);
        }
    }

    @Test
    void should_never_turn_its_clock_back() {
        try (ExportSandbox sandbox = ExportSandbox.startingAt(START)) {
            sandbox.add(job().toBuilder()
                    .holdIf((run, before) -> {
                        sandbox.clock().advance(Duration.ofHours(5)); // a run that takes its time
                        return Optional.empty();
                    })
                    .build());

            sandbox.advance(Duration.ofHours(1));

            assertThat(sandbox.clock().instant()).isEqualTo(START.plus(Duration.ofHours(6)));
            assertThat(sandbox.events(RunEvent.class))
                    .extracting(RunEvent::kind)
                    .contains(RunEvent.Kind.SUCCEEDED);
        }
    }
}
