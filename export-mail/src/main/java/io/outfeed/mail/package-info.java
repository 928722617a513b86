/**
 * Delivery by email: each recipient gets the file as an attachment of a message of their own. Notifications by email:
 * what was delivered, with links, and what needs attention.
 *
 * <p>Addresses of recipients are in no exception, receipt, log line or {@code toString} of this package: recipients are
 * counted and numbered in the order in which they were given. The mail library below does log its dialogue, addresses
 * included, when the {@code java.util.logging} level of {@code org.eclipse.angus.mail} is FINE or lower.
 */
@NullMarked
package io.outfeed.mail;

import org.jspecify.annotations.NullMarked;
