package io.outfeed.s3;

import static java.util.Objects.requireNonNull;

import io.outfeed.s3.internal.Bucket;
import io.outfeed.s3.internal.ObjectEncryption;
import io.outfeed.s3.internal.S3Server;
import io.outfeed.s3.internal.S3Settings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** The options of a delivery with their defaults. The builder sets them; {@link S3Delivery.Builder} documents them. */
final class S3Options {

    private static final Pattern SAFE_ID = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,119}");
    private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]");
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,40}");
    private static final Pattern STORAGE_CLASS = Pattern.compile("[A-Z0-9_]{1,40}");
    private static final Pattern CONTENT_TYPE = Pattern.compile("[\\x21-\\x7e]+/[\\x20-\\x7e]+");
    private static final int LONGEST_PREFIX = 500;
    private static final int MOST_TAGS = 10;
    private static final long MEBIBYTE = 1L << 20;
    private static final long LEAST_PART = 5 * MEBIBYTE;
    private static final long MOST_PART = 5L << 30;

    final String id;
    final String bucket;

    // ---- the server

    @Nullable
    String region;

    @Nullable
    URI endpoint;

    @Nullable
    URI plainEndpoint;

    boolean pathStyle;

    @Nullable
    Path trustedCertificates;

    Duration connectTimeout = Duration.ofSeconds(10);
    Duration answerTimeout = Duration.ofSeconds(60);
    Duration requestTimeout = Duration.ofMinutes(15);

    // ---- the login

    final List<AwsCredentialsProvider> credentials = new ArrayList<>();

    /** Names the account for {@link S3Delivery#login}. */
    String account = "default credentials";

    // ---- the objects

    String prefix = "";

    @Nullable
    S3Encryption encryption;

    @Nullable
    String storageClass;

    @Nullable
    String contentType;

    final Map<String, String> tags = new LinkedHashMap<>();

    @Nullable
    Duration linkLifetime;

    ConditionalWrites conditionalWrites = ConditionalWrites.REQUIRED;
    long partSize = 8 * MEBIBYTE;

    /** No option of the builder; null for files that are larger than a part. */
    @Nullable
    Long multipartFrom;

    S3Options(String id, String bucket) {
        this.id = id;
        this.bucket = bucket;
    }

    /** Returns every problem of the options; empty if the delivery can be built. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (!SAFE_ID.matcher(id).matches() || id.contains("..") || id.endsWith(".")) {
            problems.add("the id is no safe name: at most 120 letters A-Z and a-z, digits, '.', '_' and '-', not "
                    + "beginning with '.' or '-'");
        }
        if (!BUCKET.matcher(bucket).matches()) {
            problems.add("bucket '" + bucket + "' is no name of a bucket: 3 to 63 letters, digits, '.', '_' and '-'");
        }
        serverProblems(problems);
        if (credentials.size() > 1) {
            problems.add(
                    "the credentials are set " + credentials.size() + " times: choose one accessKey or credentials");
        }
        objectProblems(problems);
        return problems;
    }

    private void serverProblems(List<String> problems) {
        if (region == null && endpoint == null && plainEndpoint == null) {
            problems.add("region is missing, such as eu-central-1");
        } else if (region != null && !REGION.matcher(region).matches()) {
            problems.add("region '" + region + "' is no region such as eu-central-1");
        }
        if (endpoint != null && plainEndpoint != null) {
            problems.add("endpoint and endpointWithoutEncryption are both set: choose one");
        }
        if (endpoint != null) {
            endpointProblem("endpoint", endpoint, "https", problems);
        }
        if (plainEndpoint != null) {
            endpointProblem("endpointWithoutEncryption", plainEndpoint, "http", problems);
            if (trustedCertificates != null) {
                problems.add("an endpoint without encryption has no certificates: use endpoint, or leave out"
                        + " trustedCertificates");
            }
        }
        checkTimeout("connectTimeout", connectTimeout, problems);
        checkTimeout("answerTimeout", answerTimeout, problems);
        checkTimeout("requestTimeout", requestTimeout, problems);
    }

    /** Without the address itself where it may have a secret. */
    private static void endpointProblem(String name, URI endpoint, String scheme, List<String> problems) {
        if (endpoint.getRawUserInfo() != null || endpoint.getRawQuery() != null) {
            problems.add(name + " has a user or a query: it is an address such as " + scheme + "://s3.example.org");
        } else if (!scheme.equals(endpoint.getScheme()) || endpoint.getHost() == null) {
            problems.add(name + " '" + endpoint + "' is no address such as " + scheme + "://s3.example.org");
        }
    }

    private void objectProblems(List<String> problems) {
        String plain = withSlash(prefix);
        if (prefix.length() > LONGEST_PREFIX
                || plain.startsWith("/")
                || plain.contains("//")
                || List.of(plain.split("/", -1)).contains("..")
                || List.of(plain.split("/", -1)).contains(".")
                || plain.indexOf('?') >= 0
                || plain.chars().anyMatch(Character::isISOControl)) {
            problems.add("prefix '" + prefix + "' is not like exports/lakeside: at most " + LONGEST_PREFIX
                    + " characters, and no '//', '.', '..', '?' and control characters");
        }
        if (storageClass != null && !STORAGE_CLASS.matcher(storageClass).matches()) {
            problems.add("storageClass '" + storageClass + "' is not like STANDARD_IA");
        }
        if (contentType != null && !CONTENT_TYPE.matcher(contentType).matches()) {
            problems.add("contentType '" + contentType + "' is not like text/csv");
        }
        if (tags.size() > MOST_TAGS) {
            problems.add("there are " + tags.size() + " tags, and an object has at most " + MOST_TAGS);
        }
        tags.forEach((name, value) -> {
            if (name.isBlank() || name.length() > 128 || value.length() > 256 || name.startsWith("aws:")) {
                problems.add("tag '" + name + "' can't be used: a name has 1 to 128 characters and does not begin with"
                        + " 'aws:', a value has at most 256");
            }
        });
        if (linkLifetime != null
                && (linkLifetime.compareTo(Duration.ofSeconds(1)) < 0
                        || linkLifetime.compareTo(Duration.ofDays(7)) > 0)) {
            problems.add("linkLifetime " + linkLifetime + " is not between 1 second and 7 days");
        }
        if (linkLifetime != null && plainEndpoint != null) {
            problems.add("linkLifetime needs an endpoint with encryption: a link is all that is needed to read a file");
        }
        if (partSize < LEAST_PART || partSize > MOST_PART) {
            problems.add("partSize " + partSize + " is not between 5 MiB and 5 GiB");
        }
    }

    private static void checkTimeout(String name, Duration value, List<String> problems) {
        if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(Duration.ofDays(1)) > 0) {
            problems.add(name + " " + value + " is not between 1 millisecond and 1 day");
        }
    }

    /** Returns an immutable copy; requires that there is no problem. */
    S3Settings settings() {
        return new S3Settings(
                id,
                new S3Server(
                        region == null ? "us-east-1" : region,
                        endpoint == null ? plainEndpoint : endpoint,
                        pathStyle,
                        trustedCertificates,
                        credentials.isEmpty() ? null : credentials.get(0),
                        connectTimeout,
                        answerTimeout,
                        requestTimeout),
                new Bucket(bucket, withSlash(prefix)),
                encryption == null ? ObjectEncryption.OF_BUCKET : encryption.encryption(),
                storageClass,
                contentType,
                Collections.unmodifiableMap(new LinkedHashMap<>(tags)),
                linkLifetime,
                conditionalWrites == ConditionalWrites.REQUIRED,
                partSize,
                multipartFrom == null ? partSize + 1 : requireNonNull(multipartFrom));
    }

    private static String withSlash(String prefix) {
        return prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
    }
}
