/**
 * Connections to a mail server: login, sending, and what the server replied.
 */
@NullMarked
package io.outfeed.mail.internal.smtp;

import org.jspecify.annotations.NullMarked;
