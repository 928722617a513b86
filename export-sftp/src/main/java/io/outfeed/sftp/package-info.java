/**
 * Delivery by SFTP.
 */
@NullMarked
package io.outfeed.sftp;

import org.jspecify.annotations.NullMarked;
