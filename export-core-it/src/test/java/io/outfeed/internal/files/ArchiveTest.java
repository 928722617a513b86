package io.outfeed.internal.files;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.outfeed.ChangeDetection;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RejectPolicy;
import io.outfeed.RunGuard;
import io.outfeed.StartFrom;
import io.outfeed.delivery.DeliveredFileWatch;
import io.outfeed.delivery.Protection;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.NoSuchJobException;
import io.outfeed.field.FieldMark;
import io.outfeed.file.FileRole;
import io.outfeed.file.FileSpec;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import io.outfeed.file.WhenEmpty;
import io.outfeed.file.transform.Gzip;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.RunHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.source.Window;
import io.outfeed.store.RunStep;
import io.outfeed.support.ArchiveEntry;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All data files of a run in one archive. */
class ArchiveTest {

    private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

    private final ExportSandbox sandbox = ExportSandbox.startingAt(START);
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source =
            Visit.source().put(Visit.of(1, "b", "2026-02-01T00:00:00Z"), Visit.of(2, "a", "2026-02-01T00:00:00Z"));
    private final ListSource<Visit> others = Visit.source().put(Visit.of(9, "z", "2026-02-01T00:00:00Z"));

    @AfterEach
    void close() {
        sandbox.close();
    }

    private static ExportDefinition.Builder<Visit> export(
            String name, ListSource<Visit> source, Consumer<FileSpec.Builder> file) {
        return ExportDefinition.builder(name, Visit.class)
                .source(source)
                .recordKey(Visit::id)
                .watermark(Watermark.timestamp(Visit::updatedAt, Duration.ZERO))
                .fields(f -> f.field("id", Visit::id).field("note", Visit::note))
                .file(file);
    }

    private ExportDefinition.Builder<Visit> visits() {
        return export("visits", source, f -> f.name("visits-{sequence}.csv"));
    }

    private ExportDefinition.Builder<Visit> others() {
        return export("others", others, f -> f.name("others-{sequence}.csv"));
    }

    private ExportJob.Builder job(ExportDefinition<Visit> definition) {
        return ExportJob.builder("lakeside", definition).deliverTo(lakeside).archive("{job}-{sequence}.zip");
    }

    private ExportJob.Builder job() {
        return job(visits().build());
    }

    /** What is in an archive, by a reader that follows the entries from the beginning. */
    private List<ArchiveEntry> entries(String path) {
        return ArchiveEntry.allOf(lakeside.file(path));
    }

    private static List<String> paths(List<DeliveredFile> files) {
        return files.stream().map(DeliveredFile::path).toList();
    }

    private static List<String> entryPaths(List<ArchiveEntry> entries) {
        return entries.stream().map(ArchiveEntry::path).toList();
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static ExportRun backfillOthers(JobHandle job, ExportRun first) {
        Window window = requireNonNull(first.windows().get("others"));
        return job.backfill("others", window.from(), window.until());
    }

    private RunHandle handle(ExportRun run) {
        return sandbox.engine().run(run.number());
    }

    @Test
    void should_deliver_all_data_files_in_one_in_the_order_of_the_definitions() throws Exception {
        ExportRun run = sandbox.add(job(visits().folderPer(Visit::note).build())
                        .definition(others().build())
                        .build())
                .runNow();

        assertThat(paths(lakeside.arrivals())).containsExactly("lakeside-1.zip");
        DeliveredFile archive = lakeside.file("lakeside-1.zip");
        List<ArchiveEntry> entries = ArchiveEntry.allOf(archive);
        assertThat(entryPaths(entries)).containsExactly("a/visits-1.csv", "b/visits-1.csv", "others-1.csv");
        assertThat(entries.get(0).lines()).containsExactly("id,note", "2,a");
        assertThat(entries.get(1).lines()).containsExactly("id,note", "1,b");
        assertThat(entries.get(2).lines()).containsExactly("id,note", "9,z");
        assertThat(run.files())
                .containsExactly(new StagedFile(
                        FileRole.ARCHIVE,
                        "",
                        "",
                        "lakeside-1.zip",
                        3,
                        archive.bytes().length,
                        sha256(archive.bytes())));
        assertThat(run.rows()).isEqualTo(3);
        assertThat(run.bytes()).isEqualTo(archive.bytes().length);
        assertThat(run.log().get(run.log().size() - 1).rows()).isEqualTo(3);
        assertThat(RunStep.read("job", List.of(RunStep.whole(run).text()), "test")
                        .files())
                .isEqualTo(run.files());
    }

    @Test
    void should_be_read_by_another_reader(@TempDir Path directory) throws Exception {
        assumeTrue(hasPython(), "skipped: python3 is not installed");
        sandbox.add(job(visits().folderPer(Visit::note).build())
                        .definition(others().build())
                        .build())
                .runNow();
        Path archive = Files.write(
                directory.resolve("a.zip"), lakeside.file("lakeside-1.zip").bytes());
        Path output = directory.resolve("output");

        Process python = new ProcessBuilder("python3", "-c", """
                        import sys, zipfile
                        with zipfile.ZipFile(sys.argv[1]) as archive:
                            assert archive.testzip() is None
                            for info in archive.infolist():
                                print(info.filename, info.date_time, info.compress_type == zipfile.ZIP_DEFLATED,
                                    archive.read(info))
                        """, archive.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();

        assertThat(python.waitFor()).as(Files.readString(output)).isZero();
        assertThat(Files.readAllLines(output))
                .containsExactly(
                        "a/visits-1.csv (1980, 1, 1, 0, 0, 0) True b'id,note\\r\\n2,a\\r\\n'",
                        "b/visits-1.csv (1980, 1, 1, 0, 0, 0) True b'id,note\\r\\n1,b\\r\\n'",
                        "others-1.csv (1980, 1, 1, 0, 0, 0) True b'id,note\\r\\n9,z\\r\\n'");
    }

    private static boolean hasPython() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void should_give_the_same_bytes_for_the_same_rows_at_another_time() {
        ExportJob.Builder job = job(export(
                                "visits", source, f -> f.name("visits.csv").ifExists(IfExists.REPLACE))
                        .watermark(Watermark.fullSnapshot())
                        .build())
                .archive("lakeside.zip");
        JobHandle handle = sandbox.add(job.build());
        handle.runNow();
        sandbox.clock().advance(Duration.ofDays(40));

        handle.runNow();

        assertThat(lakeside.arrivals()).hasSize(2);
        assertThat(lakeside.arrivals().get(1).bytes())
                .isEqualTo(lakeside.arrivals().get(0).bytes());
    }

    @Test
    void should_keep_nothing_but_the_archive(@TempDir Path home) throws IOException {
        try (ExportEngine engine = ExportEngine.builder()
                .directory(home)
                .store(new InMemoryStore())
                .scheduler(new ManualScheduler(SettableClock.at(START)))
                .clock(SettableClock.at(START))
                .build()) {
            ExportRun run = engine.add(job(visits().folderPer(Visit::note).build())
                            .definition(others().build())
                            .build())
                    .runNow();

            Path spool = home.resolve("spool").resolve(Long.toString(run.number()));
            try (Stream<Path> files = Files.walk(spool)) {
                assertThat(files.filter(file -> !file.getFileName().toString().startsWith(".")))
                        .containsExactlyInAnyOrder(spool, spool.resolve("lakeside-1.zip"));
            }
        }
    }

    @Test
    void should_be_opened_under_its_own_path() throws IOException {
        ExportRun run = sandbox.add(job().build()).runNow();

        try (InputStream in = handle(run).open("lakeside-1.zip")) {
            assertThat(in.readAllBytes())
                    .isEqualTo(lakeside.file("lakeside-1.zip").bytes());
        }
        assertThatThrownBy(() -> handle(run).open("visits-1.csv"))
                .isInstanceOf(NoSuchJobException.class)
                .hasMessage("run 1 has no file 'visits-1.csv', only [lakeside-1.zip]");
    }

    @Test
    void should_be_listed_in_the_manifest_with_its_entries() throws Exception {
        ExportRun run = sandbox.add(job().definition(others().build())
                        .controlFiles(c -> c.manifest("{job}-{sequence}.json").doneFile("{file}.done"))
                        .build())
                .runNow();

        assertThat(paths(lakeside.arrivals()))
                .containsExactly("lakeside-1.zip", "lakeside-1.json", "lakeside-1.zip.done");
        List<ArchiveEntry> entries = entries("lakeside-1.zip");
        StagedFile archive = run.files().get(0);
        assertThat(lakeside.file("lakeside-1.json").text()).isEqualTo("""
                {
                  "job": "lakeside",
                  "run": 1,
                  "trigger": "MANUAL",
                  "sequence": 1,
                  "windows": [
                    {"definition": "visits", "from": "0001-01-01T00:00:00Z", "until": "2026-03-02T00:00:00Z"},
                    {"definition": "others", "from": "0001-01-01T00:00:00Z", "until": "2026-03-02T00:00:00Z"}
                  ],
                  "files": [
                    {"path": "lakeside-1.zip", "rows": 3, "bytes": %d, "sha256": "%s", "entries": [
                      {"path": "visits-1.csv", "definition": "visits", "rows": 2, "bytes": 19, "sha256": "%s"},
                      {"path": "others-1.csv", "definition": "others", "rows": 1, "bytes": 14, "sha256": "%s"}
                    ]}
                  ]
                }
                """.formatted(
                        archive.bytes(),
                        archive.sha256(),
                        sha256(entries.get(0).bytes()),
                        sha256(entries.get(1).bytes())));
        assertThat(run.files())
                .extracting(StagedFile::role)
                .containsExactly(FileRole.ARCHIVE, FileRole.MANIFEST, FileRole.DONE);
    }

    @Test
    void should_send_the_same_bytes_again() {
        ExportRun run = sandbox.add(job().build()).runNow();
        byte[] first = lakeside.take("lakeside-1.zip").bytes();
        source.put(Visit.of(1, "changed", "2026-02-01T00:00:00Z"));
        sandbox.restart();

        ExportRun again = handle(run).redeliver();

        assertThat(lakeside.file("lakeside-1.zip").bytes()).isEqualTo(first);
        assertThat(again.files()).isEqualTo(run.files());
    }

    @Test
    void should_be_marked_with_its_entries_when_it_is_made_again_or_a_test() {
        JobHandle job = sandbox.add(job().definition(others().build()).build());
        ExportRun first = job.runNow();
        source.put(Visit.of(2, "later", "2026-03-03T00:00:00Z"));

        ExportRun again = handle(first).reExport();
        assertThat(entryPaths(entries("lakeside-1-re2.zip"))).containsExactly("visits-1-re2.csv", "others-1-re2.csv");
        assertThat(again.rows()).isEqualTo(first.rows() - 1);

        backfillOthers(job, first);
        assertThat(paths(lakeside.arrivals())).last().asString().matches("lakeside-1-backfill-3\\.zip");
        assertThat(entryPaths(ArchiveEntry.allOf(lakeside.arrivals().get(2))))
                .containsExactly("others-1-backfill-3.csv");

        job.sendTestRecord("visits", "1");
        assertThat(entryPaths(entries("test-4-lakeside-2.zip"))).containsExactly("test-4-visits-2.csv");
    }

    @Test
    void should_not_be_there_without_a_data_file() {
        ExportRun run = sandbox.add(job(export(
                                        "visits",
                                        Visit.source(),
                                        f -> f.name("visits-{sequence}.csv").whenEmpty(WhenEmpty.NO_FILE))
                                .build())
                        .controlFiles(c -> c.manifest("m.json"))
                        .build())
                .runNow();

        assertThat(run.status()).isEqualTo(RunStatus.EMPTY);
        assertThat(lakeside.arrivals()).isEmpty();
    }

    @Test
    void should_have_a_header_only_where_that_is_wanted() {
        sandbox.add(job(export("visits", Visit.source(), f -> f.name("visits.csv"))
                                .build())
                        .definition(export(
                                        "others",
                                        Visit.source(),
                                        f -> f.name("others.csv").whenEmpty(WhenEmpty.NO_FILE))
                                .build())
                        .build())
                .runNow();

        assertThat(entryPaths(entries("lakeside-1.zip"))).containsExactly("visits.csv");
        assertThat(entries("lakeside-1.zip").get(0).lines()).containsExactly("id,note");
    }

    @Test
    void should_have_each_kind_of_change_and_each_part() {
        ListSource<Visit> many = Visit.source();
        LongStream.rangeClosed(1, 5).forEach(id -> many.put(Visit.of(id, id < 4 ? "a" : "b", "2026-02-01T00:00:00Z")));
        JobHandle job = sandbox.add(job(export(
                                "visits",
                                many,
                                f -> f.name("visits-{partition}-{part}.csv")
                                        .splitAfterRows(2)
                                        .whenEmpty(WhenEmpty.NO_FILE))
                        .watermark(Watermark.fullSnapshot())
                        .filePer(Visit::note)
                        .changes(ChangeDetection.keyedBy("id").threeFiles())
                        .build())
                .build());
        job.runNow();
        many.put(Visit.of(4, "a", "2026-02-01T00:00:00Z"));

        ExportRun second = job.runNow();

        assertThat(entryPaths(entries("lakeside-1.zip")))
                .containsExactly("visits-a-1-added.csv", "visits-a-2-added.csv", "visits-b-1-added.csv");
        assertThat(entryPaths(entries("lakeside-2.zip")))
                .containsExactly("visits-a-1-added.csv", "visits-b-1-removed.csv");
        assertThat(second.rows()).isEqualTo(2);
    }

    @Test
    void should_leave_rejected_records_out_and_say_so() {
        ExportRun run = sandbox.add(job(visits().fields(f -> f.field("id", Visit::id)
                                        .field("note", visit -> {
                                            if (visit.note().equals("a")) {
                                                throw new IllegalStateException();
                                            }
                                            return visit.note();
                                        }))
                                .rejectPolicy(RejectPolicy.skipUpTo(1))
                                .build())
                        .build())
                .runNow();

        assertThat(run.rejected()).isEqualTo(1);
        assertThat(run.rows()).isEqualTo(1);
        assertThat(handle(run).rejects()).hasSize(1);
    }

    @Test
    void should_be_counted_by_guards() {
        ExportRun run =
                sandbox.add(job().holdIf(RunGuard.moreRowsThan(1)).build()).runNow();

        assertThat(run.status()).isEqualTo(RunStatus.HELD);
        assertThat(run.rows()).isEqualTo(2);
    }

    @Test
    void should_keep_the_mark_of_sensitive_fields_in_it() {
        ExportDefinition<Visit> secrets = visits().fields(
                        f -> f.field("id", Visit::id).field("note", Visit::note, FieldMark.SENSITIVE))
                .build();
        JobHandle both = sandbox.add(job(others().build()).definition(secrets).build());
        ExportRun first = both.runNow();
        ExportRun plainOnly = backfillOthers(both, first);
        assertThat(first.sensitive()).isTrue();
        assertThat(plainOnly.sensitive()).as("no sensitive definition is in it").isFalse();
        assertThat(both.sendTestRecord("visits", "1").sensitive()).isTrue();
        InMemoryDelivery office = InMemoryDelivery.withoutRename("office").protection(Protection.PLAIN);
        sandbox.add(job(others().build()).build().toBuilder().deliverTo(office).build());

        assertThatThrownBy(() -> handle(first).redeliver())
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining("have sensitive fields, and delivery 'office' is plain");

        assertThat(office.arrivals()).isEmpty();
        handle(plainOnly).redeliver();
        assertThat(office.arrivals()).hasSize(1);
    }

    @Test
    void should_be_sent_again_with_care_when_a_definition_became_sensitive() {
        ExportRun first = sandbox.add(job().build()).runNow();
        lakeside.takeAll();
        sandbox.add(job(visits().fields(f -> f.field("id", Visit::id).field("note", Visit::note, FieldMark.SENSITIVE))
                        .build())
                .build());

        assertThat(handle(first).redeliver().sensitive()).isTrue();
    }

    @Test
    void should_be_as_careful_as_the_most_careful_definition_where_its_name_is_taken() {
        JobHandle job = sandbox.add(job(export(
                                "visits", source, f -> f.name("visits.csv").ifExists(IfExists.REPLACE))
                        .build())
                .definition(export("others", others, f -> f.name("others.csv").ifExists(IfExists.WAIT))
                        .build())
                .archive("lakeside.zip")
                .build());
        job.runNow();
        sandbox.clock().advance(Duration.ofHours(1));

        assertThat(job.runNow().status()).isEqualTo(RunStatus.WAITING);
    }

    @Test
    void should_keep_an_old_one_where_both_are_kept() {
        JobHandle job = sandbox.add(job(export(
                                "visits", source, f -> f.name("visits.csv").ifExists(IfExists.KEEP_BOTH))
                        .build())
                .archive("lakeside.zip")
                .build());
        job.runNow();
        sandbox.clock().advance(Duration.ofHours(1));

        job.runNow();

        assertThat(paths(lakeside.files())).containsExactlyInAnyOrder("lakeside.zip", "lakeside-r2.zip");
        assertThat(entryPaths(entries("lakeside-r2.zip"))).containsExactly("visits.csv");
    }

    @Test
    void should_be_copied_again_when_it_vanished_and_deleted_when_its_time_is_over() {
        sandbox.add(job().watch(DeliveredFileWatch.everyTenMinutes())
                        .retention(Duration.ofDays(2))
                        .build())
                .runNow();
        byte[] first = lakeside.take("lakeside-1.zip").bytes();

        sandbox.advance(Duration.ofMinutes(10));
        assertThat(lakeside.file("lakeside-1.zip").bytes()).isEqualTo(first);

        sandbox.advance(Duration.ofDays(2));
        assertThat(lakeside.files()).isEmpty();
    }

    @Test
    void should_be_finished_with_its_own_bytes_after_an_interruption() {
        JobHandle job = sandbox.add(job().build());
        lakeside.failNext(Operation.PUBLISH, Failure.REFUSED);
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        source.put(Visit.of(1, "later", "2026-03-02T00:05:00Z"));
        sandbox.restart();

        sandbox.advance(Duration.ofMinutes(10));

        assertThat(entries("lakeside-1.zip").get(0).lines()).containsExactly("id,note", "1,b", "2,a");
    }

    @Test
    void should_refuse_entries_whose_names_differ_by_case_only() {
        JobHandle job = sandbox.add(job(visits().build())
                .definition(export("others", others, f -> f.name("VISITS-{run}.csv"))
                        .build())
                .build());

        assertThatThrownBy(job::runNow)
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("job 'lakeside' has 1 problem: two files of run 1 may get the name 'VISITS-1.csv': put"
                        + " {definition} into the names");
        assertThat(lakeside.arrivals()).isEmpty();
    }

    @Test
    void should_refuse_a_manifest_of_the_same_name() {
        JobHandle job = sandbox.add(
                job().controlFiles(c -> c.manifest("Lakeside-{run}.zip")).build());

        assertThatThrownBy(job::runNow)
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("job 'lakeside' has 1 problem: two files of run 1 may get the name 'Lakeside-1.zip': name"
                        + " the control files otherwise");
    }

    @Test
    void should_take_an_entry_of_its_own_name() {
        sandbox.add(job(export("visits", source, f -> f.name("lakeside-{run}.zip"))
                                .build())
                        .build())
                .runNow();

        assertThat(entryPaths(entries("lakeside-1.zip"))).containsExactly("lakeside-1.zip");
    }

    @Test
    void should_refuse_names_and_options_that_do_not_go_with_it() {
        ExportJob.Builder job = ExportJob.builder(
                        "lakeside",
                        export("visits", source, f -> f.name("all.csv.gz").transforms(Gzip.defaults()))
                                .build())
                .definition(export("others", others, f -> f.name("all.txt")).build())
                .archive("ALL.txt")
                .controlFiles(c -> c.manifest("all.TXT"));

        assertThatThrownBy(job::build)
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("job 'lakeside' has 5 problems: the file of definition 'visits' has transforms [gzip],"
                        + " and the archive compresses its entries: leave out the archive, or set transforms of the"
                        + " job, which are applied to the archive; archive has the name of the"
                        + " file of definition 'others': give it another; manifest has the name of the file of"
                        + " definition 'others': give it another; archive 'ALL.txt' must end with .zip; archive and"
                        + " manifest have the same name: give one another");
        assertThatThrownBy(() -> job(visits().build())
                        .definition(others().build())
                        .archive("{part}-{definition}-{window.from}-{parameter.campus}.zip")
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("job 'lakeside' has 4 problems: archive uses {part}, which belongs to one data file: its"
                        + " entry in the archive has it; archive uses {definition}, and the job has several"
                        + " definitions: use {sequence}, {run} or {fire}; archive uses {window.from}, and the job has"
                        + " several definitions: use {sequence}, {run} or {fire}; parameter 'campus' is missing: the"
                        + " name of archive uses it");
        assertThatThrownBy(() -> job().archive("{file}.zip").build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("archive '{file}.zip': {file} is not known");
    }

    @Test
    void should_say_before_anything_is_read_that_its_name_is_too_long() {
        JobHandle job = sandbox.add(job().parameter("campus", "c".repeat(120))
                .archive("{parameter.campus}.zip")
                .build());

        assertThat(job.check().problems()).isNotEmpty();
        assertThatThrownBy(job::runNow)
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageStartingWith("file name '{parameter.campus}.zip' has 1 problem: with this run's values ");
    }

    @Test
    void should_stay_in_a_changed_copy() {
        ExportJob job = job().build();

        assertThat(job.toBuilder().build().archive()).hasToString("Optional[{job}-{sequence}.zip]");
        assertThat(job.toBuilder("copy", StartFrom.now()).build().archive()).isEqualTo(job.archive());
    }
}
