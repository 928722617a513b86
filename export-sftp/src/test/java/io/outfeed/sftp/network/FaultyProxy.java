package io.outfeed.sftp.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Copies everything until a fault is armed: a cut after so many bytes of one direction, silence, or slowness. */
public final class FaultyProxy implements AutoCloseable {

    private final AtomicLong fromClient = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong fromServer = new AtomicLong(Long.MAX_VALUE);
    private final BytePump pump;
    private volatile boolean silent;
    private volatile boolean slow;
    private volatile boolean throttled;

    private FaultyProxy(int server) throws IOException {
        pump = BytePump.start(server, this::copy);
    }

    public static FaultyProxy to(int server) throws IOException {
        return new FaultyProxy(server);
    }

    /** Cuts the connection after that many bytes which the client sends from now on. */
    public void cutAfter(long bytes) {
        fromClient.set(bytes);
    }

    /** Cuts the connection after that many bytes which the server sends from now on. */
    public void cutAfterServer(long bytes) {
        fromServer.set(bytes);
    }

    /** Whether a connection was cut. */
    public boolean hasCut() {
        return fromClient.get() < 0 || fromServer.get() < 0;
    }

    /** Copies nothing in either direction after that many bytes which the server sends from now on. */
    public void fallSilentAfter(long bytes) {
        silent = true;
        fromServer.set(bytes);
    }

    /** Delays what the server sends by some milliseconds, like a network with a long round trip. */
    public void delayServer() {
        slow = true;
    }

    /** Copies at most some hundred kilobytes a second of what the client sends. */
    public void throttleClient() {
        throttled = true;
    }

    /** Cuts no further connection. */
    public void stopCutting() {
        fromClient.set(Long.MAX_VALUE);
        fromServer.set(Long.MAX_VALUE);
    }

    /** Cuts the open connections. */
    public void cutNow() throws IOException {
        pump.closeConnections();
    }

    public int port() {
        return pump.port();
    }

    private void copy(BytePump.Direction direction, InputStream in, OutputStream out)
            throws IOException, InterruptedException {
        boolean toServer = direction == BytePump.Direction.TO_SERVER;
        AtomicLong left = toServer ? fromClient : fromServer;
        byte[] buffer = new byte[1024];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            long over = -left.addAndGet(-count);
            if (over > 0) {
                if (!silent) {
                    out.write(buffer, 0, (int) Math.max(0, count - over));
                    return;
                }
                pump.awaitClose();
            }
            if (silent && fromServer.get() < 0) {
                pump.awaitClose();
            }
            if (slow && !toServer) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(6));
            }
            if (throttled && toServer) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
            out.write(buffer, 0, count);
        }
    }

    @Override
    public void close() throws IOException {
        pump.close();
    }
}
