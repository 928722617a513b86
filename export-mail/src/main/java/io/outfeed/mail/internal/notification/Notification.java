package io.outfeed.mail.internal.notification;

import io.outfeed.mail.internal.message.MailAddress;

/**
 * The mail about an event, the same for all its recipients.
 *
 * @param about the job and the run in parentheses, for the log
 */
public record Notification(String subject, String body, String about) {

    /**
     * One recipient of it.
     *
     * @param number its number in messages, which name no address
     */
    public record Recipient(int number, MailAddress address, String messageId) {}
}
