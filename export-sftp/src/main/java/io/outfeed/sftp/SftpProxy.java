package io.outfeed.sftp;

import static java.util.Objects.requireNonNull;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A proxy by which a server is reached. It sees where the connection goes and how much, not what: that is encrypted, and
 * the server's host key is checked as without it. The proxy looks the server's name up.
 *
 * <p>Immutable and thread-safe. Its {@code toString} has no credentials.
 */
public final class SftpProxy {

    /** How a proxy is asked. */
    enum Kind {
        SOCKS5("SOCKS"),
        HTTP("HTTP");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    /** Who logs in at a proxy. */
    record Credentials(String user, Supplier<char[]> password) {

        @Override
        public String toString() {
            return user;
        }
    }

    private final Kind kind;
    private final String host;
    private final int port;
    private final @Nullable Credentials credentials;

    private SftpProxy(Kind kind, String host, int port, @Nullable Credentials credentials) {
        this.kind = kind;
        this.host = host;
        this.port = port;
        this.credentials = credentials;
    }

    /**
     * Returns a proxy that speaks SOCKS, version 5.
     *
     * @param host its name or address
     * @param port 1 to 65535
     * @return the proxy
     */
    public static SftpProxy socks5(String host, int port) {
        return new SftpProxy(Kind.SOCKS5, requireNonNull(host, "host"), port, null);
    }

    /**
     * Returns a proxy that speaks HTTP and allows {@code CONNECT} to the server's port.
     *
     * @param host its name or address
     * @param port 1 to 65535
     * @return the proxy
     */
    public static SftpProxy http(String host, int port) {
        return new SftpProxy(Kind.HTTP, requireNonNull(host, "host"), port, null);
    }

    /**
     * Returns this proxy with a login, which is sent to it unencrypted. Default: none.
     *
     * @param user the user's name at the proxy; with SOCKS at most 255 bytes, with HTTP no colon
     * @param password asked at each connection, by the thread that delivers; what it gives is copied, and the copy is wiped
     * @return the proxy with the login, which replaces the one set before
     */
    public SftpProxy credentials(String user, Supplier<char[]> password) {
        return new SftpProxy(
                kind, host, port, new Credentials(requireNonNull(user, "user"), requireNonNull(password, "password")));
    }

    Kind kind() {
        return kind;
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    @Nullable
    Credentials login() {
        return credentials;
    }

    /** The kind and the address, without credentials. */
    @Override
    public String toString() {
        return kind.text + " proxy " + host + ":" + port;
    }
}
