package io.outfeed.ftp.internal.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Checks the certificate of a server, for one connection, and remembers why it was refused: what the JDK says about it
 * quotes the certificate, which comes from whatever answers at the address.
 */
public final class ServerTrust extends X509ExtendedTrustManager {

    /** Why a certificate is refused. */
    public enum Problem {
        NOT_TRUSTED,
        OTHER_NAME,
        NOT_VALID_NOW
    }

    private final List<String> pins;
    private final @Nullable X509ExtendedTrustManager issuers;
    private @Nullable Problem problem;
    private @Nullable X509Certificate shown;

    /**
     * Trusts pinned certificates, or those of trusted issuers.
     *
     * @param issuers null where certificates are pinned
     */
    ServerTrust(List<String> pins, @Nullable X509ExtendedTrustManager issuers) {
        this.pins = pins;
        this.issuers = issuers;
    }

    /** Why the certificate was refused; empty if none was. */
    public Optional<Problem> problem() {
        return Optional.ofNullable(problem);
    }

    /** The fingerprint of the certificate that the server has shown, as {@code openssl x509 -fingerprint} prints it. */
    public String fingerprint() {
        return shown == null
                ? "none"
                : HexFormat.ofDelimiter(":").withUpperCase().formatHex(sha256(shown));
    }

    /** Until when the certificate is valid that the server has shown. */
    public Optional<Instant> validUntil() {
        return Optional.ofNullable(shown)
                .map(certificate -> certificate.getNotAfter().toInstant());
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        shown = chain[0];
        problem = Problem.NOT_VALID_NOW;
        chain[0].checkValidity();
        problem = Problem.NOT_TRUSTED;
        if (issuers == null) {
            if (!pins.contains(HexFormat.of().formatHex(sha256(chain[0])).toLowerCase(Locale.ROOT))) {
                throw new CertificateException("the certificate is not pinned");
            }
        } else {
            issuers.checkServerTrusted(chain, authType);
            problem = Problem.OTHER_NAME;
            issuers.checkServerTrusted(chain, authType, socket);
        }
        problem = null;
    }

    private static byte[] sha256(X509Certificate certificate) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was read can be written", e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("a connection has a socket");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("a connection has a socket");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("this is no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("this is no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("this is no server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return issuers == null ? new X509Certificate[0] : issuers.getAcceptedIssuers();
    }
}
