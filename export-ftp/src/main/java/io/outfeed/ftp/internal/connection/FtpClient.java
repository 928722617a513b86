package io.outfeed.ftp.internal.connection;

import io.outfeed.ftp.internal.socket.ControlSocket;
import io.outfeed.ftp.internal.tls.TlsLayer;
import io.outfeed.internal.connection.Watchdog;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocket;
import org.apache.commons.net.MalformedServerReplyException;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.ftp.FTPConnectionClosedException;
import org.apache.commons.net.ftp.FTPReply;
import org.apache.commons.net.io.CRLFLineReader;
import org.jspecify.annotations.Nullable;

/**
 * The commands and replies of a control connection, and its data connections. commons-net has the protocol; sockets,
 * their limits and TLS are ours, so that a watchdog can close each socket, and data connections resume the session of
 * the control connection. Nothing listens to the dialogue, which has the password. Not thread-safe.
 */
final class FtpClient extends FTPClient {

    private final Endpoint endpoint;
    private final Watchdog watchdog;
    private final ControlSocket socket;
    private @Nullable TlsLayer dataTls;

    /** Commands that were sent during a transfer, whose replies were not read. */
    private int unanswered;

    /**
     * Creates a client that has not read anything yet.
     *
     * @param socket is connected
     */
    FtpClient(Endpoint endpoint, Watchdog watchdog, ControlSocket socket) {
        this.endpoint = endpoint;
        this.watchdog = watchdog;
        this.socket = socket;
        setControlEncoding(StandardCharsets.UTF_8);
        setStrictReplyParsing(false);
        setConnectTimeout(Math.toIntExact(endpoint.connectTimeout().toMillis()));
        setDefaultTimeout(0); // the watchdog limits each command
        setDataTimeout(endpoint.operationTimeout());
        setSocketFactory(new WatchedSockets());
        setServerSocketFactory(new WatchedServerSockets());
        setUseEPSVwithIPv4(true);
        setIpAddressFromPasvResponse(false);
        setRemoteVerificationEnabled(true);
    }

    // ---- the control connection

    /** Reads the greeting, over TLS if that begins with the connection. Nothing was sent before. */
    void greet(@Nullable TlsLayer implicit) throws IOException {
        _socket_ = implicit == null ? socket : implicit.control(socket);
        if (implicit != null) {
            dataTls = implicit;
        }
        socket.expectReply();
        protocol(() -> {
            _connectAction_();
            return true;
        });
        if (!FTPReply.isPositiveCompletion(getReplyCode())) {
            throw new RefusedException(getReplyCode());
        }
        if (endpoint.dataMode() == DataMode.ACTIVE) {
            enterLocalActiveMode();
        } else {
            enterLocalPassiveMode();
            if (endpoint.bindAddress() != null) {
                setPassiveLocalIPAddress(endpoint.bindAddress());
            }
        }
    }

    /** Begins TLS on the control connection. What was sent before the handshake is no reply to anything. */
    void startTls(TlsLayer tls) throws IOException {
        if (_controlInput_.ready()) {
            throw new MalformedReplyException();
        }
        socket.expectReply();
        SSLSocket protectedSocket = tls.control(socket);
        _socket_ = protectedSocket;
        _input_ = protectedSocket.getInputStream();
        _output_ = protectedSocket.getOutputStream();
        _controlInput_ = new CRLFLineReader(new InputStreamReader(_input_, StandardCharsets.UTF_8));
        _controlOutput_ = new BufferedWriter(new OutputStreamWriter(_output_, StandardCharsets.UTF_8));
        dataTls = tls;
    }

    /** Sends a command, and returns the code of the reply. */
    int command(String command, @Nullable String argument) throws IOException {
        if (argument != null && argument.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
            throw new IOException("an argument of " + command + " has a line break");
        }
        socket.expectReply();
        return protocol(() -> sendCommand(command, argument));
    }

    /** Sends the password, which stays in no text. */
    int password(char[] password) throws IOException {
        socket.expectReply();
        return protocol(() -> {
            _controlOutput_.write("PASS ");
            _controlOutput_.write(password);
            _controlOutput_.write("\r\n");
            _controlOutput_.flush();
            return getReply();
        });
    }

    /** The lines of the last reply. */
    List<String> lines() {
        return List.of(getReplyStrings());
    }

    /** What commons-net throws quotes what the server says, and it does not expect each reply. */
    private <R> R protocol(Watchdog.Operation<R> operation) throws IOException {
        try {
            return operation.run();
        } catch (MalformedServerReplyException | IndexOutOfBoundsException e) {
            throw new MalformedReplyException();
        } catch (FTPConnectionClosedException e) {
            if (getReplyCode() == RefusedException.CLOSING) {
                throw new RefusedException(RefusedException.CLOSING);
            }
            throw e;
        }
    }

    /** Sends a command during a transfer; its reply is read with that of the transfer. */
    void keepAlive() throws IOException {
        _controlOutput_.write("NOOP\r\n");
        _controlOutput_.flush();
        unanswered++;
    }

    /**
     * Reads the reply at the end of a transfer, and those to what was sent meanwhile, in whichever order they come: no
     * other command than the transfer is answered by 226 or 250.
     */
    int transferReply() throws IOException {
        int ended = 0;
        int refused = 0;
        int other = 0;
        for (int left = 1 + unanswered; left > 0; left--) {
            socket.expectReply();
            int code = protocol(this::getReply);
            watchdog.progress();
            if (code == FTPReply.CLOSING_DATA_CONNECTION || code == FTPReply.FILE_ACTION_OK) {
                ended = code;
            } else if (code < 400) {
                other = code;
            } else if (mayRefuseKeepAlive(refused)) {
                refused = code;
            }
        }
        unanswered = 0;
        return ended > 0 ? ended : Math.max(refused, other);
    }

    /** Whether a refusal may be that of a command during a transfer; zero for none is worth less than any as well. */
    private static boolean mayRefuseKeepAlive(int code) {
        return code == 0 || code == FTPReply.FILE_ACTION_NOT_TAKEN || (code >= 500 && code <= 504);
    }

    // ---- data connections

    /**
     * Opens a data connection for a command.
     *
     * @param offset where the transfer begins; zero for the beginning
     * @throws RefusedException if the server refuses the command, or the connection
     */
    DataConnection openData(String command, String path, long offset) throws IOException {
        socket.expectReply();
        setRestartOffset(offset);
        Socket opened = protocol(() -> _openDataConnection_(command, path));
        if (opened == null) {
            throw new RefusedException(getReplyCode());
        }
        DataConnection data = new DataConnection(opened, watchdog, dataTls);
        try {
            data.protect();
            return data;
        } catch (IOException e) {
            data.abort();
            int code = transferReply(); // says why the server broke it off, if it did
            if (code >= 400) {
                throw new RefusedException(code);
            }
            throw e;
        }
    }

    /** Data connections, which the watchdog closes with the control connection. */
    private final class WatchedSockets extends SocketFactory {

        @Override
        public Socket createSocket() throws IOException {
            Socket data = new Socket();
            watchdog.add(data);
            return data;
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            throw new IOException("sockets are connected later");
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
            throw new IOException("sockets are connected later");
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            throw new IOException("sockets are connected later");
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
            throw new IOException("sockets are connected later");
        }
    }

    /** Where the server connects to, in active mode. */
    private final class WatchedServerSockets extends ServerSocketFactory {

        @Override
        public ServerSocket createServerSocket(int port) throws IOException {
            return createServerSocket(port, 1);
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog) throws IOException {
            return watched(new ServerSocket(port, backlog));
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog, InetAddress address) throws IOException {
            return watched(new ServerSocket(port, backlog, address));
        }

        private ServerSocket watched(ServerSocket server) throws IOException {
            watchdog.add(server);
            return server;
        }
    }
}
