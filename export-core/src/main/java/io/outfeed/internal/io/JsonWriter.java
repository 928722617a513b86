package io.outfeed.internal.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes JSON (RFC 8259): the members of an object or array are on lines of their own, or all on one line. Not
 * thread-safe.
 */
public final class JsonWriter {

    private static final String HEX = "0123456789abcdef";

    /** How the members of an object, or the elements of an array, are laid out. */
    public enum Layout {
        /** Each on a line of its own, indented by two blanks. */
        LINES,
        /** On the line of the brace or bracket. */
        INLINE
    }

    private final Appendable out;
    private final Deque<Container> open = new ArrayDeque<>();

    public JsonWriter(Appendable out) {
        this.out = out;
    }

    private static final class Container {

        private final Layout layout;
        private boolean empty = true;

        private Container(Layout layout) {
            this.layout = layout;
        }
    }

    public JsonWriter beginObject(Layout layout) {
        return begin('{', layout);
    }

    public JsonWriter endObject() {
        return end('}');
    }

    public JsonWriter beginArray(Layout layout) {
        return begin('[', layout);
    }

    public JsonWriter endArray() {
        return end(']');
    }

    /** Writes the name of a member, before its value. */
    public JsonWriter name(String name) {
        separate();
        return append(quoted(name)).append(": ");
    }

    /** Starts an element of an array, before its value. */
    public JsonWriter element() {
        separate();
        return this;
    }

    public JsonWriter value(String text) {
        return append(quoted(text));
    }

    public JsonWriter value(long number) {
        return append(Long.toString(number));
    }

    public JsonWriter value(boolean truth) {
        return append(Boolean.toString(truth));
    }

    private JsonWriter begin(char bracket, Layout layout) {
        open.push(new Container(layout));
        return append(String.valueOf(bracket));
    }

    private JsonWriter end(char bracket) {
        Container ended = open.pop();
        if (ended.layout == Layout.LINES && !ended.empty) {
            newLine();
        }
        return append(String.valueOf(bracket));
    }

    private void separate() {
        Container container = open.element();
        if (!container.empty) {
            append(container.layout == Layout.LINES ? "," : ", ");
        }
        container.empty = false;
        if (container.layout == Layout.LINES) {
            newLine();
        }
    }

    private void newLine() {
        long depth = open.stream()
                .filter(container -> container.layout == Layout.LINES)
                .count();
        append("\n" + "  ".repeat((int) depth));
    }

    private JsonWriter append(String text) {
        try {
            out.append(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    // ---- text

    /** Returns a text between quotes. */
    public static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2);
        try {
            writeQuoted(text, quoted);
        } catch (IOException e) {
            throw new AssertionError("memory takes every text", e);
        }
        return quoted.toString();
    }

    /** Writes a text between quotes: characters that need no escape are written in long runs. */
    public static void writeQuoted(String text, Appendable out) throws IOException {
        out.append('"');
        int written = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c != '"' && c != '\\' && c != '\u2028' && c != '\u2029') {
                continue;
            }
            out.append(text, written, i);
            escape(c, out);
            written = i + 1;
        }
        out.append(text, written, text.length()).append('"');
    }

    /** U+2028 and U+2029 are valid without an escape, but some readers take them for line ends. */
    private static void escape(char c, Appendable out) throws IOException {
        switch (c) {
            case '"', '\\' -> out.append('\\').append(c);
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                out.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    out.append(HEX.charAt((c >> shift) & 0xf));
                }
            }
        }
    }
}
