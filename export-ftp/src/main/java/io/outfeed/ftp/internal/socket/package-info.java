/** Sockets, and the limit of what a server may reply. */
@NullMarked
package io.outfeed.ftp.internal.socket;

import org.jspecify.annotations.NullMarked;
