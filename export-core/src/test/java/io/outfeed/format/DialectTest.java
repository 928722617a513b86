package io.outfeed.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.internal.mapping.Cell;
import io.outfeed.internal.mapping.RowCells;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each line of {@code dialects.txt}: the bytes of one row, or the problems. */
class DialectTest {

    /** A text, a number, a boolean, a null, an empty text, and a text that needs quotes. */
    private static final FileLayout LAYOUT = FileLayout.of("name", "n", "b", "nil", "empty", "note");

    private static final RowCells ROW = new RowCells(Arrays.asList(
            new Cell("é=1", CellType.TEXT),
            new Cell("-1.50", CellType.DECIMAL),
            new Cell("true", CellType.BOOLEAN),
            null,
            new Cell("", CellType.TEXT),
            new Cell("=a;,|\t'\"b", CellType.TEXT)));

    static List<Dialects.Case> dialects() {
        return Dialects.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dialects")
    void should_write_or_refuse(Dialects.Case dialect) throws IOException {
        if (dialect.expected().startsWith("!")) {
            assertThatThrownBy(dialect::format)
                    .isInstanceOfSatisfying(
                            InvalidDefinitionException.class,
                            e -> assertThat(String.join(" / ", e.problems()))
                                    .isEqualTo(dialect.expected().substring(1).strip()));
            return;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (RecordWriter writer = dialect.format().open(LAYOUT, bytes)) {
            writer.write(ROW);
        } catch (RejectedCellException e) {
            assertThat("column " + e.column() + ": " + e.getMessage()).isEqualTo(dialect.expected());
            return;
        }
        String charset = dialect.format().charset().name();
        String shown = charset.equals("UTF-8")
                ? bytes.toString(charset)
                : HexFormat.of().formatHex(bytes.toByteArray());
        assertThat(shown.replace("\ufeff", "<BOM>")
                        .replace("\r", "<CR>")
                        .replace("\n", "<LF>")
                        .replace("\t", "<TAB>"))
                .isEqualTo(dialect.expected());
    }

    @Test
    void should_compare_by_all_options() {
        List<CsvFormat> formats = Dialects.all().stream()
                .filter(dialect -> !dialect.expected().startsWith("!"))
                .map(Dialects.Case::format)
                .toList();

        assertThat(formats).doesNotHaveDuplicates().hasSizeGreaterThan(25);
        assertThat(formats.stream().map(CsvFormat::toString)).doesNotHaveDuplicates();
        assertThat(Dialects.all().stream()
                        .filter(dialect -> !dialect.expected().startsWith("!"))
                        .map(Dialects.Case::format))
                .containsExactlyElementsOf(formats);
    }
}
