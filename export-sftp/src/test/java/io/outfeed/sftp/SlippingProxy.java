package io.outfeed.sftp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Passes everything on, and slips a packet in after the line by which the server names itself. */
final class SlippingProxy implements AutoCloseable {

    /** An unencrypted packet of the kind that is to be ignored. */
    static final byte[] IGNORE = {0, 0, 0, 12, 6, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

    private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final int server;
    private final byte[] slipped;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    private SlippingProxy(int server, byte[] slipped) throws IOException {
        this.server = server;
        this.slipped = slipped;
    }

    static SlippingProxy to(int server, byte[] slipped) throws IOException {
        SlippingProxy proxy = new SlippingProxy(server, slipped);
        inBackground(proxy::accept);
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
            inBackground(() -> client.getInputStream().transferTo(target.getOutputStream()));
            inBackground(() -> {
                InputStream in = target.getInputStream();
                OutputStream out = client.getOutputStream();
                for (int read = in.read(); read != '\n'; read = in.read()) {
                    out.write(read);
                }
                out.write('\n');
                out.write(slipped);
                in.transferTo(out);
            });
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private static void inBackground(Work work) {
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
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
