package io.outfeed.internal.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportJob;
import io.outfeed.error.FailureCode;
import io.outfeed.event.RunEvent;
import io.outfeed.file.IfExists;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.support.Visit;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A run raises one alarm, at the first failure that is not the receiver's pace. */
class DelayAlarmTest {

    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T00:00:00Z"));
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source = Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"));

    @AfterEach
    void close() {
        sandbox.close();
    }

    private List<FailureCode> alarms() {
        return sandbox.events(RunEvent.class).stream()
                .filter(event -> event.kind() == RunEvent.Kind.DELAYED)
                .map(event -> event.run().failure().orElseThrow().code())
                .toList();
    }

    private void addAndRunOnce() {
        sandbox.add(ExportJob.builder(
                        "visits",
                        Visit.export(source, f -> f.name("visits.csv").ifExists(IfExists.WAIT))
                                .build())
                .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .retryFor(Duration.ofDays(3))
                .deliverTo(lakeside)
                .build());
        sandbox.advance(Duration.ofHours(12));
    }

    @Test
    void should_raise_none_while_the_receiver_takes_its_time() {
        addAndRunOnce();

        sandbox.advance(Duration.ofHours(24));

        assertThat(sandbox.engine().run(2).run().attemptCount()).isGreaterThan(2);
        assertThat(alarms()).isEmpty();
    }

    @Test
    void should_raise_one_when_the_destination_fails_after_that() {
        addAndRunOnce();
        sandbox.advance(Duration.ofHours(24));

        lakeside.failNext(Operation.OPEN, Failure.REFUSED);
        sandbox.advance(Duration.ofHours(2));

        assertThat(alarms()).containsExactly(FailureCode.DESTINATION_UNAVAILABLE);
        lakeside.failNext(Operation.OPEN, Failure.REFUSED); // after it had waited for the receiver again
        sandbox.advance(Duration.ofHours(2));
        assertThat(alarms()).hasSize(1);
        lakeside.takeAll();
        sandbox.advance(Duration.ofHours(1));
        assertThat(sandbox.engine().run(2).run().status()).isEqualTo(RunStatus.COMMITTED);
    }
}
