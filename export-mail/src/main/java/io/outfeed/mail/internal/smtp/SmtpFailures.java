package io.outfeed.mail.internal.smtp;

import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.internal.failure.Causes;
import io.outfeed.mail.internal.message.FileAttachment;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong with a server, as exceptions of the engine: each with the code of its kind, and the replies
 * reduced to their codes.
 *
 * @param server the server
 * @param id the id of the delivery or notifier
 * @param about what was to be sent, in parentheses at the end of each message
 */
record SmtpFailures(SmtpServer server, String id, String about) {

    /** What helps against the limit of a server. */
    private static final String SMALLER =
            "zip the file, export more often, deliver it by SFTP, or mail a link to it by" + " MailNotifier";

    /** The thread was interrupted, which has closed the connection. */
    private DeliveryException interrupted(String when) {
        return of(FailureCode.STOPPED, "it was interrupted " + when, null);
    }

    private static boolean isInterrupted() {
        return Thread.currentThread().isInterrupted();
    }

    DeliveryException noSecret(Throwable cause) {
        return of(
                FailureCode.SECRET_UNAVAILABLE,
                "the password or access token for " + server + " could not be had",
                cause);
    }

    DeliveryException notProtected() {
        return of(
                FailureCode.IDENTITY_REFUSED,
                "the connection to " + server + " is not protected: nothing was sent",
                null);
    }

    DeliveryException noLoginOffered() {
        return of(
                FailureCode.LOGIN_REFUSED,
                server + " offers no login: nothing was sent; check the port, or remove the user if it needs none",
                null);
    }

    DeliveryException noMechanismOffered() {
        return of(
                FailureCode.LOGIN_REFUSED,
                server + " offers no login mechanism that is used here ("
                        + server.login().map(SmtpServer.Login::mechanisms).orElse("") + "): nothing was sent",
                null);
    }

    DeliveryException noUtf8() {
        return of(
                FailureCode.DESTINATION_REFUSED,
                server + " takes no addresses with letters beyond ASCII before the '@' (it does not offer SMTPUTF8):"
                        + " nothing was sent; use other addresses, or another server",
                null);
    }

    DeliveryException tooLarge(String what, long size, long maximum) {
        return of(
                FailureCode.DESTINATION_REFUSED,
                what + " makes a message of about " + size + " bytes, " + server + " takes " + maximum
                        + ": nothing was sent; " + SMALLER,
                null);
    }

    DeliveryException tooLarge(SmtpReply reply) {
        return answered(
                FailureCode.DESTINATION_REFUSED,
                reply,
                server + " takes no message of this size (" + reply.codes() + "): nothing was sent; " + SMALLER);
    }

    DeliveryException loginFailed(@Nullable MessagingException e, SmtpReply reply) {
        if (isInterrupted()) {
            return interrupted("while it logged in to " + server + ": nothing was sent");
        }
        if (reply.isPermanent()) {
            return answered(
                    FailureCode.LOGIN_REFUSED,
                    reply,
                    server + " refused the login (" + reply.codes() + "): check user and "
                            + server.login().map(SmtpServer.Login::secretName).orElse("password"));
        }
        if (reply.isTransient()) {
            return answered(
                    FailureCode.DESTINATION_UNAVAILABLE,
                    reply,
                    server + " refused the login for now (" + reply.codes() + ")");
        }
        if (reply.code() <= 0) {
            return of(
                    FailureCode.DESTINATION_UNAVAILABLE,
                    "the connection to " + server + " broke during the login",
                    e == null ? null : ioCause(e));
        }
        return noMechanismOffered();
    }

    DeliveryException connectFailed(MessagingException e, SmtpReply reply) {
        if (isInterrupted()) {
            return interrupted("while it connected to " + server + ": nothing was sent");
        }
        IOException cause = ioCause(e);
        if (cause != null && Causes.has(cause, CertificateException.class)) {
            return of(
                    FailureCode.IDENTITY_REFUSED,
                    "the certificate of " + server
                            + " is not trusted: check the host's name, or give an sslContext that trusts its authority",
                    cause);
        }
        if (cause != null) {
            return of(FailureCode.DESTINATION_UNAVAILABLE, "can't connect to " + server, cause);
        }
        if (reply.isPermanent()) {
            return answered(
                    FailureCode.DESTINATION_REFUSED, reply, server + " refused the connection (" + reply.codes() + ")");
        }
        if (server.requiresStartTls() && reply.code() == 250) {
            return of(
                    FailureCode.IDENTITY_REFUSED,
                    server + " does not offer STARTTLS: nothing was sent; check the port, or use MailSecurity.TLS",
                    null);
        }
        return reply.code() > 0
                ? answered(
                        FailureCode.DESTINATION_UNAVAILABLE,
                        reply,
                        server + " did not accept the connection (" + reply.codes() + ")")
                : of(FailureCode.DESTINATION_UNAVAILABLE, server + " did not accept the connection (it closed)", null);
    }

    DeliveryException senderRefused(SmtpReply reply) {
        if (reply.isTransient()) {
            return answered(
                    FailureCode.DESTINATION_UNAVAILABLE,
                    reply,
                    server + " refused the sender for now (" + reply.codes() + ")");
        }
        return answered(
                FailureCode.PERMISSION_DENIED,
                reply,
                server + " refused the sender (" + reply.codes() + "): check from, and what the user may send as");
    }

    private DeliveryException of(FailureCode code, String message, @Nullable Throwable cause) {
        return DeliveryException.of(code, id, message + about, cause);
    }

    private DeliveryException answered(FailureCode code, SmtpReply reply, String message) {
        return DeliveryException.answered(code, id, reply.codes(), message + about, null);
    }

    DeliveryException connectionBroken(MessagingException e, SmtpReply reply, boolean written) {
        IOException cause = ioCause(e);
        if (cause instanceof FileAttachment.UnreadableException) {
            return of(
                    FailureCode.STORE_UNAVAILABLE,
                    "can't read " + cause.getMessage() + ", the message was cut off",
                    cause);
        }
        String sent = written
                ? " after a whole message was sent: its recipient may get it twice, with the same Message-ID"
                : " before a whole message was sent";
        if (isInterrupted()) {
            return interrupted("while it sent to " + server + "," + sent);
        }
        String message =
                "the connection to " + server + " broke" + (reply.isClosing() ? " (" + reply.codes() + ")" : "") + sent;
        return reply.isClosing()
                ? answered(FailureCode.DESTINATION_UNAVAILABLE, reply, message)
                : of(FailureCode.DESTINATION_UNAVAILABLE, message, cause);
    }

    /** The failure of the connection below; never an exception of the library, whose messages repeat addresses. */
    static @Nullable IOException ioCause(MessagingException e) {
        Throwable link = e;
        while (link instanceof MessagingException next) {
            link = next.getNextException();
        }
        return link instanceof IOException io ? io : null;
    }
}
