/** Sockets to servers, directly or by a proxy, and the watchdog over them. */
@NullMarked
package io.outfeed.sftp.internal.socket;

import org.jspecify.annotations.NullMarked;
