/** Deliveries of files over a connection: upload, verification, publication, removal. */
@NullMarked
package io.outfeed.sftp.internal.transfer;

import org.jspecify.annotations.NullMarked;
