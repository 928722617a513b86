package io.outfeed.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.outfeed.ChangeDetection;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.file.FileSpec;
import io.outfeed.file.StagedFile;
import io.outfeed.file.transform.Gzip;
import io.outfeed.format.CsvFormat;
import io.outfeed.format.FileLayout;
import io.outfeed.format.FileTotals;
import io.outfeed.format.RecordCells;
import io.outfeed.format.RecordFormat;
import io.outfeed.format.RecordWriter;
import io.outfeed.run.ExportRun;
import io.outfeed.support.Visit;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More files in a run than are open at a time, with rows that go to one after the other in turn. */
@Tag("slow")
class ManyOpenFilesTest {

    private static final int MOST_OPEN = 200;
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T12:00:00Z"));
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source = Visit.source();
    private final Map<String, StringBuilder> expected = new TreeMap<>();

    @AfterEach
    void close() {
        sandbox.close();
    }

    /** A format that counts how many unfinished files are open whenever it writes. */
    private static final class Counting implements RecordFormat {

        private final RecordFormat format;
        private final int every;
        private int calls;
        private int most;

        private Counting(RecordFormat format, int every) {
            this.format = format;
            this.every = every;
        }

        @Override
        public RecordWriter open(FileLayout layout, OutputStream out) throws IOException {
            RecordWriter writer = format.open(layout, out);
            return new RecordWriter() {
                @Override
                public void write(RecordCells cells) throws IOException {
                    writer.write(cells);
                    count();
                }

                @Override
                public void finish(FileTotals totals) throws IOException {
                    writer.finish(totals);
                }

                @Override
                public long bytes() {
                    return writer.bytes();
                }

                @Override
                public void flush() throws IOException {
                    writer.flush();
                }

                @Override
                public void close() throws IOException {
                    writer.close();
                    count();
                }
            };
        }

        private void count() throws IOException {
            if (calls++ % every == 0) {
                most = Math.max(most, unfinished());
            }
        }
    }

    private static int unfinished() throws IOException {
        int count = 0;
        try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
            for (Path descriptor : descriptors.toList()) {
                count += isUnfinished(descriptor) ? 1 : 0;
            }
        }
        return count;
    }

    private static boolean isUnfinished(Path descriptor) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor)
                    .getFileName()
                    .toString()
                    .matches("\\.visits[a-z-]*-[0-9]+\\.part.*");
        } catch (NoSuchFileException e) {
            return false; // closed since, such as that of the list
        }
    }

    /** Rows without a buffer: each one goes to its file at once. */
    private static final RecordFormat LINES = (layout, out) -> {
        out.write("BEGIN\n".getBytes(StandardCharsets.UTF_8));
        return new RecordWriter() {
            @Override
            public void write(RecordCells cells) throws IOException {
                out.write((cells.text(0) + " " + cells.text(1) + "\n").getBytes(StandardCharsets.UTF_8));
            }

            @Override
            public void finish(FileTotals totals) {
                // there is no trailer
            }

            @Override
            public long bytes() {
                return 0;
            }

            @Override
            public void flush() {
                // nothing is kept
            }

            @Override
            public void close() throws IOException {
                out.write("END\n".getBytes(StandardCharsets.UTF_8));
                out.close();
            }
        };
    };

    private ExportRun run(ExportDefinition<Visit> definition) {
        assumeTrue(Files.isDirectory(DESCRIPTORS), "skipped: the system does not show which files are open");
        return sandbox.add(ExportJob.builder("visits", definition)
                        .deliverTo(lakeside)
                        .build())
                .runNow();
    }

    private ExportDefinition.Builder<Visit> export(Consumer<FileSpec.Builder> file) {
        return Visit.export(source, file).filePer(ManyOpenFilesTest::place);
    }

    private static String place(Visit visit) {
        return visit.note().substring(0, visit.note().indexOf('-'));
    }

    /** Puts rows that go to all places in turn. */
    private void put(int places, int rounds, int length) {
        for (int id = 0; id < places * rounds; id++) {
            String place = "p" + id % places;
            Visit visit = Visit.of(id, place + "-" + id + "-" + "x".repeat(length), "2026-03-01T00:00:00Z");
            source.put(visit);
            expected.computeIfAbsent(place, key -> new StringBuilder())
                    .append(visit.id())
                    .append(',')
                    .append(visit.note())
                    .append("\r\n");
        }
    }

    private void checkHashes(ExportRun run) throws Exception {
        for (StagedFile file : run.files()) {
            byte[] bytes = lakeside.file(file.path()).bytes();
            assertThat(file.bytes()).as(file.path()).isEqualTo(bytes.length);
            assertThat(file.sha256())
                    .as(file.path())
                    .isEqualTo(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
        }
    }

    @Test
    void should_write_a_thousand_files_in_turn() throws Exception {
        put(1_000, 8, 2_500);
        Counting format = new Counting(
                CsvFormat.builder()
                        .byteOrderMark(CsvFormat.ByteOrderMark.PRESENT)
                        .build(),
                50);

        ExportRun run =
                run(export(f -> f.name("{partition}.csv").format(format)).build());

        assertThat(run.files()).hasSize(1_000).allMatch(file -> file.rows() == 8);
        expected.forEach((place, rows) ->
                assertThat(lakeside.file(place + ".csv").text()).isEqualTo("\ufeffid,note\r\n" + rows));
        checkHashes(run);
        assertThat(format.most).isEqualTo(MOST_OPEN);
    }

    @Test
    void should_open_a_file_again_for_each_row_if_need_be() throws Exception {
        put(MOST_OPEN + 1, 4, 0);
        Counting format = new Counting(LINES, 1);

        ExportRun run =
                run(export(f -> f.name("{partition}.txt").format(format)).build());

        assertThat(run.files()).hasSize(MOST_OPEN + 1);
        expected.forEach(
                (place, rows) -> assertThat(lakeside.file(place + ".txt").text())
                        .isEqualTo("BEGIN\n" + rows.toString().replace(',', ' ').replace("\r", "") + "END\n"));
        checkHashes(run);
        assertThat(format.most).isEqualTo(MOST_OPEN);
    }

    @Test
    void should_split_and_compress_them() throws Exception {
        put(300, 3, 5_000);
        Counting format = new Counting(CsvFormat.rfc4180(), 10);

        ExportRun run = run(export(f -> f.name("{partition}-{part}.csv.gz")
                        .format(format)
                        .splitAfterRows(2)
                        .transforms(Gzip.defaults()))
                .build());

        assertThat(run.files()).hasSize(600);
        expected.forEach((place, rows) -> assertThat(text(place + "-1.csv.gz") + text(place + "-2.csv.gz"))
                .isEqualTo("id,note\r\n" + rows.substring(0, end(rows, 2)) + "id,note\r\n"
                        + rows.substring(end(rows, 2))));
        checkHashes(run);
        assertThat(format.most).isEqualTo(MOST_OPEN);
    }

    private static int end(StringBuilder rows, int lines) {
        int at = 0;
        for (int i = 0; i < lines; i++) {
            at = rows.indexOf("\r\n", at) + 2;
        }
        return at;
    }

    private String text(String path) {
        try (GZIPInputStream in =
                new GZIPInputStream(new ByteArrayInputStream(lakeside.file(path).bytes()))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void should_have_no_more_open_for_three_files_each() throws Exception {
        put(150, 3, 0);
        Counting format = new Counting(CsvFormat.rfc4180(), 10);
        ExportDefinition<Visit> definition = export(
                        f -> f.name("{sequence}-{partition}.csv").format(format))
                .watermark(Watermark.fullSnapshot())
                .changes(ChangeDetection.keyedBy("id").threeFiles())
                .build();
        run(definition);
        for (int id = 0; id < 150; id++) {
            source.put(Visit.of(id, "p" + id + "-new", "2026-03-01T00:00:00Z"));
            source.remove((long) id + 150);
            source.put(Visit.of(id + 450, "p" + id + "-more", "2026-03-01T00:00:00Z"));
        }

        ExportRun run = run(definition);

        assertThat(run.files()).hasSize(450).allMatch(file -> file.rows() == 1);
        for (int id = 0; id < 150; id++) {
            assertThat(lakeside.file("2-p" + id + "-changed.csv").lines())
                    .containsExactly("id,note", id + ",p" + id + "-new");
            assertThat(lakeside.file("2-p" + id + "-removed.csv").lines()).containsExactly("id", "" + (id + 150));
            assertThat(lakeside.file("2-p" + id + "-added.csv").lines())
                    .containsExactly("id,note", (id + 450) + ",p" + id + "-more");
        }
        checkHashes(run);
        assertThat(format.most).isEqualTo(MOST_OPEN);
    }

    @Test
    void should_need_little_memory(@TempDir Path home) throws Exception {
        Path log = home.resolve("log");

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx24m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ManyFiles.class.getName(),
                        home.resolve("engine").toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();

        assertThat(process.waitFor()).as(Files.readString(log)).isZero();
        assertThat(Files.readString(log)).contains("1000 files, 300000 rows, ");
    }
}
