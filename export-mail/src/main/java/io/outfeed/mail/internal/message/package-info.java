/**
 * Messages and what they are made of: addresses, headers, ids, texts and attachments.
 */
@NullMarked
package io.outfeed.mail.internal.message;

import org.jspecify.annotations.NullMarked;
