package io.outfeed.mail.internal.smtp;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.DeliveryException;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.mail.internal.message.MailAddress;
import io.outfeed.mail.internal.message.MailMessage;
import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection that is protected and logged in as the server's definition asks. Used by one thread. */
public final class SmtpConnection implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SmtpConnection.class);

    private final SmtpServer server;
    private final SmtpFailures failures;
    private final Session session;
    private final SMTPTransport transport;

    private SmtpConnection(SmtpServer server, SmtpFailures failures) {
        this.server = server;
        this.failures = failures;
        this.session = Session.getInstance(server.properties());
        this.transport = new SilentTransport(session, server.host(), server.port());
    }

    /**
     * Connects. An interrupt of the thread closes the connection, whatever it waits for.
     *
     * @param id the id of the delivery or notifier, for exceptions
     * @param about what is to be sent, in parentheses at the end of the message of each exception
     * @throws DeliveryException if that fails, or if the connection is not protected or logged in as it must be
     */
    public static SmtpConnection open(SmtpServer server, String id, String about) {
        SmtpFailures failures = new SmtpFailures(server, id, about);
        Optional<String> secret =
                secret(server, failures); // outside withLibrary: the host's code keeps its class loader
        return withLibrary(() -> {
            SmtpConnection connection = new SmtpConnection(server, failures);
            try {
                connection.connect(secret);
                connection.check();
                return connection;
            } catch (RuntimeException | Error e) {
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
            throw failures.loginFailed(e, lastReply());
        } catch (MessagingException e) {
            throw failures.connectFailed(e, lastReply());
        }
    }

    private static Optional<String> secret(SmtpServer server, SmtpFailures failures) {
        try {
            return server.login().map(login -> requireNonNull(login.secret().get(), "secret"));
        } catch (Throwable e) { // its message may have the secret
            throw failures.noSecret(HostCalls.redact(e));
        }
    }

    /** The library connects in silence without TLS or without a login if the server offers none. */
    private void check() {
        if (server.requiresTls() && !transport.isSSL()) {
            throw failures.notProtected();
        }
        if (server.login().isPresent()
                && !transport.supportsExtension("AUTH")
                && !transport.supportsExtension("AUTH=LOGIN")) {
            throw failures.noLoginOffered();
        }
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
                throw failures.connectionBroken(e, reply, message.written());
            }
            if (e instanceof SMTPSendFailedException failed
                    && failed.getCommand() != null
                    && failed.getCommand().startsWith("MAIL ")) {
                throw failures.senderRefused(reply);
            }
            return Optional.of(reply);
        }
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

    @Override
    public void close() {
        try {
            transport.close();
        } catch (MessagingException e) {
            log.debug(
                    "Could not close the connection to {} with QUIT; what it accepted is not affected",
                    server,
                    SmtpFailures.ioCause(e));
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
