package io.outfeed.sftp.internal.socket;

import io.outfeed.error.FailureCode;
import io.outfeed.internal.text.ServerName;
import io.outfeed.sftp.internal.login.LoginException;
import io.outfeed.sftp.internal.login.Passwords;
import io.outfeed.sftp.internal.socket.ProxyServer.Credentials;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Asks a SOCKS 5 proxy for a connection (RFC 1928 and 1929). */
final class SocksHandshake {

    private SocksHandshake() {}

    static void connect(ProxyConversation proxy, @Nullable Credentials credentials, String host, int port)
            throws IOException, LoginException {
        int method = credentials == null ? 0 : 2;
        proxy.write(new byte[] {5, 1, (byte) method});
        expectVersion(proxy);
        if (proxy.read() != method) {
            throw new ProxyRefusedException(
                    FailureCode.LOGIN_REFUSED,
                    credentials == null
                            ? "wants a login: give it credentials"
                            : "takes no login by user and password: leave the credentials out");
        }
        if (credentials != null) {
            login(proxy, credentials);
        }
        byte[] name = (host.indexOf(':') < 0
                        ? host
                        : InetAddress.getByName(host).getHostAddress())
                .getBytes(StandardCharsets.US_ASCII);
        ByteBuffer request = ByteBuffer.allocate(name.length + 7);
        request.put(new byte[] {5, 1, 0, 3, (byte) name.length}).put(name).putShort((short) port);
        proxy.write(request.array());
        expectVersion(proxy);
        int answer = proxy.read();
        if (answer != 0) {
            FailureCode code = answer == 2 ? FailureCode.PERMISSION_DENIED : FailureCode.DESTINATION_UNAVAILABLE;
            throw new ProxyRefusedException(code, refusal(answer, ServerName.of(host, port)));
        }
        proxy.read(); // reserved
        int addressBytes = switch (proxy.read()) {
            case 1 -> 4;
            case 4 -> 16;
            case 3 -> proxy.read();
            default -> throw new IOException("no address");
        };
        proxy.skip(addressBytes + 2);
    }

    private static void expectVersion(ProxyConversation proxy) throws IOException {
        if (proxy.read() != 5) {
            throw new IOException("no SOCKS 5");
        }
    }

    private static String refusal(int answer, String server) {
        return switch (answer) {
            case 2 -> "does not allow connections to " + server + ": have its operator allow them";
            case 3, 4 -> "can't reach " + server + ": check the host";
            case 5 -> "can't connect to " + server + ", connection refused: check host and port";
            default -> "failed to connect to " + server + " (SOCKS answer " + answer + ")";
        };
    }

    private static void login(ProxyConversation proxy, Credentials credentials) throws IOException, LoginException {
        byte[] user = credentials.user().getBytes(StandardCharsets.UTF_8);
        char[] secret = Passwords.copyOf("proxy's password", credentials.password());
        byte[] password = Passwords.utf8(secret);
        byte[] request = new byte[3 + user.length + password.length];
        try {
            if (user.length > 255 || password.length > 255) {
                throw new ProxyRefusedException(
                        FailureCode.LOGIN_REFUSED, "takes no user or password of more than 255 bytes");
            }
            request[0] = 1;
            request[1] = (byte) user.length;
            System.arraycopy(user, 0, request, 2, user.length);
            request[2 + user.length] = (byte) password.length;
            System.arraycopy(password, 0, request, 3 + user.length, password.length);
            proxy.write(request);
        } finally {
            Arrays.fill(secret, '\0');
            Arrays.fill(password, (byte) 0);
            Arrays.fill(request, (byte) 0);
        }
        proxy.read(); // version
        if (proxy.read() != 0) {
            throw new ProxyRefusedException(
                    FailureCode.LOGIN_REFUSED,
                    "refused the login of user '" + credentials.user() + "': check its credentials");
        }
    }
}
