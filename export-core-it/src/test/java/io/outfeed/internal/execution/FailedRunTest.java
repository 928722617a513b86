package io.outfeed.internal.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Publication;
import io.outfeed.error.AlreadyRunningException;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.MappingException;
import io.outfeed.error.NoSuchJobException;
import io.outfeed.error.SourceException;
import io.outfeed.file.WhenEmpty;
import io.outfeed.operation.Cancellation;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.file.DeliveryState;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.source.Position;
import io.outfeed.source.RecordSource;
import io.outfeed.store.JobLock;
import io.outfeed.support.Runs;
import io.outfeed.support.Visit;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FailedRunTest {

    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T00:00:00Z"));
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final InMemoryDelivery riverside = InMemoryDelivery.create("riverside");
    private final ListSource<Visit> source = Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"));

    @AfterEach
    void close() {
        sandbox.close();
    }

    private JobHandle add(ExportDefinition<?> definition) {
        return sandbox.add(ExportJob.builder("visits", definition)
                .deliverTo(lakeside, riverside)
                .build());
    }

    private void assertNothingArrived(JobHandle job, RunStatus status) {
        assertThat(lakeside.arrivals()).isEmpty();
        assertThat(lakeside.temporaryNames()).isEmpty();
        assertThat(riverside.arrivals()).isEmpty();
        assertThat(riverside.temporaryNames()).isEmpty();
        assertThat(job.position("visits")).isEmpty();
        assertThat(Runs.newest(sandbox.engine(), job, 1).get(0).status()).isEqualTo(status);
    }

    @Test
    void should_publish_nothing_and_name_field_and_key_when_a_mapping_throws() {
        JobHandle job = add(Visit.export(source, f -> f.name("v.csv"))
                .fields(f -> f.field("id", Visit::id).field("number", visit -> Integer.valueOf(visit.note())))
                .build());
        source.put(Visit.of(1, "secret", "2026-02-01T00:00:00Z"));

        assertThatThrownBy(job::runNow)
                .isInstanceOfSatisfying(MappingException.class, e -> {
                    assertThat(e.field()).isEqualTo("number");
                    assertThat(e.recordKey()).isEqualTo("1");
                })
                .hasMessage("can't map field 'number' (DIRECT) of record '1': correct the record, or give the field a"
                        + " transformation or match code for it (job=visits, run=1, field=number)")
                .satisfies(e ->
                        assertThat(printed(e)).contains("NumberFormatException").doesNotContain("secret"));

        assertNothingArrived(job, RunStatus.FAILED);
        assertThat(Runs.newest(sandbox.engine(), job, 1).get(0).failure())
                .hasValueSatisfying(failure -> assertThat(failure.type()).isEqualTo("MappingException"));
    }

    @Test
    void should_cover_the_window_of_a_cancelled_run_by_the_next() {
        JobHandle job = add(Visit.export(source));
        lakeside.failNext(Operation.PREPARE, Failure.REFUSED);
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        assertNothingArrived(job, RunStatus.WAITING);
        assertThat(sandbox.engine().run(1).cancel("stop it")).isEqualTo(Cancellation.CANCELLED);

        ExportRun run = job.runNow();

        assertThat(run.number()).isEqualTo(2);
        assertThat(run.sequence()).hasValue(1);
        assertThat(lakeside.file("visits-1.csv").lines()).containsExactly("id,note", "1,a");
    }

    @Test
    void should_refuse_a_record_outside_of_the_window() {
        RecordSource<Visit> careless = RecordSource.of(window -> Stream.of(Visit.of(7, "x", "2026-03-09T00:00:00Z")));
        JobHandle job =
                add(Visit.export(source, f -> f.name("v.csv")).source(careless).build());

        assertThatThrownBy(job::runNow)
                .isInstanceOf(SourceException.class)
                .hasMessage("record '7' of export 'visits' lies outside of the window"
                        + " [timestamp:0001-01-01T00:00:00Z, timestamp:2026-03-02T00:00:00Z): let the source read from"
                        + " (inclusive) until (exclusive), by the watermark's own field (job=visits, run=1)");
        assertNothingArrived(job, RunStatus.FAILED);
    }

    @Test
    void should_not_show_what_a_source_says_about_a_record() {
        RecordSource<Visit> failing = RecordSource.of(window -> Stream.of(1).map(i -> {
            throw new IllegalStateException("row (1, 'secret')");
        }));
        JobHandle job =
                add(Visit.export(source, f -> f.name("v.csv")).source(failing).build());

        assertThatThrownBy(job::runNow)
                .isInstanceOf(SourceException.class)
                .hasMessage(
                        "the source of export 'visits' failed while it was read: nothing was published, the next run"
                                + " covers its window (job=visits, run=1)")
                .satisfies(e -> assertThat(printed(e)).doesNotContain("secret"));
        assertNothingArrived(job, RunStatus.WAITING);
    }

    @Test
    void should_record_a_run_whose_source_can_not_be_opened() {
        JobHandle job = add(Visit.export(source, f -> f.name("v.csv"))
                .source(parameters -> {
                    throw new java.net.ConnectException("Connection refused");
                })
                .build());

        assertThatThrownBy(job::runNow)
                .isInstanceOf(SourceException.class)
                .hasMessage("can't open the source of export 'visits': nothing was published, the next run covers its"
                        + " window (job=visits, run=1)")
                .hasRootCauseMessage(
                        "java.net.ConnectException (its message is left out, since it may quote a record)");
        assertNothingArrived(job, RunStatus.WAITING);
    }

    @Test
    void should_not_move_past_the_window_when_no_records_are_a_failure() {
        JobHandle job = add(Visit.export(Visit.source(), f -> f.name("v.csv").whenEmpty(WhenEmpty.FAIL))
                .build());

        assertThatThrownBy(job::runNow)
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("has no records in [timestamp:0001-01-01T00:00:00Z, ")
                .hasMessageContaining("whenEmpty is FAIL");
        assertNothingArrived(job, RunStatus.FAILED);
    }

    @Test
    void should_export_nothing_when_the_clock_went_back_behind_the_position() {
        JobHandle job = add(Visit.export(source));
        job.runNow();
        sandbox.clock().advance(Duration.ofSeconds(-20));

        assertThatThrownBy(job::runNow)
                .isInstanceOf(SourceException.class)
                .hasMessageStartingWith(
                        "the window of export 'visits' would end at timestamp:2026-03-01T23:59:40Z, before"
                                + " its beginning timestamp:2026-03-02T00:00:00Z");
        assertThat(job.position("visits")).contains(Position.of(Instant.parse("2026-03-02T00:00:00Z")));
    }

    @Test
    void should_refuse_a_position_of_another_kind() {
        add(Visit.export(source)).runNow();
        JobHandle job = add(Visit.export(source, f -> f.name("visits-{sequence}.csv"))
                .watermark(Watermark.fullSnapshot())
                .build());

        assertThatThrownBy(job::runNow)
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("was made by a watermark of kind 'timestamp', and the watermark is now of kind"
                        + " 'snapshot'");
    }

    @Test
    void should_send_the_same_bytes_until_every_destination_has_them() {
        JobHandle job = add(Visit.export(source));
        riverside.failNext(Operation.PUBLISH, Failure.REFUSED);
        assertThatThrownBy(job::runNow)
                .isInstanceOf(DeliveryException.class)
                .hasMessage("PUBLISH is refused, as the test wanted");
        assertThat(Runs.newest(sandbox.engine(), job, 1).get(0).publishing()).isTrue();
        assertThat(lakeside.arrivals()).hasSize(1);
        source.put(Visit.of(1, "changed", "2026-03-02T00:05:00Z"));

        sandbox.advance(Duration.ofMinutes(10));

        assertThat(riverside.file("visits-1.csv").lines()).containsExactly("id,note", "1,a");
        assertThat(lakeside.arrivals()).hasSize(1);
        assertThat(Runs.newest(sandbox.engine(), job, 1).get(0).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(job.runNow().rows()).isEqualTo(1);
        assertThat(riverside.file("visits-2.csv").lines()).containsExactly("id,note", "1,changed");
    }

    @Test
    void should_publish_once_when_the_answer_of_the_rename_gets_lost() {
        JobHandle job = add(Visit.export(source));
        lakeside.failNext(Operation.PUBLISH, Failure.ANSWER_LOST);

        ExportRun run = job.runNow();

        assertThat(lakeside.arrivals()).hasSize(1);
        assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(run.deliveries())
                .extracting(step -> step.receipt().orElseThrow().publication())
                .containsExactly(Publication.INFERRED, Publication.ATOMIC);
    }

    @Test
    void should_settle_a_delivery_that_was_removed_from_the_job() {
        JobHandle job = add(Visit.export(source));
        riverside.failNext(Operation.PUBLISH, Failure.REFUSED);
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);

        sandbox.add(ExportJob.builder("visits", Visit.export(source))
                .deliverTo(lakeside)
                .build());
        sandbox.advance(Duration.ofMinutes(2));

        assertThat(Runs.newest(sandbox.engine(), job, 1).get(0).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(Runs.newest(sandbox.engine(), job, 1).get(0).deliveries())
                .extracting(FileDelivery::state)
                .containsExactly(DeliveryState.PUBLISHED, DeliveryState.REMOVED);
    }

    @Test
    void should_not_run_while_a_run_is_in_progress() {
        JobHandle job = add(Visit.export(source));

        try (JobLock lock = sandbox.store().tryLock("visits").orElseThrow()) {
            assertThat(lock.token()).isPositive();
            assertThatThrownBy(job::runNow)
                    .isInstanceOf(AlreadyRunningException.class)
                    .hasMessage("job 'visits' has a run in progress: wait until it has ended (job=visits)");
        }

        assertThat(job.runNow().status()).isEqualTo(RunStatus.COMMITTED);
    }

    @Test
    void should_name_no_other_job_than_the_one_asked_for() {
        add(Visit.export(source));

        assertThatThrownBy(() -> sandbox.engine().job("visit"))
                .isInstanceOf(NoSuchJobException.class)
                .hasMessage("no job 'visit': add it with engine.add(...) (job=visit)");
        assertThatThrownBy(() -> sandbox.engine().run(99))
                .isInstanceOf(NoSuchJobException.class)
                .hasMessage("no run 99: it never was, or its history was pruned");
        assertThatThrownBy(() -> sandbox.add(
                        ExportJob.builder("Visits", Visit.export(source)).build()))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("job 'Visits' has 1 problem: job 'visits' differs only in the case of letters");
    }

    @Test
    void should_refuse_two_files_of_one_name() {
        ExportDefinition<Visit> other = ExportDefinition.builder("others", Visit.class)
                .source(source)
                .recordKey(Visit::id)
                .watermark(Watermark.timestamp(Visit::updatedAt, Duration.ZERO))
                .fields(f -> f.field("id", Visit::id))
                .file(f -> f.name("VISITS-{run}.csv"))
                .build();
        JobHandle job = sandbox.add(ExportJob.builder("visits", Visit.export(source))
                .definition(other)
                .deliverTo(lakeside)
                .build());

        assertThatThrownBy(job::runNow)
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("job 'visits' has 1 problem: two files of run 1 may get the name 'VISITS-1.csv': put"
                        + " {definition} into the names");
        assertNothingArrived(job, RunStatus.FAILED);
    }

    private static String printed(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
