package io.outfeed.s3.internal;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.internal.failure.Causes;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.io.Interrupts;
import io.outfeed.internal.text.NameAdvice;
import io.outfeed.internal.text.VisibleText;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;

/**
 * What became of a request, as exceptions: each with the code of its kind. They quote the server's error code and the
 * id of the request, and none of its sentences.
 */
final class S3Failures {

    private static final int LONGEST_CODE = 60;

    private final S3Settings settings;

    S3Failures(S3Settings settings) {
        this.settings = settings;
    }

    static String at(OutgoingFile file) {
        return " (" + file.origin() + ")";
    }

    String at() {
        return " (delivery=" + settings.id() + ")";
    }

    /**
     * Makes the exception for a request that failed.
     *
     * @param doing what failed, such as "can't write s3://exports/a.csv"
     * @param at the job and the run, in parentheses
     */
    DeliveryException of(String doing, RuntimeException e, String at) {
        return e instanceof AwsServiceException answer ? answered(doing, answer, at) : unanswered(doing, e, at);
    }

    // ---- answers

    /** The error code of an answer; an empty text if it has none. */
    static String code(AwsServiceException answer) {
        return Optional.ofNullable(answer.awsErrorDetails())
                .map(AwsErrorDetails::errorCode)
                .map(code -> VisibleText.of(code, LONGEST_CODE))
                .orElse("");
    }

    private DeliveryException answered(String doing, AwsServiceException answer, String at) {
        String code = code(answer);
        FailureCode kind = kind(answer.statusCode(), code);
        String status = answer.statusCode() + (code.isEmpty() ? "" : " " + code);
        String request =
                answer.requestId() == null ? "" : " (request " + VisibleText.of(answer.requestId(), LONGEST_CODE) + ")";
        return DeliveryException.answered(
                kind,
                settings.id(),
                status,
                doing + ": " + settings.server().address() + " answered " + status + request
                        + advice(answer, code, kind) + at,
                HostCalls.redact(answer));
    }

    private static FailureCode kind(int status, String code) {
        return switch (code) {
            case "InvalidAccessKeyId",
                    "SignatureDoesNotMatch",
                    "ExpiredToken",
                    "InvalidToken",
                    "TokenRefreshRequired",
                    "NotSignedUp",
                    "RequestTimeTooSkewed" -> FailureCode.LOGIN_REFUSED;
            case "NoSuchBucket" -> FailureCode.DESTINATION_MISSING;
            case "QuotaExceeded", "InsufficientCapacity", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded" ->
                FailureCode.DESTINATION_FULL;
            case "BadDigest",
                    "InvalidDigest",
                    "XAmzContentSHA256Mismatch",
                    "XAmzContentChecksumMismatch",
                    "IncompleteBody",
                    "NoSuchUpload",
                    "RequestTimeout" -> FailureCode.DESTINATION_UNAVAILABLE;
            default -> code.startsWith("KMS.") ? FailureCode.PERMISSION_DENIED : kind(status);
        };
    }

    private static FailureCode kind(int status) {
        return switch (status) {
            case 401, 403 -> FailureCode.PERMISSION_DENIED;
            case 404 -> FailureCode.DESTINATION_MISSING;
            case 408, 409, 412, 429 -> FailureCode.DESTINATION_UNAVAILABLE;
            case 501 -> FailureCode.DESTINATION_REFUSED;
            case 507 -> FailureCode.DESTINATION_FULL;
            default -> status >= 500 ? FailureCode.DESTINATION_UNAVAILABLE : FailureCode.DESTINATION_REFUSED;
        };
    }

    private String advice(AwsServiceException answer, String code, FailureCode kind) {
        if (code.equals("RequestTimeTooSkewed")) {
            return ": the clock of this host is wrong; correct it";
        } else if (isOtherRegion(answer.statusCode(), code)) {
            return region(answer)
                    .map(region -> ": the bucket is in region " + region + "; set that one")
                    .orElse(": the bucket is in another region, or at another endpoint; set that one");
        } else if (answer.statusCode() == 501) {
            return ": the server does not know a feature that is set; leave out encryption, tags or the storage class,"
                    + " or set conditionalWrites(NOT_SUPPORTED)";
        }
        return switch (kind) {
            case LOGIN_REFUSED -> ": check the access key and its secret";
            case PERMISSION_DENIED ->
                ": check what the policies allow for "
                        + settings.bucket().location(settings.bucket().prefix())
                        + (settings.encryption().isKms() ? ", and for the KMS key" : "");
            case DESTINATION_MISSING ->
                ": check the bucket's name and the endpoint, and whether the bucket is in the path (pathStyle)";
            case DESTINATION_FULL -> ": make room there, or raise the quota";
            case DESTINATION_REFUSED -> ": check the options of the delivery";
            default -> ", and may accept it later";
        };
    }

    private static boolean isOtherRegion(int status, String code) {
        return status == 301
                || status == 307
                || code.equals("AuthorizationHeaderMalformed")
                || code.equals("IllegalLocationConstraintException");
    }

    private static Optional<String> region(AwsServiceException answer) {
        return Optional.ofNullable(answer.awsErrorDetails())
                .map(AwsErrorDetails::sdkHttpResponse)
                .flatMap(response -> response.firstMatchingHeader("x-amz-bucket-region"))
                .map(region -> VisibleText.of(region, LONGEST_CODE));
    }

    // ---- no answer

    private DeliveryException unanswered(String doing, RuntimeException e, String at) {
        String server = settings.server().address();
        Optional<NoCredentialsException> none = Causes.find(e, NoCredentialsException.class);
        if (none.isPresent()) {
            return failed(
                    FailureCode.SECRET_UNAVAILABLE,
                    doing + ": there are no credentials, and nothing was sent; check the provider of the credentials"
                            + at,
                    none.get().getCause());
        } else if (e instanceof ApiCallTimeoutException) {
            return failed(
                    FailureCode.DESTINATION_UNAVAILABLE,
                    doing + ": " + server + " did not answer within "
                            + settings.server().requestTimeout() + at,
                    e);
        } else if (e instanceof AbortedException || Interrupts.isCause(e)) {
            Thread.currentThread().interrupt();
            return failed(FailureCode.STOPPED, doing + ": its thread was interrupted" + at, e);
        } else if (Causes.has(e, UnencryptedRequestException.class)) {
            return failed(
                    FailureCode.DESTINATION_REFUSED,
                    doing + ": a setting of the environment, such as AWS_ENDPOINT_URL, leads to an address without"
                            + " encryption, and nothing was sent; remove it, or set the endpoint of the delivery" + at,
                    e);
        } else if (Causes.has(e, CertificateException.class)) {
            return failed(
                    FailureCode.IDENTITY_REFUSED,
                    doing + ": " + server + " does not prove its identity; check the endpoint, or set"
                            + " trustedCertificates to a file with the certificate of its authority" + at,
                    e);
        } else if (Causes.has(e, ConnectException.class) || Causes.has(e, UnknownHostException.class)) {
            return failed(
                    FailureCode.DESTINATION_UNAVAILABLE,
                    doing + ": can't connect to " + server + ", and nothing was sent" + at,
                    e);
        }
        return failed(FailureCode.DESTINATION_UNAVAILABLE, doing + ": " + server + " did not answer" + at, e);
    }

    private DeliveryException failed(FailureCode code, String message, @Nullable Throwable cause) {
        return DeliveryException.of(code, settings.id(), message, cause == null ? null : HostCalls.redact(cause));
    }

    DeliveryException unreadableCertificates(Exception e) {
        return failed(
                FailureCode.IDENTITY_REFUSED,
                "can't read the trusted certificates: check that "
                        + settings.server().trustedCertificates() + " is there, and has certificates in PEM" + at(),
                e);
    }

    // ---- what was found

    DeliveryException occupied(String location, OutgoingFile file) {
        return DeliveryException.occupied(
                settings.id(), location + " exists already: " + NameAdvice.OCCUPIED + at(file));
    }

    DeliveryException changed(String location, OutgoingFile file) {
        return DeliveryException.retryable(
                settings.id(),
                location + " was changed by others while it was to be replaced, and was not touched" + at(file),
                null);
    }

    /** What is stored of a run may be damaged, or forged: it must not touch other objects. */
    DeliveryException outside(String location, OutgoingFile file) {
        return DeliveryException.of(
                FailureCode.DESTINATION_REFUSED,
                settings.id(),
                VisibleText.of(location, 300) + " is no place of this file in "
                        + settings.bucket().location(settings.bucket().prefix())
                        + ": nothing was touched there. If the delivery had another bucket or prefix, set that one"
                        + " again, or give the run up; else the store is damaged" + at(file),
                null);
    }

    DeliveryException stopped(OutgoingFile file) {
        return DeliveryException.of(
                FailureCode.STOPPED,
                settings.id(),
                "the upload of " + file.file().path() + " stopped: its thread was interrupted" + at(file),
                null);
    }

    DeliveryException otherSize(OutgoingFile file, long bytes) {
        return DeliveryException.retryable(
                settings.id(),
                "the staged file of " + file.file().path() + " has " + bytes + " bytes instead of "
                        + file.file().bytes() + at(file),
                null);
    }

    DeliveryException ignoresConditions(String location) {
        return DeliveryException.permanent(
                settings.id(),
                settings.server().address() + " has written " + location + " twice, although the second request had"
                        + " If-None-Match: a delivery could replace a file of others unseen. Use a server that takes"
                        + " conditions, or set conditionalWrites(NOT_SUPPORTED): receipts then say DIRECT" + at(),
                null);
    }

    DeliveryException refusesNewObject(String location) {
        return DeliveryException.permanent(
                settings.id(),
                settings.server().address() + " says that " + location + " exists, which no other check has: find out"
                        + " what it does with If-None-Match, or set conditionalWrites(NOT_SUPPORTED)" + at(),
                null);
    }

    DeliveryException completesOtherwise(String location) {
        return DeliveryException.permanent(
                settings.id(),
                settings.server().address() + " has not made of the parts of an upload what it was asked for, at "
                        + location + ": large files can't be delivered there. Raise partSize above the size of the"
                        + " files, so that each is written by one request, or use another server" + at(),
                null);
    }

    DeliveryException checkNotRemoved(String location) {
        return DeliveryException.of(
                FailureCode.PERMISSION_DENIED,
                settings.id(),
                "the check has written " + location + ", which has no data, and may not remove it: allow"
                        + " s3:DeleteObject and s3:GetObject there, or do without checks and retention" + at(),
                null);
    }
}
