package io.outfeed.sftp.internal.socket;

import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.internal.connection.TimeoutText;
import io.outfeed.internal.connection.Watchdog;
import io.outfeed.internal.connection.Watchdogs;
import io.outfeed.internal.text.ServerName;
import io.outfeed.sftp.internal.login.LoginException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Opens the socket to a server: directly or by a proxy, from any address of this machine or from a chosen one.
 *
 * @param delivery the delivery's id, for messages
 * @param host of the server
 * @param port of the server
 * @param proxy null to connect directly
 * @param bindAddress null for any
 * @param timeout of each attempt to connect, and of the conversation with a proxy
 */
public record SocketConnector(
        String delivery,
        String host,
        int port,
        @Nullable ProxyServer proxy,
        @Nullable InetAddress bindAddress,
        Duration timeout) {

    /**
     * Connects. The socket's watchdog ends this when the thread is interrupted.
     *
     * @return the connected socket, and what watches it
     * @throws DeliveryException says by its code whether the server or its proxy can't be reached, or the proxy refuses
     *     the login or the server
     */
    @SuppressWarnings("try") // the watch is not used, it lasts
    public ConnectedSocket connect(Watchdogs watchdogs) {
        ConnectedSocket first = connectToFirstAddress(watchdogs);
        Watchdog watchdog = first.watchdog();
        boolean connected = false;
        try (Watchdog.Watch watch = watchdog.watchInterrupt()) {
            if (proxy != null) {
                connectThrough(proxy, first.socket());
            }
            first.socket().reachedServer();
            connected = true;
            return first;
        } catch (LoginException e) {
            throw DeliveryException.of(e.code(), delivery, e.getMessage() + context(), e.getCause());
        } catch (ProxyRefusedException e) {
            throw DeliveryException.of(e.code(), delivery, "the " + proxy + " " + e.getMessage() + context(), e);
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted() || proxy == null) { // or the engine was closed
                throw interrupted("connect to " + ServerName.of(host, port), e);
            }
            String reason = e instanceof SocketTimeoutException
                    ? " gave no answer within " + TimeoutText.of(timeout)
                    : " broke the connection or does not speak the protocol";
            throw DeliveryException.retryable(
                    delivery, "the " + proxy + reason + ": check its kind, host and port" + context(), e);
        } finally {
            if (!connected) {
                watchdog.closeSockets();
            }
        }
    }

    private void connectThrough(ProxyServer server, Socket socket) throws IOException, LoginException {
        ProxyConversation conversation = new ProxyConversation(socket, timeout);
        switch (server.protocol()) {
            case SOCKS5 -> SocksHandshake.connect(conversation, server.credentials(), host, port);
            case HTTP -> HttpConnectHandshake.connect(conversation, server.credentials(), host, port);
        }
        socket.setSoTimeout(0);
    }

    /** Connects to the server, or to its proxy, by the first of its addresses that answers. */
    @SuppressWarnings("try") // the watch is not used, it lasts
    private ConnectedSocket connectToFirstAddress(Watchdogs watchdogs) {
        String peer = proxy == null ? host : proxy.host();
        int peerPort = proxy == null ? port : proxy.port();
        IOException first = null;
        try {
            for (InetAddress address : InetAddress.getAllByName(peer)) {
                SshSocket socket = new SshSocket();
                Watchdog watchdog = watchdogs.newWatchdog();
                try (Watchdog.Watch watch = watchdog.watchInterrupt()) {
                    watchdog.add(socket);
                    if (bindAddress != null) {
                        bind(socket, watchdog, bindAddress);
                    }
                    socket.connect(new InetSocketAddress(address, peerPort), Math.toIntExact(timeout.toMillis()));
                    socket.setTcpNoDelay(true);
                    return new ConnectedSocket(socket, watchdog);
                } catch (IOException e) {
                    watchdog.closeSockets();
                    if (Thread.currentThread().isInterrupted()) {
                        throw interrupted("connect to " + peer + ":" + peerPort, e);
                    }
                    if (first == null) {
                        first = e;
                    }
                }
            }
        } catch (IOException e) {
            first = first == null ? e : first;
        }
        String target = proxy == null ? ServerName.of(host, port) : "the " + proxy;
        throw DeliveryException.retryable(
                delivery,
                "can't connect to " + target + ", " + reason(first) + ": check host, port and firewall" + context(),
                first);
    }

    private DeliveryException interrupted(String action, IOException e) {
        return DeliveryException.of(FailureCode.STOPPED, delivery, "it was interrupted to " + action + context(), e);
    }

    private void bind(Socket socket, Watchdog watchdog, InetAddress address) {
        try {
            socket.bind(new InetSocketAddress(address, 0));
        } catch (IOException e) {
            watchdog.closeSockets();
            throw DeliveryException.permanent(
                    delivery,
                    "bindAddress " + address.getHostAddress() + " is no address of this machine" + context(),
                    e);
        }
    }

    private String reason(@Nullable IOException e) {
        if (e instanceof UnknownHostException) {
            return "the host name is not known";
        }
        if (e instanceof SocketTimeoutException) {
            return "no answer within " + TimeoutText.of(timeout);
        }
        return e instanceof ConnectException ? "connection refused" : "the network failed";
    }

    private String context() {
        return " (delivery=" + delivery + ")";
    }
}
