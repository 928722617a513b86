package io.outfeed.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class TransformationsTest {

    @Test
    void should_transform_text() {
        assertThat(Transformations.strip().apply("\u2003 a b \t")).isEqualTo("a b");
        assertThat(Transformations.upperCase().apply("title")).isEqualTo("TITLE");
        assertThat(Transformations.lowerCase().apply("TITLE")).isEqualTo("title");
        assertThat(Transformations.of(String::length).apply("four")).isEqualTo(4);
    }

    @Test
    void should_not_depend_on_the_default_locale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("tr")); // where the small i has another capital
        try {
            assertThat(Transformations.upperCase().apply("title")).isEqualTo("TITLE");
            assertThat(Transformations.lowerCase().apply("TITLE")).isEqualTo("title");
            assertThat(Transformations.instant("d MMM", ZoneId.of("UTC")).apply(Instant.EPOCH))
                    .isEqualTo("1 Jan");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void should_give_null_for_null() {
        List<Transformation<String, ?>> texts = List.of(
                Transformations.strip(),
                Transformations.upperCase(),
                Transformations.lowerCase(),
                Transformations.maxLength(1),
                Transformations.of(String::length),
                Transformations.strip().andThen(Transformations.maxLength(1)));

        for (Transformation<String, ?> transformation : texts) {
            assertThat(transformation.apply(null)).isNull();
        }
        assertThat(Transformations.instant("yyyy", ZoneId.of("UTC")).apply(null))
                .isNull();
    }

    @Test
    void should_count_characters_as_people_do() {
        assertThat(Transformations.maxLength(3).apply("abc")).isEqualTo("abc");
        assertThat(Transformations.maxLength(3).apply("abcd")).isEqualTo("abc");
        assertThat(Transformations.maxLength(3).apply("ab\uD83D\uDE00d")).isEqualTo("ab\uD83D\uDE00");
        assertThat(Transformations.maxLength(2).apply("\uD83D\uDE00\uD83D\uDE00"))
                .isEqualTo("\uD83D\uDE00\uD83D\uDE00");
        assertThat(Transformations.maxLength(1).apply("\uD83D\uDE00\uD83D\uDE00"))
                .isEqualTo("\uD83D\uDE00");
        assertThat(Transformations.maxLength(1).apply("")).isEmpty();
    }

    @Test
    void should_refuse_a_length_of_nothing() {
        assertThatThrownBy(() -> Transformations.maxLength(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxLength must be one or more, not 0");
    }

    @Test
    void should_write_an_instant_in_a_zone() {
        Instant instant = Instant.parse("2026-03-01T03:30:00Z");

        assertThat(Transformations.instant("dd/MM/yyyy HH:mm", ZoneId.of("America/New_York"))
                        .apply(instant))
                .isEqualTo("28/02/2026 22:30");
        assertThatThrownBy(() -> Transformations.instant("bbb", ZoneId.of("UTC")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Unknown pattern letter: b");
    }

    @Test
    void should_chain() {
        assertThat(Transformations.strip()
                        .andThen(Transformations.upperCase())
                        .andThen(Transformations.of(String::length))
                        .apply(" abc "))
                .isEqualTo(3);
    }
}
