package io.outfeed.xlsx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.format.Column;
import io.outfeed.format.ColumnType;
import io.outfeed.format.FileLayout;
import io.outfeed.format.FileTotals;
import io.outfeed.format.RecordWriter;
import io.outfeed.format.RejectedCellException;
import io.outfeed.xlsx.XlsxFormat.Header;
import io.outfeed.xlsx.XlsxFormat.HeaderStyle;
import io.outfeed.xlsx.XlsxFormat.LongNumbers;
import io.outfeed.xlsx.XlsxFormat.WhenFull;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.poi.ss.usermodel.Cell;
import org.apache.poi.ss.usermodel.CellType;
import org.apache.poi.ss.usermodel.DateUtil;
import org.apache.poi.xssf.usermodel.XSSFRow;
import org.apache.poi.xssf.usermodel.XSSFSheet;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

/** What is in the cells and around them, read by Apache POI. */
class XlsxFormatTest {

    private static final XlsxFormat FORMAT = XlsxFormat.builder().build();
    private static final FileLayout ONE = FileLayout.of("value");

    private static XSSFWorkbook open(byte[] file) throws IOException {
        return new XSSFWorkbook(new ByteArrayInputStream(file));
    }

    private static XSSFWorkbook written(XlsxFormat format, FileLayout layout, TestRecord... records)
            throws IOException {
        return open(TestRecord.write(format, layout, records));
    }

    /** Returns the cell that a single value gives. */
    private static Cell cell(XlsxFormat format, Object value) throws IOException {
        try (XSSFWorkbook workbook = written(format, ONE, TestRecord.of(value))) {
            return workbook.getSheetAt(0).getRow(1).getCell(0);
        }
    }

    /** Returns the parts of a file. */
    private static Map<String, String> parts(byte[] file) throws IOException {
        Map<String, String> parts = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                parts.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return parts;
    }

    @ParameterizedTest
    @FieldSource("NUMBERS")
    void should_write_numbers_as_numbers(Object value, double read, String shownAs) throws IOException {
        Cell cell = cell(FORMAT, value);

        assertThat(cell.getCellType()).isEqualTo(CellType.NUMERIC);
        assertThat(cell.getNumericCellValue()).isEqualTo(read);
        assertThat(cell.getCellStyle().getDataFormatString()).isEqualTo(shownAs);
    }

    static final List<Arguments> NUMBERS = List.of(
            Arguments.of(0L, 0.0, "0"),
            Arguments.of(-42L, -42.0, "0"),
            Arguments.of(999_999_999_999_999L, 999_999_999_999_999.0, "0"),
            Arguments.of(1_230_000_000_000_000_000L, 1.23e18, "0"),
            Arguments.of(new BigInteger("-999999999999999000000"), -9.99999999999999e20, "0"),
            Arguments.of(new BigDecimal("-12.50"), -12.5, "General"),
            Arguments.of(new BigDecimal("0.1"), 0.1, "General"),
            Arguments.of(new BigDecimal("1234567890.12345"), 1234567890.12345, "General"),
            Arguments.of(new BigDecimal("0.000000000123456789012345"), 1.23456789012345e-10, "General"),
            Arguments.of(new BigDecimal("9.99999999999999E307"), 9.99999999999999e307, "General"));

    @ParameterizedTest
    @FieldSource("TIMES")
    void should_write_dates_and_times_as_such(Object value, LocalDateTime read, String shownAs) throws IOException {
        Cell cell = cell(FORMAT, value);

        assertThat(DateUtil.isCellDateFormatted(cell)).isTrue();
        assertThat(cell.getLocalDateTimeCellValue()).isEqualTo(read);
        assertThat(cell.getCellStyle().getDataFormatString()).isEqualTo(shownAs);
    }

    private static Arguments time(Object value, String read, String shownAs) {
        return Arguments.of(value, LocalDateTime.parse(read), shownAs);
    }

    static final List<Arguments> TIMES = List.of(
            time(LocalDate.of(2026, 11, 29), "2026-11-29T00:00", "yyyy-mm-dd"),
            time(LocalDate.of(1900, 3, 1), "1900-03-01T00:00", "yyyy-mm-dd"),
            time(LocalDate.of(2000, 2, 29), "2000-02-29T00:00", "yyyy-mm-dd"),
            time(LocalDate.of(9999, 12, 31), "9999-12-31T00:00", "yyyy-mm-dd"),
            time(LocalTime.of(7, 30), "1899-12-31T07:30", "hh:mm:ss"),
            time(LocalTime.MIDNIGHT, "1899-12-31T00:00", "hh:mm:ss"),
            time(LocalTime.parse("23:59:59"), "1899-12-31T23:59:59", "hh:mm:ss"),
            time(LocalTime.parse("00:00:00.001"), "1899-12-31T00:00:00.001", "hh:mm:ss.000"),
            time(LocalDateTime.parse("2026-11-29T07:30:01"), "2026-11-29T07:30:01", "yyyy-mm-dd hh:mm:ss"),
            time(
                    LocalDateTime.parse("2026-11-29T23:59:59.999999999"),
                    "2026-11-29T23:59:59.999",
                    "yyyy-mm-dd hh:mm:ss.000"),
            time(LocalDateTime.parse("2026-11-29T07:30:00.000999"), "2026-11-29T07:30", "yyyy-mm-dd hh:mm:ss"),
            time(LocalDateTime.parse("9999-12-31T23:59:59.999"), "9999-12-31T23:59:59.999", "yyyy-mm-dd hh:mm:ss.000"),
            time(Instant.parse("2026-11-29T06:30:00Z"), "2026-11-29T06:30", "yyyy-mm-dd hh:mm:ss"));

    /** A spreadsheet's time of a day is on the day before the first one. */
    @Test
    void should_write_each_second_of_a_day() throws IOException {
        LocalDateTime begin = LocalDateTime.parse("2026-11-29T00:00");
        TestRecord[] seconds = Stream.iterate(begin, time -> time.plusSeconds(1))
                .limit(86_400)
                .map(TestRecord::of)
                .toArray(TestRecord[]::new);

        try (XSSFWorkbook workbook = written(FORMAT, ONE, seconds)) {
            XSSFSheet sheet = workbook.getSheetAt(0);
            for (int i = 0; i < seconds.length; i++) {
                assertThat(sheet.getRow(i + 1).getCell(0).getLocalDateTimeCellValue())
                        .isEqualTo(begin.plusSeconds(i));
            }
        }
    }

    @Test
    void should_write_booleans_as_such() throws IOException {
        assertThat(cell(FORMAT, true).getCellType()).isEqualTo(CellType.BOOLEAN);
        assertThat(cell(FORMAT, true).getBooleanCellValue()).isTrue();
        assertThat(cell(FORMAT, false).getBooleanCellValue()).isFalse();
    }

    @Test
    void should_write_points_in_time_in_the_zone() throws IOException {
        XlsxFormat berlin =
                XlsxFormat.builder().zone(ZoneId.of("Europe/Berlin")).build();

        assertThat(cell(berlin, Instant.parse("2026-07-01T22:30:00Z")).getLocalDateTimeCellValue())
                .isEqualTo("2026-07-02T00:30:00");
        assertThat(cell(berlin, Instant.parse("2026-10-25T00:30:00Z")).getLocalDateTimeCellValue())
                .isEqualTo(cell(berlin, Instant.parse("2026-10-25T01:30:00Z")).getLocalDateTimeCellValue())
                .isEqualTo("2026-10-25T02:30:00");
        assertThat(cell(berlin, Instant.parse("9999-12-31T22:59:59Z")).getLocalDateTimeCellValue())
                .isEqualTo("9999-12-31T23:59:59");
    }

    @ParameterizedTest
    @FieldSource("TEXTS")
    void should_write_texts_as_texts(String text) throws IOException {
        Cell cell = cell(FORMAT, text);

        assertThat(cell.getCellType()).isEqualTo(CellType.STRING);
        assertThat(cell.getStringCellValue()).isEqualTo(text);
        assertThat(cell.getCellStyle().getDataFormatString()).isEqualTo("@");
    }

    static final List<String> TEXTS = List.of(
            "00123",
            "12345678901234567890",
            "=1+1",
            "+49 30 123",
            "@SUM(A1)",
            "'quoted",
            "true",
            "2026-11-29",
            " blank at either end ",
            "\tTab\tand\t",
            "two\nlines",
            "\nlines at the ends\n",
            "of Windows\r\nand\rold Macs\r",
            "<b>&amp;\"'</b>]]>",
            "_x0041_ and _x005F_ and __x000D_ and _x00zz_ and _x0041",
            "Zo\u00eb \u00df \u4e2d\u6587 \ud83d\ude00",
            "\u007f\u0085\u2028\ufffd");

    @Test
    void should_leave_a_cell_without_a_value_empty() throws IOException {
        try (XSSFWorkbook workbook = written(
                FORMAT, FileLayout.of("a", "b", "c"), TestRecord.of(null, "", "x"), TestRecord.of("", "", ""))) {
            XSSFRow row = workbook.getSheetAt(0).getRow(1);

            assertThat(row.getCell(0)).isNull();
            assertThat(row.getCell(1)).isNull();
            assertThat(row.getCell(2).getStringCellValue()).isEqualTo("x");
            assertThat(workbook.getSheetAt(0).getRow(2).getPhysicalNumberOfCells())
                    .isZero();
        }
    }

    @Test
    void should_write_the_longest_text() throws IOException {
        String text = "x".repeat(32_767);

        assertThat(cell(FORMAT, text).getStringCellValue()).isEqualTo(text);
        assertThat(cell(FORMAT, text).getCellStyle().getDataFormatString()).isEqualTo("General");
        assertThat(cell(FORMAT, "x".repeat(255)).getCellStyle().getDataFormatString())
                .isEqualTo("@");
    }

    @ParameterizedTest
    @FieldSource("REJECTED")
    void should_reject_what_a_cell_cannot_hold(Object value, String problem) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        FileLayout layout = FileLayout.of("id", "value");
        try (RecordWriter writer = FORMAT.open(layout, bytes)) {
            assertThatThrownBy(() -> writer.write(TestRecord.of(1L, value)))
                    .isInstanceOfSatisfying(
                            RejectedCellException.class,
                            e -> assertThat(e.column()).isEqualTo(1))
                    .hasMessage(problem);
            writer.write(TestRecord.of(2L, "good"));
            writer.finish(new FileTotals(1, Map.of()));
        }

        assertThat(bytes.toByteArray()).isEqualTo(TestRecord.write(FORMAT, layout, TestRecord.of(2L, "good")));
    }

    private static final String CONTROL = "its text has a control character that a spreadsheet can't hold:"
            + " correct the record, or let a transformation remove it";
    private static final String EARLY = "its date is before 1900-03-01, the first on which spreadsheets agree:"
            + " correct the record, or let a transformation give a text";
    private static final String LATE = "its date is after 9999-12-31, the last of a spreadsheet:"
            + " correct the record, or let a transformation give a text";
    private static final String RANGE = "its number is out of the range of a spreadsheet: declare the column as a text,"
            + " or choose longNumbers(TEXT)";

    private static String digits(int digits) {
        return "its number has " + digits + " digits, and a spreadsheet keeps 15: declare the column as a text, round"
                + " the number, or choose longNumbers(TEXT)";
    }

    static final List<Arguments> REJECTED = List.of(
            Arguments.of(
                    "x".repeat(32_768),
                    "its text has 32768 characters, and a cell of a spreadsheet at most 32767: correct the record, or"
                            + " let a transformation shorten it"),
            Arguments.of("bell\u0007", CONTROL),
            Arguments.of("\0", CONTROL),
            Arguments.of("unit\u001f", CONTROL),
            Arguments.of("\ufffe", CONTROL),
            Arguments.of("\uffff", CONTROL),
            Arguments.of("half \ud83d", "its text is no valid Unicode (half of a surrogate pair): correct the record"),
            Arguments.of("\ude00 half", "its text is no valid Unicode (half of a surrogate pair): correct the record"),
            Arguments.of(LocalDate.of(1900, 2, 28), EARLY),
            Arguments.of(LocalDate.of(1899, 12, 31), EARLY),
            Arguments.of(LocalDate.MIN, EARLY),
            Arguments.of(LocalDateTime.of(1900, 2, 28, 23, 59), EARLY),
            Arguments.of(Instant.parse("1900-02-28T23:59:59Z"), EARLY),
            Arguments.of(Instant.MIN, EARLY),
            Arguments.of(LocalDate.of(10_000, 1, 1), LATE),
            Arguments.of(LocalDateTime.MAX, LATE),
            Arguments.of(Instant.parse("+10000-01-01T00:00:00Z"), LATE),
            Arguments.of(Instant.MAX, LATE),
            Arguments.of(1_000_000_000_000_001L, digits(16)),
            Arguments.of(Long.MIN_VALUE, digits(19)),
            Arguments.of(new BigInteger("12345678901234567891"), digits(20)),
            Arguments.of(new BigDecimal("0.3333333333333333"), digits(16)),
            Arguments.of(new BigDecimal("1E308"), RANGE),
            Arguments.of(new BigDecimal("-1E-308"), RANGE));

    @ParameterizedTest
    @FieldSource("LONG_NUMBERS")
    void should_write_long_numbers_as_texts_if_chosen(Object value, String text) throws IOException {
        Cell cell = cell(XlsxFormat.builder().longNumbers(LongNumbers.TEXT).build(), value);

        assertThat(cell.getCellType()).isEqualTo(CellType.STRING);
        assertThat(cell.getStringCellValue()).isEqualTo(text);
    }

    static final List<Arguments> LONG_NUMBERS = List.of(
            Arguments.of(1_234_567_890_123_456L, "1234567890123456"),
            Arguments.of(Long.MIN_VALUE, "-9223372036854775808"),
            Arguments.of(new BigDecimal("0.33333333333333333333"), "0.33333333333333333333"),
            Arguments.of(new BigDecimal("1E308"), "1" + "0".repeat(308)));

    @Test
    void should_write_short_numbers_as_numbers_whatever_becomes_of_long_ones() throws IOException {
        Cell cell = cell(XlsxFormat.builder().longNumbers(LongNumbers.TEXT).build(), 7L);

        assertThat(cell.getCellType()).isEqualTo(CellType.NUMERIC);
    }

    @Test
    void should_name_the_columns_in_a_frozen_bold_row() throws IOException {
        try (XSSFWorkbook workbook = written(FORMAT, FileLayout.of("id", "name"), TestRecord.of(1L, "Ada"))) {
            XSSFSheet sheet = workbook.getSheet("Data");

            assertThat(sheet.getRow(0).getCell(1).getStringCellValue()).isEqualTo("name");
            assertThat(sheet.getRow(0).getCell(1).getCellStyle().getFont().getBold())
                    .isTrue();
            assertThat(sheet.getRow(1).getCell(1).getCellStyle().getFont().getBold())
                    .isFalse();
            assertThat(sheet.getPaneInformation().isFreezePane()).isTrue();
            assertThat(sheet.getPaneInformation().getHorizontalSplitPosition()).isEqualTo((short) 1);
            assertThat(sheet.getPaneInformation().getVerticalSplitPosition()).isZero();
        }
    }

    @Test
    void should_show_the_header_as_chosen() throws IOException {
        XlsxFormat filled = XlsxFormat.builder()
                .header(Header.SCROLLING)
                .headerStyle(HeaderStyle.FILLED)
                .sheetName("Gifts & pledges")
                .build();
        XlsxFormat plain = XlsxFormat.builder().headerStyle(HeaderStyle.PLAIN).build();
        XlsxFormat none = XlsxFormat.builder().header(Header.ABSENT).build();

        try (XSSFWorkbook workbook = written(filled, ONE, TestRecord.of(1L))) {
            XSSFSheet sheet = workbook.getSheet("Gifts & pledges");
            assertThat(sheet.getPaneInformation()).isNull();
            assertThat(sheet.getRow(0)
                            .getCell(0)
                            .getCellStyle()
                            .getFillForegroundColorColor()
                            .getARGBHex())
                    .isEqualTo("FFD9E1F2");
            assertThat(sheet.getRow(0).getCell(0).getCellStyle().getFont().getBold())
                    .isTrue();
        }
        try (XSSFWorkbook workbook = written(plain, ONE, TestRecord.of(1L))) {
            assertThat(workbook.getSheetAt(0)
                            .getRow(0)
                            .getCell(0)
                            .getCellStyle()
                            .getFont()
                            .getBold())
                    .isFalse();
        }
        try (XSSFWorkbook workbook = written(none, ONE, TestRecord.of(1L))) {
            assertThat(workbook.getSheetAt(0).getRow(0).getCell(0).getNumericCellValue())
                    .isEqualTo(1);
            assertThat(workbook.getSheetAt(0).getPaneInformation()).isNull();
        }
    }

    @Test
    void should_show_values_as_declared_or_chosen() throws IOException {
        XlsxFormat format = XlsxFormat.builder()
                .numberFormat("paid", "dd.mm.yyyy")
                .numberFormat("share", "0.0%")
                .build();
        FileLayout layout = new FileLayout(List.of(
                Column.of("amount", ColumnType.decimal(10, 3)),
                Column.of("count", ColumnType.decimal(10, 0)),
                Column.of("paid"),
                Column.of("share")));

        try (XSSFWorkbook workbook = written(
                format,
                layout,
                TestRecord.of(new BigDecimal("12.5"), 3L, LocalDate.of(2026, 11, 29), new BigDecimal("0.25")),
                TestRecord.of(12L, 3L, null, 1L))) {
            assertThat(formats(workbook.getSheetAt(0).getRow(1))).containsExactly("0.000", "0", "dd.mm.yyyy", "0.0%");
            assertThat(formats(workbook.getSheetAt(0).getRow(2))).containsExactly("0.000", "0", "0.0%");
        }
    }

    private static List<String> formats(XSSFRow row) {
        List<String> formats = new ArrayList<>();
        row.forEach(cell -> formats.add(cell.getCellStyle().getDataFormatString()));
        return formats;
    }

    @Test
    void should_give_columns_a_width_for_their_values() throws IOException {
        XlsxFormat format = XlsxFormat.builder().width("set", 3).build();
        FileLayout layout = new FileLayout(List.of(
                Column.of("set"),
                Column.of("declared", ColumnType.date()),
                Column.of("seen"),
                Column.of("a header that is longer than any of its values would be"),
                Column.of("x".repeat(100))));

        try (XSSFWorkbook workbook = written(
                format,
                layout,
                TestRecord.of(1L, null, LocalDateTime.parse("2026-11-29T07:30"), true, 1L),
                TestRecord.of(1L, null, null, true, 1L))) {
            assertThat(Stream.of(0, 1, 2, 3, 4)
                            .map(column -> workbook.getSheetAt(0).getColumnWidth(column) / 256))
                    .containsExactly(3, 12, 25, 57, 60);
        }
    }

    @Test
    void should_write_a_trailer() throws IOException {
        XlsxFormat format = XlsxFormat.builder()
                .trailer("Total of run {sequence:000}", "{rows}", "{sum.amount}", "{fire:yyyy-MM-dd}")
                .build();
        FileLayout layout = new FileLayout(
                List.of(Column.of("id"), Column.of("note"), Column.of("amount", ColumnType.decimal(20, 2))),
                7,
                Instant.parse("2026-11-29T06:30:00Z"));
        TestRecord record = TestRecord.of("a", "b", new BigDecimal("1.25"));

        assertThat(format.sums()).containsExactly("amount");
        try (XSSFWorkbook workbook = open(TestRecord.write(
                format, layout, new FileTotals(1, Map.of("amount", new BigDecimal("1.25"))), record))) {
            XSSFRow row = workbook.getSheetAt(0).getRow(2);
            assertThat(row.getCell(0).getStringCellValue()).isEqualTo("Total of run 007");
            assertThat(row.getCell(1).getNumericCellValue()).isEqualTo(1);
            assertThat(row.getCell(2).getNumericCellValue()).isEqualTo(1.25);
            assertThat(row.getCell(2).getCellStyle().getDataFormatString()).isEqualTo("0.00");
            assertThat(row.getCell(3).getStringCellValue()).isEqualTo("2026-11-29");
        }
        BigDecimal large = new BigDecimal("12345678901234567.25");
        try (XSSFWorkbook workbook =
                open(TestRecord.write(format, layout, new FileTotals(1, Map.of("amount", large)), record))) {
            assertThat(workbook.getSheetAt(0).getRow(2).getCell(2).getStringCellValue())
                    .isEqualTo("12345678901234567.25");
        }
    }

    @Test
    void should_begin_another_sheet_before_one_is_too_large() throws IOException {
        XlsxFormat format = XlsxFormat.builder()
                .whenFull(WhenFull.NEXT_SHEET)
                .trailer("{rows} rows")
                .build();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (XlsxWriter writer = new XlsxWriter(format, ONE, bytes, 2_000)) {
            for (int i = 0; i < 10; i++) {
                writer.write(TestRecord.of("x".repeat(100)));
            }
            assertThatThrownBy(() -> writer.write(TestRecord.of("\0"))).isInstanceOf(RejectedCellException.class);
            writer.finish(new FileTotals(10, Map.of()));
        }

        try (XSSFWorkbook workbook = open(bytes.toByteArray())) {
            assertThat(workbook.getNumberOfSheets()).isEqualTo(2);
            List<Integer> rows = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                XSSFSheet sheet = workbook.getSheet(i == 0 ? "Data" : "Data " + (i + 1));
                rows.add(sheet.getLastRowNum());
                assertThat(sheet.getRow(0).getCell(0).getStringCellValue()).isEqualTo("value");
                assertThat(sheet.getRow(1).getCell(0).getStringCellValue()).hasSize(100);
                assertThat(sheet.getColumnWidth(0)).isEqualTo(20 * 256);
                assertThat(sheet.getPaneInformation().isFreezePane()).isTrue();
            }
            assertThat(rows.stream().mapToInt(row -> row).sum()).isEqualTo(11);
            assertThat(workbook.getSheetAt(1).getRow(rows.get(1)).getCell(0).getStringCellValue())
                    .isEqualTo("10 rows");
        }
    }

    @Test
    void should_fail_before_a_sheet_is_too_large() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (XlsxWriter writer = new XlsxWriter(FORMAT, ONE, bytes, 2_000)) {
            for (int i = 0; i < 4; i++) {
                writer.write(TestRecord.of("x".repeat(100)));
            }

            assertThatThrownBy(() -> writer.write(TestRecord.of("x".repeat(500))))
                    .isInstanceOf(InvalidDefinitionException.class)
                    .hasMessage(
                            "the spreadsheet has 1 problem: the sheet is full after 4 records: add splitAfterRows to"
                                    + " the file, or whenFull(NEXT_SHEET) to the format");
        }
    }

    @Test
    void should_carry_no_time_but_the_fire_time() throws IOException {
        FileLayout layout = new FileLayout(List.of(Column.of("a")), 1, Instant.parse("2026-11-29T06:30:00.123456Z"));
        byte[] file = TestRecord.write(FORMAT, layout, TestRecord.of(1L));

        assertThat(parts(file).get("docProps/core.xml"))
                .contains("<dcterms:created xsi:type=\"dcterms:W3CDTF\">2026-11-29T06:30:00Z</dcterms:created>");
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                assertThat(entry.getTimeLocal()).isEqualTo(LocalDateTime.of(1980, 1, 1, 0, 0));
            }
        }
    }

    @Test
    void should_report_all_problems_of_the_options_at_once() {
        assertThatThrownBy(() -> XlsxFormat.builder()
                        .sheetName("'A/B'")
                        .width("a", 0)
                        .width("b", 256)
                        .numberFormat("c", " ")
                        .numberFormat("d", "0\n0")
                        .trailer("{rowz}", "\t")
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("XLSX format has 8 problems:"
                        + " sheetName must have none of \\ / ? * [ ] : and no control character;"
                        + " sheetName must not begin or end with an apostrophe;"
                        + " width of 'a' must be from 1 to 255, not 0;"
                        + " width of 'b' must be from 1 to 255, not 256;"
                        + " numberFormat of 'c' must have from 1 to 255 characters, none of them a control character,"
                        + " such as #,##0.00;"
                        + " numberFormat of 'd' must have from 1 to 255 characters, none of them a control character,"
                        + " such as #,##0.00;"
                        + " trailer '{rowz}': {rowz} is not known: use one of [fire, rows, sequence, sum.FIELD];"
                        + " trailer '?' has a control character, or is too long for a cell");
    }

    @Test
    void should_refuse_names_that_a_sheet_cannot_have() {
        assertThatThrownBy(() -> XlsxFormat.builder().sheetName("").build())
                .hasMessage("XLSX format has 1 problem: sheetName must have from 1 to 31 characters, not 0");
        assertThatThrownBy(() -> XlsxFormat.builder()
                        .sheetName("x".repeat(27))
                        .whenFull(WhenFull.NEXT_SHEET)
                        .build())
                .hasMessage("XLSX format has 1 problem: sheetName must have from 1 to 26 characters, not 27: further"
                        + " sheets have a number behind it");
        assertThatThrownBy(() -> XlsxFormat.builder().sheetName("history").build())
                .hasMessage(
                        "XLSX format has 1 problem: sheetName 'history' is one that spreadsheets keep for themselves:"
                                + " choose another");
        assertThat(XlsxFormat.builder().sheetName("x".repeat(31)).build().sheetName())
                .hasSize(31);
    }

    @Test
    void should_report_columns_that_do_not_fit() {
        XlsxFormat format =
                XlsxFormat.builder().width("gone", 5).numberFormat("lost", "0").build();
        FileLayout layout = FileLayout.of("a\u0001", "b".repeat(32_768));

        assertThat(format.problems(layout))
                .containsExactly(
                        "the header of column 'a\u0001' can't be written: its text has a control character that a"
                                + " spreadsheet can't hold: change the header, or let a transformation remove it",
                        "the header of column '" + "b".repeat(32_768) + "' can't be written: its text has 32768"
                                + " characters, and a cell of a spreadsheet at most 32767: change the header, or let a"
                                + " transformation shorten it",
                        "width is set for 'gone', which is no column",
                        "numberFormat is set for 'lost', which is no column");
        assertThat(FORMAT.problems(FileLayout.of(Stream.iterate(0, i -> i + 1)
                        .limit(16_385)
                        .map(i -> "c" + i)
                        .toArray(String[]::new))))
                .containsExactly("there are 16385 columns, and a spreadsheet has 16384");
    }

    @Test
    void should_write_as_many_columns_as_a_sheet_has() throws IOException {
        FileLayout layout = FileLayout.of(
                Stream.iterate(0, i -> i + 1).limit(16_384).map(i -> "c" + i).toArray(String[]::new));

        try (XSSFWorkbook workbook = written(FORMAT, layout)) {
            XSSFRow row = workbook.getSheetAt(0).getRow(0);
            assertThat(row.getLastCellNum()).isEqualTo((short) 16_384);
            assertThat(row.getCell(16_383).getStringCellValue()).isEqualTo("c16383");
            assertThat(row.getCell(701).getReference()).isEqualTo("ZZ1");
            assertThat(row.getCell(702).getReference()).isEqualTo("AAA1");
        }
    }

    @Test
    void should_differ_by_each_option() {
        List<XlsxFormat> formats = List.of(
                FORMAT,
                XlsxFormat.builder().sheetName("Other").build(),
                XlsxFormat.builder().header(Header.ABSENT).build(),
                XlsxFormat.builder().headerStyle(HeaderStyle.FILLED).build(),
                XlsxFormat.builder().longNumbers(LongNumbers.TEXT).build(),
                XlsxFormat.builder().whenFull(WhenFull.NEXT_SHEET).build(),
                XlsxFormat.builder().zone(ZoneId.of("Europe/Berlin")).build(),
                XlsxFormat.builder().width("a", 5).build(),
                XlsxFormat.builder().numberFormat("a", "0").build(),
                XlsxFormat.builder().trailer("T").build());

        assertThat(formats).doesNotHaveDuplicates();
        assertThat(formats).extracting(XlsxFormat::fingerprint).doesNotHaveDuplicates();
        assertThat(XlsxFormat.builder()
                        .header(Header.SCROLLING)
                        .headerStyle(HeaderStyle.PLAIN)
                        .longNumbers(LongNumbers.TEXT)
                        .whenFull(WhenFull.NEXT_SHEET)
                        .width("a", 5)
                        .numberFormat("a", "0")
                        .trailer("T", "{rows}")
                        .build())
                .hasToString(
                        "XLSX with sheet 'Data', times in Z, header SCROLLING, header style PLAIN, long numbers TEXT,"
                                + " when full NEXT_SHEET, width of a 5, number format of a '0', trailer [T, {rows}]");
    }
}
