package io.outfeed.internal.preview;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.outfeed.ChangeDetection;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.error.ExportException;
import io.outfeed.error.MappingException;
import io.outfeed.field.FieldMark;
import io.outfeed.field.FieldPreview;
import io.outfeed.format.CsvFormat;
import io.outfeed.format.FileLayout;
import io.outfeed.format.FileTotals;
import io.outfeed.format.JsonFormat;
import io.outfeed.format.RecordCells;
import io.outfeed.format.RecordFormat;
import io.outfeed.format.RecordWriter;
import io.outfeed.format.RejectedCellException;
import io.outfeed.operation.JobCheck.Finding;
import io.outfeed.operation.JobHandle;
import io.outfeed.support.Runs;
import io.outfeed.support.Visit;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a preview and a check say of values that the file's format can't carry. */
class FormatTrialTest {

    private static final CsvFormat LATIN =
            CsvFormat.builder().charset(ISO_8859_1).build();

    private static final String LACKS = "its text has a character that ISO-8859-1 can't carry: choose UTF-8, or a"
            + " replacement with CsvFormat.Builder.replacement";

    private static final String HALF = "its text is no valid Unicode (half of a surrogate pair): correct the record";

    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T00:00:00Z"));
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source =
            Visit.source().put(Visit.of(1, "日本", "2026-02-01T00:00:00Z"), Visit.of(2, "é", "2026-02-02T00:00:00Z"));

    @AfterEach
    void close() {
        sandbox.close();
    }

    private ExportDefinition.Builder<Visit> export(RecordFormat format) {
        return Visit.export(source, f -> f.name("visits").format(format));
    }

    private JobHandle add(ExportDefinition.Builder<Visit> definition) {
        return sandbox.add(ExportJob.builder("visits", definition.build())
                .deliverTo(lakeside)
                .build());
    }

    private static String problem(String field, String reason) {
        return "can't write field '" + field + "' of record '1': " + reason + " (job=visits)";
    }

    private static List<String> problems(JobHandle job) {
        return job.preview("visits", "1").get(0).fields().stream()
                .map(field -> field.problem().orElse(""))
                .toList();
    }

    @Test
    void should_show_the_problem_of_each_field_that_the_charset_can_not_carry() {
        JobHandle job = add(export(LATIN)
                .fields(f -> f.field("id", Visit::id)
                        .skip("room", "not part of the agreement")
                        .field("note", Visit::note, FieldMark.SENSITIVE)
                        .field("plain", visit -> "é")
                        .matchCodes("kind", Visit::note, c -> c.code("call", "C"))
                        .field("half", visit -> "a secret\ud800")));

        List<FieldPreview> fields = job.preview("visits", "1").get(0).fields();

        assertThat(fields)
                .extracting(
                        FieldPreview::header,
                        field -> field.raw().orElse("-"),
                        field -> field.text().orElse("-"),
                        field -> field.problem().orElse("-"))
                .containsExactly(
                        tuple("id", "1", "1", "-"),
                        tuple("note", "日本", "-", problem("note", LACKS)),
                        tuple("plain", "é", "é", "-"),
                        tuple(
                                "kind",
                                "日本",
                                "-",
                                "can't map field 'kind' (MATCH_CODES) of record '1': its value is none of the 1 that"
                                        + " have a match code: add a code for it, or say what becomes of the others"
                                        + " with ifUnmatched (job=visits, field=kind)"),
                        tuple("half", "a secret\ud800", "-", problem("half", HALF)),
                        tuple("room", "-", "-", "not part of the agreement"));
        assertThat(Runs.newest(sandbox.engine(), job, 10)).isEmpty();
        assertThat(lakeside.arrivals()).isEmpty();
        assertThat(lakeside.temporaryNames()).isEmpty();
    }

    @Test
    void should_show_the_message_of_the_run() {
        JobHandle job = add(export(LATIN));

        assertThatThrownBy(job::runNow)
                .isInstanceOf(MappingException.class)
                .hasMessage(problem("note", LACKS).replace("(job=visits)", "(job=visits, run=1)"));
        assertThat(problems(job)).containsExactly("", problem("note", LACKS));
    }

    @Test
    void should_ask_json_lines_too() {
        source.put(Visit.of(1, "\udc00", "2026-02-01T00:00:00Z"));

        assertThat(problems(add(export(JsonFormat.lines())))).containsExactly("", problem("note", HALF));
    }

    @Test
    void should_name_the_right_field_behind_the_column_of_changes() {
        ChangeDetection changes = ChangeDetection.keyedBy("id");
        for (ChangeDetection each : List.of(changes, changes.threeFiles())) {
            JobHandle job =
                    add(export(LATIN).watermark(Watermark.fullSnapshot()).changes(each));

            assertThat(problems(job)).containsExactly("", problem("note", LACKS));
        }
    }

    @Test
    void should_fail_where_the_column_of_changes_can_not_be_written() {
        JobHandle job = add(export(CsvFormat.builder().charset(US_ASCII).build())
                .watermark(Watermark.fullSnapshot())
                .changes(ChangeDetection.keyedBy("id").column("change", "Ü", "C", "D")));

        assertThatThrownBy(() -> job.preview("visits", "1"))
                .isInstanceOf(MappingException.class)
                .hasMessage(problem("change", LACKS.replace("ISO-8859-1", "US-ASCII")));
    }

    @Test
    void should_report_in_a_check_what_passes_the_filter() {
        assertThat(add(export(LATIN)).check().problems())
                .extracting(Finding::toString)
                .containsExactly("FIELDS visits: " + problem("note", LACKS));
        assertThat(add(export(LATIN).filter(visit -> visit.id() != 1)).check().problems())
                .isEmpty();
        assertThat(add(export(CsvFormat.builder()
                                .charset(ISO_8859_1)
                                .replacement("?")
                                .build()))
                        .check()
                        .problems())
                .isEmpty();
    }

    /** A format of the host's own: takes no empty cell, and fails on demand. */
    private record FullRows(boolean opens, boolean writes) implements RecordFormat {

        @Override
        public RecordWriter open(FileLayout layout, OutputStream out) throws IOException {
            if (!opens) {
                throw new IOException("quotes a secret");
            }
            return new RecordWriter() {
                @Override
                public void write(RecordCells cells) throws IOException {
                    if (!writes) {
                        throw new IOException("quotes a secret");
                    }
                    for (int i = 0; i < cells.size(); i++) {
                        String text = cells.text(i);
                        if (text == null || text.length() > 1) {
                            throw new RejectedCellException(i, text == null ? "it is empty" : "it is too long");
                        }
                    }
                }

                @Override
                public void finish(FileTotals totals) {}

                @Override
                public long bytes() {
                    return 0;
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };
        }
    }

    @Test
    void should_stop_where_a_format_takes_no_empty_cell_either() {
        JobHandle job = add(export(new FullRows(true, true))
                .fields(f -> f.field("id", Visit::id).field("note", Visit::note).field("again", Visit::note)));

        assertThat(problems(job)).containsExactly("", problem("note", "it is too long"), "");
        assertThat(problems(add(export(new FullRows(true, true))
                        .fields(f -> f.field("required", visit -> null, FieldMark.REQUIRED)
                                .field("id", Visit::id)))))
                .containsExactly(
                        "can't map field 'required' (DIRECT) of record '1': it is required, and this record's is empty:"
                                + " correct the record, or make the field optional (job=visits, field=required)",
                        "");
    }

    @Test
    void should_say_that_a_format_failed_without_its_message() {
        for (FullRows format : List.of(new FullRows(false, true), new FullRows(true, false))) {
            JobHandle job = add(export(format));
            String failed = "the format of export 'visits' failed, though what it writes is thrown away: correct the"
                    + " format (job=visits)";

            assertThatThrownBy(() -> job.preview("visits"))
                    .isExactlyInstanceOf(ExportException.class)
                    .hasMessage(failed)
                    .hasRootCauseMessage("java.io.IOException (its message is left out, since it may quote a record)");
            assertThat(job.check().problems())
                    .extracting(Finding::toString)
                    .containsExactly("FIELDS visits: " + failed);
        }
    }
}
