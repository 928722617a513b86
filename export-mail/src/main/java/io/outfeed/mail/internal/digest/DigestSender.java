package io.outfeed.mail.internal.digest;

import io.outfeed.error.DeliveryException;
import io.outfeed.mail.internal.message.MailAddress;
import io.outfeed.mail.internal.message.MessageIds;
import io.outfeed.mail.internal.notification.Notification;
import io.outfeed.mail.internal.notification.NotificationSender;
import io.outfeed.mail.internal.notification.NotificationSender.Result;
import io.outfeed.mail.internal.smtp.RecipientReplies;
import io.outfeed.mail.internal.smtp.SmtpReply;
import io.outfeed.mail.internal.smtp.SmtpServer;
import io.outfeed.notification.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Sends digests. One that no recipient has accepted is to be given again; once one has accepted it, it is to be given
 * again a few times only, for the others: what is wrong with one mailbox must not keep news from the rest. Thread-safe.
 */
public final class DigestSender {

    /** With the intervals of the engine about a quarter of an hour: greylisting takes some minutes. */
    private static final int TRIES_FOR_OTHERS = 5;

    private final String id;
    private final MailAddress from;
    private final List<MailAddress> recipients;
    private final NotificationSender sender;

    private String lastDigest = "";
    private int tries;

    /**
     * Makes the sender of a notifier.
     *
     * @param id the id of the notifier, for exceptions and the log
     * @param server called for each connection
     */
    public DigestSender(String id, Supplier<SmtpServer> server, MailAddress from, List<MailAddress> recipients) {
        this.id = id;
        this.from = from;
        this.recipients = List.copyOf(recipients);
        this.sender = new NotificationSender(id, server, from);
    }

    /**
     * Sends a digest to each recipient that has not accepted it from this object before.
     *
     * @throws DeliveryException if it is to be given again
     */
    public void send(Digest digest, String subject) {
        List<Notification.Recipient> unsent = unsent(digest);
        if (unsent.isEmpty()) {
            return;
        }
        Notification mail = new Notification(
                subject,
                DigestText.of(digest, id),
                Optional.of(DigestHtml.of(digest, id)),
                " (digest=" + digest.id() + ")");
        Result result = sender.send(mail, unsent);
        if (result.replies().allAccepted()) {
            return;
        }
        boolean accepted = unsent.size() < recipients.size() || result.replies().accepted() > 0;
        if (!accepted || (mayChange(result) && isTriedAgain(digest))) {
            throw failure(mail, result);
        }
        sender.logUnsent(mail, result);
    }

    private List<Notification.Recipient> unsent(Digest digest) {
        String key = id + "\n" + digest.id();
        List<Notification.Recipient> unsent = new ArrayList<>();
        for (int i = 0; i < recipients.size(); i++) {
            String messageId = MessageIds.of("digest", key, from, recipients.get(i));
            if (!sender.hasSent(messageId)) {
                unsent.add(new Notification.Recipient(i + 1, recipients.get(i), messageId));
            }
        }
        return unsent;
    }

    private static boolean mayChange(Result result) {
        return result.failure() != null || result.replies().anyMayChangeSoon();
    }

    private synchronized boolean isTriedAgain(Digest digest) {
        tries = digest.id().equals(lastDigest) ? tries + 1 : 1;
        lastDigest = digest.id();
        return tries < TRIES_FOR_OTHERS;
    }

    private DeliveryException failure(Notification mail, Result result) {
        if (result.failure() != null) {
            return result.failure();
        }
        RecipientReplies replies = result.replies();
        SmtpReply reply = replies.decisive();
        String toDo = reply.isTransient() ? "" : ": correct the recipients of the notifier";
        return DeliveryException.answered(
                reply.kind(),
                id,
                reply.codes(),
                "the mail '" + mail.subject() + "' " + replies + toDo + mail.about(),
                null);
    }
}
