package io.outfeed.format;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.outfeed.format.CsvFormat.ByteOrderMark;
import io.outfeed.format.CsvFormat.Escape;
import io.outfeed.format.CsvFormat.Header;
import io.outfeed.format.CsvFormat.LineEnding;
import io.outfeed.format.CsvFormat.Quote;
import io.outfeed.format.CsvFormat.Quoting;
import io.outfeed.internal.format.Encodable;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is written is read back by FastCSV, for any table and any dialect that builds; and by commons-csv, which wrote
 * it.
 */
class CsvRoundTripTest {

    /** The machine time is bounded; {@code -Doutfeed.csv.tables=1000000} tries more. */
    private static final int TABLES = Integer.getInteger("outfeed.csv.tables", 5_000);

    static Stream<Dialects.Case> dialects() {
        return Dialects.all().stream()
                .filter(Dialects.Case::builds)
                .filter(dialect -> dialect.format().replacement().isEmpty())
                .filter(dialect -> dialect.format().formulaGuard() == CsvFormat.FormulaGuard.NONE);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dialects")
    void should_be_read_back_by_another_reader(Dialects.Case dialect) throws IOException {
        CsvFormat format = dialect.format();
        List<@Nullable String> cells = carried(format, Tables.NASTY);
        List<@Nullable String> withNul = new ArrayList<>(cells);
        withNul.addAll(List.of("\0", "a\0b"));

        for (List<@Nullable String[]> rows : List.of(Tables.rowsOf(withNul), Tables.columnOf(withNul))) {
            if (!format.problems(Tables.layout(rows.get(0).length)).isEmpty()) {
                continue;
            }
            assertReadBack(format, rows);
        }
    }

    private static List<@Nullable String> carried(CsvFormat format, List<@Nullable String> cells) {
        Encodable encodable = new Encodable(format.charset());
        return cells.stream()
                .filter(cell -> cell == null || encodable.carries(cell))
                .toList();
    }

    private static void assertReadBack(CsvFormat format, List<@Nullable String[]> rows) throws IOException {
        String text = new String(Tables.write(format, rows), format.charset());
        if (text.charAt(0) == '\ufeff') { // some of Java's decoders remove it
            assertThat(format.byteOrderMark()).isEqualTo(ByteOrderMark.PRESENT);
            text = text.substring(1);
        }
        List<List<@Nullable String>> expected =
                Tables.expected(rows, format.nullText().orElse(""));
        if (format.escape() == Escape.DOUBLED) { // FastCSV reads RFC 4180
            assertThat(fastCsv(format, text)).as("FastCSV, %s", format).isEqualTo(expected);
        }
        assertThat(commonsCsv(format, text)).as("commons-csv, %s", format).isEqualTo(expected);
    }

    private static List<List<@Nullable String>> fastCsv(CsvFormat format, String text) throws IOException {
        List<List<@Nullable String>> rows = new ArrayList<>();
        try (CsvReader<CsvRecord> reader = CsvReader.builder()
                .fieldSeparator(format.delimiter())
                .quoteCharacter(format.quote().character())
                .maxBufferSize(64 * 1024 * 1024)
                .ofCsvRecord(text)) {
            reader.forEach(row -> rows.add(new ArrayList<>(row.getFields())));
        }
        return withoutHeader(format, rows);
    }

    private static List<List<@Nullable String>> commonsCsv(CsvFormat format, String text) throws IOException {
        List<List<@Nullable String>> rows = new ArrayList<>();
        CSVFormat.Builder csv = CSVFormat.Builder.create()
                .setDelimiter(format.delimiter())
                .setQuote(format.quote().character());
        if (format.escape() == Escape.BACKSLASH) {
            csv.setEscape('\\');
        }
        try (CSVParser parser = CSVParser.parse(text, csv.get())) {
            parser.forEach(row -> rows.add(new ArrayList<>(row.toList())));
        }
        return withoutHeader(format, rows);
    }

    private static List<List<@Nullable String>> withoutHeader(CsvFormat format, List<List<@Nullable String>> rows) {
        return format.header() == Header.PRESENT ? rows.subList(1, rows.size()) : rows;
    }

    /** The seed of each table is its number: a failure names it. */
    @Test
    void should_be_read_back_whatever_the_table_and_the_dialect() throws IOException {
        Set<String> dialects = new HashSet<>();
        for (int seed = 0; seed < TABLES; seed++) {
            Random random = new Random(seed);
            CsvFormat format = anyDialect(random);
            List<@Nullable String[]> rows = anyTable(random, format);
            if (!format.problems(Tables.layout(rows.get(0).length)).isEmpty()) {
                continue;
            }
            try {
                assertReadBack(format, rows);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("table " + seed, e);
            }
            dialects.add(format.toString());
        }
        assertThat(dialects).hasSizeGreaterThan(Math.min(1_000, TABLES / 5));
    }

    static CsvFormat anyDialect(Random random) {
        List<Charset> charsets = List.of(
                StandardCharsets.UTF_8,
                StandardCharsets.UTF_8,
                StandardCharsets.UTF_16LE,
                StandardCharsets.UTF_16BE,
                StandardCharsets.ISO_8859_1,
                Charset.forName("UTF-32LE"),
                Charset.forName("windows-1252"),
                Charset.forName("GB18030"));
        Charset charset = any(random, charsets);
        CsvFormat.Builder builder = CsvFormat.builder()
                .delimiter(any(random, List.of(',', ';', '\t', '|', ':', '~', '^', '!', '\\', '#', '=', '-', '&')))
                .quote(any(random, List.of(Quote.values())))
                .quoting(any(random, List.of(Quoting.values())))
                .lineEnding(any(random, List.of(LineEnding.values())))
                .header(any(random, List.of(Header.values())))
                .charset(charset);
        if (random.nextInt(4) == 0) {
            builder.delimiter(any(random, List.of(',', ';', '\t', '|'))).escape(Escape.BACKSLASH);
        }
        if (charset.name().startsWith("UTF-")) {
            builder.byteOrderMark(any(random, List.of(ByteOrderMark.values())));
        }
        if (random.nextInt(3) == 0) {
            builder.nullText(any(random, List.of("", "NULL", "n/a", "0", "(none)")));
        }
        return builder.build();
    }

    /** Mostly the characters that mean something, in short texts. */
    static List<@Nullable String[]> anyTable(Random random, CsvFormat format) {
        String meaning =
                format.delimiter() + "\"'\r\n ,;\t\\N.#=\0" + format.nullText().orElse("x");
        int columns = 1 + random.nextInt(4);
        int count = 1 + random.nextInt(5);
        List<@Nullable String[]> rows = new ArrayList<>();
        for (int r = 0; r < count; r++) {
            @Nullable String[] row = new @Nullable String[columns];
            for (int c = 0; c < columns; c++) {
                row[c] = anyCell(random, meaning, new Encodable(format.charset()));
            }
            rows.add(row);
        }
        return rows;
    }

    private static @Nullable String anyCell(Random random, String meaning, Encodable encodable) {
        if (random.nextInt(8) == 0) {
            return null;
        }
        if (random.nextInt(6) == 0) {
            String nasty = any(random, Tables.NASTY.subList(0, 60));
            return nasty == null || encodable.carries(nasty) ? nasty : "x";
        }
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(6); length > 0; length--) {
            String character = random.nextInt(4) > 0
                    ? Character.toString(meaning.charAt(random.nextInt(meaning.length())))
                    : Character.toString(random.nextInt(20) == 0 ? 0x1F600 : random.nextInt(0xd800));
            text.append(encodable.carries(character) ? character : "x");
        }
        return text.toString();
    }

    private static <E> E any(Random random, List<E> of) {
        return of.get(random.nextInt(of.size()));
    }
}
