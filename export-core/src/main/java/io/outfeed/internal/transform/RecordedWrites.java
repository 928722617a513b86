package io.outfeed.internal.transform;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Keeps bytes, and by which writes they came, to repeat the same writes to another stream. Used by one thread at a
 * time.
 */
final class RecordedWrites extends OutputStream {

    private byte[] bytes;
    private int used;

    /** Where each write ends. */
    private int[] ends;

    private int writes;

    /**
     * Makes an empty one, which grows if more is written.
     *
     * @param bytes for how many bytes there is room
     * @param writes for how many writes there is room
     */
    RecordedWrites(int bytes, int writes) {
        this.bytes = new byte[bytes];
        this.ends = new int[writes];
    }

    /** Whether there is room for a write of so many bytes. */
    boolean fits(int length) {
        return length <= bytes.length - used && writes < ends.length;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) {
        if (length > bytes.length - used) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(used, length)));
        }
        if (writes == ends.length) {
            ends = Arrays.copyOf(ends, 2 * writes);
        }
        System.arraycopy(buffer, offset, bytes, used, length);
        used += length;
        ends[writes++] = used;
    }

    /** Repeats the writes. */
    void writeTo(OutputStream out) throws IOException {
        int start = 0;
        for (int i = 0; i < writes; i++) {
            out.write(bytes, start, ends[i] - start);
            start = ends[i];
        }
    }

    void clear() {
        used = 0;
        writes = 0;
    }
}
