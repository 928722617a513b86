/** SFTP on one channel of a connection. */
@NullMarked
package io.outfeed.sftp.internal.channel;

import org.jspecify.annotations.NullMarked;
