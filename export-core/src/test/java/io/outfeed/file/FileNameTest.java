package io.outfeed.file;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.InvalidDefinitionException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class FileNameTest {

    private static final Map<String, Object> VALUES = Map.ofEntries(
            entry("sequence", 12L),
            entry("run", 4711L),
            entry("part", 3L),
            entry("partition", "2025/26 Term 1"),
            entry("job", "interactions-lakeside"),
            entry("definition", "interactions"),
            entry("parameter.tenant", "lakeside"),
            entry("parameter.site", "Zürich/Nord "),
            entry("fire", Instant.parse("2026-03-01T12:00:00Z")),
            entry("window.from", Instant.parse("2026-02-28T11:58:00Z")),
            entry("window.until", Instant.parse("2026-12-31T23:58:01.5Z")));

    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "file-names.csv", numLinesToSkip = 1)
    void should_render_as_the_table_says(String pattern, String expected) {
        assertThat(FileName.of(pattern).render(VALUES)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "bad-file-names.csv", numLinesToSkip = 1)
    void should_refuse_a_bad_pattern(String pattern, String problem) {
        assertThatThrownBy(() -> FileName.of(pattern))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("file name '" + pattern + "' has 1 problem: " + problem);
    }

    @Test
    void should_refuse_an_empty_pattern() {
        assertThatThrownBy(() -> FileName.of(""))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("file name '' has 1 problem: it is empty");
    }

    @Test
    void should_report_all_problems_at_once() {
        assertThatThrownBy(() -> FileName.of("a b{sequence:1}{unknown}.csv"))
                .isInstanceOfSatisfying(
                        InvalidDefinitionException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "'a b' has characters that are no part of a safe file name: use A-Z, a-z,"
                                                + " 0-9, '.', '_' and '-'",
                                        "{sequence:1}: only zeros may follow, such as {sequence:0000}",
                                        "{unknown} is not known: use one of [definition, fire, job, part, partition,"
                                                + " run, sequence, sequence.daily, window.from, window.lastDay,"
                                                + " window.until] or parameter.<name>"));
    }

    @Test
    void should_write_times_of_its_zone() {
        FileName name = FileName.of("{fire:yyyyMMdd-HHmm}.csv");

        assertThat(name.zone(ZoneId.of("America/New_York")).render(VALUES)).isEqualTo("20260301-0700.csv");
        assertThat(name.render(VALUES)).isEqualTo("20260301-1200.csv");
    }

    @Test
    void should_refuse_a_result_that_is_no_safe_name() {
        String tooLong = "x".repeat(117);

        assertThatThrownBy(() -> FileName.of("{parameter.p}.csv").render(Map.of("parameter.p", tooLong)))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        "file name '{parameter.p}.csv' has 1 problem: with this run's values it has 121 characters, at"
                                + " most 120 are allowed");
        assertThat(FileName.of("{parameter.p}.csv").render(Map.of("parameter.p", "x".repeat(116))))
                .hasSize(120);
        assertThatThrownBy(() -> FileName.of("{parameter.p}.csv").render(Map.of("parameter.p", "../../etc/passwd")))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        "file name '{parameter.p}.csv' has 1 problem: with this run's values it must not begin with '.'"
                                + " or '-'");
        assertThatThrownBy(() -> FileName.of("{parameter.p}.csv").render(Map.of("parameter.p", "a..b")))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        "file name '{parameter.p}.csv' has 1 problem: with this run's values it must not contain '..'");
        assertThatThrownBy(() -> FileName.of("{parameter.p}.csv").render(Map.of("parameter.p", "NUL")))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("file name '{parameter.p}.csv' has 1 problem: with this run's values 'nul' is the name of a"
                        + " device on Windows");
        assertThatThrownBy(() -> FileName.of("{parameter.p}").render(Map.of("parameter.p", "")))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("file name '{parameter.p}' has 1 problem: with this run's values it is empty");
    }

    @Test
    void should_refuse_missing_values() {
        assertThatThrownBy(() -> FileName.of("a-{sequence}.csv").render(Map.of("run", 1L)))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("file name 'a-{sequence}.csv' has 1 problem: this run has no value for {sequence}");
    }

    @Test
    void should_refuse_values_of_another_type() {
        assertThatThrownBy(() -> FileName.of("a-{sequence}.csv").render(Map.of("sequence", "12")))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("file name 'a-{sequence}.csv' has 1 problem: this run's value for {sequence} is a String");
        assertThatThrownBy(() -> FileName.of("a-{fire}.csv").render(Map.of("fire", 12L)))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("file name 'a-{fire}.csv' has 1 problem: this run's value for {fire} is a Long");
        assertThatThrownBy(() -> FileName.of("a-{window.until:yyyy}.csv").render(Map.of("window.until", "4711")))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        "file name 'a-{window.until:yyyy}.csv' has 1 problem: this run's value for {window.until} is a"
                                + " String");
    }

    @Test
    void should_take_a_window_of_numbers_without_a_date_pattern() {
        FileName name = FileName.of("rows-{window.from}-{window.until}.csv");

        assertThat(name.needsWindowTimes()).isFalse();
        assertThat(name.render(Map.of("window.from", "17", "window.until", "4711")))
                .isEqualTo("rows-17-4711.csv");
        assertThat(FileName.of("{window.from:yyyy}").needsWindowTimes()).isTrue();
        assertThat(FileName.of("{fire:yyyy}").needsWindowTimes()).isFalse();
    }

    @Test
    void should_have_the_day_before_as_the_last_one_of_a_window_that_ends_at_midnight() {
        FileName name = FileName.of("{window.lastDay@Europe/Zurich}.csv");

        assertThat(name.render(Map.of("window.until", Instant.parse("2026-06-30T22:00:00Z"))))
                .isEqualTo("20260630.csv");
        assertThat(name.render(Map.of("window.until", Instant.parse("2026-06-30T22:00:00.000001Z"))))
                .isEqualTo("20260701.csv");
        assertThat(name.needsWindowTimes()).isTrue();
        assertThat(name.uses("window.lastDay")).isTrue();
    }

    @Test
    void should_shift_days_by_the_calendar_and_hours_by_elapsed_time() {
        Instant afterTheClockChange = Instant.parse("2026-03-29T10:00:00Z");

        assertThat(FileName.of("{fire-1d@Europe/Zurich:HHmm}-{fire-24h@Europe/Zurich:HHmm}.csv")
                        .render(Map.of("fire", afterTheClockChange)))
                .isEqualTo("1200-1100.csv");
    }

    @Test
    void should_have_a_word_for_the_beginning_of_the_first_window() {
        FileName name = FileName.of("{window.from|all:yyyyMMdd}-{window.from:yyyy}.csv");
        Instant from = Instant.parse("1970-01-01T00:00:00Z");

        assertThat(name.render(Map.of("window.from", from, "window.isFirst", true)))
                .isEqualTo("all-1970.csv");
        assertThat(name.render(Map.of("window.from", from, "window.isFirst", false)))
                .isEqualTo("19700101-1970.csv");
    }

    @Test
    void should_report_what_it_uses() {
        FileName name = FileName.of("{parameter.tenant}-{sequence}-{parameter.site}-{parameter.tenant}.csv");

        assertThat(name.parameters()).isEqualTo(List.of("tenant", "site"));
        assertThat(name.uses("sequence")).isTrue();
        assertThat(name.uses("run")).isFalse();
    }

    @Test
    void should_be_a_value() {
        assertThat(FileName.of("a.csv"))
                .isEqualTo(FileName.of("a.csv"))
                .hasSameHashCodeAs(FileName.of("a.csv"))
                .hasToString("a.csv")
                .isNotEqualTo(FileName.of("b.csv"))
                .isNotEqualTo(FileName.of("a.csv").zone(ZoneId.of("America/New_York")));
    }
}
