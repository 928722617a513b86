package io.outfeed.sftp.network;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A small SOCKS 5 or HTTP proxy that records its requests, and gives a configured answer. */
public final class SocksOrHttpProxy implements AutoCloseable {

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final boolean socks;
    private final boolean login;
    private final int answer;

    /** The address from which a SOCKS proxy claims to connect: its kind, the address and a port. */
    private final byte[] boundAddress;

    private final BytePump pump;

    private SocksOrHttpProxy(boolean socks, boolean login, int answer, byte... boundAddress) throws IOException {
        this.socks = socks;
        this.login = login;
        this.answer = answer;
        this.boundAddress = boundAddress;
        this.pump = BytePump.start(BytePump.listener(), this::handshake, BytePump::copyAll);
    }

    /** With a {@code login} it requires {@code clerk} and {@code pass word}; {@code answer} 0 connects. */
    public static SocksOrHttpProxy socks(boolean login, int answer) throws IOException {
        return new SocksOrHttpProxy(
                true, login, answer, (byte) 1, (byte) 127, (byte) 0, (byte) 0, (byte) 1, (byte) 0, (byte) 0);
    }

    /** With a {@code login} it requires {@code clerk} and {@code pass word}; {@code answer} 200 connects. */
    public static SocksOrHttpProxy http(boolean login, int answer) throws IOException {
        return new SocksOrHttpProxy(false, login, answer);
    }

    /** A SOCKS proxy without a login that connects, and claims the given address. */
    public static SocksOrHttpProxy socksBoundTo(byte... boundAddress) throws IOException {
        return new SocksOrHttpProxy(true, false, 0, boundAddress);
    }

    public int port() {
        return pump.port();
    }

    /** The requests of the clients, each followed by the client's address. */
    public List<String> requests() {
        return requests;
    }

    private Optional<Socket> handshake(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        int port = socks ? socksPort(in, client.getOutputStream()) : httpPort(in, client.getOutputStream());
        requests.add(client.getInetAddress().getHostAddress());
        return port == 0 ? Optional.empty() : Optional.of(BytePump.localSocket(port));
    }

    private int socksPort(DataInputStream in, OutputStream out) throws IOException {
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
        requests.add(kind + host + ":" + port);
        out.write(new byte[] {5, (byte) answer, 0});
        out.write(boundAddress);
        return answer == 0 ? port : 0;
    }

    private static String text(DataInputStream in) throws IOException {
        byte[] text = new byte[in.readUnsignedByte()];
        in.readFully(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private int httpPort(DataInputStream in, OutputStream out) throws IOException {
        String request = line(in);
        String authorization = "";
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.startsWith("Proxy-Authorization: ")) {
                authorization = header;
            }
        }
        requests.add(request);
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

    @Override
    public void close() throws IOException {
        pump.close();
    }
}
