/** Delivery by FTPS, and by FTP: {@link io.outfeed.ftp.FtpsDelivery}. */
@NullMarked
package io.outfeed.ftp;

import org.jspecify.annotations.NullMarked;
