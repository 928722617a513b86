package io.outfeed.internal.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.error.AlreadyRunningException;
import io.outfeed.error.DeliveryException;
import io.outfeed.operation.Cancellation;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.source.Position;
import io.outfeed.support.HookedDelivery;
import io.outfeed.support.HookedDelivery.Point;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a person can do with a run that has not ended: make its next attempt, cancel it, move its position. */
class OpenRunOperationTest extends DailyJobFixture {

    @Test
    void should_make_the_next_attempt_by_runNow() {
        JobHandle job = sandbox.add(daily().build());
        refuse(riverside, Operation.OPEN, Failure.REFUSED, 1);
        sandbox.advance(Duration.ofHours(7));

        ExportRun run = job.runNow();

        assertThat(run.number()).isEqualTo(1);
        assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(run.attemptCount()).isEqualTo(2);
    }

    @Test
    void should_export_the_rest_by_runNow_when_a_published_run_is_finished() {
        JobHandle job = sandbox.add(daily().build());
        refuse(riverside, Operation.PUBLISH, Failure.REFUSED, 1);
        sandbox.advance(Duration.ofHours(7));
        write(2, "b");
        sandbox.clock().advance(Duration.ofSeconds(1));

        ExportRun next = job.runNow();

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(next.number()).isEqualTo(2);
        assertThat(next.rows()).isEqualTo(1);
        assertThat(riverside.arrivals())
                .extracting(DeliveredFile::run, DeliveredFile::lines)
                .containsExactly(tuple(1L, List.of("id,note", "1,a")), tuple(2L, List.of("id,note", "2,b")));
    }

    @Test
    void should_cancel_a_run_that_waits_and_export_its_window_next_time() {
        sandbox.add(daily().build());
        refuse(riverside, Operation.OPEN, Failure.REFUSED, 1);
        sandbox.advance(Duration.ofHours(7));

        assertThat(sandbox.engine().run(1).cancel("not today")).isEqualTo(Cancellation.CANCELLED);

        assertThat(run(1).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(lakeside.temporaryNames()).isEmpty();
        assertThat(sandbox.engine().run(1).cancel("again")).isEqualTo(Cancellation.TOO_LATE);
        sandbox.advance(Duration.ofDays(1));
        assertThat(lakeside.file("visits-1-20260303.csv").lines()).containsExactly("id,note", "1,a");
    }

    /** A job whose run is cancelled at one point of its delivery to the first destination. */
    private JobHandle addCancelling(Point point, Cancellation answer, Delivery... others) {
        Delivery cancelling = new HookedDelivery(
                lakeside,
                point,
                () -> assertThat(sandbox.engine().run(1).cancel("stop")).isEqualTo(answer));
        return sandbox.add(ExportJob.builder("visits", Visit.export(source))
                .deliverTo(cancelling)
                .deliverTo(others)
                .build());
    }

    @Test
    void should_cancel_a_run_in_progress_before_its_first_file_is_visible() {
        JobHandle job = addCancelling(Point.AFTER_PREPARE, Cancellation.REQUESTED, riverside);

        ExportRun run = job.runNow();

        assertThat(run.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(run.deliveries())
                .extracting(FileDelivery::uploads)
                .as("it notices before the next upload")
                .containsExactly(1, 0);
        assertThat(lakeside.arrivals()).isEmpty();
        assertThat(lakeside.temporaryNames()).isEmpty();
        assertThat(job.position("visits")).isEmpty();
    }

    @Test
    void should_cancel_a_run_in_progress_that_has_uploaded_everything() {
        JobHandle job = addCancelling(Point.AFTER_PREPARE, Cancellation.REQUESTED);

        assertThat(job.runNow().status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(lakeside.arrivals()).isEmpty();
    }

    @Test
    void should_cancel_a_run_whose_process_has_ended_before_it_noticed() {
        sandbox.add(daily().build());
        refuse(riverside, Operation.OPEN, Failure.REFUSED, 1);
        sandbox.advance(Duration.ofHours(7));
        crash(1);
        assertThat(sandbox.store().requestCancel(1, "stop")).isTrue();

        sandbox.restart();
        sandbox.advance(Duration.ofSeconds(1));

        assertThat(run(1).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(run(1).attemptCount()).as("no further attempt").isEqualTo(2);
        assertThat(riverside.arrivals()).isEmpty();
        assertThat(lakeside.temporaryNames()).isEmpty();
    }

    @Test
    void should_be_too_late_to_cancel_when_a_file_may_be_visible() {
        JobHandle job = addCancelling(Point.BEFORE_PUBLISH, Cancellation.TOO_LATE);

        assertThat(job.runNow().status()).isEqualTo(RunStatus.COMMITTED);
    }

    @Test
    void should_discard_an_unpublished_run_when_a_position_is_set_and_refuse_it_after_a_part_was_published() {
        JobHandle job = sandbox.add(daily().build());
        refuse(riverside, Operation.OPEN, Failure.REFUSED, 1);
        sandbox.advance(Duration.ofHours(7));

        job.resetPosition("visits", Position.of(START), "the receiver has the rest");

        assertThat(run(1).status()).isEqualTo(RunStatus.DISCARDED);
        assertThat(lakeside.temporaryNames()).isEmpty();
        refuse(riverside, Operation.PUBLISH, Failure.REFUSED, 1);
        write(2, "b");
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        assertThatThrownBy(() -> job.resetPosition("visits", Position.of(START), "again"))
                .isInstanceOf(AlreadyRunningException.class);
    }
}
