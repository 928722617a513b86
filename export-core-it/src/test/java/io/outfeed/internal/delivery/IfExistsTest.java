package io.outfeed.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.delivery.DeliveredFileWatch;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.event.RunEvent;
import io.outfeed.file.IfExists;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Waiting;
import io.outfeed.schedule.Schedule;
import io.outfeed.support.HookedDelivery;
import io.outfeed.support.HookedDelivery.Point;
import io.outfeed.support.SandboxFixture;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.watermark.Watermark;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a run does when a receiver has not taken the file of the one before. */
class IfExistsTest extends SandboxFixture {

    private ExportJob.Builder job(IfExists ifExists, Delivery... deliveries) {
        return ExportJob.builder(
                        "visits",
                        Visit.export(source, f -> f.name("visits.csv").ifExists(ifExists))
                                .build())
                .deliverTo(deliveries);
    }

    private void changeLater() {
        sandbox.advance(Duration.ofHours(1));
        source.put(Visit.of(2, "b", "2026-03-02T00:30:00Z"));
    }

    private static List<String> locations(ExportRun run) {
        return run.deliveries().stream()
                .map(step -> step.receipt().map(DeliveryReceipt::location).orElse(step.state() + " " + step.delivery()))
                .toList();
    }

    @Test
    void should_wait_for_the_receiver_with_the_bytes_that_it_has() {
        JobHandle job = sandbox.add(job(IfExists.WAIT, riverside, lakeside).build());
        job.runNow();
        riverside.takeAll();
        changeLater();

        ExportRun waiting = job.runNow();

        assertThat(waiting.status()).isEqualTo(RunStatus.WAITING);
        assertThat(waiting.waiting()).map(Waiting::cause).contains(Waiting.Cause.OCCUPIED);
        assertThat(waiting.failure())
                .contains(new RunFailure(
                        FailureCode.NAME_AWAITED,
                        "Occupied",
                        "delivery 'lakeside' still has the file visits.csv that the receiver has not taken: nothing is"
                                + " published until it is gone (job=visits, run=2)",
                        Optional.empty()));
        assertThat(riverside.files()).isEmpty();
        assertThat(riverside.temporaryNames()).as("it waits there").hasSize(1);
        assertThat(lakeside.file("visits.csv").lines()).containsExactly("id,note", "1,a");

        lakeside.takeAll();
        source.put(Visit.of(3, "c", "2026-03-02T00:40:00Z"));
        ExportRun next = job.runNow();

        assertThat(next.number()).isEqualTo(waiting.number());
        assertThat(next.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(next.sequence()).hasValue(2);
        assertThat(riverside.file("visits.csv").lines()).containsExactly("id,note", "2,b");
        assertThat(lakeside.file("visits.csv").bytes())
                .isEqualTo(riverside.file("visits.csv").bytes());
    }

    @Test
    void should_not_fail_a_scheduled_run_that_waits() {
        sandbox.add(job(IfExists.WAIT, lakeside)
                .schedule(Schedule.every(Duration.ofHours(6), START))
                .build());
        sandbox.advance(Duration.ofHours(7));
        source.put(Visit.of(2, "b", "2026-03-02T06:30:00Z"));

        sandbox.advance(Duration.ofHours(12));

        assertThat(runs()).extracting(ExportRun::status).containsExactly(RunStatus.WAITING, RunStatus.COMMITTED);
        assertThat(sandbox.events(RunEvent.class)).noneMatch(RunEvent::alarm);
        lakeside.takeAll();
        sandbox.advance(Duration.ofHours(6));
        assertThat(lakeside.file("visits.csv").lines()).containsExactly("id,note", "2,b");
    }

    @Test
    void should_defer_a_run_whose_receiver_has_taken_nothing_at_a_fire_time_after_retryFor() {
        sandbox.add(job(IfExists.WAIT, lakeside)
                .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .build());
        sandbox.advance(Duration.ofHours(24 + 8));
        assertThat(run(2).status()).isEqualTo(RunStatus.WAITING);

        sandbox.advance(Duration.ofHours(24));

        assertThat(run(2).status()).isEqualTo(RunStatus.DEFERRED);
        assertThat(run(3).status()).isEqualTo(RunStatus.WAITING);
    }

    @Test
    void should_defer_a_run_whose_receiver_takes_nothing_until_retryFor_ends() {
        JobHandle job = sandbox.add(job(IfExists.WAIT, riverside, lakeside)
                .retryFor(Duration.ofHours(5))
                .build());
        job.runNow();
        riverside.takeAll();
        changeLater();
        job.runNow();

        sandbox.advance(Duration.ofHours(7));

        ExportRun deferred = run(2);
        assertThat(deferred.status()).isEqualTo(RunStatus.DEFERRED);
        assertThat(riverside.temporaryNames()).isEmpty();
        assertThat(sandbox.events(RunEvent.class).stream().filter(RunEvent::alarm))
                .extracting(RunEvent::kind)
                .containsExactly(RunEvent.Kind.DEFERRED);
        lakeside.takeAll();
        ExportRun next = job.runNow();
        assertThat(next.number()).isEqualTo(3);
        assertThat(next.sequence()).hasValue(2);
        assertThat(lakeside.file("visits.csv").lines()).containsExactly("id,note", "2,b");
    }

    @Test
    void should_continue_when_a_file_that_appeared_meanwhile_is_taken() {
        JobHandle job = sandbox.add(job(
                        IfExists.WAIT,
                        new HookedDelivery(
                                lakeside, Point.BEFORE_PUBLISH, () -> lakeside.put("visits.csv", "another owner's")))
                .build());

        assertThatThrownBy(job::runNow)
                .isInstanceOf(DeliveryException.class)
                .hasMessage("a file visits.csv appeared at delivery 'lakeside' while the run was in progress: the run"
                        + " continues when it is taken (job=visits, run=1)");
        assertThat(run(1).waiting()).map(Waiting::cause).contains(Waiting.Cause.OCCUPIED);

        lakeside.takeAll();
        sandbox.advance(Duration.ofMinutes(10));
        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(lakeside.file("visits.csv").lines()).containsExactly("id,note", "1,a");
    }

    @Test
    void should_keep_both_where_the_old_file_is() {
        JobHandle job = sandbox.add(job(IfExists.KEEP_BOTH, lakeside, riverside).build());
        job.runNow();
        riverside.takeAll();
        changeLater();

        ExportRun second = job.runNow();

        assertThat(second.files().get(0).name()).isEqualTo("visits.csv");
        assertThat(locations(second)).containsExactly("visits-r2.csv", "visits.csv");
        assertThat(lakeside.file("visits.csv").lines()).containsExactly("id,note", "1,a");
        assertThat(lakeside.file("visits-r2.csv").lines()).containsExactly("id,note", "2,b");
        assertThat(riverside.file("visits.csv").lines()).containsExactly("id,note", "2,b");
    }

    @Test
    void should_keep_both_when_the_other_file_appears_under_way() {
        JobHandle job = sandbox.add(job(
                        IfExists.KEEP_BOTH,
                        new HookedDelivery(
                                lakeside, Point.BEFORE_PUBLISH, () -> lakeside.put("visits.csv", "another owner's")))
                .build());

        ExportRun run = job.runNow();

        assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(locations(run)).containsExactly("visits-r1.csv");
        assertThat(lakeside.file("visits.csv").text()).isEqualTo("another owner's");
        assertThat(lakeside.file("visits-r1.csv").lines()).containsExactly("id,note", "1,a");
        assertThat(lakeside.temporaryNames()).isEmpty();
    }

    @Test
    void should_fail_when_others_have_both_names_and_take_the_name_of_the_next_run() {
        lakeside.put("visits.csv", "another owner's");
        lakeside.put("visits-r1.csv", "another owner's");
        JobHandle job = sandbox.add(job(IfExists.KEEP_BOTH, lakeside).build());

        assertThatThrownBy(job::runNow)
                .isInstanceOfSatisfying(
                        DeliveryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(FailureCode.NAME_OCCUPIED))
                .hasMessageStartingWith("visits-r1.csv exists already: ");

        assertThat(run(1).status()).isEqualTo(RunStatus.FAILED);
        assertThat(lakeside.temporaryNames()).isEmpty();
        assertThat(locations(job.runNow())).containsExactly("visits-r2.csv");
        assertThat(lakeside.file("visits-r2.csv").lines()).containsExactly("id,note", "1,a");
        assertThat(lakeside.file("visits.csv").text()).isEqualTo("another owner's");
        assertThat(lakeside.file("visits-r1.csv").text()).isEqualTo("another owner's");
    }

    @Test
    void should_continue_when_one_of_both_names_is_free_again() {
        lakeside.put("visits-r1.csv", "another owner's");
        JobHandle job = sandbox.add(job(
                        IfExists.KEEP_BOTH,
                        riverside,
                        new HookedDelivery(
                                lakeside, Point.BEFORE_PUBLISH, () -> lakeside.put("visits.csv", "another owner's")))
                .build());
        assertThatThrownBy(job::runNow)
                .isInstanceOf(DeliveryException.class)
                .hasMessageStartingWith("visits-r1.csv exists already: ");
        assertThat(riverside.file("visits.csv").lines()).containsExactly("id,note", "1,a");

        sandbox.advance(Duration.ofHours(3));
        assertThat(run(1).status()).isEqualTo(RunStatus.WAITING);
        lakeside.take("visits.csv");
        sandbox.advance(Duration.ofHours(2));

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(locations(run(1))).containsExactly("visits.csv", "visits.csv");
        assertThat(lakeside.file("visits.csv").lines()).containsExactly("id,note", "1,a");
        assertThat(riverside.files()).hasSize(1);
        changeLater();
        assertThat(locations(job.runNow())).containsExactly("visits-r2.csv", "visits-r2.csv");
        assertThat(lakeside.temporaryNames())
                .as("the next run removes the first upload")
                .isEmpty();
    }

    @Test
    void should_upload_a_file_once_more_in_an_attempt_where_what_has_its_name_is_not_seen() {
        lakeside.failNext(Operation.PUBLISH, FailureCode.NAME_OCCUPIED)
                .failNext(Operation.PUBLISH, FailureCode.NAME_OCCUPIED);
        JobHandle job = sandbox.add(job(IfExists.KEEP_BOTH, lakeside).build());

        assertThatThrownBy(job::runNow)
                .isInstanceOfSatisfying(
                        DeliveryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(FailureCode.NAME_OCCUPIED));
        assertThat(lakeside.temporaryNames()).as("the second upload").containsExactly(".visits.csv.r1-t1-2.part");

        sandbox.advance(Duration.ofHours(1));
        assertThat(run(1).status()).isEqualTo(RunStatus.WAITING);
        assertThat(lakeside.temporaryNames()).as("the last upload").hasSize(1);

        sandbox.advance(Duration.ofHours(1));
        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(lakeside.arrivals()).hasSize(1);
        assertThat(lakeside.temporaryNames()).isEmpty();
    }

    @Test
    void should_not_take_its_own_file_for_another_when_the_answer_was_lost() {
        JobHandle job = sandbox.add(job(IfExists.KEEP_BOTH, lakeside).build());
        job.runNow();
        changeLater();
        lakeside.failNext(Operation.PUBLISH, Failure.ANSWER_LOST);

        assertThat(locations(job.runNow())).containsExactly("visits-r2.csv");
        assertThat(lakeside.files()).extracting(DeliveredFile::path).containsExactly("visits.csv", "visits-r2.csv");
    }

    @Test
    void should_copy_a_file_that_vanished_again_to_where_it_was() {
        JobHandle job = sandbox.add(job(IfExists.KEEP_BOTH, lakeside)
                .watch(DeliveredFileWatch.everyTenMinutes())
                .retention(Duration.ofDays(2))
                .build());
        job.runNow();
        changeLater();
        job.runNow();
        lakeside.take("visits.csv");
        lakeside.take("visits-r2.csv");

        sandbox.advance(Duration.ofMinutes(10));

        assertThat(lakeside.files()).extracting(DeliveredFile::path).containsExactly("visits-r2.csv");
        assertThat(lakeside.file("visits-r2.csv").lines()).containsExactly("id,note", "2,b");

        sandbox.advance(Duration.ofDays(3));
        assertThat(lakeside.files()).isEmpty();
    }

    @Test
    void should_refuse_names_that_would_be_one_when_both_are_kept() {
        JobHandle job = sandbox.add(job(IfExists.KEEP_BOTH, lakeside)
                .definition(ExportDefinition.builder("others", Visit.class)
                        .source(source)
                        .recordKey(Visit::id)
                        .watermark(Watermark.fullSnapshot())
                        .fields(f -> f.field("id", Visit::id))
                        .file(f -> f.name("Visits-r{run}.csv"))
                        .build())
                .build());

        assertThatThrownBy(job::runNow)
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("job 'visits' has 1 problem: two files of run 1 may get the name 'visits-r1.csv': put"
                        + " {definition} into the names");
    }
}
