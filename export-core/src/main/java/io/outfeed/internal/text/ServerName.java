package io.outfeed.internal.text;

/** Names of servers, as messages and addresses have them. */
public final class ServerName {

    private ServerName() {}

    /** Returns the host, {@code :} and the port; an address of IPv6 is in brackets. */
    public static String of(String host, int port) {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
