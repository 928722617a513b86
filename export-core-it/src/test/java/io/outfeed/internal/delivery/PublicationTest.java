package io.outfeed.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportJob;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.IfVanished;
import io.outfeed.delivery.Publication;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.event.RunEvent;
import io.outfeed.file.IfExists;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Waiting;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.schedule.Schedule;
import io.outfeed.support.HookedDelivery;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.LyingDelivery;
import io.outfeed.testing.LyingDelivery.Lie;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the engine makes of a destination that does not do what it says. */
class PublicationTest {

    private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

    private final ExportSandbox sandbox = ExportSandbox.startingAt(START);
    private final LyingDelivery lakeside = LyingDelivery.create("lakeside");
    private final InMemoryDelivery received = lakeside.destination();
    private final ListSource<Visit> source = Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"));

    @AfterEach
    void close() {
        sandbox.close();
    }

    private ExportJob.Builder daily() {
        return ExportJob.builder("visits", Visit.export(source))
                .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .deliverTo(lakeside);
    }

    private JobHandle add() {
        return sandbox.add(daily().build());
    }

    private ExportRun run(long number) {
        return sandbox.engine().run(number).run();
    }

    private static DeliveryReceipt receipt(ExportRun run) {
        return run.deliveries().get(0).receipt().orElseThrow();
    }

    private List<String> arrivals() {
        return received.arrivals().stream().map(DeliveredFile::path).toList();
    }

    private List<RunEvent.Kind> alarms() {
        return sandbox.events(RunEvent.class).stream()
                .filter(RunEvent::alarm)
                .map(RunEvent::kind)
                .toList();
    }

    // ---- recognized

    @ParameterizedTest
    @EnumSource(names = {"RENAME_FAILED_BUT_DONE", "RENAME_MISSING_BUT_DONE", "RENAME_UNANSWERED_BUT_DONE"})
    void should_recognize_its_file_under_the_final_name(Lie lie) {
        lakeside.tell(lie);

        ExportRun run = add().runNow();

        assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(receipt(run)).isEqualTo(new DeliveryReceipt("visits-1.csv", Publication.INFERRED));
        assertThat(run.unconfirmed()).isFalse();
        assertThat(arrivals()).containsExactly("visits-1.csv");
        assertThat(alarms()).isEmpty();
    }

    @Test
    void should_not_take_an_old_file_of_the_same_size_for_its_own() {
        JobHandle job = sandbox.add(ExportJob.builder(
                        "visits",
                        Visit.export(source, f -> f.name("visits.csv").ifExists(IfExists.REPLACE))
                                .build())
                .deliverTo(lakeside)
                .build());
        job.runNow();
        sandbox.advance(Duration.ofMinutes(1));
        job.runNow(); // has the header only
        lakeside.tell(Lie.RENAME_FAILED_BUT_TAKEN);
        sandbox.advance(Duration.ofMinutes(1));

        ExportRun run = job.runNow(); // the header only, again

        assertThat(receipt(run).publication()).isEqualTo(Publication.ASSUMED);
    }

    @Test
    void should_find_out_later_what_could_not_be_found_out_at_once() {
        JobHandle job = add();
        lakeside.tell(Lie.RENAME_UNANSWERED_BUT_DONE);
        sandbox.advance(Duration.ZERO);
        received.failNext(Operation.OPEN, Failure.ANSWER_LOST); // the first connection
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        assertThat(run(1).status()).isEqualTo(RunStatus.WAITING);

        sandbox.advance(Duration.ofMinutes(2));

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(receipt(run(1)).publication()).isEqualTo(Publication.INFERRED);
        assertThat(arrivals()).containsExactly("visits-1.csv");
    }

    @Test
    void should_leave_a_copied_temporary_file_as_litter_that_the_next_run_removes() {
        lakeside.tell(Lie.RENAME_COPIES);
        JobHandle job = add();

        ExportRun run = job.runNow();

        assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(receipt(run).publication()).isEqualTo(Publication.ATOMIC);
        assertThat(run.litter()).hasSize(1);
        assertThat(received.temporaryNames()).hasSize(1);
        sandbox.advance(Duration.ofMinutes(1));
        ExportRun next = job.runNow();
        assertThat(next.litter()).isEmpty();
        assertThat(received.temporaryNames()).isEmpty();
    }

    @Test
    void should_say_acknowledged_where_nothing_is_said_of_files() {
        lakeside.tellAlways(Lie.NOTHING_SAID);

        assertThat(receipt(add().runNow()).publication()).isEqualTo(Publication.ACKNOWLEDGED);
    }

    // ---- not published

    @Test
    void should_fail_when_a_rename_is_acknowledged_and_not_done() {
        lakeside.tellAlways(Lie.RENAME_DONE_BUT_NOT);
        JobHandle job = add();

        assertThatThrownBy(job::runNow)
                .isInstanceOf(DeliveryException.class)
                .hasMessage("delivery 'lakeside' has acknowledged the rename of visits-1.csv, and has not done it: the"
                        + " file still has its temporary name, and nothing is visible; find out why the server does"
                        + " that, or choose another way to publish (job=visits, run=1)");

        assertThat(arrivals()).isEmpty();
        assertThat(run(1).waiting()).map(Waiting::cause).contains(Waiting.Cause.PERSON);
        lakeside.beHonest();
        sandbox.advance(Duration.ofHours(1));
        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(lakeside.uploads()).as("the upload was there").isEqualTo(1);
    }

    @Test
    void should_upload_again_what_was_cleaned_before_a_rename_was_requested() {
        LyingDelivery riverside = LyingDelivery.create("riverside");
        JobHandle job = sandbox.add(daily().deliverTo(riverside).build());
        riverside.tell(Lie.RENAME_DENIED);
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        riverside.clean();

        sandbox.advance(Duration.ofHours(1));

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(riverside.uploads()).isEqualTo(2);
        assertThat(riverside.destination().files()).hasSize(1);
        assertThat(run(1).unconfirmed()).isFalse();
        assertThat(arrivals()).containsExactly("visits-1.csv");
    }

    // ---- not known

    @ParameterizedTest
    @EnumSource(names = {"RENAME_FAILED_BUT_TAKEN", "RENAME_MISSING_BUT_TAKEN", "RENAME_UNANSWERED_BUT_TAKEN"})
    void should_assume_that_a_vanished_file_was_taken_and_report_it(Lie lie) {
        lakeside.tell(lie);
        JobHandle job = add();

        ExportRun run = job.runNow();

        assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(receipt(run)).isEqualTo(new DeliveryReceipt("visits-1.csv", Publication.ASSUMED));
        assertThat(run.unconfirmed()).isTrue();
        assertThat(arrivals()).containsExactly("visits-1.csv");
        assertThat(alarms()).containsExactly(RunEvent.Kind.UNCONFIRMED);
        sandbox.advance(Duration.ofDays(1));
        assertThat(run(2).status()).as("later runs continue").isEqualTo(RunStatus.COMMITTED);
        assertThat(run(2).unconfirmed()).isFalse();
    }

    @Test
    void should_send_a_vanished_file_once_more_if_that_was_chosen() {
        lakeside.tell(Lie.RENAME_FAILED_BUT_TAKEN);
        ExportRun run =
                sandbox.add(daily().ifVanished(IfVanished.SEND_AGAIN).build()).runNow();

        assertThat(receipt(run)).isEqualTo(new DeliveryReceipt("visits-1.csv", Publication.ATOMIC, true));
        assertThat(run.unconfirmed()).isFalse();
        assertThat(arrivals()).containsExactly("visits-1.csv", "visits-1.csv");
    }

    @Test
    void should_send_a_vanished_file_no_third_time() {
        lakeside.tellAlways(Lie.RENAME_FAILED_BUT_TAKEN);
        ExportRun run =
                sandbox.add(daily().ifVanished(IfVanished.SEND_AGAIN).build()).runNow();

        assertThat(receipt(run)).isEqualTo(new DeliveryReceipt("visits-1.csv", Publication.ASSUMED, true));
        assertThat(run.unconfirmed()).isTrue();
        assertThat(arrivals()).hasSize(2);
    }

    // ---- taken at close

    @Test
    void should_upload_no_third_time_when_something_takes_every_name() {
        lakeside.tellAlways(Lie.UPLOAD_TAKEN);
        JobHandle job = add();

        assertThatThrownBy(job::runNow)
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.TEMPORARY_TAKEN))
                .hasMessageContaining("takesAtClose");

        sandbox.advance(Duration.ofDays(3));
        assertThat(lakeside.uploads()).isLessThanOrEqualTo(2 * 3);
        assertThat(run(1).deliveries()).extracting(FileDelivery::taken).containsExactly(2);
    }

    @Test
    void should_upload_no_third_time_although_fire_times_join_the_run() {
        lakeside.tellAlways(Lie.UPLOAD_TAKEN_AND_NOTICED);
        sandbox.add(daily().schedule(Schedule.every(Duration.ofMinutes(5), START))
                .retryFor(Duration.ofDays(7))
                .build());

        sandbox.advance(Duration.ofDays(1));

        assertThat(run(1).publishing()).isFalse();
        assertThat(run(1).waiting()).map(Waiting::cause).contains(Waiting.Cause.PERSON);
        assertThat(run(1).coveredFires().orElseThrow().count()).isGreaterThan(200);
        assertThat(lakeside.uploads()).isEqualTo(2);
        lakeside.beHonest();
        sandbox.engine().job("visits").runNow();
        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(received.files()).hasSize(1);
    }

    @Test
    void should_upload_once_more_when_a_person_asks_for_it() {
        lakeside.tellAlways(Lie.UPLOAD_TAKEN);
        JobHandle job = add();
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        lakeside.beHonest();

        job.runNow();

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(run(1).deliveries()).extracting(FileDelivery::uploads).containsExactly(3);
    }

    @Test
    void should_send_one_copy_if_the_delivery_knows_that_files_are_taken_at_close() {
        lakeside.tellAlways(Lie.UPLOAD_TAKEN).takesAtClose(true);

        ExportRun run = add().runNow();

        assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(receipt(run)).isEqualTo(new DeliveryReceipt("visits-1.csv", Publication.ACCEPTED));
        assertThat(arrivals()).containsExactly("visits-1.csv");
    }

    @Test
    void should_settle_a_run_whose_delivery_has_learned_that_files_are_taken_at_close() {
        lakeside.tellAlways(Lie.UPLOAD_TAKEN);
        JobHandle job = add();
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        lakeside.takesAtClose(true);
        sandbox.add(daily().build());

        sandbox.engine().job("visits").runNow();

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(receipt(run(1)).publication()).isEqualTo(Publication.ACCEPTED);
        assertThat(arrivals())
                .as("two under temporary names, and that of the next run")
                .containsExactly("visits-1.csv", "visits-1.csv", "visits-1.csv", "visits-2.csv");
    }

    @Test
    void should_assume_that_a_file_was_taken_whose_close_was_not_answered() {
        lakeside.takesAtClose(true).tell(Lie.CLOSE_UNANSWERED);

        ExportRun run = add().runNow();

        assertThat(receipt(run).publication()).isEqualTo(Publication.ASSUMED);
        assertThat(run.unconfirmed()).isTrue();
        assertThat(arrivals()).containsExactly("visits-1.csv");
    }

    @Test
    void should_assume_that_a_file_was_taken_if_the_process_ended_while_it_was_sent() {
        lakeside.takesAtClose(true);
        sandbox.add(ExportJob.builder("visits", Visit.export(source))
                .deliverTo(new HookedDelivery(lakeside, HookedDelivery.Point.AFTER_PUBLISH, () -> {
                    throw new IllegalStateException("the process ends");
                }))
                .build());
        assertThatThrownBy(sandbox.engine().job("visits")::runNow).isInstanceOf(DeliveryException.class);

        sandbox.advance(Duration.ofMinutes(2));

        assertThat(receipt(run(1)).publication()).isEqualTo(Publication.ASSUMED);
        assertThat(arrivals()).containsExactly("visits-1.csv");
    }
}
