package io.outfeed.internal.io;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Counts and hashes the bytes that are written. Used by one thread. */
public final class DigestOutput extends FilterOutputStream {

    private final MessageDigest digest;
    private long bytes;

    public DigestOutput(OutputStream out) {
        super(out);
        this.digest = Sha256.newDigest();
    }

    @Override
    public void write(int b) throws IOException {
        out.write(b);
        digest.update((byte) b);
        bytes++;
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        out.write(buffer, offset, length);
        digest.update(buffer, offset, length);
        bytes += length;
    }

    public long bytes() {
        return bytes;
    }

    /** Returns the SHA-256 in lower-case hexadecimal digits. Call it once, at the end. */
    public String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
