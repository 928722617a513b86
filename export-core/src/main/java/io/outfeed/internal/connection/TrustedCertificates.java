package io.outfeed.internal.connection;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Certificates by which a server proves its identity. */
public final class TrustedCertificates {

    private TrustedCertificates() {}

    /**
     * Reads a file.
     *
     * @param pem one or more certificates in PEM
     * @throws IOException if it can't be read, or has none
     * @throws GeneralSecurityException if one of them is damaged
     */
    public static KeyStore read(Path pem) throws IOException, GeneralSecurityException {
        KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
        anchors.load(null, null);
        try (InputStream in = Files.newInputStream(pem)) {
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

    /**
     * Returns what trusts certificates, and what they have signed.
     *
     * @param anchors null for what the JVM trusts
     */
    public static X509ExtendedTrustManager managerOf(@Nullable KeyStore anchors) throws GeneralSecurityException {
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
