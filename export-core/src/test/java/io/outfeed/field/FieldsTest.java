package io.outfeed.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.InvalidDefinitionException;
import java.util.ArrayList;
import java.util.List;
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
            public String header() {
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
                                        "a field has a blank header",
                                        "field 'id' is both mapped and skipped",
                                        "a skipped field has a blank name",
                                        "skipped field 'secret' has no reason"));
    }

    @Test
    void should_tell_headers_apart_by_case() {
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
                .hasMessage("header");
        assertThatThrownBy(() -> builder().field("id", Interaction::id, null))
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
