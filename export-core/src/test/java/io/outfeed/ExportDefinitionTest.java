package io.outfeed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.field.Fields;
import io.outfeed.field.ValueTexts;
import io.outfeed.file.FileSpec;
import io.outfeed.file.WhenEmpty;
import io.outfeed.source.DeclaredParameter;
import io.outfeed.source.RecordSource;
import io.outfeed.watermark.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExportDefinitionTest {

    record Row(long id, String name, Instant updatedAt) {}

    private static ExportDefinition.Builder<Row> complete() {
        return ExportDefinition.builder("rows", Row.class)
                .source(RecordSource.ofCollection(window -> List.of()))
                .recordKey(Row::id)
                .watermark(Watermark.timestamp(Row::updatedAt, Duration.ofMinutes(2)))
                .fields(f -> f.field("id", Row::id))
                .file(f -> f.name("rows-{sequence}.csv"));
    }

    @Test
    void should_hold_what_was_set() {
        RecordSource<Row> source = RecordSource.ofCollection(window -> List.of());
        Watermark<Row> watermark = Watermark.fullSnapshot();
        ExportDefinition<Row> definition = complete()
                .source(source)
                .watermark(watermark)
                .filter(row -> row.id() > 1)
                .file(f -> f.name("rows.csv").whenEmpty(WhenEmpty.NO_FILE))
                .build();

        Row first = new Row(1, "a", Instant.EPOCH);
        assertThat(definition.name()).isEqualTo("rows");
        assertThat(definition.recordType()).isEqualTo(Row.class);
        assertThat(definition.source()).isSameAs(source);
        assertThat(definition.watermark()).isSameAs(watermark);
        assertThat(definition.recordKey().apply(first)).isEqualTo(1L);
        assertThat(definition.filter().test(first)).isFalse();
        assertThat(definition.fields()).hasToString("[id]");
        assertThat(definition.file().whenEmpty()).isEqualTo(WhenEmpty.NO_FILE);
        assertThat(definition).hasToString("export 'rows'");
    }

    @Test
    void should_export_all_records_by_default() {
        assertThat(complete().build().filter().test(new Row(1, "a", Instant.EPOCH)))
                .isTrue();
    }

    @Test
    void should_report_everything_that_is_missing_at_once() {
        assertThatThrownBy(() -> ExportDefinition.builder("rows", Row.class).build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        "export 'rows' has 5 problems: source is missing: add .source(RecordSource.of(window -> ...));"
                                + " recordKey is missing: add .recordKey(Record::id); watermark is missing: add"
                                + " .watermark(Watermark.timestamp(Record::updatedAt, settleTime)) or"
                                + " .watermark(Watermark.fullSnapshot()); fields are missing: add .fields(f ->"
                                + " f.field(...)); file.name is missing: add .file(f -> f.name(\"...\"))");
    }

    @Test
    void should_report_the_problems_of_its_parts_at_once() {
        assertThatThrownBy(() -> complete()
                        .fields(f ->
                                f.field("id", Row::id).field("id", Row::name).field("", Row::name))
                        .file(f -> f.name("a b"))
                        .build())
                .isInstanceOfSatisfying(
                        InvalidDefinitionException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "field 'id' appears twice",
                                        "a field has a blank name",
                                        "file.name 'a b': 'a b' has characters that are no part of a safe file name:"
                                                + " use A-Z, a-z, 0-9, '.', '_' and '-'"));
    }

    @Test
    void should_report_one_problem_as_one() {
        assertThatThrownBy(() -> complete().file(f -> {}).build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("export 'rows' has 1 problem: file.name is missing");
    }

    @Test
    void should_declare_parameters() {
        ExportDefinition<Row> definition =
                complete().parameter("tenant").parameter("term", "current").build();

        assertThat(definition.parameters())
                .containsExactly(
                        new DeclaredParameter("tenant", Optional.empty()),
                        new DeclaredParameter("term", Optional.of("current")));
        assertThat(definition.parameters()).hasToString("[tenant, term]");
        assertThat(complete().build().parameters()).isEmpty();
        assertThatThrownBy(() -> complete()
                        .parameter("term")
                        .parameter("term", "current")
                        .parameter(" ")
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        "export 'rows' has 2 problems: parameter 'term' appears twice; a parameter has a blank name");
    }

    @Test
    void should_be_schedulable_by_default() {
        assertThat(complete().build().version()).isEmpty();
        assertThat(complete().version("7").build().version()).isEqualTo("7");
        assertThat(complete().build().schedulable()).isEqualTo(Schedulable.YES);
        assertThat(complete().schedulable(Schedulable.NO).build().schedulable()).isEqualTo(Schedulable.NO);
    }

    @Test
    void should_need_a_safe_name() {
        assertThatThrownBy(() -> ExportDefinition.builder("a/b", Row.class)
                        .source(RecordSource.ofCollection(window -> List.of()))
                        .recordKey(Row::id)
                        .watermark(Watermark.fullSnapshot())
                        .fields(f -> f.field("id", Row::id))
                        .file(f -> f.name("rows.csv"))
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        "export 'a/b' has 1 problem: the name is no safe file name: only letters A-Z and a-z, digits,"
                                + " '.', '_' and '-' are allowed");
    }

    @Test
    void should_refuse_a_date_pattern_for_a_window_of_numbers() {
        assertThatThrownBy(() -> complete()
                        .watermark(Watermark.sequence(Row::id, () -> 1))
                        .file(f -> f.name("rows-{window.until:yyyyMMdd}.csv"))
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        "export 'rows' has 1 problem: file.name 'rows-{window.until:yyyyMMdd}.csv' has a date pattern"
                                + " for the window, whose bounds are of kind 'sequence': use {fire} for a time");
    }

    @Test
    void should_forget_a_part_that_is_set_again() {
        ExportDefinition<Row> definition = complete()
                .fields(f -> f.field("", Row::id))
                .fields(Fields.builder(Row.class).field("name", Row::name).build())
                .file(f -> f.name("a b"))
                .file(FileSpec.builder().name("b.csv").build())
                .build();

        assertThat(definition.fields()).hasToString("[name]");
        assertThat(definition.file().name()).hasToString("b.csv");
    }

    @Test
    void should_take_texts_for_types_and_report_their_problems() {
        ExportDefinition.Builder<Row> builder = complete();
        assertThat(builder.build().valueTexts()).isSameAs(ValueTexts.defaults());
        assertThat(builder.valueTexts(v -> v.type(Instant.class, Instant::toString))
                        .build()
                        .valueTexts())
                .hasToString("[java.time.Instant]");
        assertThatThrownBy(() -> builder.valueTexts(v -> v.type(long.class, Object::toString))
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        "export 'rows' has 1 problem: type long is primitive, and values are not: use its class, such"
                                + " as Integer.class");
        assertThat(builder.valueTexts(ValueTexts.defaults()).build().valueTexts())
                .isSameAs(ValueTexts.defaults());
    }

    @Test
    void should_not_fall_back_to_a_part_that_was_right_before() {
        assertThatThrownBy(() ->
                        complete().fields(f -> {}).file(f -> f.name("a b")).build())
                .isInstanceOfSatisfying(
                        InvalidDefinitionException.class,
                        e -> assertThat(e.problems()).hasSize(2));
    }

    @Test
    void should_not_change_with_its_builder() {
        ExportDefinition.Builder<Row> builder = complete();
        ExportDefinition<Row> definition = builder.build();

        builder.fields(f -> f.field("name", Row::name))
                .file(f -> f.name("b.csv"))
                .filter(row -> false)
                .watermark(Watermark.fullSnapshot());

        assertThat(definition.fields()).hasToString("[id]");
        assertThat(definition.file().name()).hasToString("rows-{sequence}.csv");
        assertThat(definition.filter().test(new Row(1, "a", Instant.EPOCH))).isTrue();
        assertThat(definition.watermark().kind()).isEqualTo("timestamp");
    }

    @Test
    @SuppressWarnings("NullAway")
    void should_refuse_null_at_once() {
        assertThatThrownBy(() -> ExportDefinition.builder(null, Row.class))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("name");
        assertThatThrownBy(() -> complete().source(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("source");
        assertThatThrownBy(() -> complete().filter(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("filter");
    }
}
