package io.outfeed.internal.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Protection;
import io.outfeed.error.FailureCode;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.TransformException;
import io.outfeed.field.FieldMark;
import io.outfeed.file.PlainBytes;
import io.outfeed.file.PlainCopies;
import io.outfeed.file.StagedFile;
import io.outfeed.file.transform.FileTransform;
import io.outfeed.file.transform.Gzip;
import io.outfeed.file.transform.Zip;
import io.outfeed.format.FileLayout;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.RecordTrace;
import io.outfeed.operation.RecordTrace.Reason;
import io.outfeed.operation.RecordTrace.UnreadFile;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.support.Seal;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Transforms of a definition's file and of a job: names, bytes, hashes, protection, and reading back. */
class TransformedFilesTest {

    private static final String ROWS = "id,note\r\n1,alpha\r\n2,beta\r\n";

    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T12:00:00Z"));
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source = Visit.source();

    TransformedFilesTest() {
        source.put(Visit.of(1, "alpha", "2026-03-01T00:00:00Z"));
        source.put(Visit.of(2, "beta", "2026-03-01T00:00:00Z"));
    }

    @AfterEach
    void close() {
        sandbox.close();
    }

    private static String gunzip(byte[] bytes) throws IOException {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private ExportDefinition.Builder<Visit> visits() {
        return Visit.export(source, f -> f.name("visits-{sequence}.csv"));
    }

    private JobHandle add(UnaryOperator<ExportJob.Builder> options) {
        return add(visits().build(), options);
    }

    private JobHandle add(ExportDefinition<Visit> definition, UnaryOperator<ExportJob.Builder> options) {
        return sandbox.add(options.apply(ExportJob.builder("visits", definition).deliverTo(lakeside))
                .build());
    }

    private List<String> names() {
        return lakeside.files().stream().map(DeliveredFile::path).toList();
    }

    private byte[] bytes(String path) {
        return lakeside.file(path).bytes();
    }

    private String openPlain(ExportRun run, String path) throws IOException {
        try (InputStream in = sandbox.engine().run(run.number()).openPlain(path)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    }

    // ---- names and bytes

    @Test
    void should_apply_those_of_the_file_and_then_those_of_the_job() throws Exception {
        ExportRun run = add(
                        Visit.export(
                                        source,
                                        f -> f.name("visits-{sequence}.csv.gz").transforms(Gzip.defaults()))
                                .build(),
                        job -> job.transforms(Zip.defaults()))
                .runNow();

        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes("visits-1.csv.gz.zip")))) {
            assertThat(zip.getNextEntry()).hasFieldOrPropertyWithValue("name", "visits-1.csv.gz");
            assertThat(gunzip(zip.readAllBytes())).isEqualTo(ROWS);
        }
        assertThat(run.files())
                .extracting(StagedFile::name, StagedFile::plain)
                .containsExactly(tuple(
                        "visits-1.csv.gz.zip", Optional.of(new PlainBytes(ROWS.length(), sha256(ROWS), false, false))));
        assertThat(openPlain(run, "visits-1.csv.gz.zip")).isEqualTo(ROWS);
    }

    @Test
    void should_apply_those_of_the_job_to_its_archive() throws IOException {
        ExportRun run = add(job -> job.archive("all-{sequence}.zip")
                        .transforms(Gzip.level(9))
                        .controlFiles(c -> c.manifest("all-{sequence}.json").doneFile("{file}.done")))
                .runNow();

        assertThat(names()).containsExactly("all-1.zip.gz", "all-1.json", "all-1.zip.gz.done");
        try (ZipInputStream zip =
                new ZipInputStream(new GZIPInputStream(new ByteArrayInputStream(bytes("all-1.zip.gz"))))) {
            assertThat(zip.getNextEntry()).hasFieldOrPropertyWithValue("name", "visits-1.csv");
            assertThat(new String(zip.readAllBytes(), UTF_8)).isEqualTo(ROWS);
        }
        assertThat(lakeside.file("all-1.json").text()).contains("\"plainBytes\": ", "\"path\": \"all-1.zip.gz\"");
        try (ZipInputStream zip =
                new ZipInputStream(sandbox.engine().run(run.number()).openPlain("all-1.zip.gz"))) {
            assertThat(zip.getNextEntry()).hasFieldOrPropertyWithValue("name", "visits-1.csv");
        }
    }

    @Test
    void should_transform_the_file_of_each_partition_and_leave_nothing_else() throws IOException {
        ExportDefinition<Visit> definition = Visit.export(source, f -> f.name("{partition}-{sequence}.csv"))
                .filePer(Visit::note)
                .build();

        ExportRun run = add(definition, job -> job.transforms(Gzip.defaults())).runNow();

        assertThat(names()).containsExactly("alpha-1.csv.gz", "beta-1.csv.gz");
        assertThat(gunzip(bytes("beta-1.csv.gz"))).isEqualTo("id,note\r\n2,beta\r\n");
        assertThat(openPlain(run, "alpha-1.csv.gz")).isEqualTo("id,note\r\n1,alpha\r\n");
    }

    @Test
    void should_count_the_parts_of_a_file_before_transforms() throws IOException {
        ExportDefinition<Visit> definition = Visit.export(
                        source, f -> f.name("visits-{part}.csv").splitAfterBytes(20))
                .build();

        add(definition, job -> job.transforms(Gzip.defaults())).runNow();

        assertThat(names()).containsExactly("visits-1.csv.gz", "visits-2.csv.gz");
        assertThat(gunzip(bytes("visits-2.csv.gz"))).isEqualTo("id,note\r\n2,beta\r\n");
    }

    @Test
    void should_transform_a_test_record() throws IOException {
        add(job -> job.transforms(Gzip.defaults())).sendTestRecord("visits", "2");

        assertThat(gunzip(bytes("test-1-visits-1.csv.gz"))).isEqualTo("id,note\r\n2,beta\r\n");
    }

    @Test
    void should_send_the_kept_bytes_again() {
        JobHandle job = add(builder -> builder.transforms(new Seal()));
        ExportRun run = job.runNow();
        byte[] first = bytes("visits-1.csv.sealed");
        lakeside.takeAll();

        ExportRun again = sandbox.engine().run(run.number()).redeliver();

        assertThat(again.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(bytes("visits-1.csv.sealed")).isEqualTo(first);
        assertThat(again.files()).isEqualTo(run.files());
    }

    // ---- protection

    private ExportDefinition<Visit> sensitive() {
        return visits().fields(f -> f.field("id", Visit::id).field("note", Visit::note, FieldMark.SENSITIVE))
                .build();
    }

    @Test
    void should_let_encrypted_files_leave_by_a_plain_delivery() {
        lakeside.protection(Protection.PLAIN);

        ExportRun run = add(
                        sensitive(),
                        job -> job.transforms(Gzip.defaults(), new Seal())
                                .controlFiles(c -> c.manifest("visits-{sequence}.json")))
                .runNow();

        assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(run.sensitive()).isFalse();
        assertThat(run.files().get(0).encrypted()).isTrue();
        assertThat(lakeside.file("visits-1.json").text())
                .contains("\"sha256\": \"" + run.files().get(0).sha256())
                .doesNotContain("plain");
    }

    @Test
    void should_tell_no_hash_and_no_sum_of_what_is_encrypted() {
        ExportDefinition<Visit> definition = visits().file(
                        f -> f.name("visits-{sequence}.csv").sums("id"))
                .fields(f -> f.field("id", Visit::id, FieldMark.SENSITIVE).field("note", Visit::note))
                .build();

        add(
                        definition,
                        job -> job.archive("all-{sequence}.zip")
                                .transforms(new Seal())
                                .controlFiles(c -> c.manifest("all-{sequence}.json")))
                .runNow();

        String manifest = lakeside.file("all-1.json").text();
        assertThat(manifest).contains("\"rows\": 2").doesNotContain("sums");
        assertThat(manifest.split("sha256", -1))
                .as("only that of the sealed archive")
                .hasSize(2);
    }

    @Test
    void should_not_send_plain_bytes_of_an_earlier_run_by_a_plain_delivery() {
        ExportRun run = add(sensitive(), job -> job).runNow();
        lakeside.protection(Protection.PLAIN);
        add(sensitive(), job -> job.transforms(new Seal()));

        assertThatThrownBy(() -> sandbox.engine().run(run.number()).redeliver())
                .hasMessageContaining("the files of run 2 have sensitive fields, and delivery 'lakeside' is plain");
    }

    @Test
    void should_not_take_compression_for_protection() {
        lakeside.protection(Protection.PLAIN);

        assertThatThrownBy(() -> add(sensitive(), job -> job.transforms(Zip.defaults())))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("delivery 'lakeside' is plain: encrypt the files");
    }

    // ---- reading

    @Test
    void should_say_that_an_encrypted_file_can_not_be_read() {
        JobHandle job = add(builder -> builder.transforms(new Seal()));
        ExportRun run = job.runNow();

        assertThatThrownBy(() -> openPlain(run, "visits-1.csv.sealed"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("visits-1.csv.sealed is encrypted, and the run has kept no plain copy: only its receivers"
                        + " can read it; for later runs set plainCopies(PlainCopies.KEEP) on the job (job=visits,"
                        + " run=1)");
        RecordTrace trace = job.findRecord("visits", "2");
        assertThat(trace.hits()).isEmpty();
        assertThat(trace.unread())
                .containsExactly(new UnreadFile(1, "visits-1.csv.sealed", Optional.empty(), Reason.ENCRYPTED));
    }

    @Test
    void should_read_and_search_the_plain_copy_that_is_kept() throws IOException {
        JobHandle job = add(builder -> builder.transforms(new Seal()).plainCopies(PlainCopies.KEEP));
        ExportRun run = job.runNow();
        lakeside.takeAll();
        ExportRun again = sandbox.engine().run(run.number()).redeliver();

        assertThat(names()).containsExactly("visits-1.csv.sealed");
        assertThat(Seal.open(bytes("visits-1.csv.sealed"))).isEqualTo(ROWS);
        assertThat(openPlain(run, "visits-1.csv.sealed")).isEqualTo(ROWS);
        assertThat(openPlain(again, "visits-1.csv.sealed")).isEqualTo(ROWS);
        RecordTrace trace = job.findRecord("visits", "2");
        assertThat(trace.unread()).isEmpty();
        assertThat(trace.hits())
                .extracting(RecordTrace.Hit::run, RecordTrace.Hit::row)
                .contains(tuple(1L, 2L));
    }

    @Test
    void should_keep_a_plain_copy_of_each_partition_and_of_an_archive() throws IOException {
        ExportDefinition<Visit> definition = Visit.export(source, f -> f.name("{partition}-{sequence}.csv"))
                .filePer(Visit::note)
                .build();
        ExportRun parts = add(definition, job -> job.transforms(new Seal()).plainCopies(PlainCopies.KEEP))
                .runNow();
        ExportRun archive = sandbox.add(ExportJob.builder("archive", visits().build())
                        .deliverTo(lakeside)
                        .archive("all-{sequence}.zip")
                        .transforms(new Seal())
                        .plainCopies(PlainCopies.KEEP)
                        .build())
                .runNow();

        assertThat(openPlain(parts, "beta-1.csv.sealed")).isEqualTo("id,note\r\n2,beta\r\n");
        assertThat(openPlain(archive, "all-1.zip.sealed")).startsWith("PK");
    }

    @Test
    void should_find_records_through_the_transforms_of_the_job() {
        JobHandle job = add(builder -> builder.transforms(Gzip.defaults()));
        job.runNow();

        assertThat(job.findRecord("visits", "2").hits())
                .extracting(RecordTrace.Hit::path, RecordTrace.Hit::row)
                .containsExactly(tuple("visits-1.csv.gz", 2L));
    }

    @Test
    void should_say_that_other_transforms_can_not_read_a_file_back() {
        ExportRun run = add(job -> job.transforms(Gzip.defaults())).runNow();
        add(job -> job.transforms(Zip.defaults()));

        assertThatThrownBy(() -> openPlain(run, "visits-1.csv.gz"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "visits-1.csv.gz can't be read back by the transforms that the job has now: open() gives its"
                                + " bytes as they were delivered (job=visits, run=1)");
    }

    // ---- failures

    /** A transform with a mistake, or one that lacks a key. */
    private record Broken(RuntimeException failure) implements FileTransform {

        @Override
        public String ending() {
            return ".broken";
        }

        @Override
        public OutputStream write(Content content, OutputStream out) {
            return new OutputStream() {
                @Override
                public void write(int b) {
                    throw failure;
                }
            };
        }

        @Override
        public List<String> problems(FileLayout layout) {
            return layout.headers().contains("secret") ? List.of("it knows no secrets") : List.of();
        }

        @Override
        public String toString() {
            return "broken";
        }
    }

    @Test
    void should_say_that_a_transform_has_failed_and_not_what_it_says() {
        JobHandle job =
                add(builder -> builder.transforms(new Broken(new UncheckedIOException(new IOException("beta")))));

        assertThatThrownBy(job::runNow)
                .isInstanceOf(TransformException.class)
                .hasMessage("a transform of [broken] has failed (java.io.UncheckedIOException): nothing was published;"
                        + " correct the transform, and the next run covers the window (job=visits, run=1)")
                .hasStackTraceContaining("java.io.UncheckedIOException")
                .satisfies(e -> assertThat(((TransformException) e).code()).isEqualTo(FailureCode.UNEXPECTED))
                .satisfies(e -> assertThat(e.getCause()).hasMessageNotContaining("beta"));
        assertThat(names()).isEmpty();
    }

    @Test
    void should_pass_on_what_a_transform_needs() {
        JobHandle job = add(builder -> builder.transforms(
                new Broken(TransformException.of(FailureCode.SECRET_UNAVAILABLE, "there is no key", null))));

        assertThatThrownBy(job::runNow)
                .isInstanceOf(TransformException.class)
                .hasMessageStartingWith("there is no key (job=visits, run=1)");
    }

    @Test
    void should_refuse_transforms_that_do_not_fit() {
        ExportDefinition<Visit> definition = Visit.export(
                        source, f -> f.name("visits.csv.gz").transforms(Gzip.defaults()))
                .fields(f -> f.field("secret", Visit::note))
                .build();

        assertThatThrownBy(() -> ExportJob.builder("visits", definition)
                        .transforms(Gzip.defaults(), new Broken(new IllegalStateException()))
                        .controlFiles(c -> c.manifest("visits.csv.gz.gz.broken"))
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("job 'visits' has 3 problems: manifest has the name of the file of definition 'visits':"
                        + " give it another; transforms, with those of the file of definition"
                        + " 'visits', has gzip twice; transforms has broken, which does not fit definition 'visits': it"
                        + " knows no secrets");
        assertThatThrownBy(() -> Visit.export(
                                source, f -> f.name("a.csv.broken").transforms(new Broken(new IllegalStateException())))
                        .fields(f -> f.field("secret", Visit::note))
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("file.transforms has broken: it knows no secrets");
    }
}
