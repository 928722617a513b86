package io.outfeed.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisibleTextTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    plain text            | plain text
                    Zürich 東京 😀         | Zürich 東京 😀
                    "a\r\nb\tc"           | a??b?c
                    "\u001B[2Jx"          | ?[2Jx
                    "a\u202Etxt.exe"      | a?txt.exe
                    "a\u2028b\u200Bc"     | a?b?c
                    "a\uD800b"            | a?b
                    "\uE000\uFFFF"        | ??
                    """)
    void should_show_what_is_visible_only(String text, String shown) {
        assertThat(VisibleText.of(text, 100)).isEqualTo(shown);
    }

    @Test
    void should_cut_after_whole_characters() {
        assertThat(VisibleText.of("😀😀😀", 3)).isEqualTo("😀😀😀");
        assertThat(VisibleText.of("😀😀😀", 2)).isEqualTo("😀😀…");
        assertThat(VisibleText.of("", 0)).isEmpty();
    }

    @Test
    void should_be_the_message_of_each_failure() {
        assertThat(new ExportException("the server says: \r\n2026-03-01 INFO all is well \u001B[0m"))
                .hasMessage("the server says: ??2026-03-01 INFO all is well ?[0m");
        assertThat(new ExportException("x".repeat(10_000)).getMessage()).hasSizeLessThan(5_000);
    }
}
