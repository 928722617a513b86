package io.outfeed.sftp;

import io.outfeed.error.DeliveryException;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Opens the socket to a server: straight or by a proxy, from any address of this machine or from a chosen one.
 *
 * @param id of the delivery, as exceptions name it
 * @param host of the server
 * @param port of the server
 * @param proxy null to connect straight
 * @param bindAddress null for any
 * @param timeout of each attempt to connect, and of the talk with a proxy
 */
record Dialer(
        String id,
        String host,
        int port,
        @Nullable SftpProxy proxy,
        @Nullable InetAddress bindAddress,
        Duration timeout) {

    private static final int LONGEST_HTTP_ANSWER = 16_384;

    /** The proxy is reached, but does not do what it is asked to. */
    private static final class Refused extends IOException {

        private static final long serialVersionUID = 1L;
        private final boolean forGood;

        Refused(String why, boolean forGood) {
            super(why);
            this.forGood = forGood;
        }
    }

    /**
     * Connects.
     *
     * @throws DeliveryException one to try again, or a permanent one if a proxy refuses the login or the server
     */
    Socket dial() {
        Socket socket = connect();
        if (proxy == null) {
            return socket;
        }
        boolean through = false;
        try {
            Talk talk = new Talk(socket, timeout);
            if (proxy.kind() == SftpProxy.Kind.SOCKS5) {
                socks(talk, proxy.login());
            } else {
                http(talk, proxy.login());
            }
            socket.setSoTimeout(0);
            through = true;
            return socket;
        } catch (Refused e) {
            String message = "the " + proxy + " " + e.getMessage() + where();
            throw e.forGood ? DeliveryException.permanent(id, message, e) : DeliveryException.retryable(id, message, e);
        } catch (IOException e) {
            String why = e instanceof SocketTimeoutException
                    ? " gave no answer within " + SftpConnection.text(timeout)
                    : " broke the connection or does not speak the protocol";
            throw DeliveryException.retryable(
                    id, "the " + proxy + why + ": check its kind, host and port" + where(), e);
        } finally {
            if (!through) {
                close(socket);
            }
        }
    }

    /** Tries each address. */
    private Socket connect() {
        String name = proxy == null ? host : proxy.host();
        int at = proxy == null ? port : proxy.port();
        IOException first = null;
        try {
            for (InetAddress address : InetAddress.getAllByName(name)) {
                Socket socket = new Socket();
                try {
                    if (bindAddress != null) {
                        bind(socket, bindAddress);
                    }
                    socket.connect(new InetSocketAddress(address, at), Math.toIntExact(timeout.toMillis()));
                    socket.setTcpNoDelay(true);
                    return socket;
                } catch (IOException e) {
                    close(socket);
                    if (first == null) {
                        first = e;
                    }
                }
            }
        } catch (IOException e) {
            first = first == null ? e : first;
        }
        String whom = proxy == null ? host + ":" + port : "the " + proxy;
        throw DeliveryException.retryable(
                id,
                "can't connect to " + whom + ", " + reason(first) + ": check host, port and firewall" + where(),
                first);
    }

    private void bind(Socket socket, InetAddress address) {
        try {
            socket.bind(new InetSocketAddress(address, 0));
        } catch (IOException e) {
            close(socket);
            throw DeliveryException.permanent(
                    id, "bindAddress " + address.getHostAddress() + " is no address of this machine" + where(), e);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // nothing is left to be closed
        }
    }

    private String reason(@Nullable IOException e) {
        if (e instanceof UnknownHostException) {
            return "the host name is not known";
        }
        if (e instanceof SocketTimeoutException) {
            return "no answer within " + SftpConnection.text(timeout);
        }
        return e instanceof ConnectException ? "connection refused" : "the network failed";
    }

    private String where() {
        return " (delivery=" + id + ")";
    }

    /** A copy, to be wiped. */
    private char[] password(SftpProxy.Credentials login) {
        char @Nullable [] given;
        try {
            given = login.password().get();
        } catch (RuntimeException e) {
            throw DeliveryException.retryable(id, "the supplier of the proxy's password failed" + where(), e);
        }
        if (given == null) {
            throw DeliveryException.retryable(id, "the supplier of the proxy's password gave null" + where(), null);
        }
        return given.clone();
    }

    // ---- SOCKS 5: RFC 1928 and 1929

    private void socks(Talk talk, SftpProxy.@Nullable Credentials login) throws IOException {
        int method = login == null ? 0 : 2;
        talk.write(new byte[] {5, 1, (byte) method});
        if (talk.read() != 5) {
            throw new IOException("no SOCKS 5");
        }
        if (talk.read() != method) {
            throw new Refused(
                    login == null
                            ? "wants a login: give it credentials"
                            : "takes no login by user and password: leave the credentials out",
                    true);
        }
        if (login != null) {
            socksLogin(talk, login);
        }
        byte[] name = (host.indexOf(':') < 0
                        ? host
                        : InetAddress.getByName(host).getHostAddress())
                .getBytes(StandardCharsets.US_ASCII);
        ByteBuffer request = ByteBuffer.allocate(name.length + 7);
        request.put(new byte[] {5, 1, 0, 3, (byte) name.length}).put(name).putShort((short) port);
        talk.write(request.array());
        if (talk.read() != 5) {
            throw new IOException("no SOCKS 5");
        }
        int answer = talk.read();
        if (answer != 0) {
            throw new Refused(
                    switch (answer) {
                        case 2 ->
                            "does not allow connections to " + host + ":" + port + ": have its operator allow them";
                        case 3, 4 -> "can't reach " + host + ":" + port + ": check the host";
                        case 5 -> "can't connect to " + host + ":" + port + ", connection refused: check host and port";
                        default -> "failed to connect to " + host + ":" + port + " (SOCKS answer " + answer + ")";
                    },
                    answer == 2);
        }
        talk.read(); // reserved
        int bytes = switch (talk.read()) {
            case 1 -> 4;
            case 4 -> 16;
            case 3 -> talk.read();
            default -> throw new IOException("no address");
        };
        talk.skip(bytes + 2);
    }

    private void socksLogin(Talk talk, SftpProxy.Credentials login) throws IOException {
        byte[] user = login.user().getBytes(StandardCharsets.UTF_8);
        char[] secret = password(login);
        byte[] password = Secrets.utf8(secret);
        byte[] request = new byte[3 + user.length + password.length];
        try {
            if (user.length > 255 || password.length > 255) {
                throw new Refused("takes no user or password of more than 255 bytes", true);
            }
            request[0] = 1;
            request[1] = (byte) user.length;
            System.arraycopy(user, 0, request, 2, user.length);
            request[2 + user.length] = (byte) password.length;
            System.arraycopy(password, 0, request, 3 + user.length, password.length);
            talk.write(request);
        } finally {
            Arrays.fill(secret, '\0');
            Arrays.fill(password, (byte) 0);
            Arrays.fill(request, (byte) 0);
        }
        talk.read(); // version
        if (talk.read() != 0) {
            throw new Refused("refused the login of user '" + login.user() + "': check its credentials", true);
        }
    }

    // ---- HTTP: RFC 9110

    private void http(Talk talk, SftpProxy.@Nullable Credentials login) throws IOException {
        String server = (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        talk.write(("CONNECT " + server + " HTTP/1.1\r\nHost: " + server + "\r\n").getBytes(StandardCharsets.US_ASCII));
        if (login != null) {
            char[] secret = password(login);
            byte[] user = (login.user() + ":").getBytes(StandardCharsets.UTF_8);
            byte[] password = Secrets.utf8(secret);
            byte[] both = Arrays.copyOf(user, user.length + password.length);
            System.arraycopy(password, 0, both, user.length, password.length);
            byte[] encoded = Base64.getEncoder().encode(both);
            try {
                talk.write("Proxy-Authorization: Basic ".getBytes(StandardCharsets.US_ASCII));
                talk.write(encoded);
                talk.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            } finally {
                Arrays.fill(secret, '\0');
                Arrays.fill(password, (byte) 0);
                Arrays.fill(both, (byte) 0);
                Arrays.fill(encoded, (byte) 0);
            }
        }
        talk.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        String status = talk.line();
        if (!status.matches("HTTP/1\\.[01] \\d{3}( .*)?")) {
            throw new IOException("no HTTP");
        }
        while (!talk.line().isEmpty()) {
            // headers say nothing that is needed
        }
        int code = Integer.parseInt(status.substring(9, 12));
        if (code / 100 != 2) {
            throw new Refused(
                    switch (code) {
                        case 407 ->
                            login == null
                                    ? "wants a login: give it credentials"
                                    : "refused the login of user '" + login.user() + "': check its credentials";
                        case 403, 405 ->
                            "does not allow connections to " + server + ": have its operator allow CONNECT to it";
                        default -> "failed to connect to " + server + " (HTTP status " + code + ")";
                    },
                    code / 100 == 4);
        }
    }

    /** What is said with a proxy, within one limit for all. Reads not a byte too many: what follows is the server's. */
    private static final class Talk {

        private final Socket socket;
        private final long end;
        private int left = LONGEST_HTTP_ANSWER;

        Talk(Socket socket, Duration limit) {
            this.socket = socket;
            this.end = System.nanoTime() + limit.toNanos();
        }

        void write(byte[] bytes) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
        }

        int read() throws IOException {
            long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (millis <= 0) {
                throw new SocketTimeoutException("the limit has passed");
            }
            if (left-- == 0) {
                throw new IOException("the answer is too long");
            }
            socket.setSoTimeout((int) millis);
            int read = socket.getInputStream().read();
            if (read < 0) {
                throw new EOFException("the proxy has closed the connection");
            }
            return read;
        }

        void skip(int count) throws IOException {
            for (int i = 0; i < count; i++) {
                read();
            }
        }

        String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int read = read(); read != '\n'; read = read()) {
                line.append((char) read);
            }
            int last = line.length() - 1;
            if (last >= 0 && line.charAt(last) == '\r') {
                line.setLength(last);
            }
            return line.toString();
        }
    }
}
