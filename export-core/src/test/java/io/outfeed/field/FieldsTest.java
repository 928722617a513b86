package io.outfeed.field;

import static io.outfeed.field.FieldMark.REQUIRED;
import static io.outfeed.field.FieldMark.SENSITIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.format.Column;
import io.outfeed.format.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FieldsTest {

    enum Kind {
        CALL,
        VISIT
    }

    record Interaction(
            long id, @Nullable String note, @Nullable Kind kind) {}

    private static final Interaction CALL = new Interaction(1, " hello ", Kind.CALL);
    private static final Interaction EMPTY = new Interaction(2, null, null);

    private static Fields.Builder<Interaction> builder() {
        return Fields.builder(Interaction.class);
    }

    private static List<@Nullable Object> values(Fields<Interaction> fields, Interaction record) throws Exception {
        List<@Nullable Object> values = new ArrayList<>();
        for (FieldMapping<? super Interaction> mapping : fields.mappings()) {
            values.add(mapping.valueOf(record));
        }
        return values;
    }

    @Test
    void should_map_direct_codes_and_transformed_fields_in_order() throws Exception {
        Fields<Interaction> fields = builder()
                .field("id", Interaction::id)
                .field("note", Interaction::note, Transformations.strip())
                .matchCodes(
                        "kind", Interaction::kind, c -> c.code(Kind.CALL, "C").code(Kind.VISIT, "V"))
                .build();

        assertThat(fields).hasToString("[id, note, kind]");
        assertThat(fields.mappings().stream().map(FieldMapping::kind))
                .containsExactly(FieldKind.DIRECT, FieldKind.TRANSFORMATION, FieldKind.MATCH_CODES);
        assertThat(values(fields, CALL)).containsExactly(1L, "hello", "C");
        assertThat(values(fields, EMPTY)).containsExactly(2L, null, null);
    }

    @Test
    void should_infer_lambdas_as_well_as_method_references() throws Exception {
        Fields<Interaction> fields = builder()
                .field("id", i -> i.id())
                .field("note", i -> i.note(), Transformations.strip().andThen(Transformations.maxLength(3)))
                .field("shout", i -> i.note(), text -> text == null ? "-" : text.toUpperCase(java.util.Locale.ROOT))
                .matchCodes("kind", i -> i.kind(), c -> c.code(Kind.CALL, "C").code(Kind.VISIT, "V"))
                .matchCodes("again", i -> i.kind(), FieldsTest::codes)
                .matchCodes(
                        "prebuilt",
                        i -> i.kind(),
                        MatchCodes.<Kind>builder().code(Kind.CALL, "1").build())
                .build();

        assertThat(values(fields, CALL)).containsExactly(1L, "hel", " HELLO ", "C", "c", "1");
    }

    private static void codes(MatchCodes.Builder<Kind> codes) {
        codes.code(Kind.CALL, "c");
    }

    @Test
    void should_take_a_mapping_of_the_hosts_own() throws Exception {
        FieldMapping<Object> constant = new FieldMapping<>() {
            @Override
            public String name() {
                return "origin";
            }

            @Override
            public Object valueOf(Object record) {
                return "crm";
            }
        };

        Fields<Interaction> fields = builder().mapping(constant).build();

        assertThat(fields.mappings().get(0).kind()).isEqualTo(FieldKind.CUSTOM);
        assertThat(values(fields, EMPTY)).containsExactly("crm");
    }

    @Test
    void should_declare_headers_and_types_apart_from_fields() throws Exception {
        Fields<Interaction> fields = builder()
                .header("kind", "Art")
                .field("id", Interaction::id, REQUIRED)
                .matchCodes("kind", Interaction::kind, FieldsTest::codes, SENSITIVE)
                .type("kind", ColumnType.text(1))
                .build();
        Fields<Interaction> nested = builder()
                .include("own_", i -> i, fields)
                .header("own_id", "Nr.")
                .build();

        assertThat(fields.columns())
                .containsExactly(
                        new Column("id", "id", Optional.empty(), true, false),
                        new Column("kind", "Art", Optional.of(ColumnType.text(1)), false, true));
        assertThat(nested.columns())
                .containsExactly(
                        new Column("own_id", "Nr.", Optional.empty(), true, false),
                        new Column("own_kind", "own_Art", Optional.of(ColumnType.text(1)), false, true));
        assertThat(values(nested, CALL)).containsExactly(1L, "c");
        assertThat(fields.mappings().get(1).kind()).isEqualTo(FieldKind.MATCH_CODES);
        assertThat(fields.mappings().get(1).rawValueOf(CALL)).isEqualTo(Kind.CALL);
        assertThat(fields).hasToString("[id, kind]");
        assertThat(fields.mappings().get(1)).hasToString("kind (MATCH_CODES)");
    }

    @Test
    void should_refuse_headers_that_are_blank_or_those_of_other_fields() {
        assertThatThrownBy(() -> builder()
                        .field("id", Interaction::id)
                        .field("kind", Interaction::kind)
                        .field("note", Interaction::note)
                        .header("id", "note")
                        .header("kind", " ")
                        .header("none", "None")
                        .type("nothing", ColumnType.date())
                        .build())
                .isInstanceOfSatisfying(
                        InvalidDefinitionException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "field 'kind' has a blank header",
                                        "field 'note' has the header 'note' of another field",
                                        "a header is set for field 'none', which is not mapped",
                                        "a type is set for field 'nothing', which is not mapped"));
    }

    @Test
    void should_mark_fields_however_they_get_their_value() {
        MatchCodes<Kind> codes = MatchCodes.<Kind>builder().names(Kind.class).build();
        Fields<Interaction> fields = builder()
                .field("direct", Interaction::id, REQUIRED)
                .field("lambda", i -> i.id(), SENSITIVE, REQUIRED)
                .field("transformed", Interaction::note, Transformations.strip(), SENSITIVE)
                .field("function", i -> i.note(), text -> text == null ? "-" : text.concat("!"), REQUIRED, REQUIRED)
                .matchCodes("codes", Interaction::kind, c -> c.names(Kind.class), REQUIRED)
                .matchCodes("prebuilt", i -> i.kind(), codes, SENSITIVE)
                .field("none", Interaction::id)
                .constant("origin", "crm")
                .blank("room")
                .build();

        assertThat(fields.mappings())
                .extracting(FieldMapping::header, FieldMapping::required, FieldMapping::sensitive)
                .containsExactly(
                        tuple("direct", true, false),
                        tuple("lambda", true, true),
                        tuple("transformed", false, true),
                        tuple("function", true, false),
                        tuple("codes", true, false),
                        tuple("prebuilt", false, true),
                        tuple("none", false, false),
                        tuple("origin", false, false),
                        tuple("room", false, false));
    }

    @Test
    void should_add_constants_and_blanks() throws Exception {
        Fields<Interaction> fields =
                builder().constant("origin", "crm").blank("room").build();

        assertThat(fields.mappings().stream().map(FieldMapping::kind))
                .containsExactly(FieldKind.CONSTANT, FieldKind.BLANK);
        assertThat(values(fields, CALL)).containsExactly("crm", null);
        assertThat(values(fields, EMPTY)).containsExactly("crm", null);
    }

    @Test
    void should_show_the_value_before_it_is_mapped() throws Exception {
        Fields<Interaction> fields = builder()
                .field("id", Interaction::id)
                .field("note", Interaction::note, Transformations.strip())
                .matchCodes("kind", Interaction::kind, c -> c.code(Kind.VISIT, "V"))
                .constant("origin", "crm")
                .blank("room")
                .include(
                        i -> i,
                        Fields.builder(Interaction.class)
                                .field("text", Interaction::note, Transformations.upperCase())
                                .build())
                .build();

        List<@Nullable Object> raw = new ArrayList<>();
        for (FieldMapping<? super Interaction> mapping : fields.mappings()) {
            raw.add(mapping.rawValueOf(CALL));
        }
        assertThat(raw).containsExactly(1L, " hello ", Kind.CALL, "crm", null, " hello ");
    }

    record Address(String city, @Nullable String room) {}

    record Person(String id, Address home, @Nullable Address work) {}

    private static final Fields<Address> ADDRESS = Fields.builder(Address.class)
            .field("city", Address::city, Transformations.upperCase(), REQUIRED)
            .field("room", Address::room, SENSITIVE)
            .constant("country", "US")
            .skip("geo", "not part of the agreement")
            .build();

    @Test
    void should_include_the_fields_of_an_object_that_the_record_holds() throws Exception {
        Fields<Person> fields = Fields.builder(Person.class)
                .field("id", Person::id)
                .include(Person::home, ADDRESS)
                .include("work_", Person::work, ADDRESS)
                .build();

        assertThat(fields).hasToString("[id, city, room, country, work_city, work_room, work_country]");
        assertThat(fields.skipped())
                .containsExactly(
                        new SkippedField("geo", "not part of the agreement"),
                        new SkippedField("work_geo", "not part of the agreement"));
        assertThat(fields.mappings())
                .extracting(FieldMapping::kind)
                .containsExactly(
                        FieldKind.DIRECT,
                        FieldKind.TRANSFORMATION,
                        FieldKind.DIRECT,
                        FieldKind.CONSTANT,
                        FieldKind.TRANSFORMATION,
                        FieldKind.DIRECT,
                        FieldKind.CONSTANT);
        assertThat(fields.mappings().get(4).required()).isTrue();
        assertThat(fields.mappings().get(5).required()).isFalse();
        assertThat(fields.mappings().get(5).sensitive()).isTrue();
        assertThat(fields.mappings().get(4)).hasToString("work_city (TRANSFORMATION)");
        List<@Nullable Object> values = new ArrayList<>();
        for (FieldMapping<? super Person> mapping : fields.mappings()) {
            values.add(mapping.valueOf(new Person("7", new Address("Elm", null), null)));
        }
        assertThat(values).containsExactly("7", "ELM", null, "US", null, null, null);
    }

    interface Identified {
        long id();
    }

    record Visit(long id) implements Identified {}

    @Test
    void should_include_the_fields_of_a_type_above_the_record() {
        Fields<Identified> standard = Fields.builder(Identified.class)
                .field("id", Identified::id, REQUIRED)
                .skip("version", "internal")
                .build();
        Fields<Object> origin =
                Fields.builder(Object.class).constant("origin", "crm").build();

        Fields<Visit> fields = Fields.builder(Visit.class)
                .include(standard)
                .include(origin)
                .field("again", Visit::id)
                .build();

        assertThat(fields).hasToString("[id, origin, again]");
        assertThat(fields.mappings().get(0).required()).isTrue();
        assertThat(fields.skipped()).containsExactly(new SkippedField("version", "internal"));
    }

    @Test
    void should_see_a_header_that_two_sets_have() {
        assertThatThrownBy(() -> Fields.builder(Person.class)
                        .include(Person::home, ADDRESS)
                        .include(Person::work, ADDRESS)
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        "fields has 3 problems: field 'city' appears twice; field 'room' appears twice; field 'country'"
                                + " appears twice");
    }

    @Test
    void should_keep_on_record_what_is_skipped() {
        Fields<Interaction> fields = builder()
                .field("id", Interaction::id)
                .skip("internal_note", "not part of the agreement")
                .build();

        assertThat(fields.skipped()).containsExactly(new SkippedField("internal_note", "not part of the agreement"));
        assertThat(fields.mappings()).hasSize(1);
    }

    @Test
    void should_need_a_field() {
        assertThatThrownBy(() -> builder().skip("note", "private").build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("fields has 1 problem: there is no field: add .field(\"...\", Record::property)");
    }

    @Test
    void should_report_all_problems_at_once() {
        assertThatThrownBy(() -> builder()
                        .field("id", Interaction::id)
                        .field("id", Interaction::note)
                        .field(" ", Interaction::note)
                        .matchCodes(
                                "kind",
                                Interaction::kind,
                                c -> c.code(Kind.CALL, "C").code(Kind.CALL, "D").code(Kind.VISIT, "V"))
                        .matchCodes("none", Interaction::kind, c -> {})
                        .skip("id", "mapped all the same")
                        .skip("", "which?")
                        .skip("secret", " ")
                        .build())
                .isInstanceOfSatisfying(
                        InvalidDefinitionException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "field 'kind': a value has two match codes, 'C' and 'D'",
                                        "field 'none': there is no code: add .code(value, \"...\")",
                                        "field 'id' appears twice",
                                        "a field has a blank name",
                                        "field 'id' is both mapped and skipped",
                                        "a skipped field has a blank name",
                                        "skipped field 'secret' has no reason"));
    }

    @Test
    void should_distinguish_headers_by_case() {
        assertThat(builder()
                        .field("id", Interaction::id)
                        .field("ID", Interaction::id)
                        .build())
                .hasToString("[id, ID]");
    }

    @Test
    void should_not_change_with_its_builder() {
        Fields.Builder<Interaction> builder = builder().field("id", Interaction::id);
        Fields<Interaction> fields = builder.build();

        builder.field("note", Interaction::note).skip("kind", "later");

        assertThat(fields).hasToString("[id]");
        assertThat(fields.skipped()).isEmpty();
        assertThatThrownBy(() -> fields.mappings().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    @SuppressWarnings("NullAway")
    void should_refuse_null_at_once() {
        assertThatThrownBy(() -> builder().field(null, Interaction::id))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("name");
        assertThatThrownBy(() -> builder().field("id", Interaction::id, (Transformation<Object, ?>) null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("transformation");
        assertThatThrownBy(() -> builder().mapping(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("mapping");
        assertThatThrownBy(() -> builder().skip("id", null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("reason");
        assertThatThrownBy(() -> Fields.builder(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("recordType");
    }
}
