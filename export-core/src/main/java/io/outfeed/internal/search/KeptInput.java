package io.outfeed.internal.search;

import io.outfeed.internal.io.DigestOutput;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The kept bytes of a file, counted and hashed while they are read. Tells a failure of the disk from bytes that can't
 * be understood. Used by one thread.
 */
final class KeptInput extends FilterInputStream {

    private final DigestOutput passed = new DigestOutput(OutputStream.nullOutputStream());
    private boolean diskFailed;

    KeptInput(InputStream file) {
        super(file);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count;
        try {
            count = in.read(buffer, offset, length);
        } catch (IOException e) {
            diskFailed = true;
            throw e;
        }
        if (count > 0) {
            passed.write(buffer, offset, count);
        }
        return count;
    }

    /** Reads what is skipped, so that it counts. */
    @Override
    public long skip(long n) throws IOException {
        byte[] skipped = new byte[(int) Math.max(0, Math.min(n, 8192))];
        return Math.max(0, read(skipped, 0, skipped.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    boolean diskFailed() {
        return diskFailed;
    }

    long bytes() {
        return passed.bytes();
    }

    /** Reads the rest, and tells whether all bytes are those that the ledger has. Call it once, at the end. */
    boolean has(long bytes, String sha256) throws IOException {
        transferTo(OutputStream.nullOutputStream());
        return passed.bytes() == bytes && passed.sha256().equals(sha256);
    }
}
