/**
 * Mails about events: their text, their recipients, and sending them.
 */
@NullMarked
package io.outfeed.mail.internal.notification;

import org.jspecify.annotations.NullMarked;
