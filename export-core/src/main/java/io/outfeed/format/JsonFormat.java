package io.outfeed.format;

import io.outfeed.internal.format.Encodable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * JSON (RFC 8259), in UTF-8 without a byte order mark: each record is an object on its own line. The headers are the
 * names. Numbers and booleans are written as such, a null as {@code null}, all other values as text.
 *
 * <p>Immutable, comparable and thread-safe.
 */
public final class JsonFormat implements RecordFormat {

    private static final JsonFormat LINES = new JsonFormat(false, false);
    private static final JsonFormat ARRAY = new JsonFormat(true, false);

    private final boolean isArray;
    private final boolean isNested;

    private JsonFormat(boolean isArray, boolean isNested) {
        this.isArray = isArray;
        this.isNested = isNested;
    }

    /**
     * JSON Lines: an object on each line, with LF at its end. A file without records is empty.
     *
     * @return the format
     */
    public static JsonFormat lines() {
        return LINES;
    }

    /**
     * One array of all objects. A file without records is an empty array.
     *
     * @return the format
     */
    public static JsonFormat array() {
        return ARRAY;
    }

    /**
     * Returns the same format with objects within objects: columns {@code home.city} and {@code home.zip} become
     * {@code "home":{"city":…,"zip":…}}, where the first of them is. Default: each header is a name, dots or not.
     *
     * @return a new format
     */
    public JsonFormat nested() {
        return new JsonFormat(isArray, true);
    }

    /**
     * Returns whether a file is one array.
     *
     * @return false if it has an object on each line
     */
    public boolean isArray() {
        return isArray;
    }

    /**
     * Returns whether a dot in a header begins an object within an object.
     *
     * @return false if a header with a dot is a name
     */
    public boolean isNested() {
        return isNested;
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
        if (isNested) {
            JsonNames.of(layout, problems::add);
        }
        return problems;
    }

    @Override
    public RecordWriter open(FileLayout layout, OutputStream out) throws IOException {
        JsonNames names = isNested ? JsonNames.of(layout, problem -> {}) : JsonNames.flat(layout);
        return new JsonRecordWriter(names, isArray, out);
    }

    @Override
    public String fingerprint() {
        return toString();
    }

    @Override
    public Optional<FormatDescription> description() {
        return Optional.of(FormatDescription.of(
                isArray ? "json" : "jsonl",
                isArray ? "application/json" : "application/jsonl",
                Optional.of(StandardCharsets.UTF_8)));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JsonFormat that && isArray == that.isArray && isNested == that.isNested;
    }

    @Override
    public int hashCode() {
        return Objects.hash(isArray, isNested);
    }

    @Override
    public String toString() {
        return (isArray ? "JSON array" : "JSON Lines") + (isNested ? ", nested" : "");
    }
}
