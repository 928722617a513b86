package io.outfeed.mail.internal.smtp;

import io.outfeed.error.DeliveryException;
import io.outfeed.mail.internal.message.FileAttachment;
import io.outfeed.mail.internal.message.MailAddress;
import io.outfeed.mail.internal.message.MailMessage;
import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection that is protected and logged in as the server's definition asks. Used by one thread. */
public final class SmtpConnection implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SmtpConnection.class);

    private final SmtpServer server;
    private final String id;
    private final String about;
    private final Session session;
    private final SMTPTransport transport;

    private SmtpConnection(SmtpServer server, String id, String about) {
        this.server = server;
        this.id = id;
        this.about = about;
        this.session = Session.getInstance(server.properties());
        this.transport =
                new SMTPTransport(session, new URLName("smtp", server.host(), server.port(), null, null, null));
    }

    /**
     * Connects.
     *
     * @param id the id of the delivery or notifier, for exceptions
     * @param about what is to be sent, in parentheses at the end of the message of each exception
     * @throws DeliveryException if that fails, or if the connection is not protected or logged in as it must be
     */
    public static SmtpConnection open(SmtpServer server, String id, String about) {
        Optional<String> secret =
                secret(server, id, about); // outside withLibrary: the host's code keeps its class loader
        return withLibrary(() -> {
            SmtpConnection connection = new SmtpConnection(server, id, about);
            try {
                connection.connect(secret);
                connection.check();
                return connection;
            } catch (DeliveryException e) {
                connection.close();
                throw e;
            }
        });
    }

    private void connect(Optional<String> secret) {
        try {
            transport.connect(
                    server.host(),
                    server.port(),
                    server.login().map(SmtpServer.Login::user).orElse(null),
                    secret.orElse(null));
        } catch (AuthenticationFailedException e) {
            throw loginFailed(e);
        } catch (MessagingException e) {
            throw connectFailed(e);
        }
    }

    private static Optional<String> secret(SmtpServer server, String id, String about) {
        try {
            return server.login().map(login -> login.secret().get());
        } catch (RuntimeException e) {
            throw DeliveryException.retryable(
                    id, "the password or access token for " + server + " could not be had" + about, e);
        }
    }

    /** The library connects in silence without TLS or without a login if the server offers none. */
    private void check() {
        if (server.requiresTls() && !transport.isSSL()) {
            throw DeliveryException.permanent(
                    id, "the connection to " + server + " is not protected: nothing was sent" + about, null);
        }
        if (server.login().isPresent()
                && !transport.supportsExtension("AUTH")
                && !transport.supportsExtension("AUTH=LOGIN")) {
            throw DeliveryException.permanent(
                    id,
                    server + " offers no login: nothing was sent; check the port, or remove the user if it needs none"
                            + about,
                    null);
        }
    }

    private DeliveryException loginFailed(AuthenticationFailedException e) {
        SmtpReply reply = lastReply();
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

    private DeliveryException connectFailed(MessagingException e) {
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
        SmtpReply reply = lastReply();
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

    private SmtpReply lastReply() {
        String answer = transport.getLastServerResponse();
        return SmtpReply.of(transport.getLastReturnCode(), answer == null ? "" : answer);
    }

    public Session session() {
        return session;
    }

    /** Asks the server with a NOOP whether the connection is still open. */
    public boolean isAlive() {
        return transport.isConnected();
    }

    /** The largest message that the server accepts, in bytes; empty if it does not announce one. */
    public OptionalLong maximum() {
        String size = transport.getExtensionParameter("SIZE");
        if (size == null || !size.strip().matches("\\d{1,18}")) {
            return OptionalLong.empty();
        }
        long maximum = Long.parseLong(size.strip());
        return maximum == 0 ? OptionalLong.empty() : OptionalLong.of(maximum); // RFC 1870: 0 is no limit
    }

    /**
     * Sends a message to its recipient.
     *
     * @return empty if the server accepted it, else its reply to the recipient or the message
     * @throws DeliveryException if no message to another recipient can be sent on this connection either
     */
    public Optional<SmtpReply> send(MailMessage message, MailAddress recipient) {
        return withLibrary(() -> sendNow(message, recipient));
    }

    private Optional<SmtpReply> sendNow(MailMessage message, MailAddress recipient) {
        try {
            transport.sendMessage(message, new Address[] {recipient.toInternetAddress()});
            return Optional.empty();
        } catch (MessagingException e) {
            SmtpReply reply = replyIn(e);
            if (reply.code() < 400 || reply.isClosing()) {
                throw broken(e, reply, message.written());
            }
            if (e instanceof SMTPSendFailedException failed
                    && failed.getCommand() != null
                    && failed.getCommand().startsWith("MAIL ")) {
                throw senderRefused(reply);
            }
            return Optional.of(reply);
        }
    }

    private DeliveryException senderRefused(SmtpReply reply) {
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

    private DeliveryException broken(MessagingException e, SmtpReply reply, boolean written) {
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

    private static SmtpReply replyIn(MessagingException e) {
        for (Throwable link = e; link instanceof MessagingException next; link = next.getNextException()) {
            if (link instanceof SMTPAddressFailedException address) {
                return SmtpReply.of(address.getReturnCode(), String.valueOf(address.getMessage()));
            }
            if (link instanceof SMTPSendFailedException send) {
                return SmtpReply.of(send.getReturnCode(), String.valueOf(send.getMessage()));
            }
        }
        return new SmtpReply(0, "0");
    }

    /** The failure of the connection below; never an exception of the library, whose messages repeat addresses. */
    private static @Nullable IOException ioCause(MessagingException e) {
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

    @Override
    public void close() {
        try {
            transport.close();
        } catch (MessagingException e) {
            log.debug(
                    "Could not close the connection to {} with QUIT; what it accepted is not affected",
                    server,
                    ioCause(e));
        }
    }

    /**
     * The mail library finds its parts with the context class loader of the thread, which in a host may not see them
     * ("no object DCH for MIME type multipart/mixed"): for a call it is the library's own.
     */
    public static <R> R withLibrary(Supplier<R> call) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(SMTPTransport.class.getClassLoader());
        try {
            return call.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
