/** Sockets to servers, directly or by a proxy. */
@NullMarked
package io.outfeed.sftp.internal.socket;

import org.jspecify.annotations.NullMarked;
