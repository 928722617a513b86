package io.outfeed.internal.search;

import java.io.IOException;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads an object of texts, numbers, booleans, nulls and such objects from one line of JSON (RFC 8259). Used by one
 * thread.
 */
final class JsonObject {

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    /** More than any layout has. */
    private static final int MAX_DEPTH = 100;

    private final String line;
    private int at;

    JsonObject(String line) {
        this.line = line;
    }

    /** A member: its name and its value; a null has none. */
    @FunctionalInterface
    interface Members extends BiConsumer<String, @Nullable String> {}

    /**
     * Reads all members, in order. The text of a number or boolean is its JSON; the names of a member within an object
     * are joined by dots.
     *
     * @throws IOException if the line is no such object; the message has no part of it
     */
    void read(Members members) throws IOException {
        object("", members, 0);
        blanks();
        if (at < line.length()) {
            throw problem();
        }
    }

    private void object(String prefix, Members members, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw problem();
        }
        expect('{');
        blanks();
        if (!skip('}')) {
            do {
                blanks();
                String name = prefix + quoted();
                blanks();
                expect(':');
                blanks();
                if (peek() == '{') {
                    object(name + ".", members, depth + 1);
                } else {
                    members.accept(name, peek() == '"' ? quoted() : literal());
                }
                blanks();
            } while (skip(','));
            expect('}');
        }
    }

    private @Nullable String literal() throws IOException {
        int from = at;
        while (at < line.length() && ",} \t\r".indexOf(line.charAt(at)) < 0) {
            at++;
        }
        String literal = line.substring(from, at);
        if (literal.equals("null")) {
            return null;
        }
        boolean known = literal.equals("true")
                || literal.equals("false")
                || NUMBER.matcher(literal).matches();
        if (!known) {
            throw problem();
        }
        return literal;
    }

    private String quoted() throws IOException {
        expect('"');
        StringBuilder text = new StringBuilder();
        while (peek() != '"') {
            char c = line.charAt(at++);
            if (c < ' ') {
                throw problem();
            }
            text.append(c == '\\' ? escaped() : c);
        }
        at++;
        return text.toString();
    }

    private char escaped() throws IOException {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> hexadecimal();
            default -> throw problem();
        };
    }

    private char hexadecimal() throws IOException {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(peek(), 16);
            if (digit < 0) {
                throw problem();
            }
            code = code * 16 + digit;
            at++;
        }
        return (char) code;
    }

    private void blanks() {
        while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t' || line.charAt(at) == '\r')) {
            at++;
        }
    }

    private boolean skip(char wanted) {
        boolean there = at < line.length() && line.charAt(at) == wanted;
        at += there ? 1 : 0;
        return there;
    }

    private void expect(char wanted) throws IOException {
        if (!skip(wanted)) {
            throw problem();
        }
    }

    private char peek() throws IOException {
        if (at == line.length()) {
            throw problem();
        }
        return line.charAt(at);
    }

    private static IOException problem() {
        return new IOException("a line is no JSON object of plain values");
    }
}
