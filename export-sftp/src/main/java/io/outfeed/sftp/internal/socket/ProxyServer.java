package io.outfeed.sftp.internal.socket;

import io.outfeed.internal.text.ServerName;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A proxy on the route to a server. */
public record ProxyServer(
        Protocol protocol, String host, int port, @Nullable Credentials credentials) {

    /** How a proxy is asked for a connection. */
    public enum Protocol {
        SOCKS5("SOCKS"),
        HTTP("HTTP");

        private final String text;

        Protocol(String text) {
            this.text = text;
        }
    }

    /** The login at a proxy. */
    public record Credentials(String user, Supplier<char[]> password) {

        @Override
        public String toString() {
            return user;
        }
    }

    /** The protocol and the address, without credentials. */
    @Override
    public String toString() {
        return protocol.text + " proxy " + ServerName.of(host, port);
    }
}
