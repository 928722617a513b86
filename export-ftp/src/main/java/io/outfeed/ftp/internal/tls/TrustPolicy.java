package io.outfeed.ftp.internal.tls;

import io.outfeed.ftp.internal.login.LoginException;
import io.outfeed.ftp.internal.login.Passwords;
import io.outfeed.internal.connection.TrustedCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Which certificates of a server are trusted. Files are read at each connection. */
public sealed interface TrustPolicy {

    /** Trusts what the JVM trusts. */
    record Jvm() implements TrustPolicy {}

    /** Trusts what the certificates of a file in PEM have signed, and those themselves. */
    record PemFile(Path file) implements TrustPolicy {}

    /** Trusts what the certificates of a key store have signed. */
    record StoreFile(Path file, Supplier<char[]> password) implements TrustPolicy {}

    /**
     * Trusts these certificates, whatever has signed them and whatever names they have.
     *
     * @param fingerprints SHA-256, in 64 hexadecimal digits in small letters
     */
    record Pins(List<String> fingerprints) implements TrustPolicy {}

    /** Whether the certificate must be for the host's name. */
    default boolean checksName() {
        return !(this instanceof Pins);
    }

    /** Returns what checks a certificate; reads the file. */
    default ServerTrust trust() throws IOException, GeneralSecurityException, LoginException {
        if (this instanceof Pins pins) {
            return new ServerTrust(pins.fingerprints(), null);
        }
        return new ServerTrust(List.of(), TrustedCertificates.managerOf(anchors()));
    }

    private @Nullable KeyStore anchors() throws IOException, GeneralSecurityException, LoginException {
        if (this instanceof PemFile pem) {
            return TrustedCertificates.read(pem.file());
        }
        if (this instanceof StoreFile store) {
            char[] password = Passwords.copyOf("password of the trust store", store.password());
            try {
                return KeyStore.getInstance(store.file().toFile(), password);
            } finally {
                Arrays.fill(password, ' ');
            }
        }
        return null;
    }
}
