package io.outfeed.http.internal.upload;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.internal.failure.Causes;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.text.NameAdvice;
import io.outfeed.internal.text.VisibleText;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What became of a request, as exceptions: each with the code of its kind. They have the status of an answer, and none
 * of its text.
 */
final class UploadFailures {

    private static final int LONGEST_LOCATION = 300;

    private final UploadSettings settings;

    UploadFailures(UploadSettings settings) {
        this.settings = settings;
    }

    static String at(OutgoingFile file) {
        return " (" + file.origin() + ")";
    }

    String at() {
        return " (delivery=" + settings.id() + ")";
    }

    private String server() {
        return settings.target().server();
    }

    // ---- answers

    /**
     * Makes the exception for an answer that is none of success.
     *
     * @param doing what failed, such as "can't put https://example.org/a.csv"
     */
    DeliveryException answered(String doing, int status, UploadAnswer answer, String at) {
        FailureCode code = code(status, answer);
        return DeliveryException.answered(
                code,
                settings.id(),
                Integer.toString(status),
                doing + ": " + server() + " answered " + status + advice(status, code, answer) + at,
                null);
    }

    private FailureCode code(int status, UploadAnswer answer) {
        return switch (answer) {
            case OCCUPIED -> FailureCode.NAME_OCCUPIED;
            case LATER -> FailureCode.DESTINATION_UNAVAILABLE;
            case REFUSED -> refusal(status);
            case UNKNOWN, TAKEN -> status == 507 ? FailureCode.DESTINATION_FULL : FailureCode.DESTINATION_UNAVAILABLE;
        };
    }

    private FailureCode refusal(int status) {
        return switch (status) {
            case 401, 407, 511 -> FailureCode.LOGIN_REFUSED;
            case 403 -> FailureCode.PERMISSION_DENIED;
            case 404, 410 -> FailureCode.DESTINATION_MISSING;
            case 409 -> settings.folder() ? FailureCode.DESTINATION_MISSING : FailureCode.DESTINATION_REFUSED;
            case 507 -> FailureCode.DESTINATION_FULL;
            default -> FailureCode.DESTINATION_REFUSED;
        };
    }

    private String advice(int status, FailureCode code, UploadAnswer answer) {
        if (status >= 300 && status <= 399) {
            return ", a redirect, which is not followed: give the delivery the new address";
        } else if (status == 413) {
            return ": the file is larger than the receiver takes; raise its limit, or deliver less in one file";
        } else if (status == 415) {
            return ": the receiver does not take this content type; set contentType";
        } else if (status == 405 || status == 501) {
            return ": the receiver does not take such requests at this address; check the address, and whether it"
                    + " expects PUT, POST or a form";
        } else if (answer == UploadAnswer.UNKNOWN) {
            return ", and may have the file all the same";
        }
        return switch (code) {
            case LOGIN_REFUSED -> ": check the token, the password or the headers of the delivery";
            case PERMISSION_DENIED -> ": check what the login may do there";
            case DESTINATION_MISSING -> missing(status);
            case DESTINATION_FULL -> ": make room there, or raise the quota";
            case DESTINATION_REFUSED -> ": ask the receiver what it expects";
            case NAME_OCCUPIED -> ", a file has the name already: " + NameAdvice.OCCUPIED;
            default -> ", and may take the file later";
        };
    }

    private String missing(int status) {
        return status == 409 && !settings.webDav()
                ? ": the folder may be missing; make it there, or set webDav, which makes it"
                : ": check the address";
    }

    // ---- no answer

    DeliveryException unanswered(String doing, Throwable cause, String at) {
        if (Causes.has(cause, CertificateException.class)) {
            return failed(
                    FailureCode.IDENTITY_REFUSED,
                    doing + ": " + server() + " does not prove its identity; check the address, or set an sslContext"
                            + " that trusts its authority" + at,
                    cause);
        } else if (Causes.has(cause, ConnectException.class)
                || Causes.has(cause, HttpConnectTimeoutException.class)
                || Causes.has(cause, UnresolvedAddressException.class)) {
            return failed(
                    FailureCode.DESTINATION_UNAVAILABLE,
                    doing + ": can't connect to " + server() + ", and nothing was sent" + at,
                    cause);
        } else if (Causes.has(cause, SSLException.class)) {
            return failed(
                    FailureCode.DESTINATION_UNAVAILABLE,
                    doing + ": the encrypted connection to " + server() + " broke off; if it always does, check"
                            + " whether the server asks for a certificate of the client (sslContext)" + at,
                    cause);
        }
        return failed(
                FailureCode.DESTINATION_UNAVAILABLE,
                doing + ": " + server() + " broke off before it answered" + at,
                cause);
    }

    DeliveryException silent(String doing, Duration limit, String at) {
        return failed(
                FailureCode.DESTINATION_UNAVAILABLE,
                doing + ": " + server() + " did not answer within " + limit + at,
                null);
    }

    DeliveryException interrupted(String doing, String at) {
        return failed(FailureCode.STOPPED, doing + ": its thread was interrupted" + at, null);
    }

    DeliveryException noSecret(String doing, SecretHeader header, Throwable cause, String at) {
        return failed(
                FailureCode.SECRET_UNAVAILABLE,
                doing + ": the secret for " + header.name() + " could not be had, and nothing was sent; check its"
                        + " supplier" + at,
                cause);
    }

    private DeliveryException failed(FailureCode code, String message, @Nullable Throwable cause) {
        return DeliveryException.of(code, settings.id(), message, cause == null ? null : HostCalls.redact(cause));
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

    DeliveryException otherSize(OutgoingFile file, long bytes) {
        return DeliveryException.of(
                FailureCode.BYTES_CHANGED,
                settings.id(),
                "the staged file of " + file.file().path() + " has " + bytes + " bytes instead of "
                        + file.file().bytes() + at(file),
                null);
    }

    DeliveryException otherSizeThere(String location, long bytes, OutgoingFile file) {
        return DeliveryException.retryable(
                settings.id(),
                server() + " has acknowledged " + location + ", and has " + bytes + " bytes instead of "
                        + file.file().bytes() + at(file),
                null);
    }

    /** What is stored of a run may be damaged, or forged: it must not touch other files. */
    DeliveryException outside(String location, OutgoingFile file) {
        return DeliveryException.of(
                FailureCode.DESTINATION_REFUSED,
                settings.id(),
                VisibleText.of(location, LONGEST_LOCATION) + " is no place of this file below " + settings.target()
                        + ": nothing was touched there. If the delivery had another address, set that one again, or"
                        + " give the run up; else the store is damaged" + at(file),
                null);
    }

    // ---- checks

    DeliveryException ignoresConditions(String location) {
        return DeliveryException.permanent(
                settings.id(),
                server() + " has written " + location + " twice, although the second request had If-None-Match: a"
                        + " delivery could replace a file of others unseen. Use a server that takes conditions, or"
                        + " leave out conditionalWrites" + at(),
                null);
    }

    DeliveryException checkNotSeen(String location) {
        return DeliveryException.permanent(
                settings.id(),
                server() + " has acknowledged " + location + ", which can't be found there: check the address" + at(),
                null);
    }

    DeliveryException checkNotRemoved(String location) {
        return DeliveryException.of(
                FailureCode.PERMISSION_DENIED,
                settings.id(),
                "the check has written " + location + ", which has no data, and may not remove it: allow DELETE"
                        + " there, or set withoutDelete" + at(),
                null);
    }
}
