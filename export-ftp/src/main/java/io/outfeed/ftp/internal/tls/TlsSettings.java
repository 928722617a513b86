package io.outfeed.ftp.internal.tls;

import org.jspecify.annotations.Nullable;

/**
 * How a connection is protected.
 *
 * @param implicit whether TLS begins with the connection, and not by a command
 * @param client null if the client shows no certificate
 */
public record TlsSettings(
        boolean implicit, TrustPolicy trust, @Nullable ClientCertificate client) {}
