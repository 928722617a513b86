package io.outfeed.ftp.internal.socket;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/**
 * The socket of a control connection, which bounds what a reply may have: a server, or what answers in its place, could
 * fill the memory by a line without an end. Counted are the bytes of the network, those of a handshake of TLS too.
 */
public final class ControlSocket extends Socket {

    /** Enough for a chain of certificates, or for what a server can do. */
    static final int LONGEST_REPLY = 1 << 16;

    private @Nullable InputStream limited;
    private int left = LONGEST_REPLY;

    /** Creates a socket that is not connected. */
    public ControlSocket() {
        // there is nothing to set
    }

    /** Expects another reply. */
    public void expectReply() {
        left = LONGEST_REPLY;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        if (limited == null) {
            limited = new Limited(super.getInputStream());
        }
        return limited;
    }

    private final class Limited extends FilterInputStream {

        Limited(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int read = super.read(into, offset, length);
            count(Math.max(0, read));
            return read;
        }

        private void count(int read) throws IOException {
            left -= read;
            if (left < 0) {
                throw new ReplyTooLongException();
            }
        }
    }
}
