package io.outfeed.format;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * JSON Lines: each record is an object (RFC 8259) on its own line, in UTF-8 without a byte order mark, with LF at the
 * end of each line. The headers are the names. Numbers and booleans are written as such, a null as {@code null}, all
 * other values as text. A file without records is empty.
 *
 * <p>Immutable, comparable and thread-safe.
 */
public final class JsonLinesFormat implements RecordFormat {

    private static final JsonLinesFormat STANDARD = new JsonLinesFormat();

    private JsonLinesFormat() {}

    /**
     * Returns the format, which has no options.
     *
     * @return the format
     */
    public static JsonLinesFormat standard() {
        return STANDARD;
    }

    @Override
    public List<String> problems(FileLayout layout) {
        List<String> problems = new ArrayList<>();
        Encodable encodable = new Encodable(StandardCharsets.UTF_8);
        for (String header : layout.headers()) {
            if (!encodable.carries(header)) {
                problems.add("a header is no valid Unicode text (half of a surrogate pair)");
            }
        }
        return problems;
    }

    @Override
    public RecordWriter open(FileLayout layout, OutputStream out) throws IOException {
        return new JsonLinesWriter(layout.headers(), out);
    }

    @Override
    public String toString() {
        return "JSON Lines";
    }
}
