/** The protocol of a delivery: uploads, publication, inspection. */
@NullMarked
package io.outfeed.ftp.internal.transfer;

import org.jspecify.annotations.NullMarked;
