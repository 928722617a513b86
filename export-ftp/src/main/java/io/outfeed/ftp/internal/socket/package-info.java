/** Sockets, time limits, and the watchdogs that close what hangs. */
@NullMarked
package io.outfeed.ftp.internal.socket;

import org.jspecify.annotations.NullMarked;
