package io.outfeed.sftp;

import io.outfeed.error.DeliveryException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.SocketFactory;
import net.schmizz.keepalive.KeepAliveRunner;
import net.schmizz.sshj.Config;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.connection.channel.OpenFailException;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that is logged in, with one SFTP channel. Owns the socket, so that a {@link Watchdog} can free whatever
 * hangs. Used by one thread.
 */
final class SftpConnection {

    private static final Logger log = LoggerFactory.getLogger(SftpConnection.class);

    /** What a server must take in one write, whatever it is. */
    private static final int PORTABLE_WRITE = 32_768;

    /** What OpenSSH takes; sshj fails above some 300,000. */
    private static final int LARGEST_WRITE = 261_120;

    /** Often enough for a firewall that forgets idle connections. */
    private static final int KEEP_ALIVE_SECONDS = 15;

    private static final int KEEP_ALIVES_UNANSWERED = 3;

    /** A round trip that makes the window of one channel a limit. */
    private static final Duration LONG_WAY = Duration.ofMillis(3);

    private static final Duration LONGEST_GOODBYE = Duration.ofSeconds(5);

    /** By how much sshj's own limits are longer: the watchdog comes first, since it also frees what sshj can't. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private SftpSettings settings;
    private final Socket socket;
    private final Watchdog watchdog;
    private final SSHClient client;
    private final Changes changes = new Changes();
    private @Nullable SftpChannel channel;
    private int largestWrite = PORTABLE_WRITE;
    private volatile boolean takesRanges;
    private final List<FurtherChannel> further =
            List.of(new FurtherChannel(), new FurtherChannel(), new FurtherChannel());
    private boolean broken;

    private SftpConnection(SftpSettings settings, Config config, Socket socket) {
        this.settings = settings;
        this.client = new SSHClient(config);
        this.socket = socket;
        this.watchdog = new Watchdog(socket);
    }

    /** What is asked of the server; it must answer within the operation's limit. */
    @FunctionalInterface
    interface Request<R> {
        R send(SftpChannel channel) throws IOException;
    }

    /**
     * Connects, checks the host key and logs in.
     *
     * @param lastType the type of the host key that was trusted last: asked for first, since a server with several keys
     *     needs an attempt for each other one
     */
    static SftpConnection open(SftpSettings settings, AtomicReference<@Nullable KeyType> lastType) {
        @Nullable KeyProvider key = Authentication.privateKey(settings);
        HostKeys.Trusted trusted = trusted(settings);
        boolean certificates = !Collections.disjoint(trusted.types(), Algorithms.CERTIFICATE_TYPES);
        HostKeyCheck check = new HostKeyCheck(trusted, lastType.get());
        while (true) {
            check.begin();
            SftpConnection connection = new SftpConnection(
                    settings,
                    Algorithms.config(settings.allowed(), certificates),
                    dialer(settings).dial());
            boolean opened = false;
            try {
                if (connection.handshake(check)) {
                    lastType.set(check.matched());
                    connection.authentication().login(key);
                    connection.startSftp();
                    opened = true;
                    return connection;
                }
            } finally {
                if (!opened) {
                    connection.broken = true;
                    connection.close();
                }
            }
        }
    }

    /** Begins another session, which may take so long in all. */
    void lend(SftpSettings borrower) {
        settings = borrower;
        watchdog.allWithin(borrower.options().deliveryTimeout());
    }

    /** Whether the server is still there. */
    boolean answers() {
        try {
            ask(sftp -> sftp.canonicalize("."));
            return true;
        } catch (IOException e) {
            return answered(e);
        }
    }

    /** Whether the server computes hashes of its files, as it says in one of several ways. ProFTPD does, and does not say so. */
    boolean offersCheckFile() {
        return channel != null && (channel.mentions("check-file") || isProftpd());
    }

    /** Whether a link looks like what it leads to, even to those who ask not to follow it. */
    boolean followsLinks() {
        return isProftpd();
    }

    private boolean isProftpd() {
        return client.getTransport().getServerVersion().startsWith("mod_sftp");
    }

    /** Asks for something. A status that is not OK is an SFTPException with a status code, and the connection is well. */
    <R> R ask(Request<R> request) throws IOException {
        return ask(settings.operationTimeout(), request);
    }

    private <R> R ask(Duration limit, Request<R> request) throws IOException {
        SftpChannel started = channel;
        if (started == null) {
            throw new IllegalStateException("the connection is not open");
        }
        try {
            return watchdog.watch(limit, () -> request.send(started));
        } catch (IOException e) {
            broken |= !answered(e);
            throw e;
        } catch (SSHRuntimeException e) {
            broken = true;
            throw new IOException(e);
        }
    }

    /** Something was confirmed while {@link #ask} is under way. */
    void progress() {
        watchdog.progress();
    }

    /** Whether nothing can be asked any more. */
    boolean broken() {
        return broken;
    }

    Changes changes() {
        return changes;
    }

    int largestWrite() {
        return largestWrite;
    }

    /** How long to wait for an answer. */
    long answerMillis() {
        return millis(settings.operationTimeout());
    }

    static int millis(Duration limit) {
        return Math.toIntExact(limit.plus(GRACE).toMillis());
    }

    boolean offers(String extension, String domain) {
        return channel != null && channel.supportsServerExtension(extension, domain);
    }

    /** Whether the server has answered: the failure is its status. */
    static boolean answered(IOException e) {
        return status(e) != StatusCode.UNKNOWN;
    }

    static StatusCode status(IOException e) {
        return e instanceof SFTPException answer ? answer.getStatusCode() : StatusCode.UNKNOWN;
    }

    /** Disconnects, politely unless the connection is broken. Returns soon, whatever the server does. */
    void close() {
        if (broken) {
            watchdog.closeSocket();
        }
        Duration limit = settings.operationTimeout().compareTo(LONGEST_GOODBYE) < 0
                ? settings.operationTimeout()
                : LONGEST_GOODBYE;
        try {
            watchdog.watch(limit, () -> {
                client.disconnect(); // without a wait for the channel's end, which a dead server never confirms
                return true;
            });
        } catch (IOException | SSHRuntimeException e) {
            // it is gone either way
        } finally {
            watchdog.closeSocket();
        }
    }

    /** A connection that does not answer, or breaks: trying again may help. */
    DeliveryException failure(String doing, String where, Exception e) {
        if (watchdog.overdue()) {
            return DeliveryException.retryable(
                    settings.id(),
                    "the delivery was not over within "
                            + text(settings.options().deliveryTimeout()) + ", to " + doing + " at " + settings.server()
                            + " was cut off: check the network's speed, or raise deliveryTimeout" + where,
                    e);
        }
        return failure(settings, watchdog.expired(), settings.operationTimeout(), doing, where, e);
    }

    private static DeliveryException failure(
            SftpSettings settings, boolean expired, Duration limit, String doing, String where, Exception e) {
        if (Thread.currentThread().isInterrupted()) {
            return DeliveryException.retryable(
                    settings.id(), "it was interrupted to " + doing + " at " + settings.server() + where, e);
        }
        if (expired || has(e, TimeoutException.class) || has(e, SocketTimeoutException.class)) {
            return DeliveryException.retryable(
                    settings.id(),
                    settings.server() + " gave no answer within " + text(limit) + " to " + doing
                            + ": check the server and the network" + where,
                    e);
        }
        return DeliveryException.retryable(
                settings.id(),
                "the connection to " + settings.server() + " broke, to " + doing
                        + " failed: check the server and the network" + where,
                e);
    }

    static String text(Duration limit) {
        return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }

    static String where(SftpSettings settings) {
        return " (delivery=" + settings.id() + ")";
    }

    DeliveryException connecting(String doing, Exception e) {
        return failure(settings, watchdog.expired(), settings.connectTimeout(), doing, where(settings), e);
    }

    DeliveryException permanent(String message, @Nullable Exception cause) {
        return DeliveryException.permanent(settings.id(), message + where(settings), cause);
    }

    private static boolean has(Throwable e, Class<? extends Throwable> type) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    // ---- connect

    private static Dialer dialer(SftpSettings settings) {
        return new Dialer(
                settings.id(),
                settings.host(),
                settings.port(),
                settings.proxy(),
                settings.bindAddress(),
                settings.connectTimeout());
    }

    /** Returns false if the host key is not trusted, but the server may have another one. */
    private boolean handshake(HostKeyCheck check) {
        int limit = millis(settings.connectTimeout());
        client.setSocketFactory(new Given(socket));
        client.setTimeout(limit);
        client.getTransport().setTimeoutMs(limit);
        client.getConnection().setTimeoutMs(millis(settings.operationTimeout())); // a channel keeps what it opened with
        client.addHostKeyVerifier(check);
        if (client.getConnection().getKeepAlive() instanceof KeepAliveRunner keepAlive) {
            keepAlive.setKeepAliveInterval(KEEP_ALIVE_SECONDS);
            keepAlive.setMaxAliveCount(KEEP_ALIVES_UNANSWERED);
        }
        try {
            watchdog.watch(settings.connectTimeout(), () -> {
                connect(client, settings.host(), settings.port());
                return true;
            });
            return true;
        } catch (IOException | SSHRuntimeException e) {
            if (!check.rejected()) {
                String disagreement = Algorithms.disagreement(e);
                if (disagreement != null) {
                    throw permanent(settings.server() + " " + disagreement, e);
                }
                throw connecting("agree on a secure connection", e);
            }
            if (check.mayHaveAnother()) {
                return false;
            }
            String shown = "the host key of " + settings.server()
                    + (check.revoked() ? " is revoked: it shows " : " is not trusted: it shows ") + check.shown();
            throw permanent(shown + ", expected is " + check.expected() + ": " + check.advice(), e);
        }
    }

    /**
     * Connects and agrees on keys. Where sshj's reader meets an end before the key exchange is begun here, sshj only says that
     * it is not connected, or that it can't write: the reader knows why.
     */
    static void connect(SSHClient client, String host, int port) throws IOException {
        try {
            client.connect(host, port);
        } catch (IOException | IllegalStateException e) {
            throw whyItEnded(client, e);
        }
    }

    private static IOException whyItEnded(SSHClient client, Exception e) {
        try {
            client.getTransport().join(millis(Duration.ZERO), TimeUnit.MILLISECONDS);
        } catch (TransportException end) {
            if (!has(end, TimeoutException.class) && !has(end, InterruptedException.class)) {
                return end;
            }
        }
        return e instanceof IOException failure ? failure : new IOException(e);
    }

    private static HostKeys.Trusted trusted(SftpSettings settings) {
        try {
            return settings.hostKeys().trusted(settings.host(), settings.port());
        } catch (IOException e) {
            throw DeliveryException.permanent(
                    settings.id(), "can't read the trusted host keys: " + e.getMessage() + where(settings), e);
        }
    }

    private Authentication authentication() {
        return new Authentication(this, settings, client, watchdog);
    }

    // ---- SFTP

    /** Further channels that may write a file together with the first; none if that is not known to work, or to pay. */
    List<FurtherChannel> furtherChannels() {
        return takesRanges ? further : List.of();
    }

    /** A channel that is opened when it is asked for, and then stays. Thread-safe. */
    final class FurtherChannel {

        private @Nullable SftpChannel opened;

        synchronized SftpChannel open() throws IOException {
            SftpChannel now = opened;
            if (now == null) {
                now = SftpChannel.open(client, changes, millis(settings.operationTimeout()));
                opened = now;
            }
            return now;
        }

        /** The server gives no more channels, or the file to one only. */
        void refused(Exception e) {
            takesRanges = false;
            log.debug("{} does not take a file over several channels", settings.server(), e);
        }
    }

    private void startSftp() {
        int limit = millis(settings.operationTimeout());
        try {
            channel = watchdog.watch(settings.connectTimeout(), () -> {
                return SftpChannel.open(client, changes, limit);
            });
            client.getTransport().setTimeoutMs(limit);
            largestWrite = askLargestWrite();
        } catch (IOException | SSHRuntimeException e) {
            boolean said = client.getTransport().isRunning()
                    && !(e instanceof OpenFailException)
                    && !has(e, TimeoutException.class)
                    && !has(e, TransportException.class) // the transport seems to run until all were told that it broke
                    && !watchdog.expired();
            if (said) {
                throw permanent(
                        settings.server() + " does not give user '" + settings.user()
                                + "' SFTP: have its operator enable the subsystem",
                        e);
            }
            throw connecting("start SFTP", e);
        }
    }

    private int askLargestWrite() throws IOException {
        if (!offers("limits", "openssh.com")) {
            return PORTABLE_WRITE;
        }
        long asked = System.nanoTime();
        try {
            return ask(settings.connectTimeout(), sftp -> {
                Response answer = sftp.request(sftp.newExtendedRequest("limits@openssh.com"))
                        .retrieve(millis(settings.connectTimeout()), TimeUnit.MILLISECONDS)
                        .ensurePacketTypeIs(PacketType.EXTENDED_REPLY);
                takesRanges = client.getTransport().getServerVersion().startsWith("OpenSSH_")
                        && System.nanoTime() - asked >= LONG_WAY.toNanos();
                try {
                    answer.readUInt64(); // the longest packet
                    answer.readUInt64(); // the longest read
                    long write = answer.readUInt64();
                    return write <= 0 ? PORTABLE_WRITE : (int) Math.min(write, LARGEST_WRITE);
                } catch (Buffer.BufferException e) {
                    return PORTABLE_WRITE;
                }
            });
        } catch (SFTPException e) {
            if (answered(e)) {
                return PORTABLE_WRITE;
            }
            throw e;
        }
    }

    /** Gives sshj the socket that is connected already. */
    static final class Given extends SocketFactory {

        private final Socket socket;

        Given(Socket socket) {
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
}
