package io.outfeed.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathPartTest {

    @ParameterizedTest
    @ValueSource(strings = {"visits.csv", ".visits.csv.r1-t1.part", "Besuche Zürich 東京.csv", "...", "a..b", "😀"})
    void should_take_a_name(String part) {
        assertThat(PathPart.isPlain(part)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "..", "a/b", "/", "a\\b", "a\nb", "a\u0000", "a\u202Eb", "a\u200Bb", "a\u2028", "\uD800"
            })
    void should_refuse_what_leads_elsewhere_or_seems_to_be_another(String part) {
        assertThat(PathPart.isPlain(part)).isFalse();
    }
}
