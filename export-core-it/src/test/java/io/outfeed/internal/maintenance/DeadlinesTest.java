package io.outfeed.internal.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.event.DeliveryOverdueEvent;
import io.outfeed.event.ExportListener;
import io.outfeed.schedule.Schedule;
import io.outfeed.store.ExportStore;
import io.outfeed.support.Runs;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeadlinesTest {

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T00:00:00Z"));
    private final InMemoryStore store = new InMemoryStore();
    private ManualScheduler scheduler = new ManualScheduler(clock);
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final List<DeliveryOverdueEvent> overdue = new ArrayList<>();

    private ExportEngine start() {
        return start(engine(), daily().expectDeliveredBy(LocalTime.of(8, 0), ZoneOffset.UTC));
    }

    private static ExportEngine start(ExportEngine.Builder builder, ExportJob.Builder... jobs) {
        ExportEngine engine = builder.build();
        for (ExportJob.Builder job : jobs) {
            engine.add(job.build());
        }
        engine.start();
        return engine;
    }

    private ExportJob.Builder daily() {
        return ExportJob.builder("visits", Visit.export(Visit.source()))
                .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .deliverTo(lakeside);
    }

    /** The next engine with the same store; schedulers are closed with their engines. */
    private ExportEngine.Builder engine() {
        scheduler = new ManualScheduler(clock);
        return ExportEngine.builder()
                .directory(directory)
                .store(store)
                .scheduler(scheduler)
                .clock(clock)
                .retryPolicy(RetryPolicy.none())
                .renameLooks(Duration.ZERO)
                .listener(ExportListener.of(DeliveryOverdueEvent.class, overdue::add))
                .listenerExecutor(Runnable::run);
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

    private static Instant at(String time) {
        return Instant.parse("2026-03-" + time + ":00Z");
    }

    private List<Instant> deadlines() {
        return overdue.stream().map(DeliveryOverdueEvent::deadline).toList();
    }

    @Test
    void should_report_the_latest_deadline_that_passed_while_no_engine_was_open() {
        start().close();
        clock.advance(Duration.ofDays(3).plusHours(9));

        try (ExportEngine engine = start()) {
            scheduler.runDue();

            assertThat(deadlines()).containsExactly(at("05T08:00"));
            assertThat(engine.job("visits").summary().overdueSince()).isEmpty(); // the run for it has committed
        }
    }

    @Test
    void should_report_a_deadline_once_however_often_the_engine_is_started() {
        lakeside.failNext(Operation.PREPARE, Failure.REFUSED_FOR_GOOD);
        lakeside.failNext(Operation.PREPARE, Failure.REFUSED_FOR_GOOD);
        try (ExportEngine engine = start()) {
            scheduler.advance(Duration.ofHours(8));

            assertThat(engine.job("visits").summary().overdueSince()).contains(at("02T08:00"));
            assertThat(engine.job("visits").summary()).asString().contains("overdue since 2026-03-02T08:00:00Z");
        }
        lakeside.failNext(Operation.PREPARE, Failure.REFUSED_FOR_GOOD);

        try (ExportEngine engine = start()) {
            scheduler.advance(Duration.ofMinutes(1));

            assertThat(engine.job("visits").summary().overdueSince()).contains(at("02T08:00"));
            scheduler.advance(Duration.ofHours(2));
            assertThat(engine.job("visits").summary().overdueSince()).isEmpty();
        }
        assertThat(deadlines()).containsExactly(at("02T08:00"));
    }

    @Test
    void should_report_a_deadline_once_on_two_nodes() {
        lakeside.failNext(Operation.PREPARE, Failure.REFUSED_FOR_GOOD);
        try (ExportEngine first = start()) {
            ManualScheduler other = scheduler;
            try (ExportEngine second = start()) {
                other.advance(Duration.ofHours(8));
                scheduler.runDue();

                assertThat(Runs.newest(second, "visits", 10)).isEqualTo(Runs.newest(first, "visits", 10));
            }
        }
        assertThat(deadlines()).containsExactly(at("02T08:00"));
    }

    /** Both nodes have read that the deadline is not checked yet, before one of them writes that it is. */
    @Test
    void should_report_a_deadline_once_if_two_nodes_check_it_at_the_same_time() {
        ExportJob.Builder job = daily().expectDeliveredBy(LocalTime.of(8, 0), ZoneOffset.UTC);
        try (ExportEngine first = start(engine(), job)) {
            first.job("visits").pause("forgotten");
            ManualScheduler other = scheduler;
            try (ExportEngine second = start(engine().store(onFirstQuery(other::runDue)), job)) {
                clock.advance(Duration.ofHours(8));

                scheduler.runDue();

                assertThat(second.job("visits").summary().overdueSince()).contains(at("02T08:00"));
            }
        }
        assertThat(deadlines()).containsExactly(at("02T08:00"));
    }

    /** The store, but something else happens before the first query of runs once the deadline has passed. */
    private ExportStore onFirstQuery(Runnable hook) {
        AtomicBoolean happened = new AtomicBoolean();
        return (ExportStore) Proxy.newProxyInstance(
                ExportStore.class.getClassLoader(), new Class<?>[] {ExportStore.class}, (proxy, method, arguments) -> {
                    boolean passed = !clock.instant().isBefore(at("02T08:00"));
                    if (passed && method.getName().equals("runs") && happened.compareAndSet(false, true)) {
                        hook.run();
                    }
                    return method.invoke(store, arguments);
                });
    }

    @Test
    void should_expect_each_job_soon_after_its_fire_times() {
        ExportJob.Builder weekly = ExportJob.builder("weekly", Visit.export(Visit.source()))
                .schedule(Schedule.weekly(DayOfWeek.MONDAY, LocalTime.of(7, 0), ZoneOffset.UTC))
                .deliverTo(InMemoryDelivery.create("riverside"));
        ExportJob.Builder onRequest =
                ExportJob.builder("request", Visit.export(Visit.source())).deliverTo(lakeside);
        try (ExportEngine engine =
                start(engine().expectDeliveredWithin(Duration.ofHours(2)), daily(), weekly, onRequest)) {
            scheduler.advance(Duration.ofDays(2));
            assertThat(overdue).isEmpty();
            engine.job("visits").pause("forgotten");

            scheduler.advance(Duration.ofDays(3));

            assertThat(overdue)
                    .extracting(DeliveryOverdueEvent::job, DeliveryOverdueEvent::deadline)
                    .containsExactly( // once a day
                            tuple("visits", at("04T09:00")),
                            tuple("visits", at("05T09:00")),
                            tuple("visits", at("06T09:00")));
            assertThat(engine.job("visits").summary().overdueSince()).contains(at("06T09:00"));
        }
    }

    @Test
    void should_be_silent_as_soon_as_something_is_delivered_again() {
        try (ExportEngine engine = start(engine(), daily().expectDeliveredWithin(Duration.ofHours(2)))) {
            engine.job("visits").pause("forgotten");
            scheduler.advance(Duration.ofHours(10));
            assertThat(deadlines()).containsExactly(at("02T09:00"));
            engine.job("visits").resume();

            scheduler.advance(Duration.ofDays(3));

            assertThat(deadlines()).hasSize(1);
            assertThat(engine.job("visits").summary().overdueSince()).isEmpty();
        }
    }

    @Test
    void should_expect_a_frequent_job_soon_after_its_last_delivery() {
        ExportJob.Builder frequent = ExportJob.builder("visits", Visit.export(Visit.source()))
                .schedule(Schedule.every(Duration.ofMinutes(5), at("02T00:00")))
                .deliverTo(lakeside)
                .expectDeliveredWithin(Duration.ofHours(1));
        try (ExportEngine engine = start(engine(), frequent)) {
            scheduler.advance(Duration.ofHours(4));
            engine.job("visits").pause("forgotten");

            scheduler.advance(Duration.ofHours(20));

            assertThat(deadlines()).containsExactly(at("02T05:05"));
        }
    }

    /** Within a day of the first report. */
    @Test
    void should_report_a_job_that_is_overdue_again() {
        ExportJob.Builder hourly = ExportJob.builder("visits", Visit.export(Visit.source()))
                .schedule(Schedule.every(Duration.ofHours(1), at("02T00:00")))
                .deliverTo(lakeside)
                .expectDeliveredWithin(Duration.ofMinutes(10));
        try (ExportEngine engine = start(engine(), hourly)) {
            scheduler.advance(Duration.ofMinutes(30));
            engine.job("visits").pause("forgotten");
            scheduler.advance(Duration.ofHours(1));
            engine.job("visits").resume();
            scheduler.advance(Duration.ofHours(1));
            engine.job("visits").pause("forgotten again");

            scheduler.advance(Duration.ofHours(4));
        }
        assertThat(deadlines()).containsExactly(at("02T01:10"), at("02T03:10"));
    }

    @Test
    void should_not_expect_a_job_at_fire_times_before_its_schedule_was_changed() {
        ExportJob.Builder monthly = ExportJob.builder("visits", Visit.export(Visit.source()))
                .schedule(Schedule.monthly(2, LocalTime.of(7, 0), ZoneOffset.UTC))
                .deliverTo(lakeside)
                .expectDeliveredWithin(Duration.ofHours(2));
        try (ExportEngine engine = start(engine(), monthly)) {
            scheduler.advance(Duration.ofDays(20));

            engine.add(daily().expectDeliveredWithin(Duration.ofHours(2)).build());
            scheduler.advance(Duration.ofDays(2));

            assertThat(Runs.newest(engine, "visits", 10)).hasSize(3);
        }
        assertThat(overdue).isEmpty();
    }

    @Test
    void should_not_expect_a_job_at_fire_times_while_it_was_disabled() {
        try (ExportEngine engine = start(engine().expectDeliveredWithin(Duration.ofHours(2)), daily())) {
            scheduler.advance(Duration.ofDays(1));
            engine.add(daily().disabled("the customer pauses").build());
            scheduler.advance(Duration.ofDays(20));

            engine.add(daily().build());
            scheduler.advance(Duration.ofDays(2));

            assertThat(Runs.newest(engine, "visits", 10)).hasSize(4);
        }
        assertThat(overdue).isEmpty();
    }

    @Test
    void should_report_once_what_was_overdue_for_days_while_no_engine_was_open() {
        start(engine(), daily().expectDeliveredWithin(Duration.ofHours(2))).close();
        clock.advance(Duration.ofDays(10).plusHours(12));

        try (ExportEngine engine = start(engine(), daily().expectDeliveredWithin(Duration.ofHours(2)))) {
            scheduler.advance(Duration.ofHours(1));

            assertThat(Runs.newest(engine, "visits", 10)).hasSize(1);
        }
        assertThat(deadlines()).containsExactly(at("12T09:00"));
    }

    private static Stream<UnaryOperator<ExportJob.Builder>> expectations() {
        return Stream.of(
                job -> job.expectDeliveredWithin(Duration.ofHours(2)),
                job -> job.expectDeliveredBy(LocalTime.of(9, 0), ZoneOffset.UTC));
    }

    @ParameterizedTest
    @MethodSource("expectations")
    void should_report_what_is_overdue_after_a_clock_was_a_year_ahead(UnaryOperator<ExportJob.Builder> expected) {
        clock.advance(Duration.ofDays(365));
        try (ExportEngine engine = start(engine(), expected.apply(daily()))) {
            scheduler.advance(Duration.ofDays(1));
            assertThat(Runs.newest(engine, "visits", 10)).hasSize(1);
            clock.advance(Duration.ofDays(-366));

            scheduler.advance(Duration.ofDays(2));
        }
        assertThat(deadlines()).containsExactly(at("02T09:00"), at("03T09:00"));
    }

    @Test
    void should_prefer_the_daily_deadline_of_a_job() {
        ExportJob.Builder job = daily().expectDeliveredBy(LocalTime.of(8, 0), ZoneOffset.UTC)
                .expectDeliveredWithin(Duration.ofHours(5));
        try (ExportEngine engine = start(engine().expectDeliveredWithin(Duration.ofHours(6)), job)) {
            engine.job("visits").pause("forgotten");

            scheduler.advance(Duration.ofHours(23));
        }
        assertThat(deadlines()).containsExactly(at("02T08:00"));
    }

    @Test
    void should_refuse_a_limit_that_is_not_more_than_zero() {
        assertThatThrownBy(() -> daily().expectDeliveredWithin(Duration.ZERO).build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("expectDeliveredWithin");
        assertThatThrownBy(() ->
                        engine().expectDeliveredWithin(Duration.ofHours(-1)).build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("expectDeliveredWithin must be more than zero, not PT-1H");
    }
}
