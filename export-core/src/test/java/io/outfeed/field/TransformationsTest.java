package io.outfeed.field;

import static io.outfeed.field.Transformations.concatenate;
import static io.outfeed.field.Transformations.date;
import static io.outfeed.field.Transformations.defaultIfNull;
import static io.outfeed.field.Transformations.instant;
import static io.outfeed.field.Transformations.lookup;
import static io.outfeed.field.Transformations.maskAllButLast;
import static io.outfeed.field.Transformations.maxLength;
import static io.outfeed.field.Transformations.number;
import static io.outfeed.field.Transformations.sha256;
import static io.outfeed.field.Transformations.strip;
import static io.outfeed.field.Transformations.upperCase;
import static io.outfeed.field.Transformations.words;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What no line of the table can say: types, and functions of the host. */
class TransformationsTest {

    record Student(
            @Nullable String first,
            @Nullable String middle,
            @Nullable String last,
            @Nullable BigDecimal average,
            double gpa,
            @Nullable Long credits,
            @Nullable Boolean enrolled,
            @Nullable LocalDate born,
            Instant updatedAt) {}

    private static final Student ANN = new Student(
            " ann ",
            null,
            "Lee",
            new BigDecimal("3.456"),
            3.5,
            1_234L,
            true,
            LocalDate.of(2004, 2, 29),
            Instant.parse("2026-03-01T03:30:00Z"));
    private static final Student ALL_NULL = new Student(null, null, null, null, 0, null, null, null, Instant.EPOCH);

    private static List<@Nullable Object> values(Fields<Student> fields, Student record) throws Exception {
        List<@Nullable Object> values = new ArrayList<>();
        for (FieldMapping<? super Student> mapping : fields.mappings()) {
            values.add(mapping.valueOf(record));
        }
        return values;
    }

    @Test
    void should_fit_the_types_of_fields() throws Exception {
        Fields<Student> fields = Fields.builder(Student.class)
                .field("first", Student::first, strip().andThen(upperCase()).andThen(maxLength(2)))
                .field("name", concatenate(" ", Student::first, Student::middle, Student::last), strip())
                .field("lambdas", concatenate("-", s -> s.last(), s -> s.middle()))
                .field("average", Student::average, number(1, RoundingMode.HALF_UP))
                .field(
                        "gpa",
                        Student::gpa,
                        number(NumberStyle.scale(2, RoundingMode.HALF_UP).decimalSeparator(',')))
                .field(
                        "credits",
                        Student::credits,
                        number(NumberStyle.scale(0, RoundingMode.UNNECESSARY).groupingSeparator(',')))
                .field("enrolled", Student::enrolled, words("Y", "N").andThen(defaultIfNull("U")))
                .field("born", Student::born, date("MM/dd/yyyy"), FieldMark.SENSITIVE)
                .field("updated", s -> s.updatedAt(), instant("dd/MM/yyyy HH:mm", ZoneId.of("America/New_York")))
                .field("length", Student::last, strip().andThen(Transformations.of(String::length)))
                .field("constant", Student::born, Transformations.constant("x"))
                .field("looked_up", Student::last, lookup(Map.of("Lee", 7), 0))
                .field("by_function", Student::enrolled, lookup(enrolled -> enrolled ? "in" : null, null))
                .build();

        assertThat(values(fields, ANN))
                .containsExactly(
                        "AN",
                        "ann  Lee",
                        "Lee",
                        "3.5",
                        "3,50",
                        "1,234",
                        "Y",
                        "02/29/2004",
                        "28/02/2026 22:30",
                        3,
                        "x",
                        7,
                        "in");
        assertThat(values(fields, ALL_NULL))
                .containsExactly(
                        null, null, null, null, "0,00", null, "U", null, "31/12/1969 19:00", null, "x", null, null);
    }

    @Test
    void should_leave_out_of_a_text_what_is_missing_with_its_separator() {
        Student nameless = new Student("", null, "", null, 0, null, null, null, Instant.EPOCH);
        var name = Transformations.<Student>concatenate(", ", Student::last, Student::first, Student::middle);

        assertThat(name.apply(ANN)).isEqualTo("Lee,  ann ");
        assertThat(name.apply(ALL_NULL)).isNull();
        assertThat(name.apply(nameless)).isNull();
    }

    @Test
    void should_call_a_function_for_values_only_and_keep_its_null() {
        Transformation<String, String> function = Transformations.of(text -> text.isEmpty() ? null : text.concat("!"));

        assertThat(function.apply(null)).isNull();
        assertThat(function.apply("")).isNull();
        assertThat(function.apply("a")).isEqualTo("a!");
    }

    @Test
    void should_not_change_with_a_map_that_it_looks_up() {
        Map<String, String> terms = new HashMap<>(Map.of("FALL", "1"));
        Transformation<String, String> strict = lookup(terms);
        Transformation<String, String> lenient = lookup(terms, "9");

        terms.put("FALL", "2");
        terms.put("SPRING", "3");

        assertThat(strict.apply("FALL")).isEqualTo("1");
        assertThat(lenient.apply("SPRING")).isEqualTo("9");
    }

    @Test
    void should_fail_a_value_that_a_function_does_not_know() {
        Transformation<String, String> lookup = lookup(text -> text.equals("a") ? "b" : null);

        assertThat(lookup.apply(null)).isNull();
        assertThat(lookup.apply("a")).isEqualTo("b");
        assertThatThrownBy(() -> lookup.apply("a secret"))
                .isInstanceOf(RejectedValueException.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void should_hold_no_salt_in_its_text() {
        assertThat(sha256("a very secret salt").toString()).doesNotContain("secret");
        assertThat(sha256("a very secret salt").andThen(maskAllButLast(4)).toString())
                .doesNotContain("secret");
    }

    @Test
    void should_show_an_example_of_a_style() {
        assertThat(NumberStyle.scale(2, RoundingMode.UNNECESSARY)
                        .decimalSeparator(',')
                        .groupingSeparator('.'))
                .hasToString("numbers such as -1.234,00");
    }

    @Test
    @SuppressWarnings("NullAway")
    void should_refuse_null_at_once() {
        assertThatThrownBy(() -> Transformations.of(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("function");
        assertThatThrownBy(() -> defaultIfNull(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("replacement");
        assertThatThrownBy(() -> words("Y", null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("ifFalse");
        assertThatThrownBy(() -> instant("yyyy", null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("zone");
        assertThatThrownBy(() -> strip().andThen(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("next");
    }
}
