package io.outfeed.ftp.internal.connection;

import io.outfeed.ftp.internal.tls.TlsSettings;
import io.outfeed.internal.connection.ServerEndpoint;
import io.outfeed.internal.text.ServerName;
import java.net.InetAddress;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A server, and how to connect and log in to it. Connections to equal endpoints are interchangeable. Its {@code
 * toString} contains no secret.
 *
 * @param tls null for a connection that is not encrypted
 * @param bindAddress null for any
 * @param keepAlive how often a command is sent during an upload; zero for never
 */
public record Endpoint(
        String host,
        int port,
        String user,
        Supplier<char[]> password,
        @Nullable TlsSettings tls,
        DataMode dataMode,
        @Nullable InetAddress bindAddress,
        Duration connectTimeout,
        Duration operationTimeout,
        Duration keepAlive)
        implements ServerEndpoint {

    @Override
    public String server() {
        return ServerName.of(host, port);
    }
}
