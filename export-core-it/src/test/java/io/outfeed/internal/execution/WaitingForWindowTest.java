package io.outfeed.internal.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.event.RunEvent;
import io.outfeed.operation.JobStatus;
import io.outfeed.run.Attempt;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Waiting;
import io.outfeed.schedule.Schedule;
import io.outfeed.support.HookedDelivery;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** Runs that wait for the delivery window of their job. */
class WaitingForWindowTest extends DailyJobFixture {

    @Test
    void should_publish_within_the_delivery_window_and_be_neither_failed_nor_delayed_before() {
        sandbox.add(daily().deliverBetween(LocalTime.of(9, 0), LocalTime.of(10, 0), ZoneOffset.UTC)
                .build());

        sandbox.advance(Duration.ofHours(8));

        assertThat(run(1).waiting())
                .contains(new Waiting(START.plus(Duration.ofHours(9)), Waiting.Cause.DELIVERY_WINDOW));
        assertThat(run(1).attempts()).extracting(Attempt::outcome).containsExactly(Attempt.Outcome.POSTPONED);
        assertThat(summary().status()).isEqualTo(JobStatus.IN_PROGRESS);
        assertThat(summary().delay()).isEmpty();
        assertThat(run(1).publishing()).isFalse();
        assertThat(lakeside.arrivals()).isEmpty();
        sandbox.advance(Duration.ofHours(1));
        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(run(1).failingSince()).isEmpty();
        assertThat(sandbox.events(RunEvent.class)).noneMatch(RunEvent::alarm);
    }

    @Test
    void should_not_begin_at_another_destination_when_the_window_has_closed() {
        HookedDelivery slow = new HookedDelivery(
                lakeside,
                HookedDelivery.Point.AFTER_PUBLISH,
                () -> sandbox.clock().advance(Duration.ofHours(2)));
        sandbox.add(ExportJob.builder("visits", Visit.export(source))
                .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .deliverTo(slow, riverside)
                .deliverBetween(LocalTime.of(7, 0), LocalTime.of(8, 0), ZoneOffset.UTC)
                .build());

        sandbox.advance(Duration.ofHours(7));

        assertThat(paths(lakeside)).containsExactly("visits-1.csv");
        assertThat(riverside.arrivals()).isEmpty();
        assertThat(run(1).waiting()).map(Waiting::cause).contains(Waiting.Cause.DELIVERY_WINDOW);
        sandbox.advance(Duration.ofHours(24));
        assertThat(paths(riverside)).startsWith("visits-1.csv");
    }

    private ExportJob.Builder fromSevenToEight(Delivery delivery) {
        return ExportJob.builder("visits", Visit.export(source))
                .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .controlFiles(c -> c.doneFile("{file}.done"))
                .deliverTo(delivery)
                .deliverBetween(LocalTime.of(7, 0), LocalTime.of(8, 0), ZoneOffset.UTC);
    }

    @Test
    void should_finish_a_destination_that_was_begun_when_the_window_closes() {
        sandbox.add(fromSevenToEight(new HookedDelivery(
                        lakeside,
                        HookedDelivery.Point.AFTER_PUBLISH,
                        () -> sandbox.clock().advance(Duration.ofHours(2))))
                .build());

        sandbox.advance(Duration.ofHours(7));

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(paths(lakeside)).containsExactly("visits-1.csv", "visits-1.csv.done");
    }

    @Test
    void should_finish_it_in_a_later_attempt_too() {
        sandbox.add(fromSevenToEight(new HookedDelivery(lakeside, HookedDelivery.Point.AFTER_PUBLISH, () -> {
                    sandbox.clock().advance(Duration.ofHours(2));
                    lakeside.failNext(Operation.PUBLISH, Failure.REFUSED);
                }))
                .build());
        sandbox.advance(Duration.ofHours(7));
        assertThat(run(1).waiting()).map(Waiting::cause).contains(Waiting.Cause.BACKOFF);

        sandbox.advance(Duration.ofHours(3));

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(paths(lakeside)).containsExactly("visits-1.csv", "visits-1.csv.done");
    }

    @Test
    void should_not_show_a_job_as_delayed_that_only_waits_for_its_window_after_a_failure() {
        sandbox.add(daily().deliverBetween(LocalTime.of(9, 0), LocalTime.of(10, 0), ZoneOffset.UTC)
                .build());
        refuse(lakeside, Operation.OPEN, Failure.REFUSED, 1);
        sandbox.advance(Duration.ofHours(7));
        assertThat(summary().status()).isEqualTo(JobStatus.DELAYED);

        sandbox.advance(Duration.ofMinutes(30));

        assertThat(run(1).waiting()).map(Waiting::cause).contains(Waiting.Cause.DELIVERY_WINDOW);
        assertThat(summary().status()).isEqualTo(JobStatus.IN_PROGRESS);
        assertThat(summary().delay()).isEmpty();
    }
}
