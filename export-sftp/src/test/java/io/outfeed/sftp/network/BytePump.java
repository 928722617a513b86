package io.outfeed.sftp.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * Accepts connections on a port of this machine, opens one to a server for each, and copies the bytes of both
 * directions until one side ends. What the test proxies have in common. Thread-safe.
 */
public final class BytePump implements AutoCloseable {

    private static final int BACKLOG = 8;

    private final ServerSocket listener;
    private final ServerConnector connector;
    private final Copier copier;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    private BytePump(ServerSocket listener, ServerConnector connector, Copier copier) {
        this.listener = listener;
        this.connector = connector;
        this.copier = copier;
    }

    /** A direction in which bytes are copied. */
    public enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    /** Opens the connection to the server for a client; empty to close the client's. */
    @FunctionalInterface
    public interface ServerConnector {
        Optional<Socket> connect(Socket client) throws IOException;
    }

    /** Copies the bytes of one direction; both connections are closed when it returns. */
    @FunctionalInterface
    public interface Copier {
        void copy(Direction direction, InputStream in, OutputStream out) throws IOException, InterruptedException;
    }

    /** Starts a pump to a server on this machine. */
    public static BytePump start(int serverPort, Copier copier) throws IOException {
        return start(listener(), client -> Optional.of(localSocket(serverPort)), copier);
    }

    /** Starts a pump that accepts connections on the given socket. */
    public static BytePump start(ServerSocket listener, ServerConnector connector, Copier copier) {
        BytePump pump = new BytePump(listener, connector, copier);
        pump.inBackground(pump::acceptAll);
        return pump;
    }

    /** Opens a socket to listen on, on any free port. */
    public static ServerSocket listener() throws IOException {
        return new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    }

    /** As {@link #listener()}, with a small receive buffer, so that a client that writes soon blocks. */
    public static ServerSocket listener(int receiveBufferBytes) throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.setReceiveBufferSize(receiveBufferBytes);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        return listener;
    }

    /** Connects to a server on this machine. */
    public static Socket localSocket(int port) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    /** Copies everything as it comes. */
    public static void copyAll(Direction direction, InputStream in, OutputStream out) throws IOException {
        in.transferTo(out);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Blocks a copier until the pump is closed, so that the connection stays open and silent. */
    public void awaitClose() throws InterruptedException {
        closed.await();
    }

    /** Closes the open connections; further ones are accepted. */
    public void closeConnections() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        listener.close();
        closeConnections();
    }

    private void acceptAll() throws IOException {
        while (!listener.isClosed()) {
            Socket client = listener.accept();
            sockets.add(client);
            inBackground(() -> serve(client));
        }
    }

    private void serve(Socket client) throws IOException {
        Optional<Socket> server = connector.connect(client);
        if (server.isEmpty()) {
            client.close();
            return;
        }
        sockets.add(server.get());
        inBackground(() -> copy(Direction.TO_SERVER, client, server.get()));
        inBackground(() -> copy(Direction.TO_CLIENT, server.get(), client));
    }

    private void copy(Direction direction, Socket from, Socket to) throws IOException, InterruptedException {
        try (from;
                to) {
            copier.copy(direction, from.getInputStream(), to.getOutputStream());
        }
    }

    @FunctionalInterface
    private interface Task {
        void run() throws IOException, InterruptedException;
    }

    private void inBackground(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException e) {
                // one side has closed
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
