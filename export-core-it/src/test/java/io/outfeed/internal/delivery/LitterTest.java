package io.outfeed.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.IfVanished;
import io.outfeed.delivery.Publication;
import io.outfeed.error.DeliveryException;
import io.outfeed.file.IfExists;
import io.outfeed.file.WhenEmpty;
import io.outfeed.operation.Cancellation;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.file.DeliveryState;
import io.outfeed.run.file.Litter;
import io.outfeed.support.HookedDelivery;
import io.outfeed.support.HookedDelivery.Point;
import io.outfeed.support.SandboxFixture;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.LyingDelivery;
import io.outfeed.testing.LyingDelivery.Lie;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Temporary files that a run does not publish. */
class LitterTest extends SandboxFixture {

    private InMemoryDelivery millside = InMemoryDelivery.create("millside");

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

    @Test
    void should_be_taken_over_from_a_run_that_ended_after_a_newer_one() {
        JobHandle job = add("1");
        assertThatTheUploadOfRun1Waits(job);
        job.sendTestRecord("visits", "1"); // run 2
        lakeside.failNext(Operation.OPEN, Failure.REFUSED);

        sandbox.engine().run(1).cancel("stop it");

        assertThat(run(1).litter()).isNotEmpty();
        assertThat(sandbox.engine().litter()).isEqualTo(run(1).litter());
        sandbox.advance(Duration.ofMinutes(1));
        assertThat(job.runNow().litter()).isEmpty();
        assertThat(lakeside.temporaryNames()).isEmpty();
        assertThat(sandbox.engine().litter()).isEmpty();
    }

    // ---- of a run that publishes

    /** The first upload was taken when it became visible; the second one is done, and its answer gets lost. */
    private ExportJob.Builder interruptedWhileSentAgain() {
        LyingDelivery lying = LyingDelivery.create("millside").tell(Lie.RENAME_FAILED_BUT_TAKEN);
        millside = lying.destination();
        Delivery interrupting = new HookedDelivery(
                lying, Point.BEFORE_PUBLISH, () -> millside.failNext(Operation.PREPARE, Failure.ANSWER_LOST));
        return ExportJob.builder("visits", Visit.export(source))
                .ifVanished(IfVanished.SEND_AGAIN)
                .deliverTo(interrupting, lakeside);
    }

    @Test
    void should_remove_an_upload_that_was_interrupted_while_the_run_was_published() {
        JobHandle job = sandbox.add(interruptedWhileSentAgain().build());
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        assertThat(run(1).publishing()).isTrue();
        assertThat(millside.temporaryNames()).hasSize(1);

        ExportRun run = job.runNow();

        assertThat(run(1).deliveries().get(0).receipt())
                .contains(new DeliveryReceipt("visits-1.csv", Publication.ATOMIC, true));
        assertThat(millside.temporaryNames()).isEmpty();
        assertThat(run.litter()).isEmpty();
    }

    @Test
    void should_record_an_interrupted_upload_that_can_not_be_removed_while_the_run_is_published() {
        JobHandle job = sandbox.add(interruptedWhileSentAgain().build());
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        millside.failNext(Operation.DISCARD, Failure.REFUSED);

        assertThat(sandbox.engine().run(1).run().publishing()).isTrue();
        sandbox.advance(Duration.ofMinutes(2));

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(run(1).litter()).extracting(Litter::upload).containsExactly(2);
        assertThat(job.runNow().litter()).isEmpty();
        assertThat(millside.temporaryNames()).isEmpty();
    }

    @Test
    void should_record_an_interrupted_upload_of_a_destination_that_the_job_no_longer_has() {
        JobHandle job = sandbox.add(interruptedWhileSentAgain().build());
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        sandbox.add(ExportJob.builder("visits", Visit.export(source))
                .deliverTo(lakeside)
                .build());

        sandbox.engine().job("visits").runNow();

        assertThat(run(1).deliveries().get(0).state()).isEqualTo(DeliveryState.REMOVED);
        assertThat(run(1).litter()).extracting(Litter::delivery, Litter::upload).containsExactly(tuple("millside", 2));
    }

    @Test
    void should_record_what_can_not_be_removed_when_a_file_is_published_under_another_name() {
        Delivery occupied = new HookedDelivery(
                lakeside,
                Point.BEFORE_PUBLISH,
                () -> lakeside.put("visits.csv", "old").failNext(Operation.DISCARD, Failure.REFUSED));
        JobHandle job = sandbox.add(ExportJob.builder(
                        "visits",
                        Visit.export(source, f -> f.name("visits.csv").ifExists(IfExists.KEEP_BOTH))
                                .build())
                .deliverTo(occupied)
                .build());

        ExportRun run = job.runNow();

        assertThat(lakeside.arrivals()).extracting(DeliveredFile::path).containsExactly("visits-r1.csv");
        assertThat(run.litter()).hasSize(1);
        assertThat(lakeside.temporaryNames()).hasSize(1);
        assertThat(job.runNow().litter()).isEmpty();
        assertThat(lakeside.temporaryNames()).isEmpty();
    }
}
