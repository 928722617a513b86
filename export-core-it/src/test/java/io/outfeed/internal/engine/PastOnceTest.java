package io.outfeed.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportJob;
import io.outfeed.MisfirePolicy;
import io.outfeed.event.MisfireEvent;
import io.outfeed.operation.History;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.support.Runs;
import io.outfeed.support.Visit;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A job that runs once, at a time that has passed when it is added. */
class PastOnceTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
    private static final Instant NINE = Instant.parse("2026-03-02T09:00:00Z");

    private final ExportSandbox sandbox = ExportSandbox.startingAt(NOON);
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");

    @AfterEach
    void close() {
        sandbox.close();
    }

    private ExportJob.Builder job(Schedule schedule) {
        return ExportJob.builder("visits", Visit.export(Visit.source()))
                .deliverTo(lakeside)
                .schedule(schedule);
    }

    private JobHandle add(Schedule schedule) {
        JobHandle job = sandbox.add(job(schedule).build());
        sandbox.advance(Duration.ofSeconds(1));
        return job;
    }

    private List<ExportRun> runs() {
        return Runs.newest(sandbox.engine(), "visits", 10);
    }

    @Test
    void should_run_when_it_is_added_and_never_again() {
        JobHandle job = add(Schedule.once(NINE));

        assertThat(runs()).extracting(ExportRun::status).containsExactly(RunStatus.COMMITTED);
        assertThat(runs()).extracting(ExportRun::fireTime).containsExactly(Optional.of(NINE));
        assertThat(job.nextFire()).isEmpty();

        sandbox.restart();
        sandbox.advance(Duration.ofDays(2));
        add(Schedule.once(NINE));

        assertThat(runs()).hasSize(1);
    }

    @Test
    void should_run_if_the_time_is_now() {
        add(Schedule.once(NOON));

        assertThat(runs()).hasSize(1);
    }

    @Test
    void should_skip_it_if_it_is_too_late() {
        sandbox.add(job(Schedule.once(NINE))
                .schedulePolicy(p -> p.misfires(MisfirePolicy.runOnceWithin(Duration.ofHours(1))))
                .build());
        sandbox.advance(Duration.ofSeconds(1));

        assertThat(runs()).extracting(ExportRun::status).containsExactly(RunStatus.SKIPPED);
        assertThat(sandbox.events(MisfireEvent.class))
                .containsExactly(new MisfireEvent("visits", NINE, NINE, 1, MisfireEvent.Outcome.TOO_LATE));
        assertThat(lakeside.arrivals()).isEmpty();

        sandbox.restart();
        sandbox.advance(Duration.ofDays(1));
        assertThat(runs()).hasSize(1);
    }

    @Test
    void should_not_run_again_after_another_schedule() {
        add(Schedule.once(NINE));
        add(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC));

        add(Schedule.once(NINE));

        assertThat(runs()).hasSize(1);
    }

    @Test
    void should_not_run_again_after_the_job_was_removed_with_its_history_kept() {
        add(Schedule.once(NINE));
        sandbox.engine().remove("visits", History.KEEP);

        add(Schedule.once(NINE));

        assertThat(runs()).hasSize(1);
    }

    @Test
    void should_run_again_at_another_time() {
        add(Schedule.once(NINE));

        add(Schedule.once(NINE.plusSeconds(60)));

        assertThat(runs()).hasSize(2);
    }

    @Test
    void should_run_for_a_time_that_passed_while_the_engine_was_closed() {
        sandbox.restartWithoutJobs();
        sandbox.clock().advance(Duration.ofHours(2));

        add(Schedule.once(NOON.plus(Duration.ofHours(1))));

        assertThat(runs()).hasSize(1);
    }

    @Test
    void should_not_run_other_schedules_for_times_before_the_job_was_added() {
        add(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC));

        assertThat(runs()).isEmpty();
    }
}
