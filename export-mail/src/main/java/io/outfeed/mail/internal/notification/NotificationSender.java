package io.outfeed.mail.internal.notification;

import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.mail.internal.message.MailAddress;
import io.outfeed.mail.internal.message.MailMessage;
import io.outfeed.mail.internal.smtp.AcceptedMessages;
import io.outfeed.mail.internal.smtp.RecipientReplies;
import io.outfeed.mail.internal.smtp.SmtpConnection;
import io.outfeed.mail.internal.smtp.SmtpReply;
import io.outfeed.mail.internal.smtp.SmtpServer;
import jakarta.mail.MessagingException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends notifications: once more over a second connection if the first one breaks, and over one connection only while
 * the server can't be reached. Thread-safe.
 */
public final class NotificationSender {

    private static final Logger log = LoggerFactory.getLogger(NotificationSender.class);

    private final String id;
    private final Supplier<SmtpServer> server;
    private final MailAddress from;
    private final AcceptedMessages accepted = new AcceptedMessages();
    private volatile boolean reachable = true;

    /**
     * Makes the sender of a notifier.
     *
     * @param id the id of the notifier, for the log
     * @param server called for each connection
     */
    public NotificationSender(String id, Supplier<SmtpServer> server, MailAddress from) {
        this.id = id;
        this.server = server;
        this.from = from;
    }

    /** Whether the server has accepted a message of this id. */
    public boolean hasSent(String messageId) {
        return accepted.contains(messageId);
    }

    /** Sends a mail, and logs what could not be sent: it is not sent again. */
    public void sendOrLog(Notification notification, Collection<Notification.Recipient> recipients) {
        Result result = send(notification, recipients);
        if (!result.replies().allAccepted()) {
            logUnsent(notification, result);
        }
    }

    /** Logs which recipients a mail is not sent to, and why. */
    public void logUnsent(Notification notification, Result result) {
        DeliveryException failure = result.failure();
        log.warn(
                "Notifier '{}': the mail '{}' {}{}; it is not sent again{}",
                id,
                notification.subject(),
                result.replies(),
                failure == null ? "" : ": " + failure.getMessage(),
                failure == null ? notification.about() : "",
                failure == null ? null : failure.getCause());
    }

    /**
     * What became of a mail.
     *
     * @param failure what kept it from some recipients, apart from what the server replied to them; null if nothing
     */
    public record Result(RecipientReplies replies, @Nullable DeliveryException failure) {}

    /** Sends a mail; does not throw a failure to send. */
    public Result send(Notification notification, Collection<Notification.Recipient> recipients) {
        Deque<Notification.Recipient> waiting = new ArrayDeque<>(recipients);
        RecipientReplies replies = new RecipientReplies(waiting.size());
        DeliveryException failure = null;
        int connections = reachable ? 2 : 1;
        do {
            try {
                sendAll(notification, waiting, replies);
                failure = null;
            } catch (DeliveryException e) {
                failure = e;
            }
            connections--;
        } while (failure != null && mayReconnect(failure) && connections > 0);
        reachable = failure == null || !mayReconnect(failure);
        replies.notSent(waiting.size());
        return new Result(replies, failure);
    }

    private static boolean mayReconnect(DeliveryException failure) {
        return failure.retryable() && failure.code() != FailureCode.STOPPED;
    }

    /** Removes each recipient for whom the server has replied. */
    private void sendAll(Notification notification, Deque<Notification.Recipient> waiting, RecipientReplies replies) {
        try (SmtpConnection connection = SmtpConnection.open(server.get(), id, notification.about())) {
            while (!waiting.isEmpty()) {
                if (Thread.currentThread().isInterrupted()) {
                    throw DeliveryException.of(FailureCode.STOPPED, id, "interrupted" + notification.about(), null);
                }
                Notification.Recipient recipient = waiting.remove();
                Optional<SmtpReply> reply;
                try {
                    reply = connection.send(message(connection, notification, recipient), recipient.address(), 0);
                } catch (DeliveryException e) {
                    waiting.add(recipient); // behind the others: its message may be what breaks the connection
                    throw e;
                }
                reply.ifPresentOrElse(
                        refusal -> replies.add(recipient.number(), refusal), () -> accepted.add(recipient.messageId()));
            }
        }
    }

    private MailMessage message(
            SmtpConnection connection, Notification notification, Notification.Recipient recipient) {
        return SmtpConnection.withLibrary(() -> {
            try {
                return MailMessage.withText(
                        connection.session(),
                        recipient.messageId(),
                        from,
                        recipient.address(),
                        notification.subject(),
                        notification.text(),
                        notification.html());
            } catch (MessagingException e) {
                // no cause: it names the address
                throw DeliveryException.permanent(id, "a message could not be built" + notification.about(), null);
            }
        });
    }
}
