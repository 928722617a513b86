package io.outfeed.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.InvalidDefinitionException;
import io.outfeed.event.DestinationEvent;
import io.outfeed.event.ExportListener;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether destinations still work, known before the night. */
class DestinationChecksTest {

    private static final String REFUSED = "OPEN is refused for good, as the test wanted";

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T07:00:00Z"));
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final InMemoryDelivery riverside = InMemoryDelivery.create("riverside");
    private final List<DestinationEvent> events = new ArrayList<>();

    private ExportEngine.Builder engine() {
        return ExportEngine.builder()
                .directory(directory)
                .store(new InMemoryStore())
                .scheduler(scheduler)
                .clock(clock)
                .listener(ExportListener.of(DestinationEvent.class, events::add))
                .listenerExecutor(Runnable::run);
    }

    private static ExportJob.Builder job(String name, InMemoryDelivery... deliveries) {
        return ExportJob.builder(name, Visit.export(Visit.source())).deliverTo(deliveries);
    }

    @Test
    void should_try_each_destination_once_and_tell_what_does_not_work_until_it_does() {
        try (ExportEngine engine =
                engine().checkDestinationsEvery(Duration.ofHours(12)).build()) {
            engine.add(job("first", lakeside).build());
            engine.add(job("second", lakeside, riverside).build());
            engine.add(job("unused", riverside).disabled("not yet").build());
            lakeside.failNext(Operation.OPEN, Failure.REFUSED_FOR_GOOD); // a second look would find nothing
            engine.start();

            scheduler.runDue();
            DestinationEvent broken =
                    new DestinationEvent("lakeside", List.of("first", "second"), Optional.of(REFUSED));
            assertThat(events).containsExactly(broken);
            assertThat(broken)
                    .hasToString("destination 'lakeside' does not work: " + REFUSED + " (jobs=[first, second])");

            lakeside.failNext(Operation.OPEN, Failure.REFUSED_FOR_GOOD);
            scheduler.advance(Duration.ofHours(12));
            assertThat(events).as("told again").containsExactly(broken, broken);

            scheduler.advance(Duration.ofHours(12));
            DestinationEvent mended = new DestinationEvent("lakeside", List.of("first", "second"), Optional.empty());
            assertThat(events).containsExactly(broken, broken, mended);
            assertThat(mended).hasToString("destination 'lakeside' works again (jobs=[first, second])");

            scheduler.advance(Duration.ofDays(2));
            assertThat(events).as("told once").hasSize(3);
            assertThat(lakeside.arrivals()).isEmpty();
            assertThat(lakeside.temporaryNames()).isEmpty();
            assertThat(engine.runs("second", 10)).isEmpty();
        }
    }

    @Test
    void should_try_nothing_unless_it_is_wanted() {
        try (ExportEngine engine = engine().build()) {
            engine.add(job("first", lakeside).build());
            lakeside.failNext(Operation.OPEN, Failure.REFUSED_FOR_GOOD);
            engine.start();

            scheduler.advance(Duration.ofDays(2));

            assertThat(events).isEmpty();
        }
    }

    @Test
    void should_not_try_without_pause() {
        assertThatThrownBy(() ->
                        engine().checkDestinationsEvery(Duration.ofSeconds(1)).build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("checkDestinationsEvery must be one minute or more, not PT1S");
    }
}
