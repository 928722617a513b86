package io.outfeed.mail.internal.smtp;

import io.outfeed.error.FailureCode;
import java.util.ArrayList;
import java.util.List;

/** The replies of a server to one message for several recipients, which are numbered and never named. */
public final class RecipientReplies {

    private final int recipients;
    private final List<String> refused = new ArrayList<>();
    private final List<String> deferred = new ArrayList<>();
    private final List<SmtpReply> replies = new ArrayList<>();
    private int notSent;

    public RecipientReplies(int recipients) {
        this.recipients = recipients;
    }

    /** Adds a recipient whose message was not accepted. */
    public void add(int number, SmtpReply reply) {
        replies.add(reply);
        (reply.isTransient() ? deferred : refused).add("recipient " + number + " (" + reply.codes() + ")");
    }

    /** Sets to how many recipients nothing was sent. */
    public void notSent(int count) {
        notSent = count;
    }

    /** How many recipients the message was accepted for. */
    public int accepted() {
        return recipients - replies.size() - notSent;
    }

    public boolean allAccepted() {
        return accepted() == recipients;
    }

    /** Whether a recipient is not served for now, and may be in some minutes: a full mailbox lasts longer. */
    public boolean anyMayChangeSoon() {
        return replies.stream().anyMatch(reply -> reply.kind() == FailureCode.DESTINATION_UNAVAILABLE);
    }

    /** The reply that decides whether the message is tried again: the first one that may change, else the first. */
    public SmtpReply decisive() {
        return replies.stream()
                .filter(reply -> reply.kind().remedy() == FailureCode.Remedy.TIME)
                .findFirst()
                .orElse(replies.get(0));
    }

    /** The counts and the refusals, as the end of a sentence. */
    @Override
    public String toString() {
        return "was accepted for " + accepted() + " of " + recipients
                + " recipients" + part("refused", refused) + part("not served for now", deferred)
                + (notSent == 0 ? "" : "; not sent to " + notSent);
    }

    private static String part(String what, List<String> recipients) {
        return recipients.isEmpty() ? "" : "; " + what + " " + recipients.size() + ": " + String.join(", ", recipients);
    }
}
