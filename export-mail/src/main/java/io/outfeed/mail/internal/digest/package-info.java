/**
 * Mails about incidents: their text and HTML, and when they count as sent.
 */
@NullMarked
package io.outfeed.mail.internal.digest;

import org.jspecify.annotations.NullMarked;
