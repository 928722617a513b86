package io.outfeed.mail.internal.smtp;

import io.outfeed.error.DeliveryException;
import io.outfeed.mail.internal.message.FileAttachment;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong with a server, as exceptions of the engine: retryable or not, with its replies reduced to their
 * codes.
 *
 * @param server the server
 * @param id the id of the delivery or notifier
 * @param about what was to be sent, in parentheses at the end of each message
 */
record SmtpFailures(SmtpServer server, String id, String about) {

    DeliveryException noSecret(RuntimeException e) {
        return DeliveryException.retryable(
                id, "the password or access token for " + server + " could not be had" + about, e);
    }

    DeliveryException notProtected() {
        return DeliveryException.permanent(
                id, "the connection to " + server + " is not protected: nothing was sent" + about, null);
    }

    DeliveryException noLoginOffered() {
        return DeliveryException.permanent(
                id,
                server + " offers no login: nothing was sent; check the port, or remove the user if it needs none"
                        + about,
                null);
    }

    DeliveryException loginFailed(MessagingException e, SmtpReply reply) {
        if (reply.isPermanent()) {
            return DeliveryException.permanent(
                    id,
                    server + " refused the login (" + reply.codes() + "): check user and "
                            + server.login().map(SmtpServer.Login::secretName).orElse("password") + about,
                    null);
        }
        if (reply.isTransient()) {
            return DeliveryException.retryable(
                    id, server + " refused the login for now (" + reply.codes() + ")" + about, null);
        }
        if (reply.code() <= 0) {
            return DeliveryException.retryable(
                    id, "the connection to " + server + " broke during the login" + about, ioCause(e));
        }
        return DeliveryException.permanent(
                id,
                server + " offers no login mechanism that is used here ("
                        + server.login().map(SmtpServer.Login::mechanisms).orElse("") + "): nothing was sent" + about,
                null);
    }

    DeliveryException connectFailed(MessagingException e, SmtpReply reply) {
        IOException cause = ioCause(e);
        if (cause != null && hasCause(cause, CertificateException.class)) {
            return DeliveryException.permanent(
                    id,
                    "the certificate of " + server
                            + " is not trusted: check the host's name, or give an sslContext that trusts its authority"
                            + about,
                    cause);
        }
        if (cause != null) {
            return DeliveryException.retryable(id, "can't connect to " + server + about, cause);
        }
        if (reply.isPermanent()) {
            return DeliveryException.permanent(
                    id, server + " refused the connection (" + reply.codes() + ")" + about, null);
        }
        if (server.requiresStartTls() && reply.code() == 250) {
            return DeliveryException.permanent(
                    id,
                    server + " does not offer STARTTLS: nothing was sent; check the port, or use MailSecurity.TLS"
                            + about,
                    null);
        }
        return DeliveryException.retryable(
                id,
                server + " did not accept the connection (" + (reply.code() > 0 ? reply.codes() : "it closed") + ")"
                        + about,
                null);
    }

    DeliveryException senderRefused(SmtpReply reply) {
        if (reply.isTransient()) {
            return DeliveryException.retryable(
                    id, server + " refused the sender for now (" + reply.codes() + ")" + about, null);
        }
        return DeliveryException.permanent(
                id,
                server + " refused the sender (" + reply.codes() + "): check from, and what the user may send as"
                        + about,
                null);
    }

    DeliveryException connectionBroken(MessagingException e, SmtpReply reply, boolean written) {
        IOException cause = ioCause(e);
        if (cause instanceof FileAttachment.UnreadableException) {
            return DeliveryException.retryable(
                    id, "can't read " + cause.getMessage() + ", the message was cut off" + about, cause);
        }
        String what = "the connection to " + server + " broke" + (reply.isClosing() ? " (" + reply.codes() + ")" : "");
        return DeliveryException.retryable(
                id,
                what
                        + (written
                                ? " after a whole message was sent: its recipient may get it twice, with"
                                        + " the same Message-ID"
                                : " before a whole message was sent")
                        + about,
                cause);
    }

    /** The failure of the connection below; never an exception of the library, whose messages repeat addresses. */
    static @Nullable IOException ioCause(MessagingException e) {
        Throwable link = e;
        while (link instanceof MessagingException next) {
            link = next.getNextException();
        }
        return link instanceof IOException io ? io : null;
    }

    private static boolean hasCause(Throwable e, Class<? extends Throwable> type) {
        for (Throwable link = e; link != null; link = link.getCause()) {
            if (type.isInstance(link)) {
                return true;
            }
        }
        return false;
    }
}
