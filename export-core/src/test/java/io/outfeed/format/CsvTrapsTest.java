package io.outfeed.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.format.CsvFormat.FormulaGuard;
import io.outfeed.format.CsvFormat.Header;
import io.outfeed.format.CsvFormat.Quoting;
import io.outfeed.internal.mapping.Cell;
import io.outfeed.internal.mapping.RowCells;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What commons-csv, spreadsheets and charsets make of some values if one lets them. */
class CsvTrapsTest {

    private static CsvFormat.Builder rows() {
        return CsvFormat.builder().header(Header.ABSENT);
    }

    private static String write(CsvFormat format, @Nullable String... row) {
        return new String(Tables.write(format, List.<@Nullable String[]>of(row)), format.charset());
    }

    @Test
    void should_write_an_empty_first_cell_like_any_other() {
        assertThat(write(rows().build(), "", "x", "")).isEqualTo(",x,\r\n");
        assertThat(write(rows().build(), null, "x", null)).isEqualTo(",x,\r\n");
        assertThat(write(rows().nullText("").build(), "", "x", "")).isEqualTo("\"\",x,\"\"\r\n");
        assertThat(write(rows().nullText("").build(), null, "x", null)).isEqualTo(",x,\r\n");
    }

    @Test
    void should_never_write_a_blank_line() {
        assertThat(write(rows().build(), new @Nullable String[] {null})).isEqualTo("\"\"\r\n");
        assertThat(write(rows().nullText("\\N").build(), new @Nullable String[] {null}))
                .isEqualTo("\\N\r\n");
        String problem =
                "a null in the only column would be a blank line, which readers skip: choose a nullText such as \\N";
        assertThat(rows().nullText("").build().problems(FileLayout.of("a"))).containsExactly(problem);
        assertThat(rows().quoting(Quoting.NON_NULL).build().problems(FileLayout.of("a")))
                .containsExactly(problem);
        assertThat(rows().quoting(Quoting.NON_NULL).build().problems(FileLayout.of("a", "b")))
                .isEmpty();
    }

    @Test
    void should_quote_what_would_be_taken_for_a_null_or_for_the_end() {
        CsvFormat format = rows().nullText("\\N").build();

        assertThat(write(format, "\\N", null, "\\Nx", "")).isEqualTo("\"\\N\",\\N,\\Nx,\r\n");
        assertThat(write(format, "\\.")).isEqualTo("\"\\.\"\r\n");
        assertThat(write(format, "a\0", "b")).isEqualTo("\"a\0\",b\r\n");
    }

    @Test
    void should_put_an_apostrophe_before_formulas_but_not_before_numbers() {
        CsvFormat guard = rows().formulaGuard(FormulaGuard.APOSTROPHE).build();
        List<String> formulas = List.of(
                "=1+1",
                "+A1",
                "-A1",
                "@SUM(1)",
                "\0=1",
                "\uff1d1",
                "\uff0bA",
                "\uff0dA",
                "\uff20A",
                "-1-1",
                "+1+1",
                "-",
                "=",
                "-1e5",
                "+49 40 1234",
                "-.5");
        List<String> others = List.of("", "1+1", "a=b", "'=1", " =1", "-1", "+1", "-1,234.50", "-1.234,50", "x");

        List<@Nullable String> guarded = new ArrayList<>();
        formulas.forEach(formula -> guarded.add("'" + formula));
        assertThat(read(guard, formulas)).isEqualTo(guarded);
        assertThat(read(guard, others)).isEqualTo(others);
        assertThat(read(rows().build(), formulas)).isEqualTo(formulas);
    }

    @Test
    void should_put_an_apostrophe_where_a_reader_of_another_dialect_begins_a_cell() {
        CsvFormat guard = rows().formulaGuard(FormulaGuard.APOSTROPHE).build();
        Map<String, String> guarded = Map.ofEntries(
                Map.entry("\t=1", "'\t'=1"),
                Map.entry("\n=1", "'\n'=1"),
                Map.entry("\r\n@x", "'\r\n'@x"),
                Map.entry("a;=1+1", "a;'=1+1"),
                Map.entry("a|@x;+y", "a|'@x;'+y"),
                Map.entry("a,\uff1dx", "a,'\uff1dx"),
                Map.entry("two\nlines\n-x", "two\nlines\n'-x"),
                Map.entry("=a;=b", "'=a;'=b"));
        List<String> others = List.of("a;-1", "a;+1.5;x", "1,-2", "a; =1", "a-b;c=d", ";", "a;;b");

        guarded.forEach(
                (text, written) -> assertThat(read(guard, List.of(text))).containsExactly(written));
        assertThat(read(guard, List.of("a\"=1"))).containsExactly("a\"\"'=1");
        assertThat(read(guard, others)).isEqualTo(others);
    }

    @Test
    void should_guard_by_column() {
        CsvFormat phones = rows().formulaGuard(FormulaGuard.APOSTROPHE)
                .formulaGuard("c1", FormulaGuard.NONE)
                .build();
        CsvFormat notes = rows().formulaGuard("c1", FormulaGuard.APOSTROPHE).build();

        assertThat(write(phones, "=1+1", "+49 40 1234")).isEqualTo("'=1+1,+49 40 1234\r\n");
        assertThat(write(notes, "=1+1", "+49 40 1234")).isEqualTo("=1+1,'+49 40 1234\r\n");
        assertThat(phones)
                .hasToString("CSV with delimiter ,, DOUBLE quotes, CRLF, no header, formula guard APOSTROPHE,"
                        + " formula guard of c1 NONE");
    }

    @Test
    void should_quote_by_column() {
        CsvFormat zip = rows().quoting("c1", Quoting.ALL).build();
        CsvFormat plain =
                rows().quoting(Quoting.ALL).quoting("c0", Quoting.MINIMAL).build();

        assertThat(write(zip, "x", "01234")).isEqualTo("x,\"01234\"\r\n");
        assertThat(write(plain, "x", "01234")).isEqualTo("x,\"01234\"\r\n");
        assertThat(zip.problems(FileLayout.of("c0"))).containsExactly("quoting is set for 'c1', which is no column");
        assertThatThrownBy(() -> rows().quoting("c1", Quoting.NON_NULL).build())
                .hasMessage("CSV format has 1 problem: quoting NON_NULL is for all columns or none: choose ALL for a"
                        + " single one");
    }

    @Test
    void should_write_lines_before_the_header_and_after_the_records() throws IOException {
        CsvFormat format = CsvFormat.builder()
                .delimiter(';')
                .preamble("sep=;", "file {sequence:0000} of {fire:yyyy-MM-dd}")
                .trailer("T", "{rows:000}", "{sum.fee}", "sum {sum.fee}", "a;b")
                .quoting(Quoting.TEXT_ONLY)
                .build();
        FileLayout layout =
                new FileLayout(List.of(Column.of("name"), Column.of("fee")), 17, Instant.parse("2026-11-29T23:30:00Z"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (RecordWriter writer = format.open(layout, bytes)) {
            writer.write(Tables.texts("x", "y"));
            writer.finish(new FileTotals(2, Map.of("fee", new BigDecimal("-12.50"))));
        }

        assertThat(format.sums()).containsExactly("fee");
        assertThat(bytes.toString(UTF_8)).isEqualTo("""
                        sep=;\r
                        file 0017 of 2026-11-29\r
                        "name";"fee"\r
                        "x";"y"\r
                        "T";002;-12.50;"sum -12.50";"a;b"\r
                        """);
    }

    @Test
    void should_refuse_lines_that_can_not_be_written() {
        assertThatThrownBy(() -> rows().charset(StandardCharsets.US_ASCII)
                        .preamble("a\nb", "{rows}", "{sum.fee", "{fire:YYYY}")
                        .trailer("é", "{file}", "{rows:x}", "{sum.fee:0}")
                        .build())
                .isInstanceOfSatisfying(
                        InvalidDefinitionException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "preamble has a line end or another control character: give each line by"
                                                + " itself",
                                        "preamble '{rows}': {rows} is known after the last record only: put it into the"
                                                + " trailer",
                                        "preamble '{sum.fee': '{sum.fee' has no closing brace",
                                        "preamble '{fire:YYYY}': {fire:YYYY}: date pattern 'YYYY' has Y, the year that"
                                                + " a week belongs to, which differs around New Year: use y or u",
                                        "charset US-ASCII can't carry the trailer",
                                        "trailer '{file}': {file} is not known: use one of [fire, rows, sequence,"
                                                + " sum.FIELD]",
                                        "trailer '{rows:x}': {rows:x}: only zeros may follow, such as {rows:0000}",
                                        "trailer '{sum.fee:0}': {sum.fee:0}: nothing may follow a sum"));
    }

    private static List<String> read(CsvFormat format, List<String> cells) {
        List<String> read = new ArrayList<>();
        for (String cell : cells) {
            String line = write(format, "x", cell);
            String written = line.substring(2, line.length() - 2);
            boolean quoted = written.startsWith("\"");
            read.add(quoted ? written.substring(1, written.length() - 1) : written);
        }
        return read;
    }

    @Test
    void should_guard_texts_only() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CsvFormat guard =
                CsvFormat.builder().formulaGuard(FormulaGuard.APOSTROPHE).build();
        try (RecordWriter writer = guard.open(FileLayout.of("=header"), bytes)) {
            writer.write(new RowCells(List.of(new Cell("-1E-7 as a number has it", CellType.DECIMAL))));
        }
        assertThat(bytes.toString(UTF_8)).isEqualTo("=header\r\n-1E-7 as a number has it\r\n");
    }

    @Test
    void should_write_nothing_of_a_record_with_a_character_that_the_charset_can_not_carry() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CsvFormat latin = rows().charset(StandardCharsets.ISO_8859_1).build();
        try (RecordWriter writer = latin.open(FileLayout.of("a", "b"), bytes)) {
            for (String bad : List.of("日本", "x\uD83D\uDE00", "\uD83D")) {
                assertThatThrownBy(() -> writer.write(Tables.texts("x".repeat(100_000), bad)))
                        .isInstanceOfSatisfying(
                                RejectedCellException.class,
                                e -> assertThat(e.column()).isEqualTo(1));
            }
            writer.write(Tables.texts("é", "ÿ"));
        }
        assertThat(bytes.toByteArray()).isEqualTo("é,ÿ\r\n".getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void should_replace_character_by_character() {
        CsvFormat latin =
                rows().charset(StandardCharsets.ISO_8859_1).replacement("[?]").build();
        CsvFormat utf8 = rows().replacement("\ufffd").build();

        assertThat(write(latin, "日é\uD83D\uDE00x\uD83D")).isEqualTo("[?]é[?]x[?]\r\n");
        assertThat(write(utf8, "x\uD83Dy\uDE00", "\uD83D\uDE00")).isEqualTo("x\ufffdy\ufffd,\uD83D\uDE00\r\n");
    }

    @Test
    void should_refuse_a_header_that_the_charset_can_not_carry() {
        assertThat(CsvFormat.builder()
                        .charset(StandardCharsets.US_ASCII)
                        .build()
                        .problems(FileLayout.of("id", "prénom", "名")))
                .containsExactly(
                        "charset US-ASCII can't carry the header 'prénom'",
                        "charset US-ASCII can't carry the header '名'");
    }

    @Test
    void should_keep_the_state_of_a_charset_from_cell_to_cell_and_end_it() {
        CsvFormat japanese =
                rows().charset(java.nio.charset.Charset.forName("ISO-2022-JP")).build();

        assertThat(write(japanese, "日", "本", "x")).isEqualTo("日,本,x\r\n");
        assertThat(write(japanese, "日".repeat(40_000), "本")).isEqualTo("日".repeat(40_000) + ",本\r\n");
    }
}
