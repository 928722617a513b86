/** Whether a server's certificate is accepted, and TLS on the sockets of a connection. */
@NullMarked
package io.outfeed.ftp.internal.tls;

import org.jspecify.annotations.NullMarked;
