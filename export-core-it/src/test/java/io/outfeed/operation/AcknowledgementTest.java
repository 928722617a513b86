package io.outfeed.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.outfeed.ExportJob;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.Publication;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.event.RunEvent;
import io.outfeed.event.RunEvent.Kind;
import io.outfeed.file.IfExists;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunLogEntry;
import io.outfeed.run.RunPhase;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.run.file.FileDelivery;
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

/** A run that does not know whether a file has arrived, until a person says so. */
class AcknowledgementTest {

    private static final Instant START = Instant.parse("2026-03-02T07:00:00Z");
    private static final String REASON = "asked the registrar";

    private final ExportSandbox sandbox = ExportSandbox.startingAt(START);
    private final LyingDelivery lakeside = LyingDelivery.create("lakeside");
    private final InMemoryDelivery riverside = InMemoryDelivery.create("riverside");
    private final ListSource<Visit> source =
            Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"), Visit.of(2, "b", "2026-02-02T00:00:00Z"));

    @AfterEach
    void close() {
        sandbox.close();
    }

    /** Two files, each to two destinations. */
    private ExportJob.Builder visits() {
        return ExportJob.builder(
                        "visits",
                        Visit.export(source, f -> f.name("visits-{sequence}.csv"))
                                .folderPer(Visit::note)
                                .build())
                .deliverTo(lakeside, riverside);
    }

    /** A run whose first file has vanished at lakeside; it has arrived there only if the receiver took it. */
    private JobHandle unconfirmed() {
        return unconfirmed(visits().build());
    }

    private JobHandle unconfirmed(ExportJob job) {
        lakeside.tell(Lie.RENAME_FAILED_BUT_TAKEN);
        JobHandle handle = sandbox.add(job);
        assertThat(handle.runNow().unconfirmed()).isTrue();
        return handle;
    }

    private ExportRun acknowledge(long number, Arrival arrival) {
        return sandbox.engine().run(number).acknowledge(arrival, REASON);
    }

    private ExportRun run(long number) {
        return sandbox.engine().run(number).run();
    }

    private JobPositions positions() {
        return sandbox.store().positions("visits");
    }

    private static List<String> paths(List<DeliveredFile> files) {
        return files.stream().map(DeliveredFile::path).toList();
    }

    private static RunPhase lastPhase(ExportRun run) {
        List<RunLogEntry> log = run.log();
        return log.get(log.size() - 1).phase();
    }

    // ---- arrived

    @Test
    void should_record_that_the_files_have_arrived_and_send_nothing() {
        unconfirmed();
        JobPositions positions = positions();
        sandbox.advance(Duration.ofHours(1));

        ExportRun run = acknowledge(1, Arrival.ARRIVED);

        assertThat(run.unconfirmed()).isFalse();
        assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(run.endedAt()).contains(START);
        assertThat(lastPhase(run)).isEqualTo(RunPhase.ACKNOWLEDGED);
        assertThat(run.log().get(run.log().size() - 1).at()).isEqualTo(START.plus(Duration.ofHours(1)));
        assertThat(run.note()).isEqualTo("acknowledged as arrived: asked the registrar");
        assertThat(run.deliveries())
                .as("what the destination said stays")
                .filteredOn(FileDelivery::assumed)
                .extracting(FileDelivery::path)
                .containsExactly("a/visits-1.csv");
        assertThat(run(1).unconfirmed()).isFalse();
        assertThat(paths(lakeside.destination().arrivals())).containsExactly("a/visits-1.csv", "b/visits-1.csv");
        assertThat(sandbox.engine().runs(RunQuery.ofJob("visits")).runs()).hasSize(1);
        assertThat(positions()).isEqualTo(positions);
    }

    @Test
    void should_acknowledge_a_run_that_still_waits_for_another_destination() {
        riverside.failNext(Operation.PUBLISH, Failure.REFUSED_FOR_GOOD);
        lakeside.tell(Lie.RENAME_FAILED_BUT_TAKEN);
        JobHandle job = sandbox.add(visits().build());
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        assertThat(run(1).unconfirmed()).isTrue();

        ExportRun run = acknowledge(1, Arrival.ARRIVED);

        assertThat(run.unconfirmed()).isFalse();
        assertThat(run.status()).isEqualTo(RunStatus.WAITING);
        assertThat(run.waiting()).isPresent();
        sandbox.advance(Duration.ofHours(1));
        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(run(1).unconfirmed()).isFalse();
    }

    // ---- sent again

    @Test
    void should_send_the_assumed_files_again_and_no_others() {
        unconfirmed();
        JobPositions positions = positions();
        List<String> before = paths(riverside.arrivals());

        ExportRun run = acknowledge(1, Arrival.SEND_AGAIN);

        assertThat(run.unconfirmed()).isFalse();
        assertThat(lastPhase(run)).isEqualTo(RunPhase.SENT_AGAIN);
        assertThat(run.note()).isEqualTo("sent again by run 2: asked the registrar");
        ExportRun again = run(2);
        assertThat(again.trigger()).isEqualTo(Trigger.REDELIVERY);
        assertThat(again.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(again.unconfirmed()).isFalse();
        assertThat(again.note()).isEqualTo("the unconfirmed files of run 1 again");
        assertThat(again.files()).containsExactly(run.files().get(0));
        assertThat(again.deliveries())
                .extracting(FileDelivery::delivery, step -> step.receipt().orElseThrow())
                .containsExactly(tuple("lakeside", new DeliveryReceipt("a/visits-1.csv", Publication.ATOMIC, true)));
        assertThat(paths(lakeside.destination().arrivals()))
                .containsExactly("a/visits-1.csv", "b/visits-1.csv", "a/visits-1.csv");
        assertThat(lakeside.destination().file("a/visits-1.csv").lines()).containsExactly("id,note", "1,a");
        assertThat(paths(riverside.arrivals())).isEqualTo(before);
        assertThat(positions()).isEqualTo(positions);
        assertThat(sandbox.events(RunEvent.class)).extracting(RunEvent::kind).endsWith(Kind.REDELIVERED);
    }

    @Test
    void should_send_each_file_to_each_destination_that_misses_it() {
        LyingDelivery hillside = LyingDelivery.create("hillside");
        lakeside.tell(Lie.RENAME_FAILED_BUT_TAKEN);
        hillside.tellAlways(Lie.RENAME_FAILED_BUT_TAKEN);
        sandbox.add(visits().deliverTo(hillside).build()).runNow();
        hillside.beHonest();

        acknowledge(1, Arrival.SEND_AGAIN);

        assertThat(run(2).deliveries())
                .extracting(FileDelivery::delivery, FileDelivery::path)
                .containsExactly(
                        tuple("lakeside", "a/visits-1.csv"),
                        tuple("hillside", "a/visits-1.csv"),
                        tuple("hillside", "b/visits-1.csv"));
    }

    @Test
    void should_make_the_new_run_unconfirmed_when_a_file_vanishes_again() {
        unconfirmed();
        lakeside.tell(Lie.RENAME_FAILED_BUT_TAKEN);

        ExportRun run = acknowledge(1, Arrival.SEND_AGAIN);

        assertThat(run.unconfirmed()).isFalse();
        assertThat(run(2).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(run(2).unconfirmed()).isTrue();
        assertThat(acknowledge(2, Arrival.SEND_AGAIN).unconfirmed()).isFalse();
        assertThat(run(3).unconfirmed()).isFalse();
        assertThat(paths(lakeside.destination().files())).containsExactly("b/visits-1.csv", "a/visits-1.csv");
    }

    @Test
    void should_stay_unconfirmed_when_the_file_cannot_be_sent() {
        unconfirmed(ExportJob.builder(
                        "visits",
                        Visit.export(source, f -> f.name("visits.csv").ifExists(IfExists.REPLACE))
                                .build())
                .deliverTo(lakeside)
                .build());
        lakeside.destination().put("visits.csv", "of another program");

        assertThatThrownBy(() -> acknowledge(1, Arrival.SEND_AGAIN))
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.NAME_OCCUPIED));

        assertThat(run(1).unconfirmed()).isTrue();
        assertThat(run(1).note()).isEmpty();
        assertThat(run(2).status()).isEqualTo(RunStatus.FAILED);
        assertThat(lakeside.destination().file("visits.csv").lines()).containsExactly("of another program");
        lakeside.destination().take("visits.csv");
        assertThat(acknowledge(1, Arrival.SEND_AGAIN).unconfirmed()).isFalse();
    }

    @Test
    void should_keep_the_bytes_of_a_request_that_failed_after_a_file_had_vanished() {
        sandbox.add(visits().build()).runNow();
        lakeside.destination().takeAll();
        riverside.takeAll();
        lakeside.tell(Lie.RENAME_FAILED_BUT_TAKEN);
        riverside.failNext(Operation.PUBLISH, Failure.REFUSED_FOR_GOOD);
        assertThatThrownBy(() -> sandbox.engine().run(1).redeliver()).isInstanceOf(DeliveryException.class);
        ExportRun failed = sandbox.engine()
                .runs(RunQuery.ofJob("visits").unconfirmed())
                .runs()
                .get(0);
        assertThat(failed.status()).isEqualTo(RunStatus.FAILED);

        assertThat(acknowledge(failed.number(), Arrival.SEND_AGAIN).unconfirmed())
                .isFalse();

        assertThat(paths(lakeside.destination().files())).contains("a/visits-1.csv");
    }

    // ---- refused

    @ParameterizedTest
    @EnumSource
    void should_refuse_a_run_that_is_not_unconfirmed(Arrival arrival) {
        sandbox.add(visits().build()).runNow();

        assertThatThrownBy(() -> acknowledge(1, arrival))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("run 1 is not unconfirmed: there is nothing to acknowledge, and nothing was changed"
                        + " (job=visits, run=1)");

        assertThat(paths(lakeside.destination().arrivals())).hasSize(2);
        assertThat(lastPhase(run(1))).isEqualTo(RunPhase.ENDED);
    }

    @Test
    void should_ask_for_a_reason() {
        unconfirmed();

        assertThatThrownBy(() -> sandbox.engine().run(1).acknowledge(Arrival.ARRIVED, " "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("say how the arrival was found out: it is kept in the history");

        assertThat(run(1).unconfirmed()).isTrue();
    }

    @Test
    void should_not_send_again_without_the_delivery() {
        unconfirmed();
        sandbox.add(ExportJob.builder("visits", Visit.export(source))
                .deliverTo(riverside)
                .build());

        assertThatThrownBy(() -> acknowledge(1, Arrival.SEND_AGAIN))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the job no longer has delivery 'lakeside', which may miss a/visits-1.csv: nothing was"
                        + " sent, and the run is still unconfirmed; add the job with that delivery again"
                        + " (job=visits, run=1)");

        assertThat(run(1).unconfirmed()).isTrue();
        assertThat(sandbox.engine().runs(RunQuery.ofJob("visits")).runs()).hasSize(1);
        assertThat(acknowledge(1, Arrival.ARRIVED).unconfirmed()).isFalse();
    }

    @Test
    void should_send_again_within_the_delivery_window_only() {
        unconfirmed(visits().deliverBetween(LocalTime.of(7, 0), LocalTime.of(8, 0), ZoneOffset.UTC)
                .build());
        sandbox.advance(Duration.ofHours(3));

        assertThatThrownBy(() -> acknowledge(1, Arrival.SEND_AGAIN))
                .isInstanceOfSatisfying(
                        DeliveryException.class,
                        e -> assertThat(e.code()).isEqualTo(FailureCode.DELIVERY_WINDOW_CLOSED));

        assertThat(run(1).unconfirmed()).isTrue();
        assertThat(sandbox.engine().runs(RunQuery.ofJob("visits")).runs()).hasSize(1);
        assertThat(acknowledge(1, Arrival.ARRIVED).unconfirmed())
                .as("sends nothing")
                .isFalse();
    }

    // ---- history

    @Test
    void should_keep_bytes_and_history_until_it_is_acknowledged() {
        JobHandle job = sandbox.add(visits().build());
        job.runNow();
        sandbox.advance(Duration.ofDays(1));
        source.put(new Visit(3, "c", sandbox.clock().instant().minus(Duration.ofHours(1))));
        lakeside.tell(Lie.RENAME_FAILED_BUT_TAKEN);
        assertThat(job.runNow().unconfirmed()).isTrue();
        sandbox.advance(Duration.ofDays(1));
        job.runNow();
        sandbox.advance(Duration.ofDays(400));
        job.runNow();

        assertThat(sandbox.engine().runs(RunQuery.ofJob("visits")).runs())
                .as("the first was forgotten, what followed the unconfirmed one was not")
                .extracting(ExportRun::number)
                .containsExactly(4L, 3L, 2L);
        assertThat(acknowledge(2, Arrival.SEND_AGAIN).unconfirmed()).isFalse();
        assertThat(lakeside.destination().file("c/visits-2.csv").lines()).containsExactly("id,note", "3,c");
        sandbox.advance(Duration.ofDays(1)); // old runs are pruned once a day
        job.runNow();
        assertThat(sandbox.engine().runs(RunQuery.ofJob("visits")).runs())
                .extracting(ExportRun::number)
                .doesNotContain(2L, 3L);
    }

    // ---- lists

    @Test
    void should_be_found_in_lists_until_it_is_acknowledged() {
        sandbox.add(ExportJob.builder("honest", Visit.export(source))
                        .deliverTo(riverside)
                        .build())
                .runNow();
        riverside.takeAll();
        JobHandle job = unconfirmed();

        assertThat(sandbox.engine().jobs(JobQuery.all().unconfirmed()))
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.job().name()).isEqualTo("visits");
                    assertThat(found.unconfirmedRuns()).isEqualTo(1);
                    assertThat(found.status()).isEqualTo(JobStatus.SUCCESS);
                    assertThat(found.toString()).startsWith("job 'visits': success, unconfirmed runs: 1");
                });
        assertThat(sandbox.engine().runs(RunQuery.all().unconfirmed()).runs())
                .extracting(ExportRun::number)
                .containsExactly(2L);
        acknowledge(2, Arrival.ARRIVED);
        assertThat(job.summary().unconfirmedRuns()).isZero();
        assertThat(sandbox.engine().jobs(JobQuery.all().unconfirmed())).isEmpty();
        assertThat(sandbox.engine().runs(RunQuery.all().unconfirmed()).runs()).isEmpty();
    }
}
