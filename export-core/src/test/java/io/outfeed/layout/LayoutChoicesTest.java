package io.outfeed.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.field.FieldKind;
import io.outfeed.field.FieldMapping;
import io.outfeed.field.FieldMark;
import io.outfeed.field.IfUnmatched;
import io.outfeed.field.MatchCodes;
import io.outfeed.field.RejectedValueException;
import io.outfeed.field.Transformations;
import io.outfeed.file.FileSpec;
import io.outfeed.file.transform.Gzip;
import io.outfeed.file.transform.Zip;
import io.outfeed.format.CsvFormat;
import io.outfeed.format.JsonFormat;
import io.outfeed.source.RecordSource;
import io.outfeed.watermark.Watermark;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayoutChoicesTest {

    private record Student(
            String id,
            String name,
            @Nullable Integer grade,
            Optional<LocalDate> born,
            Instant enrolledAt,
            boolean active,
            String ssn) {}

    private static final Student ADA = new Student(
            "007",
            " ada lovelace ",
            9,
            Optional.of(LocalDate.of(2015, 12, 10)),
            Instant.parse("2026-08-31T23:30:00Z"),
            true,
            "123-45-6789");

    private static final ExportDefinition<Student> STUDENTS = ExportDefinition.builder("students", Student.class)
            .source(RecordSource.of(window -> Stream.of(ADA)))
            .recordKey(Student::id)
            .watermark(Watermark.fullSnapshot())
            .filter(Student::active)
            .fields(f -> f.field("student_id", Student::id, FieldMark.REQUIRED)
                    .field("name", Student::name)
                    .field("grade", Student::grade)
                    .header("grade", "Grade"))
            .file(f -> f.name("students-{sequence}.csv"))
            .choices(c -> c.fields(f -> f.field("birth_date", Student::born)
                            .field("enrolled_at", Student::enrolledAt)
                            .field("active", Student::active)
                            .field("ssn", Student::ssn, FieldMark.SENSITIVE))
                    .standardTransformations()
                    .transformation(
                            "term",
                            Integer.class,
                            with -> value -> value == null ? null : "T" + value / with.get(Terms.LENGTH),
                            Terms.LENGTH)
                    .codes("grades", MatchCodes.<Integer>builder().code(9, "FR").build())
                    .filter("grade", Student::grade)
                    .filter("active", Student::active)
                    .standardFormats()
                    .standardTransforms()
                    .fileName())
            .build();

    private static final class Terms {

        private static final Argument<Integer> LENGTH = Argument.integer("length", 1, 4);

        private Terms() {}
    }

    private static Layout of(UnaryOperator<LayoutColumn> column, String field) {
        return Layout.builder().column("student_id").column(field, column).build();
    }

    /** Returns what the second column has for the record. */
    private static @Nullable Object value(Layout layout) throws Exception {
        return STUDENTS.with(layout).fields().mappings().get(1).valueOf(ADA);
    }

    private static @Nullable Object value(String field, String transformation, Map<String, Object> arguments)
            throws Exception {
        return value(of(c -> c.transform(transformation, arguments), field));
    }

    private static List<String> problems(Layout layout) {
        return catchThrowableOfType(InvalidDefinitionException.class, () -> STUDENTS.with(layout))
                .problems();
    }

    @Test
    void should_be_as_the_definition_says_without_a_layout() {
        assertThat(STUDENTS.with(Layout.none())).isSameAs(STUDENTS);
        assertThat(ExportJob.builder("job", STUDENTS).build().definitions()).containsExactly(STUDENTS);
    }

    @Test
    void should_have_the_chosen_columns_in_the_chosen_order_under_their_headers() throws Exception {
        ExportDefinition<Student> chosen = STUDENTS.with(Layout.builder()
                .column("grade")
                .column("student_id", c -> c.header("ID"))
                .column(LayoutColumn.constant("Source", "SIS"))
                .column("birth_date")
                .column(
                        "birth_date",
                        c -> c.name("birth_year").header("Year").transform("date", Map.of("pattern", "yyyy")))
                .column(LayoutColumn.blank("Reserved").name("reserved"))
                .build());

        List<Object> row = new ArrayList<>();
        for (FieldMapping<? super Student> mapping : chosen.fields().mappings()) {
            row.add(mapping.name() + "/" + mapping.header() + "/" + mapping.kind() + "=" + mapping.valueOf(ADA));
        }
        assertThat(row)
                .containsExactly(
                        "grade/Grade/DIRECT=9",
                        "student_id/ID/DIRECT=007",
                        "Source/Source/CONSTANT=SIS",
                        "birth_date/birth_date/DIRECT=Optional[2015-12-10]",
                        "birth_year/Year/TRANSFORMATION=2015",
                        "reserved/Reserved/BLANK=null");
        assertThat(chosen.fields().skipped())
                .singleElement()
                .satisfies(field -> assertThat(field.name()).isEqualTo("name"));
        assertThat(chosen.choices()).isEmpty();
    }

    @Test
    void should_keep_the_marks_of_fields() {
        List<? extends FieldMapping<?>> mappings = STUDENTS.with(Layout.builder()
                        .column("student_id", c -> c.transform("padLeft", Map.of("length", 9, "fill", "0")))
                        .column(
                                "ssn",
                                c -> c.name("last4").header("Last 4").transform("maskAllButLast", Map.of("last", 4)))
                        .build())
                .fields()
                .mappings();

        assertThat(mappings.get(0).required()).isTrue();
        assertThat(mappings.get(1).sensitive()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "name, strip, 'ada lovelace'",
        "name, capitalize, ' ada lovelace '",
        "grade, strip, 9",
        "active, upperCase, TRUE"
    })
    void should_give_the_text_of_any_value_to_a_transformation_of_texts(String field, String name, String expected)
            throws Exception {
        assertThat(value(field, name, Map.of())).isEqualTo(expected);
    }

    @Test
    void should_transform_by_arguments() throws Exception {
        assertThat(value("grade", "padLeft", Map.of("length", "3", "fill", "0")))
                .isEqualTo("009");
        assertThat(value("grade", "term", Map.of("length", 4))).isEqualTo("T2");
        assertThat(value("grade", "number", Map.of("scale", 2, "decimalSeparator", ",")))
                .isEqualTo("9,00");
        assertThat(value("active", "words", Map.of("ifTrue", "Y", "ifFalse", "N")))
                .isEqualTo("Y");
        assertThat(value("birth_date", "date", Map.of("pattern", "d MMMM yyyy", "language", "de")))
                .isEqualTo("10 Dezember 2015");
        assertThat(value("enrolled_at", "date", Map.of("pattern", "dd.MM.yyyy", "zone", "Europe/Zurich")))
                .isEqualTo("01.09.2026");
        assertThat(value(of(
                        c -> c.transform("strip").transform("upperCase").transform("maxLength", Map.of("length", 3)),
                        "name")))
                .isEqualTo("ADA");
    }

    @Test
    void should_write_dates_of_each_type_that_has_what_the_pattern_writes() {
        assertThat(DateText.CHOICE).hasToString("date(pattern, zone, language)");

        assertThat(apply("HH:mm", LocalTime.of(7, 30))).isEqualTo("07:30");
        assertThat(apply("dd.MM.yyyy HH:mm", OffsetDateTime.parse("2026-06-30T22:30:00Z")))
                .isEqualTo("01.07.2026 00:30");
        assertThat(apply("yyyy", null)).isNull();
        assertThat(catchThrowableOfType(RejectedValueException.class, () -> apply("HH:mm", LocalDate.EPOCH)))
                .hasMessage(
                        "its value is a LocalDate, which does not have all that the pattern of transformation 'date'"
                                + " writes: choose another pattern, or a field with dates or times");
        assertThat(catchThrowableOfType(RejectedValueException.class, () -> apply("yyyy", "2015-12-10")))
                .hasMessage("its value is a String, which does not have all that the pattern of transformation 'date'"
                        + " writes: choose another pattern, or a field with dates or times");
    }

    private static @Nullable String apply(String pattern, @Nullable Object value) {
        return (String) DateText.CHOICE
                .make(new NamedChoice("date", Map.of("pattern", pattern, "zone", "Europe/Zurich")), problem -> {
                    throw new AssertionError(problem);
                })
                .orElseThrow()
                .apply(value);
    }

    @Test
    void should_reject_a_value_that_a_transformation_does_not_take() {
        assertThat(catchThrowableOfType(RejectedValueException.class, () -> value("name", "term", Map.of("length", 1))))
                .hasMessage("its value is a String, and transformation 'term' takes a Integer: choose another"
                        + " transformation, or another field");
        assertThat(catchThrowableOfType(
                        RejectedValueException.class, () -> value("enrolled_at", "date", Map.of("pattern", "yyyy"))))
                .hasMessage("its value is a point in time, and transformation 'date' has no zone for it: add the"
                        + " argument 'zone', such as Europe/Zurich");
    }

    @Test
    void should_look_up_codes_of_a_table_and_of_its_own() throws Exception {
        assertThat(value(of(c -> c.codes(LayoutCodes.table("grades")), "grade")))
                .isEqualTo("FR");
        assertThat(value(of(c -> c.codes(LayoutCodes.of(Map.of("9", "IX"))), "grade")))
                .isEqualTo("IX");
        assertThat(value(of(
                        c -> c.codes(LayoutCodes.of(Map.of("8", "VIII")).ifUnmatched(IfUnmatched.PASS_THROUGH)),
                        "grade")))
                .isEqualTo("9");
        assertThat(value(of(c -> c.codes(LayoutCodes.of(Map.of("8", "VIII")).ifUnmatched("?")), "grade")))
                .isEqualTo("?");
        assertThat(catchThrowableOfType(
                        RejectedValueException.class,
                        () -> value(of(c -> c.codes(LayoutCodes.table("grades")), "name"))))
                .hasMessageStartingWith("its value is none of the 1 that have a match code");
    }

    @Test
    void should_export_records_with_the_chosen_values_that_the_definition_exports() {
        Layout layout = Layout.builder()
                .filter("grade", List.of("9", "10"))
                .filter("active", List.of("true", "false"))
                .build();
        ExportDefinition<Student> chosen = STUDENTS.with(layout);

        assertThat(chosen.filter()).accepts(ADA).rejects(with(8, true), with(9, false), with(null, true));
        assertThat(chosen.fields()).isSameAs(STUDENTS.fields());
    }

    private static Student with(@Nullable Integer grade, boolean active) {
        return new Student("1", "n", grade, Optional.empty(), Instant.EPOCH, active, "");
    }

    @Test
    void should_choose_the_format_and_the_name_of_the_file() {
        assertThat(STUDENTS.with(Layout.builder()
                                .format("csv", Map.of("delimiter", ";", "quote", "single", "header", "absent"))
                                .fileName("{job}-{fire:yyyyMMdd}.txt")
                                .build())
                        .file())
                .satisfies(file -> {
                    assertThat(file.name()).hasToString("{job}-{fire:yyyyMMdd}.txt");
                    assertThat(file.format())
                            .isEqualTo(CsvFormat.builder()
                                    .delimiter(';')
                                    .quote(CsvFormat.Quote.SINGLE)
                                    .header(CsvFormat.Header.ABSENT)
                                    .build());
                });
        assertThat(STUDENTS.with(Layout.builder()
                                .format("jsonArray", Map.of("nested", true))
                                .build())
                        .file()
                        .format())
                .isEqualTo(JsonFormat.array().nested());
    }

    @Test
    void should_compress_and_add_the_ending_to_a_name_that_is_not_chosen() {
        FileSpec file = STUDENTS.with(
                        Layout.builder().transform("gzip", Map.of("level", 9)).build())
                .file();

        assertThat(file.name()).hasToString("students-{sequence}.csv.gz");
        assertThat(file.transforms()).containsExactly(Gzip.level(9));
        assertThat(STUDENTS.with(Layout.builder()
                                .fileName("s.zip")
                                .transform("zip", Map.of())
                                .build())
                        .file()
                        .transforms())
                .containsExactly(Zip.defaults());
        assertThat(problems(Layout.builder()
                        .fileName("s.csv")
                        .transform("gzip", Map.of("level", 10))
                        .transform("zip", Map.of())
                        .transform("pgp", Map.of())
                        .build()))
                .containsExactly(
                        "transforms[0].gzip: 'level' must be a whole number from 1 to 9",
                        "transforms[2]: there is no transform 'pgp': choose one of gzip, zip",
                        "fileName: file.name 's.csv' must end with .zip, since its transforms are [zip]");
    }

    @Test
    void should_replace_the_transforms_of_the_definition_and_their_endings() {
        ExportDefinition<Student> compressed = ExportDefinition.builder("compressed", Student.class)
                .source(RecordSource.of(window -> Stream.of(ADA)))
                .recordKey(Student::id)
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.field("id", Student::id))
                .file(f -> f.name("students.csv.gz").transforms(Gzip.defaults()))
                .choices(c -> c.standardTransforms())
                .build();

        FileSpec file = compressed
                .with(Layout.builder().transform("zip", Map.of()).build())
                .file();

        assertThat(file.name()).hasToString("students.csv.zip");
        assertThat(file.transforms()).containsExactly(Zip.defaults());
    }

    @Test
    void should_set_each_option_of_csv_by_its_name() {
        Map<String, Object> all = new HashMap<>();
        all.put("delimiter", "\t");
        all.put("quote", "double");
        all.put("quoting", "textOnly");
        all.put("escape", "backslash");
        all.put("lineEnding", "lf");
        all.put("header", "present");
        all.put("byteOrderMark", "present");
        all.put("formulaGuard", "apostrophe");
        all.put("charset", "UTF-16LE");
        all.put("replacement", "?");
        all.put("nullText", "NULL");
        all.put("preamble", List.of("v1"));
        all.put("trailer", List.of("T", "{rows}"));

        assertThat(STUDENTS.with(Layout.builder().format("csv", all).build())
                        .file()
                        .format())
                .isEqualTo(CsvFormat.builder()
                        .delimiter('\t')
                        .quoting(CsvFormat.Quoting.TEXT_ONLY)
                        .escape(CsvFormat.Escape.BACKSLASH)
                        .lineEnding(CsvFormat.LineEnding.LF)
                        .byteOrderMark(CsvFormat.ByteOrderMark.PRESENT)
                        .formulaGuard(CsvFormat.FormulaGuard.APOSTROPHE)
                        .charset(StandardCharsets.UTF_16LE)
                        .replacement("?")
                        .nullText("NULL")
                        .preamble("v1")
                        .trailer("T", "{rows}")
                        .build());
    }

    @Test
    void should_list_all_problems_at_once() {
        assertThat(problems(Layout.builder()
                        .column("grad")
                        .column("name", c -> c.transform("upper"))
                        .column("name", c -> c.transform("padLeft", Map.of("length", 0, "filler", "x")))
                        .column("grade", c -> c.header("name").codes(LayoutCodes.table("levels")))
                        .column("birth_date", c -> c.transform("date", Map.of("pattern", "YYYY-MM-dd")))
                        .column("active", c -> c.codes(LayoutCodes.of(Map.of())))
                        .column(LayoutColumn.blank(" "))
                        .filter("city", List.of("x"))
                        .filter("grade", List.of())
                        .format("excel", Map.of())
                        .fileName("../{x}")
                        .build()))
                .containsExactlyInAnyOrder(
                        "columns[0].field: there is no field 'grad': choose one of student_id, name, grade, birth_date,"
                                + " enrolled_at, active, ssn",
                        "columns[1].transform[0]: there is no transformation 'upper': choose one of strip,"
                                + " collapseWhiteSpace, stripControls, nullIfBlank, defaultIfBlank, upperCase,"
                                + " lowerCase, capitalize, padLeft, padRight, maxLength, maskAllButLast, split, number,"
                                + " words, date, term",
                        "columns[2].transform[0].padLeft: 'filler' is no argument of it: it takes length, fill",
                        "columns[2].transform[0].padLeft: 'length' must be a whole number from 1 to 10000",
                        "columns[2].transform[0].padLeft: 'fill' is missing: it must be a text of one character",
                        "columns[2]: there is a column 'name' before it: set a name, such as name_2",
                        "columns[3].codes: there is no table of codes 'levels': choose one of grades",
                        "columns[3]: there is a column with the header 'name' before it: set another",
                        "columns[4].transform[0].date: its arguments make nothing: " + datePatternProblem("YYYY-MM-dd"),
                        "columns[5].codes: there is no code: add .code(value, \"...\")",
                        "columns[6] has a blank name or header",
                        "columns: field 'student_id' is required: add it",
                        "filter.city: there is no such filter: choose one of grade, active",
                        "filter.grade has no value, so that no record would be exported: remove it",
                        "format: there is no format 'excel': choose one of csv, jsonLines, jsonArray",
                        "fileName: '../' has characters that are no part of a safe file name: use A-Z, a-z, 0-9, '.',"
                                + " '_' and '-'",
                        "fileName: {x} is not known: use one of [definition, fire, job, part, partition, run, sequence,"
                                + " sequence.daily, window.from, window.lastDay, window.until] or parameter.<name>");
    }

    private static String datePatternProblem(String pattern) {
        return String.valueOf(
                catchThrowableOfType(IllegalArgumentException.class, () -> Transformations.dateTime(pattern))
                        .getMessage());
    }

    @Test
    void should_say_that_a_definition_lets_a_layout_choose_nothing() {
        ExportDefinition<Student> fixed = ExportDefinition.builder("fixed", Student.class)
                .source(RecordSource.of(window -> Stream.of(ADA)))
                .recordKey(Student::id)
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.field("id", Student::id))
                .file(f -> f.name("fixed.csv"))
                .build();

        assertThat(catchThrowableOfType(
                                InvalidDefinitionException.class,
                                () -> ExportJob.builder("job", fixed)
                                        .layout(Layout.builder().column("id").build())
                                        .build())
                        .problems())
                .containsExactly("layout of definition 'fixed': the definition lets a layout choose nothing: add"
                        + " .choices(c -> ...) to it");
    }

    @Test
    void should_edit_the_layout_of_a_job_by_what_the_definition_declares() {
        ExportJob job = ExportJob.builder("job", STUDENTS)
                .layout(Layout.builder().column("student_id").build())
                .build();
        ExportJob edited = job.toBuilder()
                .layout(Layout.builder().column("student_id").column("ssn").build())
                .build();

        assertThat(job.definitions())
                .singleElement()
                .satisfies(definition -> assertThat(definition.fields()).hasToString("[student_id]"));
        assertThat(edited.definitions())
                .singleElement()
                .satisfies(definition -> assertThat(definition.fields()).hasToString("[student_id, ssn]"));
        assertThat(edited.toBuilder().layout(Layout.none()).build().definitions())
                .containsExactly(STUDENTS);
        assertThat(edited.layout("students").columns()).hasSize(2);
        assertThat(edited.toBuilder().definition(STUDENTS).build().layout("students"))
                .isEqualTo(edited.layout("students"));
    }

    @Test
    void should_leave_out_the_layout_of_a_definition_that_a_copy_replaces() {
        ExportJob job = ExportJob.builder("job", STUDENTS)
                .layout(Layout.builder().column("student_id").build())
                .build();
        ExportDefinition<Student> other = ExportDefinition.builder("other", Student.class)
                .source(RecordSource.of(window -> Stream.of(ADA)))
                .recordKey(Student::id)
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.field("id", Student::id))
                .file(f -> f.name("other.csv"))
                .build();

        ExportJob copy = job.toBuilder().definition(other).build();

        assertThat(copy.layout("students")).isEqualTo(Layout.none());
        assertThat(copy.toBuilder().definition(STUDENTS).build().layout("students"))
                .isEqualTo(Layout.none());
    }

    @Test
    void should_refuse_a_layout_for_a_definition_that_the_job_does_not_have() {
        assertThat(catchThrowableOfType(
                                InvalidDefinitionException.class,
                                () -> ExportJob.builder("job", STUDENTS)
                                        .layout("teachers", Layout.none())
                                        .build())
                        .problems())
                .containsExactly("there is a layout for definition 'teachers', which the job does not have: add the"
                        + " definition, or give its layout to another");
    }

    @Test
    void should_list_the_problems_of_choices() {
        assertThat(catchThrowableOfType(
                                InvalidDefinitionException.class,
                                () -> ExportDefinition.builder("students", Student.class)
                                        .source(RecordSource.of(window -> Stream.of(ADA)))
                                        .recordKey(Student::id)
                                        .watermark(Watermark.fullSnapshot())
                                        .fields(f -> f.field("id", Student::id))
                                        .file(f -> f.name("students.csv"))
                                        .choices(c -> c.filter("grade", Student::grade)
                                                .filter("grade", Student::grade)
                                                .codes(
                                                        " ",
                                                        MatchCodes.<Integer>builder()
                                                                .code(9, "FR")
                                                                .build())
                                                .standardFormats()
                                                .standardFormats())
                                        .build())
                        .problems())
                .containsExactly(
                        "choices: filter 'grade' appears twice",
                        "choices: a table of codes has a blank name",
                        "choices: format 'csv' appears twice",
                        "choices: format 'jsonLines' appears twice",
                        "choices: format 'jsonArray' appears twice");
    }

    @Test
    void should_call_a_column_by_its_kind() {
        assertThat(STUDENTS.with(of(c -> c.codes(LayoutCodes.table("grades")), "grade"))
                        .fields()
                        .mappings()
                        .get(1)
                        .kind())
                .isEqualTo(FieldKind.MATCH_CODES);
    }
}
