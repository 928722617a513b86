package io.outfeed.sftp.internal.channel;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Bounds the packets of SFTP that a server sends. sshj allocates up to a gigabyte as soon as it has read a length. Used
 * by one thread.
 */
final class PacketLimit extends FilterInputStream {

    /** As in OpenSSH's client. */
    static final int LIMIT = 256 << 10;

    private static final int LENGTH_BYTES = 4;

    private long length;
    private int lengthBytes;

    /** How many bytes of the current packet follow. */
    private long left;

    PacketLimit(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        byte[] single = new byte[1];
        return read(single, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(single[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        if (left > 0) {
            int read = super.read(bytes, offset, (int) Math.min(count, left));
            left -= Math.max(read, 0);
            return read;
        }
        int read = super.read(bytes, offset, Math.min(count, LENGTH_BYTES - lengthBytes));
        for (int i = 0; i < read; i++) {
            length = length << Byte.SIZE | Byte.toUnsignedLong(bytes[offset + i]);
            lengthBytes++;
        }
        if (lengthBytes == LENGTH_BYTES) {
            begin();
        }
        return read;
    }

    private void begin() throws PacketTooLongException {
        if (length > LIMIT) {
            throw new PacketTooLongException(length, LIMIT);
        }
        left = length;
        length = 0;
        lengthBytes = 0;
    }
}
