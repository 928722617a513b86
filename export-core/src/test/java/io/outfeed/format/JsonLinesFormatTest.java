package io.outfeed.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.internal.mapping.Cell;
import io.outfeed.internal.mapping.RowCells;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class JsonLinesFormatTest {

    private final JsonLinesFormat format = JsonLinesFormat.standard();

    private String write(FileLayout layout, RecordCells cells) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (RecordWriter writer = format.open(layout, bytes)) {
            writer.write(cells);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void should_write_numbers_and_booleans_as_such_and_null_as_null() throws IOException {
        RowCells row = new RowCells(Arrays.asList(
                new Cell("1", CellType.TEXT),
                new Cell("7", CellType.INTEGER),
                new Cell("-12.50", CellType.DECIMAL),
                new Cell("true", CellType.BOOLEAN),
                new Cell("2026-11-29", CellType.DATE),
                null,
                new Cell("", CellType.TEXT)));

        assertThat(write(FileLayout.of("id", "i", "n", "b", "d", "nil", "empty"), row))
                .isEqualTo("{\"id\":\"1\",\"i\":7,\"n\":-12.50,\"b\":true,\"d\":\"2026-11-29\",\"nil\":null,"
                        + "\"empty\":\"\"}\n");
    }

    @Test
    void should_escape_what_must_be() throws IOException {
        assertThat(write(
                        FileLayout.of("the \"name\"\\"),
                        Tables.texts("\"\\/\b\f\n\r\t\u0000\u001f\u007f\u2028\u2029é\uD83D\uDE00")))
                .isEqualTo("{\"the \\\"name\\\"\\\\\":"
                        + "\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u0000\\u001f\u007f\\u2028\\u2029é\uD83D\uDE00\"}\n");
    }

    @Test
    void should_write_nothing_of_a_record_with_half_of_a_surrogate_pair() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (RecordWriter writer = format.open(FileLayout.of("a", "b"), bytes)) {
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
        assertThat(format.problems(FileLayout.of("a", "\uDE00")))
                .containsExactly("a header is no valid Unicode text (half of a surrogate pair)");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        format.open(FileLayout.of("a"), bytes).close();
        assertThat(bytes.size()).isZero();
    }
}
