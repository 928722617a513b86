/** Paths at a server. */
@NullMarked
package io.outfeed.ftp.internal.path;

import org.jspecify.annotations.NullMarked;
