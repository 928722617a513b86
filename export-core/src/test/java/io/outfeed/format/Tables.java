package io.outfeed.format;

import io.outfeed.internal.mapping.Cell;
import io.outfeed.internal.mapping.RowCells;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Tables of texts, and their bytes in a format. */
final class Tables {

    /** Cells that have broken a reader or a writer somewhere. */
    static final List<@Nullable String> NASTY = nasty();

    private Tables() {}

    private static List<@Nullable String> nasty() {
        List<@Nullable String> cells = new ArrayList<>(List.of(
                "",
                " ",
                "  two",
                "two  ",
                "\t",
                "a\tb",
                "\"",
                "\"\"",
                "\"quoted\"",
                "a\"b",
                "\",\"",
                "'",
                "''",
                "it's",
                ",",
                ";",
                "|",
                "a,b",
                "\r",
                "\n",
                "\r\n",
                "\n\r",
                "a\rb",
                "a\nb",
                "a\r\nb",
                "\r\n\r\n",
                "\n\"",
                "\"\n",
                "\\",
                "\\N",
                "\\\\N",
                "\\.",
                "\\n",
                "\"\\\"",
                "NULL",
                "null",
                "#",
                "# a comment",
                "=1+1",
                "+1",
                "-1",
                "@x",
                "1",
                "-12.50",
                "1,5",
                "é",
                "Zürich",
                "\ufeff",
                "\ufeffid",
                "日本",
                "\uD83D\uDE00",
                "\uD83D\uDC69\u200D\uD83D\uDE80",
                "e\u0301",
                "שלום",
                "\u202eabc",
                "\u2028",
                "\u2029",
                "\u0085",
                "\u00a0",
                "\u0001",
                "\u001a",
                "\u007f",
                "\uffff",
                "a".repeat(33_000),
                ",\"\r\n".repeat(9_000)));
        cells.add(null);
        return cells;
    }

    /** Each cell in the first, a middle and the last column, and next to a null and an empty text. */
    static List<@Nullable String[]> rowsOf(List<@Nullable String> cells) {
        List<@Nullable String[]> rows = new ArrayList<>();
        for (String cell : cells) {
            rows.add(new @Nullable String[] {cell, "x", "y"});
            rows.add(new @Nullable String[] {"x", cell, "y"});
            rows.add(new @Nullable String[] {"x", "y", cell});
            rows.add(new @Nullable String[] {cell, cell, cell});
            rows.add(new @Nullable String[] {null, cell, ""});
        }
        return rows;
    }

    static List<@Nullable String[]> columnOf(List<@Nullable String> cells) {
        List<@Nullable String[]> rows = new ArrayList<>();
        for (String cell : cells) {
            rows.add(new @Nullable String[] {cell});
        }
        return rows;
    }

    static FileLayout layout(int columns) {
        return new FileLayout(
                IntStream.range(0, columns).mapToObj(i -> Column.of("c" + i)).toList());
    }

    static byte[] write(RecordFormat format, List<@Nullable String[]> rows) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (RecordWriter writer = format.open(layout(rows.get(0).length), bytes)) {
            for (@Nullable String[] row : rows) {
                writer.write(texts(row));
            }
            writer.flush();
            long counted = writer.bytes();
            if (counted != bytes.size()) {
                throw new AssertionError(counted + " bytes counted, " + bytes.size() + " written");
            }
            writer.finish(new FileTotals(rows.size(), Map.of()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    static RecordCells texts(@Nullable String... row) {
        List<@Nullable Cell> cells = new ArrayList<>();
        for (String text : row) {
            cells.add(text == null ? null : new Cell(text, CellType.TEXT));
        }
        return new RowCells(cells);
    }

    /** What a reader can know of a table without nulls: an empty text is read as null, or the reverse. */
    static List<List<@Nullable String>> expected(List<@Nullable String[]> rows, @Nullable String forNull) {
        List<List<@Nullable String>> expected = new ArrayList<>();
        for (@Nullable String[] row : rows) {
            List<@Nullable String> cells = new ArrayList<>();
            for (String cell : row) {
                cells.add(cell == null ? forNull : cell);
            }
            expected.add(cells);
        }
        return expected;
    }
}
