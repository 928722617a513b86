/**
 * Delivery by SFTP: {@link io.outfeed.sftp.SftpDelivery} is the delivery, {@link io.outfeed.sftp.SftpProbe} reads a
 * server's host keys before it is trusted.
 */
@NullMarked
package io.outfeed.sftp;

import org.jspecify.annotations.NullMarked;
