package io.outfeed.internal.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.internal.scheduling.FirePlanner.DueFires;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.RecordSource;
import io.outfeed.store.ExportStore;
import io.outfeed.store.FirePlan;
import io.outfeed.watermark.Watermark;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A store that other nodes write too: what it answers is up to them. */
class FirePlannerTest {

    private static final Schedule DAILY = Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC);
    private static final Instant NOW = Instant.parse("2026-03-05T08:00:00Z");
    private static final Instant NEXT = Instant.parse("2026-03-06T07:00:00Z");

    private final ExportStore store = mock(ExportStore.class);
    private final FirePlanner planner = new FirePlanner(store, Clock.fixed(NOW, ZoneOffset.UTC));
    private final ExportJob.Builder job = ExportJob.builder(
            "visits",
            ExportDefinition.builder("visits", String.class)
                    .source(RecordSource.of(window -> Stream.of("a")))
                    .recordKey(visit -> visit)
                    .watermark(Watermark.fullSnapshot())
                    .fields(f -> f.field("visit", visit -> visit))
                    .file(f -> f.name("visits.csv"))
                    .build());

    private static Optional<FirePlan> plan(String next) {
        return Optional.of(FirePlan.of(DAILY.description(), Optional.of(Instant.parse(next))));
    }

    @Test
    void should_claim_the_last_of_the_misfires() {
        Optional<FirePlan> misfired = plan("2026-03-02T07:00:00Z");
        when(store.firePlan("visits")).thenReturn(misfired);

        DueFires due = planner.due(job.schedule(DAILY).build()).orElseThrow();

        assertThat(due.first()).isEqualTo(Instant.parse("2026-03-02T07:00:00Z"));
        assertThat(due.beforeLast()).contains(Instant.parse("2026-03-04T07:00:00Z"));
        assertThat(due.last()).isEqualTo(Instant.parse("2026-03-05T07:00:00Z"));
        assertThat(due.count()).isEqualTo(4);
        assertThat(due.claim())
                .isEqualTo(new FirePlan.Claim(
                        misfired.orElseThrow(), FirePlan.of(DAILY.description(), Optional.of(NEXT))));
    }

    @Test
    void should_not_touch_a_plan_that_is_not_due() {
        when(store.firePlan("visits")).thenReturn(plan("2026-03-05T08:00:01Z"));

        assertThat(planner.due(job.schedule(DAILY).build())).isEmpty();
        verify(store, never()).replaceFirePlan(any(), any(), any());
    }

    @Test
    void should_keep_the_plan_of_a_schedule_that_is_the_same_after_a_restart() {
        planner.plan(job.schedule(DAILY).build(), plan("2026-03-05T07:00:00Z"));

        verify(store, never()).replaceFirePlan(any(), any(), any());
    }

    @Test
    void should_plan_a_changed_schedule_from_now_on() {
        Optional<FirePlan> old = plan("2026-03-05T07:00:00Z");
        Schedule hourly = Schedule.every(Duration.ofHours(1), Instant.parse("2026-03-01T00:30:00Z"));

        planner.plan(job.schedule(hourly).build(), old);

        verify(store)
                .replaceFirePlan(
                        "visits",
                        old,
                        FirePlan.of(hourly.description(), Optional.of(Instant.parse("2026-03-05T08:30:00Z"))));
    }

    @Test
    void should_clear_the_plan_of_a_job_that_has_lost_its_schedule() {
        Optional<FirePlan> old = plan("2026-03-05T07:00:00Z");

        planner.plan(job.build(), old);

        verify(store).replaceFirePlan("visits", old, FirePlan.of("", Optional.empty()));
    }

    @Test
    void should_leave_alone_what_is_due_by_a_schedule_that_was_replaced() {
        when(store.firePlan("visits"))
                .thenReturn(Optional.of(FirePlan.of("daily at 06:00 Z", Optional.of(NOW.minusSeconds(1)))));

        assertThat(planner.due(job.schedule(DAILY).build())).isEmpty();
    }

    @Test
    void should_find_the_last_of_millions_of_misfires_in_a_few_steps() {
        AtomicInteger steps = new AtomicInteger();
        Schedule seconds = Schedule.every(Duration.ofSeconds(1), Instant.parse("2026-02-01T00:00:00Z"));
        Schedule counted = new Schedule() {
            @Override
            public Optional<Instant> next(Instant after) {
                steps.incrementAndGet();
                return seconds.next(after);
            }

            @Override
            public String description() {
                return "counted";
            }
        };
        when(store.firePlan("visits"))
                .thenReturn(Optional.of(FirePlan.of("counted", Optional.of(Instant.parse("2026-02-01T00:00:00Z")))));

        DueFires due = planner.due(job.schedule(counted).build()).orElseThrow();

        assertThat(due.first()).isEqualTo(Instant.parse("2026-02-01T00:00:00Z"));
        assertThat(due.beforeLast()).contains(NOW.minusSeconds(1));
        assertThat(due.last()).isEqualTo(NOW);
        assertThat(due.following()).contains(NOW.plusSeconds(1));
        assertThat(due.count()).isEqualTo(FirePlanner.COUNTED);
        assertThat(steps).hasValueLessThan(FirePlanner.COUNTED + 200);
    }

    @Test
    void should_find_the_last_of_fires_that_come_in_clusters() {
        Schedule busy = Schedule.cron("* 9-10 * * MON", ZoneOffset.UTC);
        Optional<FirePlan> plan =
                Optional.of(FirePlan.of(busy.description(), Optional.of(Instant.parse("2020-01-06T09:00:00Z"))));
        when(store.firePlan("visits")).thenReturn(plan);

        DueFires due = planner.due(job.schedule(busy).build()).orElseThrow();

        assertThat(due.beforeLast()).contains(Instant.parse("2026-03-02T10:58:00Z"));
        assertThat(due.last()).isEqualTo(Instant.parse("2026-03-02T10:59:00Z"));
        assertThat(due.following()).contains(Instant.parse("2026-03-09T09:00:00Z"));
    }
}
