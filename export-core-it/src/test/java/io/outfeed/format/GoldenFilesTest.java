package io.outfeed.format;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.format.CsvFormat.ByteOrderMark;
import io.outfeed.format.CsvFormat.Escape;
import io.outfeed.format.CsvFormat.FormulaGuard;
import io.outfeed.format.CsvFormat.Header;
import io.outfeed.format.CsvFormat.LineEnding;
import io.outfeed.format.CsvFormat.Quote;
import io.outfeed.format.CsvFormat.Quoting;
import io.outfeed.format.fixed.FixedField;
import io.outfeed.format.fixed.FixedWidthFormat;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * One definition with all types of cells and awkward texts, as each format and dialect has written it, byte by byte. A
 * change of these files is a change of the files that receivers get: {@code -Doutfeed.golden=write} writes them anew,
 * to be read before they are committed.
 */
class GoldenFilesTest {

    private static final Path GOLDEN =
            Path.of(System.getProperty("basedir", "."), "src", "test", "resources", "golden");

    private static final boolean WRITE =
            System.getProperty("outfeed.golden", "").equals("write");

    private record Gift(
            long id,
            @Nullable String code,
            @Nullable BigDecimal amount,
            @Nullable Boolean open,
            @Nullable LocalDate day,
            @Nullable LocalTime at,
            @Nullable LocalDateTime local,
            @Nullable Instant changed,
            @Nullable String city,
            @Nullable String note) {

        private static Gift of(long id, @Nullable String code, @Nullable String note) {
            return new Gift(id, code, null, null, null, null, null, null, null, note);
        }
    }

    private static final List<Gift> GIFTS = List.of(
            new Gift(
                    1,
                    "00123",
                    new BigDecimal("1234.50"),
                    true,
                    LocalDate.of(2026, 11, 29),
                    LocalTime.of(7, 30),
                    LocalDateTime.of(2026, 11, 29, 7, 30, 15),
                    Instant.parse("2026-11-29T06:30:00Z"),
                    "Lakeside",
                    "plain"),
            new Gift(
                    -2,
                    "1E5",
                    new BigDecimal("-0.05"),
                    false,
                    LocalDate.of(1899, 1, 1),
                    LocalTime.MIDNIGHT,
                    LocalDateTime.of(2000, 2, 29, 0, 0),
                    Instant.parse("2026-03-29T01:00:00.123456Z"),
                    "Z\u00fcrich",
                    "a \"quoted\" word, a comma; a semicolon\ta tab | a bar, it's"),
            Gift.of(3, null, null),
            Gift.of(4, "", ""),
            Gift.of(5, "=1+1", "-2+3"),
            Gift.of(6, " at both ends ", "two\nlines\r\nof text"),
            Gift.of(7, "C:\\temp\\", "\\."),
            Gift.of(8, "\\N", "NULL"),
            Gift.of(9, "'", "\""),
            Gift.of(10, "\u20ac\ud83d\ude00", "\u4e2d\u6587"),
            Gift.of(11, "a, comma", "a \" quote"),
            Gift.of(12, "a; semicolon", "a | bar"),
            Gift.of(13, "it's", "a\ttab"));

    private static CsvFormat csv(Consumer<CsvFormat.Builder> options) {
        CsvFormat.Builder builder = CsvFormat.builder();
        options.accept(builder);
        return builder.build();
    }

    private static FixedWidthFormat fixed(Consumer<FixedWidthFormat.Builder> options) {
        FixedWidthFormat.Builder builder = FixedWidthFormat.builder()
                .header(line -> line.text("H")
                        .field("{fire:yyyyMMdd}", FixedField.text(8))
                        .field("{sequence}", FixedField.number(6)))
                .text("D")
                .column("id", FixedField.number(6).sign(FixedField.Sign.LEADING))
                .column("code", FixedField.text(14))
                .column("amount", FixedField.number(12).impliedDecimals(2).sign(FixedField.Sign.TRAILING_ALWAYS))
                .column("open", FixedField.text(5))
                .column("day", FixedField.text(10).empty('0'))
                .column("at", FixedField.text(8))
                .column("local", FixedField.text(19))
                .column("changed", FixedField.text(30))
                .column("home.city", FixedField.text(10))
                .column("note", FixedField.text(20).tooLong(FixedField.TooLong.CUT))
                .trailer(line -> line.text("T")
                        .field("{rows}", FixedField.number(8))
                        .field(30, "{sum.amount}", FixedField.number(15).impliedDecimals(2)));
        options.accept(builder);
        return builder.build();
    }

    private static final Map<String, RecordFormat> FORMATS = new TreeMap<>(Map.ofEntries(
            Map.entry("csv-rfc4180.csv", CsvFormat.rfc4180()),
            Map.entry(
                    "csv-spreadsheet.csv",
                    csv(f -> f.delimiter(';')
                            .byteOrderMark(ByteOrderMark.PRESENT)
                            .formulaGuard(FormulaGuard.APOSTROPHE)
                            .preamble("sep=;"))),
            Map.entry("csv-tabs.csv", csv(f -> f.delimiter('\t').lineEnding(LineEnding.LF))),
            Map.entry("csv-single-quotes.csv", csv(f -> f.quote(Quote.SINGLE).delimiter('|'))),
            Map.entry(
                    "csv-backslash.csv",
                    csv(f ->
                            f.escape(Escape.BACKSLASH).lineEnding(LineEnding.LF).nullText("\\N"))),
            Map.entry("csv-postgres.csv", csv(f -> f.nullText("").lineEnding(LineEnding.LF))),
            Map.entry("csv-quote-all.csv", csv(f -> f.quoting(Quoting.ALL))),
            Map.entry("csv-quote-texts.csv", csv(f -> f.quoting(Quoting.TEXT_ONLY))),
            Map.entry("csv-quote-non-null.csv", csv(f -> f.quoting(Quoting.NON_NULL))),
            Map.entry("csv-quote-one-column.csv", csv(f -> f.quoting("code", Quoting.ALL))),
            Map.entry(
                    "csv-preamble-trailer.csv",
                    csv(f -> f.preamble("# gifts, run {sequence:0000} of {fire:yyyy-MM-dd}", "#")
                            .trailer("T", "{rows}", "{sum.amount}", "a, b"))),
            Map.entry("csv-no-header.csv", csv(f -> f.header(Header.ABSENT))),
            Map.entry(
                    "csv-utf-16le.csv",
                    csv(f -> f.charset(StandardCharsets.UTF_16LE).byteOrderMark(ByteOrderMark.PRESENT))),
            Map.entry(
                    "csv-windows-1252.csv",
                    csv(f -> f.charset(Charset.forName("windows-1252")).replacement("?"))),
            Map.entry("json-lines.jsonl", JsonFormat.lines()),
            Map.entry("json-array.json", JsonFormat.array()),
            Map.entry("json-lines-nested.jsonl", JsonFormat.lines().nested()),
            Map.entry("json-array-nested.json", JsonFormat.array().nested()),
            Map.entry("fixed-characters.txt", fixed(f -> {})),
            Map.entry("fixed-bytes.txt", fixed(f -> f.widthUnit(FixedWidthFormat.WidthUnit.BYTES))),
            Map.entry(
                    "fixed-latin-1.txt",
                    fixed(f -> f.charset(StandardCharsets.ISO_8859_1)
                            .replacement("?")
                            .lineEnding(FixedWidthFormat.LineEnding.NONE)))));

    static final List<String> NAMES = List.copyOf(FORMATS.keySet());

    private static ExportDefinition<Gift> definition(String name, RecordFormat format) {
        boolean oneLine = format instanceof FixedWidthFormat; // which rejects texts with line ends
        UnaryOperator<@Nullable String> note =
                text -> text == null || !oneLine ? text : text.replaceAll("[\t\r\n]+", " ");
        ListSource<Gift> source =
                ListSource.<Gift>create(Gift::id, gift -> Instant.EPOCH).putAll(GIFTS);
        return ExportDefinition.builder("gifts", Gift.class)
                .source(source)
                .recordKey(Gift::id)
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.field("id", Gift::id)
                        .field("code", Gift::code)
                        .field("amount", Gift::amount)
                        .type("amount", ColumnType.decimal(10, 2))
                        .field("open", Gift::open)
                        .field("day", Gift::day)
                        .field("at", Gift::at)
                        .field("local", Gift::local)
                        .field("changed", Gift::changed)
                        .field("home.city", Gift::city)
                        .field("note", gift -> note.apply(gift.note())))
                .file(f -> f.name(name).format(format))
                .build();
    }

    /** Returns what a run delivers. */
    private static List<DeliveredFile> run(ExportJob.Builder job) {
        InMemoryDelivery office = InMemoryDelivery.create("office");
        try (ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-11-29T06:30:00Z"))) {
            sandbox.add(job.deliverTo(office).build()).runNow();
            return office.files();
        }
    }

    private static void check(DeliveredFile file) throws IOException {
        Path golden = GOLDEN.resolve(file.path());
        if (WRITE) {
            Files.createDirectories(GOLDEN);
            Files.write(golden, file.bytes());
        }
        assertThat(golden).exists();
        assertThat(new String(file.bytes(), StandardCharsets.ISO_8859_1))
                .as(file.path())
                .isEqualTo(Files.readString(golden, StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void should_write_the_golden_file(String name) throws IOException {
        RecordFormat format = requireNonNull(FORMATS.get(name));

        List<DeliveredFile> files = run(ExportJob.builder("lakeside", definition(name, format)));

        assertThat(files).hasSize(1);
        check(files.get(0));
    }

    @Test
    void should_write_the_golden_control_files() throws IOException {
        List<DeliveredFile> files =
                run(ExportJob.builder("lakeside", definition("csv-rfc4180.csv", CsvFormat.rfc4180()))
                        .controlFiles(c -> c.manifest("manifest.json")
                                .checksumFile("checksums.sha256")
                                .doneFile("{file}.done")));

        assertThat(files)
                .extracting(DeliveredFile::path)
                .containsExactlyInAnyOrder(
                        "csv-rfc4180.csv", "manifest.json", "checksums.sha256", "csv-rfc4180.csv.done");
        for (DeliveredFile file : files) {
            check(file);
        }
    }

    @Test
    void should_know_all_golden_files() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                    NAMES.stream(),
                                    Stream.of("manifest.json", "checksums.sha256", "csv-rfc4180.csv.done"))
                            .toList());
        }
    }
}
