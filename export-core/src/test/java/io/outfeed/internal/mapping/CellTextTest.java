package io.outfeed.internal.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.MappingException;
import io.outfeed.field.FieldMapping;
import io.outfeed.field.Fields;
import io.outfeed.field.RejectedValueException;
import io.outfeed.field.ValueTexts;
import io.outfeed.format.CellType;
import io.outfeed.format.ColumnType;
import io.outfeed.internal.value.ValueText;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class CellTextTest {

    private static final CellText TEXTS = new CellText(ValueTexts.defaults(), "job=rows, run=7");

    /** A column with a value of the test's choice. */
    private record Column(boolean required, @Nullable Object value) implements FieldMapping<Object> {

        @Override
        public String name() {
            return "term";
        }

        @Override
        public @Nullable Object valueOf(Object record) {
            if (value instanceof RuntimeException failure) {
                throw failure;
            }
            return value;
        }
    }

    private static @Nullable String text(CellText texts, Column column) {
        Cell cell = texts.of(column, "row", "17");
        return cell == null ? null : cell.text();
    }

    @Test
    void should_distinguish_null_from_empty_text() {
        assertThat(text(TEXTS, new Column(false, null))).isNull();
        assertThat(text(TEXTS, new Column(false, Optional.empty()))).isNull();
        assertThat(text(TEXTS, new Column(false, ""))).isEmpty();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "\t", "\u2003"})
    void should_fail_where_a_required_field_is_blank(@Nullable String value) {
        assertThatThrownBy(() -> TEXTS.of(new Column(true, value), "row", "17"))
                .isInstanceOfSatisfying(MappingException.class, e -> {
                    assertThat(e.field()).isEqualTo("term");
                    assertThat(e.recordKey()).isEqualTo("17");
                    assertThat(e).hasNoCause();
                })
                .hasMessage(
                        "can't map field 'term' (CUSTOM) of record '17': it is required, and this record's is empty:"
                                + " correct the record, or make the field optional (job=rows, run=7, field=term)");
        assertThat(text(TEXTS, new Column(false, value))).isEqualTo(value);
    }

    @Test
    void should_map_a_required_field_that_has_a_value() {
        assertThat(text(TEXTS, new Column(true, 0))).isEqualTo("0");
    }

    @Test
    void should_report_the_reason_of_a_rejected_value() {
        Column column = new Column(false, new RejectedValueException("it is too long: correct the record"));

        assertThatThrownBy(() -> TEXTS.of(column, "row", "17"))
                .isInstanceOf(MappingException.class)
                .hasMessage("can't map field 'term' (CUSTOM) of record '17': it is too long: correct the record"
                        + " (job=rows, run=7, field=term)");
    }

    @Test
    void should_use_the_definitions_own_texts_for_what_a_column_has() {
        DateTimeFormatter days = DateTimeFormatter.ofPattern("dd/MM/yyyy", Locale.ROOT);
        CellText texts = new CellText(
                ValueTexts.builder().type(LocalDate.class, days::format).build(), "job=rows, run=7");
        LocalDate day = LocalDate.of(2026, 3, 1);

        assertThat(text(texts, new Column(false, day))).isEqualTo("01/03/2026");
        assertThat(text(texts, new Column(false, Optional.of(Optional.of(day)))))
                .isEqualTo("01/03/2026");
        assertThat(text(texts, new Column(false, day.toString()))).isEqualTo("2026-03-01");
        assertThat(text(texts, new Column(false, null))).isNull();
        assertThat(text(TEXTS, new Column(false, day))).isEqualTo("2026-03-01");
    }

    @Test
    void should_quote_nothing_of_a_value_whose_text_fails() {
        CellText texts = new CellText(
                ValueTexts.builder()
                        .type(String.class, text -> {
                            throw new IllegalStateException("quotes " + text);
                        })
                        .build(),
                "job=rows, run=7");

        assertThatThrownBy(() -> texts.of(new Column(false, "a secret"), "row", "17"))
                .isInstanceOf(MappingException.class)
                .hasMessage("can't map field 'term' (CUSTOM) of record '17': correct the record, or give the field a"
                        + " transformation or match code for it (job=rows, run=7, field=term)")
                .hasRootCauseMessage(
                        "java.lang.IllegalStateException (its message is left out, since it may quote a record)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1E+2147483647", "1E+1000000", "-1E+1000000", "1E-1000001", "1E-2147483647"})
    void should_reject_a_number_whose_zeros_would_fill_the_memory(String number) {
        assertThatThrownBy(() -> TEXTS.of(new Column(false, new BigDecimal(number)), "row", "17"))
                .isInstanceOfSatisfying(
                        MappingException.class,
                        e -> assertThat(e.reason())
                                .isEqualTo("it has more than 1000000 digits: correct the record, or give the field a"
                                        + " transformation"));
    }

    @ParameterizedTest
    @CsvSource({"1E+999999, 1000000", "1E-1000000, 1000002"})
    void should_write_a_number_with_as_many_digits_as_a_database_has(String number, int length) {
        assertThat(ValueText.defaultText(new BigDecimal(number))).hasSize(length);
    }

    private static @Nullable Cell typed(ColumnType type, Object value) {
        return TEXTS.of(
                Fields.builder(Object.class)
                        .field("term", row -> row)
                        .type("term", type)
                        .build()
                        .mappings()
                        .get(0),
                value,
                "17");
    }

    @Test
    void should_give_cells_of_the_declared_type() {
        assertThat(typed(ColumnType.text(), 7L)).isEqualTo(new Cell("7", CellType.TEXT));
        assertThat(typed(ColumnType.decimal(), 7L)).isEqualTo(new Cell("7", CellType.INTEGER));
        assertThat(typed(ColumnType.integer(), new BigDecimal("7"))).isEqualTo(new Cell("7", CellType.INTEGER));
        assertThat(typed(ColumnType.date(), Optional.empty())).isNull();
    }

    @Test
    void should_reject_a_value_that_does_not_fit_the_declared_type() {
        assertThatThrownBy(() -> typed(ColumnType.integer(2), 123))
                .isInstanceOf(MappingException.class)
                .hasMessage(
                        "can't map field 'term' (DIRECT) of record '17': it has 3 digits before the point and 0 after"
                                + " it, and the column is declared as INTEGER(2): correct the record, or declare more"
                                + " (job=rows, run=7, field=term)");
    }
}
