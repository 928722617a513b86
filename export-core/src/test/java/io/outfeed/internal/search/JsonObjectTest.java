package io.outfeed.internal.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectTest {

    private static Map<String, @Nullable String> members(String line) throws IOException {
        Map<String, @Nullable String> members = new LinkedHashMap<>();
        new JsonObject(line).read(members::put);
        return members;
    }

    @Test
    void should_read_texts_numbers_booleans_and_nulls() throws IOException {
        Map<String, @Nullable String> members =
                members("{\"a\":\"x\",\"b\" : -12.50 ,\"c\":true,\"d\":false,\"e\":null,\"f\":\"null\",\"g\":1e+9} ");

        assertThat(members)
                .containsEntry("a", "x")
                .containsEntry("b", "-12.50")
                .containsEntry("c", "true")
                .containsEntry("d", "false")
                .containsEntry("e", null)
                .containsEntry("f", "null")
                .containsEntry("g", "1e+9")
                .hasSize(7);
        assertThat(members("{ }")).isEmpty();
    }

    @Test
    void should_read_objects_within_objects() throws IOException {
        assertThat(members("{\"a\":{\"b\":1,\"c\":{\"d\":\"x\"}},\"e\":{}}"))
                .containsExactlyInAnyOrderEntriesOf(Map.of("a.b", "1", "a.c.d", "x"));
        assertThatThrownBy(() -> members("{\"a\":".repeat(1_000) + "1" + "}".repeat(1_000)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void should_read_escapes() throws IOException {
        assertThat(members("{\"a\\\"\":\"\\\\ \\/ \\b\\f\\n\\r\\t \\u20aC \\ud83d\\ude00\"}"))
                .containsExactly(Map.entry("a\"", "\\ / \b\f\n\r\t \u20ac \ud83d\ude00"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "\"a\"",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1",
                "{\"a\":1,}",
                "{\"a\":1}}",
                "{\"a\":1} x",
                "{a:1}",
                "{\"a\":secret}",
                "{\"a\":01x}",
                "{\"a\":.5}",
                "{\"a\":{\"b\":}}",
                "{\"a\":{\"b\":1}",
                "{\"a\":[1]}",
                "{\"a\":\"x}",
                "{\"a\":\"x\\\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12\"}",
                "{\"a\":\"\\u12g4\"}",
                "{\"a\":\"x\ty\"}",
            })
    void should_refuse_everything_else_without_quoting_it(String line) {
        assertThatThrownBy(() -> members(line))
                .isInstanceOf(IOException.class)
                .hasMessage("a line is no JSON object of plain values");
    }
}
