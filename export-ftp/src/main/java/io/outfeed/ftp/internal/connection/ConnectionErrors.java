package io.outfeed.ftp.internal.connection;

import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.ftp.internal.login.LoginException;
import io.outfeed.ftp.internal.socket.ReplyTooLongException;
import io.outfeed.ftp.internal.tls.ServerTrust;
import io.outfeed.internal.connection.ConnectionLease;
import io.outfeed.internal.connection.LeaseSettings;
import io.outfeed.internal.connection.TimeoutText;
import io.outfeed.internal.connection.Watchdog;
import io.outfeed.internal.failure.Causes;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a failed connection means for its delivery, as exceptions that say what to do. */
public final class ConnectionErrors {

    private final String delivery;
    private final Endpoint endpoint;

    ConnectionErrors(String delivery, Endpoint endpoint) {
        this.delivery = delivery;
        this.endpoint = endpoint;
    }

    /** Names the delivery at the end of a message. */
    private String context() {
        return " (delivery=" + delivery + ")";
    }

    DeliveryException of(FailureCode code, String message, @Nullable Throwable cause) {
        return DeliveryException.of(code, delivery, message + context(), cause);
    }

    DeliveryException answered(FailureCode code, String message, RefusedException e) {
        return DeliveryException.answered(code, delivery, Integer.toString(e.code()), message + context(), e);
    }

    DeliveryException login(LoginException e) {
        return of(e.code(), String.valueOf(e.getMessage()), e.getCause());
    }

    /** The certificate of the server was refused. */
    DeliveryException identity(ServerTrust.Problem problem, String fingerprint) {
        String certificate = "the certificate of " + endpoint.server();
        String shown = "its SHA-256 fingerprint is " + fingerprint;
        return of(
                FailureCode.IDENTITY_REFUSED,
                switch (problem) {
                    case NOT_TRUSTED ->
                        certificate + " is not trusted: " + shown + ". Compare it with what the server's operator says,"
                                + " and set trustedCertificates or pinnedCertificate. Nothing was sent";
                    case OTHER_NAME ->
                        certificate + " is for other names than " + endpoint.host() + ": " + shown + ". Use the name"
                                + " that it is for, or have the server's operator correct it. Nothing was sent";
                    case NOT_VALID_NOW ->
                        certificate + " has expired, or is not valid yet: " + shown + ". Have the server's operator"
                                + " renew it, or check this machine's clock. Nothing was sent";
                },
                null);
    }

    /** A request broke the connection, or timed out; {@code context} ends the message. */
    public static DeliveryException failure(
            ConnectionLease<Endpoint, FtpConnection> lease, String action, String context, IOException e) {
        LeaseSettings<Endpoint> settings = lease.settings();
        return new ConnectionErrors(settings.delivery(), settings.endpoint())
                .operation(action, context, lease.connection().watchdog(), settings.deliveryTimeout(), e);
    }

    /** A connection broke before the user was logged in. */
    DeliveryException connecting(String action, Watchdog watchdog, Exception e) {
        return broken(action, context(), watchdog.expired(), endpoint.connectTimeout(), e);
    }

    /** A connection broke, or timed out, during an operation; {@code context} ends the message. */
    DeliveryException operation(
            String action, String context, Watchdog watchdog, Duration deliveryTimeout, Exception e) {
        if (watchdog.overdue()) {
            return DeliveryException.retryable(
                    delivery,
                    "the delivery was not over within " + TimeoutText.of(deliveryTimeout) + ", to " + action + " at "
                            + endpoint.server()
                            + " was cut off: check the network's speed, or raise deliveryTimeout" + context,
                    e);
        }
        return broken(action, context, watchdog.expired(), endpoint.operationTimeout(), e);
    }

    private DeliveryException broken(String action, String context, boolean expired, Duration limit, Exception e) {
        if (Thread.currentThread().isInterrupted()) {
            return DeliveryException.of(
                    FailureCode.STOPPED,
                    delivery,
                    "it was interrupted to " + action + " at " + endpoint.server() + context,
                    e);
        }
        if (Causes.has(e, ReplyTooLongException.class) || Causes.has(e, MalformedReplyException.class)) {
            return DeliveryException.permanent(
                    delivery,
                    endpoint.server() + " sent what is no reply of FTP, to " + action
                            + " failed: check host and port, and whether TLS is explicit or implicit there" + context,
                    e);
        }
        if (e instanceof RefusedException refused && refused.code() == RefusedException.CLOSING) {
            return DeliveryException.answered(
                    FailureCode.DESTINATION_UNAVAILABLE,
                    delivery,
                    "421",
                    endpoint.server() + " closed the connection, to " + action
                            + " failed: it is busy or shutting down, or has too many connections" + context,
                    e);
        }
        if (expired || Causes.has(e, SocketTimeoutException.class)) {
            return DeliveryException.retryable(
                    delivery,
                    endpoint.server() + " gave no answer within " + TimeoutText.of(limit) + " to " + action
                            + ": check the server and the network" + context,
                    e);
        }
        return DeliveryException.retryable(
                delivery,
                "the connection to " + endpoint.server() + " broke, to " + action
                        + " failed: check the server and the network" + context,
                e);
    }
}
