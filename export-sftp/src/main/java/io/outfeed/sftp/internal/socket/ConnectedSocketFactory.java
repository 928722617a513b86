package io.outfeed.sftp.internal.socket;

import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/** Gives sshj a socket that is connected already. */
public final class ConnectedSocketFactory extends SocketFactory {

    private final Socket socket;

    public ConnectedSocketFactory(Socket socket) {
        this.socket = socket;
    }

    @Override
    public Socket createSocket() {
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port) {
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
        return socket;
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        return socket;
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
        return socket;
    }
}
