package io.outfeed.sftp.internal.socket;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Bounds what a server sends before the end of the line that identifies it, such as {@code SSH-2.0-OpenSSH_9.2}: lines
 * of its own choice, which sshj would keep, whatever their number. Used by one thread at a time.
 */
final class IdentificationLimit extends FilterInputStream {

    /** As in OpenSSH's client. */
    static final int LIMIT = 8192;

    private static final String PREFIX = "SSH-";

    private int count;

    /** How many bytes of the current line are as in the prefix; -1 after one that is not. */
    private int matched;

    private volatile boolean identified;

    IdentificationLimit(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        int read = super.read();
        if (!identified && read >= 0) {
            take(read);
        }
        return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = super.read(bytes, offset, length);
        for (int i = 0; !identified && i < read; i++) {
            take(bytes[offset + i]);
        }
        return read;
    }

    private void take(int character) throws IOException {
        count++;
        if (character == '\n') {
            identified = matched == PREFIX.length();
            matched = 0;
        } else if (matched >= 0 && matched < PREFIX.length()) {
            matched = character == PREFIX.charAt(matched) ? matched + 1 : -1;
        }
        if (!identified && count >= LIMIT) {
            throw new IdentificationTooLongException(LIMIT);
        }
    }
}
