package io.outfeed.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.InvalidDefinitionException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MatchCodesTest {

    @TempDir
    private Path directory;

    private enum Kind {
        CALL,
        VISIT,
        MAIL
    }

    static List<Arguments> cases() throws IOException {
        return Tokens.table("match-codes.txt").stream()
                .map(columns -> Arguments.of(columns.toArray()))
                .toList();
    }

    @Test
    void should_have_a_long_table() throws IOException {
        assertThat(cases()).hasSizeGreaterThan(45);
    }

    @ParameterizedTest(name = "{0} | {1} | {2}")
    @MethodSource("cases")
    void should_give_what_the_table_says(String codes, String value, String expected) {
        assertThat(outcome(codes, value(value))).isEqualTo(expected);
    }

    private static @Nullable Object value(String column) {
        return column.startsWith("\"") || column.equals("null")
                ? Tokens.of(column).get(0)
                : Kind.valueOf(column);
    }

    /** The table has no control characters and no quotes within quotes, so that writing it is simple. */
    private static String outcome(String codes, @Nullable Object value) {
        try {
            Object result = codes(Tokens.of(codes)).apply(value);
            return result instanceof String text ? "\"" + escaped(text) + "\"" : String.valueOf(result);
        } catch (RejectedValueException e) {
            return "fails \"" + e.getMessage() + "\"";
        }
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.chars().forEach(c -> escaped.append(c < 127 ? String.valueOf((char) c) : "\\u" + Integer.toHexString(c)));
        return escaped.toString();
    }

    private static MatchCodes<Object> codes(List<@Nullable String> words) {
        MatchCodes.Builder<Object> codes = MatchCodes.builder();
        switch (String.valueOf(words.get(0))) {
            case "pairs" -> codes.code(Kind.CALL, "C").code(Kind.VISIT, "V");
            case "map" -> codes.codes(Map.of(Kind.CALL, "C", Kind.VISIT, "V"));
            case "names" -> codes.names(Kind.class);
            case "letters" ->
                codes.codes(Kind.class, kind -> String.valueOf(kind).substring(0, 1));
            case "text" -> codes.code("call", "C").code("", "none");
            default -> throw new AssertionError("the table has " + words);
        }
        for (int i = 1; i < words.size(); i += 2) {
            String choice = String.valueOf(words.get(i + 1));
            boolean fixed = choice.length() < 2; // codes are short, and the rules' names are not
            if ("unmatched".equals(words.get(i))) {
                codes = fixed ? codes.ifUnmatched(choice) : codes.ifUnmatched(IfUnmatched.valueOf(choice));
            } else {
                codes = fixed ? codes.ifNull(choice) : codes.ifNull(IfNull.valueOf(choice));
            }
        }
        return codes.build();
    }

    @Test
    void should_say_how_many_codes_it_has() {
        assertThat(MatchCodes.<Kind>builder().names(Kind.class).build()).hasToString("3 match codes");
    }

    @Test
    void should_list_the_codes_that_a_column_may_have_unless_it_may_have_any_text() {
        MatchCodes.Builder<Kind> codes = MatchCodes.<Kind>builder()
                .code(Kind.CALL, "C")
                .code(Kind.VISIT, "V")
                .code(Kind.MAIL, "C");

        assertThat(codes.build().possibleCodes()).containsExactly("C", "V");
        assertThat(codes.ifUnmatched("?").ifNull("-").build().possibleCodes()).containsExactly("C", "V", "?", "-");
        assertThat(codes.ifUnmatched(IfUnmatched.PASS_THROUGH).build().possibleCodes())
                .isEmpty();
    }

    @Test
    void should_report_what_is_wrong_with_an_enum() {
        assertThatThrownBy(() -> MatchCodes.<Kind>builder()
                        .code(Kind.CALL, "C")
                        .codes(Kind.class, kind -> kind == Kind.CALL ? "P" : null)
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        "match codes has 3 problems: a value has two match codes, 'C' and 'P'; the function gives no"
                                + " match code for VISIT; the function gives no match code for MAIL");
        assertThatThrownBy(
                        () -> MatchCodes.<String>builder().names(String.class).build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        "match codes has 1 problem: java.lang.String is no enum: add its codes one by one, or from a"
                                + " map");
    }

    @Test
    void should_refuse_two_codes_for_a_value_without_quoting_it() {
        assertThatThrownBy(() -> MatchCodes.<String>builder()
                        .code("a secret", "C")
                        .code("a secret", "D")
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("match codes has 1 problem: a value has two match codes, 'C' and 'D'");
    }

    @Test
    void should_need_a_code() {
        assertThatThrownBy(() -> MatchCodes.<String>builder().build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("match codes has 1 problem: there is no code: add .code(value, \"...\")");
    }

    @Test
    void should_not_change_with_its_builder() {
        MatchCodes.Builder<String> builder = MatchCodes.<String>builder().code("call", "C");
        MatchCodes<String> codes = builder.build();

        builder.code("visit", "V");

        assertThat(codes).hasToString("1 match codes");
    }

    @Test
    @SuppressWarnings("NullAway")
    void should_refuse_null_at_once() {
        assertThatThrownBy(() -> MatchCodes.builder().code(null, "C"))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("value");
        assertThatThrownBy(() -> MatchCodes.builder().code("call", null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("code");
    }

    /** The getter as a method reference and as a lambda, and codes made before: a code of the field's type compiles. */
    @Test
    void should_compile_codes_of_the_fields_type_only() throws IOException {
        for (String getter : List.of("Row::kind", "r -> r.kind()")) {
            assertThat(errors("fields.matchCodes(\"kind\", " + getter + ", c -> c.code(Kind.CALL, \"C\"));"))
                    .isEmpty();
            assertThat(errors("fields.matchCodes(\"kind\", " + getter
                            + ", MatchCodes.<Kind>builder().code(Kind.CALL, \"C\").build());"))
                    .isEmpty();
            assertThat(errors("fields.matchCodes(\"kind\", " + getter
                            + ", c -> c.names(Kind.class).ifUnmatched(\"O\"), FieldMark.REQUIRED);"))
                    .isEmpty();
            assertThat(errors("fields.matchCodes(\"kind\", " + getter + ", c -> c.names(Term.class));"))
                    .isNotEmpty();
            assertThat(errors("fields.matchCodes(\"kind\", " + getter + ", c -> c.codes(Term.class, t -> \"C\"));"))
                    .isNotEmpty();
            assertThat(errors("fields.matchCodes(\"kind\", " + getter
                            + ", c -> c.codes(java.util.Map.of(Term.FALL, \"C\")));"))
                    .isNotEmpty();
            assertThat(errors("fields.matchCodes(\"kind\", " + getter + ", c -> c.code(Term.FALL, \"C\"));"))
                    .isNotEmpty()
                    .allMatch(error -> error.contains("Term cannot be converted to Kind"));
            assertThat(errors("fields.matchCodes(\"kind\", " + getter + ", c -> c.code(\"CALL\", \"C\"));"))
                    .isNotEmpty()
                    .allMatch(error -> error.contains("String cannot be converted to Kind"));
            assertThat(errors("fields.matchCodes(\"kind\", " + getter
                            + ", MatchCodes.<Term>builder().code(Term.FALL, \"C\").build());"))
                    .isNotEmpty();
        }
    }

    private List<String> errors(String statement) throws IOException {
        String source = """
                import io.outfeed.field.FieldMark;
                import io.outfeed.field.Fields;
                import io.outfeed.field.MatchCodes;

                class Sample {
                    enum Kind { CALL }
                    enum Term { FALL }
                    record Row(Kind kind) {}

                    void add(Fields.Builder<Row> fields) {
                        %s
                    }
                }
                """.formatted(statement);
        Path file = Files.writeString(directory.resolve("Sample.java"), source);
        StringWriter output = new StringWriter();
        ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        new PrintWriter(output, true),
                        new PrintWriter(output, true),
                        "-proc:none",
                        "-d",
                        directory.toString(),
                        "-classpath",
                        System.getProperty("java.class.path"),
                        file.toString());
        return output.toString()
                .lines()
                .filter(line -> line.contains("error: "))
                .toList();
    }
}
