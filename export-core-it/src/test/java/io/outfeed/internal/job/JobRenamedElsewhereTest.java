package io.outfeed.internal.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.StartFrom;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.NoSuchJobException;
import io.outfeed.event.DeliveryOverdueEvent;
import io.outfeed.event.ExportListener;
import io.outfeed.operation.History;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.JobQuery;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.Position;
import io.outfeed.support.LoggedEvents;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Two nodes have a job, and one of them renames it: the other one must not begin a second history. */
class JobRenamedElsewhereTest {

    private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(START);
    private final InMemoryStore store = new InMemoryStore();
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source = Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"));
    private final List<DeliveryOverdueEvent> overdue = new ArrayList<>();

    @RegisterExtension
    private final LoggedEvents logged = LoggedEvents.from(Level.WARN, JobRegistry.class);

    private final ManualScheduler firstScheduler = new ManualScheduler(clock);
    private final ManualScheduler secondScheduler = new ManualScheduler(clock);
    private ExportEngine first;
    private ExportEngine second;

    @BeforeEach
    void start() {
        first = engine(firstScheduler);
        second = engine(secondScheduler);
        for (ExportEngine engine : List.of(first, second)) {
            engine.add(job("old").build());
            engine.start();
        }
    }

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    private ExportEngine engine(ManualScheduler scheduler) {
        return ExportEngine.builder()
                .directory(directory)
                .store(store)
                .clock(clock)
                .scheduler(scheduler)
                .listener(ExportListener.of(DeliveryOverdueEvent.class, overdue::add))
                .listenerExecutor(Runnable::run)
                .build();
    }

    private ExportJob.Builder job(String name) {
        return ExportJob.builder(
                        name,
                        Visit.export(source, f -> f.name("{job}-{sequence}.csv"))
                                .build())
                .deliverTo(lakeside)
                .schedule(Schedule.daily(LocalTime.of(9, 0), ZoneOffset.UTC))
                .expectDeliveredBy(LocalTime.of(8, 0), ZoneOffset.UTC);
    }

    private void rename() {
        first.job("old").runNow();
        first.rename("old", job("new").build());
    }

    /** The first node sleeps, so that the second one sees every fire time and deadline alone. */
    private void advanceSecond(Duration duration) {
        secondScheduler.advance(duration);
    }

    private List<String> arrivals() {
        return lakeside.arrivals().stream().map(DeliveredFile::path).toList();
    }

    private static List<String> jobs(ExportEngine engine) {
        return engine.jobs(JobQuery.all()).stream()
                .map(summary -> summary.job().name())
                .toList();
    }

    private void assertThatTheOldNameHasNothing() {
        assertThat(store.jobs()).containsExactly("new");
        assertThat(store.runs(RunQuery.all())).extracting(ExportRun::job).containsOnly("new");
        assertThat(store.firePlan("old")).isEmpty();
        assertThat(store.renamedTo("old")).contains("new");
        assertThat(store.tryLock("old")).as("is released").isPresent();
    }

    @Test
    void should_not_run_it_by_schedule_nor_miss_what_is_delivered_under_the_new_name() {
        rename();

        advanceSecond(DAY.multipliedBy(2));

        assertThat(arrivals()).containsExactly("old-1.csv");
        assertThat(overdue).isEmpty();
        assertThat(jobs(second)).isEmpty();
        assertThat(logged.messages())
                .containsExactly("Job 'old' was renamed to 'new' since it was added: this engine runs it no longer; add"
                        + " it under its new name here too (job=old)");
        assertThat(second.orphanedJobs()).containsExactly("new");
        assertThatTheOldNameHasNothing();
    }

    static Stream<Arguments> requests() {
        return Stream.of(
                request("runNow", JobHandle::runNow),
                request("startNow", JobHandle::startNow),
                request("sendTestRecord", job -> job.sendTestRecord("visits", "1")),
                request("backfill", job -> job.backfill("visits", Position.of(START), Position.of(START))),
                request("resetPosition", job -> job.resetPosition("visits", Position.of(START), "again")));
    }

    private static Arguments request(String name, Consumer<JobHandle> request) {
        return Arguments.of(name, request);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void should_refuse_requests(String name, Consumer<JobHandle> request) {
        JobHandle old = second.job("old");
        rename();

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> request.accept(old))
                    .isInstanceOf(NoSuchJobException.class)
                    .hasMessage("job 'old' was renamed to 'new', and nothing was done: add it under its new name"
                            + " (job=old)");
        }

        assertThat(jobs(second)).isEmpty();
        assertThat(logged.messages()).hasSize(1);
        assertThat(arrivals()).containsExactly("old-1.csv");
        assertThatTheOldNameHasNothing();
    }

    @Test
    void should_continue_it_when_the_job_is_added_under_its_new_name() {
        rename();
        second.add(job("new").build());
        source.put(Visit.of(2, "b", "2026-03-02T01:00:00Z"));

        advanceSecond(DAY);
        firstScheduler.runDue();

        assertThat(arrivals()).containsExactly("old-1.csv", "new-2.csv");
        assertThat(jobs(second)).containsExactly("new");
        assertThat(overdue).isEmpty();
    }

    @Test
    void should_take_the_same_renaming_from_each_node() {
        rename();

        JobHandle renamed = second.rename("old", job("new").build());

        assertThat(jobs(second)).containsExactly("new");
        assertThat(logged.messages()).isEmpty();
        assertThat(renamed.runNow().sequence()).hasValue(2);
        assertThatThrownBy(() -> second.rename("old", job("other").build())).isInstanceOf(NoSuchJobException.class);
        assertThatTheOldNameHasNothing();
    }

    @Test
    void should_start_although_a_job_was_renamed_after_it_was_added() {
        ManualScheduler scheduler = new ManualScheduler(clock);
        try (ExportEngine third = engine(scheduler)) {
            third.add(job("old").build());
            third.add(job("other").build());
            rename();

            third.start();

            assertThat(jobs(third)).containsExactly("other");
            assertThat(logged.messages()).hasSize(1);
            assertThatThrownBy(() ->
                            third.add(job("old").startFrom(StartFrom.now()).build()))
                    .isInstanceOf(InvalidDefinitionException.class);
            scheduler.advance(DAY);
            assertThat(arrivals()).containsExactly("old-1.csv", "other-1.csv");
        }
    }

    @Test
    void should_let_a_node_forget_the_old_name_by_itself() {
        rename();

        second.remove("old", History.KEEP);

        assertThat(jobs(second)).isEmpty();
        assertThat(store.renamedTo("old")).contains("new");
    }
}
