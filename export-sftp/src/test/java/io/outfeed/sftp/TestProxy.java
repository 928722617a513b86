package io.outfeed.sftp;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A small proxy for SOCKS 5 or HTTP, that writes down what it is asked, and answers what it is told to. */
final class TestProxy implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final boolean socks;
    private final boolean login;
    private final int answer;

    /** The address that a SOCKS proxy says it connects from, by its kind, with a port. */
    private byte[] bound = {1, 127, 0, 0, 1, 0, 0};

    private TestProxy(boolean socks, boolean login, int answer) throws IOException {
        this.socks = socks;
        this.login = login;
        this.answer = answer;
    }

    /** With a {@code login} it wants {@code clerk} and {@code pass word}; {@code answer} 0 connects. */
    static TestProxy socks(boolean login, int answer) throws IOException {
        return start(new TestProxy(true, login, answer));
    }

    /** With a {@code login} it wants {@code clerk} and {@code pass word}; {@code answer} 200 connects. */
    static TestProxy http(boolean login, int answer) throws IOException {
        return start(new TestProxy(false, login, answer));
    }

    /** A SOCKS proxy without a login that connects, and says from where. */
    static TestProxy socksBoundTo(byte... bound) throws IOException {
        TestProxy proxy = new TestProxy(true, false, 0);
        proxy.bound = bound;
        return start(proxy);
    }

    private static TestProxy start(TestProxy proxy) {
        inBackground(proxy::accept);
        return proxy;
    }

    int port() {
        return listener.getLocalPort();
    }

    /** What clients have asked for, with the address that they come from. */
    List<String> asked() {
        return asked;
    }

    private void accept() throws IOException {
        while (!listener.isClosed()) {
            Socket client = listener.accept();
            sockets.add(client);
            inBackground(() -> serve(client));
        }
    }

    private void serve(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        int port = socks ? bySocks(in, client.getOutputStream()) : byHttp(in, client.getOutputStream());
        asked.add(client.getInetAddress().getHostAddress());
        if (port == 0) {
            client.close();
            return;
        }
        Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
        sockets.add(server);
        inBackground(() -> in.transferTo(server.getOutputStream()));
        server.getInputStream().transferTo(client.getOutputStream());
    }

    private int bySocks(DataInputStream in, OutputStream out) throws IOException {
        in.readByte();
        byte[] methods = new byte[in.readUnsignedByte()];
        in.readFully(methods);
        boolean offersLogin = methods[0] == 2;
        if (login != offersLogin) {
            out.write(new byte[] {5, (byte) 0xff});
            return 0;
        }
        out.write(new byte[] {5, methods[0]});
        if (login) {
            in.readByte();
            String user = text(in);
            String password = text(in);
            boolean right = user.equals("clerk") && password.equals("pass word");
            out.write(new byte[] {1, (byte) (right ? 0 : 1)});
            if (!right) {
                return 0;
            }
        }
        in.readFully(new byte[3]);
        String kind = in.readUnsignedByte() == 3 ? "name " : "address ";
        String host = text(in);
        int port = in.readUnsignedShort();
        asked.add(kind + host + ":" + port);
        out.write(new byte[] {5, (byte) answer, 0});
        out.write(bound);
        return answer == 0 ? port : 0;
    }

    private static String text(DataInputStream in) throws IOException {
        byte[] text = new byte[in.readUnsignedByte()];
        in.readFully(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private int byHttp(DataInputStream in, OutputStream out) throws IOException {
        String request = line(in);
        String authorization = "";
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.startsWith("Proxy-Authorization: ")) {
                authorization = header;
            }
        }
        asked.add(request);
        boolean right = authorization.equals(login ? "Proxy-Authorization: Basic Y2xlcms6cGFzcyB3b3Jk" : "");
        int status = right ? answer : 407;
        out.write(("HTTP/1.1 " + status + " said\r\nVia: test\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return status / 100 == 2 ? Integer.parseInt(request.replaceAll(".*:(\\d+) .*", "$1")) : 0;
    }

    private static String line(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int read = in.readUnsignedByte(); read != '\n'; read = in.readUnsignedByte()) {
            line.append((char) read);
        }
        return line.toString().strip();
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
