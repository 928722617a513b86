package io.outfeed.sftp.internal.connection;

import io.outfeed.error.DeliveryException;
import io.outfeed.internal.connection.TimeoutText;
import io.outfeed.internal.connection.Watchdog;
import io.outfeed.internal.connection.Watchdogs;
import io.outfeed.internal.text.ServerName;
import io.outfeed.sftp.internal.crypto.Algorithms;
import io.outfeed.sftp.internal.crypto.NegotiationErrors;
import io.outfeed.sftp.internal.crypto.OptInAlgorithm;
import io.outfeed.sftp.internal.failure.ServerTexts;
import io.outfeed.sftp.internal.key.HostKeyTypes;
import io.outfeed.sftp.internal.key.PublicKeys;
import io.outfeed.sftp.internal.socket.ConnectedSocket;
import io.outfeed.sftp.internal.socket.ConnectedSocketFactory;
import io.outfeed.sftp.internal.socket.SocketConnector;
import io.outfeed.sftp.internal.trust.KnownHosts;
import java.io.IOException;
import java.security.PublicKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;
import org.jspecify.annotations.Nullable;

/** Reads the host keys of a server, as {@code ssh-keyscan} does: by one connection for each type, without a login. */
public final class HostKeyScan {

    private final String host;
    private final int port;
    private final Duration timeout;

    public HostKeyScan(String host, int port, Duration timeout) {
        this.host = host;
        this.port = port;
        this.timeout = timeout;
    }

    /** A host key, whose possession the server has proved. */
    public record ScannedKey(String type, int bits, String fingerprint, String knownHostsLine) {}

    /**
     * Connects once for each type of key.
     *
     * @return one key of each type that the server has; not empty
     * @throws DeliveryException if the server can't be reached, or has no key of a supported type
     */
    public List<ScannedKey> scan() {
        List<ScannedKey> keys = new ArrayList<>();
        DeliveryException missing = null;
        try (Watchdogs watchdogs = new Watchdogs("sftp")) {
            for (KeyType type : HostKeyTypes.PLAIN) {
                try {
                    keys.add(scanned(read(type, watchdogs)));
                } catch (NoSuchKeyException e) {
                    missing = e.failure;
                }
            }
        }
        if (missing != null && keys.isEmpty()) {
            throw missing;
        }
        return List.copyOf(keys);
    }

    /** The server has no key of the requested type. */
    private static final class NoSuchKeyException extends Exception {

        private static final long serialVersionUID = 1L;
        private final transient DeliveryException failure;

        NoSuchKeyException(DeliveryException failure) {
            super(failure);
            this.failure = failure;
        }
    }

    private PublicKey read(KeyType type, Watchdogs watchdogs) throws NoSuchKeyException {
        AtomicReference<@Nullable PublicKey> shown = new AtomicReference<>();
        Set<OptInAlgorithm> enabled = type == KeyType.RSA ? EnumSet.of(OptInAlgorithm.SSH_RSA) : Set.of();
        ConnectedSocket connected = new SocketConnector(host, host, port, null, null, timeout).connect(watchdogs);
        Watchdog watchdog = connected.watchdog();
        try {
            SSHClient client = new SSHClient(Algorithms.hostKeyScan(type, enabled));
            client.setSocketFactory(new ConnectedSocketFactory(connected.socket()));
            client.setTimeout(SftpConnection.sshjMillis(timeout));
            client.getTransport().setTimeoutMs(SftpConnection.sshjMillis(timeout));
            client.addHostKeyVerifier(new KeyRecorder(shown));
            ServerTexts.watch(watchdog, timeout, () -> {
                Connector.connect(client, host, port);
                return true;
            });
            throw new IllegalStateException("the verifier should have ended the connection");
        } catch (IOException | SSHRuntimeException e) {
            PublicKey key = shown.get();
            if (key != null) {
                return key;
            }
            DeliveryException failure = failure(watchdog, e);
            if (NegotiationErrors.lacksHostKey(e)) {
                throw new NoSuchKeyException(failure);
            }
            throw failure;
        } finally {
            watchdog.closeSockets();
        }
    }

    private DeliveryException failure(Watchdog watchdog, Exception e) {
        String server = ServerName.of(host, port);
        String context = " (server=" + server + ")";
        if (watchdog.expired()) {
            return DeliveryException.retryable(
                    host,
                    server + " gave no answer within " + TimeoutText.of(timeout)
                            + " to show its host keys: check the server and the network" + context,
                    e);
        }
        String disagreement = NegotiationErrors.describe(e);
        if (disagreement == null) {
            return DeliveryException.retryable(
                    host,
                    "the connection to " + server + " broke, to show its host keys failed: check that it is an SSH "
                            + "server, and the network" + context,
                    e);
        }
        return DeliveryException.permanent(host, server + " " + disagreement + context, e);
    }

    /** Records the key, and ends the connection. */
    private record KeyRecorder(AtomicReference<@Nullable PublicKey> shown) implements HostKeyVerifier {

        @Override
        public boolean verify(String hostname, int port, PublicKey key) {
            shown.set(key);
            throw new SSHRuntimeException("the host key was recorded");
        }

        @Override
        public List<String> findExistingAlgorithms(String hostname, int port) {
            return List.of();
        }
    }

    private ScannedKey scanned(PublicKey key) {
        return new ScannedKey(
                KeyType.fromKey(key).toString(),
                bits(key),
                PublicKeys.fingerprint(key),
                KnownHosts.name(host, port) + " " + PublicKeys.line(key));
    }

    private static int bits(PublicKey key) {
        if (key instanceof RSAKey rsa) {
            return rsa.getModulus().bitLength();
        }
        return key instanceof ECKey ec ? ec.getParams().getCurve().getField().getFieldSize() : 256;
    }
}
