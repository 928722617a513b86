package io.outfeed.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Text between quotes, as RFC 8259 says. */
final class JsonText {

    private static final String HEX = "0123456789abcdef";

    private JsonText() {}

    static boolean isWellFormed(String text) {
        return new Encodable(StandardCharsets.UTF_8).carries(text);
    }

    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2);
        try {
            write(text, quoted);
        } catch (IOException e) {
            throw new AssertionError("memory takes every text", e);
        }
        return quoted.toString();
    }

    /** Writes what needs no escape in long runs. */
    static void write(String text, Appendable out) throws IOException {
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

    /** U+2028 and U+2029 are allowed as they are, but some readers take them for ends of lines. */
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
