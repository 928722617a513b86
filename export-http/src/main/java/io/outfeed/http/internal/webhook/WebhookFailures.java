package io.outfeed.http.internal.webhook;

import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.internal.failure.Causes;
import io.outfeed.internal.failure.HostCalls;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/**
 * What became of a request, as exceptions: each with the code of its kind. They name the server, and no other part of
 * the address.
 *
 * @param id the id of the notifier
 * @param about what was to be sent, in parentheses at the end of each message
 */
public record WebhookFailures(String id, WebhookTarget target, String about) {

    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY_REQUESTS = 429;

    /** Throws unless a status says that the request was accepted. */
    void check(int status) {
        if (status >= 200 && status <= 299) {
            return;
        }
        FailureCode code = code(status);
        throw DeliveryException.answered(
                code,
                id,
                Integer.toString(status),
                target + " answered " + status + advice(status, code) + about,
                null);
    }

    private static FailureCode code(int status) {
        return switch (status) {
            case REQUEST_TIMEOUT, TOO_MANY_REQUESTS -> FailureCode.DESTINATION_UNAVAILABLE;
            case 401 -> FailureCode.LOGIN_REFUSED;
            case 403 -> FailureCode.PERMISSION_DENIED;
            case 404, 410 -> FailureCode.DESTINATION_MISSING;
            default -> status >= 500 ? FailureCode.DESTINATION_UNAVAILABLE : FailureCode.DESTINATION_REFUSED;
        };
    }

    private static String advice(int status, FailureCode code) {
        if (status >= 300 && status <= 399) {
            return ", a redirect, which is not followed: give the notifier the new address";
        }
        return switch (code) {
            case LOGIN_REFUSED -> ": check the secret of the notifier";
            case PERMISSION_DENIED -> ": check what the webhook may post";
            case DESTINATION_MISSING -> ": the webhook is not there; give the notifier the address of another one";
            case DESTINATION_REFUSED -> ": check that the receiver takes the JSON of this notifier";
            default -> ", and may accept it later";
        };
    }

    DeliveryException broken(Throwable cause) {
        if (Causes.has(cause, CertificateException.class)) {
            return DeliveryException.of(
                    FailureCode.IDENTITY_REFUSED,
                    id,
                    "the certificate of " + target
                            + " is not trusted: check the host's name, or give an sslContext that trusts its authority"
                            + about,
                    HostCalls.redact(cause));
        }
        if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
            return DeliveryException.of(
                    FailureCode.DESTINATION_UNAVAILABLE,
                    id,
                    "can't connect to " + target + ": nothing was sent" + about,
                    HostCalls.redact(cause));
        }
        return noAnswer("did not answer", cause);
    }

    DeliveryException noAnswer(String what, @Nullable Throwable cause) {
        return DeliveryException.of(
                FailureCode.DESTINATION_UNAVAILABLE,
                id,
                target + " " + what + ": it may have the notices all the same" + about,
                cause == null ? null : HostCalls.redact(cause));
    }

    DeliveryException interrupted(String when) {
        return DeliveryException.of(FailureCode.STOPPED, id, "it was interrupted " + when + about, null);
    }

    /** The host's supplier has thrown, or gave what is no secret. */
    public DeliveryException noSecret(String why, @Nullable Throwable cause) {
        return DeliveryException.of(
                FailureCode.SECRET_UNAVAILABLE,
                id,
                "nothing was sent, since the secret " + why + about,
                cause == null ? null : HostCalls.redact(cause));
    }
}
