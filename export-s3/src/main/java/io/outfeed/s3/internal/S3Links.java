package io.outfeed.s3.internal;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Links to objects with a signature: each is all that is needed to read one object for some time. */
public final class S3Links {

    private S3Links() {}

    /**
     * Signs a link. Nothing is sent to the server; the credentials may be fetched.
     *
     * @return empty if the delivery has no links, or if its keys do not have the location
     */
    public static Optional<URI> link(S3Settings settings, String location) {
        @Nullable Duration lifetime = settings.linkLifetime();
        Optional<String> key = settings.bucket().ownKey(Bucket.Location.parse(location));
        return lifetime == null ? Optional.empty() : key.map(name -> sign(settings, name, lifetime));
    }

    private static URI sign(S3Settings settings, String key, Duration lifetime) {
        @Nullable AwsCredentialsProvider given = settings.server().credentials();
        if (given != null) {
            return sign(settings, key, lifetime, given);
        }
        try (DefaultCredentialsProvider chain =
                DefaultCredentialsProvider.builder().build()) {
            return sign(settings, key, lifetime, chain);
        }
    }

    private static URI sign(S3Settings settings, String key, Duration lifetime, AwsCredentialsProvider credentials) {
        S3Server server = settings.server();
        S3Presigner.Builder builder = S3Presigner.builder()
                .region(Region.of(server.region()))
                .credentialsProvider(credentials)
                .serviceConfiguration(S3Configuration.builder()
                        .pathStyleAccessEnabled(server.pathStyle())
                        .build());
        if (server.endpoint() != null) {
            builder.endpointOverride(server.endpoint());
        }
        try (S3Presigner presigner = builder.build()) {
            return URI.create(presigner
                    .presignGetObject(request -> request.signatureDuration(lifetime)
                            .getObjectRequest(
                                    get -> get.bucket(settings.bucket().name()).key(key)))
                    .url()
                    .toString());
        }
    }
}
