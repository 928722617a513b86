package io.outfeed.sftp.internal.connection;

import io.outfeed.error.FailureCode;
import io.outfeed.internal.connection.Watchdog;
import io.outfeed.internal.connection.Watchdogs;
import io.outfeed.internal.failure.Causes;
import io.outfeed.sftp.internal.channel.PacketTooLongException;
import io.outfeed.sftp.internal.channel.ProgressSignal;
import io.outfeed.sftp.internal.channel.SftpChannel;
import io.outfeed.sftp.internal.channel.Traffic;
import io.outfeed.sftp.internal.crypto.Algorithms;
import io.outfeed.sftp.internal.crypto.NegotiationErrors;
import io.outfeed.sftp.internal.crypto.OptInAlgorithm;
import io.outfeed.sftp.internal.failure.ServerTexts;
import io.outfeed.sftp.internal.key.HostKeyTypes;
import io.outfeed.sftp.internal.login.Authentication;
import io.outfeed.sftp.internal.login.LoginException;
import io.outfeed.sftp.internal.socket.ConnectedSocket;
import io.outfeed.sftp.internal.socket.ConnectedSocketFactory;
import io.outfeed.sftp.internal.socket.SocketConnector;
import io.outfeed.sftp.internal.trust.HostKeyCheck;
import io.outfeed.sftp.internal.trust.HostKeyTypeHint;
import io.outfeed.sftp.internal.trust.TrustedKeys;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.schmizz.keepalive.KeepAliveRunner;
import net.schmizz.sshj.Config;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.connection.channel.OpenFailException;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import org.jspecify.annotations.Nullable;

/** Opens a connection: socket, key exchange, host key, login and SFTP. Not thread-safe. */
public final class Connector {

    /** Often enough for a firewall that forgets idle connections. */
    private static final int KEEP_ALIVE_SECONDS = 15;

    private static final int KEEP_ALIVES_UNANSWERED = 3;

    private final String delivery;
    private final Endpoint endpoint;
    private final HostKeyTypeHint hint;
    private final Watchdogs watchdogs;
    private final ConnectionErrors errors;

    public Connector(String delivery, Endpoint endpoint, HostKeyTypeHint hint, Watchdogs watchdogs) {
        this.delivery = delivery;
        this.endpoint = endpoint;
        this.hint = hint;
        this.watchdogs = watchdogs;
        this.errors = new ConnectionErrors(delivery, endpoint);
    }

    /**
     * Opens a connection until the user is logged in and SFTP has started.
     *
     * @throws io.outfeed.error.DeliveryException if that fails; nothing stays open
     */
    public SftpConnection open() {
        @Nullable KeyProvider key = readPrivateKey();
        TrustedKeys trusted = trustedKeys();
        boolean certificates = !Collections.disjoint(trusted.types(), HostKeyTypes.CERTIFICATES);
        HostKeyCheck check = new HostKeyCheck(trusted, hint.type(), allowsShortRsaKeys());
        while (true) {
            check.nextConnection();
            Config config = Algorithms.config(endpoint.algorithms(), certificates);
            Attempt attempt = new Attempt(new SSHClient(config), connectSocket());
            boolean opened = false;
            try {
                if (attempt.agreeOnKeys(check)) {
                    hint.type(check.matched());
                    attempt.login(key);
                    SftpConnection connection = attempt.startSftp();
                    opened = true;
                    return connection;
                }
            } finally {
                if (!opened) {
                    attempt.close();
                }
            }
        }
    }

    private @Nullable KeyProvider readPrivateKey() {
        try {
            return Authentication.readPrivateKey(endpoint.logins(), allowsShortRsaKeys());
        } catch (LoginException e) {
            throw errors.login(e);
        }
    }

    private boolean allowsShortRsaKeys() {
        return endpoint.algorithms().contains(OptInAlgorithm.SHORT_RSA_KEYS);
    }

    private TrustedKeys trustedKeys() {
        try {
            return endpoint.hostKeys().trustedKeys(endpoint.host(), endpoint.port());
        } catch (IOException e) {
            throw errors.of(FailureCode.IDENTITY_REFUSED, "can't read the trusted host keys: " + e.getMessage(), e);
        }
    }

    private ConnectedSocket connectSocket() {
        return new SocketConnector(
                        delivery,
                        endpoint.host(),
                        endpoint.port(),
                        endpoint.proxy(),
                        endpoint.bindAddress(),
                        endpoint.connectTimeout())
                .connect(watchdogs);
    }

    /** One socket, on which the server shows one of its host keys. */
    private final class Attempt {

        private final SSHClient client;
        private final Socket socket;
        private final Watchdog watchdog;
        private final Traffic traffic = new Traffic();
        private final KeyUse keys = new KeyUse(endpoint.keyLimit(), traffic);

        Attempt(SSHClient client, ConnectedSocket connected) {
            this.client = client;
            this.socket = connected.socket();
            this.watchdog = connected.watchdog();
        }

        /** Returns false if the host key is not trusted, but the server may have another one. */
        boolean agreeOnKeys(HostKeyCheck check) {
            int limit = SftpConnection.sshjMillis(endpoint.connectTimeout());
            client.setSocketFactory(new ConnectedSocketFactory(socket));
            client.setTimeout(limit);
            client.getTransport().setTimeoutMs(limit);
            // a channel keeps the timeout that it was opened with
            client.getConnection().setTimeoutMs(SftpConnection.sshjMillis(endpoint.operationTimeout()));
            client.addHostKeyVerifier(check);
            client.addAlgorithmsVerifier(Algorithms::accept);
            client.addAlgorithmsVerifier(keys);
            if (client.getConnection().getKeepAlive() instanceof KeepAliveRunner keepAlive) {
                keepAlive.setKeepAliveInterval(KEEP_ALIVE_SECONDS);
                keepAlive.setMaxAliveCount(KEEP_ALIVES_UNANSWERED);
            }
            try {
                ServerTexts.watch(watchdog, endpoint.connectTimeout(), () -> {
                    connect(client, endpoint.host(), endpoint.port());
                    return true;
                });
                return true;
            } catch (IOException | SSHRuntimeException e) {
                if (!check.rejected()) {
                    String disagreement = NegotiationErrors.describe(e);
                    if (NegotiationErrors.violatesStrictKeyExchange(e)) {
                        throw errors.of(
                                FailureCode.IDENTITY_REFUSED,
                                "a packet that does not belong there was sent in the key exchange with "
                                        + endpoint.server() + ": something between here and the server interferes with"
                                        + " the connection, as in CVE-2023-48795, or the server breaks the protocol."
                                        + " Nothing was sent. Have the network and the server checked",
                                e);
                    }
                    if (disagreement != null) {
                        throw errors.of(FailureCode.DESTINATION_REFUSED, endpoint.server() + " " + disagreement, e);
                    }
                    throw errors.connecting("agree on a secure connection", watchdog, e);
                }
                if (check.mayHaveAnother()) {
                    return false;
                }
                if (check.tooShort()) {
                    throw errors.of(
                            FailureCode.IDENTITY_REFUSED,
                            "the host key of " + endpoint.server() + " is too short, others can compute it: it shows "
                                    + check.shown() + ", with less than 2048 bits. Have its operator make a longer one,"
                                    + " or take the risk of legacyAlgorithm(LegacyAlgorithm.SHORT_RSA_KEYS)",
                            e);
                }
                String shown = "the host key of " + endpoint.server()
                        + (check.revoked() ? " is revoked: it shows " : " is not trusted: it shows ") + check.shown();
                throw errors.of(
                        FailureCode.IDENTITY_REFUSED,
                        shown + ", expected is " + check.expected() + ": " + check.advice(),
                        e);
            }
        }

        void login(@Nullable KeyProvider key) {
            Duration limit = endpoint.connectTimeout();
            try {
                new Authentication(client, endpoint.server(), endpoint.user(), endpoint.logins())
                        .login(
                                key,
                                step -> ServerTexts.watch(watchdog, limit, step::run),
                                SftpConnection.sshjMillis(limit));
            } catch (LoginException e) {
                throw errors.login(e);
            } catch (IOException | RuntimeException e) { // sshj throws both when the connection breaks
                throw errors.connecting("log in", watchdog, e);
            }
        }

        SftpConnection startSftp() {
            int limit = SftpConnection.sshjMillis(endpoint.operationTimeout());
            try {
                ProgressSignal progress = new ProgressSignal();
                SftpChannel channel = ServerTexts.watch(
                        watchdog, endpoint.connectTimeout(), () -> SftpChannel.open(client, progress, traffic, limit));
                client.getTransport().setTimeoutMs(limit);
                ServerTraits traits = ServerTexts.watch(
                        watchdog,
                        endpoint.connectTimeout(),
                        () -> ServerTraits.of(
                                channel,
                                client.getTransport().getServerVersion(),
                                SftpConnection.sshjMillis(endpoint.connectTimeout())));
                return new SftpConnection(endpoint, client, watchdog, progress, traffic, keys, channel, traits);
            } catch (IOException | SSHRuntimeException e) {
                boolean refused = client.getTransport().isRunning()
                        && !(e instanceof OpenFailException)
                        && !Causes.has(e, TimeoutException.class)
                        // the transport counts as running until its threads have noticed that it broke
                        && !Causes.has(e, TransportException.class)
                        && !Causes.has(e, PacketTooLongException.class)
                        && !watchdog.expired();
                if (refused) {
                    throw errors.of(
                            FailureCode.PERMISSION_DENIED,
                            endpoint.server() + " does not give user '" + endpoint.user()
                                    + "' SFTP: have its operator enable the subsystem",
                            e);
                }
                throw errors.connecting("start SFTP", watchdog, e);
            }
        }

        void close() {
            watchdog.closeSockets();
            SftpConnection.disconnect(client, watchdog, endpoint);
        }
    }

    /**
     * Connects and agrees on keys. If sshj's reader fails before the key exchange starts, sshj's exception only says
     * that it is not connected, or can't write; the reader's exception says why.
     */
    static void connect(SSHClient client, String host, int port) throws IOException {
        try {
            client.connect(host, port);
        } catch (IOException | IllegalStateException e) {
            throw readerFailure(client, e);
        }
    }

    private static IOException readerFailure(SSHClient client, Exception e) {
        try {
            client.getTransport().join(SftpConnection.sshjMillis(Duration.ZERO), TimeUnit.MILLISECONDS);
        } catch (TransportException end) {
            if (!Causes.has(end, TimeoutException.class) && !Causes.has(end, InterruptedException.class)) {
                return end;
            }
        }
        return e instanceof IOException failure ? failure : new IOException(e);
    }
}
