/** Proxies for the tests that break, delay or change connections. */
@NullMarked
package io.outfeed.sftp.network;

import org.jspecify.annotations.NullMarked;
