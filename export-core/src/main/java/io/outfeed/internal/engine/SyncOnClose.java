package io.outfeed.internal.engine;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Puts the file on the disk before it is closed. */
final class SyncOnClose extends FilterOutputStream {

    interface Sync {
        void run() throws IOException;
    }

    private final Sync sync;
    private boolean closed;

    SyncOnClose(OutputStream out, Sync sync) {
        super(out);
        this.sync = sync;
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        out.write(buffer, offset, length);
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (OutputStream closing = out) {
            closing.flush();
            sync.run();
        }
    }
}
