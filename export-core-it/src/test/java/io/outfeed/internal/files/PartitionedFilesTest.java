package io.outfeed.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ChangeDetection;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.RejectPolicy;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.MappingException;
import io.outfeed.error.StoreException;
import io.outfeed.file.FileSpec;
import io.outfeed.file.StagedFile;
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
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One file each value of a record. */
class PartitionedFilesTest {

    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T12:00:00Z"));
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source = Visit.source();

    @AfterEach
    void close() {
        sandbox.close();
    }

    private ExportDefinition.Builder<Visit> export(Consumer<FileSpec.Builder> file) {
        return Visit.export(source, file).filePer(Visit::note);
    }

    private ExportDefinition.Builder<Visit> export() {
        return export(f -> f.name("visits-{partition}-{sequence}.csv"));
    }

    private JobHandle add(ExportDefinition<Visit> definition) {
        return sandbox.add(
                ExportJob.builder("visits", definition).deliverTo(lakeside).build());
    }

    private void put(long id, String note) {
        source.put(Visit.of(id, note, "2026-03-01T00:00:00Z"));
    }

    private List<String> lines(String path) {
        return lakeside.file(path).lines();
    }

    private static List<String> paths(ExportRun run) {
        return run.files().stream().map(StagedFile::path).toList();
    }

    @Test
    void should_put_records_into_a_file_each_value_with_the_value_in_the_name() {
        put(1, "spring");
        put(2, "autumn");
        put(3, "spring");

        ExportRun run = add(export().build()).runNow();

        assertThat(paths(run)).containsExactly("visits-autumn-1.csv", "visits-spring-1.csv");
        assertThat(lines("visits-spring-1.csv")).containsExactly("id,note", "1,spring", "3,spring");
        assertThat(lines("visits-autumn-1.csv")).containsExactly("id,note", "2,autumn");
    }

    @Test
    void should_clean_the_value_like_a_folder() {
        put(1, "2025/26 Zürich");

        assertThat(paths(add(export().build()).runNow())).containsExactly("visits-2025-26-Z-rich-1.csv");
    }

    @Test
    void should_go_together_with_folders_and_parts() {
        put(1, "a");
        put(2, "b");
        put(3, "a");
        put(4, "a");

        ExportRun run = add(export(f -> f.name("{partition}-{part}.csv").splitAfterRows(1))
                        .folderPer(visit -> visit.id() < 4 ? "old" : "new")
                        .build())
                .runNow();

        assertThat(paths(run)).containsExactly("new/a-1.csv", "old/a-1.csv", "old/a-2.csv", "old/b-1.csv");
        assertThat(lines("old/a-2.csv")).containsExactly("id,note", "3,a");
    }

    @Test
    void should_make_no_file_without_records() {
        assertThat(add(export().build()).runNow().files()).isEmpty();
    }

    @Test
    void should_need_the_partition_in_the_name_exactly_if_there_is_one() {
        assertThatThrownBy(() -> export(f -> f.name("visits.csv")).build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("export 'visits' has 1 problem: file.name 'visits.csv' must have {partition}, since filePer"
                        + " is set");
        assertThatThrownBy(() -> Visit.export(source, f -> f.name("visits-{partition}.csv"))
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("export 'visits' has 1 problem: file.name 'visits-{partition}.csv' has {partition}, but"
                        + " there is no value for it: add .filePer(Record::value)");
    }

    @Test
    void should_refuse_names_that_differ_by_case_only() {
        put(1, "Spring");
        put(2, "spring");
        JobHandle job = add(export().build());

        assertThatThrownBy(job::runNow)
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("job 'visits' has 1 problem: two files of run 1 may get the name 'visits-spring-1.csv': let"
                        + " folderPer and filePer give values that differ by more than case, and put a hyphen"
                        + " between {partition} and {part}");
        assertThat(lakeside.arrivals()).isEmpty();
    }

    @Test
    void should_refuse_values_that_become_one_name() {
        put(1, "North/East");
        put(2, "North East");
        put(3, "North/East");
        JobHandle job = add(export().build());

        assertThatThrownBy(job::runNow)
                .isInstanceOf(MappingException.class)
                .hasMessage("the file of record '2' of export 'visits' is no name of its own: its file and that of"
                        + " record '1' differ, and both become 'North-East': let filePer give safe names that differ"
                        + " (job=visits, run=1)");
        assertThat(lakeside.arrivals()).isEmpty();
    }

    @Test
    void should_reject_records_whose_folder_would_be_that_of_another_value() {
        put(1, "North/East");
        put(2, "North East");
        put(3, "North/East");
        JobHandle job = add(Visit.export(source, f -> f.name("visits-{sequence}.csv"))
                .folderPer(Visit::note)
                .rejectPolicy(RejectPolicy.skipUpTo(1))
                .build());

        ExportRun run = job.runNow();

        assertThat(run.rejected()).isEqualTo(1);
        assertThat(sandbox.engine().run(run.number()).rejects())
                .extracting(RejectedRecord::recordKey)
                .containsExactly("2");
        assertThat(lines("North-East/visits-1.csv")).hasSize(3);
    }

    @Test
    void should_refuse_the_same_name_from_a_value_and_a_part() {
        put(1, "1");
        put(2, "11");
        LongStream.rangeClosed(3, 13).forEach(id -> put(id, "1"));
        JobHandle job = add(
                export(f -> f.name("v{partition}{part}.csv").splitAfterRows(1)).build());

        assertThatThrownBy(job::runNow)
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageStartingWith("job 'visits' has 1 problem: two files of run 1 may get the name 'v111.csv': ");
        assertThat(lakeside.arrivals()).isEmpty();
    }

    @Test
    void should_refuse_more_than_a_thousand_values() {
        LongStream.rangeClosed(1, 1_001).forEach(id -> put(id, "n" + id));
        JobHandle job = add(export().build());

        assertThatThrownBy(job::runNow)
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        "export 'visits' has 1 problem: filePer gives more than 1000 files in one run: choose a value"
                                + " that fewer files come of");
        assertThat(lakeside.arrivals()).isEmpty();
        assertThat(Runs.newest(sandbox.engine(), job, 1).get(0).status()).isEqualTo(RunStatus.FAILED);
    }

    @Test
    void should_count_folders_and_files_together() {
        LongStream.rangeClosed(1, 1_001).forEach(id -> put(id, "n" + id % 100));
        JobHandle job = add(export().folderPer(visit -> "f" + visit.id() / 100).build());

        assertThatThrownBy(job::runNow)
                .hasMessage("export 'visits' has 1 problem: folderPer and filePer give more than 1000 files in one run:"
                        + " choose values that fewer files come of");
    }

    @Test
    void should_count_the_files_of_all_kinds_of_changes_together() {
        LongStream.rangeClosed(1, 501).forEach(id -> put(id, "n" + id));
        JobHandle job = add(export().watermark(Watermark.fullSnapshot())
                .changes(ChangeDetection.keyedBy("id").threeFiles())
                .build());
        job.runNow();
        LongStream.rangeClosed(1, 501).forEach(id -> put(id, "m" + id));

        assertThatThrownBy(job::runNow)
                .hasMessage(
                        "export 'visits' has 1 problem: filePer gives more than 1000 files in one run: choose a value"
                                + " that fewer files come of");
    }

    @Test
    void should_count_places_and_parts_together() {
        LongStream.rangeClosed(1, 1_001).forEach(id -> put(id, "n" + id % 10));
        JobHandle job = add(
                export(f -> f.name("{partition}-{part}.csv").splitAfterRows(1)).build());

        assertThatThrownBy(job::runNow)
                .hasMessage("export 'visits' has 1 problem: the rows of one run are split into more than 1000 files:"
                        + " raise splitAfterRows or splitAfterBytes, or choose values that fewer files come of");
    }

    @Test
    void should_reject_a_record_whose_value_gives_no_safe_name() {
        put(1, "spring");
        put(2, "");
        put(3, "..");
        put(4, "fail");
        put(5, "null");
        ExportRun run = add(export().filePer(visit -> {
                            if (visit.note().equals("fail")) {
                                throw new IllegalStateException("quotes " + visit);
                            }
                            return visit.note().equals("null") ? null : visit.note();
                        })
                        .rejectPolicy(RejectPolicy.skipUpTo(9))
                        .build())
                .runNow();

        assertThat(paths(run)).containsExactly("visits-spring-1.csv");
        assertThat(sandbox.engine().run(run.number()).rejects())
                .containsExactly(
                        new RejectedRecord("visits", "2", "filePer", "its file is no safe name: it is empty"),
                        new RejectedRecord(
                                "visits",
                                "3",
                                "filePer",
                                "its file is no safe name: it must not begin with '.' or '-'"),
                        new RejectedRecord(
                                "visits",
                                "4",
                                "filePer",
                                "java.lang.IllegalStateException: correct the record, or the function"),
                        new RejectedRecord("visits", "5", "filePer", "its file is no safe name: it is empty"));
    }

    @Test
    void should_name_the_file_of_a_test_record_by_its_value() {
        put(1, "spring");

        add(export().build()).sendTestRecord("visits", "1");

        assertThat(lines("test-1-visits-spring-1.csv")).containsExactly("id,note", "1,spring");
    }

    @Test
    void should_mark_each_file_of_what_is_exported_again() {
        put(1, "spring");
        put(2, "v1.2");
        ExportRun first = add(export().build()).runNow();

        assertThat(paths(sandbox.engine().run(first.number()).reExport()))
                .containsExactly("visits-spring-1-re2.csv", "visits-v1-re2.2-1.csv");
    }

    @Test
    void should_move_a_changed_row_from_file_to_file() {
        put(1, "spring");
        put(2, "spring");
        JobHandle job = add(snapshots().build());
        job.runNow();
        put(1, "autumn");

        job.runNow();

        assertThat(lines("visits-spring-2.csv")).containsExactly("change,id,note", "D,1,");
        assertThat(lines("visits-autumn-2.csv")).containsExactly("change,id,note", "A,1,autumn");
    }

    private ExportDefinition.Builder<Visit> snapshots() {
        return export().watermark(Watermark.fullSnapshot()).changes(ChangeDetection.keyedBy("id"));
    }

    @Test
    void should_say_that_rows_were_delivered_without_it() {
        put(1, "spring");
        add(Visit.export(source, f -> f.name("visits-{sequence}.csv"))
                        .watermark(Watermark.fullSnapshot())
                        .changes(ChangeDetection.keyedBy("id"))
                        .build())
                .runNow();
        JobHandle job = add(snapshots().build());

        assertThatThrownBy(job::runNow)
                .isInstanceOf(StoreException.class)
                .hasMessage(
                        "rows of export 'visits' were delivered without filePer, and are removed with it: set filePer"
                                + " as it was, or call resetPosition(\"visits\", watermark.beginning(), reason) to"
                                + " deliver all rows as added");
    }
}
