/** The contract of deliveries, at each kind of server. */
@NullMarked
package io.outfeed.ftp.contract;

import org.jspecify.annotations.NullMarked;
