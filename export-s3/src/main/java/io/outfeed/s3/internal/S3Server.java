package io.outfeed.s3.internal;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * Where requests are sent.
 *
 * @param region the region, by which requests are signed
 * @param endpoint the address of the server; null for that of the region
 * @param pathStyle whether the bucket is in the path, instead of in the name of the host
 * @param trustedCertificates a file of certificates in PEM; null for what the JVM trusts
 * @param credentials the login; null for the SDK's chain of providers
 * @param connectTimeout how long connecting may take
 * @param answerTimeout how long the server may send nothing
 * @param requestTimeout how long a request may take in all
 */
public record S3Server(
        String region,
        @Nullable URI endpoint,
        boolean pathStyle,
        @Nullable Path trustedCertificates,
        @Nullable AwsCredentialsProvider credentials,
        Duration connectTimeout,
        Duration answerTimeout,
        Duration requestTimeout) {

    public boolean isEncrypted() {
        return endpoint == null || "https".equals(endpoint.getScheme());
    }

    /** Returns the host, and the port if one is set. */
    public String address() {
        return endpoint == null ? "s3." + region + ".amazonaws.com" : endpoint.getRawAuthority();
    }
}
