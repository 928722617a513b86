package io.outfeed.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.NoSuchJobException;
import io.outfeed.error.StoreException;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.Position;
import io.outfeed.source.RecordSource;
import io.outfeed.store.JobLock;
import io.outfeed.store.RunStep;
import io.outfeed.support.SandboxFixture;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.watermark.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The definition of a job comes from code at each start; the store keeps only what code can't know. */
class RedefinedJobTest extends SandboxFixture {

    private ExportJob.Builder job() {
        return ExportJob.builder("visits", Visit.export(source)).deliverTo(lakeside);
    }

    /** Leaves a run that a receiver may have seen. */
    private void interruptPublication() {
        JobHandle job = sandbox.add(job().build());
        lakeside.failNext(Operation.PUBLISH, Failure.REFUSED);
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        assertThat(runs().get(0).publishing()).isTrue();
    }

    @Test
    void should_let_a_new_delivery_take_part_from_the_next_run_on() {
        interruptPublication();

        JobHandle job = sandbox.add(job().deliverTo(riverside).build());
        sandbox.advance(Duration.ofMinutes(2));

        assertThat(lakeside.arrivals()).extracting(DeliveredFile::path).containsExactly("visits-1.csv");
        assertThat(riverside.arrivals()).isEmpty();
        job.runNow();
        assertThat(riverside.arrivals()).extracting(DeliveredFile::path).containsExactly("visits-2.csv");
    }

    @Test
    void should_send_the_staged_bytes_when_the_definition_was_changed() {
        interruptPublication();

        sandbox.add(ExportJob.builder(
                        "visits",
                        Visit.export(source, f -> f.name("other-{sequence}.csv"))
                                .fields(f -> f.field("other", Visit::id))
                                .build())
                .deliverTo(lakeside)
                .build());
        sandbox.advance(Duration.ofMinutes(2));

        assertThat(lakeside.file("visits-1.csv").lines()).containsExactly("id,note", "1,a");
    }

    @Test
    void should_list_a_job_that_is_no_longer_added_and_finish_it_when_it_is_back() {
        interruptPublication();
        sandbox.restartWithoutJobs();

        sandbox.advance(Duration.ofDays(1));

        assertThat(sandbox.engine().orphanedJobs()).containsExactly("visits");
        assertThat(runs()).extracting(ExportRun::status).containsExactly(RunStatus.WAITING);
        assertThatThrownBy(() -> sandbox.engine().run(1).giveUp("not wanted any more"))
                .isInstanceOf(NoSuchJobException.class);
        assertThat(lakeside.arrivals()).isEmpty();

        sandbox.add(job().build());
        sandbox.advance(Duration.ofMinutes(2));

        assertThat(sandbox.engine().orphanedJobs()).isEmpty();
        assertThat(lakeside.file("visits-1.csv").lines()).containsExactly("id,note", "1,a");
    }

    @Test
    void should_keep_positions_and_the_next_fire_when_a_job_is_replaced() {
        Schedule daily = Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC);
        sandbox.add(job().schedule(daily).build()).runNow();
        sandbox.restartWithoutJobs();

        JobHandle job = sandbox.add(job().schedule(daily).deliverTo(riverside).build());

        assertThat(job.position("visits")).contains(Position.of(START));
        assertThat(job.nextFire()).contains(Instant.parse("2026-03-02T07:00:00Z"));
        assertThat(runs()).hasSize(1);
    }

    @Test
    void should_need_an_operator_when_the_kind_of_the_watermark_was_changed() {
        sandbox.add(job().build()).runNow();
        ExportDefinition<Visit> bySequence = Visit.export(source, f -> f.name("visits-{sequence}.csv"))
                .watermark(Watermark.sequence(Visit::id, () -> 100L))
                .source(RecordSource.of(window -> Stream.of(Visit.of(1, "a", "2026-02-01T00:00:00Z"))))
                .build();
        JobHandle job = sandbox.add(
                ExportJob.builder("visits", bySequence).deliverTo(lakeside).build());

        assertThatThrownBy(job::runNow)
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("export 'visits' has 1 problem: its position timestamp:2026-03-02T00:00:00Z was made by a"
                        + " watermark of kind 'timestamp', and the watermark is now of kind 'sequence': call"
                        + " resetPosition(\"visits\", position, reason) with a position of the new kind, such as"
                        + " watermark.beginning()");

        job.resetPosition("visits", Position.of(1), "the table has got a sequence");
        assertThat(job.runNow().rows()).isEqualTo(1);
    }

    @Test
    void should_not_move_positions_back_when_an_old_run_comes_to_life_again() {
        JobHandle job = sandbox.add(job().build());
        ExportRun first = job.runNow();
        sandbox.advance(Duration.ofHours(1));
        job.runNow();
        try (JobLock lock = sandbox.store().tryLock("visits").orElseThrow()) {
            RunStep step = RunStep.next(
                    first, RunBuilder.of(first).status(RunStatus.PUBLISHING).build());
            assertThat(sandbox.store().append(lock, step)).isTrue();
        }

        assertThatThrownBy(job::runNow)
                .isInstanceOf(StoreException.class)
                .hasMessage("run 2 has committed since: an older one must not move the positions back; look at the"
                        + " destinations, then call giveUp(reason) on engine.run(1) (job=visits, run=1)");
        assertThat(sandbox.engine().run(1).giveUp("an old backup").status()).isEqualTo(RunStatus.GIVEN_UP);
        assertThat(job.position("visits")).contains(Position.of(START.plus(Duration.ofHours(1))));
        assertThat(lakeside.arrivals()).hasSize(2);
    }
}
