package io.outfeed.internal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.outfeed.field.UnmappableValueException;
import io.outfeed.field.ValueTexts;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.CharBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
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

    static Stream<Arguments> values() {
        return Stream.of(
                arguments("text", "text"),
                arguments(CharBuffer.wrap("built"), "built"),
                arguments("", ""),
                arguments(1, "1"),
                arguments(Long.MIN_VALUE, "-9223372036854775808"),
                arguments((short) 2, "2"),
                arguments('c', "c"),
                arguments(true, "true"),
                arguments(new BigInteger("12345678901234567890"), "12345678901234567890"),
                arguments(new BigDecimal("1E+3"), "1000"),
                arguments(new BigDecimal("0.0000001"), "0.0000001"),
                arguments(new BigDecimal("1.50"), "1.50"),
                arguments(1.5, "1.5"),
                arguments(1.0E10, "10000000000"),
                arguments(1.0E-10, "0.00000000010"),
                arguments(-0.0, "0.0"),
                arguments(0.1f, "0.1"),
                arguments(Kind.CALL, "CALL"),
                arguments(new Grade(), "A+"),
                arguments(
                        UUID.fromString("00000000-0000-0001-0000-000000000002"),
                        "00000000-0000-0001-0000-000000000002"),
                arguments(Optional.of(new BigDecimal("1E+1")), "10"),
                arguments(Optional.of(Optional.of(Kind.CALL)), "CALL"),
                arguments(Optional.empty(), null),
                arguments(OptionalInt.of(1), "1"),
                arguments(OptionalInt.empty(), null),
                arguments(OptionalLong.of(2), "2"),
                arguments(OptionalLong.empty(), null),
                arguments(OptionalDouble.of(1.0E10), "10000000000"),
                arguments(OptionalDouble.empty(), null),
                arguments(Instant.parse("2026-03-01T12:00:00Z"), "2026-03-01T12:00:00Z"),
                arguments(Instant.parse("2026-03-01T12:00:00.123456789Z"), "2026-03-01T12:00:00.123456789Z"),
                arguments(LocalDate.of(2026, 3, 1), "2026-03-01"),
                arguments(LocalTime.of(7, 0), "07:00:00"),
                arguments(LocalDateTime.of(2026, 3, 1, 7, 0), "2026-03-01T07:00:00"),
                arguments(OffsetDateTime.parse("2026-03-01T07:00-05:00"), "2026-03-01T07:00:00-05:00"),
                arguments(OffsetTime.parse("07:00-05:00"), "07:00:00-05:00"),
                arguments(ZonedDateTime.parse("2026-03-01T07:00-05:00[America/New_York]"), "2026-03-01T07:00:00-05:00"),
                arguments(YearMonth.of(2026, 3), "2026-03"),
                arguments(Duration.ofMinutes(90), "PT1H30M"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void should_give_the_text_of(Object value, @Nullable String expected) {
        assertThat(TEXTS.of(value)).isEqualTo(expected);
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
                .isInstanceOf(UnmappableValueException.class)
                .hasMessage(
                        "its type has no default text: give the field a transformation, or the definition a text for the"
                                + " type");
    }

    @Test
    void should_refuse_what_is_no_number() {
        for (Object value : List.of(Double.NaN, Double.NEGATIVE_INFINITY, Float.NaN, Float.POSITIVE_INFINITY)) {
            assertThatThrownBy(() -> TEXTS.of(value))
                    .isInstanceOf(UnmappableValueException.class)
                    .hasMessage(
                            "it is infinite or not a number: correct the record, or give the field a transformation");
        }
    }

    @Test
    @SuppressWarnings("JavaUtilDate")
    void should_refuse_texts_that_depend_on_the_machine() {
        for (Object value : List.of(new Date(0), Calendar.getInstance())) {
            assertThatThrownBy(() -> TEXTS.of(value))
                    .isInstanceOf(UnmappableValueException.class)
                    .hasMessage(
                            "a " + value.getClass().getName()
                                    + " has no default text, which would depend on the machine's zone: give the field a transformation");
        }
    }
}
