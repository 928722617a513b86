package io.outfeed.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ControlFiles;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.delivery.DeliveredFileWatch;
import io.outfeed.directory.DirectoryDelivery;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.file.FileRole;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import io.outfeed.file.WhenEmpty;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.file.DeliveryState;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.store.RunStep;
import io.outfeed.support.HookedDelivery;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manifest and the done files of a run. */
class ControlFilesTest {

    private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

    private final ExportSandbox sandbox = ExportSandbox.startingAt(START);
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source =
            Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"), Visit.of(2, "b", "2026-02-01T00:00:00Z"));

    @AfterEach
    void close() {
        sandbox.close();
    }

    private ExportJob.Builder job() {
        return job(Visit.export(source));
    }

    private ExportJob.Builder job(ExportDefinition<Visit> definition) {
        return ExportJob.builder("lakeside", definition)
                .deliverTo(lakeside)
                .controlFiles(c -> c.manifest("{job}-{sequence}.manifest.json").doneFile("{file}.done"));
    }

    /** The files of a run with the folders a to d. */
    private ExportDefinition<Visit> folders() {
        source.put(Visit.of(3, "c", "2026-02-01T00:00:00Z"), Visit.of(4, "d", "2026-02-01T00:00:00Z"));
        return Visit.export(source, f -> f.name("visits-{sequence}.csv"))
                .folderPer(Visit::note)
                .build();
    }

    private static List<String> paths(List<DeliveredFile> files) {
        return files.stream().map(DeliveredFile::path).toList();
    }

    private List<String> arrivals() {
        return paths(lakeside.arrivals());
    }

    @Test
    void should_deliver_the_manifest_after_the_data_and_the_done_file_last() {
        ExportRun run = sandbox.add(job().build()).runNow();

        assertThat(arrivals()).containsExactly("visits-1.csv", "lakeside-1.manifest.json", "visits-1.csv.done");
        assertThat(lakeside.file("visits-1.csv.done").bytes()).isEmpty();
        StagedFile data = run.files().get(0);
        assertThat(lakeside.file("lakeside-1.manifest.json").text()).isEqualTo("""
                {
                  "job": "lakeside",
                  "run": 1,
                  "trigger": "MANUAL",
                  "sequence": 1,
                  "windows": [
                    {"definition": "visits", "from": "0001-01-01T00:00:00Z", "until": "2026-03-02T00:00:00Z"}
                  ],
                  "files": [
                    {"path": "visits-1.csv", "definition": "visits", "rows": 2, "bytes": 19, "sha256": "%s"}
                  ]
                }
                """.formatted(data.sha256()));
        assertThat(run.rows()).isEqualTo(2);
        assertThat(run.files())
                .extracting(StagedFile::role)
                .containsExactly(FileRole.DATA, FileRole.MANIFEST, FileRole.DONE);
    }

    @Test
    void should_list_all_data_files_of_all_definitions() {
        ListSource<Visit> others = Visit.source().put(Visit.of(9, "z", "2026-02-01T00:00:00Z"));
        sandbox.add(job(folders())
                        .definition(ExportDefinition.builder("others", Visit.class)
                                .source(others)
                                .recordKey(Visit::id)
                                .watermark(Watermark.timestamp(Visit::updatedAt, Duration.ZERO))
                                .fields(f -> f.field("id", Visit::id))
                                .file(f -> f.name("others-{sequence}.csv"))
                                .build())
                        .controlFiles(c -> c.doneFile("{job}-{sequence}.done"))
                        .build())
                .runNow();

        assertThat(arrivals())
                .containsExactly(
                        "a/visits-1.csv",
                        "b/visits-1.csv",
                        "c/visits-1.csv",
                        "d/visits-1.csv",
                        "others-1.csv",
                        "lakeside-1.manifest.json",
                        "lakeside-1.done");
        assertThat(lakeside.file("lakeside-1.manifest.json").text())
                .contains("\"path\": \"d/visits-1.csv\", \"definition\": \"visits\", \"rows\": 1,")
                .contains("\"path\": \"others-1.csv\", \"definition\": \"others\", \"rows\": 1,")
                .contains("{\"definition\": \"others\", \"from\"")
                .doesNotContain("done");
    }

    @Test
    void should_put_done_files_next_to_their_data_files() {
        sandbox.add(job(folders())
                        .controlFiles(
                                ControlFiles.builder().doneFile("{file}.done").build())
                        .build())
                .runNow();

        assertThat(arrivals())
                .endsWith("a/visits-1.csv.done", "b/visits-1.csv.done", "c/visits-1.csv.done", "d/visits-1.csv.done");
    }

    @Test
    void should_deliver_nothing_without_a_data_file() {
        ListSource<Visit> empty = Visit.source();
        ExportRun run = sandbox.add(job(Visit.export(
                                        empty,
                                        f -> f.name("visits-{sequence}.csv").whenEmpty(WhenEmpty.NO_FILE))
                                .build())
                        .build())
                .runNow();

        assertThat(run.status()).isEqualTo(RunStatus.EMPTY);
        assertThat(lakeside.arrivals()).isEmpty();
    }

    @Test
    void should_mark_what_is_made_again_and_what_is_a_test() {
        JobHandle job = sandbox.add(job().build());
        ExportRun first = job.runNow();

        sandbox.engine().run(first.number()).reExport();
        assertThat(arrivals()).endsWith("visits-1-re2.csv", "lakeside-1-re2.manifest.json", "visits-1-re2.csv.done");
        assertThat(lakeside.file("lakeside-1-re2.manifest.json").text())
                .contains("\"trigger\": \"RE_EXPORT\"", "\"path\": \"visits-1-re2.csv\"");

        job.sendTestRecord("visits", "1");
        assertThat(arrivals())
                .endsWith("test-3-visits-2.csv", "test-3-lakeside-2.manifest.json", "test-3-visits-2.csv.done");
    }

    @Test
    void should_send_the_same_bytes_again_in_the_same_order() {
        JobHandle job = sandbox.add(job().build());
        ExportRun first = job.runNow();
        List<DeliveredFile> taken = lakeside.takeAll();

        sandbox.engine().run(first.number()).redeliver();

        assertThat(paths(lakeside.files())).isEqualTo(paths(taken));
        assertThat(lakeside.file("lakeside-1.manifest.json").text())
                .isEqualTo(taken.get(1).text());
    }

    @Test
    void should_publish_nothing_behind_a_file_that_fails() {
        InMemoryDelivery hilltop = InMemoryDelivery.create("hilltop");
        JobHandle job = sandbox.add(job(folders()).deliverTo(hilltop).build());
        lakeside.failNext(Operation.PUBLISH, Failure.REFUSED_FOR_GOOD);

        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);

        assertThat(lakeside.arrivals()).isEmpty();
        assertThat(hilltop.arrivals()).hasSize(9);

        sandbox.clock().advance(Duration.ofMinutes(1));
        lakeside.failNext(Operation.PUBLISH, Failure.REFUSED_FOR_GOOD);
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        assertThat(lakeside.arrivals()).as("an interrupted run, finished").isEmpty();
    }

    @Test
    void should_upload_again_what_vanished_before_it_was_tried(@TempDir Path inbox) throws IOException {
        HookedDelivery hooked =
                new HookedDelivery(DirectoryDelivery.to("inbox", inbox), HookedDelivery.Point.BEFORE_PUBLISH, () -> {
                    throw DeliveryException.permanent("inbox", "renames are refused", null);
                });
        JobHandle job = sandbox.add(ExportJob.builder("lakeside", folders())
                .deliverTo(hooked)
                .controlFiles(c -> c.manifest("{job}-{sequence}.manifest.json"))
                .build());
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        assertThat(visible(inbox)).isEmpty();
        for (Path file : files(inbox)) {
            if (file.getFileName().toString().endsWith(".part")) {
                Files.delete(file);
            }
        }
        sandbox.clock().advance(Duration.ofHours(1));

        job.runNow();

        assertThat(visible(inbox))
                .contains(
                        "a/visits-1.csv",
                        "b/visits-1.csv",
                        "c/visits-1.csv",
                        "d/visits-1.csv",
                        "lakeside-1.manifest.json");
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static List<String> visible(Path directory) throws IOException {
        return files(directory).stream()
                .filter(file -> !file.getFileName().toString().startsWith("."))
                .map(file -> directory.relativize(file).toString())
                .toList();
    }

    @Test
    void should_copy_nothing_behind_a_file_that_fails() {
        InMemoryDelivery archive = InMemoryDelivery.create("archive");
        JobHandle job = sandbox.add(job().copyTo(archive).build());
        archive.failNext(Operation.PUBLISH, Failure.REFUSED_FOR_GOOD);

        ExportRun run = job.runNow();

        assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(archive.arrivals()).isEmpty();
        assertThat(run.deliveries())
                .filteredOn(step -> step.delivery().equals("archive"))
                .extracting(FileDelivery::state)
                .containsOnly(DeliveryState.PENDING);
    }

    private JobHandle watched() {
        JobHandle job = sandbox.add(job(folders())
                .watch(DeliveredFileWatch.everyTenMinutes().recopies(2))
                .build());
        job.runNow();
        assertThat(lakeside.arrivals()).hasSize(9);
        return job;
    }

    @Test
    void should_copy_a_vanished_manifest_again_after_a_vanished_data_file() {
        watched();
        lakeside.take("lakeside-1.manifest.json");
        lakeside.take("c/visits-1.csv");

        sandbox.advance(Duration.ofMinutes(10));

        assertThat(arrivals().subList(9, arrivals().size()))
                .containsExactly("c/visits-1.csv", "lakeside-1.manifest.json");
    }

    @Test
    void should_not_copy_a_manifest_again_while_a_data_file_is_missing() {
        watched();
        lakeside.take("lakeside-1.manifest.json");
        lakeside.take("c/visits-1.csv");
        lakeside.failNext(Operation.PUBLISH, Failure.REFUSED);

        sandbox.advance(Duration.ofMinutes(10));
        assertThat(lakeside.arrivals()).hasSize(9);

        sandbox.advance(Duration.ofMinutes(10));
        assertThat(arrivals().subList(9, arrivals().size()))
                .containsExactly("c/visits-1.csv", "lakeside-1.manifest.json");
    }

    @Test
    void should_not_copy_a_done_file_again_for_a_data_file_that_was_replaced() {
        watched();
        lakeside.put("c/visits-1.csv", "other");
        lakeside.take("a/visits-1.csv.done");

        sandbox.advance(Duration.ofMinutes(10));

        assertThat(lakeside.arrivals()).hasSize(9);
    }

    @Test
    void should_replace_manifest_and_done_file_with_data_that_are_replaced() {
        JobHandle job =
                sandbox.add(job(Visit.export(source, f -> f.name("visits.csv").ifExists(IfExists.REPLACE))
                                .build())
                        .controlFiles(c -> c.manifest("visits.json"))
                        .build());
        job.runNow();
        sandbox.clock().advance(Duration.ofHours(1));

        job.runNow();

        assertThat(paths(lakeside.files())).containsExactlyInAnyOrder("visits.csv", "visits.json", "visits.csv.done");
        assertThat(lakeside.file("visits.json").text()).contains("\"run\": 2,");
    }

    @Test
    void should_refuse_what_can_not_be_kept() {
        ExportJob.Builder job = ExportJob.builder(
                        "lakeside",
                        Visit.export(source, f -> f.name("visits.csv").ifExists(IfExists.KEEP_BOTH))
                                .build())
                .controlFiles(c -> c.manifest("VISITS.csv").doneFile("{file}"));

        assertThatThrownBy(job::build)
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        "job 'lakeside' has 3 problems: ifExists of definition 'visits' is KEEP_BOTH, which may choose"
                                + " another name at a destination than the control files say: use FAIL, WAIT or"
                                + " REPLACE, or leave out controlFiles; manifest has the name of the"
                                + " file of definition 'visits': give it another; doneFile '{file}' is the name of"
                                + " the data file itself: use {file}.done");
    }

    @Test
    void should_refuse_names_that_say_nothing() {
        ExportJob.Builder job = job(folders())
                .definition(Visit.export(source, f -> f.name("others.csv")).build())
                .controlFiles(c -> c.manifest("{file}.json").doneFile("{window.until}-{parameter.campus}.done"));

        assertThatThrownBy(job::build)
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("manifest '{file}.json': {file} is not known")
                .hasMessageContaining(
                        "doneFile uses {window.until}, and the job has several definitions: use {sequence},"
                                + " {run} or {fire}")
                .hasMessageContaining("parameter 'campus' is missing: the name of doneFile uses it");
    }

    @Test
    void should_refuse_a_run_with_a_name_twice() {
        JobHandle job = sandbox.add(
                job().controlFiles(c -> c.manifest("Visits-{run}.csv")).build());

        assertThatThrownBy(job::runNow)
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("job 'lakeside' has 1 problem: two files of run 1 may get the name 'Visits-1.csv': name the"
                        + " control files otherwise");
        assertThat(lakeside.arrivals()).isEmpty();
    }

    @Test
    void should_keep_manifest_and_done_files_in_a_changed_copy() {
        ExportJob copy = job().build().toBuilder().build();

        assertThat(copy.controlFiles().manifest()).hasToString("Optional[{job}-{sequence}.manifest.json]");
        assertThat(copy.controlFiles().doneFile()).contains("{file}.done");
        assertThat(copy.toBuilder()
                        .controlFiles(ControlFiles.none())
                        .build()
                        .controlFiles()
                        .manifest())
                .isEmpty();
    }

    @Test
    void should_remember_what_a_file_is_for() {
        ExportRun run = sandbox.add(job().build()).runNow();

        assertThat(RunStep.read("job", List.of(RunStep.whole(run).text()), "test")
                        .files())
                .isEqualTo(run.files());
    }
}
