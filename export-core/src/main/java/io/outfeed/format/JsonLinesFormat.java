package io.outfeed.format;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * JSON Lines: each record an object on a line of its own, by RFC 8259, in UTF-8 without a byte order mark, with LF at
 * the end of each line. The headers are the names. Numbers and booleans are written as such, a null as {@code null},
 * all else as text. A file without records is empty.
 *
 * <p>Immutable and comparable.
 */
public final class JsonLinesFormat implements RecordFormat {

    private static final JsonLinesFormat STANDARD = new JsonLinesFormat();

    private JsonLinesFormat() {}

    /**
     * The format; it has no options.
     *
     * @return the format
     */
    public static JsonLinesFormat standard() {
        return STANDARD;
    }

    @Override
    public List<String> problems(List<String> headers) {
        List<String> problems = new ArrayList<>();
        Encodable encodable = new Encodable(StandardCharsets.UTF_8);
        for (String header : headers) {
            if (!encodable.carries(header)) {
                problems.add("a header is no valid Unicode text (half of a surrogate pair)");
            }
        }
        return problems;
    }

    @Override
    public RecordWriter open(List<String> headers, OutputStream out) throws IOException {
        return new JsonLinesWriter(headers, out);
    }

    @Override
    public String toString() {
        return "JSON Lines";
    }
}
