package io.outfeed.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.InvalidDefinitionException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ValueTextsTest {

    private static Optional<String> text(ValueTexts texts, Object value) {
        return texts.textOf(value.getClass()).map(text -> text.apply(value));
    }

    @Test
    void should_have_none_by_default() {
        assertThat(ValueTexts.defaults().textOf(String.class)).isEmpty();
        assertThat(ValueTexts.builder().build().textOf(LocalDate.class)).isEmpty();
        assertThat(ValueTexts.defaults()).hasToString("[]");
    }

    @Test
    void should_take_the_nearest_class_then_an_interface_then_any_object() {
        ValueTexts texts = ValueTexts.builder()
                .type(Object.class, value -> "object")
                .type(Collection.class, value -> "collection")
                .type(List.class, value -> "list")
                .type(ArrayList.class, value -> "array list")
                .type(LinkedHashMap.class, value -> "linked map")
                .type(Number.class, value -> "number")
                .type(Long.class, value -> "long")
                .build();

        assertThat(text(texts, 1L)).contains("long");
        assertThat(text(texts, 1)).contains("number");
        assertThat(text(texts, new ArrayList<>(List.of(1)) {})).contains("array list");
        assertThat(text(texts, List.of(1))).contains("collection");
        assertThat(text(texts, new LinkedHashSet<>())).contains("collection");
        assertThat(text(texts, new LinkedHashMap<>())).contains("linked map");
        assertThat(text(texts, Map.of())).contains("object");
        assertThat(text(texts, "text")).contains("object");
    }

    @Test
    void should_take_a_transformation_and_keep_its_null() {
        ValueTexts texts = ValueTexts.builder()
                .type(String.class, Transformations.strip()::apply)
                .type(Integer.class, number -> number == 0 ? null : number.toString())
                .build();

        assertThat(text(texts, " a ")).contains("a");
        assertThat(text(texts, 0)).isEmpty();
        assertThat(text(texts, 1)).contains("1");
        assertThat(texts).hasToString("[java.lang.String, java.lang.Integer]");
    }

    @Test
    void should_report_all_problems_at_once() {
        assertThatThrownBy(() -> ValueTexts.builder()
                        .type(String.class, text -> text)
                        .type(String.class, text -> text)
                        .type(int.class, Object::toString)
                        .type(Optional.class, Object::toString)
                        .type(OptionalInt.class, Object::toString)
                        .build())
                .isInstanceOfSatisfying(
                        InvalidDefinitionException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "type java.lang.String appears twice",
                                        "type int is primitive, and values are not: use its class, such as"
                                                + " Integer.class",
                                        "type java.util.Optional is always unwrapped: set the text of what it holds",
                                        "type java.util.OptionalInt is always unwrapped: set the text of what it"
                                                + " holds"));
    }

    @Test
    void should_not_change_with_its_builder() {
        ValueTexts.Builder builder = ValueTexts.builder().type(Long.class, number -> "long");
        ValueTexts texts = builder.build();

        builder.type(String.class, text -> "text");

        assertThat(text(texts, "a")).isEmpty();
    }

    @Test
    @SuppressWarnings("NullAway")
    void should_refuse_null_at_once() {
        assertThatThrownBy(() -> ValueTexts.builder().type(null, value -> ""))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("type");
        assertThatThrownBy(() -> ValueTexts.builder().type(String.class, null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("text");
    }
}
