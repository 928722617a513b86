package io.outfeed.sftp;

import static java.util.Objects.requireNonNull;

import io.outfeed.sftp.internal.socket.ProxyServer;
import java.util.function.Supplier;

/**
 * A proxy by which a server is reached. It sees the destination and the amount of the data, but not the data: that is
 * encrypted, and the server's host key is verified as without a proxy. The proxy resolves the server's name.
 *
 * <p>Immutable and thread-safe. Its {@code toString} contains no credentials.
 */
public final class SftpProxy {

    private final ProxyServer server;

    private SftpProxy(ProxyServer server) {
        this.server = server;
    }

    /**
     * Returns a proxy that speaks SOCKS, version 5.
     *
     * @param host its name or address
     * @param port 1 to 65535
     * @return the proxy
     */
    public static SftpProxy socks5(String host, int port) {
        return new SftpProxy(new ProxyServer(ProxyServer.Protocol.SOCKS5, requireNonNull(host, "host"), port, null));
    }

    /**
     * Returns a proxy that speaks HTTP and allows {@code CONNECT} to the server's port.
     *
     * @param host its name or address
     * @param port 1 to 65535
     * @return the proxy
     */
    public static SftpProxy http(String host, int port) {
        return new SftpProxy(new ProxyServer(ProxyServer.Protocol.HTTP, requireNonNull(host, "host"), port, null));
    }

    /**
     * Returns this proxy with a login, which is sent to it unencrypted. Default: none.
     *
     * @param user the user's name at the proxy; with SOCKS at most 255 bytes, with HTTP no colon
     * @param password is called at each connection, by the thread that delivers; its result is copied, and the copy is
     *     wiped
     * @return the proxy with the login, which replaces the one set before
     */
    public SftpProxy credentials(String user, Supplier<char[]> password) {
        return new SftpProxy(new ProxyServer(
                server.protocol(),
                server.host(),
                server.port(),
                new ProxyServer.Credentials(requireNonNull(user, "user"), requireNonNull(password, "password"))));
    }

    ProxyServer server() {
        return server;
    }

    /** The kind and the address, without credentials. */
    @Override
    public String toString() {
        return server.toString();
    }
}
