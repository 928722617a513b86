package io.outfeed.internal.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.outfeed.error.ExportException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VisibleTextTest {

    static Stream<Arguments> texts() {
        return Stream.of(
                arguments("plain text", "plain text"),
                arguments("Zürich 東京 😀", "Zürich 東京 😀"),
                arguments("a\r\nb\tc", "a??b?c"),
                arguments("\u001B[2Jx", "?[2Jx"),
                arguments("a\u202Etxt.exe", "a?txt.exe"),
                arguments("a\u2028b\u200Bc", "a?b?c"),
                arguments("a\uD800b", "a?b"),
                arguments("\uE000\uFFFF", "??"));
    }

    @ParameterizedTest
    @MethodSource("texts")
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
