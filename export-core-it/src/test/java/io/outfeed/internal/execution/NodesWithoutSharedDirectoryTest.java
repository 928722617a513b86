package io.outfeed.internal.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.error.DeliveryException;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.CoveredFires;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.run.Waiting;
import io.outfeed.schedule.Schedule;
import io.outfeed.store.FirePlan;
import io.outfeed.store.JobLock;
import io.outfeed.store.RunStep;
import io.outfeed.support.Runs;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that share a store and no disk: what one has staged, the other may have to finish. */
class NodesWithoutSharedDirectoryTest {

    private static final String JOB = "visits-lakeside";

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T07:00:00Z"));
    private final InMemoryStore store = new InMemoryStore();
    private final ListSource<Visit> source = Visit.source();

    private ExportEngine node(String name, InMemoryDelivery delivery) {
        return node(name, delivery, Visit.export(source));
    }

    private ExportEngine node(String name, InMemoryDelivery delivery, ExportDefinition<Visit> visits) {
        ExportEngine engine = ExportEngine.builder()
                .directory(directory.resolve(name))
                .store(store)
                .scheduler(new ManualScheduler(clock))
                .clock(clock)
                .retryPolicy(RetryPolicy.none())
                .renameLooks(Duration.ZERO)
                .build();
        engine.add(ExportJob.builder(JOB, visits).deliverTo(delivery).build());
        return engine;
    }

    private void failToPublish(InMemoryDelivery lakeside) {
        source.put(Visit.of(1, "a", "2026-03-01T00:00:00Z"));
        lakeside.failNext(Operation.PUBLISH, Failure.REFUSED);
        assertThatThrownBy(() -> node("first", lakeside).job(JOB).runNow()).isInstanceOf(DeliveryException.class);
        assertThat(store.run(1).orElseThrow().publishing()).isTrue();
        source.put(Visit.of(2, "b", "2026-03-02T07:30:00Z"));
        clock.advance(Duration.ofHours(1));
    }

    @Test
    void should_finish_what_another_node_has_uploaded() {
        InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
        failToPublish(lakeside);

        node("second", lakeside).job(JOB).runNow();

        assertThat(lakeside.file("visits-1.csv").text()).isEqualTo("id,note\r\n1,a\r\n");
        assertThat(lakeside.file("visits-2.csv").text()).isEqualTo("id,note\r\n2,b\r\n");
    }

    @Test
    void should_hold_what_another_node_has_to_send_and_read_nothing_afresh() {
        InMemoryDelivery lakeside = InMemoryDelivery.withoutRename("lakeside");
        failToPublish(lakeside);

        assertThatThrownBy(() -> node("second", lakeside).job(JOB).runNow())
                .isInstanceOf(DeliveryException.class)
                .hasMessage(
                        "the bytes of visits-1.csv are not in this engine's directory, and no others may follow what"
                                + " may have been published: start the node that staged them, let the nodes share the"
                                + " directory or use a spool, or call giveUp(reason) on engine.run(1)"
                                + " (job=visits-lakeside, run=1)");
        assertThat(store.run(1).orElseThrow().waiting()).map(Waiting::cause).contains(Waiting.Cause.BYTES_ELSEWHERE);
        assertThat(lakeside.arrivals()).isEmpty();

        node("first", lakeside).job(JOB).runNow();

        assertThat(lakeside.file("visits-1.csv").text()).isEqualTo("id,note\r\n1,a\r\n");
        assertThat(lakeside.file("visits-2.csv").text()).isEqualTo("id,note\r\n2,b\r\n");
    }

    @Test
    void should_stage_again_what_another_node_has_not_published() {
        InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
        source.put(Visit.of(1, "a", "2026-03-01T00:00:00Z"));
        lakeside.failNext(Operation.PREPARE, Failure.REFUSED);
        assertThatThrownBy(() -> node("first", lakeside).job(JOB).runNow()).isInstanceOf(DeliveryException.class);

        ExportRun run = node("second", lakeside).job(JOB).runNow();

        assertThat(run.number()).isEqualTo(1);
        assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(lakeside.file("visits-1.csv").lines()).containsExactly("id,note", "1,a");
    }

    @Test
    void should_report_that_late_records_are_unknown() {
        InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
        ExportDefinition<Visit> audited = Visit.export(source, f -> f.name("visits-{sequence}.csv"))
                .lookback(Duration.ofHours(3))
                .build();
        ExportEngine second = node("second", lakeside, audited);
        node("first", lakeside, audited).job(JOB).runNow();
        clock.advance(Duration.ofHours(1));

        assertThat(second.job(JOB).runNow().note())
                .isEqualTo("records of 'visits' that came late were not looked for this time: what run 1 has seen is"
                        + " not in this engine's directory: if another node has it, let the nodes share the directory"
                        + " or use a spool");

        source.put(Visit.of(1, "late", "2026-03-02T07:30:00Z"));
        clock.advance(Duration.ofHours(1));
        second.job(JOB).runNow();
        assertThat(lakeside.file("visits-3.csv").lines()).containsExactly("id,note", "1,late");
    }

    @Test
    void should_continue_the_run_of_a_node_that_died() {
        InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
        Instant eight = clock.instant().plus(Duration.ofHours(1));
        ManualScheduler scheduler = new ManualScheduler(clock);
        source.put(Visit.of(1, "a", "2026-03-01T00:00:00Z"));
        ExportEngine second = ExportEngine.builder()
                .directory(directory.resolve("second"))
                .store(store)
                .scheduler(scheduler)
                .clock(clock)
                .build();
        JobHandle job = second.add(ExportJob.builder(JOB, Visit.export(source))
                .schedule(Schedule.daily(LocalTime.of(8, 0), ZoneOffset.UTC))
                .deliverTo(lakeside)
                .build());
        second.start();
        JobLock firsts = store.tryLock(JOB).orElseThrow();
        scheduler.advance(Duration.ofHours(1));
        FirePlan plan = store.firePlan(JOB).orElseThrow();
        RunStep planned = RunStep.whole(RunBuilder.planned(store.newRunNumber(), JOB, Trigger.SCHEDULED, eight)
                .token(firsts.token())
                .fireTime(eight)
                .coveredFires(new CoveredFires(eight, eight, 1))
                .build());
        assertThat(store.append(firsts, planned)).isTrue();
        FirePlan tomorrow = FirePlan.of(plan.schedule(), Optional.of(eight.plus(Duration.ofDays(1))));
        assertThat(store.replaceFirePlan(JOB, Optional.of(plan), tomorrow)).isTrue();

        store.breakLock(JOB);
        scheduler.advance(Duration.ofMinutes(10));

        assertThat(Runs.newest(second, job, 10))
                .extracting(ExportRun::status, ExportRun::fireTime)
                .containsExactly(tuple(RunStatus.COMMITTED, Optional.of(eight)));
        assertThat(lakeside.file("visits-1.csv").text()).isEqualTo("id,note\r\n1,a\r\n");
        second.close();
    }
}
