package io.outfeed.jdbc.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A network between a node and its database that can stand still: connections stay, and nothing arrives. */
final class FreezableProxy implements AutoCloseable {

    private final ServerSocket server;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    /** Guarded by this. */
    private boolean frozen;

    private FreezableProxy(ServerSocket server, int target) {
        this.server = server;
        this.target = target;
    }

    /** @param target a port of this machine */
    static FreezableProxy to(int target) throws IOException {
        FreezableProxy proxy = new FreezableProxy(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()), target);
        start(proxy::accept);
        return proxy;
    }

    int port() {
        return server.getLocalPort();
    }

    synchronized void freeze() {
        frozen = true;
    }

    synchronized void thaw() {
        frozen = false;
        notifyAll();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                sockets.add(client);
                start(() -> connect(client));
            } catch (IOException e) {
                thaw(); // closed
            }
        }
    }

    /** While the database restarts, a client is hung up on. */
    private void connect(Socket client) {
        try {
            Socket database = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(database);
            start(() -> pump(client, database));
            pump(database, client);
        } catch (IOException e) {
            hangUp(client);
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[8192];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                awaitThaw();
                out.write(buffer, 0, length);
            }
        } catch (IOException | InterruptedException e) {
            hangUp(from);
        } finally {
            hangUp(to);
        }
    }

    private synchronized void awaitThaw() throws InterruptedException {
        while (frozen) {
            wait();
        }
    }

    private void hangUp(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        thaw();
        Set.copyOf(sockets).forEach(this::hangUp);
    }
}
