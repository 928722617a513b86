package io.outfeed.internal.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.outfeed.field.RejectedValueException;
import io.outfeed.field.ValueTexts;
import io.outfeed.format.CellType;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ValueTextTest {

    private static final ValueText TEXTS = new ValueText(ValueTexts.defaults());

    private enum Kind {
        CALL {
            @Override
            int minutes() {
                return 5;
            }
        };

        abstract int minutes();

        @Override
        public String toString() {
            return "a label for people, " + minutes();
        }
    }

    private static final class Grade {
        @Override
        public String toString() {
            return "A+";
        }
    }

    private static final class Nameless {}

    static Stream<Arguments> values() throws IOException {
        try (InputStream table = ValueTextTest.class.getResourceAsStream("value-texts.txt")) {
            assertThat(table).isNotNull();
            return new String(table.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                            .map(line -> line.split(" \\| ", -1))
                            .map(columns -> arguments(columns[0], columns[1], columns[2]))
                            .toList()
                            .stream();
        }
    }

    @ParameterizedTest(name = "{0} {1} | {2}")
    @MethodSource("values")
    void should_give_the_text_that_the_table_says(String type, String value, String expected) {
        assertThat(outcome(value(type, value))).isEqualTo(expected);
    }

    private static String outcome(@Nullable Object value) {
        try {
            String text = TEXTS.of(value);
            return text == null ? "(null)" : text;
        } catch (RejectedValueException e) {
            return "(fails)";
        }
    }

    @SuppressWarnings("JavaUtilDate")
    private static @Nullable Object value(String type, String text) {
        if (type.startsWith("optional ")) {
            return Optional.ofNullable(value(type.substring(9), text));
        }
        return switch (type) {
            case "null" -> null;
            case "empty" -> Optional.empty();
            case "String" -> text;
            case "CharBuffer" -> CharBuffer.wrap(text);
            case "Character" -> text.charAt(0);
            case "Boolean" -> Boolean.valueOf(text);
            case "Enum" -> Kind.valueOf(text);
            case "Grade" -> new Grade();
            case "UUID" -> UUID.fromString(text);
            case "Integer" -> Integer.valueOf(text);
            case "Long" -> Long.valueOf(text);
            case "Short" -> Short.valueOf(text);
            case "Byte" -> Byte.valueOf(text);
            case "BigInteger" -> new BigInteger(text);
            case "AtomicLong" -> new AtomicLong(Long.parseLong(text));
            case "BigDecimal" -> new BigDecimal(text);
            case "Double" -> Double.valueOf(text);
            case "Float" -> Float.valueOf(text);
            case "Instant" -> Instant.parse(text);
            case "LocalDate" -> LocalDate.parse(text);
            case "LocalTime" -> LocalTime.parse(text);
            case "LocalDateTime" -> LocalDateTime.parse(text);
            case "OffsetDateTime" -> OffsetDateTime.parse(text);
            case "OffsetTime" -> OffsetTime.parse(text);
            case "ZonedDateTime" -> ZonedDateTime.parse(text);
            case "YearMonth" -> YearMonth.parse(text);
            case "Year" -> Year.parse(text);
            case "Duration" -> Duration.parse(text);
            case "OptionalInt" -> OptionalInt.of(Integer.parseInt(text));
            case "OptionalLong" -> OptionalLong.of(Long.parseLong(text));
            case "OptionalDouble" -> OptionalDouble.of(Double.parseDouble(text));
            case "OptionalInt empty" -> OptionalInt.empty();
            case "OptionalLong empty" -> OptionalLong.empty();
            case "OptionalDouble empty" -> OptionalDouble.empty();
            case "int[]" -> new int[] {1};
            case "String[]" -> new String[] {text};
            case "List" -> List.of(text);
            case "Map" -> Map.of(text, text);
            case "Nameless" -> new Nameless();
            case "Lambda" -> (Runnable) () -> {};
            case "Date" -> new Date(0);
            case "Calendar" -> Calendar.getInstance();
            default -> throw new AssertionError("the table has " + type);
        };
    }

    @Test
    void should_keep_null() {
        assertThat(TEXTS.of(null)).isNull();
    }

    static Stream<Arguments> withoutText() {
        return Stream.of(
                arguments(new int[] {1}),
                arguments((Object) new String[] {"a"}),
                arguments(List.of("a")),
                arguments(Map.of("a", "b")),
                arguments(new Nameless()),
                arguments(Optional.of(List.of())),
                arguments((Runnable) () -> {}));
    }

    @ParameterizedTest
    @MethodSource("withoutText")
    void should_refuse_what_has_no_text(Object value) {
        assertThatThrownBy(() -> TEXTS.of(value))
                .isInstanceOf(RejectedValueException.class)
                .hasMessage(
                        "its type has no default text: give the field a transformation, or the definition a text for"
                                + " the type");
    }

    static List<Object> infiniteOrNotANumber() {
        return List.of(Double.NaN, Double.NEGATIVE_INFINITY, Float.NaN, Float.POSITIVE_INFINITY);
    }

    @ParameterizedTest
    @MethodSource("infiniteOrNotANumber")
    void should_refuse_what_is_no_number(Object value) {
        assertThatThrownBy(() -> TEXTS.of(value))
                .isInstanceOf(RejectedValueException.class)
                .hasMessage("it is infinite or not a number: correct the record, or give the field a transformation");
    }

    @SuppressWarnings("JavaUtilDate")
    static List<Object> withTextsThatDependOnTheMachine() {
        return List.of(new Date(0), Calendar.getInstance());
    }

    @ParameterizedTest
    @MethodSource("withTextsThatDependOnTheMachine")
    void should_refuse_texts_that_depend_on_the_machine(Object value) {
        assertThatThrownBy(() -> TEXTS.of(value))
                .isInstanceOf(RejectedValueException.class)
                .hasMessage("a " + value.getClass().getName()
                        + " has no default text, which would depend on the machine's zone: give the field a"
                        + " transformation");
    }

    // ---- types

    @Test
    void should_distinguish_numbers_and_booleans_from_texts() {
        List<Object> numbers = List.of(
                1,
                2L,
                (short) 3,
                (byte) 4,
                5.5,
                6.5f,
                BigDecimal.TEN,
                BigInteger.TWO,
                Optional.of(7),
                Optional.of(OptionalLong.of(8)),
                OptionalInt.of(9),
                OptionalDouble.of(1.5));

        assertThat(numbers).allMatch(number -> TEXTS.type(number).isNumber());
        assertThat(Stream.of(true, Optional.of(false)).map(TEXTS::type)).containsOnly(CellType.BOOLEAN);
        assertThat(Stream.of("1", '2', Kind.CALL, new Grade(), Optional.of("true"), Optional.empty())
                        .map(TEXTS::type))
                .containsOnly(CellType.TEXT);
        assertThat(TEXTS.type(null)).isEqualTo(CellType.TEXT);
    }

    @Test
    void should_take_a_text_of_the_definitions_own_for_a_text() {
        ValueText texts = new ValueText(ValueTexts.builder()
                .type(Integer.class, number -> "no. " + number)
                .type(Boolean.class, value -> value ? "yes" : "no")
                .build());

        assertThat(Stream.of(1, Optional.of(2), true).map(texts::type)).containsOnly(CellType.TEXT);
        assertThat(texts.type(3L)).isEqualTo(CellType.INTEGER);
    }
}
