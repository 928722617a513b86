package io.outfeed.internal.format;

import io.outfeed.internal.io.ByteOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The texts of values as bytes, without a string of each. Used by one thread. */
public final class ValueBytes {

    private final EncodedOutput text = new EncodedOutput(OutputStream.nullOutputStream(), StandardCharsets.US_ASCII);
    private final PlainCells cells = new PlainCells(text, false, "");

    /**
     * Writes the text of a value, as {@link ByteOutput#put(String)} would.
     *
     * @return whether it was written; if not, nothing was
     */
    public boolean write(ByteOutput out, Object value) throws IOException {
        text.takeBack(0);
        if (!cells.value(value)) {
            return false;
        }
        int length = text.position();
        out.putInt(length);
        out.putByte(1);
        out.putBytes(text.room(0), length);
        return true;
    }
}
