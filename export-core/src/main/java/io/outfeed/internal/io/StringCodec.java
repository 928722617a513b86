package io.outfeed.internal.io;

import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes and reads strings of any length in Outfeed's own files; every char is preserved, unpaired surrogates too. */
public final class StringCodec {

    private static final int NULL = -1;

    /** A text up to this length is read without asking how many bytes there are. */
    private static final int SHORT = 8 * 1024;

    private StringCodec() {}

    public static void write(DataOutput out, String text) throws IOException {
        boolean narrow = isNarrow(text);
        byte[] bytes = narrow ? text.getBytes(StandardCharsets.ISO_8859_1) : wide(text);
        out.writeInt(bytes.length);
        out.writeBoolean(narrow);
        out.write(bytes);
    }

    public static void writeNullable(DataOutput out, @Nullable String text) throws IOException {
        if (text == null) {
            out.writeInt(NULL);
        } else {
            write(out, text);
        }
    }

    public static String read(DataInputStream in) throws IOException {
        String text = readNullable(in);
        if (text == null) {
            throw new IOException("a text is missing");
        }
        return text;
    }

    public static @Nullable String readNullable(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length == NULL) {
            return null;
        }
        if (length < 0) {
            throw new IOException("the length of a text is " + length);
        }
        boolean narrow = in.readBoolean();
        byte[] bytes;
        if (length <= SHORT) {
            bytes = new byte[length];
            in.readFully(bytes);
        } else {
            bytes = in.readNBytes(length); // a wrong length takes no more memory than the file has bytes
            if (bytes.length < length) {
                throw new EOFException("a text ends too early");
            }
        }
        return narrow ? new String(bytes, StandardCharsets.ISO_8859_1) : fromWide(bytes);
    }

    /** Reads a text from bytes. */
    public static String read(ByteBuffer in) throws IOException {
        int length = in.getInt();
        boolean narrow = in.get() != 0;
        if (length < 0 || length > in.remaining()) {
            throw new IOException("the length of a text is " + length);
        }
        if (narrow) {
            int at = in.arrayOffset() + in.position();
            in.position(in.position() + length);
            return new String(in.array(), at, length, StandardCharsets.ISO_8859_1);
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return fromWide(bytes);
    }

    private static boolean isNarrow(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xFF) {
                return false;
            }
        }
        return true;
    }

    private static byte[] wide(String text) {
        byte[] bytes = new byte[text.length() * 2];
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes[2 * i] = (byte) (c >> 8);
            bytes[2 * i + 1] = (byte) c;
        }
        return bytes;
    }

    private static String fromWide(byte[] bytes) {
        char[] chars = new char[bytes.length / 2];
        for (int i = 0; i < chars.length; i++) {
            chars[i] = (char) (((bytes[2 * i] & 0xFF) << 8) | (bytes[2 * i + 1] & 0xFF));
        }
        return new String(chars);
    }
}
