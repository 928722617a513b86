/** Paths at a server. */
@NullMarked
package io.outfeed.sftp.internal.path;

import org.jspecify.annotations.NullMarked;
