package io.outfeed.sftp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** Passes a megabyte on to a server; then it reads nothing more, so that the client's socket takes no more either. */
final class FreezingProxy implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket();
    private final int server;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicLong left = new AtomicLong(1_000_000);

    private FreezingProxy(int server) throws IOException {
        this.server = server;
    }

    static FreezingProxy to(int server) throws IOException {
        FreezingProxy proxy = new FreezingProxy(server);
        proxy.listener.setReceiveBufferSize(8192); // so that a writer blocks soon
        proxy.listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
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
            sockets.addAll(List.of(client, target));
            inBackground(() -> pass(client.getInputStream(), target.getOutputStream()));
            inBackground(() -> pass(target.getInputStream(), client.getOutputStream()));
        }
    }

    private void pass(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[8192];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            if (left.addAndGet(-count) < 0) {
                try {
                    closed.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return;
            }
            out.write(buffer, 0, count);
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
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
