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
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
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

    /** RFC 5321: a command line has 512 characters at most, its line break included. */
    private static final int MAX_COMMAND = 510;

    private static final int LOGGED_IN = 235;
    private static final int CONTINUE = 334;

    /** The setting of the mail library for what is added to the command MAIL. */
    private static final String MAIL_PARAMETERS = "mail.smtp.mailextension";

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
                connection.logInByToken(secret);
                return connection;
            } catch (RuntimeException | Error e) {
                connection.close();
                throw e;
            }
        });
    }

    private void connect(Optional<String> secret) {
        Optional<SmtpServer.Login> login = server.login().filter(by -> !by.usesToken());
        try {
            transport.connect(
                    server.host(),
                    server.port(),
                    login.map(SmtpServer.Login::user).orElse(null),
                    login.flatMap(by -> secret).orElse(null));
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
        if (server.requiresUtf8() && !transport.supportsExtension("SMTPUTF8")) {
            throw failures.noUtf8();
        }
    }

    /**
     * Logs in by XOAUTH2, on the protected connection. A token that does not fit in a command line is sent after the
     * command (RFC 4954). Servers explain a refused token in a challenge, and refuse it after an empty answer.
     */
    private void logInByToken(Optional<String> secret) {
        Optional<SmtpServer.Login> login = server.login().filter(SmtpServer.Login::usesToken);
        if (login.isEmpty()) {
            return;
        }
        String offered = String.valueOf(transport.getExtensionParameter("AUTH"));
        if (!List.of(offered.toUpperCase(Locale.ROOT).split(" ")).contains(SmtpServer.Login.XOAUTH2)) {
            throw failures.noMechanismOffered();
        }
        String token = "user=" + login.get().user() + "\1auth=Bearer " + secret.orElseThrow() + "\1\1";
        String response = Base64.getEncoder().encodeToString(token.getBytes(StandardCharsets.UTF_8));
        String command = "AUTH " + SmtpServer.Login.XOAUTH2;
        try {
            int code;
            if (command.length() + 1 + response.length() > MAX_COMMAND) {
                code = transport.simpleCommand(command);
                code = code == CONTINUE ? transport.simpleCommand(response) : code;
            } else {
                code = transport.simpleCommand(command + " " + response);
            }
            code = code == CONTINUE ? transport.simpleCommand("") : code;
            if (code != LOGGED_IN) {
                throw failures.loginFailed(null, lastReply());
            }
        } catch (MessagingException e) {
            throw failures.loginFailed(e, lastReply());
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

    /**
     * Checks that the server takes a message of a size.
     *
     * @param what the file, for the message of the exception
     * @param size in bytes, not less than it will have
     * @throws DeliveryException if the server announces that it does not
     */
    public void checkSize(String what, long size) {
        OptionalLong maximum = maximum();
        if (maximum.isPresent() && size > maximum.getAsLong()) {
            throw failures.tooLarge(what, size, maximum.getAsLong());
        }
    }

    /** The largest message that the server accepts, in bytes; empty if it does not announce one. */
    private OptionalLong maximum() {
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
     * @param size its size in bytes, not less than it will have, which the server is told if it wants to know; 0 if it
     *     is not known
     * @return empty if the server accepted it, else its reply to the recipient or the message
     * @throws DeliveryException if no message to another recipient can be sent on this connection either
     */
    public Optional<SmtpReply> send(MailMessage message, MailAddress recipient, long size) {
        boolean announced = size > 0 && transport.supportsExtension("SIZE");
        server.properties().setProperty(MAIL_PARAMETERS, announced ? "SIZE=" + size : "");
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
                throw reply.isTooLarge() ? failures.tooLarge(reply) : failures.senderRefused(reply);
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
