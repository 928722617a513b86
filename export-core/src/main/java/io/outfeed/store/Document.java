package io.outfeed.store;

import io.outfeed.error.StoreException;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A file of the store: keys and values that a person can read, with a version and a checksum.
 *
 * <pre>
 * # outfeed 1 crc32=0a1b2c3d
 * key=value
 * </pre>
 *
 * <p>A key that a newer version adds is ignored by this one and must have a default there. Not thread-safe.
 */
final class Document {

    private static final String HEAD = "# outfeed 1 crc32=";

    private final Properties values = new Properties();

    /** Reads a file back. */
    static Document parse(String file, byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8);
        int end = text.indexOf('\n');
        if (!text.startsWith("# outfeed ") || end < 0) {
            throw damaged(file, "it does not begin as a file of the store does", null);
        }
        String head = text.substring(0, end);
        String body = text.substring(end + 1);
        if (!head.startsWith(HEAD)) {
            throw new StoreException(
                    file + " was written by a newer version of Outfeed: run that version, or a newer one", null);
        }
        if (!head.equals(HEAD + checksum(body))) {
            throw damaged(file, "its checksum is wrong", null);
        }
        Document document = new Document();
        try {
            document.values.load(new StringReader(body));
        } catch (IOException | IllegalArgumentException e) {
            throw damaged(file, "it can't be parsed", e);
        }
        return document;
    }

    /** Reads a file back, and converts it by a function. */
    static <T> T read(String file, byte[] content, Function<Document, T> reader) {
        Document document = parse(file, content);
        try {
            return reader.apply(document);
        } catch (IllegalArgumentException | DateTimeException | NoSuchElementException e) {
            throw new StoreException(
                    file + " is whole, but says what this version of Outfeed does not know (" + e.getMessage()
                            + "): run the version that wrote it, or a newer one",
                    e);
        }
    }

    byte[] bytes() {
        return text(UnaryOperator.identity()).getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the text in printable ASCII characters: others are escaped, as {@link Properties} reads them. */
    String ascii() {
        return text(Document::escape);
    }

    private String text(UnaryOperator<String> encoding) {
        StringWriter lines = new StringWriter();
        try {
            values.store(lines, null);
        } catch (IOException e) {
            throw new AssertionError("a StringWriter does not fail", e);
        }
        StringBuilder body = new StringBuilder();
        lines.toString()
                .lines()
                .filter(line -> !line.startsWith("#")) // the date of writing
                .sorted(Comparator.naturalOrder())
                .forEach(line -> body.append(encoding.apply(line)).append('\n'));
        return HEAD + checksum(body.toString()) + "\n" + body;
    }

    private static String escape(String line) {
        StringBuilder escaped = new StringBuilder();
        line.chars().forEach(c -> {
            if (c < ' ' || c > '~') {
                escaped.append(String.format("\\u%04X", c));
            } else {
                escaped.append((char) c);
            }
        });
        return escaped.toString();
    }

    void put(String key, Object value) {
        values.setProperty(key, value.toString());
    }

    Optional<String> find(String key) {
        return Optional.ofNullable(values.getProperty(key));
    }

    /** Throws an IllegalArgumentException if the key is missing, which {@link #read} reports with the file's name. */
    String text(String key) {
        return find(key).orElseThrow(() -> new IllegalArgumentException("it lacks '" + key + "'"));
    }

    long number(String key) {
        return Long.parseLong(text(key));
    }

    Optional<Instant> instant(String key) {
        return find(key).map(Instant::parse);
    }

    /** Returns the number of entries of a list: {@code prefix.0.…}, {@code prefix.1.…}. */
    int count(String prefix) {
        OptionalInt last = values.stringPropertyNames().stream()
                .filter(key -> key.startsWith(prefix + "."))
                .map(key -> key.substring(prefix.length() + 1))
                .map(rest -> rest.contains(".") ? rest.substring(0, rest.indexOf('.')) : rest)
                .mapToInt(Integer::parseInt)
                .max();
        return last.isPresent() ? last.getAsInt() + 1 : 0;
    }

    private static String checksum(String body) {
        CRC32 crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", crc.getValue());
    }

    private static StoreException damaged(String file, String why, @Nullable Throwable cause) {
        return new StoreException(
                file + " is damaged (" + why
                        + "): restore it from a backup; without one, look at the destination for what"
                        + " was delivered last, before you remove it",
                cause);
    }
}
