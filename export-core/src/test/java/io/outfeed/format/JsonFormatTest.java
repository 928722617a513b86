package io.outfeed.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.internal.mapping.Cell;
import io.outfeed.internal.mapping.RowCells;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonFormatTest {

    private final JsonFormat format = JsonFormat.lines();

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

    private static String write(JsonFormat format, FileLayout layout, RecordCells... rows) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (RecordWriter writer = format.open(layout, bytes)) {
            for (RecordCells row : rows) {
                writer.write(row);
            }
            writer.finish(new FileTotals(rows.length, Map.of()));
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void should_write_an_array() throws IOException {
        FileLayout layout = FileLayout.of("a", "b");

        assertThat(write(JsonFormat.array(), layout)).isEqualTo("[]\n");
        assertThat(write(JsonFormat.array(), layout, Tables.texts("1", null)))
                .isEqualTo("[\n{\"a\":\"1\",\"b\":null}\n]\n");
        assertThat(write(JsonFormat.array(), layout, Tables.texts("1", "2"), Tables.texts("3", "4")))
                .isEqualTo("[\n{\"a\":\"1\",\"b\":\"2\"},\n{\"a\":\"3\",\"b\":\"4\"}\n]\n");
    }

    @Test
    void should_keep_an_array_whole_where_a_record_is_rejected() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (RecordWriter writer = JsonFormat.array().open(FileLayout.of("a"), bytes)) {
            assertThatThrownBy(() -> writer.write(Tables.texts("\uD83D"))).isInstanceOf(RejectedCellException.class);
            writer.write(Tables.texts("x"));
            assertThatThrownBy(() -> writer.write(Tables.texts("\uD83D"))).isInstanceOf(RejectedCellException.class);
            writer.finish(new FileTotals(1, Map.of()));
        }

        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("[\n{\"a\":\"x\"}\n]\n");
    }

    @Test
    void should_nest_objects_where_their_first_member_is() throws IOException {
        FileLayout layout = FileLayout.of("home.city", "id", "home.at.lat", "work", "home.at.lon", "home.zip");

        assertThat(write(JsonFormat.lines().nested(), layout, Tables.texts("c", "1", "2", "w", "3", "z")))
                .isEqualTo("{\"home\":{\"city\":\"c\",\"at\":{\"lat\":\"2\",\"lon\":\"3\"},\"zip\":\"z\"},\"id\":\"1\","
                        + "\"work\":\"w\"}\n");
        assertThat(write(JsonFormat.lines(), FileLayout.of("home.city"), Tables.texts("c")))
                .isEqualTo("{\"home.city\":\"c\"}\n");
        assertThat(write(JsonFormat.array().nested(), FileLayout.of("a.b.c"), Tables.texts("x")))
                .isEqualTo("[\n{\"a\":{\"b\":{\"c\":\"x\"}}}\n]\n");
    }

    @Test
    void should_refuse_headers_that_give_no_objects() {
        assertThat(JsonFormat.lines()
                        .nested()
                        .problems(FileLayout.of("a", "a.b", "c.d", "c", ".e", "f.", "g..h", "i.j", "i.j.k", "l")))
                .containsExactly(
                        "the header 'a.b' would be a value and an object: choose another",
                        "the header 'c' would be a value and an object: choose another",
                        "the header '.e' has no name before or behind a dot",
                        "the header 'f.' has no name before or behind a dot",
                        "the header 'g..h' has no name before or behind a dot",
                        "the header 'i.j.k' would be a value and an object: choose another");
        assertThat(JsonFormat.lines().problems(FileLayout.of("a", "a.b", ".e"))).isEmpty();
    }

    @Test
    void should_be_a_value() {
        assertThat(JsonFormat.array().nested())
                .isEqualTo(JsonFormat.array().nested())
                .hasSameHashCodeAs(JsonFormat.array().nested())
                .isNotEqualTo(JsonFormat.array())
                .isNotEqualTo(JsonFormat.lines().nested())
                .hasToString("JSON array, nested");
        assertThat(JsonFormat.lines()).hasToString("JSON Lines");
    }
}
