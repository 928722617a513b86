package io.outfeed.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.InvalidDefinitionException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MatchCodesTest {

    @TempDir
    private Path directory;

    @Test
    void should_give_the_code_of_a_value() {
        MatchCodes<String> codes = MatchCodes.<String>builder()
                .code("call", "C")
                .code("visit", "V")
                .build();

        assertThat(codes.apply("call")).isEqualTo("C");
        assertThat(codes.apply("visit")).isEqualTo("V");
        assertThat(codes).hasToString("2 match codes");
    }

    @Test
    @SuppressWarnings("NullAway") // null in, null out: the contract of Transformation
    void should_give_null_for_null() {
        assertThat(MatchCodes.<String>builder().code("call", "C").build().apply(null))
                .isNull();
    }

    @Test
    void should_refuse_a_value_without_a_code_and_not_quote_it() {
        MatchCodes<String> codes =
                MatchCodes.<String>builder().code("call", "C").build();

        assertThatThrownBy(() -> codes.apply("a secret"))
                .isInstanceOf(UnmappableValueException.class)
                .hasMessage(
                        "its value is none of the 1 that have a match code: add a code for it, or say what becomes of"
                                + " the others with ifUnmatched");
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
