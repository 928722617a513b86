package io.outfeed.internal.state;

import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values that a person can read: what a file of the store has, or a step of a run in it.
 *
 * <pre>
 * # outfeed 1 crc32=0a1b2c3d
 * key=value
 * </pre>
 *
 * <p>A key that a newer version adds is ignored by this one and must have a default there. Not thread-safe.
 */
public final class Document {

    private static final String HEAD = "# outfeed 1 crc32=";

    /** The key of the names that a change removes. */
    private static final String REMOVED = "removed";

    private final Map<String, String> values = new HashMap<>();

    // ---- a file of its own

    /** Reads a file back. */
    public static Document parse(String file, byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8);
        int end = text.indexOf('\n');
        if (!text.startsWith("# outfeed ") || end < 0) {
            throw damaged(file, "it does not begin as a file of the store does", null);
        }
        String head = text.substring(0, end);
        String body = text.substring(end + 1);
        if (!head.startsWith(HEAD)) {
            throw newer(file);
        }
        if (!head.equals(HEAD + checksum(body.getBytes(StandardCharsets.UTF_8)))) {
            throw damaged(file, "its checksum is wrong", null);
        }
        return ofLines(file, body);
    }

    /** Reads a file back, and converts it by a function. */
    public static <T> T read(String file, byte[] content, Function<Document, T> reader) {
        Document document = parse(file, content);
        return convert(file, () -> reader.apply(document));
    }

    public byte[] bytes() {
        return bytes(lines());
    }

    /** Returns the file in printable ASCII characters, for stores that may not keep others. */
    public byte[] asciiBytes() {
        return bytes(ascii(lines()));
    }

    private static byte[] bytes(String lines) {
        byte[] body = lines.getBytes(StandardCharsets.UTF_8);
        byte[] head = (HEAD + checksum(body) + "\n").getBytes(StandardCharsets.UTF_8);
        return concatenated(head, body);
    }

    // ---- lines

    /** Reads the lines of a document, without a head. */
    public static Document ofLines(String file, String lines) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(lines));
        } catch (IOException | IllegalArgumentException e) {
            throw damaged(file, "it can't be parsed", e);
        }
        Document document = new Document();
        properties.stringPropertyNames().forEach(key -> document.values.put(key, properties.getProperty(key)));
        return document;
    }

    /** Returns the lines, sorted; the same for the same keys and values. {@link Properties} reads them. */
    public String lines() {
        String[] lines = new String[values.size()];
        StringBuilder line = new StringBuilder();
        int next = 0;
        for (Map.Entry<String, String> entry : values.entrySet()) {
            line.setLength(0);
            escape(line, entry.getKey(), true);
            line.append('=');
            escape(line, entry.getValue(), false);
            lines[next++] = line.append('\n').toString();
        }
        Arrays.sort(lines);
        return String.join("", lines);
    }

    /**
     * Escapes what {@link Properties} would not read as a part of the text: of a value, blanks at its beginning only.
     */
    private static void escape(StringBuilder line, String text, boolean key) {
        int copied = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isSpecial(c)) {
                line.append(text, copied, i);
                escape(line, c, key || i == 0);
                copied = i + 1;
            }
        }
        line.append(text, copied, text.length());
    }

    /** Most characters are letters and digits: those after the equals sign are told by one comparison more. */
    private static boolean isSpecial(char c) {
        return c > '=' ? c == '\\' : c <= ' ' || c == '=' || c == ':' || c == '#' || c == '!';
    }

    private static void escape(StringBuilder line, char c, boolean blanks) {
        switch (c) {
            case '\t' -> line.append("\\t");
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\f' -> line.append("\\f");
            case '\\', '=', ':', '#', '!' -> line.append('\\').append(c);
            case ' ' -> line.append(blanks ? "\\ " : " ");
            default -> line.append(c);
        }
    }

    /** Returns lines in printable ASCII characters: others are escaped, as {@link Properties} reads them. */
    public static String ascii(String lines) {
        if (lines.chars().allMatch(Document::isPrintable)) {
            return lines;
        }
        StringBuilder escaped = new StringBuilder(lines.length());
        lines.chars().forEach(c -> {
            if (isPrintable(c)) {
                escaped.append((char) c);
            } else {
                escaped.append("\\u").append(HexFormat.of().withUpperCase().toHexDigits((char) c));
            }
        });
        return escaped.toString();
    }

    private static boolean isPrintable(int c) {
        return c == '\n' || (c >= ' ' && c <= '~');
    }

    public static String checksum(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    public static byte[] concatenated(byte[] head, byte[] body) {
        byte[] both = new byte[head.length + body.length];
        System.arraycopy(head, 0, both, 0, head.length);
        System.arraycopy(body, 0, both, head.length, body.length);
        return both;
    }

    // ---- changes

    /** Adds what makes one document another: the keys whose values differ, and the names of those that are gone. */
    public void putChange(Document before, Document after) {
        List<String> removed = new ArrayList<>();
        find(REMOVED).ifPresent(removed::add);
        after.values.forEach((key, value) -> {
            if (!value.equals(before.values.get(key))) {
                values.put(key, value);
            }
        });
        before.values.keySet().stream()
                .filter(key -> !after.values.containsKey(key))
                .sorted()
                .forEach(removed::add);
        if (!removed.isEmpty()) {
            put(REMOVED, String.join(" ", removed));
        }
    }

    /** Makes a change that {@link #putChange} has put into a document. */
    public void apply(Document change) {
        change.find(REMOVED).ifPresent(names -> List.of(names.split(" ")).forEach(values::remove));
        change.values.forEach((key, value) -> {
            if (!key.equals(REMOVED)) {
                values.put(key, value);
            }
        });
    }

    // ---- keys and values

    public void put(String key, Object value) {
        values.put(key, value.toString());
    }

    public Optional<String> find(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /** Throws an IllegalArgumentException if the key is missing, which {@link #read} reports with the file's name. */
    public String text(String key) {
        return find(key).orElseThrow(() -> new IllegalArgumentException("it lacks '" + key + "'"));
    }

    public long number(String key) {
        return Long.parseLong(text(key));
    }

    public Optional<Instant> instant(String key) {
        return find(key).map(Instant::parse);
    }

    /** Returns the values of the keys that begin with a prefix, by the rest of the key. */
    public Map<String, String> withPrefix(String prefix) {
        return values.keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .collect(Collectors.toMap(key -> key.substring(prefix.length()), this::text));
    }

    /** Returns the number of entries of a list: {@code prefix.0.…}, {@code prefix.1.…}. */
    public int count(String prefix) {
        OptionalInt last = values.keySet().stream()
                .filter(key -> key.startsWith(prefix + "."))
                .map(key -> key.substring(prefix.length() + 1))
                .map(rest -> rest.contains(".") ? rest.substring(0, rest.indexOf('.')) : rest)
                .mapToInt(Integer::parseInt)
                .max();
        return last.isPresent() ? last.getAsInt() + 1 : 0;
    }

    // ---- failures

    /** Converts what is whole, and names the file if it says what this version does not know. */
    public static <T> T convert(String file, Supplier<T> reader) {
        try {
            return reader.get();
        } catch (IllegalArgumentException | DateTimeException | NoSuchElementException e) {
            throw StoreException.of(
                    FailureCode.STORE_DAMAGED,
                    file + " is whole, but says what this version of Outfeed does not know (" + e.getMessage()
                            + "): run the version that wrote it, or a newer one",
                    e);
        }
    }

    public static StoreException newer(String file) {
        return StoreException.of(
                FailureCode.STORE_DAMAGED,
                file + " was written by a newer version of Outfeed: run that version, or a newer one",
                null);
    }

    public static StoreException damaged(String file, String why, @Nullable Throwable cause) {
        return StoreException.of(
                FailureCode.STORE_DAMAGED,
                file + " is damaged (" + why
                        + "): restore it from a backup; without one, look at the destination for what"
                        + " was delivered last, before you remove it",
                cause);
    }
}
