package io.outfeed.internal.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeNameTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "A-Z_0.9",
                "interactions-12.csv",
                "_a",
                "a-",
                "con-1",
                "console",
                "com",
                "com0",
                "lpt10",
                "0"
            })
    void should_take_portable_names(String name) {
        assertThat(SafeName.problem(name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                "a/b",
                "a\\b",
                "a:b",
                "a\nb",
                "a\0b",
                "ä",
                "a*",
                "a?",
                "\uFF0E\uFF0E",
                "a\u200Bb",
                "~",
                "%2e",
                "a|b"
            })
    void should_refuse_other_characters(String name) {
        assertThat(SafeName.problem(name)).contains("only letters A-Z and a-z, digits, '.', '_' and '-' are allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"con", "NUL", "Com1", "lpt9.txt", "aux.tar.gz", "prn."})
    void should_refuse_devices(String name) {
        assertThat(SafeName.problem(name)).isPresent();
    }

    @Test
    void should_say_what_is_wrong() {
        assertThat(SafeName.problem("")).contains("it is empty");
        assertThat(SafeName.problem("x".repeat(120))).isEmpty();
        assertThat(SafeName.problem("x".repeat(121))).contains("it has 121 characters, at most 120 are allowed");
        assertThat(SafeName.problem(".a")).contains("it must not begin with '.' or '-'");
        assertThat(SafeName.problem("-a")).contains("it must not begin with '.' or '-'");
        assertThat(SafeName.problem("a.")).contains("it must not end with '.'");
        assertThat(SafeName.problem("a..b")).contains("it must not contain '..'");
        assertThat(SafeName.problem("NUL.csv")).contains("'nul' is the name of a device on Windows");
    }

    @Test
    void should_clean_each_character() {
        assertThat(SafeName.clean("Zürich/Nord 1.csv")).isEqualTo("Z-rich-Nord-1.csv");
        assertThat(SafeName.clean("../a")).isEqualTo("..-a");
        assertThat(SafeName.clean("fine_1.csv")).isEqualTo("fine_1.csv");
    }

    @Test
    void should_compare_without_case_in_every_language() {
        assertThat(SafeName.withoutCase("TITLE-1.CSV")).isEqualTo("title-1.csv");
    }

    @ParameterizedTest
    @CsvSource({
        "Z\u00dcRICH, zu\u0308rich",
        "\u039f\u0394\u039f\u03a3, \u03bf\u03b4\u03bf\u03c2",
        "\u03bf\u03b4\u03bf\u03c3, \u03bf\u03b4\u03bf\u03c2",
        "\u212Bb, \u00e5B",
        "I\u0131i, iii",
        "\uAC00, \u1100\u1161"
    })
    void should_compare_the_same_letters(String name, String other) {
        assertThat(SafeName.withoutCase(name)).isEqualTo(SafeName.withoutCase(other));
    }

    @ParameterizedTest
    @CsvSource({"Zurich, Z\u00fcrich", "Weiss, Wei\u00df", "a b, ab", "\u30ab, \u30ac"})
    void should_tell_other_letters_apart(String name, String other) {
        assertThat(SafeName.withoutCase(name)).isNotEqualTo(SafeName.withoutCase(other));
    }
}
