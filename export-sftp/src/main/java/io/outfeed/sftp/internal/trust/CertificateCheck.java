package io.outfeed.sftp.internal.trust;

import io.outfeed.sftp.internal.key.HostCertificate;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Verifies the certificate of a host, except that its authority is trusted. */
final class CertificateCheck {

    private CertificateCheck() {}

    /** Returns why a certificate does not prove this host at this time; null if it does. */
    static @Nullable String problem(HostCertificate certificate, String host, Instant now) {
        if (!certificate.isForHost()) {
            return "it is not for a host";
        }
        if (!certificate.principals().contains(host.toLowerCase(Locale.ROOT))) {
            return "it is not for the name " + host;
        }
        long seconds = now.getEpochSecond();
        if (Long.compareUnsigned(seconds, certificate.validAfter()) < 0) {
            return "it is not valid yet";
        }
        if (Long.compareUnsigned(seconds, certificate.validBefore()) >= 0) {
            return "it has expired";
        }
        if (!certificate.criticalOptions().isEmpty()) {
            return "it has critical options, and none is known for hosts";
        }
        return certificate.hasValidSignature() ? null : "its signature is wrong, or of an old kind";
    }
}
