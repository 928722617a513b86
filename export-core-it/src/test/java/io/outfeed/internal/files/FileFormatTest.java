package io.outfeed.internal.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.MappingException;
import io.outfeed.file.FileRole;
import io.outfeed.file.FileSpec;
import io.outfeed.file.PlainBytes;
import io.outfeed.file.StagedFile;
import io.outfeed.file.transform.FileTransform;
import io.outfeed.file.transform.Gzip;
import io.outfeed.file.transform.Zip;
import io.outfeed.format.CsvFormat;
import io.outfeed.format.JsonFormat;
import io.outfeed.run.ExportRun;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a run makes of its rows: formats and compression. */
class FileFormatTest {

    private static final String ROWS = "id,note,done,amount\r\n1,=a,true,-1.50\r\n2,日本,false,\r\n";

    private record Gift(
            int id, String note, boolean done, @Nullable BigDecimal amount) {}

    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");

    private static ExportDefinition.Builder<Gift> gifts(Consumer<FileSpec.Builder> file) {
        return ExportDefinition.builder("gifts", Gift.class)
                .source(ListSource.create(Gift::id, gift -> Instant.EPOCH)
                        .put(new Gift(1, "=a", true, new BigDecimal("-1.50")), new Gift(2, "日本", false, null)))
                .recordKey(Gift::id)
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.field("id", Gift::id)
                        .field("note", Gift::note)
                        .field("done", Gift::done)
                        .field("amount", Gift::amount))
                .file(file);
    }

    private StagedFile run(Consumer<FileSpec.Builder> file) {
        return run(gifts(file).build(), lakeside).files().get(0);
    }

    private static ExportRun run(ExportDefinition<Gift> definition, InMemoryDelivery delivery) {
        try (ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T00:00:00Z"))) {
            return sandbox.add(ExportJob.builder("gifts", definition)
                            .deliverTo(delivery)
                            .build())
                    .runNow();
        }
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Test
    void should_deliver_json_lines() {
        StagedFile file = run(f -> f.name("gifts.jsonl").format(JsonFormat.lines()));

        assertThat(lakeside.file("gifts.jsonl").text()).isEqualTo("""
                {"id":1,"note":"=a","done":true,"amount":-1.50}
                {"id":2,"note":"日本","done":false,"amount":null}
                """);
        assertThat(file.rows()).isEqualTo(2);
    }

    @Test
    void should_guard_texts_and_leave_numbers_alone() {
        run(f -> f.name("gifts.csv")
                .format(CsvFormat.builder()
                        .formulaGuard(CsvFormat.FormulaGuard.APOSTROPHE)
                        .quoting(CsvFormat.Quoting.TEXT_ONLY)
                        .nullText("")
                        .build()));

        assertThat(lakeside.file("gifts.csv").lines())
                .containsExactly(
                        "\"id\",\"note\",\"done\",\"amount\"", "1,\"'=a\",\"true\",-1.50", "2,\"日本\",\"false\",");
    }

    @Test
    void should_name_field_and_record_of_a_character_that_the_charset_can_not_carry() {
        ExportDefinition<Gift> definition = gifts(f -> f.name("gifts.csv")
                        .format(CsvFormat.builder()
                                .charset(StandardCharsets.ISO_8859_1)
                                .build()))
                .build();

        assertThatThrownBy(() -> run(definition, lakeside))
                .isInstanceOf(MappingException.class)
                .hasMessage(
                        "can't write field 'note' of record '2': its text has a character that ISO-8859-1 can't carry:"
                                + " choose UTF-8, or a replacement with CsvFormat.Builder.replacement (job=gifts,"
                                + " run=1)");
        assertThat(lakeside.arrivals()).isEmpty();
    }

    @Test
    void should_check_the_format_against_the_headers() {
        assertThatThrownBy(() -> gifts(f -> f.name("gifts.csv")
                                .format(CsvFormat.builder()
                                        .nullText("")
                                        .charset(StandardCharsets.US_ASCII)
                                        .build()))
                        .fields(f -> f.field("prénom", Gift::note))
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        "export 'gifts' has 2 problems: file.format: a null in the only column would be a blank line,"
                                + " which readers skip: choose a nullText such as \\N; file.format: charset US-ASCII"
                                + " can't carry the header 'prénom'");
    }

    @Test
    void should_deliver_a_file_that_gzip_reads() throws Exception {
        StagedFile file = run(f -> f.name("gifts.csv.gz").transforms(Gzip.defaults()));

        byte[] bytes = lakeside.file("gifts.csv.gz").bytes();
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo(ROWS);
        }
        byte[] rows = ROWS.getBytes(UTF_8);
        assertThat(file)
                .isEqualTo(new StagedFile(
                        FileRole.DATA,
                        "gifts",
                        "",
                        "gifts.csv.gz",
                        2,
                        bytes.length,
                        sha256(bytes),
                        Map.of(),
                        Optional.of(new PlainBytes(rows.length, sha256(rows), false, false))));
    }

    @Test
    void should_deliver_an_archive_of_one_entry() throws Exception {
        StagedFile file = run(f -> f.name("gifts-{sequence}.csv.zip").transforms(Zip.defaults()));

        byte[] bytes = lakeside.file("gifts-1.csv.zip").bytes();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            ZipEntry entry = in.getNextEntry();
            assertThat(entry)
                    .isNotNull()
                    .extracting(ZipEntry::getName, ZipEntry::getTimeLocal)
                    .containsExactly("gifts-1.csv", LocalDateTime.of(1980, 1, 1, 0, 0));
            assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo(ROWS);
            assertThat(in.getNextEntry()).isNull();
        }
        assertThat(file.rows()).isEqualTo(2);
        assertThat(file.sha256()).isEqualTo(sha256(bytes));
    }

    @Test
    void should_make_the_same_bytes_of_the_same_rows() throws IOException {
        List<FileTransform> transforms = List.of(Gzip.defaults(), Gzip.level(9), Zip.defaults(), Zip.level(1));
        for (FileTransform transform : transforms) {
            String name = "gifts.csv" + transform.ending();
            ExportDefinition<Gift> definition =
                    gifts(f -> f.name(name).transforms(transform)).build();
            InMemoryDelivery again = InMemoryDelivery.create("again");
            InMemoryDelivery first = InMemoryDelivery.create("first");

            run(definition, first);
            run(definition, again);

            assertThat(again.file(name).bytes()).isEqualTo(first.file(name).bytes());
        }
    }

    @Test
    void should_compress_the_file_of_each_folder() throws IOException {
        ExportRun run = run(
                gifts(f -> f.name("gifts.csv.gz").transforms(Gzip.defaults()))
                        .folderPer(gift -> "done-" + gift.done())
                        .build(),
                lakeside);

        assertThat(run.files())
                .extracting(StagedFile::path)
                .containsExactly("done-false/gifts.csv.gz", "done-true/gifts.csv.gz");
        byte[] bytes = lakeside.file("done-true/gifts.csv.gz").bytes();
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo("id,note,done,amount\r\n1,=a,true,-1.50\r\n");
        }
    }

    @Test
    void should_refuse_a_name_without_the_ending() {
        assertThatThrownBy(() -> gifts(f -> f.name("gifts.csv").transforms(Gzip.defaults()))
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("export 'gifts' has 1 problem: file.name 'gifts.csv' must end with .gz, since its"
                        + " transforms are [gzip]");
    }
}
