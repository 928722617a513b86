package io.outfeed.ftp.internal.tls;

import io.outfeed.ftp.internal.login.LoginException;
import io.outfeed.ftp.internal.socket.SessionSocket;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS on the sockets of one connection to a server. The sessions of one context are resumed by its connections, so each
 * control connection has a context of its own, and its data connections have no other session to resume than its.
 */
public final class TlsLayer {

    private static final Logger log = LoggerFactory.getLogger(TlsLayer.class);

    /** A server may wait for the connection to be closed by this side. */
    private static final int LONGEST_END_MILLIS = 5_000;

    private final SSLContext context;
    private final ServerTrust trust;
    private final String host;
    private final int port;
    private final TlsVersion version;
    private final boolean checksName;

    private TlsLayer(
            SSLContext context, ServerTrust trust, String host, int port, TlsVersion version, boolean checksName) {
        this.context = context;
        this.trust = trust;
        this.host = host;
        this.port = port;
        this.version = version;
        this.checksName = checksName;
    }

    /**
     * Reads the certificates that are needed.
     *
     * @throws IOException if what is trusted can't be read
     * @throws GeneralSecurityException as well
     * @throws LoginException if there is no client certificate
     */
    public static TlsLayer of(TlsSettings settings, String host, int port, TlsVersion version)
            throws IOException, GeneralSecurityException, LoginException {
        ServerTrust trust = settings.trust().trust();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                settings.client() == null ? null : settings.client().keyManagers(), new TrustManager[] {trust}, null);
        return new TlsLayer(
                context, trust, host, port, version, settings.trust().checksName());
    }

    /** What has become of the server's certificate. */
    public ServerTrust trust() {
        return trust;
    }

    /** Agrees on keys, with the server's certificate checked. Closing the result closes the socket. */
    public SSLSocket control(Socket socket) throws IOException {
        return handshake(socket);
    }

    /** The same for a data connection, which resumes the session of the control connection where the server lets it. */
    public SSLSocket data(Socket socket) throws IOException {
        return handshake(new SessionSocket(socket, port));
    }

    private SSLSocket handshake(Socket socket) throws IOException {
        SSLSocket protectedSocket = (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, true);
        protectedSocket.setUseClientMode(true);
        SSLParameters parameters = protectedSocket.getSSLParameters();
        parameters.setProtocols(new String[] {version.protocol()});
        if (checksName) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        protectedSocket.setSSLParameters(parameters);
        protectedSocket.startHandshake();
        return protectedSocket;
    }

    /**
     * Ends what is sent by a data connection. In TLS 1.3 the server's answer has the ticket with which the next data
     * connection resumes the session, so it is read. Whether the file is complete is said by the control connection: a
     * server that sends no end here, or breaks the connection, has failed nothing.
     */
    public void endOfData(SSLSocket data) throws IOException {
        data.shutdownOutput();
        if (version != TlsVersion.TLS_1_3) {
            return;
        }
        data.setSoTimeout(LONGEST_END_MILLIS);
        try {
            InputStream in = data.getInputStream();
            while (in.read() >= 0) {
                // there is no data for a client that stores a file
            }
        } catch (IOException e) {
            log.debug("{}:{} did not end a data connection", host, port, e);
        }
    }
}
