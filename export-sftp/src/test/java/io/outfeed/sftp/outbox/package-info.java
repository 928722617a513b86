/** Tests of the layout that {@code docs/guide/outbox.md} describes. */
@NullMarked
package io.outfeed.sftp.outbox;

import org.jspecify.annotations.NullMarked;
