package io.outfeed.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.InvalidDefinitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvFormatTest {

    @Test
    void should_be_rfc_4180_by_default() {
        CsvFormat format = CsvFormat.builder().build();

        assertThat(format).isEqualTo(CsvFormat.rfc4180()).hasSameHashCodeAs(CsvFormat.rfc4180());
        assertThat(format.delimiter()).isEqualTo(',');
        assertThat(format.quote()).isEqualTo(CsvFormat.Quote.DOUBLE);
        assertThat(format.lineEnding()).isEqualTo(CsvFormat.LineEnding.CRLF);
        assertThat(format.lineEnding().text()).isEqualTo("\r\n");
        assertThat(format).hasToString("CSV with delimiter ,, DOUBLE quotes, CRLF");
    }

    @Test
    void should_differ_by_each_option() {
        assertThat(CsvFormat.builder().delimiter(';').build()).isNotEqualTo(CsvFormat.rfc4180());
        assertThat(CsvFormat.builder().quote(CsvFormat.Quote.SINGLE).build()).isNotEqualTo(CsvFormat.rfc4180());
        assertThat(CsvFormat.builder().lineEnding(CsvFormat.LineEnding.LF).build())
                .isNotEqualTo(CsvFormat.rfc4180());
    }

    @ParameterizedTest
    @ValueSource(chars = {',', ';', '|', '\t', ':', '~', '^', '!'})
    void should_take_delimiters_that_can_be_read_back(char delimiter) {
        assertThat(CsvFormat.builder().delimiter(delimiter).build().delimiter()).isEqualTo(delimiter);
    }

    @ParameterizedTest
    @ValueSource(chars = {'a', 'Z', '0', ' ', '"', '\'', '\n', '\r', '\0', '\u00a7', '\u007f', '\uff0c'})
    void should_refuse_other_delimiters(char delimiter) {
        assertThatThrownBy(() -> CsvFormat.builder().delimiter(delimiter).build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("CSV format has 1 problem: the delimiter must be a tab or a printable ASCII character that"
                        + " is no letter, digit or quote, such as , ; or |");
    }

    @Test
    @SuppressWarnings("NullAway")
    void should_refuse_null_at_once() {
        assertThatThrownBy(() -> CsvFormat.builder().quote(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("quote");
        assertThatThrownBy(() -> CsvFormat.builder().lineEnding(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("lineEnding");
    }
}
