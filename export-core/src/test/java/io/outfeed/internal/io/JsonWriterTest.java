package io.outfeed.internal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.internal.io.JsonWriter.Layout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import org.junit.jupiter.api.Test;

class JsonWriterTest {

    private final StringBuilder text = new StringBuilder();
    private final JsonWriter json = new JsonWriter(text);

    @Test
    void should_put_members_on_lines_of_their_own() {
        json.beginObject(Layout.LINES);
        json.name("job").value("visits");
        json.name("run").value(7);
        json.endObject();

        assertThat(text).hasToString("""
                {
                  "job": "visits",
                  "run": 7
                }""");
    }

    @Test
    void should_put_members_on_one_line() {
        json.beginObject(Layout.INLINE);
        json.name("a").value(1);
        json.name("b").value("2");
        json.endObject();

        assertThat(text).hasToString("{\"a\": 1, \"b\": \"2\"}");
    }

    @Test
    void should_indent_what_is_on_lines_within_what_is_on_one() {
        json.beginObject(Layout.LINES).name("files").beginArray(Layout.LINES);
        json.element().beginObject(Layout.INLINE).name("entries").beginArray(Layout.LINES);
        json.element().value("a");
        json.element().value("b");
        json.endArray().endObject().endArray().endObject();

        assertThat(text).hasToString("""
                {
                  "files": [
                    {"entries": [
                      "a",
                      "b"
                    ]}
                  ]
                }""");
    }

    @Test
    void should_close_what_is_empty_on_its_line() {
        json.beginArray(Layout.LINES).endArray();

        assertThat(text).hasToString("[]");
    }

    @Test
    void should_escape_what_must_not_stand_in_a_text() {
        assertThat(JsonWriter.quoted("a\"b\\c\n\r\t\u0001\u001f\u2028\u2029é\ud83d\ude00"))
                .isEqualTo("\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u001f\\u2028\\u2029é\ud83d\ude00\"");
    }

    @Test
    void should_pass_a_failure_on() {
        JsonWriter broken = new JsonWriter(new Writer() {
            @Override
            public void write(char[] buffer, int offset, int length) throws IOException {
                throw new IOException("full");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });

        assertThatThrownBy(() -> broken.beginObject(Layout.LINES))
                .isInstanceOf(UncheckedIOException.class)
                .hasRootCauseMessage("full");
    }
}
