package io.outfeed.sftp;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.schmizz.sshj.common.KeyType;

/** Which host keys are trusted: pins, or those that a known_hosts file has for the server. */
sealed interface HostKeys {

    /**
     * Returns what a server is checked against.
     *
     * @throws IOException if it can't be read; the message says what to do
     */
    Trusted trusted(String host, int port) throws IOException;

    /** What is thought of a key that a server has shown and can prove. */
    enum Verdict {
        TRUSTED,
        NOT_TRUSTED,
        REVOKED
    }

    /** The trusted keys of one server. */
    interface Trusted {

        Verdict verdict(PublicKey key);

        /** The types that a trusted key may have. */
        Set<KeyType> types();

        /** A key that a server has shown, as messages name it. */
        default String describe(PublicKey key) {
            return PublicKeys.typeOf(key) + " " + fingerprint(key);
        }

        /** What is trusted, as messages name it. */
        String expected();

        /** What to do when nothing matches. */
        String advice();
    }

    /** Fingerprints that were agreed with whoever operates the server. */
    record Pins(List<String> fingerprints) implements HostKeys {

        public Pins {
            fingerprints = List.copyOf(fingerprints);
        }

        @Override
        public Trusted trusted(String host, int port) {
            return new Trusted() {
                @Override
                public Verdict verdict(PublicKey key) {
                    return fingerprints.contains(fingerprint(key)) ? Verdict.TRUSTED : Verdict.NOT_TRUSTED;
                }

                @Override
                public Set<KeyType> types() {
                    return Algorithms.HOST_KEY_TYPES; // a fingerprint does not tell the type
                }

                @Override
                public String expected() {
                    return String.join(" or ", fingerprints);
                }

                @Override
                public String advice() {
                    return "ask the server's operator whether the key was changed, and then change hostKey";
                }
            };
        }
    }

    /** A file as OpenSSH keeps it; read at each connection. */
    record KnownHostsFile(Path file) implements HostKeys {

        @Override
        public Trusted trusted(String host, int port) throws IOException {
            KnownHosts.Keys keys = KnownHosts.read(file, host, port);
            return new Trusted() {
                @Override
                public Verdict verdict(PublicKey key) {
                    if (key instanceof HostCertificate certificate) {
                        Verdict verdict = keys.verdict(PublicKeys.blob(certificate.key()), certificate.authority());
                        return verdict == Verdict.TRUSTED && certificate.problem(host, Instant.now()) != null
                                ? Verdict.NOT_TRUSTED
                                : verdict;
                    }
                    return keys.verdict(PublicKeys.blob(key));
                }

                @Override
                public String describe(PublicKey key) {
                    if (key instanceof HostCertificate certificate) {
                        String problem = certificate.problem(host, Instant.now());
                        return "a certificate of " + fingerprint(certificate.authority()) + " for "
                                + KeyType.fromKey(certificate.key()) + " " + fingerprint(certificate.key())
                                + (problem == null ? "" : " (" + problem + ")");
                    }
                    return Trusted.super.describe(key);
                }

                @Override
                public Set<KeyType> types() {
                    return keys.types();
                }

                @Override
                public String expected() {
                    List<String> trusted = new ArrayList<>();
                    keys.trusted().forEach(key -> trusted.add(key.type() + " " + key.fingerprint()));
                    keys.authorities().forEach(key -> trusted.add("a certificate of " + key.fingerprint()));
                    String found = trusted.isEmpty()
                            ? "no key for " + KnownHosts.name(host, port) + " in " + file
                            : String.join(" or ", trusted) + " as " + file + " has it";
                    return keys.refused().isEmpty()
                            ? found
                            : found + " (not understood: " + String.join("; ", keys.refused()) + ")";
                }

                @Override
                public String advice() {
                    return "ask the server's operator which key is right, and then change " + file;
                }
            };
        }
    }

    /** The fingerprint as {@code ssh-keygen -l} shows it. */
    static String fingerprint(PublicKey key) {
        return fingerprint(PublicKeys.blob(key));
    }

    /** The fingerprint of a key as SSH sends it. */
    static String fingerprint(byte[] blob) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(blob);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** A set that may be empty. */
    static Set<KeyType> typesOf(List<KnownHosts.Key> keys) {
        Set<KeyType> types = EnumSet.noneOf(KeyType.class);
        keys.forEach(key -> types.add(key.type()));
        return types;
    }
}
