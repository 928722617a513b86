package io.outfeed.internal.format;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The texts of values as ASCII bytes, without a string of each. Used by one thread. */
public final class ValueBytes {

    private final EncodedOutput text = new EncodedOutput(OutputStream.nullOutputStream(), StandardCharsets.US_ASCII);
    private final PlainCells cells = new PlainCells(text, false, "");

    /** Makes the text of a value, and returns its length; 0 if the value is of another class or size. */
    public int make(Object value) throws IOException {
        text.takeBack(0);
        return cells.value(value) ? text.position() : 0;
    }

    /** Returns a buffer that begins with the text. */
    public byte[] buffer() throws IOException {
        return text.room(0);
    }
}
