package io.outfeed.field;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every transformation by a table, under a default locale and zone that would spoil the result if they had a part in
 * it.
 */
class TransformationTableTest {

    private static final Map<String, String> TERMS = Map.of("FALL", "1", "SPRING", "2");

    private static final Locale LOCALE = Locale.getDefault();

    @BeforeAll
    static void live_elsewhere() {
        Locale.setDefault(Locale.forLanguageTag("tr-TR-u-nu-arab"));
    }

    @AfterAll
    static void come_back() {
        Locale.setDefault(LOCALE);
    }

    static List<Arguments> transformations() throws IOException {
        return cases("transformations.txt");
    }

    static List<Arguments> wrongSettings() throws IOException {
        return cases("bad-transformations.txt");
    }

    private static List<Arguments> cases(String table) throws IOException {
        return Tokens.table(table).stream()
                .map(columns -> Arguments.of(columns.toArray()))
                .toList();
    }

    @Test
    void should_have_long_tables() throws IOException {
        assertThat(transformations()).hasSizeGreaterThan(600);
        assertThat(wrongSettings()).hasSizeGreaterThan(40);
    }

    @ParameterizedTest(name = "{0} | {1} | {2}")
    @MethodSource("transformations")
    void should_transform_as_the_table_says(String transformation, String input, String expected) {
        assertThat(outcome(transformation, input)).isEqualTo(outcome(expected));
    }

    /** What the third column says, written as {@link #outcome(String, String)} writes it. */
    private static String outcome(String expected) {
        List<@Nullable String> words = Tokens.of(expected);
        boolean fails = "fails".equals(words.get(0)) && !expected.startsWith("\"");
        return fails ? "fails " + words.get(1) : words.get(0) == null ? "null" : "[" + words.get(0) + "]";
    }

    private static String outcome(String transformation, String input) {
        try {
            Object result = chain(transformation).apply(value(input));
            return result == null ? "null" : "[" + result + "]";
        } catch (RejectedValueException e) {
            return "fails " + e.getMessage();
        }
    }

    @ParameterizedTest(name = "{0} | {1}")
    @MethodSource("wrongSettings")
    void should_refuse_wrong_settings_at_once(String transformation, String problem) {
        assertThatThrownBy(() -> chain(transformation))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(problem);
    }

    private static @Nullable Object value(String column) {
        List<@Nullable String> words = Tokens.of(column);
        String first = words.get(0);
        if (first == null || words.size() == 1) {
            return column.equals("true") || column.equals("false") ? Boolean.valueOf(column) : first;
        }
        String text = requireNonNull(words.get(1));
        return switch (first) {
            case "int" -> Integer.valueOf(text);
            case "long" -> Long.valueOf(text);
            case "short" -> Short.valueOf(text);
            case "byte" -> Byte.valueOf(text);
            case "double" -> Double.valueOf(text);
            case "float" -> Float.valueOf(text);
            case "decimal" -> new BigDecimal(text);
            case "bigint" -> new BigInteger(text);
            case "other" -> new AtomicLong(Long.parseLong(text));
            case "instant" -> Instant.parse(text);
            case "date" -> LocalDate.parse(text);
            case "datetime" -> LocalDateTime.parse(text);
            case "time" -> LocalTime.parse(text);
            case "zoned" -> ZonedDateTime.parse(text);
            default -> throw new IllegalArgumentException(column);
        };
    }

    private static Transformation<Object, Object> chain(String column) {
        Transformation<Object, Object> chain = value -> value;
        for (String each : column.split(" > ", -1)) {
            chain = chain.andThen(transformation(Tokens.of(each)));
        }
        return chain;
    }

    /** The table says which type goes in. */
    @SuppressWarnings("unchecked")
    private static Transformation<Object, Object> transformation(List<@Nullable String> words) {
        return (Transformation<Object, Object>) typed(words);
    }

    private static Transformation<?, ?> typed(List<@Nullable String> words) {
        int count = words.size() - 1;
        String first = count < 1 || words.get(1) == null ? "" : words.get(1);
        String second = count < 2 ? "" : requireNonNull(words.get(2));
        return switch (requireNonNull(words.get(0))) {
            case "strip" -> Transformations.strip();
            case "collapseWhiteSpace" -> Transformations.collapseWhiteSpace();
            case "stripControls" -> Transformations.stripControls();
            case "nullIfBlank" -> Transformations.nullIfBlank();
            case "defaultIfBlank" -> Transformations.defaultIfBlank(first);
            case "upperCase" ->
                count == 0 ? Transformations.upperCase() : Transformations.upperCase(Locale.forLanguageTag(first));
            case "lowerCase" ->
                count == 0 ? Transformations.lowerCase() : Transformations.lowerCase(Locale.forLanguageTag(first));
            case "capitalize" -> Transformations.capitalize();
            case "padLeft" -> Transformations.padLeft(Integer.parseInt(first), second.charAt(0));
            case "padRight" -> Transformations.padRight(Integer.parseInt(first), second.charAt(0));
            case "maxLength" -> Transformations.maxLength(Integer.parseInt(first));
            case "replace" -> Transformations.replace(Pattern.compile(first), second);
            case "maskAllButLast" -> Transformations.maskAllButLast(Integer.parseInt(first));
            case "sha256" -> Transformations.sha256(first);
            case "split" -> Transformations.split(first, Integer.parseInt(second));
            case "constant" -> Transformations.constant(first);
            case "defaultIfNull" -> Transformations.defaultIfNull(first);
            case "words" -> Transformations.words(first, second);
            case "lookup" ->
                count == 0
                        ? Transformations.<String, String>lookup(TERMS)
                        : Transformations.<String, String>lookup(TERMS, words.get(1));
            case "number" -> Transformations.number(style(words));
            case "instant" ->
                count < 3
                        ? Transformations.instant(first, ZoneId.of(second))
                        : Transformations.instant(first, ZoneId.of(second), locale(words, 3));
            case "date" -> count < 2 ? Transformations.date(first) : Transformations.date(first, locale(words, 2));
            case "dateTime" ->
                count < 2 ? Transformations.dateTime(first) : Transformations.dateTime(first, locale(words, 2));
            case "zonedDateTime" ->
                count < 2
                        ? Transformations.zonedDateTime(first)
                        : Transformations.zonedDateTime(first, locale(words, 2));
            case "time" -> Transformations.time(first);
            default -> throw new AssertionError("the table has " + words);
        };
    }

    private static Locale locale(List<@Nullable String> words, int index) {
        return Locale.forLanguageTag(requireNonNull(words.get(index)));
    }

    private static NumberStyle style(List<@Nullable String> words) {
        NumberStyle style = NumberStyle.scale(
                Integer.parseInt(requireNonNull(words.get(1))), RoundingMode.valueOf(requireNonNull(words.get(2))));
        if (words.size() > 3) {
            style = style.decimalSeparator(requireNonNull(words.get(3)).charAt(0));
        }
        if (words.size() > 4) {
            style = style.groupingSeparator(requireNonNull(words.get(4)).charAt(0));
        }
        return style;
    }
}
