package io.outfeed.sftp;

import static java.util.Objects.requireNonNull;

import io.outfeed.sftp.internal.connection.HostKeyScan;
import java.time.Duration;
import java.util.List;

/**
 * Reads the host keys of a server before it is trusted.
 *
 * <p>Thread-safe. Nothing is stored.
 */
public final class SftpProbe {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    private SftpProbe() {}

    /**
     * A host key that a server has shown, and whose possession it has proved. An attacker in the network can show a key
     * of its own: compare it with what the server's operator says over another channel.
     *
     * @param type such as {@code ssh-ed25519}
     * @param bits its length
     * @param fingerprint as {@code ssh-keygen -l} shows it; the argument of {@link SftpDelivery.Builder#hostKey}
     * @param knownHostsLine a line for a file of {@link SftpDelivery.Builder#knownHosts}
     */
    public record ObservedHostKey(String type, int bits, String fingerprint, String knownHostsLine) {}

    /**
     * Reads the host keys of a server, for a person to compare and to pin; each step of a connection may take 30
     * seconds.
     *
     * @param host the server's name or address
     * @param port 1 to 65535
     * @return one key of each type that the server has, the best first; not empty
     * @throws io.outfeed.error.DeliveryException if the server can't be reached, or has no key of a supported type
     */
    public static List<ObservedHostKey> hostKeys(String host, int port) {
        return hostKeys(host, port, DEFAULT_TIMEOUT);
    }

    /**
     * Reads the host keys of a server, for a person to compare and to pin. It connects once for each type of key, and
     * never logs in.
     *
     * @param host the server's name or address
     * @param port 1 to 65535
     * @param timeout for connecting, and again for the key exchange, of each connection
     * @return one key of each type that the server has, the best first; not empty
     * @throws io.outfeed.error.DeliveryException if the server can't be reached, or has no key of a supported type
     */
    public static List<ObservedHostKey> hostKeys(String host, int port, Duration timeout) {
        requireNonNull(host, "host");
        requireNonNull(timeout, "timeout");
        return new HostKeyScan(host, port, timeout)
                .scan().stream()
                        .map(key ->
                                new ObservedHostKey(key.type(), key.bits(), key.fingerprint(), key.knownHostsLine()))
                        .toList();
    }
}
