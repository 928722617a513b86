package io.outfeed.sftp.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Copies a megabyte, and then reads nothing more, so that the client's socket blocks. */
public final class FreezingProxy implements AutoCloseable {

    private static final int BUFFER = 8192;

    private final AtomicLong left = new AtomicLong(1_000_000);
    private final BytePump pump;

    private FreezingProxy(int server) throws IOException {
        pump = BytePump.start(
                BytePump.listener(BUFFER), client -> Optional.of(BytePump.localSocket(server)), this::copy);
    }

    public static FreezingProxy to(int server) throws IOException {
        return new FreezingProxy(server);
    }

    public int port() {
        return pump.port();
    }

    private void copy(BytePump.Direction direction, InputStream in, OutputStream out)
            throws IOException, InterruptedException {
        byte[] buffer = new byte[BUFFER];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            if (left.addAndGet(-count) < 0) {
                pump.awaitClose();
                return;
            }
            out.write(buffer, 0, count);
        }
    }

    @Override
    public void close() throws IOException {
        pump.close();
    }
}
