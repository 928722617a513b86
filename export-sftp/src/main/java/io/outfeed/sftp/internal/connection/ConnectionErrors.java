package io.outfeed.sftp.internal.connection;

import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.internal.connection.ConnectionLease;
import io.outfeed.internal.connection.LeaseSettings;
import io.outfeed.internal.connection.TimeoutText;
import io.outfeed.internal.connection.Watchdog;
import io.outfeed.internal.failure.Causes;
import io.outfeed.sftp.internal.channel.PacketTooLongException;
import io.outfeed.sftp.internal.login.LoginException;
import io.outfeed.sftp.internal.socket.IdentificationTooLongException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
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

    DeliveryException login(LoginException e) {
        return of(e.code(), String.valueOf(e.getMessage()), e.getCause());
    }

    /** A request broke the connection, or timed out; {@code context} ends the message. */
    public static DeliveryException failure(
            ConnectionLease<Endpoint, SftpConnection> lease, String action, String context, IOException e) {
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
        if (Causes.has(e, IdentificationTooLongException.class)) {
            return DeliveryException.permanent(
                    delivery,
                    endpoint.server()
                            + " sent more than 8 KiB, and did not identify itself as a server of SSH: check host"
                            + " and port" + context,
                    e);
        }
        if (Causes.has(e, PacketTooLongException.class)) {
            return DeliveryException.permanent(
                    delivery,
                    endpoint.server() + " sent what is no packet of SFTP, to " + action + " failed: mostly the shell of"
                            + " user '" + endpoint.user() + "' prints text when it starts. Have its operator let the"
                            + " shell print nothing for sessions without a terminal" + context,
                    e);
        }
        if (expired || Causes.has(e, TimeoutException.class) || Causes.has(e, SocketTimeoutException.class)) {
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
