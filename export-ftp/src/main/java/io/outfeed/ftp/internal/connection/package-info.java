/** From a socket to a logged-in FTP connection, and its data connections. */
@NullMarked
package io.outfeed.ftp.internal.connection;

import org.jspecify.annotations.NullMarked;
