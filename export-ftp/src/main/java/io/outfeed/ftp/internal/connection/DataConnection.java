package io.outfeed.ftp.internal.connection;

import io.outfeed.ftp.internal.tls.TlsLayer;
import io.outfeed.internal.connection.Watchdog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A data connection. Not thread-safe; the watchdog may close its socket. */
final class DataConnection {

    private final Socket socket;
    private final Watchdog watchdog;
    private final @Nullable TlsLayer tls;
    private @Nullable SSLSocket protectedSocket;

    /** A connection whose transfer the server has announced; not encrypted if {@code tls} is null. */
    DataConnection(Socket socket, Watchdog watchdog, @Nullable TlsLayer tls) {
        this.socket = socket;
        this.watchdog = watchdog;
        this.tls = tls;
    }

    /** Agrees on keys. Nothing is sent before that. */
    void protect() throws IOException {
        if (tls != null) {
            protectedSocket = tls.data(socket);
        }
    }

    OutputStream output() throws IOException {
        return protectedSocket == null ? socket.getOutputStream() : protectedSocket.getOutputStream();
    }

    InputStream input() throws IOException {
        return protectedSocket == null ? socket.getInputStream() : protectedSocket.getInputStream();
    }

    /** Sends the end of the file, and closes the connection. */
    void endOutput() throws IOException {
        if (tls != null && protectedSocket != null) {
            tls.endOfData(protectedSocket);
        }
        close();
    }

    /** Closes the connection; a write that hangs does not keep it open. */
    void close() throws IOException {
        watchdog.remove(socket);
        try {
            if (protectedSocket != null) {
                protectedSocket.close();
            }
        } finally {
            socket.close();
        }
    }

    /** Closes the connection without an end of the file. */
    void abort() {
        watchdog.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            // there is nothing left to close
        }
    }
}
