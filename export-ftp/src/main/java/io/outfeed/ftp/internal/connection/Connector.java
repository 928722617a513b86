package io.outfeed.ftp.internal.connection;

import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.ftp.internal.login.LoginException;
import io.outfeed.ftp.internal.login.Passwords;
import io.outfeed.ftp.internal.socket.ControlSocket;
import io.outfeed.ftp.internal.tls.ServerTrust;
import io.outfeed.ftp.internal.tls.TlsLayer;
import io.outfeed.ftp.internal.tls.TlsSettings;
import io.outfeed.ftp.internal.tls.TlsVersion;
import io.outfeed.ftp.internal.tls.TlsVersionHint;
import io.outfeed.internal.connection.TimeoutText;
import io.outfeed.internal.connection.Watchdog;
import io.outfeed.internal.connection.Watchdogs;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import jdk.net.ExtendedSocketOptions;
import org.apache.commons.net.ftp.FTPReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a connection: socket, greeting, TLS, login and settings. Not thread-safe. */
public final class Connector {

    private static final Logger log = LoggerFactory.getLogger(Connector.class);

    /** Often enough for a firewall that forgets idle connections. */
    private static final int KEEP_ALIVE_SECONDS = 30;

    private static final Duration EXPIRES_SOON = Duration.ofDays(21);

    /** What no file has for a name. */
    private static final String UNKNOWN_NAME = ".outfeed-none";

    private static final int DATA_FAILED = 425;

    /** Of vsftpd only. */
    private static final int SESSION_DEMANDED = 522;

    private final String delivery;
    private final Endpoint endpoint;
    private final TlsVersionHint hint;
    private final Watchdogs watchdogs;
    private final ConnectionErrors errors;

    public Connector(String delivery, Endpoint endpoint, TlsVersionHint hint, Watchdogs watchdogs) {
        this.delivery = delivery;
        this.endpoint = endpoint;
        this.hint = hint;
        this.watchdogs = watchdogs;
        this.errors = new ConnectionErrors(delivery, endpoint);
    }

    /**
     * Opens a connection until the user is logged in and files can be sent.
     *
     * @throws DeliveryException if that fails; nothing stays open
     */
    public FtpConnection open() {
        return endpoint.tls() == null ? greeted(null).login() : open(endpoint.tls());
    }

    // ---- TLS

    /** Opens a connection in the version of TLS in which data connections can resume its session. */
    private FtpConnection open(TlsSettings tls) {
        Optional<TlsVersion> known = hint.version();
        if (known.isPresent()) {
            Attempt attempt = agreed(tls, known.get());
            if (attempt.refusal == null) {
                return attempt.login();
            }
            hint.forget(); // the server was replaced, or configured anew
        }
        Attempt first = agreed(tls, TlsVersion.TLS_1_2);
        if (first.refusal == null) {
            FtpConnection connection = first.login();
            if (first.takesDataConnections(connection)) {
                hint.remember(TlsVersion.TLS_1_2);
                return connection;
            }
            connection.close();
        }
        Attempt second = agreed(tls, TlsVersion.TLS_1_3);
        if (second.refusal == null) {
            hint.remember(TlsVersion.TLS_1_3);
            return second.login();
        }
        if (first.refusal != null) {
            throw errors.connecting("agree on a secure connection by TLS 1.2 or 1.3", second.watchdog, first.refusal);
        }
        hint.remember(TlsVersion.TLS_1_2); // the upload says what the server demands
        return agreed(tls, TlsVersion.TLS_1_2).orFail().login();
    }

    private Attempt agreed(TlsSettings settings, TlsVersion version) {
        TlsLayer tls = layer(settings, version);
        if (settings.implicit()) {
            return greeted(tls);
        }
        Attempt attempt = greeted(null);
        boolean agreed = false;
        try {
            attempt.authTls(tls);
            agreed = true;
            return attempt;
        } finally {
            if (!agreed || attempt.refusal != null) {
                attempt.close();
            }
        }
    }

    private TlsLayer layer(TlsSettings settings, TlsVersion version) {
        try {
            return TlsLayer.of(settings, endpoint.host(), endpoint.port(), version);
        } catch (LoginException e) {
            throw errors.login(e);
        } catch (IOException | GeneralSecurityException e) {
            throw errors.of(
                    FailureCode.IDENTITY_REFUSED,
                    "can't read the trusted certificates: check the file that is set, and its password",
                    e);
        }
    }

    // ---- the socket

    private Attempt greeted(@Nullable TlsLayer implicit) {
        Attempt attempt = connect();
        boolean greeted = false;
        try {
            attempt.greet(implicit);
            greeted = true;
            return attempt;
        } finally {
            if (!greeted || attempt.refusal != null) {
                attempt.close();
            }
        }
    }

    private Attempt connect() {
        IOException first = null;
        try {
            for (InetAddress address : InetAddress.getAllByName(endpoint.host())) {
                Watchdog watchdog = watchdogs.newWatchdog();
                try {
                    return new Attempt(watchdog, connected(watchdog, address));
                } catch (IOException e) {
                    watchdog.closeSockets();
                    if (Thread.currentThread().isInterrupted()) {
                        throw errors.of(
                                FailureCode.STOPPED, "it was interrupted to connect to " + endpoint.server(), e);
                    }
                    first = first == null ? e : first;
                }
            }
        } catch (UnknownHostException e) {
            first = e;
        }
        throw errors.of(
                FailureCode.DESTINATION_UNAVAILABLE,
                "can't connect to " + endpoint.server() + ", " + reason(first) + ": check host, port and firewall",
                first);
    }

    private ControlSocket connected(Watchdog watchdog, InetAddress address) throws IOException {
        ControlSocket socket = new ControlSocket();
        watchdog.add(socket);
        InetAddress from = endpoint.bindAddress();
        if (from != null) {
            bind(socket, from);
        }
        // it has a limit of its own
        watchdog.watch(endpoint.connectTimeout().plusSeconds(1), () -> {
            socket.connect(
                    new InetSocketAddress(address, endpoint.port()),
                    Math.toIntExact(endpoint.connectTimeout().toMillis()));
            return true;
        });
        socket.setTcpNoDelay(true);
        keepAlive(socket);
        return socket;
    }

    /** During an upload nothing is sent by the control connection, which a firewall would forget. */
    private static void keepAlive(ControlSocket socket) throws IOException {
        socket.setKeepAlive(true);
        if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
            socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEP_ALIVE_SECONDS);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEP_ALIVE_SECONDS);
        }
    }

    private void bind(ControlSocket socket, InetAddress address) {
        try {
            socket.bind(new InetSocketAddress(address, 0));
        } catch (IOException e) {
            throw errors.of(
                    FailureCode.DESTINATION_REFUSED,
                    "bindAddress " + address.getHostAddress() + " is no address of this machine",
                    e);
        }
    }

    private String reason(@Nullable IOException e) {
        if (e instanceof UnknownHostException) {
            return "the host name is not known";
        }
        if (e instanceof SocketTimeoutException) {
            return "no answer within " + TimeoutText.of(endpoint.connectTimeout());
        }
        return e instanceof ConnectException ? "connection refused" : "the network failed";
    }

    /** One control connection. */
    private final class Attempt {

        private final Watchdog watchdog;
        private final FtpClient client;
        private @Nullable TlsLayer tls;

        /** What broke the handshake, if the other version of TLS may succeed. */
        private @Nullable IOException refusal;

        Attempt(Watchdog watchdog, ControlSocket socket) {
            this.watchdog = watchdog;
            this.client = new FtpClient(endpoint, watchdog, socket);
        }

        void greet(@Nullable TlsLayer implicit) {
            tls = implicit;
            try {
                watchdog.watch(endpoint.connectTimeout(), () -> {
                    client.greet(implicit);
                    return true;
                });
            } catch (RefusedException e) {
                throw errors.answered(
                        FailureCode.DESTINATION_UNAVAILABLE,
                        endpoint.server() + " does not take the connection: it is busy or shutting down, or has too"
                                + " many connections",
                        e);
            } catch (SSLException e) {
                handshakeFailed(e);
            } catch (IOException e) {
                throw errors.connecting("connect", watchdog, e);
            }
        }

        void authTls(TlsLayer layer) {
            tls = layer;
            try {
                int code = watchdog.watch(endpoint.connectTimeout(), () -> client.command("AUTH", "TLS"));
                if (code != FTPReply.SECURITY_DATA_EXCHANGE_COMPLETE) {
                    throw errors.answered(
                            FailureCode.DESTINATION_REFUSED,
                            endpoint.server() + " offers no TLS: have its operator enable it. Nothing was sent",
                            new RefusedException(code));
                }
                watchdog.watch(endpoint.connectTimeout(), () -> {
                    client.startTls(layer);
                    return true;
                });
            } catch (SSLException e) {
                handshakeFailed(e);
            } catch (IOException e) {
                throw errors.connecting("agree on a secure connection", watchdog, e);
            }
        }

        private void handshakeFailed(SSLException e) {
            Optional<ServerTrust.Problem> problem =
                    tls == null ? Optional.empty() : tls.trust().problem();
            if (problem.isPresent() && tls != null) {
                throw errors.identity(problem.get(), tls.trust().fingerprint());
            }
            if (watchdog.expired() || Thread.currentThread().isInterrupted()) {
                throw errors.connecting("agree on a secure connection", watchdog, e);
            }
            refusal = e;
        }

        Attempt orFail() {
            if (refusal != null) {
                throw errors.connecting("agree on a secure connection", watchdog, refusal);
            }
            return this;
        }

        /** Logs in; closes the connection if that fails. */
        FtpConnection login() {
            boolean opened = false;
            try {
                FtpConnection connection = loggedIn();
                opened = true;
                return connection;
            } finally {
                if (!opened) {
                    close();
                }
            }
        }

        private FtpConnection loggedIn() {
            try {
                if (tls != null) {
                    noteExpiry(tls.trust());
                }
                logIn();
                if (tls != null) {
                    protectData();
                }
                ServerFeatures features = features();
                requireBinary();
                return new FtpConnection(endpoint, client, watchdog, features, home());
            } catch (LoginException e) {
                throw errors.login(e);
            } catch (IOException e) {
                throw errors.connecting("log in", watchdog, e);
            }
        }

        private int command(String command, @Nullable String argument) throws IOException {
            return watchdog.watch(endpoint.connectTimeout(), () -> client.command(command, argument));
        }

        private void logIn() throws IOException, LoginException {
            int code = command("USER", endpoint.user());
            if (code == FTPReply.NEED_PASSWORD) {
                char[] password = Passwords.lineOf("password", endpoint.password());
                try {
                    code = watchdog.watch(endpoint.connectTimeout(), () -> client.password(password));
                } finally {
                    Arrays.fill(password, ' ');
                }
            }
            if (code == FTPReply.NEED_ACCOUNT) {
                throw LoginException.refused(
                        endpoint.server() + " asks user '" + endpoint.user()
                                + "' for an account, which is not supported: have its operator leave it out",
                        new RefusedException(code));
            }
            if (!FTPReply.isPositiveCompletion(code)) {
                throw errors.answered(
                        FailureCode.LOGIN_REFUSED,
                        endpoint.server() + " refused the login of user '" + endpoint.user() + "': check the password, "
                                + (tls == null ? "whether the server demands TLS, " : "")
                                + "and whether the account is locked",
                        new RefusedException(code));
            }
        }

        private void protectData() throws IOException {
            command("PBSZ", "0"); // its answer does not matter, what follows does
            int code = command("PROT", "P");
            if (!FTPReply.isPositiveCompletion(code)) {
                throw errors.answered(
                        FailureCode.DESTINATION_REFUSED,
                        endpoint.server() + " does not encrypt data connections: have its operator allow PROT P."
                                + " No file was sent",
                        new RefusedException(code));
            }
        }

        private ServerFeatures features() throws IOException {
            List<String> said = FTPReply.isPositiveCompletion(command("FEAT", null)) ? client.lines() : List.of();
            // some servers know no other names, and refuse it; some know them, and do not say so
            boolean utf8 = FTPReply.isPositiveCompletion(command("OPTS", "UTF8 ON"));
            return ServerFeatures.of(said, utf8);
        }

        private void requireBinary() throws IOException {
            int code = command("TYPE", "I");
            if (!FTPReply.isPositiveCompletion(code)) {
                throw errors.answered(
                        FailureCode.DESTINATION_REFUSED,
                        endpoint.server() + " does not take files as they are: it refuses TYPE I. No file was sent",
                        new RefusedException(code));
            }
        }

        private @Nullable String home() throws IOException {
            return FTPReply.isPositiveCompletion(command("PWD", null)) ? quoted(client.lines()) : null;
        }

        /**
         * Whether the server takes a data connection, for the names of what does not exist: whether it demands the
         * resumption of the session, and the JDK can resume it, is said nowhere.
         */
        boolean takesDataConnections(FtpConnection connection) {
            try {
                connection.list(UNKNOWN_NAME);
                return true;
            } catch (RefusedException e) {
                return e.code() != DATA_FAILED && e.code() != SESSION_DEMANDED;
            } catch (IOException e) {
                connection.close();
                throw errors.connecting("open a data connection", watchdog, e);
            }
        }

        private void noteExpiry(ServerTrust trust) {
            trust.validUntil()
                    .filter(end -> end.isBefore(Instant.now().plus(EXPIRES_SOON)))
                    .ifPresent(end -> log.warn(
                            "The certificate of {} expires at {}: files are refused from then on (delivery={})",
                            endpoint.server(),
                            end,
                            delivery));
        }

        void close() {
            watchdog.closeSockets();
        }
    }

    /** Returns the directory of a reply such as {@code 257 "/home" is the current directory}; null if there is none. */
    static @Nullable String quoted(List<String> reply) {
        String line = reply.isEmpty() ? "" : reply.get(0);
        int start = line.indexOf('"');
        StringBuilder path = new StringBuilder();
        for (int i = start + 1; start >= 0 && i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                if (i + 1 == line.length() || line.charAt(i + 1) != '"') {
                    return path.toString();
                }
                i++; // a quote in the name is doubled
            }
            path.append(c);
        }
        return null;
    }
}
