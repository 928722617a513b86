package io.outfeed.format.fixed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.format.CellType;
import io.outfeed.format.FileLayout;
import io.outfeed.format.RecordWriter;
import io.outfeed.format.RejectedCellException;
import io.outfeed.format.fixed.FixedField.Align;
import io.outfeed.format.fixed.FixedField.Sign;
import io.outfeed.format.fixed.FixedField.TooLong;
import io.outfeed.format.fixed.FixedWidthFormat.LineEnding;
import io.outfeed.format.fixed.FixedWidthFormat.WidthUnit;
import io.outfeed.internal.mapping.Cell;
import io.outfeed.internal.mapping.RowCells;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** What a value becomes in its place. */
class FixedFieldTest {

    private static final Pattern BLANK = Pattern.compile(" ");

    /** @param notation the width, and options, such as {@code number(6) sign=TRAILING} */
    private static FixedField field(String notation) {
        List<String> words = List.of(BLANK.split(notation));
        int width = Integer.parseInt(words.get(0).replaceAll("\\D", ""));
        FixedField field = words.get(0).startsWith("number") ? FixedField.number(width) : FixedField.text(width);
        for (String word : words) {
            String value = word.substring(word.indexOf('=') + 1);
            field = switch (word.substring(0, Math.max(0, word.indexOf('=')))) {
                case "align" -> field.align(Align.valueOf(value));
                case "padding" -> field.padding(value.charAt(0));
                case "empty" -> field.empty(value.charAt(0));
                case "tooLong" -> field.tooLong(TooLong.valueOf(value));
                case "sign" -> field.sign(Sign.valueOf(value));
                case "decimals" -> field.decimals(Integer.parseInt(value));
                case "implied" -> field.impliedDecimals(Integer.parseInt(value));
                default -> field;
            };
        }
        return field;
    }

    private static String write(FixedField field, WidthUnit unit, CellType type, String text) throws IOException {
        FixedWidthFormat format = FixedWidthFormat.builder()
                .column("a", field)
                .lineEnding(LineEnding.NONE)
                .widthUnit(unit)
                .build();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (RecordWriter writer = format.open(FileLayout.of("a"), bytes)) {
            writer.write(new RowCells(Arrays.asList(text.equals("null") ? null : new Cell(text, type))));
        }
        return "[" + bytes.toString(UTF_8) + "]";
    }

    /** The unit is that of characters, unless the notation says bytes. */
    @ParameterizedTest(name = "{0}: {1} {2}")
    @CsvFileSource(resources = "fields.txt", delimiter = '|', quoteCharacter = '`')
    void should_fill_its_place(String notation, CellType type, String text, String expected) throws IOException {
        WidthUnit unit = notation.endsWith(" bytes") ? WidthUnit.BYTES : WidthUnit.CHARACTERS;
        String value = text.replace("\\n", "\n");
        if (expected.startsWith("!")) {
            assertThatThrownBy(() -> write(field(notation), unit, type, value))
                    .isInstanceOf(RejectedCellException.class)
                    .hasMessage(expected.substring(1).strip());
        } else {
            assertThat(write(field(notation), unit, type, value)).isEqualTo(expected);
        }
    }

    @Test
    void should_be_a_value() {
        FixedField field = field("number(9) sign=TRAILING_ALWAYS implied=2 empty=0 align=LEFT padding=_");

        assertThat(field)
                .isEqualTo(field("number(9) align=LEFT padding=_ implied=2 sign=TRAILING_ALWAYS empty=0"))
                .hasToString("NUMBER(9, LEFT, padding '_', empty '0', sign TRAILING_ALWAYS, implied decimals 2)")
                .isNotEqualTo(field("number(9)"));
        assertThat(field("text(4) tooLong=CUT")).hasToString("TEXT(4, CUT)");
        assertThat(field("number(4) decimals=1")).hasToString("NUMBER(4, decimals 1)");
    }

    @Test
    void should_refuse_options_that_would_change_a_value() {
        assertThatThrownBy(() -> FixedField.text(0)).hasMessage("width must be at least 1, not 0");
        assertThatThrownBy(() -> FixedField.number(4).tooLong(TooLong.CUT))
                .hasMessage("a number is never cut, which would change it: use a wider field");
        assertThatThrownBy(() -> FixedField.text(4).sign(Sign.TRAILING))
                .hasMessage("a text has no sign: use number(width)");
        assertThatThrownBy(() -> FixedField.text(4).decimals(2))
                .hasMessage("a text has no decimal places: use number(width)");
        assertThatThrownBy(() -> FixedField.number(4).impliedDecimals(101))
                .hasMessage("decimal places must be from 0 to 100, not 101");
    }
}
