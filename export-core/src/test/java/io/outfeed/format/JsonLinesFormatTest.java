package io.outfeed.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonLinesFormatTest {

    private final JsonLinesFormat format = JsonLinesFormat.standard();

    private record Cells(List<CellType> types, RecordCells row) implements RecordCells {

        @Override
        public int size() {
            return row.size();
        }

        @Override
        public @Nullable String text(int column) {
            return row.text(column);
        }

        @Override
        public CellType type(int column) {
            return types.get(column);
        }
    }

    private String write(List<String> headers, RecordCells cells) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (RecordWriter writer = format.open(headers, bytes)) {
            writer.write(cells);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void should_write_numbers_and_booleans_as_such_and_null_as_null() throws IOException {
        List<CellType> types = List.of(CellType.TEXT, CellType.NUMBER, CellType.BOOLEAN, CellType.TEXT, CellType.TEXT);

        assertThat(write(
                        List.of("id", "n", "b", "nil", "empty"),
                        new Cells(types, Tables.texts("1", "-12.50", "true", null, ""))))
                .isEqualTo("{\"id\":\"1\",\"n\":-12.50,\"b\":true,\"nil\":null,\"empty\":\"\"}\n");
    }

    @Test
    void should_escape_what_must_be() throws IOException {
        assertThat(write(
                        List.of("the \"name\"\\"),
                        Tables.texts("\"\\/\b\f\n\r\t\u0000\u001f\u007f\u2028\u2029é\uD83D\uDE00")))
                .isEqualTo("{\"the \\\"name\\\"\\\\\":"
                        + "\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u0000\\u001f\u007f\\u2028\\u2029é\uD83D\uDE00\"}\n");
    }

    @Test
    void should_write_nothing_of_a_record_with_half_of_a_surrogate_pair() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (RecordWriter writer = format.open(List.of("a", "b"), bytes)) {
            assertThatThrownBy(() -> writer.write(Tables.texts("x", "\uD83D")))
                    .isInstanceOfSatisfying(
                            RejectedCellException.class,
                            e -> assertThat(e.column()).isEqualTo(1))
                    .hasMessage("its text is no valid Unicode (half of a surrogate pair): correct the record");
            writer.write(Tables.texts("x", null));
        }

        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("{\"a\":\"x\",\"b\":null}\n");
    }

    @Test
    void should_refuse_a_header_that_is_no_text_and_write_nothing_without_records() throws IOException {
        assertThat(format.problems(List.of("a", "\uDE00")))
                .containsExactly("a header is no valid Unicode text (half of a surrogate pair)");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        format.open(List.of("a"), bytes).close();
        assertThat(bytes.size()).isZero();
    }
}
