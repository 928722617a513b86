package io.outfeed.mail.internal.notification;

import io.outfeed.mail.internal.message.MailAddress;
import java.util.Optional;

/**
 * The mail about an event or a digest, the same for all its recipients.
 *
 * @param html the same as the text, for programs that show HTML; empty for a mail with a text only
 * @param about the job and the run, or the digest, in parentheses: for the log
 */
public record Notification(String subject, String text, Optional<String> html, String about) {

    /**
     * One recipient of it.
     *
     * @param number its number in messages, which name no address
     */
    public record Recipient(int number, MailAddress address, String messageId) {}
}
