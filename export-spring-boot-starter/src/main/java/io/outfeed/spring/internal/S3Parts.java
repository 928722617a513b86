package io.outfeed.spring.internal;

import static java.util.Objects.requireNonNull;

import io.outfeed.delivery.Delivery;
import io.outfeed.s3.S3Delivery;
import io.outfeed.s3.S3Encryption;
import io.outfeed.spring.OutfeedProperties;
import io.outfeed.spring.S3DeliveryBuilderCustomizer;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is made with export-s3. Loaded only where that is there. */
final class S3Parts {

    private final Secrets secrets;
    private final Customizers customizers;
    private final Findings findings;

    S3Parts(Secrets secrets, Customizers customizers, Findings findings) {
        this.secrets = secrets;
        this.customizers = customizers;
        this.findings = findings;
    }

    @Nullable
    Delivery delivery(String id, String path, OutfeedProperties.S3 s3) {
        String bucket = findings.required(path + ".bucket", s3.bucket());
        Supplier<char[]> secret = secrets.optional(path + ".secret-key", s3.secretKey(), findings);
        if (s3.accessKey() == null && s3.secretKey() != null) {
            findings.add(path + ".access-key", "is missing");
        } else if (s3.accessKey() != null) {
            findings.required(path + ".secret-key", s3.secretKey());
        }
        if (s3.withoutEncryption()) {
            findings.required(path + ".endpoint", s3.endpoint());
        }
        if (bucket == null
                || (s3.accessKey() == null) != (secret == null)
                || (s3.withoutEncryption() && s3.endpoint() == null)) {
            return null;
        }
        return findings.make(path, () -> {
            S3Delivery.Builder builder = S3Delivery.builder(id, bucket);
            place(builder, s3);
            if (s3.accessKey() != null) {
                builder.accessKey(s3.accessKey(), requireNonNull(secret));
            }
            if (s3.kmsKey() != null) {
                builder.encryption(S3Encryption.kms(s3.kmsKey()));
            }
            if (s3.storageClass() != null) {
                builder.storageClass(s3.storageClass());
            }
            customizers.of(S3DeliveryBuilderCustomizer.class).forEach(each -> each.customize(id, builder));
            return builder.build();
        });
    }

    private static void place(S3Delivery.Builder builder, OutfeedProperties.S3 s3) {
        if (s3.region() != null) {
            builder.region(s3.region());
        }
        if (s3.endpoint() != null) {
            if (s3.withoutEncryption()) {
                builder.endpointWithoutEncryption(s3.endpoint());
            } else {
                builder.endpoint(s3.endpoint());
            }
        }
        if (s3.pathStyle()) {
            builder.pathStyle();
        }
        if (s3.trustedCertificates() != null) {
            builder.trustedCertificates(Path.of(s3.trustedCertificates()));
        }
        if (s3.prefix() != null) {
            builder.prefix(s3.prefix());
        }
    }
}
