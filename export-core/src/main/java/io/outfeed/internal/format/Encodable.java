package io.outfeed.internal.format;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Tells which texts a charset can encode. Used by one thread. */
public final class Encodable {

    private final Charset charset;
    private final boolean all;
    private final boolean ascii;

    public Encodable(Charset charset) {
        this.charset = charset;
        this.all = charset.name().startsWith("UTF-");
        this.ascii = all || carriesAscii(charset);
    }

    /**
     * Whether each ASCII character is encoded as its own byte: in a charset with shift states some begin an escape
     * sequence.
     */
    private static boolean carriesAscii(Charset charset) {
        for (int i = 0; i < 0x80; i++) {
            String character = Character.toString(i);
            byte[] bytes = character.getBytes(charset);
            if (bytes.length != 1 || bytes[0] != i || !new String(bytes, charset).equals(character)) {
                return false;
            }
        }
        return true;
    }

    /** Whether each ASCII character is encoded as its own byte, whatever comes before it. */
    public boolean keepsAscii() {
        return ascii && !charset.name().startsWith("UTF-16") && !charset.name().startsWith("UTF-32");
    }

    /** Returns the problem of a charset; empty if files can be written in it. */
    public static Optional<String> problem(Charset charset) {
        if (!charset.canEncode()) {
            return Optional.of("charset " + charset + " can only be read: choose another, such as UTF-8");
        }
        if ("aa".getBytes(charset).length != 2 * "a".getBytes(charset).length) {
            return Optional.of("charset " + charset
                    + " writes a byte order mark of its own: choose UTF-16LE or UTF-16BE, with byteOrderMark(PRESENT)");
        }
        return Optional.empty();
    }

    public boolean carries(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80 || !ascii) {
                if (!all) {
                    // some charsets encode two characters as the same bytes: one of them would be decoded as the other
                    return new String(text.getBytes(charset), charset).equals(text);
                }
                if (Character.isSurrogate(c)) {
                    return wellFormed(text, i);
                }
            }
        }
        return true;
    }

    private static boolean wellFormed(String text, int from) {
        int at = from;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (!Character.isSurrogate(c)) {
                at++;
            } else if (Character.isHighSurrogate(c)
                    && at + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(at + 1))) {
                at += 2;
            } else {
                return false;
            }
        }
        return true;
    }

    /** Returns the text with a replacement for each character that can't be encoded. */
    public String replaced(String text, String replacement) {
        StringBuilder result = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            String character = Character.toString(point);
            result.append(carries(character) ? character : replacement);
        });
        return result.toString();
    }

    /** Returns why a text can't be encoded, as a clause. */
    public String why(String text) {
        return charset.equals(StandardCharsets.UTF_8) || !wellFormed(text, 0)
                ? "its text is no valid Unicode (half of a surrogate pair): correct the record"
                : "its text has a character that " + charset
                        + " can't carry: choose UTF-8, or a replacement with CsvFormat.Builder.replacement";
    }
}
