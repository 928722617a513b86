package io.outfeed.sftp.internal.trust;

import io.outfeed.sftp.internal.key.HostKeyTypes;
import io.outfeed.sftp.internal.key.PublicKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.Set;
import net.schmizz.sshj.common.KeyType;

/** Which host keys are trusted: pinned fingerprints, or the keys that a known_hosts file lists for the server. */
public sealed interface HostKeyPolicy {

    /**
     * Returns the trusted keys of one server.
     *
     * @throws IOException if they can't be read; the message says what to do
     */
    TrustedKeys trustedKeys(String host, int port) throws IOException;

    /** Fingerprints that were agreed with the server's operator. */
    record Pins(List<String> fingerprints) implements HostKeyPolicy {

        public Pins {
            fingerprints = List.copyOf(fingerprints);
        }

        @Override
        public TrustedKeys trustedKeys(String host, int port) {
            return new PinnedKeys(fingerprints);
        }
    }

    /** A known_hosts file of OpenSSH, read for each connection. */
    record KnownHostsFile(Path file) implements HostKeyPolicy {

        @Override
        public TrustedKeys trustedKeys(String host, int port) throws IOException {
            return new KnownHostsKeys(KnownHosts.read(file, host, port), file, host, port);
        }
    }

    /** The keys with one of these fingerprints. */
    record PinnedKeys(List<String> fingerprints) implements TrustedKeys {

        @Override
        public Verdict verdict(PublicKey key) {
            return fingerprints.contains(PublicKeys.fingerprint(key)) ? Verdict.TRUSTED : Verdict.NOT_TRUSTED;
        }

        @Override
        public Set<KeyType> types() {
            return HostKeyTypes.PLAIN; // a fingerprint does not reveal the type
        }

        @Override
        public String expected() {
            return String.join(" or ", fingerprints);
        }

        @Override
        public String advice() {
            return "ask the server's operator whether the key was changed, and then change hostKey";
        }
    }
}
