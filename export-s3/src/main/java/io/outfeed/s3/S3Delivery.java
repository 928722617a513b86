package io.outfeed.s3;

import static java.util.Objects.requireNonNull;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Protection;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.file.FileNames;
import io.outfeed.s3.internal.AccessKey;
import io.outfeed.s3.internal.S3Links;
import io.outfeed.s3.internal.S3Session;
import io.outfeed.s3.internal.S3Settings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * Delivery to a bucket of Amazon S3, or of a server with its API.
 *
 * <pre>{@code
 * S3Delivery.builder("lakeside", "lakeside-exports")
 *     .region("eu-central-1")
 *     .prefix("visits")
 *     .build();
 * }</pre>
 *
 * <p>An object appears whole. A file up to the size of a part is written by one request when it is published. A larger
 * one is uploaded in parts before, which no receiver sees, and completing the upload publishes it; the next attempt
 * sends only the parts that the server does not have. Each request says what may be there: no object of that name, or
 * the one that was seen and is replaced. The SHA-256 of each request is sent for the server to verify. Objects have in
 * their metadata the run, the path and the SHA-256 of the file, by which a request is recognized whose answer got lost.
 *
 * <p>A location is {@code s3://bucket/key}.
 *
 * <p>Immutable, and thread-safe if its credentials are. Nothing is connected before {@link #open}.
 */
public final class S3Delivery implements Delivery {

    private final S3Settings settings;
    private final String account;

    private S3Delivery(S3Settings settings, String account) {
        this.settings = settings;
        this.account = account;
    }

    /**
     * Starts a delivery.
     *
     * @param id the destination's name in the ledger: letters A-Z and a-z, digits, {@code .}, {@code _} and {@code -}
     * @param bucket the name of the bucket, or the alias of an access point
     * @return a builder with the defaults
     */
    public static Builder builder(String id, String bucket) {
        return new Builder(id, bucket);
    }

    @Override
    public String id() {
        return settings.id();
    }

    @Override
    public FileNames fileNames() {
        return FileNames.UNICODE;
    }

    /**
     * Protected: requests are encrypted, the server's certificate is verified, and the bucket's policies decide who
     * reads. Plain for an {@linkplain Builder#endpointWithoutEncryption endpoint without encryption}.
     */
    @Override
    public Protection protection() {
        return settings.server().isEncrypted() ? Protection.PROTECTED : Protection.PLAIN;
    }

    /** The host and the bucket. */
    @Override
    public String server() {
        return settings.server().address() + "/" + settings.bucket().name();
    }

    /** The id of the access key, or where the credentials come from, and the host and the bucket. */
    @Override
    public String login() {
        return account + "@" + server();
    }

    /** The endpoint, the region, the bucket and the prefix. */
    @Override
    public String fingerprint() {
        return String.join(
                "\n",
                settings.id(),
                settings.server().address(),
                settings.server().region(),
                settings.bucket().name(),
                settings.bucket().prefix());
    }

    /**
     * An address with a signature of this delivery's login, for {@link Builder#linkLifetime}: with it each caller reads
     * the object for that time, and no longer than the login itself is valid. None by default.
     */
    @Override
    public Optional<URI> link(String location) {
        return S3Links.link(settings, location);
    }

    /**
     * Lists at most one object of the prefix, which proves that the bucket and the login are there. That the login may
     * not list is no failure. Closing the session ends its threads; the JDK may keep an idle connection for some
     * seconds.
     *
     * @return the session
     * @throws io.outfeed.error.DeliveryException a retryable one if the server can't be reached or does not answer; a
     *     permanent one if it refuses the login, or if the bucket is not there
     */
    @Override
    public DeliverySession open() {
        return S3Session.open(settings);
    }

    /** The destination, without any secret. */
    @Override
    public String toString() {
        return "S3 delivery '" + settings.id() + "' to s3://"
                + settings.bucket().name() + "/" + settings.bucket().prefix() + " at "
                + settings.server().address();
    }

    /** Collects the options of a delivery to a bucket. Not thread-safe. */
    public static final class Builder {

        private final S3Options options;

        private Builder(String id, String bucket) {
            this.options = new S3Options(requireNonNull(id, "id"), requireNonNull(bucket, "bucket"));
        }

        /**
         * Sets the region of the bucket. Required, unless an endpoint is set: then {@code us-east-1} is the default,
         * which most other servers expect.
         *
         * @param region such as {@code eu-central-1}; replaces the one set before
         * @return this builder
         */
        public Builder region(String region) {
            options.region = requireNonNull(region, "region");
            return this;
        }

        /**
         * Sets the address of another server than Amazon's. Default: that of the region.
         *
         * @param endpoint an address with {@code https}, without the bucket; replaces the one set before
         * @return this builder
         */
        public Builder endpoint(URI endpoint) {
            options.endpoint = requireNonNull(endpoint, "endpoint");
            return this;
        }

        /**
         * Sets the address of a server that is reached without encryption: the network between can read the files, and
         * can pretend to be the server. The delivery is {@link Protection#PLAIN} then. For tests, and servers on
         * the same machine.
         *
         * @param endpoint an address with {@code http}, without the bucket; replaces the one set before
         * @return this builder
         */
        public Builder endpointWithoutEncryption(URI endpoint) {
            options.plainEndpoint = requireNonNull(endpoint, "endpoint");
            return this;
        }

        /**
         * Puts the bucket into the path of addresses, as most other servers than Amazon's expect, instead of into the
         * name of the host. Default: in the name of the host.
         *
         * @return this builder
         */
        public Builder pathStyle() {
            options.pathStyle = true;
            return this;
        }

        /**
         * Sets what the keys of all objects begin with. A slash is added at its end. Default: nothing.
         *
         * @param prefix such as {@code exports/lakeside}, at most 500 characters; replaces the one set before
         * @return this builder
         */
        public Builder prefix(String prefix) {
            options.prefix = requireNonNull(prefix, "prefix");
            return this;
        }

        /**
         * Trusts the certificates of a file, and what they have signed, for a server with a certificate of its own
         * authority. Default: what the JVM trusts.
         *
         * @param pem one or more certificates in PEM, of authorities or of the server; read when a session is opened;
         *     replaces the file set before
         * @return this builder
         */
        public Builder trustedCertificates(Path pem) {
            options.trustedCertificates = requireNonNull(pem, "pem");
            return this;
        }

        /**
         * Logs in with what a provider of the SDK gives. Default: the SDK's chain of providers, which looks at system
         * properties, the environment, profiles, and what the machine or container is given.
         *
         * @param credentials is asked at each request, by a thread of the session, which has the MDC of the thread that
         *     delivers and none of its other variables; not closed by the delivery
         * @return this builder
         */
        public Builder credentials(AwsCredentialsProvider credentials) {
            options.credentials.add(requireNonNull(credentials, "credentials"));
            options.account = "credentials of '" + options.id + "'";
            return this;
        }

        /**
         * Logs in with an access key. Set it instead of {@link #credentials}.
         *
         * @param id the id of the access key
         * @param secret is called at each request, by a thread as for {@link #credentials}, so that the secret may
         *     change; the SDK keeps the result as a text in memory
         * @return this builder
         */
        public Builder accessKey(String id, Supplier<char[]> secret) {
            options.credentials.add(new AccessKey(requireNonNull(id, "id"), requireNonNull(secret, "secret")));
            options.account = id;
            return this;
        }

        /**
         * Sets how the server encrypts objects. Default: as the bucket says; Amazon S3 encrypts all objects.
         *
         * @param encryption replaces the one set before
         * @return this builder
         */
        public Builder encryption(S3Encryption encryption) {
            options.encryption = requireNonNull(encryption, "encryption");
            return this;
        }

        /**
         * Sets the storage class of objects. Default: that of the bucket.
         *
         * @param storageClass such as {@code STANDARD_IA}; replaces the one set before
         * @return this builder
         */
        public Builder storageClass(String storageClass) {
            options.storageClass = requireNonNull(storageClass, "storageClass");
            return this;
        }

        /**
         * Sets the content type of all objects. Default: by the ending of each file's name, such as {@code text/csv}.
         *
         * @param contentType such as {@code text/csv; charset=utf-8}; replaces the one set before
         * @return this builder
         */
        public Builder contentType(String contentType) {
            options.contentType = requireNonNull(contentType, "contentType");
            return this;
        }

        /**
         * Adds a tag to all objects. Default: none. The login needs {@code s3:PutObjectTagging} for it.
         *
         * @param name 1 to 128 characters, not beginning with {@code aws:}; a second tag of that name replaces the
         *     first
         * @param value at most 256 characters
         * @return this builder
         */
        public Builder tag(String name, String value) {
            options.tags.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
            return this;
        }

        /**
         * Sets whether the server takes conditions for writes. Default: {@link ConditionalWrites#REQUIRED}.
         *
         * @param conditionalWrites replaces the one set before
         * @return this builder
         */
        public Builder conditionalWrites(ConditionalWrites conditionalWrites) {
            options.conditionalWrites = requireNonNull(conditionalWrites, "conditionalWrites");
            return this;
        }

        /**
         * Sets the size of a part: larger files are uploaded in parts. A file that would have more than 9,999 of them
         * has larger ones. Default: 8 MiB.
         *
         * @param bytes 5 MiB to 5 GiB, in bytes; replaces the size set before
         * @return this builder
         */
        public Builder partSize(long bytes) {
            options.partSize = bytes;
            return this;
        }

        /**
         * Sets how long connecting to the server may take. Default: 10 seconds.
         *
         * @param timeout 1 millisecond to 1 day; replaces the one set before
         * @return this builder
         */
        public Builder connectTimeout(Duration timeout) {
            options.connectTimeout = requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Sets how long the server may send nothing while it is to answer. Default: 60 seconds.
         *
         * @param timeout 1 millisecond to 1 day; replaces the one set before
         * @return this builder
         */
        public Builder answerTimeout(Duration timeout) {
            options.answerTimeout = requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Sets how long one request may take in all, such as that for a part, whatever progress it makes. Default: 15
         * minutes.
         *
         * @param timeout 1 millisecond to 1 day; replaces the one set before
         * @return this builder
         */
        public Builder requestTimeout(Duration timeout) {
            options.requestTimeout = requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Gives links to objects, which a mail of a success shows: each has a signature by which a receiver of the link
         * reads that object, without a login, for some time. The bucket must be reached with encryption. Default: no
         * links.
         *
         * @param lifetime for how long a link is good from when it is made: 1 second to 7 days, and no longer than the
         *     credentials are valid; replaces the one set before
         * @return this builder
         */
        public Builder linkLifetime(Duration lifetime) {
            options.linkLifetime = requireNonNull(lifetime, "lifetime");
            return this;
        }

        /** Sets from which size on files are uploaded in parts, which tests do to have small ones. */
        Builder multipartFrom(long bytes) {
            options.multipartFrom = bytes;
            return this;
        }

        /**
         * Builds the delivery. Nothing is connected or read yet.
         *
         * @return the delivery, with a copy of the options
         * @throws InvalidDefinitionException if anything is missing or wrong; all problems are listed
         */
        public S3Delivery build() {
            List<String> problems = options.problems();
            if (!problems.isEmpty()) {
                throw new InvalidDefinitionException("S3 delivery '" + options.id + "'", problems);
            }
            return new S3Delivery(options.settings(), options.account);
        }
    }
}
