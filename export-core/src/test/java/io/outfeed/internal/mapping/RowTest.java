package io.outfeed.internal.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.MappingException;
import io.outfeed.field.Fields;
import io.outfeed.field.ValueTexts;
import io.outfeed.format.CsvFormat;
import io.outfeed.format.FileLayout;
import io.outfeed.format.RecordWriter;
import io.outfeed.format.RejectedCellException;
import io.outfeed.internal.io.DigestOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowTest {

    private static final CsvFormat RFC = CsvFormat.rfc4180();
    private static final CsvFormat LF =
            CsvFormat.builder().lineEnding(CsvFormat.LineEnding.LF).build();

    private static final CellText TEXTS = new CellText(ValueTexts.defaults(), "job=rows, run=7");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** A record is a row of cells here, and the headers are a, b, c … */
    private static Fields<@Nullable Object[]> columns(int count) {
        Fields.Builder<@Nullable Object[]> fields = Fields.builder(Object[].class);
        for (int i = 0; i < count; i++) {
            int column = i;
            fields.field(Character.toString('a' + i), row -> row[column]);
        }
        return fields.build();
    }

    private static <T> RowMapper<T> mapper(Fields<T> fields) {
        return new RowMapper<>(fields.mappings(), TEXTS);
    }

    private static FileLayout layout(Fields<?> fields) {
        return new FileLayout(fields.columns());
    }

    private String written() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private String write(CsvFormat format, @Nullable Object... row) throws IOException {
        return write(format, List.<@Nullable Object[]>of(row));
    }

    private String write(CsvFormat format, List<@Nullable Object[]> rows) throws IOException {
        bytes.reset();
        Fields<@Nullable Object[]> fields = columns(rows.get(0).length);
        RowMapper<@Nullable Object[]> mapper = mapper(fields);
        try (RecordWriter writer = format.open(layout(fields), bytes)) {
            for (@Nullable Object[] row : rows) {
                writer.write(mapper.map(row, "key"));
            }
        }
        return written()
                .substring(written().indexOf(format.lineEnding().text())
                        + format.lineEnding().text().length());
    }

    @Test
    void should_write_a_header_and_lines() throws IOException {
        write(RFC, Arrays.asList(new Object[] {1, "x"}, new Object[] {2, "y"}));

        assertThat(written()).isEqualTo("a,b\r\n1,x\r\n2,y\r\n");
    }

    @Test
    void should_write_the_header_of_a_file_without_records() throws IOException {
        RFC.open(layout(columns(3)), bytes).close();

        assertThat(written()).isEqualTo("a,b,c\r\n");
    }

    record Cell(String value, String expected) {

        /** The line of the table. */
        @Override
        public String toString() {
            return "[" + value + "] -> [" + expected + "]";
        }
    }

    static Stream<Cell> cells() throws IOException {
        try (InputStream table = RowTest.class.getResourceAsStream("cells.txt")) {
            assertThat(table).isNotNull();
            return new String(table.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> line.startsWith("["))
                            .map(line -> line.substring(1, line.length() - 1).split("\\] -> \\[", 2))
                            .map(cells -> new Cell(cells[0], cells[1]))
                            .toList()
                            .stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cells")
    void should_quote_what_needs_it(Cell cell) throws IOException {
        assertThat(write(RFC, "x", cell.value())).isEqualTo("x," + cell.expected() + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "a\r\nb", "\n", "\r"})
    void should_quote_line_ends_whatever_ends_the_lines(String value) throws IOException {
        assertThat(write(RFC, "x", value)).isEqualTo("x,\"" + value + "\"\r\n");
        assertThat(write(LF, "x", value)).isEqualTo("x,\"" + value + "\"\n");
    }

    @Test
    void should_leave_empty_cells_empty_but_never_write_a_blank_line() throws IOException {
        assertThat(write(RFC, "x", null, "")).isEqualTo("x,,\r\n");
        assertThat(write(RFC, null, "x")).isEqualTo(",x\r\n");
        assertThat(write(RFC, new @Nullable Object[] {null})).isEqualTo("\"\"\r\n");
        assertThat(write(RFC, "")).isEqualTo("\"\"\r\n");
        assertThat(write(LF, Arrays.<@Nullable Object[]>asList(new @Nullable Object[] {null}, new Object[] {"x"})))
                .isEqualTo("\"\"\nx\n");
    }

    @Test
    void should_quote_headers_like_values() throws IOException {
        Fields<String> fields = Fields.builder(String.class)
                .field("last, first", text -> text)
                .field("the \"nick\" name", text -> text)
                .build();
        RFC.open(layout(fields), bytes).close();

        assertThat(written()).isEqualTo("\"last, first\",\"the \"\"nick\"\" name\"\r\n");
    }

    @Test
    void should_write_other_dialects() throws IOException {
        CsvFormat single = CsvFormat.builder().quote(CsvFormat.Quote.SINGLE).build();
        CsvFormat tabs = CsvFormat.builder()
                .delimiter('\t')
                .lineEnding(CsvFormat.LineEnding.LF)
                .build();
        CsvFormat pipes = CsvFormat.builder().delimiter('|').build();

        assertThat(write(single, "it's", "say \"hi\"", "a,b")).isEqualTo("'it''s',say \"hi\",'a,b'\r\n");
        assertThat(write(tabs, "a\tb", "c,d", "e")).isEqualTo("\"a\tb\"\tc,d\te\n");
        assertThat(write(pipes, "a|b", "c,d")).isEqualTo("\"a|b\"|c,d\r\n");
    }

    @Test
    void should_write_unicode_without_a_byte_order_mark() throws IOException {
        assertThat(write(RFC, "x", "日本 \uD83D\uDE00")).isEqualTo("x,日本 \uD83D\uDE00\r\n");
        assertThat(bytes.toByteArray()[0]).isEqualTo((byte) 'a');
    }

    @ParameterizedTest(name = "case {index}") // the reports of a build can't carry half of a pair
    @ValueSource(strings = {"a\uD83D", "\uDE00b", "a\uD83Db"})
    void should_refuse_half_of_a_surrogate_pair(String value) {
        assertThatThrownBy(() -> write(RFC, "x", value)).isInstanceOf(RejectedCellException.class);
        assertThatThrownBy(() -> write(RFC, value)).isInstanceOf(RejectedCellException.class);
    }

    @Test
    void should_write_nothing_of_a_record_that_fails() throws IOException {
        RowMapper<@Nullable Object[]> mapper = mapper(columns(2));
        RecordWriter writer = RFC.open(layout(columns(2)), bytes);

        assertThatThrownBy(() -> writer.write(mapper.map(new Object[] {"a value", new int[] {1}}, "17")))
                .isInstanceOf(MappingException.class);
        writer.write(mapper.map(new Object[] {1, 2}, "18"));
        writer.close();

        assertThat(written()).isEqualTo("a,b\r\n1,2\r\n");
    }

    @Test
    void should_name_field_and_record_but_no_value() {
        Fields<String> fields = Fields.builder(String.class)
                .field("grade", text -> {
                    throw new IllegalStateException("quotes " + text, new RuntimeException("too: " + text));
                })
                .build();

        assertThatThrownBy(() -> mapper(fields).map("a secret", "17"))
                .isInstanceOfSatisfying(MappingException.class, e -> {
                    assertThat(e.field()).isEqualTo("grade");
                    assertThat(e.recordKey()).isEqualTo("17");
                    assertThat(e)
                            .hasMessage(
                                    "can't map field 'grade' (DIRECT) of record '17': correct the record, or give the"
                                            + " field a transformation or match code for it (job=rows, run=7,"
                                            + " field=grade)");
                    StringWriter trace = new StringWriter();
                    e.printStackTrace(new PrintWriter(trace, true));
                    assertThat(trace.toString())
                            .contains("java.lang.IllegalStateException")
                            .doesNotContain("secret");
                });
    }

    @Test
    void should_report_an_error_as_an_exception_without_its_message() {
        Fields<String> fields = Fields.builder(String.class)
                .field("grade", text -> {
                    throw new AssertionError("unexpected value " + text);
                })
                .build();

        assertThatThrownBy(() -> mapper(fields).map("secret", "17"))
                .isInstanceOf(MappingException.class)
                .hasMessageContaining("can't map field 'grade' (DIRECT) of record '17'")
                .satisfies(e -> assertThat(e).hasStackTraceContaining("java.lang.AssertionError"))
                .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("secret"));
    }

    @Test
    void should_let_errors_of_the_jvm_pass() {
        Fields<String> fields = Fields.builder(String.class)
                .field("grade", text -> {
                    throw new StackOverflowError();
                })
                .build();

        assertThatThrownBy(() -> mapper(fields).map("x", "17")).isInstanceOf(StackOverflowError.class);
    }

    private static String stackTrace(Throwable e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void should_count_and_hash_what_it_writes() throws IOException {
        DigestOutput digest = new DigestOutput(bytes);
        digest.write("ab".getBytes(StandardCharsets.UTF_8));
        digest.write('c');
        digest.close();

        assertThat(written()).isEqualTo("abc");
        assertThat(digest.bytes()).isEqualTo(3);
        assertThat(digest.sha256()).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
