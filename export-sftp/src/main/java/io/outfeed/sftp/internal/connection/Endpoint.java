package io.outfeed.sftp.internal.connection;

import io.outfeed.internal.connection.ServerEndpoint;
import io.outfeed.internal.text.ServerName;
import io.outfeed.sftp.internal.crypto.OptInAlgorithm;
import io.outfeed.sftp.internal.login.LoginMethod;
import io.outfeed.sftp.internal.socket.ProxyServer;
import io.outfeed.sftp.internal.trust.HostKeyPolicy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A server, and how to connect and log in to it. Connections to equal endpoints are interchangeable. Its {@code
 * toString} contains no secret, since a login method's does not.
 */
public record Endpoint(
        String host,
        int port,
        String user,
        List<LoginMethod> logins,
        HostKeyPolicy hostKeys,
        Set<OptInAlgorithm> algorithms,
        @Nullable ProxyServer proxy,
        @Nullable InetAddress bindAddress,
        Duration connectTimeout,
        Duration operationTimeout,
        KeyLimit keyLimit)
        implements ServerEndpoint {

    @Override
    public String server() {
        return ServerName.of(host, port);
    }
}
