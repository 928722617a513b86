package io.outfeed.sftp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Passes so many bytes on, in one of the directions; then it cuts the connection, or falls silent. */
final class CuttingProxy implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    private final int server;
    private final AtomicLong fromClient = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong fromServer = new AtomicLong(Long.MAX_VALUE);
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean silent;
    private volatile boolean slow;
    private volatile boolean throttled;

    private CuttingProxy(int server) throws IOException {
        this.server = server;
    }

    static CuttingProxy to(int server) throws IOException {
        CuttingProxy proxy = new CuttingProxy(server);
        proxy.inBackground(proxy::accept);
        return proxy;
    }

    /** Cuts after what the client sends from now on. */
    void cutAfter(long bytes) {
        fromClient.set(bytes);
    }

    /** Cuts after what the server sends from now on. */
    void cutAfterServer(long bytes) {
        fromServer.set(bytes);
    }

    /** Whether so much was sent that it cut. */
    boolean hasCut() {
        return fromClient.get() < 0 || fromServer.get() < 0;
    }

    /** Passes nothing on in either direction after what the server sends from now on. */
    void fallSilentAfter(long bytes) {
        silent = true;
        fromServer.set(bytes);
    }

    /** Passes on what the server sends some milliseconds later, as over a long way. */
    void slowDown() {
        slow = true;
    }

    /** Passes on what the client sends with some hundred kilobytes a second at most. */
    void throttle() {
        throttled = true;
    }

    /** Cuts no more. */
    void mend() {
        fromClient.set(Long.MAX_VALUE);
        fromServer.set(Long.MAX_VALUE);
    }

    /** Cuts what is open. */
    void cut() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() throws IOException {
        while (!listener.isClosed()) {
            Socket client = listener.accept();
            Socket target = new Socket(InetAddress.getLoopbackAddress(), server);
            sockets.addAll(List.of(client, target));
            inBackground(() -> pass(client, target, fromClient));
            inBackground(() -> pass(target, client, fromServer));
        }
    }

    private void pass(Socket from, Socket to, AtomicLong left) throws IOException {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] buffer = new byte[1024];
        try (from;
                to) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                long over = -left.addAndGet(-count);
                if (over > 0) {
                    if (!silent) {
                        out.write(buffer, 0, (int) Math.max(0, count - over));
                        return;
                    }
                    closed.await();
                }
                if (silent && fromServer.get() < 0) {
                    closed.await();
                }
                if (slow && left == fromServer) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(6));
                }
                if (throttled && left == fromClient) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
                }
                out.write(buffer, 0, count);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private void inBackground(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // a side has closed
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        listener.close();
        cut();
    }
}
