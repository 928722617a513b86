package io.outfeed.internal.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.outfeed.ControlFiles;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.directory.DirectoryDelivery;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.file.FileName;
import io.outfeed.file.FileRole;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import io.outfeed.file.transform.Gzip;
import io.outfeed.run.ExportRun;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checksum files, which receivers give to sha256sum. */
class ChecksumFilesTest {

    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T00:00:00Z"));
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source =
            Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"), Visit.of(2, "b", "2026-02-01T00:00:00Z"));

    @AfterEach
    void close() {
        sandbox.close();
    }

    private ExportDefinition<Visit> folders() {
        return Visit.export(source, f -> f.name("visits-{sequence}.csv"))
                .folderPer(Visit::note)
                .build();
    }

    private ExportJob.Builder job(ExportDefinition<Visit> definition, Consumer<ControlFiles.Builder> files) {
        return ExportJob.builder("lakeside", definition).deliverTo(lakeside).controlFiles(files);
    }

    private List<String> arrivals() {
        return lakeside.arrivals().stream().map(DeliveredFile::path).toList();
    }

    @Test
    void should_have_one_for_each_data_file_in_its_folder() {
        ExportRun run = sandbox.add(
                        job(folders(), c -> c.checksumFile("{file}.sha256")).build())
                .runNow();

        assertThat(arrivals())
                .containsExactly("a/visits-1.csv", "b/visits-1.csv", "a/visits-1.csv.sha256", "b/visits-1.csv.sha256");
        assertThat(lakeside.file("b/visits-1.csv.sha256").text())
                .isEqualTo(run.files().get(1).sha256() + "  visits-1.csv\n");
        assertThat(run.files())
                .extracting(StagedFile::role)
                .containsExactly(FileRole.DATA, FileRole.DATA, FileRole.CHECKSUM, FileRole.CHECKSUM);
        assertThat(run.rows()).isEqualTo(2);
    }

    @Test
    void should_have_one_for_the_run_with_the_manifest_and_before_the_done_file() {
        ExportRun run = sandbox.add(job(
                                folders(),
                                c -> c.manifest("{job}-{sequence}.json")
                                        .checksumFile("{job}-{sequence}.sha256")
                                        .doneFile("{job}-{sequence}.done"))
                        .build())
                .runNow();

        assertThat(arrivals())
                .containsExactly(
                        "a/visits-1.csv", "b/visits-1.csv", "lakeside-1.json", "lakeside-1.sha256", "lakeside-1.done");
        assertThat(lakeside.file("lakeside-1.sha256").lines())
                .containsExactly(
                        run.files().get(0).sha256() + "  a/visits-1.csv",
                        run.files().get(1).sha256() + "  b/visits-1.csv",
                        run.files().get(2).sha256() + "  lakeside-1.json");
    }

    @Test
    void should_be_about_the_archive_instead_of_its_entries() {
        ExportRun run = sandbox.add(job(folders(), c -> c.checksumFile("{file}.sha256"))
                        .archive("{job}-{sequence}.zip")
                        .build())
                .runNow();

        assertThat(arrivals()).containsExactly("lakeside-1.zip", "lakeside-1.zip.sha256");
        assertThat(lakeside.file("lakeside-1.zip.sha256").text())
                .isEqualTo(run.files().get(0).sha256() + "  lakeside-1.zip\n");
    }

    @Test
    void should_have_the_mark_of_what_is_made_again() {
        ExportRun first = sandbox.add(job(folders(), c -> c.checksumFile("{job}-{sequence}.sha256"))
                        .build())
                .runNow();

        ExportRun again = sandbox.engine().run(first.number()).reExport();

        assertThat(arrivals()).endsWith("a/visits-1-re2.csv", "b/visits-1-re2.csv", "lakeside-1-re2.sha256");
        assertThat(lakeside.file("lakeside-1-re2.sha256").lines())
                .first()
                .isEqualTo(again.files().get(0).sha256() + "  a/visits-1-re2.csv");
    }

    @Test
    void should_refuse_names_that_other_files_have() {
        ExportJob.Builder job = ExportJob.builder(
                        "lakeside",
                        Visit.export(source, f -> f.name("visits.csv").ifExists(IfExists.KEEP_BOTH))
                                .build())
                .controlFiles(c -> c.manifest("sums").checksumFile("SUMS").doneFile("visits.csv"));

        assertThatThrownBy(job::build)
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        "job 'lakeside' has 3 problems: ifExists of definition 'visits' is KEEP_BOTH, which may choose"
                                + " another name at a destination than the control files say: use FAIL, WAIT or"
                                + " REPLACE, or leave out controlFiles; doneFile has the name of the file of definition"
                                + " 'visits': give it another; manifest and checksumFile have the same name: give one"
                                + " another");
        assertThatThrownBy(() -> job(folders(), c -> c.checksumFile("{file}")).build())
                .hasMessage(
                        "job 'lakeside' has 1 problem: checksumFile '{file}' is the name of the data file itself: use"
                                + " {file}.sha256");
        assertThatThrownBy(() ->
                        job(folders(), c -> c.checksumFile("{part}.sha256")).build())
                .hasMessage("job 'lakeside' has 1 problem: checksumFile uses {part}, which belongs to one data file:"
                        + " {file} in checksumFile and doneFile has its name");
    }

    /** What sha256sum says, in a directory; its messages are English. */
    private static String sha256sum(Path directory, String file) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("sha256sum", "-c", "--strict", file)
                .directory(directory.toFile())
                .redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        return process.waitFor() + "\n" + said;
    }

    private static void needProgram() {
        boolean there;
        try {
            there = new ProcessBuilder("sha256sum", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException | InterruptedException e) {
            there = false;
        }
        assumeTrue(there, "skipped: sha256sum is not installed");
    }

    private void deliver(Path inbox, ExportDefinition<Visit> definition, String checksumFile) {
        sandbox.add(ExportJob.builder("lakeside", definition)
                        .deliverTo(DirectoryDelivery.to("inbox", inbox))
                        .controlFiles(c -> c.manifest("manifest.json").checksumFile(checksumFile))
                        .build())
                .runNow();
    }

    @Test
    void should_be_what_sha256sum_reads_for_the_run(@TempDir Path inbox) throws Exception {
        needProgram();
        deliver(inbox, folders(), "SHA256SUMS");

        assertThat(sha256sum(inbox, "SHA256SUMS"))
                .isEqualTo("0\na/visits-1.csv: OK\nb/visits-1.csv: OK\nmanifest.json: OK\n");

        Files.writeString(inbox.resolve("b/visits-1.csv"), "other");
        assertThat(sha256sum(inbox, "SHA256SUMS")).startsWith("1\na/visits-1.csv: OK\nb/visits-1.csv: FAILED\n");
    }

    @Test
    void should_be_what_sha256sum_reads_for_one_file(@TempDir Path inbox) throws Exception {
        needProgram();
        deliver(inbox, folders(), "{file}.sha256");

        assertThat(sha256sum(inbox.resolve("a"), "visits-1.csv.sha256")).isEqualTo("0\nvisits-1.csv: OK\n");
    }

    @Test
    void should_be_about_compressed_bytes(@TempDir Path inbox) throws Exception {
        needProgram();
        deliver(
                inbox,
                Visit.export(source, f -> f.name("visits.csv.gz").transforms(Gzip.defaults()))
                        .build(),
                "{file}.sha256");

        assertThat(sha256sum(inbox, "visits.csv.gz.sha256")).isEqualTo("0\nvisits.csv.gz: OK\n");
    }

    @Test
    void should_have_the_characters_of_its_file() {
        InMemoryDelivery office = InMemoryDelivery.create("office");
        ExportDefinition<Visit> definition = Visit.export(source, f -> f.name(FileName.unicode("Besuche Zürich.csv")))
                .build();
        ExportRun run = sandbox.add(ExportJob.builder("office", definition)
                        .deliverTo(office)
                        .controlFiles(c -> c.checksumFile("{file}.sha256"))
                        .build())
                .runNow();

        assertThat(office.file("Besuche Zürich.csv.sha256").text())
                .isEqualTo(run.files().get(0).sha256() + "  Besuche Zürich.csv\n");
    }
}
