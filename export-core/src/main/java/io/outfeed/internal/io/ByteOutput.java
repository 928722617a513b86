package io.outfeed.internal.io;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes in one buffer that grows, without locks. Texts are as {@link StringCodec} writes them. Used by one thread.
 */
public final class ByteOutput {

    private static final int FIRST = 1024;
    private static final int NULL = -1;
    private static final int HEAD_OF_TEXT = 5;

    private byte[] buffer = new byte[FIRST];
    private int size;

    public void clear() {
        size = 0;
    }

    public int size() {
        return size;
    }

    /** Returns the bytes, as they are until the next call. */
    public byte[] buffer() {
        return buffer;
    }

    public byte[] copy() {
        return Arrays.copyOf(buffer, size);
    }

    public void writeTo(OutputStream out) throws IOException {
        out.write(buffer, 0, size);
    }

    private void room(int needed) {
        if (buffer.length - size < needed) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, Math.addExact(size, needed)));
        }
    }

    public void putByte(int value) {
        room(Byte.BYTES);
        buffer[size++] = (byte) value;
    }

    public void putInt(int value) {
        room(Integer.BYTES);
        putInt(size, value);
        size += Integer.BYTES;
    }

    private void putInt(int at, int value) {
        buffer[at] = (byte) (value >> 24);
        buffer[at + 1] = (byte) (value >> 16);
        buffer[at + 2] = (byte) (value >> 8);
        buffer[at + 3] = (byte) value;
    }

    public void putLong(long value) {
        putInt((int) (value >> Integer.SIZE));
        putInt((int) value);
    }

    /** Puts a text of ASCII characters. */
    public void putAscii(byte[] text, int length) {
        putInt(length);
        putByte(1);
        room(length);
        System.arraycopy(text, 0, buffer, size, length);
        size += length;
    }

    public void putNullable(@Nullable String text) {
        if (text == null) {
            putInt(NULL);
        } else {
            put(text);
        }
    }

    public void put(String text) {
        int length = text.length();
        room(HEAD_OF_TEXT + length);
        int at = size + HEAD_OF_TEXT;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c > 0xFF) {
                putWide(text);
                return;
            }
            buffer[at + i] = (byte) c;
        }
        putInt(size, length);
        buffer[size + Integer.BYTES] = 1;
        size = at + length;
    }

    private void putWide(String text) {
        int length = 2 * text.length();
        putInt(length);
        putByte(0);
        room(length);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            buffer[size++] = (byte) (c >> 8);
            buffer[size++] = (byte) c;
        }
    }
}
