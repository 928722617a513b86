package io.outfeed.internal.files;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RejectPolicy;
import io.outfeed.directory.DirectoryDelivery;
import io.outfeed.file.FileName;
import io.outfeed.file.FileNames;
import io.outfeed.file.FileSpec;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import io.outfeed.file.transform.Zip;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.RecordTrace;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files whose names have blanks and letters of any script, from the spool to the destination. */
class NamesOfAnyScriptTest {

    private static final String ZURICH = "Besuche Z\u00fcrich 1.csv";
    private static final String TOKYO = "Besuche \u6771\u4eac 1.csv";

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T12:00:00Z"));
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source = Visit.source()
            .put(
                    Visit.of(1, "Z\u00fcrich", "2026-02-01T00:00:00Z"),
                    Visit.of(2, "\u6771\u4eac", "2026-02-01T00:00:00Z"));

    private ExportEngine engine;

    @BeforeEach
    void start() {
        engine = engine(directory, clock);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private static ExportEngine engine(Path directory, SettableClock clock) {
        ExportEngine engine = ExportEngine.builder()
                .directory(directory)
                .scheduler(new ManualScheduler(clock))
                .clock(clock)
                .renameLooks(Duration.ZERO)
                .listenerExecutor(Runnable::run)
                .build();
        engine.start();
        return engine;
    }

    private static ExportDefinition.Builder<Visit> export(
            ListSource<Visit> source, String pattern, Consumer<FileSpec.Builder> file) {
        return Visit.export(source, f -> file.accept(f.name(FileName.unicode(pattern))))
                .filePer(Visit::note);
    }

    private JobHandle add(ExportDefinition<Visit> definition, UnaryOperator<ExportJob.Builder> options) {
        return engine.add(options.apply(ExportJob.builder("visits", definition).deliverTo(lakeside))
                .build());
    }

    private JobHandle add(UnaryOperator<ExportJob.Builder> options) {
        return add(export(source, "Besuche {partition} {sequence}.csv", f -> {}).build(), options);
    }

    private List<String> delivered() {
        return lakeside.files().stream().map(DeliveredFile::path).sorted().toList();
    }

    private List<String> spooled() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(file -> directory.relativize(file).toString()).toList();
        }
    }

    @Test
    void should_deliver_them_and_store_them_under_portable_names() throws Exception {
        ExportRun run = add(job -> job).runNow();

        assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(delivered()).containsExactly(ZURICH, TOKYO);
        assertThat(run.files()).extracting(StagedFile::name).containsExactlyInAnyOrder(ZURICH, TOKYO);
        assertThat(spooled())
                .allMatch(path -> US_ASCII.newEncoder().canEncode(path) && !path.contains(" "))
                .filteredOn(path -> path.matches(".*/\\.u-[0-9a-f]{40}"))
                .hasSize(2);
    }

    @Test
    void should_find_and_redeliver_them_after_a_restart() throws Exception {
        ExportRun run = add(job -> job).runNow();
        engine.close();
        engine = engine(directory, clock);
        JobHandle job = add(options -> options);

        assertThat(job.findRecord("visits", "2").hits())
                .extracting(RecordTrace.Hit::path)
                .containsExactly(TOKYO);
        lakeside.takeAll();
        ExportRun again = engine.run(run.number()).redeliver();

        assertThat(again.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(again.files()).isEqualTo(run.files());
        assertThat(delivered()).containsExactly(ZURICH, TOKYO);
    }

    @Test
    void should_list_them_in_the_manifest_and_have_done_files() {
        add(job -> job.controlFiles(c -> c.manifest(FileName.unicode("\u00dcbersicht {run}.json"))
                        .doneFile("{file}.done")))
                .runNow();

        assertThat(delivered())
                .containsExactlyInAnyOrder(ZURICH, TOKYO, ZURICH + ".done", TOKYO + ".done", "\u00dcbersicht 1.json");
        assertThat(lakeside.file("\u00dcbersicht 1.json").text())
                .contains("\"path\": \"" + ZURICH + "\"", "\"path\": \"" + TOKYO + "\"");
    }

    @Test
    void should_keep_both_files_of_one_name() {
        JobHandle job = add(
                export(source, "Besuche {partition}.csv", f -> f.ifExists(IfExists.KEEP_BOTH))
                        .build(),
                options -> options);
        job.runNow();
        clock.advance(Duration.ofHours(1));
        source.put(Visit.of(3, "Z\u00fcrich", "2026-03-02T12:30:00Z"));

        assertThat(job.runNow().status()).isEqualTo(RunStatus.COMMITTED);

        assertThat(delivered())
                .containsExactly("Besuche Z\u00fcrich-r2.csv", "Besuche Z\u00fcrich.csv", "Besuche \u6771\u4eac.csv");
    }

    @Test
    void should_reject_values_that_become_one_name() {
        source.put(Visit.of(3, "Zu\u0308rich", "2026-02-01T00:00:00Z"));

        ExportRun run = add(
                        export(source, "Besuche {partition} {sequence}.csv", f -> {})
                                .rejectPolicy(RejectPolicy.skipUpTo(1))
                                .build(),
                        job -> job)
                .runNow();

        assertThat(engine.run(run.number()).rejects()).singleElement().satisfies(reject -> {
            assertThat(reject.recordKey()).isEqualTo("3");
            assertThat(reject.reason())
                    .isEqualTo("its file and that of record '1' differ, and both become 'Z\u00fcrich': let filePer give"
                            + " safe names that differ");
        });
        assertThat(delivered()).containsExactly(ZURICH, TOKYO);
    }

    @Test
    void should_be_entries_that_other_readers_find() throws Exception {
        assumeTrue(succeeds("python3", "--version"), "skipped: python3 is not installed");
        add(job -> job.archive(FileName.unicode("Archiv {run}.zip"))).runNow();

        assertThat(entries("Archiv 1.zip")).containsExactly(escaped(ZURICH), escaped(TOKYO));
    }

    @Test
    void should_be_the_entry_of_a_compressed_file() throws Exception {
        assumeTrue(succeeds("python3", "--version"), "skipped: python3 is not installed");
        add(
                        export(source, "Besuche {partition} {sequence}.csv.zip", f -> f.transforms(Zip.defaults()))
                                .build(),
                        job -> job)
                .runNow();

        assertThat(entries(TOKYO + ".zip")).containsExactly(escaped(TOKYO));
    }

    private List<String> entries(String archive) throws Exception {
        Path copy = Files.write(
                directory.resolve("copy.zip"), lakeside.file(archive).bytes());
        Path output = directory.resolve("output");
        Process python = new ProcessBuilder("python3", "-c", """
                        import sys, zipfile
                        with zipfile.ZipFile(sys.argv[1]) as archive:
                            for info in archive.infolist():
                                print(ascii(info.filename)[1:-1])
                        """, copy.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(python.waitFor()).as(Files.readString(output)).isZero();
        return Files.readAllLines(output);
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** As Python writes a text. */
    private static String escaped(String text) {
        return text.chars()
                .mapToObj(c -> c < 0x80 ? "" + (char) c : String.format(c < 0x100 ? "\\x%02x" : "\\u%04x", c))
                .collect(Collectors.joining());
    }

    /** On JDK 17 and later the locale C has no path with such a name. */
    @Test
    void should_be_staged_and_sent_in_a_locale_without_these_letters() throws Exception {
        Path output = directory.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        InLocaleC.class.getName(),
                        directory.resolve("engine").toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("LC_ALL", "C");

        assertThat(builder.start().waitFor()).as(Files.readString(output)).isZero();

        assertThat(Files.readAllLines(output))
                .contains(
                        "directory PORTABLE",
                        "status COMMITTED",
                        "delivered " + escaped(ZURICH),
                        "delivered " + escaped(TOKYO),
                        "found " + escaped(TOKYO),
                        "redelivered COMMITTED");
    }

    /** The process of that test. */
    static final class InLocaleC {

        private InLocaleC() {}

        public static void main(String[] arguments) {
            Path directory = Path.of(arguments[0]);
            InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
            FileNames names = DirectoryDelivery.to("out", directory).fileNames();
            System.out.println("directory " + names);
            ListSource<Visit> source = Visit.source()
                    .put(
                            Visit.of(1, "Z\u00fcrich", "2026-02-01T00:00:00Z"),
                            Visit.of(2, "\u6771\u4eac", "2026-02-01T00:00:00Z"));
            SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T12:00:00Z"));
            ExportJob job = ExportJob.builder(
                            "visits",
                            export(source, "Besuche {partition} {sequence}.csv", f -> {})
                                    .build())
                    .deliverTo(lakeside)
                    .build();
            try (ExportEngine engine = engine(directory, clock)) {
                ExportRun run = engine.add(job).runNow();
                System.out.println("status " + run.status());
            }
            lakeside.files().forEach(file -> System.out.println("delivered " + escaped(file.path())));
            try (ExportEngine engine = engine(directory, clock)) {
                JobHandle handle = engine.add(job);
                handle.findRecord("visits", "2")
                        .hits()
                        .forEach(hit -> System.out.println("found " + escaped(hit.path())));
                lakeside.takeAll();
                System.out.println("redelivered " + engine.run(1).redeliver().status());
            }
        }
    }
}
