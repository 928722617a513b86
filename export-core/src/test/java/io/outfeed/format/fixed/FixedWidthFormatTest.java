package io.outfeed.format.fixed;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.format.CellType;
import io.outfeed.format.Column;
import io.outfeed.format.FileLayout;
import io.outfeed.format.FileTotals;
import io.outfeed.format.RecordWriter;
import io.outfeed.format.RejectedCellException;
import io.outfeed.format.fixed.FixedWidthFormat.LineEnding;
import io.outfeed.internal.mapping.Cell;
import io.outfeed.internal.mapping.RowCells;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FixedWidthFormatTest {

    private static final FileLayout LAYOUT =
            new FileLayout(List.of(Column.of("net"), Column.of("name")), 17, Instant.parse("2026-11-29T23:30:00Z"));

    private static FixedWidthFormat.Builder payroll() {
        return FixedWidthFormat.builder()
                .header(line -> line.text("H")
                        .field("{fire:yyyyMMdd}", FixedField.text(8))
                        .field("{sequence:0000}", FixedField.text(6)))
                .text("D")
                .column("name", FixedField.text(6))
                .column(12, "net", FixedField.number(8).impliedDecimals(2))
                .trailer(line -> line.text("T")
                        .field("{rows}", FixedField.number(4))
                        .field(10, "{sum.net}", FixedField.number(10).impliedDecimals(2)))
                .lineEnding(LineEnding.LF);
    }

    private static RowCells row(String name, String net) {
        return new RowCells(Arrays.asList(new Cell(net, CellType.DECIMAL), new Cell(name, CellType.TEXT)));
    }

    private static byte[] write(FixedWidthFormat format, FileTotals totals, RowCells... rows) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (RecordWriter writer = format.open(LAYOUT, bytes)) {
            for (RowCells row : rows) {
                writer.write(row);
            }
            writer.finish(totals);
        }
        return bytes.toByteArray();
    }

    @Test
    void should_write_header_records_and_trailer() throws IOException {
        FixedWidthFormat format = payroll().charset(ISO_8859_1).build();
        FileTotals totals = new FileTotals(2, Map.of("net", new BigDecimal("1234.50")));

        assertThat(format.sums()).containsExactly("net");
        assertThat(format.problems(LAYOUT)).isEmpty();
        assertThat(new String(write(format, totals, row("Zoë", "1234.50"), row("x", "-0.01")), ISO_8859_1))
                .isEqualTo("""
                H202611290017 \s
                DZoë       00123450
                Dx         -0000001
                T0002    0000123450
                """);
    }

    @Test
    void should_write_lines_without_ends() throws IOException {
        FixedWidthFormat format = FixedWidthFormat.builder()
                .column("name", FixedField.text(3))
                .filler(1)
                .column("net", FixedField.number(3))
                .lineEnding(LineEnding.NONE)
                .build();

        assertThat(write(format, new FileTotals(2, Map.of()), row("a", "1"), row("b", "2")))
                .asString(ISO_8859_1)
                .isEqualTo("a   001b   002");
    }

    @Test
    void should_reject_the_column_that_is_wrong() throws IOException {
        FixedWidthFormat format = payroll().charset(ISO_8859_1).build();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (RecordWriter writer = format.open(LAYOUT, bytes)) {
            assertThatThrownBy(() -> writer.write(row("x", "1.001")))
                    .isInstanceOfSatisfying(
                            RejectedCellException.class,
                            e -> assertThat(e.column()).isZero());
            assertThatThrownBy(() -> writer.write(row("日本", "1")))
                    .isInstanceOfSatisfying(
                            RejectedCellException.class,
                            e -> assertThat(e.column()).isEqualTo(1))
                    .hasMessageStartingWith("its text has a character that ISO-8859-1 can't carry");
        }

        assertThat(bytes.toString(ISO_8859_1)).isEqualTo("H202611290017  \n");
        assertThat(write(
                        payroll().charset(ISO_8859_1).replacement("?").build(),
                        new FileTotals(1, Map.of()),
                        row("日本", "1")))
                .asString(ISO_8859_1)
                .contains("D??        00000100\n");
    }

    @Test
    void should_fail_with_a_total_that_does_not_fit() {
        assertThatThrownBy(() -> write(payroll().build(), new FileTotals(10_000, Map.of())))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("the trailer of the file has 1 problem: the text '{rows}' can't be written: it needs 5"
                        + " characters, and its place has 4: correct the record, or use a wider field");
    }

    @Test
    void should_tell_which_columns_have_no_place() {
        assertThat(payroll().build().problems(FileLayout.of("name", "gross")))
                .containsExactly(
                        "column 'gross' has no place: add .column(\"gross\", FixedField.text(...)), or leave the field"
                                + " out",
                        "there is a place for 'net', which is no column");
    }

    @Test
    void should_report_all_problems_at_once() {
        assertThatThrownBy(() -> FixedWidthFormat.builder()
                        .column("a", FixedField.text(5))
                        .column(4, "a", FixedField.number(3).align(FixedField.Align.LEFT))
                        .column("b", FixedField.text(1).padding('\t'))
                        .header(line -> line.field("{rows}", FixedField.number(3)))
                        .trailer(line -> line.field("{row}", FixedField.number(3)))
                        .replacement("日")
                        .charset(ISO_8859_1)
                        .build())
                .isInstanceOfSatisfying(
                        InvalidDefinitionException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "column 'a' has two places",
                                        "column 'a' begins at position 4, and the fields before it end at 5",
                                        "column 'a' is padded at its right with the digit '0', which would change a"
                                                + " number: choose a space, or align it at the right",
                                        "column 'b' is padded with a control character: choose a space",
                                        "header: the text '{rows}': {rows} is known after the last record only: put it"
                                                + " into the trailer",
                                        "trailer: the text '{row}': {row} is not known: use one of [fire, rows,"
                                                + " sequence, sum.FIELD]",
                                        "charset ISO-8859-1 can't carry the replacement for other characters either"));
        assertThatThrownBy(() -> FixedWidthFormat.builder().text("D").build())
                .hasMessage("fixed-width format has 1 problem: no column has a place: add .column(\"...\","
                        + " FixedField.text(...))");
        assertThatThrownBy(() -> FixedWidthFormat.builder().column(0, "a", FixedField.text(1)))
                .hasMessage("positions count from 1: there is no position 0");
    }

    @Test
    void should_be_a_value() {
        assertThat(payroll().build())
                .isEqualTo(payroll().build())
                .hasSameHashCodeAs(payroll().build())
                .isNotEqualTo(payroll().lineEnding(LineEnding.CRLF).build())
                .hasToString(
                        "fixed width with 'D'=TEXT(1) name=TEXT(6) 12:net=NUMBER(8, implied decimals 2), LF, widths in"
                                + " CHARACTERS, UTF-8, header 'H'=TEXT(1) '{fire:yyyyMMdd}'=TEXT(8)"
                                + " '{sequence:0000}'=TEXT(6), trailer 'T'=TEXT(1) '{rows}'=NUMBER(4) 10:'{sum.net}'=NUMBER(10, implied"
                                + " decimals 2)");
    }
}
