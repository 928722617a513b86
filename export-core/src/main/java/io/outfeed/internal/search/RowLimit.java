package io.outfeed.internal.search;

import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;

/**
 * Decodes text, and fails at a row that would not end: in the wrong dialect the rest of a file may be one quoted cell.
 * Used by one thread.
 */
final class RowLimit extends FilterReader {

    private static final int MAX_CHARS = 16 << 20;

    private long left = MAX_CHARS;

    RowLimit(InputStream in, Charset charset) {
        super(new InputStreamReader(
                in,
                charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)));
    }

    /** Starts to count the characters of another row; some of them may have been read ahead. */
    void beginRow() {
        left = MAX_CHARS;
    }

    @Override
    public int read() throws IOException {
        int c = super.read();
        count(1);
        return c;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        count(count);
        return count;
    }

    private void count(int chars) throws IOException {
        left -= chars;
        if (left < 0) {
            throw new IOException("a row has more than " + MAX_CHARS + " characters");
        }
    }
}
