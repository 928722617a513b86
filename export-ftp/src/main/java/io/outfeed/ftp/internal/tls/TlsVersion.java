package io.outfeed.ftp.internal.tls;

/** A version of TLS, one of which is offered at a time: see {@link TlsVersionHint}. */
public enum TlsVersion {
    TLS_1_2("TLSv1.2"),
    TLS_1_3("TLSv1.3");

    private final String protocol;

    TlsVersion(String protocol) {
        this.protocol = protocol;
    }

    String protocol() {
        return protocol;
    }
}
