package io.outfeed.sftp;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.DeliveryException;
import java.io.IOException;
import java.net.Socket;
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

/**
 * Looks at a server before it is trusted.
 *
 * <p>Thread-safe. Nothing is kept.
 */
public final class SftpProbe {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    private SftpProbe() {}

    /**
     * A host key that a server has shown and proved to have. Whoever sits in between can show one of their own: compare it
     * with what the server's operator says, by another way.
     *
     * @param type such as {@code ssh-ed25519}
     * @param bits its length
     * @param fingerprint as {@code ssh-keygen -l} shows it; what {@link SftpDelivery.Builder#hostKey} takes
     * @param knownHostsLine a line for a file of {@link SftpDelivery.Builder#knownHosts}
     */
    public record ObservedHostKey(String type, int bits, String fingerprint, String knownHostsLine) {}

    /**
     * Shows the host keys of a server, for a person to compare and to pin; each step of a connection may take 30 seconds.
     *
     * @param host the server's name or address
     * @param port 1 to 65535
     * @return one key of each type that the server has, the best first; not empty
     * @throws DeliveryException if the server can't be reached, or shows no key of a type that is supported
     */
    public static List<ObservedHostKey> hostKeys(String host, int port) {
        return hostKeys(host, port, DEFAULT_TIMEOUT);
    }

    /**
     * Shows the host keys of a server, for a person to compare and to pin. It connects once for each type of key, and
     * never logs in.
     *
     * @param host the server's name or address
     * @param port 1 to 65535
     * @param timeout for connecting, and again for agreeing on keys, of each connection
     * @return one key of each type that the server has, the best first; not empty
     * @throws DeliveryException if the server can't be reached, or shows no key of a type that is supported
     */
    public static List<ObservedHostKey> hostKeys(String host, int port, Duration timeout) {
        requireNonNull(host, "host");
        requireNonNull(timeout, "timeout");
        List<ObservedHostKey> keys = new ArrayList<>();
        DeliveryException none = null;
        for (KeyType type : Algorithms.HOST_KEY_TYPES) {
            try {
                PublicKey key = show(new Dialer(host, host, port, null, null, timeout), type);
                keys.add(observed(host, port, key));
            } catch (NoSuchKey e) {
                none = e.failure;
            }
        }
        if (none != null && keys.isEmpty()) {
            throw none;
        }
        return List.copyOf(keys);
    }

    /** The server has no key of the type that it was asked for. */
    private static final class NoSuchKey extends Exception {

        private static final long serialVersionUID = 1L;
        private final transient DeliveryException failure;

        NoSuchKey(DeliveryException failure) {
            super(failure);
            this.failure = failure;
        }
    }

    private static PublicKey show(Dialer dialer, KeyType type) throws NoSuchKey {
        AtomicReference<@Nullable PublicKey> shown = new AtomicReference<>();
        Set<LegacyAlgorithm> allowed = type == KeyType.RSA ? EnumSet.of(LegacyAlgorithm.SSH_RSA) : Set.of();
        Socket socket = dialer.dial();
        Watchdog watchdog = new Watchdog(socket);
        try {
            SSHClient client = new SSHClient(Algorithms.onlyHostKeys(type, allowed));
            client.setSocketFactory(new SftpConnection.Given(socket));
            client.setTimeout(SftpConnection.millis(dialer.timeout()));
            client.getTransport().setTimeoutMs(SftpConnection.millis(dialer.timeout()));
            client.addHostKeyVerifier(new Show(shown));
            watchdog.watch(dialer.timeout(), () -> {
                SftpConnection.connect(client, dialer.host(), dialer.port());
                return true;
            });
            throw new IllegalStateException("a connection that was to end went on");
        } catch (IOException | SSHRuntimeException e) {
            PublicKey key = shown.get();
            if (key != null) {
                return key;
            }
            String server = dialer.host() + ":" + dialer.port();
            String where = " (server=" + server + ")";
            if (watchdog.expired()) {
                throw DeliveryException.retryable(
                        dialer.id(),
                        server + " gave no answer within " + SftpConnection.text(dialer.timeout())
                                + " to show its host keys: check the server and the network" + where,
                        e);
            }
            String disagreement = Algorithms.disagreement(e);
            if (disagreement == null) {
                throw DeliveryException.retryable(
                        dialer.id(),
                        "the connection to " + server + " broke, to show its host keys failed: check that it is an SSH "
                                + "server, and the network" + where,
                        e);
            }
            DeliveryException failure =
                    DeliveryException.permanent(dialer.id(), server + " " + disagreement + where, e);
            if (Algorithms.lacksHostKey(e)) {
                throw new NoSuchKey(failure);
            }
            throw failure;
        } finally {
            watchdog.closeSocket();
        }
    }

    /** Keeps the key, and ends the connection. */
    private record Show(AtomicReference<@Nullable PublicKey> shown) implements HostKeyVerifier {

        @Override
        public boolean verify(String hostname, int port, PublicKey key) {
            shown.set(key);
            throw new SSHRuntimeException("the host key was seen");
        }

        @Override
        public List<String> findExistingAlgorithms(String hostname, int port) {
            return List.of();
        }
    }

    private static ObservedHostKey observed(String host, int port, PublicKey key) {
        return new ObservedHostKey(
                KeyType.fromKey(key).toString(),
                bits(key),
                HostKeys.fingerprint(key),
                KnownHosts.name(host, port) + " " + PublicKeys.line(key));
    }

    private static int bits(PublicKey key) {
        if (key instanceof RSAKey rsa) {
            return rsa.getModulus().bitLength();
        }
        return key instanceof ECKey ec ? ec.getParams().getCurve().getField().getFieldSize() : 256;
    }
}
