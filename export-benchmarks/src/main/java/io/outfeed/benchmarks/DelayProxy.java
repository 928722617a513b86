package io.outfeed.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Passes bytes on after half a round trip, in each direction, however many they are. What is delayed is kept in memory.
 */
final class DelayProxy implements AutoCloseable {

    private static final int CHUNK = 1 << 18;

    private final ServerSocket listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    private final int server;
    private final long delayNanos;

    /** Nothing in it: the end. */
    private record Chunk(long due, ByteBuffer bytes) {}

    private DelayProxy(int server, Duration roundTrip) throws IOException {
        this.server = server;
        this.delayNanos = roundTrip.toNanos() / 2;
    }

    static DelayProxy to(int server, Duration roundTrip) throws IOException {
        DelayProxy proxy = new DelayProxy(server, roundTrip);
        proxy.inBackground(proxy::accept);
        return proxy;
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() throws IOException {
        while (!listener.isClosed()) {
            Socket client = listener.accept();
            Socket target = new Socket(InetAddress.getLoopbackAddress(), server);
            client.setTcpNoDelay(true);
            target.setTcpNoDelay(true);
            pass(client, target);
            pass(target, client);
        }
    }

    private void pass(Socket from, Socket to) {
        BlockingQueue<Chunk> onTheWay = new LinkedBlockingQueue<>();
        inBackground(() -> receive(from.getInputStream(), onTheWay));
        inBackground(() -> {
            try (to) {
                send(onTheWay, to.getOutputStream());
            }
        });
    }

    private void receive(InputStream in, BlockingQueue<Chunk> onTheWay) throws IOException {
        byte[] buffer = new byte[CHUNK];
        try {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                onTheWay.add(new Chunk(System.nanoTime() + delayNanos, ByteBuffer.wrap(Arrays.copyOf(buffer, count))));
            }
        } finally {
            onTheWay.add(new Chunk(0, ByteBuffer.allocate(0)));
        }
    }

    private static void send(BlockingQueue<Chunk> onTheWay, OutputStream out) throws IOException {
        try {
            for (Chunk chunk = onTheWay.take(); chunk.bytes().hasRemaining(); chunk = onTheWay.take()) {
                for (long left = chunk.due() - System.nanoTime(); left > 0; left = chunk.due() - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                out.write(chunk.bytes().array());
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
        listener.close();
    }
}
