package io.outfeed.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.field.IfUnmatched;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LayoutTreeTest {

    private static List<String> problems(Map<String, ?> tree) {
        return catchThrowableOfType(InvalidDefinitionException.class, () -> Layout.of(tree))
                .problems();
    }

    @Test
    void should_read_each_part_of_a_tree() {
        Layout layout = Layout.of(Map.of(
                "columns",
                List.of(
                        "id",
                        Map.of(
                                "field", "birth_date",
                                "name", "born",
                                "header", "Date of birth",
                                "transform", Map.of("date", Map.of("pattern", "dd.MM.yyyy"))),
                        Map.of(
                                "field",
                                "name",
                                "transform",
                                List.of("strip", Map.of("maxLength", Map.of("length", 20)))),
                        Map.of("field", "grade", "codes", "grades"),
                        Map.of(
                                "field", "status",
                                "codes", Map.of("A", "1"),
                                "ifUnmatched", "passThrough",
                                "nullCode", "0"),
                        Map.of("field", "gender", "codes", Map.of("F", "2"), "unmatchedCode", "9"),
                        Map.of("constant", "SIS", "header", "Source"),
                        Map.of("blank", true, "header", "Reserved")),
                "filter",
                Map.of("grade", List.of("9", "10")),
                "format",
                Map.of("csv", Map.of("delimiter", ";")),
                "fileName",
                "students.csv.gz",
                "transforms",
                Map.of("gzip", Map.of("level", 9))));

        assertThat(layout)
                .isEqualTo(Layout.builder()
                        .column("id")
                        .column(
                                "birth_date",
                                c -> c.name("born")
                                        .header("Date of birth")
                                        .transform("date", Map.of("pattern", "dd.MM.yyyy")))
                        .column("name", c -> c.transform("strip").transform("maxLength", Map.of("length", 20)))
                        .column("grade", c -> c.codes(LayoutCodes.table("grades")))
                        .column(
                                "status",
                                c -> c.codes(LayoutCodes.of(Map.of("A", "1"))
                                        .ifUnmatched(IfUnmatched.PASS_THROUGH)
                                        .ifNull("0")))
                        .column(
                                "gender",
                                c -> c.codes(LayoutCodes.of(Map.of("F", "2")).ifUnmatched("9")))
                        .column(LayoutColumn.constant("Source", "SIS"))
                        .column(LayoutColumn.blank("Reserved"))
                        .filter("grade", List.of("9", "10"))
                        .format("csv", Map.of("delimiter", ";"))
                        .fileName("students.csv.gz")
                        .transform("gzip", Map.of("level", 9))
                        .build());
        assertThat(Layout.of(layout.toTree())).isEqualTo(layout).hasSameHashCodeAs(layout);
    }

    @Test
    void should_read_the_lists_of_properties_which_are_maps_with_numbers_as_keys() {
        Layout layout = Layout.of(Map.of(
                "columns",
                Map.of("0", "id", "1", Map.of("field", "name", "transform", Map.of("0", "strip", "1", "upperCase"))),
                "filter",
                Map.of("grade", Map.of("0", "9"))));

        assertThat(layout)
                .isEqualTo(Layout.builder()
                        .column("id")
                        .column("name", c -> c.transform("strip").transform("upperCase"))
                        .filter("grade", List.of("9"))
                        .build());
    }

    @Test
    void should_choose_nothing_with_an_empty_tree() {
        assertThat(Layout.of(Map.of())).isEqualTo(Layout.none());
        assertThat(Layout.none().toTree()).isEmpty();
    }

    @Test
    void should_list_all_problems_with_their_paths_and_without_values() {
        Map<String, Object> empty = new HashMap<>();
        empty.put("field", null);

        assertThat(problems(Map.of(
                        "columns",
                        List.of(
                                Map.of("header", "x"),
                                Map.of("field", "id", "constant", "secret"),
                                Map.of("field", "id", "heading", "secret"),
                                Map.of("constant", 7, "header", "h"),
                                Map.of("blank", "no", "header", "h"),
                                Map.of("constant", "x", "transform", "strip"),
                                Map.of("field", "id", "codes", "grades", "nullCode", "0"),
                                Map.of("field", "id", "unmatchedCode", "0"),
                                Map.of(
                                        "field", "id",
                                        "codes", Map.of("A", "1"),
                                        "ifUnmatched", "blank",
                                        "unmatchedCode", "0"),
                                Map.of("field", "id", "codes", Map.of("A", 1), "ifUnmatched", "guess"),
                                Map.of("field", "id", "transform", Map.of("a", Map.of(), "b", Map.of())),
                                Map.of("field", "id", "transform", Map.of("date", "dd.MM.yyyy")),
                                42,
                                empty),
                        "filters",
                        Map.of(),
                        "fileName",
                        List.of())))
                .containsExactlyInAnyOrder(
                        "filters is not known: use columns, filter, format, fileName, transforms",
                        "columns[0] must have one of field, constant, blank",
                        "columns[1] must have one of field, constant, blank, and has field, constant",
                        "columns[2].heading is not known: use field, constant, blank, name, header, transform, codes,"
                                + " ifUnmatched, unmatchedCode, nullCode",
                        "columns[3].constant must be a text, and is a number: put it in quotes",
                        "columns[4].blank must be true, or be left out",
                        "columns[5].transform is for a column with a field: remove it",
                        "columns[6].nullCode is for codes of the layout's own: remove it, a table has its own rule",
                        "columns[7].unmatchedCode is for codes of the layout's own: remove it",
                        "columns[8] has ifUnmatched and unmatchedCode: remove one of them",
                        "columns[9].codes: the code of a value must be a text, and is a number: put it in quotes",
                        "columns[9].codes has no code",
                        "columns[9].ifUnmatched must be one of [fail, blank, passThrough]",
                        "columns[10].transform must be a name, or have one key, the name, with its arguments; it has 2"
                                + " keys",
                        "columns[11].transform.date must be a map with keys and values",
                        "columns[12] must be a map with keys and values",
                        "columns[13].field is empty: give it a value, or leave it out",
                        "columns[13] must have one of field, constant, blank",
                        "fileName must be a text");
    }

    @Test
    void should_not_guess_what_yaml_has_made_of_a_text() {
        assertThat(problems(Map.of(
                        "columns",
                        List.of(
                                Map.of("field", "status", "codes", Map.of(8, "A", true, "B")),
                                Map.of("constant", LocalDate.EPOCH, "header", "h")),
                        "filter",
                        Map.of("grade", List.of(9, "10")))))
                .containsExactlyInAnyOrder(
                        "columns[0].codes has a key that is a number, which YAML makes of a text such as 010 or"
                                + " no: put keys in quotes",
                        "columns[0].codes has a key that is true or false, which YAML makes of a text such as 010 or"
                                + " no: put keys in quotes",
                        "columns[0].codes has no code",
                        "columns[1].constant must be a text, and is of type LocalDate: put it in quotes",
                        "filter.grade[0] must be a text, and is a number: put it in quotes");
    }

    @Test
    void should_show_no_value_in_its_text() {
        Layout layout = Layout.builder()
                .column("id")
                .column(LayoutColumn.constant("Source", "secret"))
                .column("status", c -> c.codes(LayoutCodes.of(Map.of("secret", "secret"))))
                .filter("city", List.of("secret"))
                .format("csv", Map.of("nullText", "secret"))
                .build();

        assertThat(layout)
                .hasToString("layout (columns [id, Source, status], filters [city], format csv, fileName null,"
                        + " transforms [])");
        assertThat(layout.columns().get(2).codes().map(Object::toString)).isEqualTo(Optional.of("1 codes"));
    }
}
