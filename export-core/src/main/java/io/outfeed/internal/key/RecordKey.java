package io.outfeed.internal.key;

import io.outfeed.internal.io.ByteOutput;
import io.outfeed.internal.io.StringCodec;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The key of a record. Whole numbers are ordered by value, then all other keys as text by code point. Immutable.
 *
 * @param text the whole key
 * @param isNumber whether it is a whole number
 * @param number its value; 0 for a text
 */
public record RecordKey(String text, boolean isNumber, long number) implements Comparable<RecordKey> {

    private static final int MAX_NAME = 100;

    public static RecordKey of(Object key) {
        if (key instanceof Long || key instanceof Integer || key instanceof Short || key instanceof Byte) {
            return new RecordKey(key.toString(), true, ((Number) key).longValue());
        }
        return new RecordKey(String.valueOf(key), false, 0);
    }

    /** Returns the key for a message: it is cut after 100 characters. */
    public String name() {
        return text.length() <= MAX_NAME || text.codePointCount(0, text.length()) <= MAX_NAME
                ? text
                : text.substring(0, text.offsetByCodePoints(0, MAX_NAME)) + "…";
    }

    public void write(ByteOutput out) {
        out.putByte(isNumber ? 1 : 0);
        if (isNumber) {
            out.putLong(number);
        } else {
            out.put(text);
        }
    }

    public static RecordKey read(DataInputStream in) throws IOException {
        return in.readBoolean() ? of(in.readLong()) : of(StringCodec.read(in));
    }

    static RecordKey read(ByteBuffer in) throws IOException {
        return in.get() != 0 ? of(in.getLong()) : of(StringCodec.read(in));
    }

    @Override
    public int compareTo(RecordKey other) {
        if (isNumber != other.isNumber) {
            return isNumber ? -1 : 1;
        }
        return isNumber ? Long.compare(number, other.number) : compareByCodePoint(text, other.text);
    }

    private static int compareByCodePoint(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char l = left.charAt(i);
            char r = right.charAt(i);
            if (l != r) {
                // surrogates encode code points above all other chars
                return Integer.compare(
                        Character.isSurrogate(l) ? l + 0x10000 : l, Character.isSurrogate(r) ? r + 0x10000 : r);
            }
        }
        return Integer.compare(left.length(), right.length());
    }
}
