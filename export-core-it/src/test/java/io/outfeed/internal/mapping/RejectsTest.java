package io.outfeed.internal.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.RejectPolicy;
import io.outfeed.error.MappingException;
import io.outfeed.error.SourceException;
import io.outfeed.file.WhenEmpty;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RejectedRecord;
import io.outfeed.run.RunStatus;
import io.outfeed.support.Runs;
import io.outfeed.support.Visit;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Records that can't be mapped: the run fails with all of them named, or leaves them out and keeps a list. */
class RejectsTest {

    private static final String REASON = "java.lang.IllegalStateException: correct the record, or give the field a"
            + " transformation or match code for it";

    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T12:00:00Z"));
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source = Visit.source();

    @AfterEach
    void close() {
        sandbox.close();
    }

    private static Object noteOf(Visit visit) {
        if (visit.note().startsWith("bad")) {
            throw new IllegalStateException("quotes " + visit.note());
        }
        return visit.note();
    }

    private ExportDefinition.Builder<Visit> export(RejectPolicy policy) {
        return Visit.export(source, f -> f.name("visits-{sequence}.csv"))
                .fields(f -> f.field("id", Visit::id).field("note", RejectsTest::noteOf))
                .rejectPolicy(policy);
    }

    private JobHandle add(ExportDefinition<Visit> definition) {
        return sandbox.add(
                ExportJob.builder("visits", definition).deliverTo(lakeside).build());
    }

    private void put(long id, String note) {
        source.put(Visit.of(id, note, "2026-03-01T00:00:00Z"));
    }

    @Test
    void should_name_every_record_that_fails_and_publish_nothing() {
        put(1, "bad secret");
        put(2, "good");
        put(3, "bad secret");
        JobHandle job = add(export(RejectPolicy.fail()).build());

        assertThatThrownBy(job::runNow)
                .isInstanceOfSatisfying(MappingException.class, e -> {
                    assertThat(e.field()).isEqualTo("note");
                    assertThat(e.recordKey()).isEqualTo("1");
                    assertThat(e.reason()).isEqualTo(REASON);
                    assertThat(printed(e)).contains("noteOf").doesNotContain("secret");
                })
                .hasMessage("records of export 'visits' can't be mapped, and nothing was published:"
                        + " (1) record '1', field 'note': " + REASON + "; (2) record '3', field 'note': " + REASON
                        + "; there are no more (job=visits, run=1)");

        assertThat(lakeside.arrivals()).isEmpty();
        assertThat(Runs.newest(sandbox.engine(), job, 1).get(0).status()).isEqualTo(RunStatus.FAILED);
        assertThat(job.position("visits")).isEmpty();
    }

    @Test
    void should_name_twenty_records_at_most() {
        LongStream.rangeClosed(1, 30).forEach(id -> put(id, "bad"));
        JobHandle job = add(export(RejectPolicy.fail()).build());

        assertThatThrownBy(job::runNow)
                .hasMessageContaining("; (20) record '20', field 'note': ")
                .hasMessageEndingWith("; there may be more (job=visits, run=1)")
                .hasMessageNotContaining("(21)");
    }

    @Test
    void should_leave_records_out_up_to_the_limit_and_keep_a_list() {
        put(1, "bad secret");
        put(2, "good");
        put(3, "bad secret");
        JobHandle job = add(export(RejectPolicy.skipUpTo(2)).build());

        ExportRun run = job.runNow();

        assertThat(lakeside.file("visits-1.csv").lines()).containsExactly("id,note", "2,good");
        assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(run.rows()).isEqualTo(1);
        assertThat(run.rejected()).isEqualTo(2);
        assertThat(run.note()).isEqualTo("2 records of 'visits' can't be mapped and were left out: see rejects()");
        sandbox.restart();
        assertThat(sandbox.engine().run(run.number()).rejects())
                .containsExactly(
                        new RejectedRecord("visits", "1", "note", REASON),
                        new RejectedRecord("visits", "3", "note", REASON));
        assertThat(sandbox.engine().run(run.number()).rejects().toString()).doesNotContain("secret");
    }

    @Test
    void should_fail_when_there_are_more_than_may_be_left_out() {
        put(1, "bad");
        put(2, "bad");
        put(3, "good");
        JobHandle job = add(export(RejectPolicy.skipUpTo(1)).build());

        assertThatThrownBy(job::runNow)
                .isInstanceOf(MappingException.class)
                .hasMessage("more than 1 records of export 'visits' can't be mapped, no more may be left out, and"
                        + " nothing was"
                        + " published: (1) record '1', field 'note': " + REASON
                        + "; (2) record '2', field 'note': "
                        + REASON + "; there are no more (job=visits, run=1)");

        assertThat(lakeside.arrivals()).isEmpty();
        assertThat(job.position("visits")).isEmpty();
    }

    @Test
    void should_export_a_corrected_record_with_the_next_change_or_on_request() {
        put(1, "bad");
        put(2, "bad");
        JobHandle job = add(export(RejectPolicy.skipUpTo(5)).build());
        ExportRun first = job.runNow();
        sandbox.advance(Duration.ofHours(1));
        source.put(Visit.of(1, "corrected, and written", "2026-03-02T12:30:00Z"));
        put(2, "corrected behind the position");

        job.runNow();
        ExportRun again = sandbox.engine().run(first.number()).reExport();

        assertThat(lakeside.file("visits-2.csv").lines()).containsExactly("id,note", "1,\"corrected, and written\"");
        assertThat(lakeside.file("visits-1-re3.csv").lines())
                .containsExactly("id,note", "2,corrected behind the position");
        assertThat(again.rejected()).isZero();
    }

    @Test
    void should_keep_a_list_of_what_is_exported_once_more() {
        put(1, "bad");
        JobHandle job = add(export(RejectPolicy.skipUpTo(5)).build());
        ExportRun first = job.runNow();

        ExportRun again = sandbox.engine().run(first.number()).reExport();

        assertThat(again.rejected()).isEqualTo(1);
        assertThat(sandbox.engine().run(again.number()).rejects()).hasSize(1);
    }

    @Test
    void should_leave_out_what_filter_and_folder_fail_for() {
        put(1, "bad filter");
        put(2, "bad folder");
        put(3, "");
        put(4, "fine");
        JobHandle job = add(Visit.export(source, f -> f.name("visits-{sequence}.csv"))
                .filter(visit -> {
                    if (visit.note().equals("bad filter")) {
                        throw new IllegalStateException("quotes " + visit.note());
                    }
                    return true;
                })
                .folderPer(visit -> {
                    if (visit.note().equals("bad folder")) {
                        throw new IllegalStateException("quotes " + visit.note());
                    }
                    return visit.note();
                })
                .rejectPolicy(RejectPolicy.skipUpTo(10))
                .build());

        ExportRun run = job.runNow();

        assertThat(lakeside.file("fine/visits-1.csv").lines()).containsExactly("id,note", "4,fine");
        String reason = "java.lang.IllegalStateException: correct the record, or the function";
        assertThat(sandbox.engine().run(run.number()).rejects())
                .containsExactly(
                        new RejectedRecord("visits", "1", "filter", reason),
                        new RejectedRecord("visits", "2", "folderPer", reason),
                        new RejectedRecord("visits", "3", "folderPer", "its folder is no safe name: it is empty"));
    }

    @Test
    void should_count_only_records_that_are_exported() {
        put(1, "bad");
        JobHandle job = add(
                export(RejectPolicy.skipUpTo(1)).filter(visit -> visit.id() > 1).build());

        ExportRun run = job.runNow();

        assertThat(run.rejected()).isZero();
        assertThat(sandbox.engine().run(run.number()).rejects()).isEmpty();
    }

    @Test
    void should_take_a_window_of_nothing_but_rejects_for_empty() {
        put(1, "bad");
        JobHandle job = add(export(RejectPolicy.skipUpTo(1))
                .file(f -> f.name("visits.csv").whenEmpty(WhenEmpty.FAIL))
                .build());

        assertThatThrownBy(job::runNow).isInstanceOf(SourceException.class).hasMessageContaining("has no records in");
    }

    @Test
    void should_fail_whatever_is_allowed_when_a_key_or_position_can_not_be_read() {
        put(1, "bad");
        for (ExportDefinition<Visit> definition : List.of(
                export(RejectPolicy.skipUpTo(10)).recordKey(RejectsTest::noteOf).build(),
                export(RejectPolicy.skipUpTo(10))
                        .watermark(Watermark.timestamp(
                                visit -> {
                                    throw new IllegalStateException("quotes " + visit.note());
                                },
                                Duration.ZERO))
                        .build())) {
            JobHandle job = add(definition);

            assertThatThrownBy(job::runNow).isInstanceOf(SourceException.class);
        }
    }

    @Test
    void should_refuse_a_limit_that_is_none() {
        assertThatThrownBy(() -> RejectPolicy.skipUpTo(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a run may skip 1 to 10000 records, not 0: use RejectPolicy.fail() to skip none");
        assertThatThrownBy(() -> RejectPolicy.skipUpTo(10_001)).isInstanceOf(IllegalArgumentException.class);
        assertThat(RejectPolicy.skipUpTo(7)).isEqualTo(RejectPolicy.skipUpTo(7)).hasToString("skip up to 7");
        assertThat(RejectPolicy.fail()).isNotEqualTo(RejectPolicy.skipUpTo(7)).hasToString("fail");
    }

    private static String printed(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
