/** The contract of deliveries, at each kind of server. */
@NullMarked
package io.outfeed.sftp.contract;

import org.jspecify.annotations.NullMarked;
