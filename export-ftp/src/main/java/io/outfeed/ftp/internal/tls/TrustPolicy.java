package io.outfeed.ftp.internal.tls;

import io.outfeed.ftp.internal.login.LoginException;
import io.outfeed.ftp.internal.login.Passwords;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
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
        return new ServerTrust(List.of(), managerOf(anchors()));
    }

    private @Nullable KeyStore anchors() throws IOException, GeneralSecurityException, LoginException {
        if (this instanceof PemFile pem) {
            return readPem(pem.file());
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

    private static KeyStore readPem(Path file) throws IOException, GeneralSecurityException {
        KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
        anchors.load(null, null);
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new IOException("it has no certificate");
            }
            int number = 0;
            for (Certificate certificate : certificates) {
                anchors.setCertificateEntry("trusted-" + ++number, certificate);
            }
        }
        return anchors;
    }

    private static X509ExtendedTrustManager managerOf(@Nullable KeyStore anchors) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(anchors);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager found) {
                return found;
            }
        }
        throw new GeneralSecurityException("the JVM has no trust manager for X.509");
    }
}
