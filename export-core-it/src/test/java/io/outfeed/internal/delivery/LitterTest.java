package io.outfeed.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.error.DeliveryException;
import io.outfeed.file.WhenEmpty;
import io.outfeed.operation.Cancellation;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.file.Litter;
import io.outfeed.support.HookedDelivery;
import io.outfeed.support.HookedDelivery.Point;
import io.outfeed.support.SandboxFixture;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Temporary files that a run does not publish. */
class LitterTest extends SandboxFixture {

    private JobHandle add(String version) {
        ExportDefinition<Visit> visits = Visit.export(
                        source, f -> f.name("visits-{sequence}.csv").whenEmpty(WhenEmpty.NO_FILE))
                .version(version)
                .build();
        return sandbox.add(ExportJob.builder("visits", visits)
                .deliverTo(lakeside, riverside)
                .build());
    }

    private void assertThatTheUploadOfRun1Waits(JobHandle job) {
        riverside.failNext(Operation.PREPARE, Failure.REFUSED);
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        assertThat(run(1).status()).isEqualTo(RunStatus.WAITING);
        assertThat(lakeside.temporaryNames()).hasSize(1);
    }

    @Test
    void should_remove_it_by_a_later_run_if_its_destination_was_away_when_the_run_ended() {
        JobHandle job = add("1");
        assertThatTheUploadOfRun1Waits(job);
        lakeside.failNext(Operation.OPEN, Failure.REFUSED);
        assertThat(sandbox.engine().run(1).cancel("stop it")).isEqualTo(Cancellation.CANCELLED);
        assertThat(lakeside.temporaryNames()).hasSize(1);
        assertThat(run(1).litter()).extracting(Litter::delivery).contains("lakeside");
        assertThat(sandbox.engine().litter()).isEqualTo(run(1).litter());

        assertThat(job.runNow().status()).isEqualTo(RunStatus.COMMITTED);

        assertThat(lakeside.temporaryNames()).isEmpty();
        assertThat(run(2).litter()).isEmpty();
        assertThat(sandbox.engine().litter()).isEmpty();
        assertThat(lakeside.arrivals()).hasSize(1);
        assertThat(riverside.arrivals()).hasSize(1);
    }

    @Test
    void should_keep_it_on_record_while_the_job_does_not_have_its_destination() {
        assertThatTheUploadOfRun1Waits(add("1"));
        ExportJob both = sandbox.engine().job("visits").job();
        JobHandle job =
                sandbox.add(ExportJob.builder("visits", both.definitions().get(0))
                        .deliverTo(riverside)
                        .build());

        sandbox.engine().run(1).cancel("stop it");

        assertThat(run(1).litter()).extracting(Litter::delivery).containsExactly("lakeside");
        assertThat(job.runNow().litter()).extracting(Litter::delivery).containsExactly("lakeside");
        assertThat(lakeside.temporaryNames()).hasSize(1);

        source.put(Visit.of(2, "b", "2026-03-02T00:00:00Z"));
        sandbox.advance(Duration.ofHours(1));
        assertThat(sandbox.add(both).runNow().litter()).isEmpty();
        assertThat(lakeside.temporaryNames()).isEmpty();
    }

    @Test
    void should_contact_a_destination_that_is_away_once_for_all_of_it() {
        JobHandle job = sandbox.add(ExportJob.builder("visits", Visit.export(source))
                .controlFiles(c -> c.doneFile("{file}.done"))
                .deliverTo(lakeside, riverside)
                .build());
        riverside.failNext(Operation.PREPARE, Failure.REFUSED);
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        assertThat(lakeside.temporaryNames()).hasSize(2);

        lakeside.failNext(Operation.OPEN, Failure.REFUSED).failNext(Operation.OPEN, Failure.REFUSED);
        sandbox.engine().run(1).cancel("stop it");

        assertThat(run(1).litter()).hasSize(2);
        assertThatThrownBy(job::runNow)
                .as("the second refusal is for the next run")
                .isInstanceOf(DeliveryException.class);
        assertThat(run(2).litter()).hasSize(2);
    }

    @Test
    void should_be_left_to_the_next_run_by_an_attempt_that_was_interrupted() {
        Delivery interrupting = new HookedDelivery(lakeside, Point.BEFORE_PUBLISH, () -> {
            Thread.currentThread().interrupt();
            throw DeliveryException.retryable("lakeside", "interrupted", null);
        });
        JobHandle job = sandbox.add(ExportJob.builder("visits", Visit.export(source))
                .deliverTo(interrupting)
                .build());

        assertThatThrownBy(() -> job.sendTestRecord("visits", "1")).isInstanceOf(DeliveryException.class);

        assertThat(Thread.interrupted()).as("kept for the caller").isTrue();
        assertThat(run(1).litter()).hasSize(1);
        assertThat(lakeside.temporaryNames()).hasSize(1);

        job.runNow();
        assertThat(run(2).litter()).isEmpty();
        assertThat(lakeside.temporaryNames()).isEmpty();
    }

    @Test
    void should_remove_it_when_a_run_that_is_planned_anew_has_nothing_to_deliver() {
        JobHandle job = add("1");
        assertThatTheUploadOfRun1Waits(job);
        source.remove(1L);
        add("2");

        ExportRun run = job.runNow();

        assertThat(run.number()).isEqualTo(1);
        assertThat(run.status()).isEqualTo(RunStatus.EMPTY);
        assertThat(run.litter()).isEmpty();
        assertThat(lakeside.temporaryNames()).isEmpty();
    }
}
