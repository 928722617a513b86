package io.outfeed.sftp.internal.socket;

import io.outfeed.error.FailureCode;
import io.outfeed.internal.text.ServerName;
import io.outfeed.sftp.internal.login.LoginException;
import io.outfeed.sftp.internal.login.Passwords;
import io.outfeed.sftp.internal.socket.ProxyServer.Credentials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Asks an HTTP proxy for a connection by {@code CONNECT} (RFC 9110). */
final class HttpConnectHandshake {

    private HttpConnectHandshake() {}

    static void connect(ProxyConversation proxy, @Nullable Credentials credentials, String host, int port)
            throws IOException, LoginException {
        String server = ServerName.of(host, port);
        proxy.write(
                ("CONNECT " + server + " HTTP/1.1\r\nHost: " + server + "\r\n").getBytes(StandardCharsets.US_ASCII));
        if (credentials != null) {
            char[] secret = Passwords.copyOf("proxy's password", credentials.password());
            byte[] user = (credentials.user() + ":").getBytes(StandardCharsets.UTF_8);
            byte[] password = Passwords.utf8(secret);
            byte[] both = Arrays.copyOf(user, user.length + password.length);
            System.arraycopy(password, 0, both, user.length, password.length);
            byte[] encoded = Base64.getEncoder().encode(both);
            try {
                proxy.write("Proxy-Authorization: Basic ".getBytes(StandardCharsets.US_ASCII));
                proxy.write(encoded);
                proxy.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            } finally {
                Arrays.fill(secret, '\0');
                Arrays.fill(password, (byte) 0);
                Arrays.fill(both, (byte) 0);
                Arrays.fill(encoded, (byte) 0);
            }
        }
        proxy.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        String status = proxy.readLine();
        if (!status.matches("HTTP/1\\.[01] \\d{3}( .*)?")) {
            throw new IOException("no HTTP");
        }
        while (!proxy.readLine().isEmpty()) {
            // no header is needed
        }
        int code = Integer.parseInt(status.substring(9, 12));
        if (code / 100 != 2) {
            throw new ProxyRefusedException(
                    kind(code),
                    switch (code) {
                        case 407 ->
                            credentials == null
                                    ? "wants a login: give it credentials"
                                    : "refused the login of user '" + credentials.user() + "': check its credentials";
                        case 403, 405 ->
                            "does not allow connections to " + server + ": have its operator allow CONNECT to it";
                        default -> "failed to connect to " + server + " (HTTP status " + code + ")";
                    });
        }
    }

    private static FailureCode kind(int code) {
        return switch (code) {
            case 407 -> FailureCode.LOGIN_REFUSED;
            case 403, 405 -> FailureCode.PERMISSION_DENIED;
            default -> code / 100 == 4 ? FailureCode.DESTINATION_REFUSED : FailureCode.DESTINATION_UNAVAILABLE;
        };
    }
}
