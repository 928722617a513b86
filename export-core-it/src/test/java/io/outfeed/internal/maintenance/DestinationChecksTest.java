package io.outfeed.internal.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.error.FailureCode;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.Problem;
import io.outfeed.event.DestinationEvent;
import io.outfeed.event.ExportListener;
import io.outfeed.run.Attempt;
import io.outfeed.run.RunQuery;
import io.outfeed.schedule.Schedule;
import io.outfeed.support.HookedDelivery;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether destinations still work, known before the night. */
class DestinationChecksTest {

    private static final String REFUSED = "OPEN is refused for good, as the test wanted";
    private static final Problem PROBLEM = new Problem(FailureCode.DESTINATION_REFUSED, REFUSED);

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
    void should_try_each_destination_once_and_report_what_does_not_work_until_it_does() {
        try (ExportEngine engine =
                engine().checkDestinationsEvery(Duration.ofHours(12)).build()) {
            engine.add(job("first", lakeside).build());
            engine.add(job("second", lakeside, riverside).build());
            engine.add(job("unused", riverside).disabled("not yet").build());
            lakeside.failNext(Operation.OPEN, Failure.REFUSED_FOR_GOOD); // a second check would find nothing
            engine.start();

            scheduler.runDue();
            DestinationEvent broken =
                    new DestinationEvent("lakeside", List.of("first", "second"), Optional.of(PROBLEM));
            assertThat(events).containsExactly(broken);
            assertThat(broken)
                    .hasToString("destination 'lakeside' does not work: " + REFUSED + " (jobs=[first, second])");

            lakeside.failNext(Operation.OPEN, Failure.REFUSED_FOR_GOOD);
            scheduler.advance(Duration.ofHours(12));
            assertThat(events).as("reported again").containsExactly(broken, broken);

            scheduler.advance(Duration.ofHours(12));
            DestinationEvent working = new DestinationEvent("lakeside", List.of("first", "second"), Optional.empty());
            assertThat(events).containsExactly(broken, broken, working);
            assertThat(working).hasToString("destination 'lakeside' works again (jobs=[first, second])");

            scheduler.advance(Duration.ofDays(2));
            assertThat(events).as("reported once").hasSize(3);
            assertThat(lakeside.arrivals()).isEmpty();
            assertThat(lakeside.temporaryNames()).isEmpty();
            assertThat(engine.runs(RunQuery.ofJob("second").limit(10)).runs()).isEmpty();
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

    @Test
    void should_try_where_copies_go_too() {
        try (ExportEngine engine =
                engine().checkDestinationsEvery(Duration.ofHours(12)).build()) {
            engine.add(job("first", lakeside).copyTo(riverside).build());
            riverside.failNext(Operation.OPEN, Failure.REFUSED_FOR_GOOD);
            engine.start();

            scheduler.runDue();

            assertThat(events)
                    .containsExactly(new DestinationEvent("riverside", List.of("first"), Optional.of(PROBLEM)));
        }
    }

    @Test
    void should_not_try_what_only_disabled_jobs_use() {
        try (ExportEngine engine =
                engine().checkDestinationsEvery(Duration.ofHours(12)).build()) {
            engine.add(job("first", lakeside).disabled("not yet").build());
            lakeside.failNext(Operation.OPEN, Failure.REFUSED_FOR_GOOD);
            engine.start();

            scheduler.runDue();

            assertThat(events).isEmpty();
        }
    }

    @Test
    void should_forget_a_destination_that_no_job_uses_any_more() {
        try (ExportEngine engine =
                engine().checkDestinationsEvery(Duration.ofHours(12)).build()) {
            engine.add(job("first", lakeside).build());
            lakeside.failNext(Operation.OPEN, Failure.REFUSED_FOR_GOOD);
            engine.start();
            scheduler.runDue();
            engine.add(job("first", riverside).build());
            scheduler.advance(Duration.ofHours(12));

            engine.add(job("first", lakeside).build());
            scheduler.advance(Duration.ofHours(12));

            assertThat(events).as("what was broken when it was used").hasSize(1);
        }
    }

    @Test
    void should_let_exports_go_first() {
        Instant eight = Instant.parse("2026-03-02T08:00:00Z");
        try (ExportEngine engine =
                engine().checkDestinationsEvery(Duration.ofHours(1)).build()) {
            engine.add(job("first", lakeside).schedule(Schedule.once(eight)).build());
            engine.start();
            scheduler.runDue();
            lakeside.failNext(Operation.OPEN, Failure.REFUSED_FOR_GOOD); // for the first caller

            scheduler.advance(Duration.ofHours(1));

            assertThat(engine.runs(RunQuery.ofJob("first").limit(1))
                            .runs()
                            .get(0)
                            .attempts()
                            .get(0)
                            .outcome())
                    .isEqualTo(Attempt.Outcome.FAILED);
            assertThat(events).isEmpty();
        }
    }

    @Test
    void should_leave_nothing_of_a_check_that_fails_halfway() throws IOException {
        try (ExportEngine engine =
                engine().checkDestinationsEvery(Duration.ofHours(12)).build()) {
            engine.add(job("first", lakeside).build());
            lakeside.failNext(Operation.PREPARE, Failure.ANSWER_LOST);
            engine.start();

            scheduler.runDue();

            assertThat(events).hasSize(1);
            assertThat(lakeside.temporaryNames()).isEmpty();
            try (Stream<Path> files = Files.walk(directory)) {
                assertThat(files.map(Path::getFileName).map(Path::toString))
                        .noneMatch(name -> name.contains("outfeed-check"));
            }
        }
    }

    @Test
    void should_check_again_after_an_error_of_the_hosts_delivery() {
        HookedDelivery broken = new HookedDelivery(lakeside, HookedDelivery.Point.BEFORE_PREPARE, () -> {
            throw new StackOverflowError();
        });
        try (ExportEngine engine =
                engine().checkDestinationsEvery(Duration.ofHours(12)).build()) {
            engine.add(ExportJob.builder("first", Visit.export(Visit.source()))
                    .deliverTo(broken)
                    .build());
            engine.start();
            assertThatThrownBy(scheduler::runDue).isInstanceOf(StackOverflowError.class);
            lakeside.failNext(Operation.OPEN, Failure.REFUSED_FOR_GOOD);

            scheduler.advance(Duration.ofHours(12));

            assertThat(events)
                    .containsExactly(new DestinationEvent("lakeside", List.of("first"), Optional.of(PROBLEM)));
        }
    }

    @Test
    void should_try_nothing_more_once_it_is_interrupted() {
        try (ExportEngine engine =
                engine().checkDestinationsEvery(Duration.ofHours(12)).build()) {
            engine.add(job("first", lakeside, riverside).build());
            lakeside.failNext(Operation.OPEN, Failure.REFUSED_FOR_GOOD);
            riverside.failNext(Operation.OPEN, Failure.REFUSED_FOR_GOOD);
            engine.start();

            Thread.currentThread().interrupt();
            scheduler.runDue();

            assertThat(Thread.interrupted()).isTrue();
            assertThat(events).isEmpty();
        }
    }
}
