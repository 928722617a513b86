/**
 * Delivery by email: each recipient gets the file as an attachment of a message of their own. Notifications by email:
 * what was delivered, with links, and what needs attention.
 *
 * <p>Addresses of recipients are in no exception, receipt, log line or {@code toString} of this package: recipients are
 * counted and numbered in the order in which they were given. The mail library below does not log its dialogue.
 */
@NullMarked
package io.outfeed.mail;

import org.jspecify.annotations.NullMarked;
