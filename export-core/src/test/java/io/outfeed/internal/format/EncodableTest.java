package io.outfeed.internal.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EncodableTest {

    @Test
    void should_know_charsets_that_lack_a_part_of_ascii() {
        Encodable japanese = new Encodable(Charset.forName("x-IBM943"));

        assertThat(japanese.carries("a;b")).isTrue();
        assertThat(japanese.carries("a\\b")).isFalse();
        assertThat(japanese.carries("a~b")).isFalse();
    }

    /** The character that switches between sets would be taken for such a switch. */
    @Test
    void should_know_charsets_that_lack_a_control_character() {
        Encodable japanese = new Encodable(Charset.forName("ISO-2022-JP"));

        assertThat(japanese.carries("a\u65e5b")).isTrue();
        for (String switched : new String[] {"a\u001bb", "\u001b$BF|", "\u001b(B", "\u000e", "a\u000fb"}) {
            assertThat(japanese.carries(switched)).isFalse();
        }
    }

    @Test
    void should_know_charsets_that_have_ascii_at_other_bytes() {
        Encodable mainframe = new Encodable(Charset.forName("IBM037"));

        assertThat(mainframe.carries("a;b\u00e9")).isTrue();
        assertThat(mainframe.carries("\u65e5")).isFalse();
    }

    @Test
    void should_take_whole_surrogate_pairs_only() {
        Encodable utf8 = new Encodable(StandardCharsets.UTF_8);

        assertThat(utf8.carries("\u0080\ud83d\ude00a\ud83d\ude00")).isTrue();
        for (String half :
                new String[] {"\ud83d", "a\ud83d", "\ude00", "\ud83d\ude00\ud83d", "\ude00\ud83d", "\ud83da"}) {
            assertThat(utf8.carries(half)).isFalse();
        }
    }
}
