package io.outfeed.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.InvalidDefinitionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UnicodeNamesTest {

    private static final String PATTERN = "{partition}.csv";
    private static final Pattern ESCAPE = Pattern.compile("\\\\(u[0-9a-fA-F]{4}|[nt\\\\])");

    static Stream<String> lines() throws IOException {
        try (InputStream in = requireNonNull(UnicodeNamesTest.class.getResourceAsStream("unicode-names.txt"))) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList().stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lines")
    void should_render_as_the_table_says(String line) {
        List<String> cells =
                Stream.of(line.split(" \\| ", -1)).map(String::strip).toList();
        assertThat(cells).hasSize(3);
        assertRenders(FileName.of(PATTERN), cells.get(0), cells.get(1));
        assertRenders(FileName.unicode(PATTERN), cells.get(0), cells.get(2));
    }

    private static void assertRenders(FileName name, String cell, String expected) {
        Map<String, String> values = Map.of("partition", unescape(cell));
        String[] parts = expected.split(" fails ", -1);
        assertThat(name.allowed().clean(unescape(cell)) + ".csv").isEqualTo(unescape(parts[0]));
        if (parts.length == 2) {
            assertThatThrownBy(() -> name.render(values))
                    .isInstanceOf(InvalidDefinitionException.class)
                    .hasMessage("file name '{partition}.csv' has 1 problem: with this run's values " + parts[1]);
        } else {
            assertThat(name.render(values)).isEqualTo(unescape(expected));
            assertThat(name.allowed().problem(unescape(expected))).isEmpty();
        }
    }

    private static String unescape(String cell) {
        return ESCAPE.matcher(cell).replaceAll(match -> switch (match.group(1)) {
            case "n" -> "\n";
            case "t" -> "\t";
            case "\\" -> "\\\\";
            default -> {
                char c = (char) Integer.parseInt(match.group(1).substring(1), 16);
                yield c == '\\' || c == '$' ? "\\" + c : String.valueOf(c);
            }
        });
    }

    @Test
    void should_have_fixed_text_of_any_script() {
        FileName name = FileName.unicode("Besuche Zu\u0308rich {partition} {sequence:000}.csv");

        assertThat(name.render(Map.of("partition", "\u6771\u4eac", "sequence", 7L)))
                .isEqualTo("Besuche Z\u00fcrich \u6771\u4eac 007.csv");
        assertThat(name.allowed()).isEqualTo(FileNames.UNICODE);
        assertThat(name.zone(ZoneId.of("Europe/Zurich")).allowed()).isEqualTo(FileNames.UNICODE);
        assertThat(name).isEqualTo(FileName.unicode(name.toString()));
        assertThat(FileName.unicode("x.csv")).isNotEqualTo(FileName.of("x.csv"));
    }

    /** The mark that begins a value belongs to the letter before it. */
    @Test
    void should_be_in_normal_form_as_a_whole() {
        assertThat(FileName.unicode("Zu{partition}rich.csv").render(Map.of("partition", "\u0308")))
                .isEqualTo("Z\u00fcrich.csv");
    }

    @Test
    void should_say_what_is_wrong_with_a_pattern() {
        assertThatThrownBy(() -> FileName.unicode("a/b{sequence}.csv"))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("file name 'a/b{sequence}.csv' has 1 problem: 'a/b' has characters that are no"
                        + " part of a safe file name: use letters, marks and digits of any script, blanks, '.', '_' and"
                        + " '-'");
        assertThatThrownBy(() -> FileName.unicode(" a.csv"))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("file name ' a.csv' has 1 problem: with sample values it is no safe name: it must not begin"
                        + " or end with a blank");
    }

    @Test
    void should_have_limits_in_characters_and_in_bytes() {
        assertThat(FileNames.UNICODE.problem("x".repeat(120))).isEmpty();
        assertThat(FileNames.UNICODE.problem("x".repeat(121)))
                .contains("it has 121 characters, at most 120 are allowed");
        assertThat(FileNames.UNICODE.problem("\u6771".repeat(66))).isEmpty();
        assertThat(FileNames.UNICODE.problem("\u6771".repeat(67)))
                .contains("it has 201 bytes in UTF-8, at most 200 are allowed");
        assertThat(FileNames.UNICODE.problem("u\u0308")).contains("it is not in the normal form NFC of Unicode");
        assertThat(FileNames.UNICODE.problem("")).contains("it is empty");
        assertThat(FileNames.UNICODE.problem("a/b"))
                .contains("only letters, marks and digits, blanks, '.', '_' and '-' are allowed");
    }

    /** With the longest mark of a change and of a re-export, and numbers of ten digits. */
    @Test
    void should_have_temporary_names_that_a_file_system_takes() {
        StagedFile file =
                new StagedFile("visits", "", "\u6771".repeat(65) + "x.csv", 1, 1, "0").marked("-removed-re9999999999");

        OutgoingFile outgoing = new OutgoingFile(
                "visits", 9_999_999_999L, 9_999_999_999L, 1, file, Path.of("x"), IfExists.FAIL, sent -> {});

        assertThat(outgoing.temporaryName().getBytes(UTF_8)).hasSizeLessThanOrEqualTo(255);
    }
}
