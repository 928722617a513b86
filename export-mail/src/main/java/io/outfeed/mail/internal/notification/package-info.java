/**
 * What a mail about an event says, who gets it, and how it is sent.
 */
@NullMarked
package io.outfeed.mail.internal.notification;

import org.jspecify.annotations.NullMarked;
