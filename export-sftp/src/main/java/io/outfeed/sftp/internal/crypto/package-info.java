/** The algorithms that are offered to a server: key exchanges, ciphers, message authentication codes. */
@NullMarked
package io.outfeed.sftp.internal.crypto;

import org.jspecify.annotations.NullMarked;
