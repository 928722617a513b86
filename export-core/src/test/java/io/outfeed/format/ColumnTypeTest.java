package io.outfeed.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class ColumnTypeTest {

    private static final Pattern PUNCTUATION = Pattern.compile("[(,)]");

    private static ColumnType of(String notation) {
        List<String> parts = PUNCTUATION
                .splitAsStream(notation)
                .filter(part -> !part.isEmpty())
                .toList();
        return new ColumnType(CellType.valueOf(parts.get(0)), number(parts, 1), number(parts, 2));
    }

    private static OptionalInt number(List<String> parts, int index) {
        return parts.size() > index ? OptionalInt.of(Integer.parseInt(parts.get(index))) : OptionalInt.empty();
    }

    @ParameterizedTest(name = "{0}: {1} {2}")
    @CsvFileSource(resources = "column-types.txt", delimiter = '|', quoteCharacter = '`')
    void should_tell_whether_a_cell_fits(String column, CellType type, String text, String problem) {
        assertThat(of(column).problem(type, text).orElse("-")).isEqualTo(problem);
        assertThat(of(column)).hasToString(column);
    }

    @Test
    void should_be_a_value() {
        assertThat(ColumnType.decimal(10, 2)).isEqualTo(of("DECIMAL(10,2)")).isNotEqualTo(ColumnType.decimal(10, 1));
        assertThat(ColumnType.text(3)).isEqualTo(of("TEXT(3)"));
        assertThat(ColumnType.integer(3)).isEqualTo(of("INTEGER(3)"));
        assertThat(ColumnType.instant()).isEqualTo(of("INSTANT"));
    }

    @Test
    void should_refuse_limits_that_do_not_fit() {
        assertThatThrownBy(() -> ColumnType.text(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("length must be at least 1, not 0");
        assertThatThrownBy(() -> ColumnType.decimal(5, 6))
                .hasMessage("scale must be from 0 to the number of all digits, not 6");
        assertThatThrownBy(() -> ColumnType.decimal(5, -1))
                .hasMessage("scale must be from 0 to the number of all digits, not -1");
        assertThatThrownBy(() -> of("DATE(5)")).hasMessage("a column of type DATE has no length");
        assertThatThrownBy(() -> of("INTEGER(5,1)")).hasMessage("a column of type INTEGER has no scale");
    }
}
